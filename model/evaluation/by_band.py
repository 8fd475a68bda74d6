"""In which band of the spectrum a system gains: its signal inside the band and clean outside, against noisy so treated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.bands import BANDS, BandScore
from model.evaluation.measuring import Progress
from model.evaluation.paired import PairedDifference, paired_difference
from model.evaluation.summary import TestSet
from model.evaluation.systems import System
from model.evaluation.test_data import TestData
from model.evaluation.where import RATIO, RATIO_NOTE, Utterance, closing, on, where


@dataclass(frozen=True)
class BandGain:
    """One band in Hz: means with the noisy signal and with the system's in it, and the gain.

    Of PESQ and of the ratio of the whole clean signal to the error in the band, in dB. Means are over the files that have a
    value (PESQ has none for some, the ratio none where nothing differs from clean); None when no file has.
    """

    low: int
    high: int
    noisy_pesq: float | None
    pesq: float | None
    pesq_gain: PairedDifference | None
    noisy_clean_to_error: float | None
    clean_to_error: float | None
    clean_to_error_gain: PairedDifference | None


@dataclass(frozen=True)
class ByBand:
    """The bands of a system on a test set; `failed` are files without scores, with the reason."""

    system: str
    test_set: TestSet
    bands: tuple[BandGain, ...]
    failed: dict[str, str]
    remarks: tuple[str, ...]


def by_band(
    system: System, data: TestData, *, workers: int, progress: Progress, bad: str = "refuse"
) -> ByBand:
    """Locate the gain of a system over noisy. Raises EvaluationError when no file can be scored."""
    found = where(System("noisy", "noisy"), system, data, workers=workers, progress=progress, bad=bad)
    gains = tuple(_gain(number, found.utterances) for number in range(len(BANDS)))
    return ByBand(system.name, data.test_set, gains, found.failed, found.remarks)


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
        noisy_clean_to_error=_mean([score.clean_to_error for score in before]),
        clean_to_error=_mean([score.clean_to_error for score in after]),
        clean_to_error_gain=_paired(before, after, "clean_to_error"),
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
    lines = [f"{'band':14} {'':11} {'noisy':>8} {result.system:>16}  gain [95 % interval]"]
    for band in result.bands:
        name = f"{band.low}-{band.high} Hz"
        for metric, before, after, gain in (
            ("PESQ", band.noisy_pesq, band.pesq, band.pesq_gain),
            (RATIO, band.noisy_clean_to_error, band.clean_to_error, band.clean_to_error_gain),
        ):
            cells = [
                f"{'-' if value is None else f'{value:.3f}':>{w}}" for value, w in ((before, 8), (after, 16))
            ]
            lines.append(f"{name:14} {metric:11} {' '.join(cells)}  {'no values' if gain is None else gain}")
            name = ""
    lines.append("In each row the signal is clean outside the band.")
    lines.append(f"{RATIO_NOTE}. On {on(result.test_set)}.")
    return "\n".join([*lines, *closing(result.failed, result.remarks)])
