"""From the question of `litdb claim` to its answer: the field is loaded, `litdb.evidence.claim` judges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from litdb.catalogue.naming import find_model
from litdb.catalogue.papers import absences, with_results
from litdb.catalogue.views.field.surveys import listed
from litdb.evidence.claim import Contender, Field, judge, metrics_of, undecided
from litdb.evidence.marks import few
from litdb.evidence.matching import Rules
from litdb.evidence.ranking import Pick
from litdb.evidence.rows.refusals import Refusals
from litdb.evidence.screening import DROPPED
from litdb.evidence.statement import Judged, Statement
from litdb.questions.question import Question
from litdb.questions.subject import NoValue, known_spreads, own_model, row_of
from litdb.questions.table import picked
from litdb.questions.tables.refused import known_of, refusals, unprocessed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: What would add a witness that is not proven, and the words for it.
_UNPROVEN = (
    (Rules(proposed=True), "waits for review"),
    (Rules(claims=True), "only claimed"),
    (Rules(withdrawn=True), "in a withdrawn paper"),
)
_DOUBTED = "where the table's unprocessed input is not the test set's, or other numbers of the row or model speak against it"


def judge_statement(session: Session, statement: Statement, *, model: str | None = None) -> Judged:
    """Judge a statement about its subject, `model`, or the own model. Raises UsageError, NotFound, Ambiguous."""
    owner = find_model(session, statement.subject) if statement.subject else own_model(session, model)
    metrics = metrics_of(statement)
    today = dt.datetime.now(dt.UTC).date()
    absent = absences(session, statement.dataset)
    try:
        subject = row_of(session, owner, metrics, statement.dataset)
    except NoValue as reason:
        return undecided(statement, owner.name, str(reason), absent.get(owner.key, {}), today)

    inputs = unprocessed(session, statement.dataset)
    of_subject = known_of(session, statement.dataset, [owner.key])
    against = refusals(session, statement.dataset, of_subject, inputs)
    if elsewhere := _elsewhere(subject, against):
        return undecided(statement, owner.name, elsewhere, absent.get(owner.key, {}), today)

    def field(rules: Rules, *, elsewhere: bool = False) -> list[Contender]:
        """All models with a value on the test set, own measurements of others' models left out; or those whose scores seem to
        be on other data, or cannot be."""
        question = Question(metrics, statement.dataset, years=statement.years, rules=rules)
        found, known = picked(session, question)
        against = refusals(session, statement.dataset, known, inputs)
        return [
            _contender(one)
            for one in found
            if not one.selected.reproduced
            and (rules.withdrawn or not _withdrawn(one))
            and bool(_elsewhere(one, against)) is elsewhere
        ]

    unproven = (
        *((words, other) for rules, words in _UNPROVEN for other in field(rules)),
        *((_DOUBTED, other) for other in field(Rules(), elsewhere=True)),
    )
    spreads = known_spreads(
        session, [statement.metric] if statement.metric else (), statement.dataset, owner.key
    )
    judged = judge(
        statement,
        _contender(subject),
        Field(
            tuple(field(Rules())),
            unproven,
            absent,
            spreads[statement.metric.quantity] if statement.metric else (),
        ),
        today,
    )
    return replace(judged, notes=(*judged.notes, *_unread(session)))


def _unread(session: Session) -> Iterator[str]:
    """Which papers of surveys hold nothing that could speak against a statement yet, for nothing of them is here."""
    wanted = {
        paper.candidate.paper: paper.candidate.title
        for survey in listed(session)
        for paper in survey.papers
        if paper.state != DROPPED
    }
    unread = sorted(wanted.keys() - with_results(session, wanted)) if wanted else []
    if unread:
        titles = few([wanted[paper] for paper in unread])
        yield f"{len(unread)} of {len(wanted)} papers of surveys are unread: {titles} (`litdb survey fetch` takes them in)"


def _elsewhere(found: Pick, against: Refusals) -> str:
    """Why scores of a row are on other data than the test set's, or are not what they are said to be; '' where nothing says so."""
    choices = (choice for choice in found.selected.choices if choice is not None)
    refusal = next(filter(None, (against.of(choice.value) for choice in choices)), None)
    return refusal.words if refusal is not None else ""


def _withdrawn(found: Pick) -> bool:
    return any(choice is not None and choice.value.withdrawn for choice in found.selected.choices)


def _contender(found: Pick) -> Contender:
    """With the day a model became known: of its paper, or of an own checkpoint."""
    checkpoint = found.selected.row.checkpoint
    if found.model.date is not None or checkpoint is None:
        return Contender(found, found.model.date)
    return Contender(found, checkpoint.date or checkpoint.declared_on)
