"""Running `litdb model ...` in this process."""

from tests.cli.conftest import home as home
from tests.cli.conftest import litdb as litdb
