"""STOI and ESTOI from one shared front end.

Sources: C. H. Taal et al., "An algorithm for intelligibility prediction of time-frequency weighted noisy speech",
IEEE TASLP 19(7), 2011 (STOI); J. Jensen, C. H. Taal, "An algorithm for predicting the intelligibility of speech
masked by modulated noise maskers", IEEE/ACM TASLP 24(11), 2016 (ESTOI). Constants, resampling filter and frame
counting are those of `pystoi`, whose resampler and band matrix are used; resampling, silence removal and spectra
are computed once for both measures and both signals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pystoi import utils
from scipy import fft

from model.metrics.frames import RATE, Array

_FS = 10000
_FRAME = 256
_HOP = 128
_FFT_SIZE = 512
_SEGMENT = 30
_DYNAMIC_RANGE = 40.0
_CLIP = 1 + 10 ** (15 / 20)
_EPS = float(np.finfo(np.float64).eps)
_WINDOW: Array = np.hanning(_FRAME + 2)[1:-1]
_BANDS: Array = utils.thirdoct(_FS, _FFT_SIZE, 15, 150)[0]


@dataclass(frozen=True)
class Intelligibility:
    """STOI and ESTOI of one pair, or None for both when too little speech is left."""

    stoi: float | None
    estoi: float | None


def intelligibility(clean: Array, enhanced: Array) -> Intelligibility:
    """STOI and ESTOI of two signals [samples] of equal length at 16 kHz.

    Both are None when fewer than 30 frames (384 ms) of speech remain after silent frames were left out, where
    `pystoi` returns 1e-5 with a warning.
    """
    pair = utils.resample_oct(np.stack([clean, enhanced], axis=-1), _FS, RATE).T  # [2, samples at 10 kHz]
    # pystoi compares with the length, not length + 1, so a frame ending on the last sample is left out
    number = max(0, -(-(pair.shape[1] - _FRAME) // _HOP))
    if number < _SEGMENT:
        return Intelligibility(None, None)
    frames = _frames(pair, number)
    loudness = 20 * np.log10(np.linalg.norm(frames[0], axis=1) + _EPS)
    speech = loudness > loudness.max() - _DYNAMIC_RANGE
    joined = _overlap_add(frames[:, speech])
    number = max(0, -(-(joined.shape[1] - _FRAME) // _HOP))
    if number < _SEGMENT:
        return Intelligibility(None, None)
    spectrum = fft.rfft(_frames(joined, number), _FFT_SIZE, axis=-1)
    power = spectrum.real**2 + spectrum.imag**2
    bands = np.sqrt(power @ _BANDS.T).transpose(0, 2, 1)  # [2, 15, frames]
    # one segment of 30 frames ends at each frame: [segments, 15, 30]
    reference, degraded = np.lib.stride_tricks.sliding_window_view(bands, _SEGMENT, axis=2).transpose(
        0, 2, 1, 3
    )
    return Intelligibility(_stoi(reference, degraded), _estoi(reference, degraded))


def _frames(signals: Array, number: int) -> Array:
    """Windowed frames [2, number, 256] of two signals [2, samples]."""
    views = np.lib.stride_tricks.sliding_window_view(signals, _FRAME, axis=1)[:, ::_HOP]
    return np.asarray(views[:, :number] * _WINDOW)


def _overlap_add(frames: Array) -> Array:
    """Two signals [2, samples] from frames [2, n, 256] that overlap by half."""
    halves = frames.reshape(2, -1, 2, _HOP)
    joined = np.zeros((2, halves.shape[1] + 1, _HOP))
    joined[:, :-1] += halves[:, :, 0]
    joined[:, 1:] += halves[:, :, 1]
    return joined.reshape(2, -1)


def _stoi(reference: Array, degraded: Array) -> float:
    """Mean correlation of band envelopes, the degraded one scaled to the reference and clipped at -15 dB SDR."""
    energy = np.einsum("sbt,sbt->sb", reference, reference)
    scale = np.sqrt(energy) / (np.sqrt(np.einsum("sbt,sbt->sb", degraded, degraded)) + _EPS)
    clipped = np.minimum(degraded * scale[:, :, None], reference * _CLIP)
    clipped -= clipped.mean(axis=2, keepdims=True)
    centred = reference - reference.mean(axis=2, keepdims=True)
    product = np.einsum("sbt,sbt->sb", clipped, centred)
    norms = np.sqrt(np.einsum("sbt,sbt->sb", clipped, clipped)) + _EPS
    norms *= np.sqrt(np.einsum("sbt,sbt->sb", centred, centred)) + _EPS
    return float(np.mean(product / norms))


def _estoi(reference: Array, degraded: Array) -> float:
    """Mean spectral correlation of row- and column-normalised segments."""
    product = np.einsum("sbt,sbt->", _normalised(reference), _normalised(degraded))
    return float(product / (_SEGMENT * len(reference)))


def _normalised(segments: Array) -> Array:
    """Rows (bands over time), then columns (frames over bands), to mean 0 and norm 1; constant ones become 0.

    pystoi adds noise of 1e-16 instead, which makes a constant row an arbitrary one.
    """
    rows: Array = segments - segments.mean(axis=2, keepdims=True)
    rows *= _reciprocal(np.sqrt(np.einsum("sbt,sbt->sb", rows, rows)))[:, :, None]
    rows -= rows.mean(axis=1, keepdims=True)
    rows *= _reciprocal(np.sqrt(np.einsum("sbt,sbt->st", rows, rows)))[:, None, :]
    return rows


def _reciprocal(norm: Array) -> Array:
    inverse: Array = np.divide(1.0, norm, out=np.zeros_like(norm), where=norm > 0)
    return inverse
