"""The points of a plot: which rows of a table it shows, how each is marked, and which of them no other beats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from litdb.errors import UsageError
from litdb.report.data import csv_text
from litdb.report.escape import clean, csv_cell
from litdb.report.sheet import display_name
from litdb.values.display import exact
from litdb.values.origin import Kind, Origin
from litdb.values.table import Cell, Column, Row, Table

#: How points are marked, in the order of the legend; an own measurement of an own model is `own`.
MARKS: tuple[str, ...] = ("own", *(origin for origin in Origin if origin is not Origin.MEASURED), "proposed")


@dataclass(frozen=True, slots=True)
class Point:
    """One model in the plane of two metrics; `x` and `y` are normalised values.

    `mark` says how it is drawn. `ranked` points may be on the Pareto front: accepted, no claim, no reference, no bound.
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


@dataclass(frozen=True, slots=True)
class Points:
    """What a plot shows, and notes for below it."""

    points: tuple[Point, ...]
    notes: tuple[str, ...] = ()


def points_from(table: Table, x: Column, y: Column, *, claims: bool = False) -> Points:
    """The rows of a table that have both values.

    Refused values are left out and named in a note; claims are left out unless asked. Raises UsageError when the
    table has no such column.
    """
    x_index, y_index = _index(table, x), _index(table, y)
    several = Counter(row.model for row in table.rows if not row.reproduced)
    points = []
    refused: dict[str, list[str]] = {}
    for row in table.rows:
        pair = row.cells[x_index], row.cells[y_index]
        name = display_name(row, several=several[row.model] > 1)
        for cell in pair:
            if cell.refused:
                reason = "; ".join(map(clean, cell.notes)) or "not comparable"
                refused.setdefault(reason, []).append(name)
        point = _point(row, name, *pair)
        if point is not None and (claims or point.mark != "claim"):
            points.append(point)
    left_out = [
        f"Left out ({reason}): {', '.join(dict.fromkeys(names))}" for reason, names in refused.items()
    ]
    return Points(
        tuple(points),
        (*filter(None, map(clean, table.notes)), *left_out, *_corrected(table, points, (x_index, y_index))),
    )


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


def dominates(first: Point, second: Point, x: Column, y: Column) -> bool:
    """Whether `first` is at least as good in both metrics and better in one."""
    gains = [
        (first.x - second.x) * (1 if x.direction == "higher" else -1),
        (first.y - second.y) * (1 if y.direction == "higher" else -1),
    ]
    return min(gains) >= 0 and max(gains) > 0


def pareto_front(points: Iterable[Point], x: Column, y: Column) -> tuple[Point, ...]:
    """The ranked points that no ranked point dominates, by x; equal points are all on the front."""
    ranked = [point for point in points if point.ranked]
    front = [point for point in ranked if not any(dominates(other, point, x, y) for other in ranked)]
    return tuple(sorted(front, key=lambda point: (point.x, point.y, point.name)))


def points_csv(points: Sequence[Point], x: Column, y: Column) -> str:
    """The plotted data as CSV: normalised values, how each point is marked, whether it is on the Pareto front."""
    front = set(pareto_front(points, x, y))
    header = ["model", "name", x.metric, y.metric, "mark", "pareto"]
    header += [f"{x.metric} source", f"{y.metric} source", f"{x.metric} entry", f"{y.metric} entry", "notes"]
    lines = [[csv_cell(name) for name in header]]
    for point in points:
        texts = [
            point.mark,
            "yes" if point in front else "no",
            point.x_source,
            point.y_source,
            point.x_entry,
            point.y_entry,
        ]
        lines.append([
            csv_cell(point.model), csv_cell(point.name), exact(point.x), exact(point.y),
            *map(csv_cell, texts), csv_cell("; ".join(point.notes)),
        ])  # fmt: skip
    return csv_text(lines)


def _index(table: Table, wanted: Column) -> int:
    for index, column in enumerate(table.columns):
        if column.metric == wanted.metric:
            return index
    raise UsageError(f"the table has no column {wanted.metric}; ask for it as one of its metrics")


def _point(row: Row, name: str, x: Cell, y: Cell) -> Point | None:
    if x.value is None or y.value is None or x.refused or y.refused:
        return None
    mark = _mark(row, x, y)
    return Point(
        row.model,
        name,
        x.value,
        y.value,
        mark,
        row.kind != Kind.REFERENCE and mark not in ("claim", "proposed") and not (x.bound or y.bound),
        _source(row, x),
        _source(row, y),
        _entry(x),
        _entry(y),
        tuple(dict.fromkeys((*row.notes, *x.notes, *y.notes))),
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
