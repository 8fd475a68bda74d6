"""Segmental SNR within parts of an utterance: since its start, and in speech or in pauses."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from model.data.audio import Samples
from model.metrics.composite import segmental_snr
from model.metrics.frames import HOP, LENGTH, RATE, spectra

EDGES = (0.0, 0.5, 1.0, 2.0, 4.0, np.inf)
"""In seconds since the start, by the middle of a frame."""
SPEECH_DB = 40.0
"""A frame is speech when the clean signal in it lies at most so far below the loudest frame of the file."""

TIMES: tuple[str, ...] = (
    *(f"{low:g}..{high:g} s" if high < np.inf else f"{low:g} s and more" for low, high in pairwise(EDGES)),
    "speech",
    "pauses",
)
"""The parts in the order of `ssnr_by_time`."""


def ssnr_by_time(clean: Samples, output: Samples) -> tuple[float | None, ...]:
    """SSNR in dB of each part in `TIMES` (frames of 30 ms, clamped to [-10, 35]); None where a part has no frame.

    Two signals [samples] of equal length at 16 kHz.
    """
    reference, other = spectra(clean.astype(np.float64)), spectra(output.astype(np.float64))
    if not len(reference.frames):
        return (None,) * len(TIMES)
    snr = segmental_snr(reference, other)
    middle = (np.arange(len(snr)) * HOP + LENGTH / 2) / RATE
    energy = np.sum(reference.frames**2, axis=1)
    speech = energy > energy.max() * 10 ** (-SPEECH_DB / 10)
    inside = [(low <= middle) & (middle < high) for low, high in pairwise(EDGES)]
    return tuple(float(snr[chosen].mean()) if chosen.any() else None for chosen in (*inside, speech, ~speech))
