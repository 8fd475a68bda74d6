"""A genealogy as a figure: a line for each paper, oldest first, a column for each printed number, an arc from source to copy."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.errors import LitdbError
from litdb.evidence.tracing.genealogy import Genealogy, Trace
from litdb.report.data import csv_text
from litdb.report.escape import clean, csv_cell
from litdb.report.figures.canvas import Drawn, checked_suffix, new_figure, save, setting, width_of
from litdb.report.figures.look import BLUE, DARK, GREY, TEXT_PT, VERMILION
from litdb.values.origin import Origin
from litdb.values.value import Value
from litdb.vocabulary import vocabulary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEAD, _FOOT, _ROW, _TALLEST = 0.50, 0.36, 0.145, 9.2  # inches
_LABEL, _ARCS, _LONGEST = 1.42, 0.72, 19
_MOST_COLUMNS = 8
_COLOUR = {Trace.ORIGINAL: GREY, Trace.SLIP: VERMILION, Trace.FORM: BLUE}
_DASH: dict[Trace, str | tuple[int, tuple[float, float]]] = {
    Trace.ORIGINAL: (0, (1, 2)),
    Trace.SLIP: "-",
    Trace.FORM: (0, (4, 2)),
}
_WORDS = {Trace.SLIP: "shared slip", Trace.FORM: "shared form", Trace.ORIGINAL: "as the original"}


def plot_genealogy(found: Genealogy, out: Path, *, columns: int = 1) -> Drawn:
    """Draw who copied a number from whom. Raises UsageError for another suffix, LitdbError where no paper prints it.

    A filled mark is the paper that proposes the model. Of more papers than a page holds the lines of the figure are closer and
    its type smaller; of more numbers than eight the rarest share the last column, where each is written out.
    """
    checked_suffix(out)
    width = width_of(columns)
    if not found.cells:
        raise LitdbError(f"no publication prints {found.metric} of {clean(found.name)}: nothing to draw")
    row = min(_ROW, (_TALLEST - _HEAD - _FOOT) / len(found.cells))
    size = min(6.5, 6.5 * row / _ROW * 1.1)
    known = vocabulary().dataset(found.dataset)
    where = f" on {known.title if known else clean(found.dataset)}" if found.dataset else ""
    heading = f"{clean(found.name)}, {clean(found.metric)}{where}"
    lanes = _lanes(found.cells)
    names = [_name(value) for value in found.cells]
    with setting((heading, *names, *(value.printed for value in found.cells))) as boxes:
        full = _HEAD + _FOOT + row * len(found.cells)
        figure = new_figure(width, full)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, width)
        axes.set_ylim(0, full)
        axes.text(width / 2, full - 0.06, heading, ha="center", va="top", fontsize=TEXT_PT)
        left, right = _LABEL + 0.2, width - _ARCS - 0.12
        step = (right - left) / max(len(lanes) - 1, 1)
        across = {lane: left + number * step for number, lane in enumerate(lanes)}
        for lane, at in across.items():
            axes.text(
                at, full - _HEAD + 0.05, clean(lane), ha="center", va="bottom", fontsize=6.5, color=DARK
            )
            axes.plot((at, at), (_FOOT, full - _HEAD), color="#e6e6e6", lw=0.5, zorder=0)
        heights = {}
        for number, (value, name) in enumerate(zip(found.cells, names, strict=True)):
            height = full - _HEAD - (number + 0.5) * row
            heights[value.row.key] = height
            at = across.get(value.printed, across[lanes[-1]])
            own = value.origin is Origin.SELF
            axes.text(0.05, height, name, va="center", fontsize=size, color=DARK)
            axes.plot((at, right), (height, height), color="#d8d8d8", lw=0.4, zorder=0)
            axes.plot(
                (at,), (height,), marker="o", linestyle="", markersize=min(4.0, row * 36), color=DARK,
                markerfacecolor=DARK if own else "white", zorder=3,
            )  # fmt: skip
            if value.printed not in across:
                axes.text(at + 0.05, height, clean(value.printed), va="center", fontsize=size - 1)
        _arcs(axes, found, heights, right)
        _key(axes, width)
        data = save(figure, out, _csv(found))
    return Drawn(out, data, boxes)


def _lanes(cells: Sequence[Value]) -> list[str]:
    """The printed numbers that have a column of their own, by number; with many the rarest share one called `other`."""
    counts: dict[str, int] = {}
    sizes: dict[str, float] = {}
    for value in cells:
        counts[value.printed] = counts.get(value.printed, 0) + 1
        sizes[value.printed] = value.value or 0.0
    common = sorted(counts, key=lambda printed: -counts[printed])
    kept = common if len(common) <= _MOST_COLUMNS else common[: _MOST_COLUMNS - 1]
    lanes = sorted(kept, key=lambda printed: (sizes[printed], printed))
    return lanes if len(kept) == len(common) else [*lanes, "other"]


def _arcs(axes: Axes, found: Genealogy, heights: dict[str, float], left: float) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path as Line

    tallest = max(heights.values()) - min(heights.values()) or 1.0
    for edge in sorted(found.edges, key=lambda one: one.kind is not Trace.ORIGINAL):
        begin, end = heights[edge.parent.row.key], heights[edge.child.row.key]
        bulge = left + 0.12 + (_ARCS - 0.1) * 1.3 * abs(begin - end) / tallest
        curve = Line([(left, begin), (bulge, begin), (bulge, end), (left, end)], [1, 4, 4, 4])
        axes.add_patch(
            FancyArrowPatch(
                path=curve, arrowstyle="-|>,head_length=1.6,head_width=0.9", color=_COLOUR[edge.kind], shrinkA=0,
                lw=0.5 if edge.kind is Trace.ORIGINAL else 0.9, linestyle=_DASH[edge.kind], zorder=2, fill=False,
                clip_on=False,
            )
        )  # fmt: skip


def _key(axes: Axes, width: float) -> None:
    for number, (kind, words) in enumerate(_WORDS.items()):
        at = 0.1 + number * (width - 0.1) / 3
        axes.plot((at, at + 0.2), (0.13, 0.13), color=_COLOUR[kind], ls=_DASH[kind], lw=0.9)
        axes.text(at + 0.25, 0.13, words, va="center", fontsize=6.5)


def _name(value: Value) -> str:
    """The day and the paper, in short."""
    date = value.row.document.date
    source = clean(value.row.document.paper or value.row.document.title)
    short = source if len(source) <= _LONGEST else source[: _LONGEST - 1] + "…"
    return f"{date.strftime('%Y-%m') if date else '?'}  {short}"


def _csv(found: Genealogy) -> str:
    edges = {edge.child.row.key: edge for edge in found.edges}
    rows = [
        ["date", "printed", "origin", "paper", "source", "row", "result", "copied from", "shown by", "words"]
    ]
    for value in found.cells:
        edge = edges.get(value.row.key)
        date = value.row.document.date
        told = ("", "", "") if edge is None else (edge.parent.place, edge.kind, edge.words)
        texts = (value.printed, value.origin, value.paper, value.place, value.row.label, value.key[:8], *told)
        rows.append([date.isoformat() if date else "", *(csv_cell(str(text)) for text in texts)])
    return csv_text(rows)
