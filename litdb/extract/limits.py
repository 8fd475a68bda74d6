"""Bounds on what a reader does with hostile input: time, steps, depth, size."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from litdb.errors import TooLarge

MAX_SOURCE = 20_000_000  #: characters of one document
MAX_EXPANSIONS = 200_000  #: macro calls in one LaTeX document
MAX_TOKENS = 1_500_000  #: tokens after expansion
MAX_BODY = 100_000  #: tokens of one macro call with its arguments put in
MAX_DEPTH = 60  #: nesting of files, groups and elements that is followed
MAX_TEXT = 20_000  #: tokens of one cell, caption or note; the rest is left out
MAX_INLINE = 4_000  #: characters of one cell, line or note of Markdown; the rest is left out
MAX_TEXT_DEPTH = 25  #: nesting of groups inside one of these
MAX_CELLS = 60_000  #: cells of one table
MAX_SPAN = 200  #: rows or columns that one cell may cover
MAX_COMPARED = 200  #: rows of a table that are compared with one another as an ablation
MAX_TABLES = 2_000  #: tables of one document
MAX_PDF_BYTES = 60_000_000  #: bytes of one PDF
MAX_PDF_STREAM = 128_000_000  #: bytes that one packed part of a PDF unpacks to; an image of a page at 600 dpi has 100 million
MAX_PAGES = 400  #: pages of one PDF
MAX_GLYPHS = 60_000  #: characters of one page
MAX_PATHS = 20_000  #: drawn objects of one page that are looked at
SECONDS = 20.0  #: reading time of one document


@dataclass(slots=True)
class Deadline:
    """A point in time after which work stops; checked by the loops themselves, so no signals are needed."""

    seconds: float = SECONDS
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = time.monotonic() + self.seconds

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self._end

    def check(self) -> None:
        """Raise TooLarge when the time is up."""
        if self.is_over:
            raise TooLarge(f"reading took longer than {self.seconds:g} s; the document is not read")


def check_size(text: str, name: str) -> None:
    """Raise TooLarge for a source that is longer than any paper."""
    if len(text) > MAX_SOURCE:
        raise TooLarge(f"{name}: {len(text)} characters, the limit is {MAX_SOURCE}")
