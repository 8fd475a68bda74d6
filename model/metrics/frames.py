"""Short-time frames of the composite measures, and the one FFT they all share.

Loizou's `composite.m` cuts 30 ms frames with 75 % overlap; at 16 kHz that is 480 samples every 120.
WSS needs the power spectrum of each windowed frame, LLR its first 17 autocorrelations, which are the inverse
transform of the same power spectrum (480 + 16 samples fit in 1024, so nothing wraps around).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

Array = NDArray[np.float64]

RATE = 16000
LENGTH = 480
HOP = 120
FFT_SIZE = 1024
ORDER = 16

#: w(n) = 0.5 (1 - cos(2 pi n / 481)), n = 1..480
WINDOW: Array = 0.5 * (1 - np.cos(2 * np.pi * np.arange(1, LENGTH + 1) / (LENGTH + 1)))


def count(samples: int) -> int:
    """Number of frames of a signal: int(L / 120 - 4), the last full frame left out; 0 below 600 samples."""
    return max(0, int(samples / HOP - LENGTH / HOP))


def windowed(signal: Array) -> Array:
    """Windowed frames [frames, 480] of a signal [samples]."""
    number = count(len(signal))
    if number == 0:
        return np.zeros((0, LENGTH))
    frames = np.lib.stride_tricks.sliding_window_view(signal, LENGTH)[::HOP][:number]
    return np.asarray(frames * WINDOW)


@dataclass(frozen=True, eq=False)
class FrameSpectra:
    """Windowed frames of one signal with what WSS and LLR read from them.

    frames [n, 480]; power [n, 513], |X_j|^2 not normalised; autocorrelation [n, 17].
    """

    frames: Array
    power: Array
    autocorrelation: Array


def spectra(signal: Array) -> FrameSpectra:
    """Frames, power spectra and autocorrelations of a signal [samples] in unit scale."""
    frames = windowed(signal)
    spectrum = fft.rfft(frames, FFT_SIZE, axis=-1)
    power = spectrum.real**2 + spectrum.imag**2
    return FrameSpectra(frames, power, power @ _LAGS)


def _lag_matrix() -> Array:
    """Inverse real FFT of a power spectrum for lags 0..16 only, as a matrix [513, 17]."""
    bins = np.arange(FFT_SIZE // 2 + 1)
    # all bins but the first and the last stand for themselves and their mirror image
    weight = np.where((bins == 0) | (bins == FFT_SIZE // 2), 1.0, 2.0) / FFT_SIZE
    return np.asarray(weight[:, None] * np.cos(2 * np.pi * np.outer(bins, np.arange(ORDER + 1)) / FFT_SIZE))


_LAGS = _lag_matrix()
