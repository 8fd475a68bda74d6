"""Gain by file from the scores that a run folder keeps: no audio is needed.

A run folder does not hold the SNR of the noisy files; their SI-SDR, which it holds, stands in for it and is called so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.errors import EvaluationError
from model.evaluation.paired import PairedDifference, paired_difference
from model.evaluation.summary import read_scores
from model.figures.gain import reach
from model.figures.sources import Source
from model.figures.style import BLUE, GREY, ORANGE, Array, canvas, letters
from model.runs import RunFolder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

METRICS = {"pesq": "PESQ", "stoi": "STOI", "si_sdr": "SI-SDR (dB)"}
EDGES_DB = (-np.inf, 0.0, 5.0, 10.0, 15.0, np.inf)
"""Between the groups whose mean is drawn."""


@dataclass(frozen=True, slots=True)
class GroupGain:
    """The mean gain of the files whose noisy SI-SDR lies in a group; `at` is the mean of that."""

    at: float
    gain: PairedDifference


@dataclass(frozen=True, slots=True, eq=False)
class ScoreGain:
    """Gains of a checkpoint over noisy by file, [files] each (NaN where one has no value), by the noisy file's SI-SDR."""

    system: str
    test_set: str
    slug: str
    files: int
    expected: int
    noisy_si_sdr: Array
    gains: dict[str, Array]
    groups: dict[str, tuple[GroupGain, ...]]
    remarks: tuple[str, ...]


def summaries(run: RunFolder) -> list[tuple[str, dict[str, Any]]]:
    """Folder and `summary.json` of every test set of a run. Raises EvaluationError for one that is spoilt."""
    found = []
    for path in sorted((run.path / "scores").glob("*/summary.json")):
        try:
            content = json.loads(path.read_text())
            if not isinstance(content["entries"], list):
                raise TypeError
        except (OSError, ValueError, KeyError, TypeError):
            raise EvaluationError(f"{path} is no summary of scores; evaluate again") from None
        found.append((path.parent.name, content))
    return found


def score_gain(source: Source, slug: str, summary: dict[str, Any]) -> ScoreGain:
    """The gain by file on one test set.

    Raises EvaluationError where scores of the noisy files or of this very checkpoint are missing.
    """
    if source.run is None:
        raise EvaluationError(source.no_run)
    entries = {str(entry.get("name")): entry for entry in summary["entries"] if isinstance(entry, dict)}
    title = str(summary.get("test_set") or slug)
    noisy = next((entry for entry in entries.values() if entry.get("source") == "noisy"), None)
    if noisy is None:
        raise EvaluationError(
            f"no scores of the noisy files of {title}; litdb model evaluate --noisy gives them"
        )
    wanted = source.record.sha256 if source.record else None
    own = next((entry for entry in entries.values() if wanted and entry.get("sha256") == wanted), None)
    if own is None:
        name = source.record.name if source.record else source.name
        raise EvaluationError(
            f"no scores by file of checkpoint {name} on {title}; litdb model evaluate gives them"
        )
    folder = source.run.path / "scores" / slug
    before, after = (
        {score.id: score for score in read_scores(folder / f"{Path(str(entry['name'])).name}.csv")}
        for entry in (noisy, own)
    )
    ids = [name for name in before if name in after and before[name].value("si_sdr") is not None]
    if not ids:
        raise EvaluationError(f"no file of {title} has scores both noisy and enhanced")
    levels = np.array([before[name].value("si_sdr") for name in ids], dtype=np.float64)
    gains, groups = {}, {}
    for metric in METRICS:
        pairs = [(before[name].value(metric), after[name].value(metric)) for name in ids]
        gains[metric] = np.array([np.nan if a is None or b is None else b - a for a, b in pairs])
        groups[metric] = tuple(_groups(levels, pairs))
    expected = summary.get("files")
    return ScoreGain(
        system=str(own["name"]),
        test_set=title,
        slug=slug,
        files=len(ids),
        expected=expected if isinstance(expected, int) else len(ids),
        noisy_si_sdr=levels,
        gains=gains,
        groups=groups,
        remarks=tuple(remarks_of(own, summary)),
    )


