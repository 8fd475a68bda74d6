"""The effect of knocking out each part of a checkpoint, measured on files.

A knock-out says what the trained network does with a part. It is no ablation: nothing is trained again, and a network
trained without the part might well do as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from model.checkpoint import load_checkpoint
from model.data import Pair, audio
from model.data.audio import Samples
from model.errors import EvaluationError, ModelError, ModelUsageError
from model.evaluation.pool import network_of, processed
from model.inspection.knockout import Cut, Means, cuts_of, means_of, without
from model.inspection.parts import How, Part, part_of, parts_of
from model.inspection.verdicts import Sample, Thresholds, Verdict, sample, verdict
from model.metrics import RATE, si_sdr
from model.metrics.intelligibility import intelligibility
from model.metrics.pesq_wb import NoPesq, pesq_wb
from model.networks import Network
from model.workers import worker_pool

LONGEST_SECONDS = 10
"""Of longer files the first so many seconds are used."""
FLOOR_DB = -120.0
"""A smaller change than this is single-precision rounding, and counts as this."""
CALIBRATION_FILES = 10
FEWEST_FILES = 3
"""Below this an interval says so little that nothing is measured."""

Progress = Callable[[str, int, int], None]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class FileEffect:
    """What one knock-out does to one file: `local_db` and `output_db` are levels of the change relative to what was there,
    the others are differences, without the part minus with it; None where a metric has no value."""

    local_db: float | None
    output_db: float
    pesq: float | None
    stoi: float | None
    si_sdr: float | None


@dataclass(frozen=True)
class PartEffect:
    """The effect of replacing one part, over the files. Differences are without the part minus with it."""

    part: str
    words: str
    how: How
    rank: int
    """1 is the largest effect on PESQ (on the output, where no file has a PESQ)."""
    verdict: Verdict
    inert: bool
    """The interval of the change of its own surroundings lies under the threshold: it does nothing where it stands."""
    local_db: Sample | None
    output_db: Sample
    pesq: Sample | None
    stoi: Sample | None
    si_sdr: Sample | None


@dataclass(frozen=True)
class KnockOuts:
    """The effects of all knock-outs of a checkpoint, largest first, and what the network scores as it is."""

    checkpoint: Path
    sha256: str
    files: tuple[str, ...]
    pesq: float | None
    stoi: float | None
    si_sdr: float | None
    thresholds: Thresholds
    effects: tuple[PartEffect, ...]
    failed: Mapping[str, str] = field(default_factory=dict)

    def of(self, part: str, how: How | None = None) -> PartEffect:
        """The effect of one part (of its first replacement unless said). Raises KeyError."""
        order = {How.REMOVED: 0, How.CONSTANT: 1}
        found = [effect for effect in self.effects if effect.part == part and how in (None, effect.how)]
        if not found:
            raise KeyError(part)
        return min(found, key=lambda effect: order[effect.how])

    def named(self, verdict: Verdict) -> list[PartEffect]:
        """The parts with this verdict, in the network's order of importance."""
        return [effect for effect in self.effects if effect.verdict is verdict]


@dataclass(frozen=True)
class _Heard:
    """Output of a network, and of each host module on the way."""

    output: Array
    hosts: dict[str, Tensor]


def choose(pairs: Sequence[Pair], files: int) -> list[Pair]:
    """`files` pairs evenly spread over a corpus in the order of their ids. Raises ModelUsageError when there are too few."""
    if files > len(pairs):
        raise ModelUsageError(
            f"{files} files are needed, and there are {len(pairs)}; ask for fewer with --files."
        )
    ordered = sorted(pairs, key=lambda pair: pair.id)
    places = np.linspace(0, len(ordered) - 1, files).round().astype(int)
    return [ordered[place] for place in places]


