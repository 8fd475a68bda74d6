"""The log-mel spectrogram that the P.808 model of DNSMOS was trained on.

Its authors make it with librosa: 321-point frames every 160 samples, centred and padded with zeros, periodic Hann window, power
spectrum, 120 Slaney mel bands up to 8 kHz with equal area, in dB below the loudest (at most 80), then (dB + 40) / 40.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RATE = 16000
FFT = 321
HOP = 160
BANDS = 120
RANGE_DB = 80.0
SMALLEST = 1e-10


def log_mel(signal: Array) -> Array:
    """A signal [samples] at 16 kHz -> [frames, 120] with frames = 1 + (samples - 1) // 160."""
    padded = np.pad(signal, FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT)[::HOP]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT) / FFT)
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2  # [frames, 161]
    decibels = 10 * np.log10(np.maximum(power @ mel_filters().T, SMALLEST))
    decibels = np.maximum(decibels - decibels.max(), -RANGE_DB)
    return np.asarray((decibels + 40) / 40)


@lru_cache(maxsize=1)
def mel_filters() -> Array:
    """Triangles over the bins between neighbouring mel frequencies, all of the same area (Slaney): [120, 161]."""
    bins = np.fft.rfftfreq(FFT, 1 / RATE)
    edges = _hertz(np.linspace(_mel(0.0), _mel(RATE / 2), BANDS + 2))
    widths = np.diff(edges)
    slopes = edges[:, None] - bins  # [122, 161]
    rising, falling = -slopes[:-2] / widths[:-1, None], slopes[2:] / widths[1:, None]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return np.asarray(triangles * (2 / (edges[2:] - edges[:-2]))[:, None])


def _mel(hertz: float) -> float:
    """Slaney's scale: linear up to 1 kHz, then logarithmic, 27 mels to a factor of 6.4."""
    if hertz < 1000:
        return 3 * hertz / 200
    return float(15 + 27 * np.log(hertz / 1000) / np.log(6.4))


def _hertz(mels: Array) -> Array:
    return np.where(mels < 15, 200 * mels / 3, 1000 * np.exp(np.log(6.4) / 27 * (mels - 15)))
