"""How far the own model is from a target, and from each published model of a size, metric by metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from litdb.errors import UsageError
from litdb.evidence.beside.seeds import SeedSpread, beyond_seeds
from litdb.evidence.comparability import relation, trained_apart, unfit, unstated
from litdb.evidence.marks import Said, few, folded, pick_notes
from litdb.evidence.ranking import Pick
from litdb.evidence.rows.refusals import Refusals
from litdb.values.agreement import agree, is_bound
from litdb.values.choice import Choice
from litdb.values.display import cell_text, column_for
from litdb.values.value import Value
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.ranges import quantity

#: `not decidable` where one side is a bound; `if comparable` where a side does not state its PESQ band or composite scale.
Sign = Literal[
    "better",
    "equal",
    "worse",
    "ahead if comparable",
    "behind if comparable",
    "not comparable",
    "not decidable",
]
Standing = Literal[
    "dominated",
    "dominated if comparable",
    "not dominated",
    "not dominated if comparable",
    "nothing to compare",
]


@dataclass(frozen=True, slots=True)
class Target:
    """A value to be reached: at least, or for metrics that are better low at most."""

    metric: MetricName
    value: float

    @classmethod
    def parse(cls, text: str) -> Target:
        """Read `PESQ=3.0`. Raises UsageError."""
        name, equals, value = text.partition("=")
        if not equals or not value.strip():
            raise UsageError(f"{text!r} is not METRIC=VALUE: write for example PESQ=3.0")
        metric = vocabulary().metric_name(name.strip())
        return cls(metric, quantity(value, vocabulary().metric(metric.quantity)))


@dataclass(frozen=True, slots=True)
class Aim:
    """A target with what the own model has. `missing` is 0 once it is reached, None where nothing that counts is measured;
    `result` is the key of the own result, '' where there is none.
    """

    metric: str
    direction: str
    wanted: float
    value: float | None
    printed: str
    missing: float | None
    note: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric against one model: own value minus theirs, and how the own one stands. `note` is a doubt or refusal, `marks`
    what a table says with the two values, `seeds` whether the difference is beyond what seeds alone give; `results` are the
    keys of the two results, the own one first.
    """

    metric: str
    own: str
    theirs: str
    difference: float | None
    sign: Sign
    note: str = ""
    marks: tuple[Said, ...] = ()
    seeds: str = ""
    results: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Rival:
    """A published model: the differences, whether it dominates the own one (as good in all, better in some), and the
    metrics in which the own one is better.
    """

    model: str
    name: str
    source: str
    year: int | None
    differences: tuple[Difference, ...]
    standing: Standing
    own_better: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """The own model against targets and published models. `notes` say which checkpoint it is."""

    model: str
    dataset: str
    source: str
    notes: tuple[str, ...]
    aims: tuple[Aim, ...]
    rivals: tuple[Rival, ...]

    def doubt_notes(self) -> list[str]:
        """Why differences do not count or are not sure, each once with the models and metrics it is true of."""
        return folded(
            Said(rival.name, d.metric, d.note) for rival in self.rivals for d in rival.differences if d.note
        )

    def mark_notes(self) -> list[str]:
        """What a table says with the values of the rivals, and of the own model beside them, each once."""
        return folded(mark for rival in self.rivals for d in rival.differences for mark in d.marks)

    def seed_notes(self) -> list[str]:
        """What is said of differences and seeds, each once with the metrics and models it is true of."""
        said: dict[str, dict[str, list[str]]] = {}
        for rival in self.rivals:
            for difference in rival.differences:
                if difference.seeds:
                    said.setdefault(difference.seeds, {}).setdefault(difference.metric, []).append(rival.name)
        return [
            f"{'; '.join(f'{metric} against {few(names)}' for metric, names in of.items())}: {words}"
            for words, of in said.items()
        ]


def _direction(metric: MetricName) -> str:
    found = vocabulary().metric(metric.quantity)
    return found.direction if found is not None else "higher"


def aim(target: Target, choice: Choice | None) -> Aim:
    """How far a value is from a target."""
    direction = _direction(target.metric)
    if choice is None or choice.value.value is None:
        return Aim(str(target.metric), direction, target.value, None, "-", None, "not measured")
    value, number = choice.value, choice.value.value
    short = target.value - number if direction == "higher" else number - target.value
    slack = 1e-9 * max(1.0, abs(target.value))
    notes = [f"measured as {value.metric}"] if value.metric != str(target.metric) else []
    missing: float | None = short if short > slack else 0.0
    if reason := unfit(value):
        missing = None
        notes.append(f"does not count: {reason}")
    if is_bound(value):
        missing = None
        notes.append(_bound(value))
    said = "; ".join(notes)
    return Aim(str(target.metric), direction, target.value, number, value.printed, missing, said, value.key)


