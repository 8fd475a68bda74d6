"""What every table format shows, before any escaping: names, marks, footnotes, sources.

`lay_out` decides it once; the formats only spell it. Text in a sheet is cleaned (one line, nothing invisible).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import NamedTuple

from litdb.report.escape import clean
from litdb.report.paper.style import Voice
from litdb.values.display import column_for, with_spread
from litdb.values.note import Note, brief, cites
from litdb.values.table import Cell, Column, Row, Table
from litdb.vocabulary import MetricName, vocabulary

#: Signs of own models and of what nobody has reviewed. No dagger: papers put † and ‡ into the names of their models.
STAR, SECTION = "★", "§"
OWN_NOTE = "own model"
PROPOSED_NOTE = "proposed: read by litdb and not reviewed yet"
ARROWS = {"higher": "↑", "lower": "↓"}

#: A bracket at the end of a name that is too long for the first column of a paper's table.
_LONG_BRACKET = re.compile(r"(?P<name>.*\S) \((?P<inside>[^()]{21,})\)")
#: Addresses that are made links: of the web, and without a character that any output format gives a meaning to.
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!&+,;=%-]+")


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell as shown: `marks` are footnote marks, `rank` 1 or 2 for the best and the second; `source` in words."""

    text: str
    marks: tuple[str, ...] = ()
    rank: int | None = None
    source: str = ""


class Footnote(NamedTuple):
    """A footnote as shown; `cites` is the key of the paper that its text ends by naming, '' for none."""

    mark: str
    text: str
    cites: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as shown; `name` includes the checkpoint where needed and '(reproduced)'.

    `cites` is the key of the paper that proposes the model; `heading` the title of the group that begins with this row.
    """

    name: str
    marks: tuple[str, ...]
    own: bool
    year: str
    origin: str
    source: str
    url: str
    cells: tuple[SheetCell, ...]
    cites: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A laid-out table; `footnotes` stand in the order of their first use, signs before numbers or letters.

    `spans` are the test sets that stand side by side, each with the number of its columns ('' for those that need none).
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[SheetRow, ...]
    footnotes: tuple[Footnote, ...]
    notes: tuple[str, ...]
    with_year: bool
    with_source: bool
    spans: tuple[tuple[str, int], ...] = ()

    @property
    def wide(self) -> int:
        """How many columns there are in all."""
        return 1 + self.with_year + len(self.columns) + 2 * self.with_source


@dataclass(slots=True)
class _Footnotes:
    """Numbers or letters texts in the order of their first use; the same text with the same citation has the same mark."""

    voice: Voice
    marked: dict[tuple[str, str], str] = field(default_factory=dict)

    def marks(self, notes: Iterable[str]) -> tuple[str, ...]:
        places = {}
        for note in notes:
            said = clean(brief(note) if self.voice == "paper" else note)
            if said:
                told = (said, cites(note) if self.voice == "paper" else "")
                mark = self.marked.setdefault(told, self._mark(len(self.marked)))
                places[mark] = list(self.marked).index(told)
        return tuple(sorted(places, key=places.__getitem__))

    def _mark(self, number: int) -> str:
        if self.voice == "full":
            return str(number + 1)
        more, letter = divmod(number, 26)
        return (chr(ord("a") + more - 1) if more else "") + chr(ord("a") + letter)


def lay_out(table: Table, *, with_source: bool, voice: Voice = "full", year: bool | None = None) -> Sheet:
    """The sheet of a table, its footnotes in one of two voices.

    Without source columns a row that is not by its model's authors gets a footnote that says where it is from. A Year column
    is left out where it is not wanted, and in a paper unless it is.
    """
    footnotes = _Footnotes(voice)
    several = Counter(row.model for row in table.rows if not row.reproduced)
    shown = [_row(row, table.columns, footnotes, with_source, several[row.model] > 1) for row in table.rows]
    if table.groups:
        starts = {row.group: place for place, row in reversed(list(enumerate(table.rows)))}
        for group, place in starts.items():
            shown[place] = replace(shown[place], heading=clean(table.groups[group]))
    signs = []
    if any(row.own for row in table.rows):
        signs.append(Footnote(STAR, OWN_NOTE))
    if any(SECTION in marks for row in shown for marks in (row.marks, *(cell.marks for cell in row.cells))):
        signs.append(Footnote(SECTION, PROPOSED_NOTE))
    known = any(row.year is not None for row in table.rows)
    said = (brief(note) if voice == "paper" else note for note in table.notes)
    return Sheet(
        clean(table.title) or clean(table.dataset),
        table.columns,
        tuple(shown),
        (*signs, *(Footnote(mark, text, paper) for (text, paper), mark in footnotes.marked.items())),
        tuple(text for text in map(clean, said) if text),
        known and (voice == "full" if year is None else year),
        with_source,
        _spans(table.columns),
    )


def _spans(columns: Sequence[Column]) -> tuple[tuple[str, int], ...]:
    if not any(column.dataset for column in columns):
        return ()
    return tuple((clean(title), len(list(some))) for title, some in groupby(columns, lambda c: c.dataset))


def heading(column: Column) -> str:
    """The title of a column with the arrow of its better direction."""
    return f"{clean(column.title)} {ARROWS[column.direction]}"


def full_heading(column: Column) -> str:
    """The heading of a column where no other line says which test set it is of."""
    return heading(column) + (f" ({clean(column.dataset)})" if column.dataset else "")


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
    notes = [*row.notes]
    name = display_name(row, several=several)
    if footnotes.voice == "paper":
        name, told = _briefly_named(row, name)
        notes = [*told, *notes]
    if not with_source and (standing := row.second_hand) is not None:
        notes = [standing, *notes]
    accepted = any(cell.provenance is not None and cell.provenance.status == "accepted" for cell in row.cells)
    signs = (STAR,) * row.own + (SECTION,) * row.proposed
    return SheetRow(
        name=name,
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
        cites=row.paper,
    )


def _briefly_named(row: Row, name: str) -> tuple[str, list[str]]:
    """The name of a row in a paper, and what goes from it into a footnote: a long bracket, whose measurement it is.

    Where an earlier version of its paper prints another number, the name says which version this is.
    """
    told: list[str] = []
    if row.reproduced:
        elsewhere = "re-run by the authors of" if row.document else row.origin.briefly
        told.append(Note("reproduced", elsewhere, row.document))
    if (found := _LONG_BRACKET.fullmatch(name)) is not None:
        name = found["name"] + (" (re-impl.)" if found["inside"].casefold().startswith("re-impl") else "")
        told.append(found["inside"])
    if row.version is not None and any(cell.earlier for cell in row.cells):
        name = f"{name} v{row.version}"
    return name, told


def _cell(cell: Cell, column: Column, footnotes: _Footnotes, mark_proposed: bool) -> SheetCell:
    before = cell.earlier if footnotes.voice == "paper" else ()
    marks = footnotes.marks((*before, *cell.notes))
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
