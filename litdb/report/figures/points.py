"""The points of a plot: which rows of a table it shows, how each is marked, and which of them no other beats."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from litdb.errors import UsageError
from litdb.report.escape import clean
from litdb.report.sheet import display_name
from litdb.values.origin import Kind, Origin
from litdb.values.table import Cell, Column, Row, Table

#: How points are marked, in the order of the legend; an own measurement of an own model is `own`.
MARKS: tuple[str, ...] = ("own", *(origin for origin in Origin if origin is not Origin.MEASURED), "proposed")
#: The axis of time: the date of the paper that proposes a model, the day of an own checkpoint.
YEAR = Column("year", "Year", direction="lower", per_model=True, digits=0)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier version of its paper prints of a point's vertical value."""

    version: int
    value: float
    printed: str


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What a plot says of a row of a table beside its cells.

    `causal` is None where no source states it; `standing` says of an own checkpoint that it stands for its model; `family`
    is equal for sizes of one model, '' where there is no other; `interval` are the ends of what is known of the spread of an
    own value, `interval_of` says in words what it is.
    """

    causal: bool | None = None
    standing: bool = False
    date: dt.date | None = None
    family: str = ""
    earlier: tuple[Earlier, ...] = ()
    interval: tuple[float, float] | None = None
    interval_of: str = ""


NOTHING_KNOWN = RowFacts()


@dataclass(frozen=True, slots=True)
class Point:
    """One model in the plane of two metrics; `x` and `y` are normalised values.

    `mark` says where it is from. `ranked` points may be on the Pareto front: accepted, no claim, no reference, no bound.
    `x_text` and `y_text` are the values as a table shows them; `asked` says that the model was asked for by name.
    """

    model: str
    name: str
    x: float
    y: float
    mark: str = Origin.SELF
    ranked: bool = True
    x_source: str = ""
    y_source: str = ""
    x_entry: str = ""
    y_entry: str = ""
    notes: tuple[str, ...] = ()
    facts: RowFacts = NOTHING_KNOWN
    x_text: str = ""
    y_text: str = ""
    url: str = ""
    asked: bool = False

    @property
    def faint(self) -> bool:
        """Whether it is an own checkpoint that does not stand for its model."""
        return self.mark == "own" and not self.facts.standing


@dataclass(frozen=True, slots=True)
class Points:
    """What a plot shows, and notes for below it."""

    points: tuple[Point, ...]
    notes: tuple[str, ...] = ()


def points_from(
    table: Table,
    x: Column,
    y: Column,
    *,
    claims: bool = False,
    facts: Sequence[RowFacts] = (),
    asked: Iterable[str] = (),
) -> Points:
    """The rows of a table that have both values; `x` may be YEAR, which needs no column.

    `facts` are those of the rows, in their order; `asked` the keys of models asked for by name. Refused values are left out
    and named in a note; claims are left out unless asked. Raises UsageError when the table has no such column.
    """
    x_index = None if x == YEAR else _index(table, x)
    y_index = _index(table, y)
    several = Counter(row.model for row in table.rows if not row.reproduced)
    by_name = set(asked)
    points = []
    refused: dict[str, list[str]] = {}
    apart: dict[str, list[str]] = {}
    for row, known in zip(table.rows, facts or [NOTHING_KNOWN] * len(table.rows), strict=True):
        across = _date_cell(row, known) if x_index is None else row.cells[x_index]
        pair = across, row.cells[y_index]
        name = display_name(row, several=several[row.model] > 1)
        for cell in pair:
            if cell.refused:
                reason = "; ".join(map(clean, cell.notes)) or "not comparable"
                refused.setdefault(reason, []).append(name)
        point = _point(row, name, *pair, known, row.model in by_name)
        if point is not None and (claims or point.mark != "claim"):
            points.append(point)
            for note in (note for cell in pair for note in cell.notes if note.startswith("not ranked")):
                apart.setdefault(clean(note), []).append(name)
    left_out = [
        f"{what} ({reason}): {', '.join(dict.fromkeys(names))}"
        for what, found in (("Left out", refused), ("Not on the front", apart))
        for reason, names in found.items()
    ]
    indexes = [index for index in (x_index, y_index) if index is not None]
    return Points(
        tuple(points),
        (*filter(None, map(clean, table.notes)), *left_out, *_corrected(table, points, indexes)),
    )


def _date_cell(row: Row, known: RowFacts) -> Cell:
    """The day of a row as a part of its year; where the year alone is known, its middle."""
    if known.date is not None:
        first = dt.date(known.date.year, 1, 1)
        days = (dt.date(known.date.year + 1, 1, 1) - first).days if known.date.year < dt.MAXYEAR else 365
        return Cell(known.date.year + (known.date - first).days / days, text=known.date.isoformat())
    if row.year is None:
        return Cell()
    return Cell(row.year + 0.5, text=str(row.year), notes=("drawn in the middle of its year",))


def _corrected(table: Table, points: Sequence[Point], indexes: Sequence[int]) -> list[str]:
    """A note for each value that is plotted as somebody corrected it."""
    drawn = {point.model for point in points}
    return [
        f"{clean(row.name)}: {clean(said)}"
        for row in table.rows
        if row.model in drawn
        for cell in (row.cells[index] for index in indexes)
        if cell.provenance is not None
        for said in cell.provenance.corrections
    ]


def heights(points: Iterable[Point]) -> list[float]:
    """What the vertical axis has to hold: the values and the ends of their intervals."""
    return [value for point in points for value in (point.y, *(point.facts.interval or ()))]


def dominates(first: Point, second: Point, x: Column, y: Column) -> bool:
    """Whether `first` is at least as good in both metrics and better in one."""
    gains = [
        (first.x - second.x) * (1 if x.direction == "higher" else -1),
        (first.y - second.y) * (1 if y.direction == "higher" else -1),
    ]
    return min(gains) >= 0 and max(gains) > 0


def pareto_front(points: Iterable[Point], x: Column, y: Column) -> tuple[Point, ...]:
    """The ranked points that no ranked point dominates, by x; equal points are all on the front."""
    across = -1 if x.direction == "higher" else 1
    up = -1 if y.direction == "higher" else 1

    def best_first(point: Point) -> tuple[float, float]:
        return across * point.x, up * point.y

    front: list[Point] = []
    reached: float | None = None
    ranked = sorted((point for point in points if point.ranked), key=best_first)
    for _, same_x in groupby(ranked, key=lambda point: point.x):
        some = list(same_x)
        best = up * some[0].y
        if reached is None or best < reached:
            front += [point for point in some if point.y == some[0].y]
            reached = best
    return tuple(sorted(front, key=lambda point: (point.x, point.y, point.name)))


def _index(table: Table, wanted: Column) -> int:
    for index, column in enumerate(table.columns):
        if column.metric == wanted.metric:
            return index
    raise UsageError(f"the table has no column {wanted.metric}; ask for it as one of its metrics")


def _point(row: Row, name: str, x: Cell, y: Cell, facts: RowFacts, asked: bool) -> Point | None:
    if x.value is None or y.value is None or x.refused or y.refused:
        return None
    mark = _mark(row, x, y)
    told = all(cell.comparable for cell in (x, y) if cell.provenance is not None)
    return Point(
        row.model,
        name,
        x.value,
        y.value,
        mark,
        row.kind != Kind.REFERENCE
        and mark not in ("claim", "proposed")
        and not (x.bound or y.bound)
        and told,
        _source(row, x),
        _source(row, y),
        _entry(x),
        _entry(y),
        tuple(dict.fromkeys((*row.notes, *x.notes, *y.notes))),
        facts,
        x.text,
        y.text,
        row.url,
        asked,
    )


def _mark(row: Row, x: Cell, y: Cell) -> str:
    found = [cell.provenance for cell in (x, y) if cell.provenance is not None]
    if row.proposed or any(where.status == "proposed" for where in found):
        return "proposed"
    weakest = max((row.origin, *(where.origin for where in found)), key=lambda origin: origin.tier)
    if weakest is Origin.CLAIM:
        return "claim"
    if row.own:
        return "own"
    if row.reproduced:
        return "reproduced"
    return Origin.SELF if weakest is Origin.MEASURED else weakest


def _entry(cell: Cell) -> str:
    return cell.provenance.entry if cell.provenance is not None else ""


def _source(row: Row, cell: Cell) -> str:
    return cell.provenance.source if cell.provenance is not None else row.source