def rival(
    own: Pick,
    other: Pick,
    metrics: Sequence[MetricName],
    spreads: Mapping[str, Sequence[SeedSpread]] | None = None,
    *,
    withdrawn: bool = False,
    refusals: Refusals | None = None,
) -> Rival:
    """Another model against the own one, metric by metric; `spreads` are those over seeds that are known, by quantity, and
    what the `refusals` speak against is not compared.

    Values of withdrawn papers count with `withdrawn` only.
    """
    found = [
        replace(
            difference,
            marks=tuple(pick_notes((own, other), (metric,))),
            seeds=_seeds(difference, metric, own.choice(metric), other.choice(metric), spreads or {}),
            results=(_key(own.choice(metric)), _key(other.choice(metric))),
        )
        for metric in metrics
        if (difference := _difference(metric, own.choice(metric), other.choice(metric), withdrawn, refusals))
        is not None
    ]
    better = tuple(d.metric for d in found if d.sign == "better")
    model, source = other.model, other.selected.row.place
    return Rival(model.key, other.name, source, model.year, tuple(found), _standing(found), better)


def _difference(
    metric: MetricName,
    own: Choice | None,
    theirs: Choice | None,
    withdrawn: bool,
    refusals: Refusals | None,
) -> Difference | None:
    """The own value against theirs, or None when one of them is not known."""
    if own is None or theirs is None or own.value.value is None or theirs.value.value is None:
        return None
    one, other = own.value, theirs.value
    column = column_for(metric, vocabulary())
    shown = [
        value.printed if is_bound(value) else cell_text(number, value.resolution, column)
        for value, number in ((one, own.value.value), (other, theirs.value.value))
    ]
    name = column.title if column.unit else str(metric)
    reasons = [
        f"{pick} {text} does not count: {reason}"
        for pick, text, value in (("the own", shown[0], one), ("their", shown[1], other))
        if (reason := unfit(value) or (None if withdrawn else _withdrawn(value))) is not None
    ]
    if reasons:
        return Difference(name, shown[0], shown[1], None, "not comparable", "; ".join(reasons))
    if refusals is not None and (refusal := refusals.of(other)) is not None:
        return Difference(name, shown[0], shown[1], None, "not comparable", refusal.words)
    if (apart := trained_apart(metric.quantity, one.protocol, other.protocol, one.dataset)) is not None:
        return Difference(name, shown[0], shown[1], None, "not comparable", apart)
    how, items = relation(metric.quantity, one.protocol, other.protocol)
    if how == "differs":
        return Difference(
            name, shown[0], shown[1], None, "not comparable", f"known to differ: {', '.join(items)}"
        )
    bounds = [_bound(value) for value in (one, other) if is_bound(value)]
    if bounds:
        return Difference(name, shown[0], shown[1], None, "not decidable", "; ".join(bounds))
    doubts = tuple(
        dict.fromkeys(
            (
                *(items if how == "not stated" else ()),
                *unstated(metric.quantity, one.protocol, other.protocol),
            )
        )
    )
    note = f"not stated: {', '.join(doubts)}" if doubts else ""
    gain = own.value.value - theirs.value.value
    ahead = (gain > 0) == (_direction(metric) == "higher")
    sign: Sign = "better" if ahead else "worse"
    if agree(one, other):
        sign = "equal"
    elif doubts:
        sign = "ahead if comparable" if ahead else "behind if comparable"
    return Difference(name, shown[0], shown[1], gain, sign, note)


def _key(choice: Choice | None) -> str:
    return choice.value.key if choice is not None else ""


def _withdrawn(value: Value) -> str | None:
    return "its paper is withdrawn" if value.withdrawn else None


def _seeds(
    difference: Difference,
    metric: MetricName,
    own: Choice | None,
    theirs: Choice | None,
    spreads: Mapping[str, Sequence[SeedSpread]],
) -> str:
    """In words, whether a difference of scores is beyond what seeds alone give."""
    found = vocabulary().metric(metric.quantity)
    if not difference.difference or own is None or theirs is None or found is None or found.per_model:
        return ""
    return beyond_seeds(own.value, theirs.value, spreads.get(metric.quantity, ())).words


def _bound(value: Value) -> str:
    return f"{value.printed} is a bound and no number"


def _standing(differences: Sequence[Difference]) -> Standing:
    """Whether the other model is as good in every metric that is known of both, and better in some."""
    compared = [d for d in differences if d.sign != "not comparable"]
    sure = [d for d in compared if not d.note]
    if not any(d.sign not in ("equal", "not decidable") for d in compared):
        return "nothing to compare"
    if any(d.sign == "better" for d in sure):
        return "not dominated"
    if any(d.sign == "ahead if comparable" for d in compared):
        return "not dominated if comparable"
    if any(d.sign == "not decidable" for d in compared):
        return "dominated if comparable"
    return "dominated" if any(d.sign == "worse" for d in sure) else "dominated if comparable"
