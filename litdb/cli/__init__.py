"""The command line. A command parses its words, calls one public function, and prints."""

import gc

# Imports make objects that stay: looking through them again and again is a fifth of the time of a plain query.
gc.set_threshold(100_000, 20, 20)

from litdb.cli._root import main  # noqa: E402

__all__ = ["main"]
