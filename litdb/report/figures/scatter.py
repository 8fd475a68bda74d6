"""Models in the plane of two metrics, or of a metric and time, with the line of the best: for a column or a page of a paper."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litdb.errors import LitdbError
from litdb.report.escape import clean
from litdb.report.figures.axes import Axis, axis_for
from litdb.report.figures.canvas import (
    DPI,
    Drawn,
    checked_suffix,
    make_room,
    new_figure,
    quiet,
    save,
    save_text,
    setting,
    width_of,
)
from litdb.report.figures.data import drawn, points_csv
from litdb.report.figures.interactive import axis_title, front_corners, front_words
from litdb.report.figures.look import (
    DARK,
    LINE,
    TEXT_PT,
    THIN,
    VERMILION,
    Marking,
    families,
    legend_of,
    look_of,
)
from litdb.report.figures.points import YEAR, Point, Points, heights, pareto_front
from litdb.values.display import in_unit
from litdb.values.table import Column
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.ranges import Range

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from litdb.report.figures.labels import Placed

_LEFT, _RIGHT = 0.47, 0.09  # inches
#: Heights of the axes in inches with the size of names in points, tried until no name covers another one or a marker.
_TRIES = {
    1: ((2.6, 6.5), (3.2, 6.5), (3.9, 6.5), (4.7, 6.0), (5.6, 6.0), (5.6, 5.5)),
    2: ((3.0, 7.0), (3.8, 7.0), (4.7, 6.5), (5.6, 6.0)),
}
_CROWD = {1: (4.7, 5.5), 2: (5.0, 6.0)}
_LINE, _LEGEND_LINE, _NOTE_LINE = 0.15, 0.125, 0.09
_NOTE, _MOST_NOTES = 5.5, 4
_LONGEST = 40  # characters of a label; the CSV has the whole name
#: From more points than this on, a figure names the front, own models and those asked for, and others where there is room.
_ALL_NAMED = 60
_MOST_TRIED = 400
_SHORT = 2.5  # points: no leader line to a label as near as this
_MARKERS = {"star": "*", "triangle": "^", "circle": "o", "square": "s", "cross": "x", "plus": "+"}
Limits = tuple[Range | None, Range | None]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What is drawn: the points that are shown, both axes, and which names must stand in the picture."""

    points: tuple[Point, ...]
    across: Axis
    up: Axis
    must: tuple[int, ...]  # as `wanted` of place_labels, () where all names are to stand
    title: str
    notes: tuple[str, ...]
    columns: int

    def place(self, point: Point) -> tuple[float, float]:
        """Where a point stands, in the units of the axes."""
        return (
            self.across.held(in_unit(point.x, self.across.column)),
            self.up.held(in_unit(point.y, self.up.column)),
        )


def limits(text: str | None, column: Column) -> Range | None:
    """The range of an axis as it is typed. Raises UsageError."""
    if text is None:
        return None
    metric = None if column == YEAR else vocabulary().metric(MetricName.parse(column.metric).quantity)
    return Range.parse(text, metric)


def plot(
    found: Points,
    x: Column,
    y: Column,
    out: Path,
    *,
    title: str = "",
    columns: int = 1,
    ranges: Limits = (None, None),
) -> Drawn:
    """Draw the points to `out` and write them to a CSV of the same stem.

    The suffix of `out` (.pdf, .png, .svg or .html) is the format. x is logarithmic for params, MACs and FLOPs. The same
    points give the same bytes with the same matplotlib and fonts. What DejaVu Sans lacks is set in an installed font that
    has it. `title` should name the test set. Raises UsageError for another suffix and LitdbError when there is no point or
    a file cannot be written.
    """
    suffix = checked_suffix(out, ".html")
    width = width_of(columns)
    if not found.points:
        raise LitdbError(
            f"no model has both {x.metric} and {y.metric} here; ask for other metrics or fewer filters"
        )
    across = axis_for([point.x for point in found.points], x, ranges[0])
    up = axis_for(heights(found.points), y, ranges[1])
    said = list(dict.fromkeys(map(clean, found.notes)))
    where = [drawn(point, across, up) for point in found.points]
    said += _beyond(found.points, where, (across, up))
    if suffix == ".html":
        from litdb.report.figures.page import interactive_page

        page = interactive_page(found, x, y, title=title, xlim=ranges[0], ylim=ranges[1])
        csv = points_csv(found.points, x, y, (across, up))
        return Drawn(out, save_text(page, out, csv), (), tuple(said))
    kept = [number for number, words in enumerate(where) if not words.startswith("left out")]
    if not kept:
        raise LitdbError("no model lies in the ranges of the axes: ask for wider ones")
    shown = tuple(found.points[number] for number in kept)
    scene = _Scene(shown, across, up, _must(shown, x, y, across, up), clean(title), tuple(said), columns)
    with setting((title, *said, *(_shortened(p.name) for p in shown), x.title, y.title)) as boxes:
        figure, names = _figure(scene, width)
        named = [False] * len(found.points)
        for number, is_named in zip(kept, names, strict=True):
            named[number] = is_named
        if not all(names):
            said.append(f"{sum(names)} of {len(names)} models are named in the picture, all in the CSV")
        data = save(figure, out, points_csv(found.points, x, y, (across, up), named))
    return Drawn(out, data, boxes, tuple(said))


