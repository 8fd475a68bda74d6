"""An ablation study: several variants, several seeds, one configuration, and what the differences say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from model.cost import MACS_SECONDS, count_macs
from model.errors import ModelUsageError, Stopped
from model.evaluation.evaluate import Progress, evaluate, quiet
from model.evaluation.paired import PairedDifference, paired_difference
from model.evaluation.pool import FileScore, best_device
from model.evaluation.summary import read_scores
from model.evaluation.systems import checkpoints_in
from model.evaluation.targets import targets
from model.evaluation.test_data import TestData
from model.leaks.looks import log_look
from model.metrics import NAMES
from model.networks import NetworkConfig, build
from model.runs import RunFolder, sha256, write_json
from model.stft import HOP, SAMPLE_RATE
from model.study.plan import Plan, in_order, joined, write_plan
from model.training.recipe import Recipe
from model.training.trainer import Machine, TrainingData, resume, start

#: (from, to, what this step alone changes), by the names of `model.networks.VARIANTS`.
STEPS: tuple[tuple[str, str, str], ...] = (
    ("M1", "M2", "the FAC encoder, with the standard bottleneck"),
    ("M2", "axial-dot", "position codes, row and column paths and their norms, with dot attention alone"),
    ("axial-dot", "M3", "the cosine branch and its gate"),
    ("M3", "M4", "the cross-resolution branch"),
    ("M1", "mrha3-only", "the whole MRHA3 bottleneck, with the plain encoder"),
    ("M2", "M4", "the whole MRHA3 bottleneck, with the FAC encoder"),
    ("mrha3-only", "M4", "the FAC encoder, with the MRHA3 bottleneck"),
    ("M1", "M4", "both together"),
    ("M1", "M1-wide", "width alone, without FAC and MRHA3"),
    ("M2", "M2-wide", "width alone, with FAC"),
    ("M1-wide", "M4", "FAC and MRHA3, against a baseline of the same size"),
    ("M2-wide", "M4", "the MRHA3 bottleneck, against a network of the same size with FAC"),
    ("M1-matched", "M4", "FAC and MRHA3, against a baseline of the same size and MACs"),
    ("M4", "M4-cumulative", "norms and gates that know the past alone, with attention to everything"),
    ("M4", "M4-window", "attention along time to the past of a window alone, with norms over the utterance"),
    (
        "M4-cumulative",
        "M4-causal",
        "attention along time to the past of a window alone, with cumulative norms",
    ),
    ("M4-window", "M4-causal", "norms and gates that know the past alone, with attention over a window"),
    ("M4", "M4-causal", "everything that makes the network causal"),
)

#: The two sides of a step are matched in a cost that differs by at most this share.
MATCHED = 0.05

#: Below this many seeds the spread over seeds says nothing reliable.
ENOUGH_SEEDS = 3


@dataclass(frozen=True)
class Costs:
    """What a variant costs: parameters, and multiply-accumulates for 1 s (`model.cost.MACS_CONVENTION`)."""

    parameters: int
    macs_per_second: int

    @classmethod
    def of(cls, config: NetworkConfig) -> Costs:
        """Count those of a configuration."""
        network = build(config)
        frames = 1 + MACS_SECONDS * SAMPLE_RATE // HOP
        return cls(
            sum(parameter.numel() for parameter in network.parameters()),
            round(count_macs(network, frames) / MACS_SECONDS),
        )


@dataclass(frozen=True)
class Spread:
    """Mean of a metric over seeds, and the standard deviation over seeds (None for one seed)."""

    mean: float | None
    std: float | None


@dataclass(frozen=True)
class Row:
    """A variant: its metrics over the seeds."""

    variant: str
    parameters: int
    macs_per_second: int
    seeds: int
    metrics: dict[str, Spread]


@dataclass(frozen=True)
class StepResult:
    """What one step changed in a metric.

    `over_seeds`: pairs of the same seed, each the mean over files. `over_files`: pairs of the same file, each the mean
    over seeds; its interval leaves out the randomness of training.
    """

    before: str
    after: str
    isolates: str
    metric: str
    over_seeds: PairedDifference | None
    over_files: PairedDifference | None
    parameters: float
    """The parameters of the one after over those of the one before."""
    macs: float
    """The same of multiply-accumulates."""
    not_matched: tuple[str, ...]
    """The costs that differ by more than MATCHED: what the step gains may be due to size."""


@dataclass(frozen=True)
class Study:
    """The rows and steps of an ablation study, and what must be said beside them."""

    rows: tuple[Row, ...]
    steps: tuple[StepResult, ...]
    notes: tuple[str, ...]


def planned(
    folder: Path,
    variants: Mapping[str, tuple[str, NetworkConfig]],
    seeds: Sequence[int],
    recipe: Recipe,
    data: TrainingData,
    checkpoint: str = "best-composite",
) -> Plan:
    """A study of variants with seeds: its runs seed by seed, all variants of one before the next.

    `variants` maps the asked name to the network's own name and configuration. `checkpoint` is the one that is tested; it is
    selected on validation or is the last, never on the test set. Raises ModelUsageError when two seeds or two variants are
    the same, or the folder holds a study with another recipe or other data.
    """
    if len(set(seeds)) < len(seeds) or not seeds:
        raise ModelUsageError("an ablation needs different seeds, such as --seeds 1,2,3")
    configs = dict(variants.values())
    if len(configs) < len(variants):
        raise ModelUsageError("two of the variants are the same network")
    plan = Plan(recipe, data.fingerprint, checkpoint, in_order(list(configs), seeds))
    joined(folder, plan)
    return plan


def study(
    folder: Path,
    plan: Plan,
    configs: Mapping[str, NetworkConfig],
    data: TrainingData,
    test: TestData,
    *,
    machine: Machine | None = None,
    workers: int = 1,
    progress: Progress = quiet,
) -> Study:
    """Train and test the runs of a plan in their order, one run folder each, and compare.

    `configs` are the networks by the variants' own names. What is finished is not done again, what was interrupted goes on.
    When the machine's time is over, what is there is compared. Raises Stopped after SIGTERM.
    """
    write_plan(folder, plan)
    machine = machine or Machine()
    scores: dict[str, list[list[FileScore]]] = {}
    done = 0
    try:
        for run in plan.runs:
            _in_time(machine, folder)
            seeded = replace(plan.recipe, seed=run.seed)
            trained = _trained(folder / run.run, run.variant, configs[run.variant], seeded, data, machine)
            found = _tested(
                trained, plan.checkpoint, test, machine, workers, _until(machine, folder, progress)
            )
            scores.setdefault(run.variant, []).append(found)
            done += 1
    except Stopped as stop:
        if stop.told:
            raise
    result = compare(scores, {name: Costs.of(configs[name]) for name in scores}, test.test_set.files)
    if scores and (sentence := targets(plan.recipe.to_json(), plan.checkpoint).sentence()):
        result = replace(result, notes=(*result.notes, f"Every network was {sentence}."))
    if done < len(plan.runs):
        left = (
            f"{len(plan.runs) - done} of {len(plan.runs)} runs are open; the same command goes on with them"
        )
        result = replace(result, notes=(*result.notes, left))
    write_json(folder / "ablation.json", asdict(result))
    return result


def _in_time(machine: Machine, folder: Path) -> None:
    """Raise Stopped when the machine's time is over."""
    if machine.stop.due():
        reason = machine.stop.reason
        raise Stopped(f"{folder} was stopped ({reason}); the same command goes on", told=machine.stop.told)


