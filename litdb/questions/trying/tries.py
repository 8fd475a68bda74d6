"""Own tries: made, ended and listed, with what the recorded configurations say of each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from litdb.catalogue.naming import find_model
from litdb.catalogue.views import tries
from litdb.catalogue.views.runs import details_of
from litdb.errors import NotFound
from litdb.evidence.runs.steps import step
from litdb.evidence.tries import Tried
from litdb.questions.subject import own_model
from litdb.vocabulary.components import own_components

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def start_try(
    session: Session,
    hypothesis: str,
    change: str,
    *,
    evidence: Sequence[str],
    components: Sequence[str],
    model: str | None,
    base: str | None,
) -> str:
    """Record a try on a model, else on the own one; the decision's number. Raises UsageError, NotFound, Ambiguous."""
    known = own_components()
    ids = [known.find(word).id for word in components]
    owner = own_model(session, model)
    return tries.start(
        session, owner.key, hypothesis, change, evidence=evidence, components=ids, base=base
    ).uid


def all_tries(session: Session, model: str | None = None) -> list[Tried]:
    """The tries, of all models or of one, oldest first. Raises NotFound, Ambiguous."""
    key = find_model(session, model).key if model is not None else None
    return [_with_step(session, one) for one in tries.listed(session, key)]


def _with_step(session: Session, one: Tried) -> Tried:
    """With the words of the step from the base to the run, where both recorded what they were."""
    if not one.base or not one.run:
        return one
    try:
        before, after = details_of(session, (one.base, one.run))
    except NotFound:
        return one  # a run that this copy of the catalogue does not hold
    return replace(one, step=step(one.base, before, one.run, after).verdict)
