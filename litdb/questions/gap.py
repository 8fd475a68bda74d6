"""How far the own model is from a target, and from each published model of a size, metric by metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from litdb.errors import UsageError
from litdb.evidence.comparability import partial, relation
from litdb.evidence.selection import Choice, agrees
from litdb.questions.statement import as_fraction
from litdb.questions.subject import USUAL, own_model, row_of
from litdb.questions.table import Pick, Question, pick
from litdb.values.display import cell_text, column_for
from litdb.vocabulary import MetricName, parse_quantity, vocabulary
from litdb.vocabulary.ranges import Condition, Range

Sign = Literal["better", "equal", "worse", "not comparable"]
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
        return cls(metric, as_fraction(metric, parse_quantity(value.strip())))


@dataclass(frozen=True, slots=True)
class Aim:
    """A target with what the own model has. `missing` is 0 once it is reached, None where nothing is measured."""

    metric: str
    direction: str
    wanted: float
    value: float | None
    printed: str
    missing: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric against one model: own value minus theirs, and how the own one stands. `note` is a doubt or refusal."""

    metric: str
    own: str
    theirs: str
    difference: float | None
    sign: Sign
    note: str = ""


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


def find_gap(
    session: Session, targets: Sequence[Target], *, against: Range | None, model: str | None, dataset: str
) -> Gap:
    """Compare the declared checkpoint of an own model. Raises UsageError, NotFound, Ambiguous."""
    known = vocabulary().dataset(dataset)
    if known is None:
        raise UsageError(f"unknown test set {dataset!r}: `litdb vocabulary datasets` lists them")
    if not targets and against is None:
        raise UsageError("say what to compare with: --target PESQ=3.0 or --against 0.4M..1.0M")
    owner = own_model(session, model)
    metrics = tuple(dict.fromkeys((*(target.metric for target in targets), *USUAL)))
    own = row_of(session, owner, metrics, known.id)
    rivals = []
    if against is not None:
        size = Condition(MetricName("params"), against)
        others = pick(session, Question(metrics, known.id, conditions=(size,)))
        rivals = [_rival(own, other, metrics) for other in others if not other.model.own]
    return Gap(
        owner.name,
        known.title,
        own.selected.row.source,
        own.selected.notes,
        tuple(_aim(target, own.choice(target.metric)) for target in targets),
        tuple(rivals),
    )


def _direction(metric: MetricName) -> str:
    found = vocabulary().metric(metric.quantity)
    return found.direction if found is not None else "higher"


def _aim(target: Target, choice: Choice | None) -> Aim:
    direction = _direction(target.metric)
    if choice is None or choice.fact.value is None:
        return Aim(str(target.metric), direction, target.value, None, "-", None, "not measured")
    fact = choice.fact
    assert fact.value is not None
    short = target.value - fact.value if direction == "higher" else fact.value - target.value
    slack = 1e-9 * max(1.0, abs(target.value))
    notes = [f"measured as {fact.metric}"] if fact.metric != str(target.metric) else []
    if reason := partial(fact.protocol):
        notes.append(reason)
    missing = short if short > slack else 0.0
    return Aim(
        str(target.metric), direction, target.value, fact.value, fact.printed, missing, "; ".join(notes)
    )


def _rival(own: Pick, other: Pick, metrics: Sequence[MetricName]) -> Rival:
    found = [
        difference
        for metric in metrics
        if (difference := _difference(metric, own.choice(metric), other.choice(metric))) is not None
    ]
    row = other.selected.row
    better = tuple(d.metric for d in found if d.sign == "better")
    model = other.model
    return Rival(model.key, model.name, row.source, model.year, tuple(found), _standing(found), better)


def _difference(metric: MetricName, own: Choice | None, theirs: Choice | None) -> Difference | None:
    """The own value against theirs, or None when one of them is not known."""
    if own is None or theirs is None or own.fact.value is None or theirs.fact.value is None:
        return None
    column = column_for(metric, vocabulary())
    shown = [
        cell_text(c.fact.value, c.fact.resolution, column) for c in (own, theirs) if c.fact.value is not None
    ]
    how, items = relation(metric.quantity, own.fact.protocol, theirs.fact.protocol)
    name = column.title if column.unit else str(metric)
    if how == "differs":
        return Difference(
            name, shown[0], shown[1], None, "not comparable", f"known to differ: {', '.join(items)}"
        )
    note = f"not stated: {', '.join(items)}" if how == "not stated" else ""
    gain = own.fact.value - theirs.fact.value
    sign: Sign = "better" if (gain > 0) == (_direction(metric) == "higher") else "worse"
    if agrees(own.fact, theirs.fact):
        sign = "equal"
    return Difference(name, shown[0], shown[1], gain, sign, note)


def _standing(differences: Sequence[Difference]) -> Standing:
    """Whether the other model is as good in every metric that is known of both, and better in some."""
    compared = [d for d in differences if d.sign != "not comparable"]
    sure = [d for d in compared if not d.note]
    if not any(d.sign != "equal" for d in compared):
        return "nothing to compare"
    if any(d.sign == "better" for d in sure):
        return "not dominated"
    if any(d.sign == "better" for d in compared):
        return "not dominated if comparable"
    return "dominated" if any(d.sign == "worse" for d in sure) else "dominated if comparable"