def _until(machine: Machine, folder: Path, progress: Progress) -> Progress:
    """Progress that ends an evaluation when the machine's time is over; what was scored is kept."""

    def show(name: str, done: int, total: int) -> None:
        progress(name, done, total)
        if done < total:
            _in_time(machine, folder)

    return show


def _trained(
    path: Path, own: str, config: NetworkConfig, recipe: Recipe, data: TrainingData, machine: Machine
) -> RunFolder:
    if not (path / "config.json").exists():
        return start(path, own, config, recipe, data, machine)
    run = RunFolder.open(path)
    if any(event["event"] == "finished" for event in run.events()):
        return run
    return resume(path, data.root, machine)


def _tested(
    run: RunFolder, checkpoint: str, test: TestData, machine: Machine, workers: int, progress: Progress
) -> list[FileScore]:
    """Scores of a run's checkpoint, read when they were made from the same bytes on the same files."""
    system = next((system for system in checkpoints_in(run.path) if system.name == checkpoint), None)
    if system is None or system.path is None:
        raise ModelUsageError(f"{run.path} has no checkpoint {checkpoint!r}")
    place = run.path / "scores" / test.test_set.slug
    if (place / "summary.json").exists():
        content = json.loads((place / "summary.json").read_text())
        digests = {entry["name"]: entry["sha256"] for entry in content["entries"]}
        same = content["fingerprint"] == test.test_set.fingerprint
        if same and digests.get(checkpoint) == sha256(system.path):
            return read_scores(place / f"{checkpoint}.csv")
    log_look("ablate", test.test_set, {system.name: system.digest()}, [run.path])
    found = evaluate(
        [system], test, workers=workers, run=run.path, device=best_device(machine.cpu), progress=progress
    )
    return found[0][1]


