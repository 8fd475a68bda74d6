"""The command line. A command parses its words, calls one public function, and prints."""

from litdb.cli._root import main

__all__ = ["main"]
