"""Two groups of checkpoints that differ in their seed, compared with intervals over seeds and files together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from litdb.evidence.runs.significance import grouped
from model.bands import BANDS
from model.errors import EvaluationError, ModelUsageError
from model.evaluation.measuring import Measured, Measurements, Progress, measure
from model.evaluation.summary import TestSet
from model.evaluation.systems import System, system
from model.evaluation.test_data import TestData
from model.evaluation.where import BAND_TITLE, SNR_GROUPS, band_lines, closing, on, remarks, score_lines
from model.metrics import NAMES
from model.runs import RunFolder

#: The unprocessed files as a group: they have no seed.
NOISY = System("noisy", "noisy")


@dataclass(frozen=True)
class SeedGroup:
    """Checkpoints of one recipe that differ in their seed, or the unprocessed files alone."""

    name: str
    systems: tuple[System, ...]


@dataclass(frozen=True)
class GroupedDifference:
    """Mean of B - A over seeds and files with its 95 % interval, in which both are random; and the spread over seeds.

    `seeds` of A and B (0 for the unprocessed files), and the `spread` of each: standard deviation over seeds of the mean
    over files.
    """

    mean: float
    low: float
    high: float
    files: int
    seeds: tuple[int, ...]
    spread: tuple[float, float]

    def __str__(self) -> str:
        known = [f"{value:.4f}" for value, seeds in zip(self.spread, self.seeds, strict=True) if seeds]
        spreads = " and ".join(known)
        return f"{self.mean:+.4f} [{self.low:+.4f}, {self.high:+.4f}] over {self.files} files, spread over seeds {spreads}"


@dataclass(frozen=True)
class GroupPart:
    """Differences B - A in a part of the files or of the spectrum; None where there are too few files with values."""

    label: str
    files: int
    pesq: GroupedDifference | None
    si_sdr: GroupedDifference | None = None
    clean_to_error: GroupedDifference | None = None


@dataclass(frozen=True)
class GroupsCompared:
    """Two groups: per metric over all files, per group of input SNR, per band."""

    a: str
    b: str
    test_set: TestSet
    overall: dict[str, GroupedDifference | None]
    by_snr: tuple[GroupPart, ...]
    by_band: tuple[GroupPart, ...]
    failed: dict[str, str]
    remarks: tuple[str, ...]


def seed_group(words: str) -> SeedGroup:
    """A group from `NAME=FILE,FILE,...`.

    Raises ModelUsageError for fewer than two checkpoints, the same one twice, and runs that differ in more than their seed.
    """
    name, equals, files = words.partition("=")
    paths = [Path(word) for word in files.split(",") if word]
    if not equals or not name or len(paths) < 2:
        raise ModelUsageError(
            f"--group takes NAME=FILE,FILE,... with a checkpoint for each of two seeds or more, not {words!r}"
        )
    systems = [system(str(path)) for path in paths]
    if any(found.source != "checkpoint" for found in systems):
        raise ModelUsageError(f"--group {name}: the files are checkpoints, one for each seed")
    digests = [found.digest() for found in systems]
    if len(set(digests)) < len(digests):
        raise ModelUsageError(f"--group {name} has the same checkpoint twice")
    _differ_in_seed(name, systems)
    labelled = tuple(
        System(f"{name}/{number}", "checkpoint", path) for number, path in enumerate(paths, start=1)
    )
    return SeedGroup(name, labelled)


def _differ_in_seed(name: str, systems: Sequence[System]) -> None:
    """Refuse runs of which something else than the seed is known to differ."""
    known = [(run, _recipe(run)) for found in systems if (run := found.run()) is not None]
    for run, recipe in known[1:]:
        first, expected = known[0]
        for key in sorted({*recipe, *expected}):
            if recipe.get(key) != expected.get(key):
                raise ModelUsageError(
                    f"--group {name}: {first} and {run} differ in {key}; a group differs in the seed alone"
                )


def _recipe(run: Path) -> dict[str, Any]:
    config = RunFolder(run).config()
    values = {f"recipe {key}": value for key, value in config.get("recipe", {}).items() if key != "seed"}
    network = {f"network {key}": value for key, value in config.get("network", {}).items()}
    return {**values, **network, "data": config.get("data", {}).get("fingerprint")}


def compare_groups(
    a: SeedGroup, b: SeedGroup, data: TestData, *, workers: int, progress: Progress
) -> GroupsCompared:
    """Score every checkpoint of both groups on every file. Raises EvaluationError when fewer than two files have scores."""
    found = measure([*a.systems, *b.systems], data, workers, progress)
    one, other = found[: len(a.systems)], found[len(a.systems) :]
    failed = {name: reason for entry in found for name, reason in entry.failed.items()}
    shared = sorted(set.intersection(*(set(entry.files) for entry in found)))
    if len(shared) < 2:
        raise EvaluationError(
            f"fewer than two files have scores under every checkpoint{': ' + next(iter(failed.values())) if failed else ''}"
        )

    difference = partial(_difference, one, other)
    by_snr = []
    for group in SNR_GROUPS:
        names = [name for name in shared if one[0].files[name].snr in group]
        pesq, si_sdr = (difference(names, partial(_metric, metric)) for metric in ("pesq", "si_sdr"))
        by_snr.append(GroupPart(group.label, len(names), pesq, si_sdr))
    by_band = []
    for number, (low, high) in enumerate(BANDS):
        pesq, ratio = (
            difference(shared, partial(_band, number, what)) for what in ("pesq", "clean_to_error")
        )
        by_band.append(GroupPart(f"{low}-{high} Hz", len(shared), pesq, clean_to_error=ratio))
    return GroupsCompared(
        a=a.name,
        b=b.name,
        test_set=data.test_set,
        overall={metric: difference(shared, partial(_metric, metric)) for metric in NAMES},
        by_snr=tuple(by_snr),
        by_band=tuple(by_band),
        failed=dict(sorted(failed.items())),
        remarks=remarks(found, data),
    )


def _metric(metric: str, file: Measured) -> float | None:
    return file.score.value(metric)


def _band(number: int, what: str, file: Measured) -> float | None:
    value: float | None = getattr(file.bands[number], what)
    return value


def _difference(
    one: Sequence[Measurements],
    other: Sequence[Measurements],
    names: Sequence[str],
    value: Callable[[Measured], float | None],
) -> GroupedDifference | None:
    """B - A of a value of each file, over the files that have it under every checkpoint."""
    table = [[[value(entry.files[name]) for name in names] for entry in side] for side in (one, other)]
    whole = [
        place for place in range(len(names)) if all(row[place] is not None for side in table for row in side)
    ]
    if len(whole) < 2:
        return None
    rows = [[[row[place] for place in whole] for row in side] for side in table]
    # the unprocessed files are the same for every seed: a second row of them adds no spread
    rows = [side * 2 if len(side) == 1 else side for side in rows]
    found = grouped(*rows)  # type: ignore[arg-type]
    seeds = tuple(0 if side[0].system == NOISY else len(side) for side in (one, other))
    return GroupedDifference(found.mean, found.low, found.high, len(whole), seeds, found.spread)


def describe_groups(result: GroupsCompared, bands_only: bool = False) -> str:
    """The comparison as text."""
    lines = [
        f"{result.b} minus {result.a} on {on(result.test_set)}, mean [95 % interval over seeds and files]"
    ]
    if not bands_only:
        lines += [f"  {metric:10} {_text(value)}" for metric, value in result.overall.items()]
        lines += ["by input SNR"]
        for part in (part for part in result.by_snr if part.files):
            lines += score_lines(part.label, _text(part.pesq), _text(part.si_sdr))
    lines.append(BAND_TITLE)
    for part in result.by_band:
        lines += band_lines(part.label, _text(part.pesq), _text(part.clean_to_error))
    return "\n".join([*lines, *closing(result.failed, result.remarks)])


def _text(value: GroupedDifference | None) -> str:
    return "fewer than two files have values" if value is None else str(value)
