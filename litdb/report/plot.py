"""A scatter plot of two metrics with its Pareto front, for a paper's column or a page."""

from __future__ import annotations

import math
import textwrap
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.errors import LitdbError, UsageError
from litdb.report.escape import clean
from litdb.report.fonts import covering
from litdb.report.points import MARKS, Point, pareto_front, points_csv
from litdb.values.display import in_unit
from litdb.values.table import Column

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from litdb.report.labels import Placed

SUFFIXES = (".pdf", ".png", ".svg")
_LOGARITHMIC = ("params", "MACs", "FLOPs")

# Okabe and Ito's colours, told apart with any colour vision; the shapes differ as well.
_BLUE, _VERMILION, _GREEN, _PURPLE, _GREY = "#0072B2", "#D55E00", "#009E73", "#AA4499", "#666666"
#: marker, colour, area in points squared, filled, words in the legend
_LOOK: dict[str, tuple[str, str, float, bool, str]] = {
    "own": ("*", _VERMILION, 70, True, "own model"),
    "self": ("o", _BLUE, 16, True, "reported by its authors"),
    "reproduced": ("D", _GREEN, 16, True, "reproduced"),
    "repository": ("s", _BLUE, 16, False, "from its repository"),
    "quoted": ("o", _BLUE, 16, False, "quoted by others"),
    "tracker": ("p", _BLUE, 20, False, "from a tracker"),
    "claim": ("x", _GREY, 16, True, "claim"),
    "proposed": ("^", _PURPLE, 18, False, "proposed, not reviewed"),
}
# Inches. The width is that of a column of a two-column paper; the height grows until no label covers another.
_WIDTH, _LEFT, _RIGHT = 3.5, 0.46, 0.06
_HEIGHTS = (2.6, 3.2, 3.9, 4.7, 5.6)
_LINE, _LEGEND_LINE, _NOTE_LINE = 0.14, 0.115, 0.085
_TEXT, _LABEL, _NOTE = 7.0, 5.5, 5.0
_LONGEST = 40  # characters of a label; the CSV has the whole name
#: From more points than this on, a figure names the front and own models, and others where there is room.
_ALL_NAMED = 60
_SHORT = 2.5  # points: no leader line to a label as near as this
_DPI = 300


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plot as written: the figure, the CSV with its data, and the characters that no installed font has (drawn as boxes)."""

    figure: Path
    data: Path
    boxes: tuple[str, ...] = ()


def plot(
    points: Sequence[Point], x: Column, y: Column, out: Path, *, title: str = "", notes: Sequence[str] = ()
) -> Drawn:
    """Draw the points to `out` and write them to a CSV of the same stem.

    The suffix of `out` (.pdf, .png or .svg) is the format. x is logarithmic for params, MACs and FLOPs. The same
    points give the same bytes with the same matplotlib and fonts. What DejaVu Sans lacks is set in an installed font that
    has it. `title` should name the test set; `notes` stand small
    below. Raises UsageError for another suffix and LitdbError when there is no point or a file cannot be written.
    """
    if out.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"{out.name}: the name of a plot must end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        )
    if not points:
        raise LitdbError(
            f"no model has both {x.metric} and {y.metric} here; ask for other metrics or fewer filters"
        )
    import matplotlib

    title, notes = clean(title), list(dict.fromkeys(map(clean, notes)))
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        shown = (title, *notes, *(_shortened(point.name) for point in points), clean(x.title), clean(y.title))
        families, boxes = covering(shown)
        matplotlib.rcParams.update({
            "svg.hashsalt": "litdb", "pdf.fonttype": 42, "font.size": _TEXT, "axes.linewidth": 0.6,
            "axes.formatter.use_mathtext": False, "text.parse_math": False, "font.family": families,
        })  # fmt: skip
        # What no font has is a box, and said once; the CSV has it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = _figure(points, x, y, title, notes)
        data = out.with_suffix(".csv")
        try:
            figure.savefig(out, dpi=_DPI, metadata=_metadata(out))
            data.write_text(points_csv(points, x, y), encoding="utf-8", newline="")
        except OSError as error:
            raise LitdbError(f"{error.filename or out}: cannot be written ({error.strerror})") from error
    return Drawn(out, data, boxes)


def _metadata(out: Path) -> dict[str, str | None]:
    """Entries that take date and version out of the file."""
    match out.suffix.lower():
        case ".pdf":
            return {"CreationDate": None, "Creator": "litdb", "Producer": None}
        case ".svg":
            return {"Date": None, "Creator": "litdb"}
        case _:
            return {"Software": None}


def _figure(points: Sequence[Point], x: Column, y: Column, title: str, notes: list[str]) -> Figure:
    """The lowest figure whose labels cover nothing and whose leader lines cross nothing, else the best of them."""
    tried = []
    for height in _HEIGHTS if len(points) <= _ALL_NAMED else _HEIGHTS[-1:]:  # a crowd wants all the room
        figure, placed = _draw(points, x, y, title, notes, height)
        tried.append((placed.covered, placed.crossed, -height, figure))
        if not placed.covered and not placed.crossed:
            break
    return min(tried, key=lambda entry: entry[:3])[-1]


def _draw(
    points: Sequence[Point], x: Column, y: Column, title: str, notes: list[str], height: float
) -> tuple[Figure, Placed]:
    """The figure with an axes of `height` inches, and how well its labels could be placed."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    titles = textwrap.wrap(title, 56)
    small = [line for note in notes for line in textwrap.wrap(note, 92)]
    entries = [mark for mark in MARKS if any(point.mark == mark for point in points)]
    legend_rows = math.ceil((len(entries) + 1) / 2)
    below = 0.38 + _LEGEND_LINE * legend_rows + _NOTE_LINE * len(small) + 0.06
    full = height + below + _LINE * len(titles) + 0.08
    figure = Figure(figsize=(_WIDTH, full), dpi=_DPI)  # text is measured as the PNG will show it
    FigureCanvasAgg(figure)
    axes = figure.add_axes((_LEFT / _WIDTH, below / full, (_WIDTH - _LEFT - _RIGHT) / _WIDTH, height / full))
    _scatter(axes, points, x, y)
    front = _front(axes, points, x, y)
    _axis_texts(axes, x, y, "\n".join(titles))
    figure.legend(
        loc="upper center", bbox_to_anchor=(0.5, (below - 0.34) / full), ncols=2, fontsize=_TEXT - 1,
        frameon=False, borderpad=0, handletextpad=0.4, columnspacing=1.2, labelspacing=0.3,
    )  # fmt: skip
    figure.text(
        0.03, 0.04 / full, "\n".join(small), fontsize=_NOTE, va="bottom", color="#333333", linespacing=1.15
    )
    return figure, _label(figure, axes, points, x, y, front)


