"""Comparing own systems file by file: what may be compared, by how much they differ, what is not known.

Groups of runs are compared by :mod:`litdb.evidence.runs.grouping` with the same values and words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from litdb.errors import UsageError
from litdb.evidence.beside.numbers import Beside, beside
from litdb.evidence.comparability import relation
from litdb.evidence.runs.rates import besides_rates, rate_notes
from litdb.evidence.runs.significance import LEVEL, Grouped, Paired, holm, paired
from litdb.evidence.runs.subsets import Conditions, plain, subsets
from litdb.evidence.runs.system import System
from litdb.evidence.runs.targets import beside_pesq
from litdb.vocabulary import MetricName, vocabulary

#: The scores that are compared when none are named.
USUAL = ("PESQ", "CSIG", "CBAK", "COVL", "SSNR", "STOI", "ESTOI", "SI-SDR")
_FEW_SPEAKERS = 2


@dataclass(frozen=True, slots=True)
class Part:
    """The difference on a part of the test set; its interval is not corrected for the number of parts."""

    kind: str
    value: str
    difference: Paired


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric of a comparison: means of both sides over the files they share, their difference, p by Holm.

    `better` is the direction (higher or lower); `verdict` says of B, at 5% after correction: better, worse, or no
    difference shown.
    """

    metric: str
    better: str
    a: float
    b: float
    difference: Paired | Grouped
    corrected: float
    notes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A metric that cannot be compared file by file: why, the means as far as they are known, the command that would mend it.

    `beside` says what lies between the two means, where both are known.
    """

    metric: str
    reason: str
    means: tuple[str, str]
    command: str
    beside: Beside | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """B against A on one test set. For groups `a` and `b` are their names and `runs` their members."""

    a: str
    b: str
    dataset: str
    measures: tuple[Measure, ...]
    refused: tuple[Refused, ...]
    notes: tuple[str, ...]
    runs: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


def compare_systems(
    systems: Sequence[System], metrics: Sequence[MetricName] = (), conditions: Conditions | None = None
) -> list[Comparison]:
    """Each system against the first, file by file; p is corrected over all tests made here.

    Raises UsageError for fewer than two systems or one that is named twice.
    """
    if len(systems) < 2:
        raise UsageError("a comparison needs two systems: name checkpoints, runs, models or files of scores")
    distinct([system.name for system in systems])
    found = []
    for other in systems[1:]:
        measures, refused = by_outcome(
            _pair(systems[0], other, name, conditions) for name in metrics or usual_metrics(systems)
        )
        beside, said = beside_pesq(measures, ((systems[0],), (other,)))
        if beside is not None and not any(measure.metric == str(beside) for measure in measures):
            measures += by_outcome([_pair(systems[0], other, beside, conditions)])[0]
        notes = [*selection_notes((systems[0], other)), *said, *_speaker_note(measures)]
        if measures:
            notes.insert(
                0, "one run on each side: training variance is not assessed; --group compares several seeds"
            )
        found.append(
            Comparison(
                systems[0].name, other.name, other.dataset, tuple(measures), tuple(refused), tuple(notes)
            )
        )
    return corrected_for_all(found)


def by_outcome(outcomes: Iterable[Measure | Refused]) -> tuple[list[Measure], list[Refused]]:
    """What could be compared, and what could not."""
    measures: list[Measure] = []
    refused: list[Refused] = []
    for outcome in outcomes:
        if isinstance(outcome, Measure):
            measures.append(outcome)
        else:
            refused.append(outcome)
    return measures, refused


def distinct(names: Sequence[str]) -> None:
    """Raise UsageError for something that is named twice."""
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{name} is named twice: a comparison needs two things")


def usual_metrics(systems: Sequence[System]) -> list[MetricName]:
    """The usual metrics of which anything is known on some side."""
    known = {MetricName.parse(name).quantity for s in systems for name in (*s.means, *s.scores)}
    return [MetricName(quantity) for quantity in USUAL if quantity in known]


def corrected_for_all(found: Sequence[Comparison]) -> list[Comparison]:
    """The comparisons with p corrected for all tests among them, and the verdicts that follow."""
    ps = iter(holm([measure.difference.p for comparison in found for measure in comparison.measures]))
    return [replace(c, measures=tuple(_judged(measure, next(ps)) for measure in c.measures)) for c in found]


def _judged(measure: Measure, corrected: float) -> Measure:
    verdict = "no difference shown"
    if corrected <= 1 - LEVEL:
        verdict = "better" if (measure.difference.mean > 0) == (measure.better == "higher") else "worse"
    return replace(measure, corrected=corrected, verdict=verdict)


# --- two systems ------------------------------------------------------------------------------------------


def _pair(a: System, b: System, name: MetricName, conditions: Conditions | None) -> Measure | Refused:
    spelled = shared_name(name, [a.scores, b.scores])
    if spelled is None:
        return _refuse(a, b, name)
    files = sorted(a.scores[spelled].keys() & b.scores[spelled].keys())
    if len(files) < 2:
        reason = f"{a.name} and {b.name} have {'no' if not files else 'one'} file in common"
        return Refused(spelled, reason, _means(a, b, name), command_for(b), _beside(a, b, name))
    if items := known_to_differ(a, b, spelled):
        reason = f"known to differ in {', '.join(items)}"
        return Refused(spelled, reason, _means(a, b, name), command_for(b), _beside(a, b, name))
    one, other = a.scores[spelled], b.scores[spelled]
    difference = paired([one[f] for f in files], [other[f] for f in files])
    parts = [
        Part(kind, value, paired([one[f] for f in some], [other[f] for f in some]))
        for kind, found in subsets(files, conditions).items()
        for value, some in found.items()
        if len(found) > 1 and len(some) > 1
    ]
    return Measure(
        spelled,
        direction_of(name),
        sum(one[f] for f in files) / len(files),
        sum(other[f] for f in files) / len(files),
        difference,
        difference.p,
        (*_coverage(a, b, spelled, len(files)), *_unlisted(files, conditions), *_quirks(a, b, spelled)),
        tuple(parts),
    )


def known_to_differ(a: System, b: System, metric: str) -> list[str]:
    """What is known to differ between two measurements, but for the files: those are paired."""
    if metric not in a.means or metric not in b.means:
        return []
    how, items = relation(
        MetricName.parse(metric).quantity, a.means[metric].protocol, b.means[metric].protocol
    )
    return [item for item in items if item != "files covered"] if how == "differs" else []


def shared_name(name: MetricName, known: Sequence[Mapping[str, object]]) -> str | None:
    """The spelling of a metric that all sides have: the asked one, else another scale that was not asked against."""
    spellings = [str(name)]
    if name.scale is None and _composite(name):
        spellings.append(f"{name.quantity}@unit")
    return next((s for s in spellings if all(s in side for side in known)), None)


def _composite(name: MetricName) -> bool:
    metric = vocabulary().metric(name.quantity)
    return metric is not None and metric.composite


def direction_of(name: MetricName) -> str:
    """The direction in which a metric is better: higher or lower."""
    metric = vocabulary().metric(name.quantity)
    return metric.direction if metric is not None else "higher"


def _coverage(a: System, b: System, metric: str, files: int) -> list[str]:
    """In words, that the comparison covers fewer files than a side knows of, and why."""
    notes = []
    dataset = vocabulary().dataset(a.dataset)
    if dataset is not None and dataset.files and files < dataset.files:
        notes.append(f"{files} of the {dataset.files} files of {dataset.title}")
    for one, other in ((a, b), (b, a)):
        alone = len(one.scores[metric].keys() - other.scores[metric].keys())
        if alone:
            reasons = other.failed.get(metric, {})
            said = sorted(
                {reason for file, reason in reasons.items() if file in one.scores[metric] and reason}
            )
            why = f" ({'; '.join(said[:2])})" if said else ""
            notes.append(
                f"{alone} {'file has' if alone == 1 else 'files have'} no score of {other.name}{why}"
            )
    return notes


def _quirks(a: System, b: System, metric: str) -> list[str]:
    """In words, what the tools that scored the sides do in their own way."""
    return [
        f"{side.name}: {quirk}"
        for side in (a, b)
        if metric in side.means
        for quirk in side.means[metric].quirks
    ]


def _unlisted(files: Sequence[str], conditions: Conditions | None) -> list[str]:
    """In words, that a list of conditions lacks files, so that it makes no parts."""
    missing = sum(1 for file in files if plain(file) not in conditions) if conditions is not None else 0
    return (
        [f"{missing} of {len(files)} files are not in the list of conditions: it makes no parts"]
        if missing
        else []
    )


def _refuse(a: System, b: System, name: MetricName) -> Refused:
    """Why two systems cannot be compared file by file in a metric, and what would help."""
    scales = [{s for s in side.scores if MetricName.parse(s).quantity == name.quantity} for side in (a, b)]
    means = _means(a, b, name)
    if all(scales):
        one, other = (", ".join(sorted(scale)) for scale in scales)
        reason = f"{a.name} is scored as {one}, {b.name} as {other}: not the same scale"
        lacking = a if str(name) not in a.scores else b
        return Refused(str(name), reason, means, command_for(lacking), _beside(a, b, name))
    silent = [side for side, scored in zip((a, b), scales, strict=True) if not scored]
    unknown = [side.name for side in silent if known_mean(side, name) is None]
    if unknown:
        reason = f"nothing is known of {' and '.join(unknown)} in {name} on {a.dataset}"
    else:
        reason = f"only a mean is known of {' and '.join(side.name for side in silent)}"
        stand = _stand(a, b, name)
        reason += f"; {stand}" if stand else ""
    command = "; ".join(command_for(side) for side in silent)
    return Refused(str(name), reason, means, command, _beside(a, b, name))


def _beside(a: System, b: System, name: MetricName) -> Beside | None:
    """What lies between the two means, where both are known."""
    one, other = known_mean(a, name), known_mean(b, name)
    if one is None or other is None:
        return None
    pesq = [v.value for side in (b, a) if (v := side.means.get("PESQ")) is not None and v.value is not None]
    against = a.refusals.get(one), b.refusals.get(other)
    return beside(name, a.means[one], b.means[other], pesq[0] if pesq else None, against)


def _stand(a: System, b: System, name: MetricName) -> str:
    """In words, why even the two means may not be compared; empty when they may."""
    one, other = known_mean(a, name), known_mean(b, name)
    if one is None or other is None:
        return ""
    how, items = relation(name.quantity, a.means[one].protocol, b.means[other].protocol)
    if how == "differs":
        return f"the means are not comparable either: {', '.join(items)}"
    return (
        f"whether the means are comparable is not stated: {', '.join(items)}" if how == "not stated" else ""
    )


def known_mean(side: System, name: MetricName) -> str | None:
    """The spelling under which a side has a mean of the quantity."""
    spelled = [str(name), *(s for s in side.means if MetricName.parse(s).quantity == name.quantity)]
    return next((s for s in spelled if s in side.means), None)


def _means(a: System, b: System, name: MetricName) -> tuple[str, str]:
    found = []
    for side in (a, b):
        spelled = known_mean(side, name)
        found.append("-" if spelled is None else f"{spelled} {side.means[spelled].spelled}")
    return found[0], found[1]


def command_for(side: System) -> str:
    """The command that gives a side scores of every file in all metrics and scales."""
    if side.checkpoint:
        return f"litdb model evaluate --all {side.run} --data DIR && litdb add {side.run}"
    if side.reference:
        return "litdb model evaluate --noisy --data DIR --csv noisy.csv, then compare with noisy.csv"
    return f"litdb model evaluate --enhanced AUDIO --data DIR --csv scores.csv (AUDIO: what {side.name} made), then compare with scores.csv"


# --- what is not known ------------------------------------------------------------------------------------


def selection_notes(systems: Sequence[System]) -> list[str]:
    """In words, why a checkpoint stands for its model, which were selected on the test set, the marks of each, other rates."""
    said = [system.chosen for system in systems if system.chosen]
    flattered = [system.name for system in systems if system.selected_on == "test"]
    if flattered:
        said.append(f"selected on the test set, so its scores flatter it: {', '.join(flattered)}")
    apart = rate_notes(systems)
    for system in systems:
        said += [
            f"{system.name}: {mark}" for mark in (besides_rates(system.marks) if apart else system.marks)
        ]
    return [*said, *apart]


def _speaker_note(measures: Sequence[Measure]) -> list[str]:
    speakers = {part.value for measure in measures for part in measure.parts if part.kind == "speaker"}
    return few_speakers(len(speakers))


def few_speakers(speakers: int) -> list[str]:
    """In words, what so few test speakers leave open; empty for none known or many."""
    if not 0 < speakers <= _FEW_SPEAKERS:
        return []
    who = "one test speaker" if speakers == 1 else f"{speakers} test speakers"
    return [f"{who}: the interval is for more files of the same speakers and says nothing of others"]
