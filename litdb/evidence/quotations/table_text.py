"""A printed table as quotations are looked for in it: its numbers, each with the words of its row and column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from litdb.evidence.quotations.words import Words, words

_DASHES = " -–—_/"
_NUMBER = re.compile(
    r"""^[<>~≈∼≤≥]?\s?(?P<value>[+\-−–]?(?:[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|\d+\.?\d*|\.\d+))
    \s*(?:%|[kKMGBTx×s]|ms|fps|FPS|GB|MB|dB)?\s*[*†‡⋆]*\s*(?:[±(].*)?$""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a table: its place, its value as printed (`1.2M` is 1.2: units often stand in heads) and last step."""

    row: int
    column: int
    value: float
    step: float

    @property
    def whole(self) -> bool:
        """Whether it was printed without decimals."""
        return self.step >= 1


def figure(text: str, row: int = 0, column: int = 0) -> Figure | None:
    """The number that a cell is, with whatever follows it (a unit, a spread, a difference in brackets) left out."""
    found = _NUMBER.match(text.strip())
    if found is None:
        return None
    digits = found["value"].replace(",", "").replace("−", "-").replace("–", "-")
    decimals = len(digits.partition(".")[2])
    return Figure(row, column, float(digits), 10.0**-decimals)


@dataclass(frozen=True)
class TableText:
    """A table as rows of cell texts, spans laid out. Heads are the rows above the first one with decimal numbers."""

    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Its numbers below the heads."""
        found = (
            figure(text, r, c)
            for r, row in enumerate(self.rows)
            if r >= self.first
            for c, text in enumerate(row)
        )
        return tuple(one for one in found if one is not None)

    @cached_property
    def first(self) -> int:
        """The first row that is no head. A row that shares its first cell with the head above belongs to it."""
        for wants_decimals in (True, False):
            for r, row in enumerate(self.rows):
                said = [text for text in row[1:] if text.strip(_DASHES)]
                read = [one for one in map(figure, said) if one is not None]
                enough = read if not wants_decimals else [one for one in read if not one.whole]
                spanned = r == 1 and row[0].strip(_DASHES) and row[0] == self.rows[0][0]
                if enough and 3 * len(read) >= len(said) and not spanned:
                    return r
        return len(self.rows)

    @cached_property
    def name_column(self) -> int:
        """The column that names the rows: the first with the most different words."""
        body = self.rows[self.first :]
        best, most = 0, -1.0
        for c in range(len(self.rows[0]) if self.rows else 0):
            texts = [row[c] for row in body if figure(row[c]) is None and any(map(str.isalpha, row[c]))]
            found = len(set(texts))
            if found > most + 0.25 * len(self.rows):
                best, most = c, found
        return best

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What names each row."""
        return tuple(row[self.name_column] if row else "" for row in self.rows)

    @cached_property
    def names(self) -> tuple[Words, ...]:
        """The words of each label."""
        return tuple(map(words, self.labels))

    @cached_property
    def settings(self) -> tuple[Words, ...]:
        """The other words of each row: its cells without numbers, and the line that heads its part of the table."""
        found: list[Words] = []
        section: Words = ()
        for row in self.rows:
            texts = {text for text in row if text.strip(_DASHES)}
            if len(texts) == 1 and len(row) > 1 and figure(next(iter(texts))) is None:
                section = words(next(iter(texts)))
            others = (
                word
                for c, text in enumerate(row)
                if c != self.name_column and figure(text) is None
                for word in words(text)
            )
            found.append((*others, *section))
        return tuple(found)

    @cached_property
    def heads(self) -> tuple[tuple[str, ...], ...]:
        """The texts above each column, outermost first; lines that head the whole table are left out."""
        above = [row for row in self.rows[: self.first] if len({text for text in row if text}) > 1]
        width = len(self.rows[0]) if self.rows else 0
        return tuple(tuple(dict.fromkeys(row[c] for row in above if row[c])) for c in range(width))

    @cached_property
    def column_words(self) -> tuple[tuple[Words, Words], ...]:
        """For each column the words of its last head, and of all of them."""
        return tuple(
            (words(texts[-1]) if texts else (), tuple(word for text in texts for word in words(text)))
            for texts in self.heads
        )

    @property
    def turned(self) -> TableText:
        """The same table with its rows as columns."""
        return TableText(tuple(zip(*self.rows, strict=True)), self.caption)


def table_text(rows: Sequence[Sequence[str]], caption: str = "") -> TableText:
    """A table of rows that may differ in length."""
    width = max((len(row) for row in rows), default=0)
    return TableText(tuple((*row, *[""] * (width - len(row))) for row in rows), caption)
