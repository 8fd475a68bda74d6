"""All test metrics of one pair of signals in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import MetricError
from model.metrics import composite as measures
from model.metrics.frames import HOP, RATE, Array, spectra
from model.metrics.intelligibility import intelligibility
from model.metrics.pesq_wb import NoPesq, pesq_wb

#: Names of the metrics, in the order of tables and CSV columns.
NAMES = (
    "pesq", "csig", "cbak", "covl", "ssnr", "stoi", "estoi", "si_sdr", "csig_unit", "cbak_unit", "covl_unit",
)  # fmt: skip


@dataclass(frozen=True)
class Missing:
    """A metric that has no value for a file, and why."""

    metric: str
    reason: str


@dataclass(frozen=True)
class Scores:
    """The metrics of one file; None where `missing` gives the reason.

    `csig`, `cbak`, `covl` are on int16-valued samples (the MATLAB reference), `*_unit` on samples in [-1, 1].
    SSNR and SI-SDR are in dB. `frames` is the number of 30 ms frames, `undefined_frames` of them had no LLR.
    """

    pesq: float | None
    csig: float | None
    cbak: float | None
    covl: float | None
    ssnr: float | None
    stoi: float | None
    estoi: float | None
    si_sdr: float | None
    csig_unit: float | None
    cbak_unit: float | None
    covl_unit: float | None
    missing: tuple[Missing, ...] = ()
    frames: int = 0
    undefined_frames: int = 0
    notes: tuple[str, ...] = ()

    def value(self, metric: str) -> float | None:
        """The value of a metric by its name in :data:`NAMES`. Raises KeyError for another name."""
        if metric not in NAMES:
            raise KeyError(metric)
        value: float | None = getattr(self, metric)
        return value

    def why(self, metric: str) -> str | None:
        """The reason why a metric is missing, or None."""
        return next((entry.reason for entry in self.missing if entry.metric == metric), None)


def score(clean: NDArray[Any], enhanced: NDArray[Any], rate: int) -> Scores:
    """Every test metric of `enhanced` against `clean`, both [samples] at 16 kHz.

    Float samples are taken as they are, in [-1, 1] by convention, neither rounded nor clipped; int16 samples are
    divided by 32768. Signals whose lengths differ by at most one hop (120 samples) are cut to the shorter, with a
    note. Raises :class:`~model.errors.MetricError` for another rate, more than one channel, another integer type,
    samples that are not finite, and a larger difference in length. A metric without a value is None and has an
    entry in `missing`. Definitions and sources: `docs/metrics.md`.
    """
    if rate != RATE:
        raise MetricError(f"the metrics are defined at {RATE} Hz, not {rate} Hz; resample both signals first")
    reference, degraded = _samples(clean, "clean"), _samples(enhanced, "enhanced")
    notes: list[str] = []
    difference = len(degraded) - len(reference)
    if abs(difference) > HOP:
        raise MetricError(
            f"lengths differ by {abs(difference)} samples ({len(reference)} clean, {len(degraded)} enhanced), "
            f"more than one hop of {HOP}; align the files first"
        )
    if difference:
        length = min(len(reference), len(degraded))
        reference, degraded = reference[:length], degraded[:length]
        notes.append(f"cut to {length} samples, lengths differed by {abs(difference)}")
    return _score(reference, degraded, notes)


def _samples(signal: NDArray[Any], name: str) -> Array:
    array = np.asarray(signal)
    if array.ndim != 1:
        raise MetricError(f"the {name} signal has shape {array.shape}; one channel is expected")
    if array.dtype == np.int16:
        return np.asarray(array / measures.INT16)
    if not np.issubdtype(array.dtype, np.floating):
        raise MetricError(f"the {name} signal is {array.dtype}; float or int16 samples are expected")
    if not np.all(np.isfinite(array)):
        raise MetricError(f"the {name} signal holds NaN or infinite samples")
    return np.ascontiguousarray(array, dtype=np.float64)


def _score(clean: Array, enhanced: Array, notes: list[str]) -> Scores:
    values: dict[str, float | None] = dict.fromkeys(NAMES)
    reasons: dict[str, str] = {}
    try:
        values["pesq"] = pesq_wb(clean, enhanced)
    except NoPesq as reason:
        reasons["pesq"] = str(reason)
    frames, undefined = _composites(clean, enhanced, values, reasons, notes)
    if np.any(clean):
        audible = intelligibility(clean, enhanced)
        values["stoi"], values["estoi"] = audible.stoi, audible.estoi
        if audible.stoi is None:
            reasons["stoi"] = reasons["estoi"] = "fewer than 30 frames of speech"
    else:
        reasons["stoi"] = reasons["estoi"] = "clean signal is all zero"
    try:
        values["si_sdr"] = si_sdr(clean, enhanced)
    except ZeroDivisionError as reason:
        reasons["si_sdr"] = str(reason)
    missing = tuple(Missing(name, reasons[name]) for name in NAMES if name in reasons)
    return Scores(**values, missing=missing, frames=frames, undefined_frames=undefined, notes=tuple(notes))


def _composites(
    clean: Array, enhanced: Array, values: dict[str, float | None], reasons: dict[str, str], notes: list[str]
) -> tuple[int, int]:
    """Fill in SSNR and the composites of both scales; the number of frames and of those without LLR."""
    one, other = spectra(clean), spectra(enhanced)
    frames = len(one.frames)
    composites = [name for name in NAMES if name.startswith(("csig", "cbak", "covl"))]
    if frames == 0:
        reasons.update(dict.fromkeys(["ssnr", *composites], "shorter than 600 samples"))
        return 0, 0
    ssnr = values["ssnr"] = float(np.mean(measures.segmental_snr(one, other)))
    ratios = measures.log_likelihood_ratio(one, other)
    defined = ratios[~np.isnan(ratios)]
    undefined = frames - len(defined)
    if undefined and len(defined):
        notes.append(f"{undefined} of {frames} frames have no LLR and are left out of it")
    llr = measures.kept_mean(defined)
    for suffix, scale in (("", measures.INT16), ("_unit", 1.0)):
        wss = measures.kept_mean(measures.weighted_spectral_slope(one, other, scale))
        pesq = values["pesq"]
        if pesq is None:
            continue
        result = measures.composite(pesq, llr, wss, ssnr)
        values["cbak" + suffix] = result.cbak
        if len(defined):
            values["csig" + suffix], values["covl" + suffix] = result.csig, result.covl
    for name in composites:
        if values["pesq"] is None:
            reasons[name] = f"no PESQ: {reasons['pesq']}"
        elif values[name] is None:
            reasons[name] = "no frame with a defined LLR"
    return frames, undefined


def si_sdr(clean: Array, enhanced: Array) -> float:
    """Scale-invariant SDR in dB of two signals [samples], without mean removal.

    Source: J. Le Roux et al., "SDR - half-baked or well done?", ICASSP 2019. Raises ZeroDivisionError with the
    reason where the ratio does not exist.
    """
    if not np.any(clean):
        raise ZeroDivisionError("clean signal is all zero")
    if not np.any(enhanced):
        raise ZeroDivisionError("enhanced signal is all zero")
    target = (enhanced @ clean) / (clean @ clean) * clean
    residual = enhanced - target
    signal, noise = float(target @ target), float(residual @ residual)
    if noise == 0:
        raise ZeroDivisionError("enhanced equals clean up to a factor, the ratio is infinite")
    if signal == 0:
        raise ZeroDivisionError("enhanced has nothing of clean in it, the ratio is zero")
    return float(10 * np.log10(signal / noise))