def knock_outs(
    checkpoint: Path,
    pairs: Sequence[Pair],
    *,
    select: Iterable[str] = (),
    thresholds: Thresholds | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> KnockOuts:
    """Knock out every part of a checkpoint (with `select`: the parts of these names and those inside them) on these files.

    Means that parts are replaced by are taken over the same files. Files at 16 kHz. Raises CheckpointError, ModelUsageError
    for an unknown part or fewer than three files, EvaluationError when fewer files could be measured.
    """
    if len(pairs) < FEWEST_FILES:
        raise ModelUsageError(f"Knock-outs need at least {FEWEST_FILES} files, and {len(pairs)} were given.")
    network, meta = load_checkpoint(checkpoint)
    parts = _selected(network, tuple(select))
    means = means_of(network, parts, (_read(pair.noisy) for pair in pairs))
    found, failed = _measured(checkpoint, pairs, tuple(part.name for part in parts), means, workers, progress)
    if len(found) < FEWEST_FILES:
        raise EvaluationError(f"Too few files could be measured: {next(iter(failed.values()))}")
    limits = thresholds or Thresholds()
    cuts = cuts_of(parts)
    effects = [
        _summed(cut, [file[1][place] for file in found.values()], limits) for place, cut in enumerate(cuts)
    ]
    whole = [file[0] for file in found.values()]
    return KnockOuts(
        checkpoint=Path(checkpoint),
        sha256=meta.sha256,
        files=tuple(found),
        pesq=_mean(scores[0] for scores in whole),
        stoi=_mean(scores[1] for scores in whole),
        si_sdr=_mean(scores[2] for scores in whole),
        thresholds=limits,
        effects=_ranked(effects),
        failed=failed,
    )


def _selected(network: Network, names: tuple[str, ...]) -> tuple[Part, ...]:
    parts = parts_of(network)
    if not names:
        return parts
    wanted = [part_of(network, name).name for name in names]
    return tuple(
        part
        for part in parts
        if any(part.name == name or part.name.startswith(f"{name}.") for name in wanted)
    )


Scores = tuple[float | None, float | None, float | None]
"""PESQ, STOI and SI-SDR."""


def _measured(
    checkpoint: Path,
    pairs: Sequence[Pair],
    parts: tuple[str, ...],
    means: Means,
    workers: int,
    progress: Progress | None,
) -> tuple[dict[str, tuple[Scores, list[FileEffect]]], dict[str, str]]:
    """Id -> scores as it is and the effect of every cut; and id -> reason for files that could not be measured."""
    found: dict[str, tuple[Scores, list[FileEffect]]] = {}
    failed: dict[str, str] = {}
    done = 0

    def keep(pair: Pair, work: Callable[[], tuple[Scores, list[FileEffect]]]) -> None:
        nonlocal done
        try:
            found[pair.id] = work()
        except ModelError as error:
            failed[pair.id] = str(error)
        done += 1
        if progress is not None:
            progress("knock-outs", done, len(pairs))

    if workers <= 1:
        network = load_checkpoint(checkpoint)[0]
        for pair in pairs:
            keep(pair, partial(file_effects, network, pair, parts, means))
    else:
        with worker_pool(workers) as pool:
            futures = {pool.submit(_in_worker, checkpoint, pair, parts, means): pair for pair in pairs}
            for future in as_completed(futures):
                keep(futures[future], future.result)
    return dict(sorted(found.items())), dict(sorted(failed.items()))


def _in_worker(
    checkpoint: Path, pair: Pair, parts: Sequence[str], means: Means
) -> tuple[Scores, list[FileEffect]]:
    """One file in a worker process, which keeps the network for the next one."""
    return file_effects(network_of(checkpoint), pair, parts, means)


def file_effects(
    network: Network, pair: Pair, parts: Sequence[str], means: Means
) -> tuple[Scores, list[FileEffect]]:
    """PESQ, STOI and SI-SDR of the network as it is, and the effect of every cut of these parts, on one file."""
    clean = _read(pair.clean).astype(np.float64)
    noisy = _read(pair.noisy)
    if len(clean) != len(noisy):
        raise EvaluationError(f"{pair.noisy} has {len(noisy)} samples, its clean file {len(clean)}")
    cuts = cuts_of(part_of(network, name) for name in parts)
    whole = _heard(network, noisy, {cut.part.host for cut in cuts})
    scores = _scores(clean, whole.output)
    effects = []
    for cut in cuts:
        with without(network, cut, means):
            other = _heard(network, noisy, {cut.part.host})
        effects.append(_effect(clean, whole, other, cut.part.host, scores))
    return scores, effects


def _heard(network: Network, noisy: Samples, hosts: set[str]) -> _Heard:
    """Run a network; what hosts give is copied, as memory is used again. Hooks here run after those of a knock-out."""
    kept: dict[str, Tensor] = {}

    def keep(name: str) -> Callable[..., None]:
        def hook(*passed: Any) -> None:
            kept[name] = passed[-1].clone()

        return hook

    with ExitStack() as stack:
        for name in sorted(hosts - {""}):
            stack.callback(network.get_submodule(name).register_forward_hook(keep(name)).remove)
        output = processed(network, noisy).astype(np.float64)
    return _Heard(output, kept)


def _effect(clean: Array, whole: _Heard, other: _Heard, host: str, scores: Scores) -> FileEffect:
    local = None
    if host:
        local = _level(
            (other.hosts[host] - whole.hosts[host]).double().numpy(), whole.hosts[host].double().numpy()
        )
    if not np.all(np.isfinite(other.output)):
        raise EvaluationError("the network's output is not finite without one of its parts")
    if np.array_equal(whole.output, other.output):
        same = tuple(None if score is None else 0.0 for score in scores)
        return FileEffect(local, FLOOR_DB, *same)
    changed = _scores(clean, other.output)
    differences = [
        None if now is None or before is None else now - before
        for now, before in zip(changed, scores, strict=True)
    ]
    return FileEffect(local, _level(other.output - whole.output, whole.output), *differences)


def _level(change: Array, whole: Array) -> float:
    """Level of a change in dB relative to what was there, at least FLOOR_DB."""
    before, after = float(np.mean(np.square(whole))), float(np.mean(np.square(change)))
    if after == 0 or before == 0:
        return FLOOR_DB if after == 0 else 0.0
    return max(FLOOR_DB, 10 * float(np.log10(after / before)))


def _scores(clean: Array, output: Array) -> Scores:
    pesq = stoi = ratio = None
    try:
        pesq = pesq_wb(clean, output)
    except NoPesq:
        pesq = None
    if np.any(clean):
        stoi = intelligibility(clean, output).stoi
    try:
        ratio = si_sdr(clean, output)
    except ZeroDivisionError:
        ratio = None
    return pesq, stoi, ratio


def _read(path: Path) -> Samples:
    return audio.read_at(path, RATE)[: LONGEST_SECONDS * RATE]


def _summed(cut: Cut, files: Sequence[FileEffect], limits: Thresholds) -> PartEffect:
    local, output, pesq, stoi, ratio = (
        sample(getattr(file, name) for file in files)
        for name in ("local_db", "output_db", "pesq", "stoi", "si_sdr")
    )
    assert output is not None
    measures = ((pesq, limits.pesq), (stoi, limits.stoi), (ratio, limits.si_sdr))
    return PartEffect(
        part=cut.part.name,
        words=cut.part.words,
        how=cut.how,
        rank=0,
        verdict=verdict(output, measures, limits.change_db),
        inert=local is not None and local.high is not None and local.high < limits.local_db,
        local_db=local,
        output_db=output,
        pesq=pesq,
        stoi=stoi,
        si_sdr=ratio,
    )


def _ranked(effects: Sequence[PartEffect]) -> tuple[PartEffect, ...]:
    def size(effect: PartEffect) -> tuple[float, float]:
        return -abs(effect.pesq.mean) if effect.pesq is not None else 0.0, -effect.output_db.mean

    return tuple(replace(effect, rank=rank) for rank, effect in enumerate(sorted(effects, key=size), start=1))


def _mean(values: Iterable[float | None]) -> float | None:
    numbers = [value for value in values if value is not None]
    return float(np.mean(numbers)) if numbers else None


@dataclass(frozen=True)
class Confirmation:
    """A part that was called not used, and what its removal does to the PESQ of other files."""

    part: str
    how: How
    pesq: Sample | None
    """None when no file has a PESQ."""
    holds: bool
    """Whether the change of their mean stays under the threshold."""


def confirm(
    found: KnockOuts, pairs: Sequence[Pair], *, workers: int = 1, progress: Progress | None = None
) -> tuple[Confirmation, ...]:
    """Measure the parts that `found` calls not used on other files, with the means of these.

    Raises ModelUsageError when a file was among those that the verdict rests on.
    """
    if again := sorted({pair.id for pair in pairs} & set(found.files)):
        raise ModelUsageError(f"{again[0]} was already used for the verdicts; confirm on other files.")
    unused = {(effect.part, effect.how) for effect in found.named(Verdict.NOT_USED)}
    if not unused:
        return ()
    network, _ = load_checkpoint(found.checkpoint)
    parts = [part for part in parts_of(network) if any(part.name == name for name, _ in unused)]
    means = means_of(network, parts, (_read(pair.noisy) for pair in pairs))
    files, _ = _measured(
        found.checkpoint, pairs, tuple(part.name for part in parts), means, workers, progress
    )
    results = []
    for place, cut in enumerate(cuts_of(parts)):
        if (cut.part.name, cut.how) not in unused:
            continue
        pesq = sample(effects[place].pesq for _, effects in files.values())
        holds = pesq is not None and abs(pesq.mean) < found.thresholds.pesq
        results.append(Confirmation(cut.part.name, cut.how, pesq, holds))
    return tuple(results)


def calibration(pairs: Sequence[Pair]) -> tuple[Path, ...]:
    """The noisy files that means are taken over where one part is knocked out by itself: at most ten of these."""
    return tuple(pair.noisy for pair in choose(pairs, min(len(pairs), CALIBRATION_FILES)))


@lru_cache(maxsize=4)
def kept_means(checkpoint: Path, name: str, files: tuple[Path, ...]) -> Means:
    """The means of one part over files, kept in a worker process for the next file."""
    network = network_of(checkpoint)
    return means_of(network, [part_of(network, name)], (_read(path) for path in files))


def processed_without(checkpoint: Path, name: str, files: tuple[Path, ...], noisy: Samples) -> Samples:
    """A whole utterance [samples] at 16 kHz through a checkpoint without one part.

    The part is removed where it can be, else replaced by its mean over `files`.
    """
    network = network_of(checkpoint)
    cut = cuts_of([part_of(network, name)])[0]
    means = kept_means(checkpoint, name, files) if cut.needs_mean else None
    with without(network, cut, means):
        return processed(network, noisy)