def _groups(levels: Array, pairs: list[tuple[float | None, float | None]]) -> list[GroupGain]:
    found = []
    for low, high in pairwise(EDGES_DB):
        inside = [place for place, level in enumerate(levels) if low <= level < high]
        difference = paired_difference(*([pairs[place][side] for place in inside] for side in (0, 1)))
        if difference is not None:
            found.append(GroupGain(float(levels[inside].mean()), difference))
    return found


def remarks_of(entry: dict[str, Any], summary: dict[str, Any]) -> list[str]:
    """What must be said beside the scores of a checkpoint: what chose it, and what of the test set it has met."""
    said: list[str] = []
    if entry.get("source") == "noisy":
        return said
    if entry.get("selected_on"):
        said.append(f"selected on {entry['selected_on']}")
    seen = met if isinstance(met := entry.get("seen"), dict) else {}
    if seen.get("training_files") in ("unknown", "partly"):
        said.append("not all of its training files are known: it may have been trained on these")
    for key, words in (("training", "were trained on"), ("validation", "were held out to select it")):
        if seen.get(key):
            said.append(f"{seen[key]} of {summary.get('files')} files {words}")
    if summary.get("role") not in ("test", None):
        said.append(f"these are {summary['role']} files, no test set")
    aligned = entry.get("aligned")
    said += [str(text) for text in (aligned.get("findings") or ())] if isinstance(aligned, dict) else []
    return said


def caption(found: ScoreGain) -> str:
    """What must be known to read the figure."""
    partial = "" if found.files >= found.expected else f" of {found.expected} expected"
    said = f" {found.system}: {'; '.join(found.remarks)}." if found.remarks else ""
    return (
        f"Gain of {found.system} over noisy on {found.test_set}, one point a file ({found.files} files{partial}), over the "
        f"SI-SDR of the noisy file, which stands in for its SNR. Diamonds: means below 0, 0 to 5, "
        f"5 to 10, 10 to 15 dB and above, with the 95 % interval of the mean over files (of few files cut at the edge).{said}"
    )


def _shown(found: ScoreGain) -> dict[str, str]:
    """The metrics that any file has."""
    return {name: title for name, title in METRICS.items() if np.isfinite(found.gains[name]).any()}


def draw(found: ScoreGain, columns: int) -> Figure:
    """A panel a metric."""
    metrics = _shown(found)
    figure = canvas(columns, 6 + 34 * len(metrics) if columns == 1 else 52)
    shape = (len(metrics), 1) if columns == 1 else (1, len(metrics))
    grid = list(figure.subplots(*shape, sharex=True, squeeze=False).flat)
    for axes, (metric, title) in zip(grid, metrics.items(), strict=True):
        axes.axhline(0, color=GREY, linewidth=0.6, zorder=0.5)
        axes.plot(
            found.noisy_si_sdr,
            found.gains[metric],
            "o",
            color=BLUE,
            alpha=0.55,
            markersize=2.5,
            markeredgewidth=0,
        )
        low, high = reach([group.gain for group in found.groups[metric]])
        known = found.gains[metric][np.isfinite(found.gains[metric])]
        room = 0.05 * (high - low)
        low, high = min(low, known.min() - room), max(high, known.max() + room)
        axes.set_ylim(low, high)
        for group in found.groups[metric]:
            if group.gain.low is not None and group.gain.high is not None:
                ends = [max(group.gain.low, low), min(group.gain.high, high)]
                axes.plot([group.at] * 2, ends, color=ORANGE)
            axes.plot([group.at], [group.gain.mean], "D", color=ORANGE, markersize=4)
        axes.set_title(f"Gain in {title}", loc="left")
    for axes in grid[-1:] if columns == 1 else grid:
        axes.set_xlabel("SI-SDR of the noisy file (dB)" if columns == 1 else "Noisy SI-SDR (dB)")
    letters(grid)
    return figure