def _scatter(axes: Axes, points: Sequence[Point], x: Column, y: Column) -> None:
    for mark in MARKS:
        shown = [point for point in points if point.mark == mark]
        if not shown:
            continue
        marker, colour, area, filled, words = _LOOK[mark]
        axes.scatter(
            [in_unit(point.x, x) for point in shown], [in_unit(point.y, y) for point in shown],
            marker=marker, s=area, linewidths=0.8, label=words, zorder=4 if mark == "own" else 3,
            facecolors=colour if filled else "white", edgecolors=None if marker == "x" else colour,
        )  # fmt: skip
    axes.margins(0.09, 0.07)
    if x.metric.split(" ")[0] in _LOGARITHMIC and all(point.x > 0 for point in points):
        from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

        axes.set_xscale("log")
        low, high = axes.get_xlim()
        steps = (1.0, 2.0, 5.0) if high / low < 300 else (1.0,)
        axes.xaxis.set_major_locator(LogLocator(subs=steps))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _front(axes: Axes, points: Sequence[Point], x: Column, y: Column) -> list[tuple[float, float]]:
    """The front as steps (what is reached within a budget of x); its corners."""
    front = [(in_unit(point.x, x), in_unit(point.y, y)) for point in pareto_front(points, x, y)]
    if not front:
        return []
    corners = front[:1]
    for before, after in pairwise(front):
        corners += [(after[0], before[1]) if x.direction == "lower" else (before[0], after[1]), after]
    axes.plot(
        *zip(*corners, strict=True), color="#999999", lw=0.8, ls=(0, (4, 2)), zorder=1, label="Pareto front"
    )
    return corners


