"""`python -m litdb` is the command `litdb`."""

import os
import sys

# Python looks for modules in the working folder first, where a user's model.py would hide the package `model`. The
# installed command does not look there. A checkout that is not installed is found there only, and stays.
if not sys.flags.safe_path and sys.path[:1] == [os.getcwd()]:
    checkout = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if checkout != sys.path[0]:
        del sys.path[0]

from litdb.cli import main

main()