def compare(scores: dict[str, list[list[FileScore]]], costs: Mapping[str, Costs], files: int) -> Study:
    """Rows and steps from the scores [variant][seed][file] on a test set of so many files, and the variants' costs.

    Where one variant has more seeds than another (an unfinished study), steps are compared on the seeds that both have.
    """
    if not scores:
        return Study((), (), ())
    rows = []
    for name, runs in scores.items():
        metrics = {
            metric: _spread([_mean([file.value(metric) for file in run]) for run in runs]) for metric in NAMES
        }
        cost = costs[name]
        rows.append(Row(name, cost.parameters, cost.macs_per_second, len(runs), metrics))
    steps = [
        _step(step, metric, scores, costs)
        for step in STEPS
        if step[0] in scores and step[1] in scores
        for metric in ("pesq", "stoi", "si_sdr")
    ]
    number = min(len(runs) for runs in scores.values())
    notes = []
    if number < ENOUGH_SEEDS:
        notes.append(
            f"{number} seed{'s are' if number > 1 else ' is'} too few to tell a step from the randomness of training; "
            f"use at least {ENOUGH_SEEDS}. Intervals over files leave that randomness out."
        )
    partial = sorted(
        {
            f"{name} ({metric})"
            for name, runs in scores.items()
            for run in runs
            for metric in NAMES
            if sum(file.value(metric) is not None for file in run) < files
        }
    )
    if partial:
        notes.append(f"means that do not cover all {files} files: {', '.join(partial)}")
    return Study(tuple(rows), tuple(steps), tuple(notes))


def _step(
    step: tuple[str, str, str],
    metric: str,
    scores: dict[str, list[list[FileScore]]],
    costs: Mapping[str, Costs],
) -> StepResult:
    before, after, isolates = step
    seeds = min(len(scores[before]), len(scores[after]))
    one, other = scores[before][:seeds], scores[after][:seeds]
    over_seeds = paired_difference(
        *([_mean([f.value(metric) for f in run]) for run in runs] for runs in (one, other))
    )
    by_file = [_by_file(runs, metric) for runs in (one, other)]
    names = sorted(set(by_file[0]) & set(by_file[1]))
    over_files = paired_difference([by_file[0][name] for name in names], [by_file[1][name] for name in names])
    sides = {
        "parameters": (costs[before].parameters, costs[after].parameters),
        "MACs": (costs[before].macs_per_second, costs[after].macs_per_second),
    }
    apart = tuple(name for name, (was, now) in sides.items() if abs(now - was) > MATCHED * was)
    parameters, macs = (now / was for was, now in sides.values())
    return StepResult(before, after, isolates, metric, over_seeds, over_files, parameters, macs, apart)


def _by_file(runs: list[list[FileScore]], metric: str) -> dict[str, float | None]:
    """Mean over seeds of every file."""
    values: dict[str, list[float | None]] = {}
    for run in runs:
        for file in run:
            values.setdefault(file.id, []).append(file.value(metric))
    return {name: _mean(found) for name, found in values.items()}


def _mean(values: Sequence[float | None]) -> float | None:
    numbers = [value for value in values if value is not None]
    return float(np.mean(numbers)) if numbers else None


def _spread(values: Sequence[float | None]) -> Spread:
    numbers = [value for value in values if value is not None]
    std = float(np.std(numbers, ddof=1)) if len(numbers) > 1 else None
    return Spread(_mean(numbers), std)


def table(result: Study) -> str:
    """A study as text: a line a variant, then a block a step."""
    lines = [
        f"{'variant':18} {'params':>9} {'MACs/s':>8} {'seeds':>5}  "
        + "  ".join(f"{name:>16}" for name in ("PESQ", "STOI", "SI-SDR"))
    ]
    for row in result.rows:
        cells = "  ".join(f"{_cell(row.metrics[metric]):>16}" for metric in ("pesq", "stoi", "si_sdr"))
        macs = f"{row.macs_per_second / 1e9:.3f} G"
        lines.append(f"{row.variant:18} {row.parameters:>9,} {macs:>8} {row.seeds:>5}  {cells}")
    for step in result.steps:
        lines.append(f"{step.before} -> {step.after}, {step.metric}: isolates {step.isolates}")
        lines.append(f"    costs       {_costs(step)}")
        lines.append(f"    over seeds  {_difference(step.over_seeds, 'seeds')}")
        lines.append(f"    over files  {_difference(step.over_files, 'files')}")
    return "\n".join([*lines, *result.notes])


def _costs(step: StepResult) -> str:
    said = f"parameters {step.parameters - 1:+.1%}, MACs {step.macs - 1:+.1%}"
    return f"{said}: *not matched* in {' and '.join(step.not_matched)}" if step.not_matched else said


def _cell(spread: Spread) -> str:
    if spread.mean is None:
        return "-"
    return f"{spread.mean:.4f}" + (f" ± {spread.std:.4f}" if spread.std is not None else "")


def _difference(value: PairedDifference | None, unit: str) -> str:
    return "no values" if value is None else str(value).replace("files", unit)
