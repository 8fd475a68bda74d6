"""Spectrograms of one utterance: noisy, enhanced, clean, and where enhanced differs from clean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from model.data.audio import Samples
from model.errors import EvaluationError
from model.evaluation.pool import processed
from model.figures.sources import Example
from model.figures.style import Array, canvas, letters
from model.inspection.learnt import LONGEST_SECONDS
from model.metrics import RATE
from model.networks import Network
from model.stft import stft

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

RANGE_DB = 60.0
"""Levels further below the loudest bin of clean are drawn as this far below it."""
LARGEST_DB = 20.0
"""Differences are drawn up to this."""


@dataclass(frozen=True, slots=True, eq=False)
class Spectrograms:
    """Levels of an utterance in dB relative to the loudest bin of clean, not below -RANGE_DB; [257 bins, frames] each."""

    id: str
    seconds: float
    noisy: Array
    enhanced: Array
    clean: Array

    @property
    def difference(self) -> Array:
        """Enhanced minus clean in dB."""
        return self.enhanced - self.clean


def spectrograms(network: Network, example: Example) -> Spectrograms:
    """The first seconds of an utterance and what a network makes of it.

    Raises EvaluationError without a clean signal, with one that is silent, or when the network's output is not finite.
    """
    if example.clean is None:
        raise EvaluationError("the clean recording is needed; name it with --clean, or a corpus with --data")
    whole = processed(network, example.noisy)
    if not np.all(np.isfinite(whole)):
        raise EvaluationError(f"the network's output for {example.id} is not finite")
    end = LONGEST_SECONDS * RATE
    powers = [_power(signal[:end]) for signal in (example.noisy, whole, example.clean)]
    loudest = float(powers[2].max())
    if loudest <= 0:
        raise EvaluationError(f"the clean recording of {example.id} is silent")
    noisy, enhanced, clean = (
        np.maximum(10 * np.log10(power / loudest + 1e-12), -RANGE_DB) for power in powers
    )
    return Spectrograms(example.id, min(len(example.noisy), end) / RATE, noisy, enhanced, clean)


def _power(signal: Samples) -> Array:
    return np.asarray(stft(torch.from_numpy(signal)[None])[0].abs().square().double().numpy())


def caption(audio: str) -> str:
    """What must be known to read the figure."""
    return (
        f"Spectrograms of {audio}, level in dB relative to the loudest bin of clean, nothing below -{RANGE_DB:g} dB. "
        f"(d) Level of enhanced minus that of clean: red where too much is left, blue where speech is lost, to ±{LARGEST_DB:g} dB."
    )


def draw(found: Spectrograms, columns: int) -> Figure:
    """Four panels with one colour bar for the levels and one for the difference."""
    figure = canvas(columns, 118 if columns == 1 else 96)
    grid = list(figure.subplots(*((4, 1) if columns == 1 else (2, 2)), sharex=True, sharey=True).flat)
    # in two columns clean lies below noisy, and the difference below enhanced
    for axes, title, values in zip(
        grid, ("Noisy", "Enhanced", "Clean"), (found.noisy, found.enhanced, found.clean), strict=False
    ):
        levels = _panel(axes, title, values, found.seconds, (-RANGE_DB, 0.0), "magma")
    limits = (-LARGEST_DB, LARGEST_DB)
    difference = _panel(grid[3], "Enhanced minus clean", found.difference, found.seconds, limits, "RdBu_r")
    for axes in grid[-columns:]:
        axes.set_xlabel("Time (s)")
    for axes in grid[::columns]:
        axes.set_ylabel("Hz")
    letters(grid)
    shared = grid[:3] if columns == 1 else [grid[0], grid[2]]
    if columns == 1:
        figure.colorbar(levels, ax=shared, label="Level (dB)", aspect=40, pad=0.02)
        figure.colorbar(difference, ax=[grid[3]], label="Difference (dB)", aspect=12, pad=0.02, extend="both")
    else:
        figure.colorbar(levels, ax=shared, label="Level (dB)", location="left", aspect=30, pad=0.02)
        figure.colorbar(
            difference, ax=grid[1::2], label="Difference (dB)", aspect=30, pad=0.02, extend="both"
        )
    return figure


def _panel(
    axes: Axes, title: str, values: Array, seconds: float, limits: tuple[float, float], colours: str
) -> AxesImage:
    axes.set_title(title, loc="left")
    axes.set_yticks([0, 3400, 8000])
    return axes.imshow(
        values,
        origin="lower",
        aspect="auto",
        extent=(0, seconds, 0, RATE / 2),
        vmin=limits[0],
        vmax=limits[1],
        cmap=colours,
        interpolation="none",
    )
