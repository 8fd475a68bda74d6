"""From the question of `litdb gap` to its answer: the rows a table shows are loaded, `litdb.evidence.gap` compares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from litdb.catalogue.views.scores import asked_test_set
from litdb.errors import UsageError
from litdb.evidence.gap import Gap, Target, aim, rival
from litdb.evidence.marks import folded, pick_notes
from litdb.evidence.matching import Rules
from litdb.questions.question import Question
from litdb.questions.subject import USUAL, known_spreads, own_model, row_of
from litdb.questions.table import picked
from litdb.questions.tables.refused import refusals
from litdb.vocabulary import MetricName
from litdb.vocabulary.ranges import Condition, Range

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def find_gap(
    session: Session,
    targets: Sequence[Target],
    *,
    against: Range | None,
    model: str | None,
    dataset: str,
    withdrawn: bool = False,
) -> Gap:
    """Compare the declared checkpoint of an own model; values of withdrawn papers count with `withdrawn` only.

    Raises UsageError, NotFound, Ambiguous.
    """
    known = asked_test_set(session, dataset)
    if not targets and against is None:
        raise UsageError("say what to compare with: --target PESQ=3.0 or --against 0.4M..1.0M")
    owner = own_model(session, model)
    metrics = tuple(dict.fromkeys((*(target.metric for target in targets), *USUAL)))
    own = row_of(session, owner, metrics, known.id)
    rivals = []
    if against is not None:
        size = Condition(MetricName("params"), against)
        rules = Rules(withdrawn=withdrawn)
        others, found = picked(session, Question(metrics, known.id, conditions=(size,), rules=rules))
        against_them = refusals(session, known.id, found)
        spreads = known_spreads(session, metrics, known.id, owner.key)
        rivals = [
            rival(own, other, metrics, spreads, withdrawn=withdrawn, refusals=against_them)
            for other in others
            if not other.model.own
        ]
    return Gap(
        owner.name,
        known.title,
        own.selected.row.place,
        (*own.selected.notes, *folded(pick_notes((own,), [target.metric for target in targets]))),
        tuple(aim(target, own.choice(target.metric)) for target in targets),
        tuple(rivals),
    )
