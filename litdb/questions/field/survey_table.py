"""The comparison of what was read for a survey: its models, what they are made of, what their ablations isolate, and
which papers it lacks, with the reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from litdb.catalogue.facts.components import facts_of_models
from litdb.catalogue.models import proposed_by
from litdb.catalogue.papers import PaperStanding, paper_keys, standing_of
from litdb.catalogue.views.ablations import comparisons
from litdb.catalogue.views.field import surveys
from litdb.evidence.components.attribute import attribute
from litdb.evidence.components.phrases import Phrases
from litdb.evidence.components.words import signed
from litdb.evidence.screening import LackingPaper, MadeOf, SurveyTable
from litdb.questions.question import Question
from litdb.questions.table import compare
from litdb.values.table import Table
from litdb.vocabulary.components import own_components

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def survey_table(session: Session, survey: str, question: Question) -> SurveyTable:
    """What was read of the papers of a survey, as one comparison. Raises NotFound, UsageError."""
    papers = surveys.load(session, survey).chosen
    keys = paper_keys(session, [paper.candidate.paper for paper in papers])
    models = proposed_by(session, keys.values())
    table = compare(session, replace(question, models=tuple(models)))
    with_row = {row.paper for row in table.rows}
    lacking = [
        LackingPaper(
            paper.candidate.paper,
            paper.candidate.title,
            _lacks(
                standing_of(session, keys.get(paper.candidate.paper, ""), question.dataset), survey, table
            ),
        )
        for paper in papers
        if keys.get(paper.candidate.paper) not in with_row
    ]
    return SurveyTable(survey, table, tuple(_made_of(session, table, question)), tuple(lacking))


def _lacks(standing: PaperStanding, survey: str, table: Table) -> str:
    """Why a paper has no row, in words: the first step that it did not come through."""
    if not standing.known:
        return f"not fetched yet: `litdb survey fetch {survey}`"
    if standing.withdrawn:
        return f"withdrawn: {standing.withdrawn}"
    if not standing.documents:
        return "fetched, but nothing of it could be read (only a PDF, or no source)"
    if standing.accepted:
        return "its models do not meet the conditions"
    if standing.waiting:
        return f"{standing.waiting} values of it on {table.dataset} wait: `litdb review`"
    if standing.elsewhere:
        return f"its {standing.elsewhere} results are on other test sets"
    if standing.tables:
        return "none of its tables holds a result"
    only = "in its PDF, all that there is of it" if set(standing.documents) == {"pdf"} else "in it"
    return f"no table was found {only}: `litdb add-result` records what you read there"


def _made_of(session: Session, table: Table, question: Question) -> Sequence[MadeOf]:
    facts = facts_of_models(session)
    papers = {row.paper for row in table.rows if row.paper}
    isolated = _isolated(session, papers, question.dataset, _score(table))
    made: dict[str, MadeOf] = {}
    for row in table.rows:
        stated = facts.get(row.model, {}).values()
        made.setdefault(
            row.model,
            MadeOf(
                row.model,
                row.name,
                tuple(fact.component for fact in stated if fact.item != "training"),
                tuple(fact.component for fact in stated if fact.item == "training"),
                isolated.get(row.paper, ()),
            ),
        )
    return list(made.values())


def _score(table: Table) -> str:
    """The metric whose differences are told: the first score that is asked for."""
    return next((column.metric for column in table.columns if not column.per_model), "PESQ")


def _isolated(
    session: Session, papers: Collection[str], dataset: str, metric: str
) -> dict[str, tuple[str, ...]]:
    """By paper, the components that its rows change alone, with the difference of the metric on the test set."""
    known = own_components()
    phrases = Phrases(known)
    rows = [row for row in comparisons(session, known) if row.paper in papers]
    found: dict[str, list[str]] = {}
    for component in known.all:
        for evidence in attribute(component.id, rows, phrases, dataset=dataset, metric=metric).isolated:
            for effect in evidence.effects:
                if (effect.metric, effect.dataset) == (metric, dataset):
                    row = evidence.comparison
                    where = f"{row.place}: row {row.label} against {row.base_label}"
                    said = f"{component.id} {signed(effect)} {metric} ({where})"
                    found.setdefault(row.paper, []).append(said)
    return {paper: tuple(dict.fromkeys(said)) for paper, said in found.items()}
