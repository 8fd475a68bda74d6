"""What a plot shows as CSV: every point with its sources, and what the picture does not tell of it."""

from __future__ import annotations

from collections.abc import Sequence

from litdb.report.data import csv_text
from litdb.report.escape import csv_cell
from litdb.report.figures.axes import Axis
from litdb.report.figures.points import YEAR, Point, pareto_front
from litdb.values.display import exact, in_unit
from litdb.values.table import Column

_CAUSAL = {True: "yes", False: "no", None: ""}


def points_csv(
    points: Sequence[Point],
    x: Column,
    y: Column,
    axes: tuple[Axis, Axis] | None = None,
    named: Sequence[bool] | None = None,
) -> str:
    """The plotted data as CSV: normalised values, how each point is marked, whether it is on the Pareto front.

    `drawn` says of a point that lies beyond an axis whether it stands at its edge or is left out; `named` whether its name
    is in the picture; `joined` is equal for points that a thin line joins.
    """
    front = {id(point) for point in pareto_front(points, x, y)}
    header = ["model", "name", x.metric, y.metric, "mark", "pareto"]
    header += [f"{x.metric} source", f"{y.metric} source", f"{x.metric} entry", f"{y.metric} entry", "notes"]
    header += ["causal", "date", "drawn", "named", "joined", "earlier", "low", "high", "interval"]
    lines = [[csv_cell(name) for name in header]]
    for number, point in enumerate(points):
        facts = point.facts
        texts = [
            point.mark,
            "yes" if id(point) in front else "no",
            "" if x == YEAR else point.x_source,
            point.y_source,
            point.x_entry,
            point.y_entry,
            "; ".join(point.notes),
            _CAUSAL[facts.causal],
            facts.date.isoformat() if facts.date else "",
            "" if axes is None else drawn(point, *axes),
            "" if named is None else "yes" if named[number] else "no",
            facts.family,
            "; ".join(f"v{one.version}: {one.printed}" for one in facts.earlier),
        ]
        ends = [exact(end) for end in facts.interval] if facts.interval else ["", ""]
        numbers = [exact(point.x) if x != YEAR else f"{point.x:.3f}", exact(point.y)]
        lines.append([
            csv_cell(point.model), csv_cell(point.name), *numbers, *map(csv_cell, texts), *ends,
            csv_cell(facts.interval_of),
        ])  # fmt: skip
    return csv_text(lines)


def drawn(point: Point, across: Axis, up: Axis) -> str:
    """Where a point stands in the picture, in words."""
    said = []
    left_out = False
    for axis, value in ((across, point.x), (up, point.y)):
        side = axis.beyond(in_unit(value, axis.column))
        if side:
            left_out = left_out or axis.asked
            said.append(f"{axis.column.metric} {'below' if side == 'low' else 'above'} the axis")
    if not said:
        return "yes"
    return f"{'left out' if left_out else 'at the edge'}: {', '.join(said)}"
