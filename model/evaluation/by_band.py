"""In which band of the spectrum a system gains: its signal inside the band and clean outside, against noisy so treated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.bands import BANDS, BandScore
from model.evaluation.evaluate import Progress, System, TestData, quiet
from model.evaluation.paired import PairedDifference, paired_difference
from model.evaluation.where import Utterance, where


@dataclass(frozen=True)
class BandGain:
    """One band in Hz: mean of PESQ and of SNR in dB with the noisy signal and with the system's in it, and the gain.

    Means are over the files that have a value (PESQ has none for some, SNR none where nothing differs from clean);
    None when no file has.
    """

    low: int
    high: int
    noisy_pesq: float | None
    pesq: float | None
    pesq_gain: PairedDifference | None
    noisy_snr: float | None
    snr: float | None
    snr_gain: PairedDifference | None


@dataclass(frozen=True)
class ByBand:
    """The bands of a system on a test set; `failed` are files without scores, with the reason."""

    system: str
    test_set: str
    files: int
    bands: tuple[BandGain, ...]
    failed: dict[str, str]


def by_band(system: System, data: TestData, *, workers: int, progress: Progress = quiet) -> ByBand:
    """Locate the gain of a system over noisy. Raises EvaluationError when no file can be scored."""
    found = where(System("noisy", "noisy"), system, data, workers=workers, progress=progress)
    gains = tuple(_gain(number, found.utterances) for number in range(len(BANDS)))
    return ByBand(system.name, data.test_set.name, data.test_set.files, gains, found.failed)


def _gain(number: int, files: Sequence[Utterance]) -> BandGain:
    before = [file.bands_a[number] for file in files]
    after = [file.bands_b[number] for file in files]
    low, high = BANDS[number]
    return BandGain(
        low=low,
        high=high,
        noisy_pesq=_mean([score.pesq for score in before]),
        pesq=_mean([score.pesq for score in after]),
        pesq_gain=_paired(before, after, "pesq"),
        noisy_snr=_mean([score.snr for score in before]),
        snr=_mean([score.snr for score in after]),
        snr_gain=_paired(before, after, "snr"),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    numbers = [value for value in values if value is not None]
    return float(np.mean(numbers)) if numbers else None


def _paired(before: Sequence[BandScore], after: Sequence[BandScore], what: str) -> PairedDifference | None:
    return paired_difference(
        [getattr(score, what) for score in before], [getattr(score, what) for score in after]
    )


def table(result: ByBand) -> str:
    """The bands as text."""
    lines = [f"{'band':14} {'':5} {'noisy':>8} {result.system:>16}  gain [95 % interval]"]
    for band in result.bands:
        name = f"{band.low}-{band.high} Hz"
        for metric, before, after, gain in (
            ("PESQ", band.noisy_pesq, band.pesq, band.pesq_gain),
            ("SNR", band.noisy_snr, band.snr, band.snr_gain),
        ):
            cells = [
                f"{'-' if value is None else f'{value:.3f}':>{w}}" for value, w in ((before, 8), (after, 16))
            ]
            lines.append(f"{name:14} {metric:5} {' '.join(cells)}  {'no values' if gain is None else gain}")
            name = ""
    lines.append("In each row the signal is clean outside the band.")
    lines += [f"not compared: {name}: {reason}" for name, reason in list(result.failed.items())[:5]]
    return "\n".join(lines)
