"""One own system against another, file by file: the mean difference on the whole test set and on its parts, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.errors import LitdbError, UsageError
from litdb.evidence.runs.pairing import Comparison, Measure
from litdb.report.data import csv_text
from litdb.report.escape import clean, csv_cell
from litdb.report.figures.canvas import Drawn, checked_suffix, new_figure, quiet, save, setting, width_of
from litdb.report.figures.look import BLUE, DARK, GREY, TEXT_PT, VERMILION
from litdb.values.display import exact

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _HEAD, _FOOT, _BETWEEN = 0.165, 0.40, 0.40, 0.50  # inches
_MOST_ROWS = 60
_KINDS = {"snr": "SNR (dB)", "speaker": "speaker", "noise": "noise"}


@dataclass(frozen=True, slots=True)
class _Interval:
    """One interval: the part of the test set ('' for all of it) and the difference there."""

    kind: str
    value: str
    mean: float
    low: float
    high: float
    files: int

    @property
    def words(self) -> str:
        if not self.kind:
            return f"all ({self.files} files)" if self.files else "all"
        return f"{_KINDS.get(self.kind, clean(self.kind))} {clean(self.value)} ({self.files})"

    @property
    def shown(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def plot_paired(found: Comparison, out: Path, *, title: str = "", columns: int = 1) -> Drawn:
    """Draw the difference B - A of each metric, on all files and by speaker, SNR and noise where they are known.

    Intervals are those of the comparison, at 95%; those of the parts are not corrected for their number, and the picture says
    so. Raises UsageError for another suffix, LitdbError where nothing could be compared.
    """
    checked_suffix(out)
    width = width_of(columns)
    if not found.measures:
        reasons = "; ".join(f"{one.metric}: {one.reason} (try: {one.command})" for one in found.refused)
        raise LitdbError(f"{found.a} and {found.b} cannot be compared file by file: {reasons}")
    panels = [(measure, _lines_of(measure)) for measure in found.measures]
    rows = sum(len(lines) for _, lines in panels)
    if rows > _MOST_ROWS:
        raise UsageError(f"{rows} intervals do not fit one figure: ask for fewer metrics with --metric PESQ")
    notes = _notes(found)
    heading = f"{clean(found.b)} minus {clean(found.a)}\n{clean(title)}, 95% intervals".replace("\n, ", "\n")
    words = [line.words for _, lines in panels for line in lines]
    with setting((*heading.split("\n"), *words, *(measure.metric for measure, _ in panels))) as boxes:
        full = _HEAD + _FOOT + _ROW * rows + _BETWEEN * (len(panels) - 1)
        figure = new_figure(width, full)
        left, top = 1.25, full - _HEAD
        for measure, lines in panels:
            height = _ROW * len(lines)
            place = (left / width, (top - height) / full, (width - left - 0.12) / width, height / full)
            _panel(figure.add_axes(place), measure, lines)
            top -= height + _BETWEEN
        figure.text(0.5, 1 - 0.06 / full, heading, ha="center", va="top", fontsize=TEXT_PT)
        data = save(figure, out, _csv(found, panels))
    return Drawn(out, data, boxes, tuple(notes))


def _lines_of(measure: Measure) -> list[_Interval]:
    whole = measure.difference
    lines = [_Interval("", "", whole.mean, whole.low, whole.high, whole.utterances)]
    for part in measure.parts:
        one = part.difference
        lines.append(_Interval(part.kind, part.value, one.mean, one.low, one.high, one.utterances))
    return lines


def _panel(axes: Axes, measure: Measure, lines: Sequence[_Interval]) -> None:
    places = list(range(len(lines)))[::-1]
    for place, line in zip(places, lines, strict=True):
        colour = (VERMILION if not line.kind else BLUE) if line.shown else GREY
        axes.plot((line.low, line.high), (place, place), color=colour, lw=1.1, solid_capstyle="butt")
        axes.plot(
            (line.mean,), (place,), marker="D" if not line.kind else "o", markersize=4, color=colour,
            markerfacecolor=colour if line.shown else "white", linestyle="",
        )  # fmt: skip
    for before, (one, other) in enumerate(pairwise(lines)):
        if one.kind != other.kind:
            axes.axhline(places[before] - 0.5, color="#d0d0d0", lw=0.5)
    axes.axvline(0, color=DARK, lw=0.7)
    quiet(axes)
    axes.grid(visible=False, axis="y")
    axes.set_ylim(-0.7, len(lines) - 0.3)
    axes.set_yticks(places, [line.words for line in lines])
    axes.tick_params(axis="y", labelsize=TEXT_PT - 1, length=0)
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel(f"Δ{clean(measure.metric)}, {measure.better} is better", labelpad=2)


def _notes(found: Comparison) -> list[str]:
    said = [*found.notes, *(note for measure in found.measures for note in measure.notes)]
    if any(measure.parts for measure in found.measures):
        said.append("intervals of parts are not corrected for their number; hollow marks: the interval has 0")
    said += [f"{one.metric} is not drawn: {one.reason}" for one in found.refused]
    return [clean(note) for note in dict.fromkeys(said)]


def _csv(found: Comparison, panels: Sequence[tuple[Measure, Sequence[_Interval]]]) -> str:
    """Every interval, with the test of the whole: p by Holm over all tests made."""
    header = ["a", "b", "metric", "better", "part", "value", "mean", "low", "high", "files", "p corrected"]
    rows = [header]
    for measure, lines in panels:
        for line in lines:
            rows.append([
                csv_cell(found.a), csv_cell(found.b), csv_cell(measure.metric), measure.better,
                csv_cell(line.kind or "all"), csv_cell(line.value), exact(line.mean), exact(line.low), exact(line.high),
                str(line.files), "" if line.kind else exact(measure.corrected),
            ])  # fmt: skip
    return csv_text(rows)