def _axis_texts(axes: Axes, x: Column, y: Column, title: str) -> None:
    axes.set_xlabel(f"{clean(x.title)}, {x.direction} is better", labelpad=2)
    axes.set_ylabel(f"{clean(y.title)}, {y.direction} is better", labelpad=2)
    axes.set_title(title, fontsize=_TEXT, pad=4)
    axes.tick_params(labelsize=_TEXT - 1, width=0.6, length=2.5, pad=2)
    axes.grid(True, color="#e6e6e6", linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)


def _label(
    figure: Figure,
    axes: Axes,
    points: Sequence[Point],
    x: Column,
    y: Column,
    front: list[tuple[float, float]],
) -> Placed:
    """Write the names beside their points, with leader lines to those that stand away.

    Of many points the front and own models are named, and of the others as many as fit.
    """
    from litdb.report.labels import place_labels

    # The limits are final before labels are placed; a label drawn later must not move them.
    axes.set_xlim(axes.get_xlim())
    axes.set_ylim(axes.get_ylim())
    figure.draw_without_rendering()
    scale = _DPI / 72  # pixels a point
    anchors = [(in_unit(point.x, x), in_unit(point.y, y)) for point in points]
    texts = [
        axes.text(
            *anchor, _shortened(point.name), fontsize=_LABEL, va="bottom", zorder=5,
            color=_VERMILION if point.mark == "own" else "#222222",
        )
        for point, anchor in zip(points, anchors, strict=True)
    ]  # fmt: skip
    boxes = [text.get_window_extent() for text in texts]
    frame = axes.get_window_extent()
    pixels = _tuples(axes.transData.transform(anchors))
    corners = _tuples(axes.transData.transform(front)) if front else []
    radii = [math.sqrt(_LOOK[point.mark][2]) / 2 * scale + 1 for point in points]
    best = {point.model for point in pareto_front(points, x, y)}
    placed = place_labels(
        [(box.width + 2, box.height) for box in boxes],
        pixels,
        radii,
        (frame.x0 + 4, frame.y0 + 4, frame.x1 - 4, frame.y1 - 4),
        [(*start, *end) for start, end in pairwise(corners)],
        [p.model in best or p.mark == "own" for p in points] if len(points) > _ALL_NAMED else (),
    )
    # Back from pixels to data, where the text stays put at any resolution.
    to_data = axes.transData.inverted().transform
    for text, corner in zip(texts, placed.corners, strict=True):
        if corner is None:
            text.remove()
        else:
            text.set_position(_tuples(to_data([corner]))[0])
    for anchor, pixel, radius, end in zip(anchors, pixels, radii, placed.ends, strict=True):
        if end is not None and math.dist(pixel, end) > radius + _SHORT * scale:
            tip = to_data(end)
            axes.plot((anchor[0], tip[0]), (anchor[1], tip[1]), color="#777777", lw=0.4, zorder=2)
    return placed


def _shortened(name: str) -> str:
    cleaned = clean(name)
    return cleaned if len(cleaned) <= _LONGEST else cleaned[: _LONGEST - 1] + "…"


def _tuples(points: npt.NDArray[np.float64]) -> list[tuple[float, float]]:
    return [(float(first), float(second)) for first, second in points]
