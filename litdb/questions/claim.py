"""Is a statement such as "smallest with PESQ>=3.0 on vbd" true in this catalogue? With what speaks against it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import Absence, Checkpoint, Model, Run
from litdb.catalogue.naming import find_model
from litdb.evidence.comparability import partial, relation
from litdb.evidence.selection import Choice, Rules, agrees
from litdb.questions.statement import Demand, Statement
from litdb.questions.subject import NoValue, own_model, row_of
from litdb.questions.table import Pick, Question, pick
from litdb.values.display import cell_text, column_for
from litdb.vocabulary import MetricName, vocabulary

Verdict = Literal["true", "false", "not decidable"]
#: Items that make two numbers incomparable in size; a comparison that does not know them decides nothing.
_DECISIVE = ("composite scale", "length of audio")


@dataclass(frozen=True, slots=True)
class Witness:
    """A model that speaks against a statement, or might: its values with their source. `why` is in words."""

    model: str
    name: str
    values: tuple[str, ...]
    source: str
    date: dt.date | None
    why: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on a statement, on the catalogue of a day.

    `against` refutes it, `open` might, `own` says how the subject itself stands, `considered` counts the models with
    values on the test set. True means that nothing in this catalogue speaks against it.
    """

    statement: str
    verdict: Verdict
    subject: str
    own: tuple[str, ...]
    against: tuple[Witness, ...]
    open: tuple[Witness, ...]
    considered: int
    day: dt.date
    notes: tuple[str, ...] = ()


def judge(session: Session, statement: Statement, *, model: str | None = None) -> Judged:
    """Judge a statement about its subject, `model`, or the own model. Raises UsageError, NotFound, Ambiguous."""
    owner = find_model(session, statement.subject) if statement.subject else own_model(session, model)
    metrics = _metrics(statement)
    try:
        subject = row_of(session, owner, metrics, statement.dataset)
    except NoValue as reason:
        return _nothing_known(session, statement, owner, str(reason))
    since = _known_since(session, subject)
    others = [p for p in _field(session, statement, metrics) if p.model.key != owner.key]
    failed = _failures(statement, subject, since)
    unknown = _unknown(statement, subject, since)
    if unknown:
        unknown += _absences(session, owner.key, statement).values()
    against, doubtful = [], []
    for other in others:
        holds = _holds(statement.demands, other)
        if holds is False or not _of_kind(statement, other):
            continue
        why, sure = _beats(statement, subject, since, other, _known_since(session, other))
        if why and holds and sure:
            against.append(_witness(other, metrics, why))
        elif why:
            missing = [str(d.metric) for d in statement.demands if d.met(_value(other, d.metric)) is None]
            said = f"{', '.join(dict.fromkeys(missing))} not known" if missing else why
            doubtful.append(_witness(other, metrics, said))
    doubtful += _unproven(session, statement, subject, since, metrics, {p.model.key for p in others})
    verdict: Verdict = "true"
    if failed or against:
        verdict = "false"
    elif unknown or doubtful:
        verdict = "not decidable"
    return Judged(
        statement.text,
        verdict,
        owner.name,
        (*_shown(subject, metrics), *failed, *unknown),
        tuple(sorted(against, key=lambda w: w.name.casefold())),
        tuple(sorted(doubtful, key=lambda w: w.name.casefold())),
        len(others) + 1,
        dt.datetime.now(dt.UTC).date(),
        (*subject.selected.notes, *_partial_note(others)),
    )


def _nothing_known(session: Session, statement: Statement, owner: Model, reason: str) -> Judged:
    said = _absences(session, owner.key, statement)
    today = dt.datetime.now(dt.UTC).date()
    return Judged(statement.text, "not decidable", owner.name, (reason, *said.values()), (), (), 0, today)


def _absences(session: Session, model: str, statement: Statement) -> dict[str, str]:
    """What the paper of a model is recorded not to report on the test set: quantity, and the record in words."""
    rows = select(Absence).join(Model, Model.paper_id == Absence.paper_id)
    found = session.scalars(rows.where(Model.key == model, Absence.dataset == statement.dataset))
    return {
        absence.quantity: f"{absence.quantity}: {absence.statement} ({absence.source})" for absence in found
    }


