"""Whether each step between own runs changes one thing: their recorded settings, put to the rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from litdb.catalogue.views.runs import details_of
from litdb.errors import UsageError
from litdb.evidence.runs.steps import Step, ladder

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def own_steps(session: Session, runs: Sequence[str]) -> list[Step]:
    """The steps between own runs, in the order of an ablation. Raises NotFound, UsageError for fewer than two."""
    if len(runs) < 2:
        raise UsageError("name two runs or more, in the order of the ablation")
    return ladder(list(zip(runs, details_of(session, runs), strict=True)))
