"""Comparing groups of runs that differ in their seed: seeds and files together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from litdb.errors import UsageError
from litdb.evidence.comparability import partial, relation
from litdb.evidence.runs.pairing import (
    Comparison,
    Measure,
    Refused,
    by_outcome,
    command_for,
    corrected_for_all,
    direction_of,
    distinct,
    few_speakers,
    known_mean,
    known_to_differ,
    selection_notes,
    shared_name,
    usual_metrics,
)
from litdb.evidence.runs.significance import Grouped, Paired, grouped, grouped_means, paired
from litdb.evidence.runs.subsets import subsets
from litdb.evidence.runs.system import System
from litdb.evidence.runs.targets import beside_pesq
from litdb.vocabulary import MetricName


@dataclass(frozen=True, slots=True)
class Group:
    """Runs of one recipe that differ in their seed."""

    name: str
    runs: tuple[System, ...] = field(default=())


def compare_groups(groups: Sequence[Group], metrics: Sequence[MetricName] = ()) -> list[Comparison]:
    """Each group of runs against the first; p is corrected over all tests made here.

    Raises UsageError for fewer than two groups, or a run that is in two places.
    """
    if len(groups) < 2:
        raise UsageError("give two groups: --group base=r1,r2,r3 --group full=r4,r5,r6")
    distinct([group.name for group in groups])
    distinct([run.name for group in groups for run in group.runs])
    found = []
    for other in groups[1:]:
        one = groups[0]
        everyone = (*one.runs, *other.runs)
        measures, refused = by_outcome(
            _groups(one, other, name) for name in metrics or usual_metrics(everyone)
        )
        beside, said = beside_pesq(measures, (one.runs, other.runs))
        if beside is not None and not any(measure.metric == str(beside) for measure in measures):
            measures += by_outcome([_groups(one, other, beside)])[0]
        notes = [
            *_group_notes(one),
            *_group_notes(other),
            *selection_notes(everyone),
            *said,
            *_speakers_of(everyone, measures),
        ]
        found.append(
            Comparison(
                one.name, other.name, everyone[0].dataset, tuple(measures), tuple(refused), tuple(notes),
                (tuple(run.name for run in one.runs), tuple(run.name for run in other.runs)),
            )
        )  # fmt: skip
    return corrected_for_all(found)


def _groups(one: Group, other: Group, name: MetricName) -> Measure | Refused:
    runs = (*one.runs, *other.runs)
    spelled = shared_name(name, [run.scores for run in runs])
    if spelled is None:
        return _group_means(one, other, name)
    for run in runs[1:]:
        if items := known_to_differ(runs[0], run, spelled):
            reason = f"{runs[0].name} and {run.name} are known to differ in {', '.join(items)}"
            return Refused(spelled, reason, ("-", "-"), command_for(run))
    shared = set.intersection(*(set(run.scores[spelled]) for run in runs))
    files = sorted(shared)
    if len(files) < 2:
        reason = f"the runs have {'no' if not files else 'one'} file in common"
        return Refused(spelled, reason, ("-", "-"), command_for(other.runs[-1]))
    tables = [[[run.scores[spelled][f] for f in files] for run in group.runs] for group in (one, other)]
    notes = []
    largest = max(len(run.scores[spelled]) for run in runs)
    if len(files) < largest:
        notes.append(f"{len(files)} files that all runs share, of up to {largest}")
    difference: Paired | Grouped
    if min(len(one.runs), len(other.runs)) > 1:
        difference = grouped(tables[0], tables[1])
    else:
        difference = paired(_by_file(tables[0]), _by_file(tables[1]))
    a, b = (sum(map(sum, table)) / (len(table) * len(files)) for table in tables)
    return Measure(spelled, direction_of(name), a, b, difference, difference.p, tuple(notes))


def _by_file(table: Sequence[Sequence[float]]) -> list[float]:
    return [sum(column) / len(table) for column in zip(*table, strict=True)]


def _group_means(one: Group, other: Group, name: MetricName) -> Measure | Refused:
    """Groups of which only means are known for some run: seed means alone, when the means may be compared."""
    runs = (*one.runs, *other.runs)
    spelled = [known_mean(run, name) for run in runs]
    silent = [run for run in runs if shared_name(name, [run.scores]) is None]
    command = "; ".join(dict.fromkeys(command_for(run) for run in silent or runs))
    lacking = [run.name for run, s in zip(runs, spelled, strict=True) if s is None]
    if lacking:
        reason = f"nothing is known of {', '.join(lacking)} in {name}"
        return Refused(str(name), reason, ("-", "-"), command)
    means = [run.means[s] for run, s in zip(runs, spelled, strict=True) if s is not None]
    first = means[0].protocol
    for run, mean in zip(runs, means, strict=True):
        how, items = relation(name.quantity, first, mean.protocol)
        if how == "differs":
            reason = f"{runs[0].name} and {run.name} are known to differ in {', '.join(items)}"
            return Refused(str(name), reason, (means[0].printed, mean.printed), command)
        if short := partial(mean.protocol):
            return Refused(str(name), f"the mean of {run.name} {short}", ("-", "-"), command)
    if min(len(one.runs), len(other.runs)) < 2:
        reason = "only means are known, and one of a group: nothing tells a difference from noise"
        return Refused(str(name), reason, (means[0].printed, means[-1].printed), command)
    values = [mean.value for mean in means if mean.value is not None]
    a, b = values[: len(one.runs)], values[len(one.runs) :]
    difference = grouped_means(a, b)
    note = f"only means are known of {', '.join(run.name for run in silent)}: the interval is for new seeds on these files"
    return Measure(
        spelled[0] or str(name),
        direction_of(name),
        sum(a) / len(a),
        sum(b) / len(b),
        difference,
        difference.p,
        (note,),
    )


def _speakers_of(systems: Sequence[System], measures: Sequence[Measure]) -> list[str]:
    files = {file for system in systems for scores in system.scores.values() for file in scores}
    return few_speakers(len(subsets(files).get("speaker", {}))) if measures else []


def _group_notes(group: Group) -> list[str]:
    notes = []
    if len(group.runs) < 2:
        notes.append(f"one run in {group.name}: training variance is not assessed")
    seeds = [run.seed for run in group.runs if run.seed is not None]
    same = sorted({seed for seed in seeds if seeds.count(seed) > 1})
    if same:
        notes.append(
            f"{group.name} has runs of the same seed ({', '.join(map(str, same))}): they may not be independent"
        )
    if len({run.recipe for run in group.runs}) > 1:
        notes.append(
            f"the runs of {group.name} have different recipes: their spread is not that of the seed alone"
        )
    return notes
