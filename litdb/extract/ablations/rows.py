"""The rows of a table as ablations see them: label, components by ticks, settings by columns, values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from litdb.extract.meaning import words
from litdb.extract.meaning.heads import cells, columns
from litdb.extract.meaning.heads.segment import ReadColumn, Segment
from litdb.extract.meaning.labelled.labels import clean, plain_name
from litdb.extract.types import CellReading, RowKind, TableCell, TableReadings
from litdb.values.names import bare_name

#: Where a value stands in its row: metric, test set, column, number in the cell.
Place = tuple[str, str, int, int]

_PRESENT = re.compile(r"[✓✔√●]|yes|y|w/|with|\+|true|on", re.I)
_ABSENT = re.compile(r"[✗✘×xX○◯–—−-]?|no|n|w/o|without|false|off", re.I)
_NO_SETTING = re.compile(
    r"\blatency\b|\blook[- ]?ahead\b|\bwindow\b|\byear\b|\bvenue\b|\bref|\blinks?\b|\burl\b|\bnotes?\b|\bremarks?\b|"
    r"\btime\b|\bspeed\b|\bsize\b|\bcode\b|\bdate\b|\bgpu|\bepochs?\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A data row. `label` is its name, `printed` the whole text of its label; `ticks` says of each component whether the
    row has it; `settings` are the texts of the columns that describe it."""

    index: int
    label: str
    printed: str
    section: str
    kind: RowKind
    own: bool
    cited: bool
    system: str
    ticks: Mapping[str, bool] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[Place, float] = field(default_factory=dict)

    @property
    def by_metric(self) -> dict[tuple[str, str], float]:
        """The values by metric and test set; where a row has several, the first."""
        found: dict[tuple[str, str], float] = {}
        for (metric, dataset, _, _), value in self.values.items():
            found.setdefault((metric, dataset), value)
        return found


def lines_of(table: TableReadings) -> list[Line]:
    """The data rows of a table in order; none when its rows are metrics and its columns models."""
    by_row: dict[int, list[CellReading]] = {}
    for reading in table.readings:
        by_row.setdefault(reading.row, []).append(reading)
    if any(len({r.system for r in readings}) > 1 for readings in by_row.values()):
        return []
    found: list[Line] = []
    for segment in columns.segments(table.grid.rows):
        data = [index for index in range(segment.first, segment.last) if index in by_row]
        scored = [index for index in data if by_row[index][0].kind != "reference"]
        ticked = _ticked(segment, table.grid.rows, scored)
        model = next((c for c in segment.columns if c.role == "model"), None)
        settings = _settings(segment, table.grid.rows, scored, model, {ticks.column for ticks in ticked})
        section, above = "", ""
        for index in range(segment.first, segment.last):
            row = table.grid.rows[index]
            if index not in by_row:
                texts = {cell.text for cell in row if cell.text}
                section = next(iter(texts)) if len(texts) == 1 else section
                continue
            first = by_row[index][0]
            label = row[model.index].text.strip() if model is not None else ""
            label = above = label or above
            found.append(
                Line(
                    index,
                    plain_name(clean(label)),
                    label,
                    section,
                    first.kind,
                    first.own,
                    bool(first.cites),
                    first.system,
                    {name: has for ticks in ticked for name, has in ticks.of(row).items()},
                    {c.header.strip(): _bare(row[c.index].text) for c in settings},
                    {(r.metric, r.dataset, r.column, r.slot): r.value for r in by_row[index]},
                )
            )
    return found


@dataclass(frozen=True, slots=True)
class _Ticked:
    """A column that ticks off components; `present` are the marks that mean a row has one."""

    column: int
    names: tuple[str, ...]
    present: frozenset[str]

    def of(self, row: Sequence[TableCell]) -> dict[str, bool]:
        """Which of its components a row has."""
        return dict(
            zip(
                self.names, (mark in self.present for mark in self.marks(row[self.column].text)), strict=False
            )
        )

    def marks(self, text: str) -> list[str]:
        """The marks of a cell, one for each component."""
        return [part.strip().lower() for part in (text.split("/") if len(self.names) > 1 else [text])]


