"""Figures of what a network learnt and of what its knock-outs do, as PNG files: frequency in Hz, time in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.errors import ModelUsageError
from model.inspection.effects import KnockOuts
from model.inspection.learnt import AttentionPath, Inspection
from model.inspection.maps import ChangeMap, level_by_frequency
from model.networks.codes import N_BINS, NYQUIST_HZ

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN_PARTS = 40
"""So many knock-outs are drawn, the largest effects."""
QUIETEST_DB = -60.0
"""Smaller changes are drawn as this."""


def _figure(width: float, height: float) -> Figure:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ModelUsageError("Figures need matplotlib: pip install matplotlib.") from error
    return Figure(figsize=(width, height), layout="constrained")


def _saved(figure: Figure, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
    return path


def save_figures(inspection: Inspection, folder: Path) -> list[Path]:
    """Learnt codes times band weights of every layer, attention maps. Returns the files written.

    Raises ModelUsageError when matplotlib is not installed.
    """
    written = []
    if any(gate.codes for gate in inspection.gates):
        figure = _figure(7, 3)
        axes = figure.subplots()
        for gate in inspection.gates:
            values = [w * v for w, code in zip(gate.weights, gate.codes, strict=True) for v in code]
            hertz = [i * NYQUIST_HZ / (N_BINS - 1) for i in range(len(values))]
            axes.plot(hertz, values, label=f"layer {gate.layer}")
        axes.set(xlabel="frequency (Hz)", ylabel="code x band weight", xlim=(0, NYQUIST_HZ))
        axes.legend()
        written.append(_saved(figure, folder / "codes.png"))
    for path in inspection.paths:
        if any(branch.map is not None for branch in path.branches):
            written.append(_saved(_attention(path, inspection), folder / f"attention_{path.name}.png"))
    return written


def _attention(path: AttentionPath, inspection: Inspection) -> Figure:
    """Attention maps of a path: from each position (up) to each position (right), in Hz or seconds."""
    maps = [(branch.name, branch.map) for branch in path.branches if branch.map is not None]
    row = path.name == "row"
    end = float(NYQUIST_HZ) if row else float(inspection.audio_seconds or 0)
    unit = "frequency (Hz)" if row else "time (s)"
    figure = _figure(3.6 * len(maps), 3.2)
    for axes, (name, grid) in zip(figure.subplots(1, len(maps), squeeze=False)[0], maps, strict=True):
        image = axes.imshow(grid, origin="lower", aspect="auto", extent=(0, end, 0, end))
        axes.set(title=f"{path.name}, {name}", xlabel=f"attended {unit}", ylabel=unit)
        figure.colorbar(image, ax=axes, label="attention")
    return figure


def save_knock_outs(found: KnockOuts, folder: Path) -> Path:
    """The ranking as bars: change of PESQ with its interval (of the output's level where no file has a PESQ), and of the
    output. Raises ModelUsageError when matplotlib is not installed."""
    effects = found.effects[:SHOWN_PARTS][::-1]
    figure = _figure(9, 1.2 + 0.22 * len(effects))
    pesq, output = figure.subplots(1, 2, sharey=True)
    places = np.arange(len(effects))
    _bars(pesq, places, [effect.pesq for effect in effects])
    pesq.axvspan(-found.thresholds.pesq, found.thresholds.pesq, color="0.9", zorder=0)
    pesq.set(xlabel="PESQ without the part minus with it", yticks=places)
    pesq.set_yticklabels([f"{effect.part} ({effect.how})" for effect in effects], fontsize=7)
    _bars(output, places, [effect.output_db for effect in effects])
    output.axvline(found.thresholds.change_db, color="0.6")
    output.set(xlabel="change of the output (dB)")
    return _saved(figure, folder / "knock_outs.png")


def _bars(axes: Axes, places: Any, samples: Sequence[Any]) -> None:
    for place, value in zip(places, samples, strict=True):
        if value is None:
            continue
        axes.plot([value.mean], [place], "o", color="C0", markersize=4)
        if value.low is not None:
            axes.plot([value.low, value.high], [place, place], color="C0", linewidth=1)


def save_change(maps: Sequence[ChangeMap], part: str, folder: Path) -> Path:
    """Where in time and frequency the output changes without a part: the map of the file that changes most, and the mean
    level of all of them by frequency. Raises ModelUsageError when matplotlib is not installed."""
    loudest = max(maps, key=lambda entry: float(np.mean(entry.level)))
    figure = _figure(9, 3.6)
    picture, profile = figure.subplots(1, 2, width_ratios=(3, 1), sharey=True)
    image = picture.imshow(
        np.maximum(loudest.level, QUIETEST_DB),
        origin="lower",
        aspect="auto",
        extent=(0, loudest.seconds, 0, NYQUIST_HZ),
        vmin=QUIETEST_DB,
        vmax=0,
    )
    picture.set(title=f"{loudest.id} without {part}", xlabel="time (s)", ylabel="frequency (Hz)")
    figure.colorbar(image, ax=picture, label="change (dB re loudest bin of the output)")
    profile.plot(level_by_frequency(maps), np.linspace(0, NYQUIST_HZ, N_BINS))
    profile.set(title=f"{len(maps)} files", xlabel="change (dB re output)")
    return _saved(figure, folder / f"without_{part}.png")
