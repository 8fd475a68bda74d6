"""In which frequency band a gain lies.

A signal is taken from the system inside one band of the FAC encoder and from the clean signal outside it, and scored
with PESQ against clean; the noisy signal is treated the same way. What differs is then due to the band alone. Beside it stands
the ratio of the whole clean signal to the error in the band, in dB: no SNR of the band, for which the clean signal would
count inside the band alone, so that a band without speech is not blown up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.data.audio import Samples
from model.metrics import RATE
from model.metrics.frames import Array
from model.metrics.pesq_wb import NoPesq, pesq_wb

#: The bands of the FAC encoder in Hz.
BANDS: tuple[tuple[int, int], ...] = ((0, 300), (300, 3400), (3400, 8000))


@dataclass(frozen=True)
class BandScore:
    """Scores of a signal that is a system's inside a band [low, high) in Hz and clean outside.

    `clean_to_error` is the energy of the whole clean signal over that of the error inside the band, in dB. None where PESQ
    has no value, or where nothing differs from clean (`clean_to_error`).
    """

    low: int
    high: int
    pesq: float | None
    clean_to_error: float | None


def only_in_band(clean: Array, signal: Array, low: int, high: int) -> Array:
    """`signal` inside [low, high) Hz and `clean` outside, both [samples] at 16 kHz, cut in the spectrum of the whole.

    The last band ends with the Nyquist frequency, which belongs to it.
    """
    frequencies = np.fft.rfftfreq(len(clean), 1 / RATE)
    inside = (frequencies >= low) & ((frequencies < high) | (high >= RATE // 2))
    mixed = np.where(inside, np.fft.rfft(signal), np.fft.rfft(clean))
    return np.asarray(np.fft.irfft(mixed, len(clean)))


def band_scores(clean: Samples, signal: Samples) -> tuple[BandScore, ...]:
    """The scores of each band of BANDS for two signals of equal length at 16 kHz."""
    reference, other = clean.astype(np.float64), signal.astype(np.float64)
    scores = []
    for low, high in BANDS:
        mixed = only_in_band(reference, other, low, high)
        try:
            pesq = pesq_wb(reference, mixed)
        except NoPesq:
            pesq = None
        error = float(np.sum((mixed - reference) ** 2))
        energy = float(np.sum(reference**2))
        ratio = float(10 * np.log10(energy / error)) if error > 0 and energy > 0 else None
        scores.append(BandScore(low, high, pesq, ratio))
    return tuple(scores)