def _metrics(statement: Statement) -> tuple[MetricName, ...]:
    """The metrics it is about; with the usual scores when it names none, so that only models of the test set count."""
    named = [*(d.metric for d in statement.demands), *([statement.metric] if statement.metric else [])]
    scores = [name for name in named if not _per_model(name)]
    usual = () if scores else tuple(map(MetricName, ("PESQ", "STOI", "SI-SDR")))
    return tuple(dict.fromkeys((*named, *usual)))


def _per_model(name: MetricName) -> bool:
    metric = vocabulary().metric(name.quantity)
    return metric is not None and metric.per_model


def _field(
    session: Session, statement: Statement, metrics: Sequence[MetricName], rules: Rules | None = None
) -> list[Pick]:
    """All models with a value on the test set, own measurements of others' models left out."""
    question = Question(tuple(metrics), statement.dataset, years=statement.years, rules=rules or Rules())
    return [found for found in pick(session, question) if not found.selected.reproduced]


# --- one model ---------------------------------------------------------------------------------------------


def _value(found: Pick, metric: MetricName) -> float | None:
    choice = found.choice(metric)
    if choice is None or partial(choice.fact.protocol):
        return None
    return choice.fact.value


def _holds(demands: Iterable[Demand], found: Pick) -> bool | None:
    """Whether a model meets all conditions; None when it depends on a value that is not known."""
    met = [demand.met(_value(found, demand.metric)) for demand in demands]
    return False if False in met else None if None in met else True


def _of_kind(statement: Statement, found: Pick) -> bool:
    """Whether a model may be of the causality that is spoken of."""
    if statement.causal is None:
        return True
    said = {fact.protocol.get("causal") for fact in found.selected.row.facts} - {None}
    return not said or said == {"yes" if statement.causal else "no"}


def _failures(statement: Statement, subject: Pick, since: dt.date | None) -> list[str]:
    found = [
        f"{subject.model.name} does not meet {demand}: {_text(subject, demand.metric)}"
        for demand in statement.demands
        if demand.met(_value(subject, demand.metric)) is False
    ]
    if not _of_kind(statement, subject):
        found.append(f"{subject.model.name} is stated to be {'non-causal' if statement.causal else 'causal'}")
    if statement.years is not None and since is not None and since.year not in statement.years:
        found.append(f"{subject.model.name} is from {since.year}")
    return found


def _unknown(statement: Statement, subject: Pick, since: dt.date | None) -> list[str]:
    needed = [d.metric for d in statement.demands] + ([statement.metric] if statement.metric else [])
    found = [
        f"{metric} of {subject.model.name} is not known{' for every file' if subject.choice(metric) else ''}"
        for metric in dict.fromkeys(needed)
        if _value(subject, metric) is None
    ]
    if statement.kind == "first" and since is None:
        found.append(f"the date of {subject.model.name} is not known")
    said = {fact.protocol.get("causal") for fact in subject.selected.row.facts} - {None}
    if statement.causal is not None and not said:
        found.append(f"whether {subject.model.name} is causal is not stated")
    return found


def _known_since(session: Session, found: Pick) -> dt.date | None:
    """The day a model became known: of its paper, or of an own checkpoint."""
    checkpoint = found.selected.row.checkpoint
    if found.model.date is not None or checkpoint is None:
        return found.model.date
    dated = (
        select(Checkpoint.date)
        .join(Run, Run.id == Checkpoint.run_id)
        .where(Checkpoint.key == checkpoint.name)
    )
    return session.scalar(dated) or checkpoint.declared_on


# --- one against another ------------------------------------------------------------------------------------


def _beats(
    statement: Statement, subject: Pick, since: dt.date | None, other: Pick, theirs: dt.date | None
) -> tuple[str, bool]:
    """In words, how a model that meets the conditions contradicts the statement, and whether that is sure.

    `since` and `theirs` are the days from which the subject and the other model are known.
    """
    sure = _stated_kind(statement, other)
    if statement.kind == "only":
        return "meets the conditions too", sure
    if statement.kind == "first":
        if since is None or theirs is None:
            return "its date is not known" if theirs is None else f"known since {theirs}", False
        if theirs == since:
            return f"from the same day, {since}", False
        return (f"known since {theirs}", sure) if theirs < since else ("", sure)
    assert statement.metric is not None
    return _outdoes(statement, statement.metric, subject.choice(statement.metric), other, sure)