def _must(points: Sequence[Point], x: Column, y: Column, across: Axis, up: Axis) -> tuple[int, ...]:
    """How much each name of a crowd is wanted: own ones and those asked for most, then the front and what lies beyond an axis.

    () where the points are few: then all are.
    """
    if len(points) <= _ALL_NAMED:
        return ()
    best = {id(point) for point in pareto_front(points, x, y)}
    few = sum(point.asked for point in points) <= _ALL_NAMED
    return tuple(
        2
        if (p.mark == "own" and not p.faint) or (few and p.asked)
        else int(id(p) in best or drawn(p, across, up) != "yes")
        for p in points
    )


def _beyond(points: Sequence[Point], where: Sequence[str], axes: tuple[Axis, Axis]) -> list[str]:
    """What is said of points beyond an axis."""
    edge = [p for p, words in zip(points, where, strict=True) if words.startswith("at the edge")]
    out = sum(words.startswith("left out") for words in where)
    told = []
    if edge:
        names = ", ".join(f"{clean(p.name)} ({', '.join(_off_values(p, axes))})" for p in edge[:4])
        more = f" and {len(edge) - 4} others" if len(edge) > 4 else ""
        told.append(f"Beyond the axis, at its edge: {names}{more}")
    if out:
        told.append(f"{out} {'model lies' if out == 1 else 'models lie'} outside the ranges of the axes")
    return told


def _off_values(point: Point, axes: tuple[Axis, Axis]) -> list[str]:
    """The values of a point that lie beyond their axis."""
    pairs = zip(axes, (point.x, point.y), (point.x_text, point.y_text), strict=True)
    values = ((axis, in_unit(value, axis.column), text) for axis, value, text in pairs)
    return [text or f"{value:g}" for axis, value, text in values if axis.beyond(value)]


