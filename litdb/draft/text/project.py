"""A draft as the rules see it: sentences, tables and bibliography, each with the line of the source it stands on."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum

from litdb.draft.finding import DraftPlace
from litdb.extract.types import CellReading, Grid, TableKind


class DraftPart(StrEnum):
    """What a sentence belongs to."""

    TITLE = "title"
    ABSTRACT = "abstract"
    TEXT = "text"
    CAPTION = "caption"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class DraftCitation:
    """A key in a `\\cite`, where it stands in the source, and before which character of its sentence (0 in a table)."""

    key: str
    place: DraftPlace
    at: int = 0


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence as plain text; a citation leaves nothing in it, a reference to a label a `?`.

    `spots` are (character, file, line) where the text goes on at another line of the source, in order; `section` is the
    heading it stands under with those above it; `refs` are (character, label).
    """

    text: str
    part: DraftPart
    section: str
    spots: tuple[tuple[int, str, int], ...]
    citations: tuple[DraftCitation, ...] = ()
    refs: tuple[tuple[int, str], ...] = ()

    def place(self, at: int = 0, words: str = "") -> DraftPlace:
        """Where in the source the character `at` stands."""
        index = max(0, bisect_right([spot[0] for spot in self.spots], at) - 1)
        _, file, line = self.spots[index]
        return DraftPlace(file, line, words or self.text[:80])


@dataclass(frozen=True, slots=True)
class DraftCell:
    """A cell of a table with its marks; `numbers` are what the table reader reads in it."""

    row: int
    column: int
    text: str
    place: DraftPlace
    bold: bool = False
    underlined: bool = False
    cites: tuple[str, ...] = ()
    numbers: tuple[CellReading, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One model in one table: its label as printed, the name that the reader makes of it, and the cells with numbers.

    `index` is the row of the grid (its column in a table that is turned); `own` says that the label calls it the authors';
    `marks` are the footnote marks of the label.
    """

    index: int
    label: str
    system: str
    kind: str
    own: bool
    cites: tuple[str, ...]
    place: DraftPlace
    cells: tuple[DraftCell, ...]
    marks: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[CellReading, ...]:
        """All numbers of the row."""
        return tuple(number for cell in self.cells for number in cell.numbers)


@dataclass(frozen=True, slots=True)
class DraftTable:
    """A table of the draft; `headings` are the words over each column, `turned` says that its models are columns.

    `breaks` are the rows of the grid over which a line is drawn, `titles` its rows that are one cell: words over a group.
    """

    grid: Grid
    kind: TableKind
    place: DraftPlace
    headings: tuple[str, ...]
    rows: tuple[DraftRow, ...]
    turned: bool = False
    breaks: frozenset[int] = frozenset()
    titles: tuple[DraftPlace, ...] = ()

    @property
    def name(self) -> str:
        """What it is called: `table 1`."""
        return f"table {self.grid.number or self.grid.ordinal}"


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """An entry of the bibliography. `authors` are family names as far as they are known; `text` is all of a `\\bibitem`."""

    key: str
    place: DraftPlace
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    arxiv_id: str = ""
    doi: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class DraftComment:
    """A comment `% litdb: VERB SUBJECT -- REASON`: `ignore` rules, `leave out` a model, state the `range` of a table.

    `lines` are those of its file that an `ignore` is for.
    """

    verb: str
    subject: str
    reason: str
    place: DraftPlace
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftProject:
    """A draft. Files are named relative to the folder of `main`; `remarks` say what of it could not be read."""

    main: str
    sentences: tuple[DraftSentence, ...] = ()
    tables: tuple[DraftTable, ...] = ()
    entries: tuple[DraftEntry, ...] = ()
    citations: tuple[DraftCitation, ...] = ()
    comments: tuple[DraftComment, ...] = ()
    remarks: tuple[str, ...] = ()
    has_bibliography: bool = field(default=False)

    def table_of(self, label: str) -> DraftTable | None:
        """The table that a `\\ref` means."""
        return next((table for table in self.tables if label in table.grid.label.split()), None)
