"""From the question of `litdb patterns` to its matrix: models of a range and what sources state of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from litdb.catalogue.facts.components import facts_of_models
from litdb.catalogue.views.ablations import comparisons
from litdb.catalogue.views.scores import asked_test_set
from litdb.evidence.components.phrases import Phrases
from litdb.evidence.components.principles import Principle, principles
from litdb.evidence.patterns import PatternModel, Patterns, Use, arrange
from litdb.questions.question import Question
from litdb.questions.table import pick
from litdb.values.display import cell_text, column_for
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.components import own_components
from litdb.vocabulary.ranges import Condition

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def find_patterns(
    session: Session, conditions: Sequence[Condition], dataset: str, *, evidence: bool = False
) -> Patterns:
    """The matrix for all models that meet the conditions; a variant has what its system has. Raises UsageError.

    With `evidence`, what ablation rows on the test set say of every component too.
    """
    known = asked_test_set(session, dataset)
    named = [condition.metric for condition in conditions]
    scores = [name for name in named if not column_for(name, vocabulary()).per_model]
    metrics = tuple(dict.fromkeys((MetricName("params"), *(scores or [MetricName("PESQ")]), *named)))
    picks = pick(session, Question(metrics, known.id, conditions=tuple(conditions)))
    picks = [found for found in picks if not found.selected.reproduced]
    facts = {
        model: {name: Use(fact.item, fact.source) for name, fact in found.items()}
        for model, found in facts_of_models(session).items()
    }
    columns = [column_for(metric, vocabulary()) for metric in metrics]
    models = []
    for found in picks:
        values = tuple(
            cell_text(choice.value.value, choice.value.resolution, column)
            if choice is not None and choice.value.value is not None
            else "-"
            for choice, column in zip(found.selected.choices, columns, strict=True)
        )
        model = found.model
        models.append(
            PatternModel(model.key, model.name, model.own, model.year, values, bool(facts.get(model.key)))
        )
    return Patterns(
        known.title,
        tuple(column.title for column in columns),
        tuple(models),
        arrange(models, facts),
        _principles(session, known.id) if evidence else (),
    )


def _principles(session: Session, dataset: str) -> tuple[Principle, ...]:
    words = own_components()
    return principles(comparisons(session, words), Phrases(words), dataset=dataset, metric="PESQ")
