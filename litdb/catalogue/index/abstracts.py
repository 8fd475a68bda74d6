"""The abstracts of an index, packed by blocks: they are read now and then, and are most of what there is to keep."""

from __future__ import annotations

import bz2
import sqlite3

from litdb.errors import CatalogueError

#: Abstracts in a block (bzip2: 30 percent of 106 real ones, zlib 37): reading one costs the block, about 5 ms.
_IN_BLOCK = 64
#: Blocks that are kept open while many abstracts are written, and that are kept after they were read.
_MOST_OPEN, _MOST_READ = 64, 16
_END = "\0"

TABLE = "CREATE TABLE abstract (block INTEGER PRIMARY KEY, packed BLOB NOT NULL)"


class Abstracts:
    """The abstracts by the number of their paper. What was put is written by :meth:`flush`, in the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._open: dict[int, list[str]] = {}
        self._known: dict[int, list[str]] = {}

    def get(self, number: int) -> str:
        """The abstract of a paper, '' where there is none. Raises CatalogueError for damaged bytes."""
        block, place = divmod(number, _IN_BLOCK)
        texts = self._open.get(block) or self._known.get(block)
        if texts is None:
            if len(self._known) >= _MOST_READ:
                self._known.clear()
            texts = self._known[block] = self._read(block)
        return texts[place] if place < len(texts) else ""

    def put(self, number: int, text: str) -> None:
        """Set the abstract of a paper."""
        block, place = divmod(number, _IN_BLOCK)
        if block not in self._open:
            if len(self._open) >= _MOST_OPEN:
                self.flush()
            self._open[block] = self._read(block)
        texts = self._open[block]
        texts.extend([""] * (place + 1 - len(texts)))
        texts[place] = text.replace(_END, " ")

    def flush(self) -> None:
        """Write what was put."""
        for block, texts in self._open.items():
            packed = bz2.compress(_END.join(texts).encode())
            self._connection.execute("INSERT OR REPLACE INTO abstract VALUES (?, ?)", (block, packed))
        self.forget()

    def forget(self) -> None:
        """Let go of what was put and not written: its transaction was given up."""
        self._open.clear()
        self._known.clear()

    def _read(self, block: int) -> list[str]:
        row = self._connection.execute("SELECT packed FROM abstract WHERE block = ?", (block,)).fetchone()
        try:
            return bz2.decompress(row[0]).decode().split(_END) if row else []
        except (OSError, ValueError) as error:
            raise CatalogueError("the index of the field is damaged: remove it and load it again") from error
