"""Figures of knock-outs: what the network does without each part, and where the output changes without one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from model.figures.style import BLUE, GREY, canvas, hertz_axis, short
from model.inspection.effects import KnockOuts, PartEffect
from model.inspection.maps import ChangeMap, level_by_frequency
from model.inspection.verdicts import Sample
from model.networks.codes import N_BINS, NYQUIST_HZ

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN_PARTS = 40
"""So many knock-outs are drawn, the largest effects."""
QUIETEST_DB = -60.0
"""Smaller changes are drawn as this."""


def draw_knock_outs(found: KnockOuts, columns: int) -> Figure:
    """The ranking: change of PESQ with its interval (grey: counts as none), and of the output's level."""
    effects = found.effects[:SHOWN_PARTS][::-1]
    figure = canvas(columns, 14 + 4.2 * len(effects))
    pesq, output = figure.subplots(1, 2, sharey=True)
    pesq.axvspan(-found.thresholds.pesq, found.thresholds.pesq, color="0.88", zorder=0)
    _intervals(pesq, [effect.pesq for effect in effects])
    pesq.set_yticks(range(len(effects)), [_label(effect) for effect in effects])
    pesq.set_title("PESQ without it", loc="left")
    output.axvline(found.thresholds.change_db, color=GREY, linewidth=0.6)
    _intervals(output, [effect.output_db for effect in effects])
    output.set_title("Output (dB)", loc="left")
    return figure


def _label(effect: PartEffect) -> str:
    return f"{effect.part}{', const.' if effect.how == 'constant' else ''}"


def _intervals(axes: Axes, samples: Sequence[Sample | None]) -> None:
    for place, value in enumerate(samples):
        if value is None:
            continue
        if value.low is not None and value.high is not None:
            axes.plot([value.low, value.high], [place, place], color=BLUE)
        axes.plot([value.mean], [place], "o", color=BLUE)
    axes.set_ylim(-0.6, len(samples) - 0.4)
    axes.locator_params(axis="x", nbins=3)


def draw_change(maps: Sequence[ChangeMap], part: str, columns: int) -> Figure:
    """Where in time and frequency the output changes without a part: the map of the file that changes most, and the mean
    level of all of them by frequency."""
    loudest = max(maps, key=lambda entry: float(np.mean(entry.level)))
    figure = canvas(columns, 52 if columns == 1 else 62)
    picture, profile = figure.subplots(1, 2, width_ratios=(3, 1), sharey=True)
    image = picture.pcolormesh(
        np.linspace(0, loudest.seconds, loudest.level.shape[1] + 1),
        (np.arange(N_BINS + 1) - 0.5).clip(0, N_BINS - 1) * NYQUIST_HZ / (N_BINS - 1),
        np.maximum(loudest.level, QUIETEST_DB),
        vmin=QUIETEST_DB,
        vmax=0,
        rasterized=True,
    )
    picture.set_title(f"{short(loudest.id)} without {part}", loc="left")
    picture.set_xlabel("Time (s)")
    hertz_axis(picture, "y", edges=False)
    figure.colorbar(image, ax=picture, label="Change (dB)", location="left", aspect=25, pad=0.02)
    profile.plot(level_by_frequency(maps), np.linspace(0, NYQUIST_HZ, N_BINS), color=BLUE)
    hertz_axis(profile, "y")
    profile.set_ylabel("")
    profile.set_title(f"{len(maps)} files", loc="left")
    profile.set_xlabel("dB re output")
    profile.locator_params(axis="x", nbins=2)
    return figure
