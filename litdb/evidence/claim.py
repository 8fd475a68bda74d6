"""Is a statement such as "smallest with PESQ>=3.0 on vbd" true in this catalogue? With what speaks against it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from litdb.evidence.beside.seeds import SeedSpread, SeedVerdict, beyond_seeds
from litdb.evidence.comparability import relation, trained_apart, unfit
from litdb.evidence.marks import few, folded, pick_notes, unfit_note, unstated_notes
from litdb.evidence.ranking import Pick
from litdb.evidence.statement import Judged, Statement, Verdict, Witness
from litdb.values.agreement import agree, is_bound, meets
from litdb.values.choice import Choice
from litdb.values.display import cell_text, column_for
from litdb.values.value import Value
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.ranges import Condition

#: Items that make two numbers incomparable in size; a comparison that does not know them decides nothing.
_DECISIVE = ("PESQ band", "composite scale", "length of audio")


@dataclass(frozen=True, slots=True)
class Contender:
    """A model with the row a table shows for it, and the day from which it is known."""

    pick: Pick
    since: dt.date | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self.pick.model.name


@dataclass(frozen=True, slots=True)
class Field:
    """All that a statement is judged against.

    `accepted` are the models with a value on the test set, `unproven` those that only a claim or a result waiting for
    review would add, with the words for it; `absences` are, by model, the quantities that its paper is recorded not to
    report on the test set, with the record in words; `spreads` are those over seeds known in the metric it ranks by.
    """

    accepted: tuple[Contender, ...]
    unproven: tuple[tuple[str, Contender], ...] = ()
    absences: Mapping[str, Mapping[str, str]] | None = None
    spreads: tuple[SeedSpread, ...] = ()

    def absent(self, model: str) -> Mapping[str, str]:
        """What the paper of a model is recorded not to report."""
        return (self.absences or {}).get(model, {})


def metrics_of(statement: Statement) -> tuple[MetricName, ...]:
    """The metrics it is about; with the usual scores when it names none, so that only models of the test set count."""
    named = [*(d.metric for d in statement.demands), *([statement.metric] if statement.metric else [])]
    scores = [name for name in named if not _per_model(name)]
    usual = () if scores else tuple(map(MetricName, ("PESQ", "STOI", "SI-SDR")))
    return tuple(dict.fromkeys((*named, *usual)))


def judge(statement: Statement, subject: Contender, field: Field, day: dt.date) -> Judged:
    """Judge a statement about its subject on a field that may hold the subject too."""
    metrics = metrics_of(statement)
    key = subject.pick.model.key
    others = [other for other in field.accepted if other.pick.model.key != key]
    failed = _failures(statement, subject)
    unknown = _unknown(statement, subject)
    if unknown:
        unknown += field.absent(key).values()
    against, doubtful = [], []
    for other in others:
        holds = _holds(statement.demands, other.pick)
        if holds is False or not _of_kind(statement, other.pick):
            continue
        why, sure = _beats(statement, subject, other)
        seeds = _by_seeds(statement, subject, other, field)
        if why and sure and seeds is not None and seeds.reach is not None:
            why, sure = f"{why}, {seeds.words}", seeds.verdict == "beyond"
        if why and holds and sure:
            against.append(_witness(other.pick, metrics, why))
        elif why:
            doubtful.append(_witness(other.pick, metrics, _open_demands(statement, other.pick) or why))
    doubtful += _unproven(statement, subject, field, metrics, {other.pick.model.key for other in others})
    verdict: Verdict = "true"
    if failed or against:
        verdict = "false"
    elif unknown or doubtful:
        verdict = "not decidable"
    return Judged(
        statement.text,
        verdict,
        subject.name,
        (*_shown(subject.pick, metrics), *failed, *unknown),
        tuple(sorted(against, key=lambda w: w.name.casefold())),
        tuple(sorted(doubtful, key=lambda w: w.name.casefold())),
        len(others) + 1,
        day,
        (
            *subject.pick.selected.notes,
            *_seed_notes(statement, subject, others, field),
            *unfit_note([other.pick for other in others]),
            *unstated_notes(subject.pick, [other.pick for other in others], metrics),
            *folded(
                pick_notes(
                    [subject.pick, *(o.pick for o in others if o.pick.model.key in _keys(against, doubtful))],
                    metrics,
                )
            ),
        ),
        _results(subject.pick, metrics),
    )


def undecided(
    statement: Statement, name: str, reason: str, absences: Mapping[str, str], day: dt.date
) -> Judged:
    """The answer about a subject of which nothing is known on the test set."""
    return Judged(statement.text, "not decidable", name, (reason, *absences.values()), (), (), 0, day)


def _per_model(name: MetricName) -> bool:
    metric = vocabulary().metric(name.quantity)
    return metric is not None and metric.per_model


# --- one model ---------------------------------------------------------------------------------------------


def _value(found: Pick, metric: MetricName) -> Value | None:
    choice = found.choice(metric)
    if choice is None or choice.value.value is None or unfit(choice.value):
        return None
    return choice.value


def _met(demand: Condition, value: Value | None) -> bool | None:
    """Whether a value meets a condition; None when there is no value, or only a bound that leaves it open.

    A bound is no number: it never meets a condition, and fails one only where no number on its side could meet it.
    """
    if value is None or value.value is None:
        return None
    if not is_bound(value):
        return meets(value, demand)
    return None if demand.range.reaches(value.value, upward=value.approximate == ">=") else False


def _holds(demands: Iterable[Condition], found: Pick) -> bool | None:
    """Whether a model meets all conditions; None when it depends on a value that is not known."""
    met = [_met(demand, _value(found, demand.metric)) for demand in demands]
    return False if False in met else None if None in met else True


def _open_demands(statement: Statement, found: Pick) -> str:
    """In words, the values on which it depends whether a model meets the conditions."""
    said = []
    for demand in statement.demands:
        value = _value(found, demand.metric)
        if _met(demand, value) is None:
            said.append(
                _bound(demand.metric, value)
                if value is not None
                else f"{demand.metric} {_absent(found.choice(demand.metric))}"
            )
    return ", ".join(dict.fromkeys(said))


def _bound(metric: MetricName, value: Value) -> str:
    return f"{metric} printed as {value.spelled}, which is a bound and no number"


def _of_kind(statement: Statement, found: Pick) -> bool:
    """Whether a model may be of the causality that is spoken of."""
    if statement.causal is None:
        return True
    said = {value.protocol.get("causal") for value in found.selected.stated} - {None}
    return not said or said == {"yes" if statement.causal else "no"}


def _failures(statement: Statement, subject: Contender) -> list[str]:
    pick, name = subject.pick, subject.name
    found = [
        f"{name} does not meet {demand}: {_text(pick, demand.metric)}"
        for demand in statement.demands
        if _met(demand, _value(pick, demand.metric)) is False
    ]
    if not _of_kind(statement, pick):
        found.append(f"{name} is stated to be {'non-causal' if statement.causal else 'causal'}")
    if (
        statement.years is not None
        and subject.since is not None
        and subject.since.year not in statement.years
    ):
        found.append(f"{name} is from {subject.since.year}")
    return found


def _absent(choice: Choice | None) -> str:
    """Why there is no number that counts: none is known, or what is known is of a part of the files, say."""
    reason = unfit(choice.value) if choice is not None else None
    return (
        "not known"
        if choice is None or reason is None
        else f"does not count: {choice.value.printed} {reason}"
    )


def _unknown(statement: Statement, subject: Contender) -> list[str]:
    pick, name = subject.pick, subject.name
    needed = [d.metric for d in statement.demands] + ([statement.metric] if statement.metric else [])
    found = []
    for metric in dict.fromkeys(needed):
        value = _value(pick, metric)
        if value is None:
            why = _absent(pick.choice(metric))
            found.append(f"{metric} of {name} {f'is {why}' if why == 'not known' else why}")
        elif is_bound(value):
            found.append(f"{name}: {_bound(metric, value)}")
    if statement.kind == "first" and subject.since is None:
        found.append(f"the date of {name} is not known")
    if statement.causal is not None and not _stated_kind(statement, pick):
        found.append(f"whether {name} is causal is not stated")
    return found


# --- one against another ------------------------------------------------------------------------------------


def _beats(statement: Statement, subject: Contender, other: Contender) -> tuple[str, bool]:
    """In words, how a model that meets the conditions contradicts the statement, and whether that is sure."""
    sure = _stated_kind(statement, other.pick)
    if statement.kind == "only":
        return "meets the conditions too", sure
    if statement.kind == "first":
        since, theirs = subject.since, other.since
        if since is None or theirs is None:
            return "its date is not known" if theirs is None else f"known since {theirs}", False
        if theirs == since:
            return f"from the same day, {since}", False
        return (f"known since {theirs}", sure) if theirs < since else ("", sure)
    assert statement.metric is not None
    return _outdoes(statement, statement.metric, _value(subject.pick, statement.metric), other.pick, sure)


def _by_seeds(statement: Statement, subject: Contender, other: Contender, field: Field) -> SeedVerdict | None:
    """Whether the two differ by more than seeds give, in a score that is ranked by; None where there is no difference."""
    metric = statement.metric
    if metric is None or _per_model(metric):
        return None
    mine, theirs = _value(subject.pick, metric), _value(other.pick, metric)
    if mine is None or theirs is None or mine.value == theirs.value:
        return None
    if relation(metric.quantity, mine.protocol, theirs.protocol)[0] == "differs":
        return None
    return beyond_seeds(mine, theirs, field.spreads)


def _seed_notes(
    statement: Statement, subject: Contender, others: Sequence[Contender], field: Field
) -> Iterator[str]:
    """In words, which models seeds alone could put on the other side, or that no spread over seeds is known."""
    found = [
        (other.name, seeds)
        for other in others
        if _holds(statement.demands, other.pick) and (seeds := _by_seeds(statement, subject, other, field))
    ]
    if inside := [(name, seeds) for name, seeds in found if seeds.verdict == "inside"]:
        names = few([name for name, _ in inside])
        yield f"{statement.metric}: {names} differ by less than seeds alone give: {inside[0][1].words}."
    elif found and all(seeds.verdict == "not decidable" for _, seeds in found):
        yield f"{statement.metric}: {found[0][1].words}."


def _outdoes(
    statement: Statement, metric: MetricName, mine: Value | None, other: Pick, sure: bool
) -> tuple[str, bool]:
    theirs = _value(other, metric)
    if theirs is None or theirs.value is None:
        return f"{metric} {_absent(other.choice(metric))}", False
    text = _text(other, metric)
    if mine is None or mine.value is None:
        return f"{metric} {text}", False
    how, items = relation(metric.quantity, mine.protocol, theirs.protocol)
    if how == "differs":
        return "", False  # another kind of number says nothing of this one
    lower = statement.kind == "lowest"
    if is_bound(theirs):
        # It can be ahead unless all numbers on its side are behind.
        behind = theirs.value >= mine.value if lower else theirs.value <= mine.value
        away = theirs.approximate == (">=" if lower else "<=")
        return ("", sure) if behind and away else (_bound(metric, theirs), False)
    if is_bound(mine):
        return f"{metric} {text}", False
    if agree(mine, theirs) and (mine.resolution or theirs.resolution):
        return f"{metric} {text}: the same as far as it is printed", False
    if (theirs.value < mine.value) != lower or theirs.value == mine.value:
        return "", sure
    unknown = [item for item in items if how == "not stated" and item in _DECISIVE]
    if (apart := trained_apart(metric.quantity, mine.protocol, theirs.protocol, mine.dataset)) is not None:
        return f"{metric} {text}, {apart}", False
    if unknown:
        return f"{metric} {text}, if comparable: {', '.join(unknown)} not stated", False
    if theirs.approximate:
        return f"{metric} printed as {theirs.spelled}", False
    return f"{metric} {text}", sure


def _stated_kind(statement: Statement, other: Pick) -> bool:
    """Whether a model is stated to be of the causality spoken of, where one is."""
    if statement.causal is None:
        return True
    return bool({value.protocol.get("causal") for value in other.selected.stated} - {None})


def _unproven(
    statement: Statement,
    subject: Contender,
    field: Field,
    metrics: Sequence[MetricName],
    known: set[str],
) -> list[Witness]:
    """Models that only a claim or a result waiting for review would make witnesses.

    A claim that the model's paper is known not to support counts for nothing.
    """
    found = []
    asked = {demand.metric.quantity for demand in statement.demands}
    for words, other in field.unproven:
        model = other.pick.model.key
        if model in known or model == subject.pick.model.key:
            continue
        if _holds(statement.demands, other.pick) is False or not _of_kind(statement, other.pick):
            continue
        why, _ = _beats(statement, subject, other)
        if why and not asked & field.absent(model).keys():
            known.add(model)
            found.append(_witness(other.pick, metrics, f"{words}: {why}"))
    return found


# --- words --------------------------------------------------------------------------------------------------


def _witness(found: Pick, metrics: Sequence[MetricName], why: str) -> Witness:
    row = found.selected.row
    return Witness(
        found.model.key,
        found.model.name,
        _shown(found, metrics),
        row.place,
        found.model.date,
        why,
        _results(found, metrics),
    )


def _shown(found: Pick, metrics: Sequence[MetricName]) -> tuple[str, ...]:
    return tuple(f"{metric} {_text(found, metric)}" for metric in metrics if found.choice(metric) is not None)


def _results(found: Pick, metrics: Sequence[MetricName]) -> tuple[str, ...]:
    return tuple(choice.value.key for metric in metrics if (choice := found.choice(metric)) is not None)


def _text(found: Pick, metric: MetricName) -> str:
    choice = found.choice(metric)
    if choice is None or choice.value.value is None:
        return "not known"
    if is_bound(choice.value):
        return choice.value.printed
    column = column_for(metric, vocabulary())
    unit = column.unit if column.unit not in ("", "dB") else ""
    return cell_text(choice.value.value, choice.value.resolution, column) + unit


def _keys(*witnesses: Iterable[Witness]) -> set[str]:
    return {witness.model for some in witnesses for witness in some}
