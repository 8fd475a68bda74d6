"""Every file under several systems: metrics, scores by band, and the SNR of its noisy input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.bands import BandScore, band_scores
from model.data import Pair, audio
from model.errors import EvaluationError, ModelError
from model.evaluation.alignment import equal_length
from model.evaluation.enhanced import EnhancedAudio, open_enhanced
from model.evaluation.pool import FileScore, network_of, processed, scored
from model.evaluation.systems import System
from model.evaluation.test_data import TestData
from model.inspection.effects import processed_without
from model.metrics import RATE
from model.metrics.by_time import ssnr_by_time
from model.workers import worker_pool

#: Called after each file with a name, files done and files in all.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Measured:
    """One file under one system: input SNR in dB, metrics, scores by band, and SSNR of each part in `by_time.TIMES`."""

    id: str
    snr: float
    score: FileScore
    bands: tuple[BandScore, ...]
    times: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Measurements:
    """The files of a test set under one system, by id, and those that failed, with the reason."""

    system: System
    files: dict[str, Measured]
    failed: dict[str, str]


def measure(
    systems: Sequence[System], data: TestData, workers: int, progress: Progress, bad: str = "refuse"
) -> list[Measurements]:
    """Score every file under every system, one system after the other, files in parallel.

    What fails for a file is among the `failed`, files left out as bad too. Raises EvaluationError when a folder of enhanced
    audio cannot be scored.
    """
    audio_of = {
        system: open_enhanced(system.path, data.pairs, bad)
        for system in systems
        if system.source == "enhanced" and system.path
    }
    results = []
    with worker_pool(workers) as pool:
        for system in systems:
            files: dict[str, Measured] = {}
            failed = dict(data.left_out)
            futures = {}
            for pair in data.pairs:
                path, reason = _file(pair, audio_of.get(system))
                if reason:
                    failed[pair.id] = reason
                else:
                    futures[pool.submit(measure_file, pair, system, path)] = pair.id
            for number, future in enumerate(as_completed(futures), 1):
                name = futures[future]
                try:
                    files[name] = future.result()
                except ModelError as error:
                    failed[name] = str(error)
                progress(system.name, number, len(futures))
            results.append(Measurements(system, files, failed))
    return results


def _file(pair: Pair, theirs: EnhancedAudio | None) -> tuple[Path | None, str]:
    """The enhanced file of a pair, or why it has none that can be scored."""
    if theirs is None:
        return None, ""
    if pair.id not in theirs.files:
        return None, "no enhanced file of this name"
    return theirs.files[pair.id], theirs.bad.get(pair.id, "")


def measure_file(pair: Pair, system: System, enhanced: Path | None) -> Measured:
    """One file under one system, in this process. Raises a ModelError that says what is wrong with it."""
    clean, noisy = audio.read_at(pair.clean, RATE), audio.read_at(pair.noisy, RATE)
    noise = float(np.sum((noisy.astype(np.float64) - clean) ** 2))
    energy = float(np.sum(clean.astype(np.float64) ** 2))
    snr = 10 * float(np.log10(energy / noise)) if noise > 0 and energy > 0 else float("inf")
    output = noisy
    if system.source == "checkpoint" and system.path is not None:
        if system.without:
            output = processed_without(system.path, system.without, system.calibration, noisy)
        else:
            output = processed(network_of(system.path), noisy)
    elif enhanced is not None:
        output = audio.read_at(enhanced, RATE)
    clean, output, _ = equal_length(clean, output)
    try:
        scores, bands = scored(pair.id, clean, output), band_scores(clean, output)
        return Measured(pair.id, snr, scores, bands, ssnr_by_time(clean, output))
    except (ArithmeticError, ValueError) as error:
        raise EvaluationError(f"a metric failed: {type(error).__name__}: {error}") from None
