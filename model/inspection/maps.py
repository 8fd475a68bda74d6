"""Where in time and frequency the output of a network changes when a part is knocked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from model.data import Pair, audio
from model.evaluation.pool import network_of, processed
from model.inspection.effects import processed_without
from model.metrics import RATE
from model.stft import stft

Array = NDArray[np.float64]
TINY = 1e-12
"""Power added before a logarithm, relative to the loudest bin."""


@dataclass(frozen=True, eq=False)
class ChangeMap:
    """One file: `level` [257 bins, frames] of the change in dB relative to the loudest bin of the output, and the power of
    change and output by frequency, [257] each."""

    id: str
    seconds: float
    level: Array
    change: Array
    output: Array


def change_map(checkpoint: Path, part: str, pair: Pair, calibration: tuple[Path, ...]) -> ChangeMap:
    """The change of one file; `calibration` as for `processed_without`."""
    noisy = audio.read_at(pair.noisy, RATE)
    whole = processed(network_of(checkpoint), noisy)
    other = processed_without(checkpoint, part, calibration, noisy)
    change, output = (
        stft(torch.from_numpy(signal)[None])[0].abs().square().double().numpy()
        for signal in (other - whole, whole)
    )
    loudest = max(float(output.max()), TINY)
    level = 10 * np.log10(change / loudest + TINY)
    return ChangeMap(pair.id, len(noisy) / RATE, level, change.mean(axis=1), output.mean(axis=1))


def level_by_frequency(maps: Sequence[ChangeMap]) -> Array:
    """Level of the change relative to the output at each of the 257 frequencies in dB, powers summed over the files."""
    change = np.sum([entry.change for entry in maps], axis=0)
    output = np.sum([entry.output for entry in maps], axis=0)
    return np.asarray(10 * np.log10(change / np.maximum(output, TINY) + TINY))
