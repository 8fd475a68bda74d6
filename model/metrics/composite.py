"""LLR, WSS, segmental SNR and the three composite measures.

Sources: Y. Hu, P. C. Loizou, "Evaluation of objective quality measures for speech enhancement", IEEE TASLP 16(1),
2008, and the coefficients and habits of Loizou's `composite.m` (Speech Enhancement: Theory and Practice, 2013).
All functions take the :class:`~model.metrics.frames.FrameSpectra` of signals in unit scale (int16 / 32768).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.metrics.frames import ORDER, RATE, Array, FrameSpectra

#: Share of the frames, the smallest ones, over which LLR and WSS are averaged.
KEPT = 0.95
INT16 = 32768.0

# fmt: off
_CENTRES = np.array([
    50.0, 120.0, 190.0, 260.0, 330.0, 400.0, 470.0, 540.0, 617.372, 703.378, 798.717, 904.128, 1020.38,
    1148.30, 1288.72, 1442.54, 1610.70, 1794.16, 1993.93, 2211.08, 2446.71, 2701.97, 2978.04, 3276.17, 3597.63,
])
_BANDWIDTHS = np.array([
    70.0, 70.0, 70.0, 70.0, 70.0, 70.0, 70.0, 77.3724, 86.0056, 95.3398, 105.411, 116.256, 127.914,
    140.423, 153.823, 168.154, 183.457, 199.776, 217.153, 235.631, 255.255, 276.072, 298.126, 321.465, 346.136,
])
# fmt: on
_BINS = 512


def _critical_bands() -> Array:
    """The 25 critical-band filters over FFT bins 0..511, [25, 512]."""
    centre = np.floor(_CENTRES / (RATE / 2) * _BINS)[:, None]
    width = (_BANDWIDTHS / (RATE / 2) * _BINS)[:, None]
    gain = np.log(_BANDWIDTHS[0] / _BANDWIDTHS)[:, None]
    filters = np.exp(-11 * ((np.arange(_BINS) - centre) / width) ** 2 + gain)
    return np.where(filters > np.exp(-30 / (2 * 2.303)), filters, 0.0)


_BANDS = _critical_bands()


def kept_mean(values: Array) -> float:
    """Mean of the round(0.95 n) smallest of n values (half to even, as the reference port rounds); NaN if none."""
    kept = round(KEPT * len(values))
    return float(np.mean(np.sort(values)[:kept])) if kept else float("nan")


def _predictors(autocorrelation: Array) -> Array:
    """Whitening filters [n, 17], first tap 1, by Levinson-Durbin of order 16, all frames at once."""
    r = autocorrelation
    taps = np.zeros_like(r)
    taps[:, 0] = 1.0
    error = r[:, 0].copy()
    for order in range(1, ORDER + 1):
        reflection = -np.einsum("nk,nk->n", taps[:, :order], r[:, order:0:-1]) / error
        taps[:, 1 : order + 1] += reflection[:, None] * taps[:, order - 1 :: -1]
        error *= 1 - reflection**2
    return taps


def log_likelihood_ratio(clean: FrameSpectra, degraded: FrameSpectra) -> Array:
    """LLR per frame [n]: ln(a_d' R_c a_d / a_c' R_c a_c), not clamped; NaN where it is undefined.

    Undefined are frames without energy in either signal and frames whose ratio is not finite.
    """
    lags = np.abs(np.subtract.outer(np.arange(ORDER + 1), np.arange(ORDER + 1)))
    toeplitz = clean.autocorrelation[:, lags]  # [n, 17, 17]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        filters = np.stack(
            [_predictors(degraded.autocorrelation), _predictors(clean.autocorrelation)], axis=1
        )
        # residual energy of the clean frame after each whitening filter: [n, 2]
        residual = np.sum(np.matmul(filters, toeplitz) * filters, axis=-1)
        ratio = np.log(residual[:, 0] / residual[:, 1])
    silent = ~np.any(clean.frames, axis=1) | ~np.any(degraded.frames, axis=1)
    return np.where(silent | ~np.isfinite(ratio), np.nan, ratio)


def weighted_spectral_slope(clean: FrameSpectra, degraded: FrameSpectra, scale: float) -> Array:
    """WSS distance per frame [n].

    `scale` is what the samples were multiplied by before the measure's own division by 32768: 32768 for the
    int16-valued convention of the MATLAB reference, 1 for samples in [-1, 1]. It matters through the floor of 1e-10.
    """
    factor = (scale / INT16) ** 2
    energies = [
        10 * np.log10(np.maximum(factor * (side.power[:, :_BINS] @ _BANDS.T), 1e-10))
        for side in (clean, degraded)
    ]
    slopes = [np.diff(energy, axis=1) for energy in energies]  # [n, 24] each
    weight = (_slope_weights(energies[0], slopes[0]) + _slope_weights(energies[1], slopes[1])) / 2
    return np.asarray(np.sum(weight * (slopes[0] - slopes[1]) ** 2, axis=1) / np.sum(weight, axis=1))


def _slope_weights(energy: Array, slope: Array) -> Array:
    """Klatt's weights [n, 24]: near the overall maximum and near a local peak a slope counts more."""
    bands = np.arange(slope.shape[1])
    rising = slope > 0
    # rising: the first index >= i where the slope stops rising (24 if none), and one band short of that peak
    stop = np.minimum.accumulate(np.where(rising, len(bands), bands)[:, ::-1], axis=1)[:, ::-1]
    # falling: the last index <= i where the slope rose (-1 if none), and the band after it
    start = np.maximum.accumulate(np.where(rising, bands, -1), axis=1)
    peak = np.take_along_axis(energy, np.where(rising, stop - 1, start + 1), axis=1)
    here = energy[:, :-1]
    return np.asarray(20 / (20 + energy.max(axis=1, keepdims=True) - here) / (1 + peak - here))


def segmental_snr(clean: FrameSpectra, degraded: FrameSpectra) -> Array:
    """SNR per frame [n] in dB, clamped to [-10, 35]; a frame where both sums are 0 is -10."""
    signal = np.sum(clean.frames**2, axis=1)
    noise = np.sum((clean.frames - degraded.frames) ** 2, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        snr = 10 * np.log10(signal / noise)
    return np.clip(np.where(np.isnan(snr), -10.0, snr), -10.0, 35.0)


@dataclass(frozen=True)
class Composite:
    """CSIG, CBAK and COVL of one file at one sample scale, each clipped to [1, 5]; NaN where it has no value."""

    csig: float
    cbak: float
    covl: float


def composite(pesq: float, llr: float, wss: float, ssnr: float) -> Composite:
    """The three regressions of `composite.m` on wide-band PESQ (MOS-LQO), mean LLR, mean WSS and SSNR in dB."""
    return Composite(
        csig=float(np.clip(3.093 - 1.029 * llr + 0.603 * pesq - 0.009 * wss, 1, 5)),
        cbak=float(np.clip(1.634 + 0.478 * pesq - 0.007 * wss + 0.063 * ssnr, 1, 5)),
        covl=float(np.clip(1.594 + 0.805 * pesq - 0.512 * llr - 0.007 * wss, 1, 5)),
    )
