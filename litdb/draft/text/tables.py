"""The tables of a draft: what the table reader reads of them, with the line and the marks of every cell."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from litdb.draft.text.lines import Lines
from litdb.draft.text.project import DraftCell, DraftRow, DraftTable
from litdb.extract.latex.tokens import Token
from litdb.extract.types import CellReading, Extraction, Grid, Span, TableCell, TableReadings

_UNDERLINES = frozenset(("underline", "uline", "ul", "underbar", "uuline", "dashuline"))


_LINES = frozenset(
    (
        "hline", "midrule", "toprule", "cmidrule", "cline", "specialrule", "hdashline", "cdashline", "Xhline", "hhline",
        "thickhline", "Hline", "middlehline", "addlinespace", "tabucline", "morecmidrules",
    )
)  # fmt: skip


class DrawnMarks:
    """Finds whether a piece of source is underlined or a line is drawn in it, by the expanded tokens: authors' macros count."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._underlines: dict[str, list[int]] = defaultdict(list)
        self._lines: dict[str, list[int]] = defaultdict(list)
        for token in tokens:
            if token.kind == "cs" and token.text in _UNDERLINES:
                self._underlines[token.file].append(token.start)
            elif token.kind == "cs" and token.text in _LINES:
                self._lines[token.file].append(token.start)
        for places in (*self._underlines.values(), *self._lines.values()):
            places.sort()

    def underlined(self, span: Span) -> bool:
        """Whether a command that underlines stands in it."""
        return _within(self._underlines.get(span.file, []), span.start, span.end)

    def breaks(self, grid: Grid) -> frozenset[int]:
        """The rows of a table over which a line is drawn."""
        found, before = set(), Span("", 0, 0)
        for index, row in enumerate(grid.rows):
            spans = [c.span for c in row if c.span.end > c.span.start and c.span.start >= before.end]
            spans = [span for span in spans if not before.file or span.file == before.file]
            if not spans:
                continue
            start = min(span.start for span in spans)
            if before.file and _within(self._lines.get(before.file, []), before.end, start):
                found.add(index)
            before = Span(spans[0].file, start, max(span.end for span in spans))
        return frozenset(found)


def _within(places: Sequence[int], start: int, end: int) -> bool:
    found = bisect_left(places, start)
    return found < len(places) and places[found] < end


def tables(extraction: Extraction, lines: Lines, drawn: DrawnMarks) -> tuple[DraftTable, ...]:
    """The tables in their order, those without a score too."""
    return tuple(_table(read, lines, drawn) for read in extraction.tables)


def _table(read: TableReadings, lines: Lines, drawn: DrawnMarks) -> DraftTable:
    grid = read.grid
    turned = _turned(read.readings)
    numbers: dict[tuple[int, int], list[CellReading]] = defaultdict(list)
    rows: dict[tuple[int, str], list[CellReading]] = defaultdict(list)
    for reading in read.readings:
        numbers[reading.row, reading.column].append(reading)
        rows[reading.column if turned else reading.row, _without_condition(reading.model)].append(reading)

    def cell(row: int, column: int, of: Sequence[CellReading]) -> DraftCell:
        held = grid.rows[row][column]
        return DraftCell(
            row, column, held.text, lines.place(held.span.file, held.span.start, held.text), held.bold,
            drawn.underlined(held.span), held.cites, tuple(of),
        )  # fmt: skip

    def line(index: int, readings: Sequence[CellReading]) -> DraftRow:
        first = readings[0]
        label = _label(grid, index, first, turned)
        places: dict[tuple[int, int], list[CellReading]] = defaultdict(list)
        for reading in readings:
            places[reading.row, reading.column].append(reading)
        cells = tuple(cell(row, column, of) for (row, column), of in places.items())
        cites = tuple(dict.fromkeys(key for reading in readings for key in reading.cites))
        text = label.text if label is not None else first.model
        place = lines.place(label.span.file, label.span.start, text) if label is not None else cells[0].place
        marks = label.marks if label is not None else ()
        name = first.system or first.model
        return DraftRow(index, text, name, first.kind, first.own, cites, place, cells, marks)

    return DraftTable(
        grid,
        read.kind,
        lines.place(grid.span.file, grid.span.start, grid.caption[:80]),
        _headings(grid, min((r.row for r in read.readings), default=len(grid.rows))),
        tuple(line(index, readings) for (index, _), readings in rows.items()),
        turned,
        drawn.breaks(grid),
        tuple(lines.place(held.span.file, held.span.start, held.text) for held in _titles(grid)),
    )


def _titles(grid: Grid) -> list[TableCell]:
    """The cells that are a whole row."""
    return [row[0] for row in grid.rows if len(row) > 1 and len({cell.span for cell in row}) == 1]


def _without_condition(model: str) -> str:
    return model.partition(" [")[0]


def _turned(readings: Sequence[CellReading]) -> bool:
    """Whether models are columns: then a row holds several and a column one."""
    by_row: dict[int, set[str]] = defaultdict(set)
    by_column: dict[int, set[str]] = defaultdict(set)
    for reading in readings:
        by_row[reading.row].add(_without_condition(reading.model))
        by_column[reading.column].add(_without_condition(reading.model))
    if not by_row:
        return False
    return sum(len(some) for some in by_row.values()) / len(by_row) > sum(
        len(some) for some in by_column.values()
    ) / len(by_column)


def _label(grid: Grid, index: int, reading: CellReading, turned: bool) -> TableCell | None:
    """The cell that names the model of a row: the one whose words its name begins with, else the first with a word."""
    line = [row[index] for row in grid.rows] if turned else list(grid.rows[index])
    wanted = _letters(_without_condition(reading.model))
    worded = [cell for cell in line[:4] if any(char.isalpha() for char in cell.text)]
    for held in worded:
        if wanted and (_letters(held.text).startswith(wanted) or wanted.startswith(_letters(held.text))):
            return held
    return worded[0] if worded else None


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _headings(grid: Grid, first: int) -> tuple[str, ...]:
    """The words over each column, those of spanning cells with those under them."""
    width = len(grid.rows[0]) if grid.rows else 0
    return tuple(
        " ".join(dict.fromkeys(text for row in grid.rows[:first] if (text := row[column].text)))
        for column in range(width)
    )
