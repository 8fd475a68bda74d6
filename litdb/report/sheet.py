"""What every table format shows, before any escaping: names, marks, footnotes, sources.

`lay_out` decides it once; the formats only spell it. Text in a sheet is cleaned (one line, nothing invisible).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from litdb.report.escape import clean
from litdb.values.display import column_for, with_spread
from litdb.values.table import Cell, Column, Row, Table
from litdb.vocabulary import MetricName, vocabulary

#: Signs of own models and of what nobody has reviewed. No dagger: papers put † and ‡ into the names of their models.
STAR, SECTION = "★", "§"
OWN_NOTE = "own model"
PROPOSED_NOTE = "proposed: read by litdb and not reviewed yet"
ARROWS = {"higher": "↑", "lower": "↓"}

#: Addresses that are made links: of the web, and without a character that any output format gives a meaning to.
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!&+,;=%-]+")


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell as shown: `marks` are footnote marks, `rank` 1 or 2 for the best and the second; `source` in words."""

    text: str
    marks: tuple[str, ...] = ()
    rank: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as shown; `name` includes the checkpoint where needed and '(reproduced)'."""

    name: str
    marks: tuple[str, ...]
    own: bool
    year: str
    origin: str
    source: str
    url: str
    cells: tuple[SheetCell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A laid-out table; `footnotes` are (mark, text) in the order of their first use, signs before numbers."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[SheetRow, ...]
    footnotes: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    with_year: bool
    with_source: bool


@dataclass(slots=True)
class _Footnotes:
    """Numbers texts in the order of their first use; the same text has the same mark."""

    numbers: dict[str, str] = field(default_factory=dict)

    def marks(self, texts: Iterable[str]) -> tuple[str, ...]:
        wanted = [text for text in map(clean, texts) if text]
        for text in wanted:
            self.numbers.setdefault(text, str(len(self.numbers) + 1))
        return tuple(sorted({self.numbers[text] for text in wanted}, key=int))


def lay_out(table: Table, *, with_source: bool) -> Sheet:
    """The sheet of a table.

    Without source columns a row that is not by its model's authors gets a footnote that says where it is from.
    """
    footnotes = _Footnotes()
    several = Counter(row.model for row in table.rows if not row.reproduced)
    rows = tuple(
        _row(row, table.columns, footnotes, with_source, several[row.model] > 1) for row in table.rows
    )
    signs = []
    if any(row.own for row in table.rows):
        signs.append((STAR, OWN_NOTE))
    if any(SECTION in marks for row in rows for marks in (row.marks, *(cell.marks for cell in row.cells))):
        signs.append((SECTION, PROPOSED_NOTE))
    return Sheet(
        clean(table.title) or clean(table.dataset),
        table.columns,
        rows,
        (*signs, *((mark, text) for text, mark in footnotes.numbers.items())),
        tuple(text for text in map(clean, table.notes) if text),
        any(row.year is not None for row in table.rows),
        with_source,
    )


def heading(column: Column) -> str:
    """The title of a column with the arrow of its better direction."""
    return f"{clean(column.title)} {ARROWS[column.direction]}"


def heading_of(metric: str) -> str:
    """The heading that a column of that metric has in a table: `Params (M) ↓`; its name where the vocabulary lacks it."""
    name = MetricName.parse(metric)
    if vocabulary().metric(name.quantity) is None:
        return metric
    return heading(column_for(name, vocabulary()))


def display_name(row: Row, *, several: bool) -> str:
    """The name of a row: with its checkpoint where the model has several rows, and '(reproduced)'."""
    name = clean(row.name) or clean(row.model)
    if several and row.checkpoint:
        name = f"{name} ({clean(row.checkpoint)})"
    return f"{name} (reproduced)" if row.reproduced else name


def _row(
    row: Row, columns: tuple[Column, ...], footnotes: _Footnotes, with_source: bool, several: bool
) -> SheetRow:
    notes = row.notes
    if not with_source and row.origin.second_hand:
        notes = (f"{row.origin.second_hand}: {row.source}", *notes)
    accepted = any(cell.provenance is not None and cell.provenance.status == "accepted" for cell in row.cells)
    signs = (STAR,) * row.own + (SECTION,) * row.proposed
    return SheetRow(
        name=display_name(row, several=several),
        marks=signs + footnotes.marks(notes),
        own=row.own,
        year="" if row.year is None else str(row.year),
        origin=row.origin,
        source=clean(row.source),
        url=row.url if _URL.fullmatch(row.url) else "",
        cells=tuple(
            _cell(cell, column, footnotes, accepted or not row.proposed)
            for cell, column in zip(row.cells, columns, strict=True)
        ),
    )


def _cell(cell: Cell, column: Column, footnotes: _Footnotes, mark_proposed: bool) -> SheetCell:
    marks = footnotes.marks(cell.notes)
    if cell.refused:
        return SheetCell("-", marks)
    text = clean(cell.text) or "-"
    if cell.uncertainty is not None and cell.value is not None and "±" not in text:
        text = with_spread(text, cell.uncertainty, column)
    where = cell.provenance
    if where is None:
        return SheetCell(text, marks, cell.rank)
    if where.status == "proposed" and mark_proposed:
        marks = (SECTION, *marks)
    return SheetCell(text, marks, cell.rank, clean(f"{where.source} ({where.origin})"))
