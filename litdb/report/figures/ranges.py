"""The conflicts of a model as a small plot: for each, a range with its printed values, and who prints which."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.errors import LitdbError
from litdb.evidence.conflicts import Disagreement
from litdb.report.data import csv_text
from litdb.report.escape import clean, csv_cell
from litdb.report.figures.canvas import Drawn, checked_suffix, new_figure, save, setting, width_of
from litdb.report.figures.look import BLUE, DARK, GREY, LINE, TEXT_PT, VERMILION
from litdb.values.display import exact
from litdb.values.origin import Origin
from litdb.values.value import Side
from litdb.vocabulary import vocabulary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _GAP, _HEAD, _FOOT = 0.145, 0.12, 0.30, 0.30  # inches
_TALLEST = 9.2  # inches: a page
_VALUE, _AXIS = 0.52, 0.95  # inches: of the printed values, and of the ranges
_TEXT = 6.5


def plot_conflicts(found: Sequence[Disagreement], name: str, out: Path, *, columns: int = 1) -> Drawn:
    """Draw each disagreement as a range of its own scale, a line for each printed value with its sources.

    What does not fit a page is left to the CSV, and said. Raises UsageError for another suffix, LitdbError where there is no
    conflict.
    """
    checked_suffix(out)
    width = width_of(columns)
    if not found:
        raise LitdbError(f"{clean(name)} has no conflict: nothing to draw")
    shown, room = [], _TALLEST - _HEAD - _FOOT
    for one in found:
        room -= _height(one)
        if room < 0:
            break
        shown.append(one)
    shown = shown or list(found[:1])
    notes = []
    if len(shown) < len(found):
        notes.append(f"{len(shown)} of {len(found)} conflicts are drawn, all are in the CSV")
    heading = f"{clean(name)}: what sources print"
    texts = [heading, *(text for one in shown for text in (_title(one), *map(_sources, one.sides)))]
    with setting(texts) as boxes:
        full = _HEAD + _FOOT + sum(map(_height, shown))
        figure = new_figure(width, full)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, width)
        axes.set_ylim(0, full)
        axes.text(width / 2, full - 0.06, heading, ha="center", va="top", fontsize=TEXT_PT)
        top = full - _HEAD
        for one in shown:
            _block(axes, one, top, width)
            top -= _height(one)
        _key(axes, width)
        data = save(figure, out, _csv(found))
    return Drawn(out, data, boxes, tuple(notes))


def _height(one: Disagreement) -> float:
    return _ROW * (1 + len(one.sides)) + _GAP


def _block(axes: Axes, one: Disagreement, top: float, width: float) -> None:
    """A title, then a line for each value: the number, its place in the range, its sources."""
    axes.text(0.06, top, _title(one), fontsize=_TEXT, va="top", color=DARK, fontweight="bold")
    sides = sorted(one.sides, key=lambda side: side.value)
    low, high = sides[0].value, sides[-1].value
    left = 0.06 + _VALUE

    def across(value: float) -> float:
        return left + (value - low) / ((high - low) or 1.0) * _AXIS

    steps = [(across(side.value), top - (number + 1.5) * _ROW) for number, side in enumerate(sides)]
    axes.plot(*zip(*steps, strict=True), color=LINE, lw=0.5, ls=(0, (1, 1.5)), zorder=1)
    for number, side in enumerate(sides, start=1):
        height = top - (number + 0.5) * _ROW
        own = any(value.origin is Origin.SELF for value in side.sources)
        measured = any(value.origin.measured for value in side.sources)
        axes.plot((left, left + _AXIS), (height, height), color="#e6e6e6", lw=0.5, zorder=0)
        axes.plot(
            (across(side.value),), (height,), marker="D" if measured and not own else "o", linestyle="",
            markersize=3.2 + min(len(side.sources), 9) * 0.25, color=BLUE if own else VERMILION if measured else GREY,
            markerfacecolor=BLUE if own else "white", zorder=2,
        )  # fmt: skip
        axes.text(left - 0.08, height, clean(side.printed)[:12], ha="right", va="center", fontsize=_TEXT)
        characters = int((width - left - _AXIS - 0.16) / 0.0475)
        text = _sources(side, characters)
        axes.text(left + _AXIS + 0.1, height, text, va="center", fontsize=_TEXT - 1, color=DARK)


def _key(axes: Axes, width: float) -> None:
    marks = (
        ("o", BLUE, BLUE, "the paper itself"),
        ("o", GREY, "white", "others quote"),
        ("D", VERMILION, "white", "measured again"),
    )
    for number, (marker, colour, face, words) in enumerate(marks):
        at = 0.12 + number * (width - 0.2) / 3
        axes.plot(
            (at,), (0.12,), marker=marker, markersize=3.8, color=colour, markerfacecolor=face, linestyle=""
        )
        axes.text(at + 0.08, 0.12, words, va="center", fontsize=_TEXT)


def _title(one: Disagreement) -> str:
    known = vocabulary().dataset(one.dataset)
    where = f", {known.title if known else clean(one.dataset)}" if one.dataset else ""
    state = "possible" if one.possible and one.state == "open" else one.state
    return f"{clean(one.metric)}{where} ({state})"


def _sources(side: Side, characters: int = 200) -> str:
    """The first source, and how many more print the same."""
    place, more = clean(side.sources[0].place), len(side.sources) - 1
    tail = f" +{more}" if more else ""
    room = characters - len(tail)
    return (place if len(place) <= room else place[: room - 1] + "…") + tail


def _csv(found: Sequence[Disagreement]) -> str:
    rows = [
        [
            "conflict",
            "model",
            "metric",
            "dataset",
            "state",
            "possible",
            "printed",
            "value",
            "origin",
            "source",
            "row",
        ]
    ]
    for one in found:
        for side in one.sides:
            for value in side.sources:
                texts = (value.printed, exact(side.value), value.origin, value.place, value.row.label)
                start = (
                    one.id[:8],
                    one.model,
                    one.metric,
                    one.dataset,
                    one.state,
                    "yes" if one.possible else "no",
                )
                rows.append([csv_cell(str(text)) for text in (*start, *texts)])
    return csv_text(rows)