def _ticked(segment: Segment, rows: Sequence[Sequence[TableCell]], data: Sequence[int]) -> list[_Ticked]:
    """The columns that tick off components; 'A / B' over '✓/✗' has two."""
    found: list[_Ticked] = []
    for column in segment.columns:
        header = re.sub(r"\s+", " ", column.header).strip(" ?:")
        if column.role in ("model", "causal", "year", "dataset", "condition") or not header:
            continue
        texts = [rows[index][column.index].text.strip() for index in data]
        names = tuple(part.strip() for part in header.split("/"))
        if len(names) == 1 or any(len(text.split("/")) != len(names) for text in texts):
            names = (header,)
        ticks = _Ticked(column.index, names, frozenset())
        marks = {mark for text in texts for mark in ticks.marks(text)}
        present = {mark for mark in marks if _PRESENT.fullmatch(mark)}
        if not present:
            # Where other cells are empty, a cross or a ring is the tick.
            present = {"x", "○"} & marks if marks & {"", "-", "–", "×"} else set()
        if present and marks - present and all(_ABSENT.fullmatch(mark) for mark in marks - present):
            found.append(_Ticked(column.index, names, frozenset(present)))
    return found


def _settings(
    segment: Segment,
    rows: Sequence[Sequence[TableCell]],
    data: Sequence[int],
    model: ReadColumn | None,
    taken: set[int],
) -> list[ReadColumn]:
    """The columns whose text distinguishes the rows: a loss, a kernel size, a number of blocks."""
    found = []
    for column in segment.columns:
        header = column.header.strip()
        if column.metrics or column.index in taken or not header or column.excluded:
            continue
        texts = [rows[index][column.index].text.strip() for index in data]
        if len(set(texts)) < 2 or any(len(text) > 60 for text in texts):
            continue
        if column is model:
            if words.MODEL_HEADER.match(header) or re.match(r"^(?:ver|no|id|exp|#)", header, re.I):
                continue
        elif column.role not in ("attribute", "unknown") or _NO_SETTING.search(header) or _measured(texts):
            continue
        found.append(column)
    return found


def _bare(text: str) -> str:
    """The value of a setting without the mark of the paper's own choice."""
    return plain_name(clean(re.sub(r"\(\s*default\s*\)", " ", text, flags=re.I)))


def _measured(texts: Sequence[str]) -> bool:
    """Whether most texts of a column are decimal numbers: measured, not set."""
    return sum(bool(re.search(r"\d\.\d", t)) and cells.looks_numeric(t) for t in texts) * 2 > len(texts)


def repeats(line: Line, others: Sequence[TableReadings], least: int) -> bool:
    """Whether a row repeats, value for value, a row of the paper's own model in another table of the paper."""
    mine = line.by_metric
    for table in others:
        own: dict[int, dict[tuple[str, str], float]] = {}
        for reading in table.readings:
            if reading.own and reading.kind in ("system", "variant"):
                own.setdefault(reading.row, {})[(reading.metric, reading.dataset)] = reading.value
        for theirs in own.values():
            shared = mine.keys() & theirs.keys()
            if len(shared) >= least and all(mine[place] == theirs[place] for place in shared):
                return True
    return False


def same_values(one: Line, other: Line) -> bool:
    """Whether two rows agree in all that both report, in two values at least."""
    shared = one.values.keys() & other.values.keys()
    return len(shared) >= 2 and all(one.values[place] == other.values[place] for place in shared)


def names_in_tables(tables: Sequence[TableReadings]) -> frozenset[str]:
    """The names of all rows of some tables, folded."""
    return frozenset(
        bare_name(plain_name(clean(row[0].text))) for table in tables for row in table.grid.rows if row
    )