def _outdoes(
    statement: Statement, metric: MetricName, mine: Choice | None, other: Pick, sure: bool
) -> tuple[str, bool]:
    theirs = other.choice(metric)
    if theirs is None or theirs.fact.value is None or partial(theirs.fact.protocol):
        return f"{metric} not known", False
    text = _text(other, metric)
    if mine is None or mine.fact.value is None:
        return f"{metric} {text}", False
    how, items = relation(metric.quantity, mine.fact.protocol, theirs.fact.protocol)
    if how == "differs":
        return "", False  # another kind of number says nothing of this one
    if agrees(mine.fact, theirs.fact) and (mine.fact.resolution or theirs.fact.resolution):
        return f"{metric} {text}: the same as far as it is printed", False
    lower = statement.kind == "lowest"
    if (theirs.fact.value < mine.fact.value) != lower or theirs.fact.value == mine.fact.value:
        return "", sure
    unknown = [item for item in items if how == "not stated" and item in _DECISIVE]
    if unknown:
        return f"{metric} {text}, if comparable: {', '.join(unknown)} not stated", False
    if theirs.fact.approximate:
        return f"{metric} printed as {theirs.fact.printed}", False
    return f"{metric} {text}", sure


def _stated_kind(statement: Statement, other: Pick) -> bool:
    """Whether a model is stated to be of the causality spoken of, where one is."""
    if statement.causal is None:
        return True
    return bool({fact.protocol.get("causal") for fact in other.selected.row.facts} - {None})


def _unproven(
    session: Session,
    statement: Statement,
    subject: Pick,
    since: dt.date | None,
    metrics: Sequence[MetricName],
    known: set[str],
) -> list[Witness]:
    """Models that only a claim or a result waiting for review would make witnesses.

    A claim that the model's paper is known not to support counts for nothing.
    """
    found = []
    for rules, words in ((Rules(proposed=True), "waits for review"), (Rules(claims=True), "only claimed")):
        for other in _field(session, statement, metrics, rules):
            if other.model.key in known or other.model.key == subject.model.key:
                continue
            if _holds(statement.demands, other) is False or not _of_kind(statement, other):
                continue
            why, _ = _beats(statement, subject, since, other, _known_since(session, other))
            asked = {demand.metric.quantity for demand in statement.demands}
            if why and not asked & _absences(session, other.model.key, statement).keys():
                known.add(other.model.key)
                found.append(_witness(other, metrics, f"{words}: {why}"))
    return found


# --- words --------------------------------------------------------------------------------------------------


def _witness(found: Pick, metrics: Sequence[MetricName], why: str) -> Witness:
    row = found.selected.row
    return Witness(
        found.model.key, found.model.name, _shown(found, metrics), row.source, found.model.date, why
    )


def _shown(found: Pick, metrics: Sequence[MetricName]) -> tuple[str, ...]:
    return tuple(f"{metric} {_text(found, metric)}" for metric in metrics if found.choice(metric) is not None)


def _text(found: Pick, metric: MetricName) -> str:
    choice = found.choice(metric)
    if choice is None or choice.fact.value is None:
        return "not known"
    column = column_for(metric, vocabulary())
    unit = column.unit if column.unit not in ("", "dB") else ""
    return cell_text(choice.fact.value, choice.fact.resolution, column) + unit


def _partial_note(others: Sequence[Pick]) -> list[str]:
    """Which models do not count because their means cover too few files."""
    short = [
        other.model.name
        for other in others
        for metric in other.metrics
        if (choice := other.choice(metric)) is not None and partial(choice.fact.protocol)
    ]
    return (
        [f"means over fewer files than the test set has do not count: {', '.join(dict.fromkeys(short))}"]
        if short
        else []
    )
