"""Lines of the files of a draft."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from litdb.draft.finding import DraftPlace


class Lines:
    """Finds the line, from 1, of a character of a file."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self._ends: dict[str, list[int]] = {}

    def line(self, file: str, offset: int) -> int:
        """The line on which a character stands; 1 in a file that is not known."""
        if file not in self._ends:
            text = self._files.get(file, "")
            self._ends[file] = [at for at, char in enumerate(text) if char == "\n"]
        return bisect_right(self._ends[file], offset - 1) + 1

    def place(self, file: str, offset: int, words: str = "") -> DraftPlace:
        """The place of a character."""
        return DraftPlace(file, self.line(file, offset), words)
