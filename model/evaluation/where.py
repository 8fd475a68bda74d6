"""Where system B helps over system A: by utterance, by input SNR, by frequency band."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from model.bands import BANDS, BandScore, band_scores
from model.data import Pair, audio
from model.data.audio import Samples
from model.errors import EvaluationError, ModelError, ModelUsageError
from model.evaluation.evaluate import Progress, System, TestData, enhanced_files, quiet
from model.evaluation.paired import PairedDifference, paired_difference
from model.evaluation.pool import FileScore, file_score, network_of, processed
from model.metrics import NAMES, RATE, score
from model.workers import worker_pool

#: Edges in dB between the groups of input SNR.
SNR_EDGES = (0.0, 5.0, 10.0, 15.0)


@dataclass(frozen=True)
class Utterance:
    """One file under both systems: input SNR in dB, scores and band scores of A and B."""

    id: str
    snr: float
    a: FileScore
    b: FileScore
    bands_a: tuple[BandScore, ...]
    bands_b: tuple[BandScore, ...]


@dataclass(frozen=True)
class Group:
    """Paired differences B - A of PESQ (and SNR in dB for bands) in a part of the files or of the spectrum."""

    label: str
    files: int
    pesq: PairedDifference | None
    snr: PairedDifference | None = None


@dataclass(frozen=True)
class Where:
    """Differences B - A: per metric over all files, per group of input SNR, per band; and every file."""

    a: str
    b: str
    overall: dict[str, PairedDifference | None]
    by_snr: tuple[Group, ...]
    by_band: tuple[Group, ...]
    utterances: tuple[Utterance, ...]
    failed: dict[str, str]


def system(word: str) -> System:
    """`noisy`, a checkpoint file or a folder of enhanced audio. Raises ModelUsageError when it is none of them."""
    path = Path(word)
    if word == "noisy":
        return System("noisy", "noisy")
    if path.is_dir():
        return System(path.name, "enhanced", path)
    if path.is_file():
        return System(path.stem, "checkpoint", path)
    raise ModelUsageError(f"{word} is neither a checkpoint file, nor a folder of enhanced audio, nor 'noisy'")


def where(a: System, b: System, data: TestData, *, workers: int, progress: Progress = quiet) -> Where:
    """Score both systems on every file and group the differences. Raises EvaluationError when no file can be scored."""
    folders = tuple(
        enhanced_files(side.path) if side.source == "enhanced" and side.path else {} for side in (a, b)
    )
    found: list[Utterance] = []
    failed: dict[str, str] = {}
    with worker_pool(workers) as pool:
        futures = {
            pool.submit(_compare, pair, (a, b), tuple(files.get(pair.id) for files in folders)): pair
            for pair in data.pairs
        }
        for number, future in enumerate(as_completed(futures), 1):
            try:
                found.append(future.result())
            except ModelError as error:
                failed[futures[future].id] = str(error)
            progress(f"{a.name} against {b.name}", number, len(data.pairs))
    if not found:
        raise EvaluationError(f"no file could be scored: {next(iter(failed.values()))}")
    found.sort(key=lambda utterance: utterance.id)
    return summarise(a.name, b.name, found, dict(sorted({**data.left_out, **failed}.items())))


def summarise(a: str, b: str, found: Sequence[Utterance], failed: dict[str, str]) -> Where:
    """Group the files of a comparison."""
    edges = (-np.inf, *SNR_EDGES, np.inf)
    by_snr = []
    for low, high in pairwise(edges):
        members = [
            utterance for utterance in found if low <= utterance.snr and not utterance.snr >= high < np.inf
        ]
        label = (
            f"below {high:g} dB"
            if low == -np.inf
            else f"{low:g} dB and more"
            if high == np.inf
            else f"{low:g}..{high:g} dB"
        )
        by_snr.append(Group(label, len(members), _difference(members, "pesq")))
    by_band = []
    for number, (low, high) in enumerate(BANDS):
        pesq = paired_difference(
            [u.bands_a[number].pesq for u in found], [u.bands_b[number].pesq for u in found]
        )
        snr = paired_difference(
            [u.bands_a[number].snr for u in found], [u.bands_b[number].snr for u in found]
        )
        by_band.append(Group(f"{low}-{high} Hz", len(found), pesq, snr))
    overall = {metric: _difference(found, metric) for metric in NAMES}
    return Where(a, b, overall, tuple(by_snr), tuple(by_band), tuple(found), failed)


def _difference(files: Sequence[Utterance], metric: str) -> PairedDifference | None:
    return paired_difference(
        [file.a.value(metric) for file in files], [file.b.value(metric) for file in files]
    )


def _compare(pair: Pair, systems: tuple[System, System], enhanced: tuple[Path | None, ...]) -> Utterance:
    clean, noisy = audio.read_at(pair.clean, RATE), audio.read_at(pair.noisy, RATE)
    outputs = [_output(side, noisy, path, len(clean)) for side, path in zip(systems, enhanced, strict=True)]
    noise = float(np.sum((noisy.astype(np.float64) - clean) ** 2))
    energy = float(np.sum(clean.astype(np.float64) ** 2))
    snr = 10 * float(np.log10(energy / noise)) if noise > 0 else float("inf")
    scores = [file_score(pair.id, score(clean, output, RATE)) for output in outputs]
    bands = [band_scores(clean, output) for output in outputs]
    return Utterance(pair.id, snr, scores[0], scores[1], bands[0], bands[1])


def _output(side: System, noisy: Samples, path: Path | None, length: int) -> Samples:
    if side.source == "noisy":
        return noisy
    if side.source == "checkpoint" and side.path is not None:
        return processed(network_of(side.path), noisy)
    if path is None:
        raise EvaluationError(f"{side.path} has no file of this name")
    signal = audio.read_at(path, RATE)
    if len(signal) != length:
        raise EvaluationError(f"{path} has {len(signal)} samples, its clean file {length}")
    return signal


def describe(result: Where, shown: int = 5) -> str:
    """The comparison as text: overall, by SNR, by band, and the files that gain and lose most PESQ."""
    lines = [f"{result.b} minus {result.a}, mean [95 % interval of the mean over files]"]
    lines += [f"  {metric:10} {_text(value)}" for metric, value in result.overall.items()]
    lines += ["by input SNR (PESQ)"]
    lines += [f"  {group.label:16} {_text(group.pesq)}" for group in result.by_snr if group.files]
    lines += ["by band: the system inside the band, clean outside it"]
    for group in result.by_band:
        lines.append(f"  {group.label:14} PESQ {_text(group.pesq)}")
        lines.append(f"  {'':14} SNR  {_text(group.snr)}")
    gains = sorted(
        (b_pesq - a_pesq, file.id, file.snr)
        for file in result.utterances
        if (a_pesq := file.a.value("pesq")) is not None and (b_pesq := file.b.value("pesq")) is not None
    )
    above = [entry for entry in gains[::-1] if entry[0] > 0]
    below = [entry for entry in gains if entry[0] < 0]
    for title, part in (("largest gain", above[:shown]), ("largest loss", below[:shown])):
        lines.append(f"{title} in PESQ" + ("" if part else ": no file"))
        lines += [f"  {name:20} {gain:+.3f}  (input SNR {snr:.1f} dB)" for gain, name, snr in part]
    lines += [f"not compared: {name}: {reason}" for name, reason in list(result.failed.items())[:shown]]
    return "\n".join(lines)


def _text(value: PairedDifference | None) -> str:
    return "no file has values" if value is None else str(value)