def _figure(scene: _Scene, width: float) -> tuple[Figure, list[bool]]:
    """The lowest figure whose labels cover nothing and whose leader lines cross nothing, else the best of them.

    Where names of few points cover something in all of them, those are left to the CSV.
    """
    tried: list[tuple[tuple[int, int, int], Figure, list[bool]]] = []
    tries = (_CROWD[scene.columns],) if scene.must else _TRIES[scene.columns]
    # No need to try for many names what holds a few.
    first = 0 if scene.must else min(len(scene.points) // 12, len(tries) - 2)
    for number, (height, size) in list(enumerate(tries))[first:]:
        figure, placed, names = _draw(scene, width, height, size)
        tried.append(((placed.covered, placed.crossed, number), figure, names))
        if not placed.covered and not placed.crossed:
            break
    (covered, _, number), figure, names = min(tried, key=lambda entry: entry[0])
    if covered and not scene.must:
        scene = replace(scene, must=(1,) * len(scene.points))
        figure, _, names = _draw(scene, width, *tries[number])
    return figure, names


def _draw(scene: _Scene, width: float, height: float, size: float) -> tuple[Figure, Placed, list[bool]]:
    """The figure with an axes of `height` inches, and how well its labels, of `size` points, could be placed."""
    titles = textwrap.wrap(scene.title, int(15.5 * width))
    small = _small(scene.notes, int(25 * width))
    entries = _legend(scene)
    ncols = 2 if scene.columns == 1 else 4
    below = 0.40 + _LEGEND_LINE * math.ceil(len(entries) / ncols) + _NOTE_LINE * len(small) + 0.07
    full = height + below + _LINE * len(titles) + 0.08
    figure = new_figure(width, full)
    axes = figure.add_axes((_LEFT / width, below / full, (width - _LEFT - _RIGHT) / width, height / full))
    _scatter(axes, scene)
    front = _lines(axes, scene)
    axes.set_xlabel(axis_title(scene.across), labelpad=2)
    axes.set_ylabel(axis_title(scene.up), labelpad=2)
    axes.set_title("\n".join(titles), fontsize=TEXT_PT, pad=4)
    quiet(axes)
    make_room(figure, axes, width)
    figure.legend(
        handles=entries, loc="upper center", bbox_to_anchor=(0.5, (below - 0.36) / full), ncols=ncols,
        fontsize=TEXT_PT - 1, frameon=False, borderpad=0, handletextpad=0.4, columnspacing=1.2, labelspacing=0.3,
    )  # fmt: skip
    figure.text(
        0.03, 0.04 / full, "\n".join(small), fontsize=_NOTE, va="bottom", color=DARK, linespacing=1.15
    )
    placed, names = _label(figure, axes, scene, front, size)
    return figure, placed, names


def _small(notes: Sequence[str], characters: int) -> list[str]:
    lines = [line for note in notes for line in textwrap.wrap(note, characters)]
    return lines if len(lines) <= _MOST_NOTES else [*lines[: _MOST_NOTES - 1], "… and more: see the CSV"]


def _mark(look: Marking) -> dict[str, Any]:
    """A mark as matplotlib draws it."""
    edge = look.edge or look.colour
    return {
        "marker": _MARKERS[look.shape], "markersize": 2 * look.radius, "linestyle": "", "markeredgecolor": edge,
        "markeredgewidth": 0.5 if look.edge else 0.8,
        "markerfacecolor": "white" if look.filling == "none" else look.colour,
        "fillstyle": "bottom" if look.filling == "half" else "full", "markerfacecoloralt": "white",
    }  # fmt: skip


def _legend(scene: _Scene) -> list[Line2D]:
    from matplotlib.lines import Line2D

    points = scene.points
    entries = [Line2D([], [], label=words, **_mark(look)) for look, words in legend_of(points)]
    if any(point.ranked for point in points):
        words = front_words(scene.across.column)
        entries.append(Line2D([], [], color=LINE, lw=1.1, ls=(0, (4, 2)), label=words))
    if families(points):
        entries.append(Line2D([], [], color=THIN, lw=0.5, label="sizes of one model"))
    if any(point.facts.earlier for point in points):
        entries.append(
            Line2D([], [], color=THIN, lw=0.5, marker="_", markersize=4, label="earlier version printed")
        )
    if any(point.facts.interval for point in points):  # the CSV says of what
        entries.append(Line2D([], [], color=VERMILION, lw=1, marker="|", markersize=4, label="its interval"))
    return entries


def _scatter(axes: Axes, scene: _Scene) -> None:
    groups: dict[Marking, list[Point]] = {}
    for point in scene.points:
        groups.setdefault(look_of(point), []).append(point)
    for look, some in groups.items():
        at = [scene.place(point) for point in some]
        order = 5 if look.shape == "star" else 3
        axes.plot(*zip(*at, strict=True), **_mark(look), zorder=order, clip_on=False)
    _axis(axes, scene.across, "x")
    _axis(axes, scene.up, "y")


def _axis(axes: Axes, axis: Axis, which: str) -> None:
    from matplotlib.ticker import NullLocator

    drawn_axis = axes.xaxis if which == "x" else axes.yaxis
    if axis.log:
        axes.set_xscale("log") if which == "x" else axes.set_yscale("log")
    (axes.set_xlim if which == "x" else axes.set_ylim)(axis.low, axis.high)
    drawn_axis.set_ticks(axis.ticks, labels=axis.texts)
    drawn_axis.set_minor_locator(NullLocator())


def _lines(axes: Axes, scene: _Scene) -> list[tuple[float, float]]:
    """Sizes and versions of one model, intervals, what lies beyond the axes, and the front, whose corners are given back."""
    for some in families(scene.points):
        axes.plot(*zip(*map(scene.place, some), strict=True), color=THIN, lw=0.5, zorder=2)
    for point in scene.points:
        left, top = scene.place(point)
        facts = point.facts
        for one in facts.earlier:
            before = in_unit(one.value, scene.up.column)
            axes.plot((left, left), (top, before), color=THIN, lw=0.5, zorder=2)
            axes.plot((left,), (before,), color=THIN, marker="_", markersize=4, markeredgewidth=0.6, zorder=2)
        if facts.interval is not None:
            ends = [in_unit(end, scene.up.column) for end in facts.interval]
            axes.plot((left, left), ends, color=VERMILION, lw=1, marker="_", markersize=4, zorder=4)
        for axis, value, arrows in ((scene.across, point.x, (4, 5)), (scene.up, point.y, (7, 6))):
            if side := axis.beyond(in_unit(value, axis.column)):
                end = axis.low if side == "low" else axis.high
                at = (left, end) if axis is scene.up else (end, top)
                caret = arrows[0] if side == "low" else arrows[1]  # its tip is at the end of the axis
                axes.plot(*at, marker=caret, markersize=3, color=DARK, zorder=6)
    corners = front_corners(scene.points, scene.across.column, scene.up.column)
    held = [(scene.across.held(a), scene.up.held(b)) for a, b in corners]
    if held:
        axes.plot(*zip(*held, strict=True), color=LINE, lw=1.1, ls=(0, (4, 2)), zorder=2.5)
    return held


def _label(
    figure: Figure, axes: Axes, scene: _Scene, front: Sequence[tuple[float, float]], size: float
) -> tuple[Placed, list[bool]]:
    """Write the names beside their points, with leader lines to those that stand away; which points are named."""
    from litdb.report.figures.labels import place_labels, worth_trying

    figure.draw_without_rendering()
    scale = DPI / 72  # pixels a point
    anchors = [scene.place(point) for point in scene.points]
    pixels = _tuples(axes.transData.transform(anchors))
    must = scene.must or (1,) * len(pixels)
    tried = worth_trying(pixels, must, _MOST_TRIED, (45 * scale, 2 * size * scale))
    texts = [
        axes.text(
            *anchors[number], _name(scene, scene.points[number]), fontsize=size, va="bottom", zorder=5,
            color=VERMILION if scene.points[number].mark == "own" else "#222222",
        )
        for number in tried
    ]  # fmt: skip
    boxes = [text.get_window_extent() for text in texts]
    frame = axes.get_window_extent()
    corners = _tuples(axes.transData.transform(front)) if front else []
    spreads = _tuples(axes.transData.transform(_spreads(scene))) if _spreads(scene) else []
    radii = [look_of(scene.points[number]).radius * scale + 1.5 for number in tried]
    placed = place_labels(
        [(box.width + 2, box.height) for box in boxes],
        [pixels[number] for number in tried],
        radii,
        (frame.x0 + 4, frame.y0 + 4, frame.x1 - 4, frame.y1 - 4),
        [(*start, *end) for start, end in pairwise(corners)],
        [scene.must[number] for number in tried] if scene.must else (),
        [*(pixels[number] for number in sorted(set(range(len(pixels))) - set(tried))), *spreads],
    )
    names = [False] * len(scene.points)
    # Back from pixels to data, where the text stays put at any resolution.
    to_data = axes.transData.inverted().transform
    for text, number, corner, radius, end in zip(
        texts, tried, placed.corners, radii, placed.ends, strict=True
    ):
        if corner is None or end is None:
            text.remove()
            continue
        names[number] = True
        text.set_position(_tuples(to_data([corner]))[0])
        if math.dist(pixels[number], end) > radius + _SHORT * scale:
            anchor, tip = anchors[number], to_data(end)
            axes.plot((anchor[0], tip[0]), (anchor[1], tip[1]), color="#777777", lw=0.4, zorder=2)
    return placed, names


def _spreads(scene: _Scene) -> list[tuple[float, float]]:
    """Places along the intervals of own models, which no name is to cover."""
    places = []
    for point in scene.points:
        if point.facts.interval is not None:
            low, high = (in_unit(end, scene.up.column) for end in point.facts.interval)
            places += [(scene.place(point)[0], low + (high - low) * part / 6) for part in range(7)]
    return places


def _name(scene: _Scene, point: Point) -> str:
    """What stands beside a point: its name, and its value where it lies beyond an axis."""
    beyond = _off_values(point, (scene.across, scene.up))
    return _shortened(point.name) + (f" ({', '.join(beyond)})" if beyond else "")


def _shortened(name: str) -> str:
    cleaned = clean(name)
    return cleaned if len(cleaned) <= _LONGEST else cleaned[: _LONGEST - 1] + "…"


def _tuples(points: npt.NDArray[np.float64]) -> list[tuple[float, float]]:
    return [(float(first), float(second)) for first, second in points]
