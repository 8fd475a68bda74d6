"""Reading again, and going through what waits for review."""

from __future__ import annotations

from litdb.verbs.opened import Opened


class ReadingVerbs(Opened):
    """Reading again, and going through what waits for review."""
