"""`python -m litdb` is the command `litdb`."""

from litdb.cli import main

main()
