"""Whether quoted numbers are those of the papers that they are quoted from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litdb.catalogue.naming import find_model
from litdb.catalogue.papers import find_paper
from litdb.catalogue.views.audited import facts, facts_of_paper
from litdb.catalogue.views.stored_texts import stored_texts
from litdb.evidence.quotations.check import Checked, check
from litdb.values.origin import Origin

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def check_quotations(
    session: Session, *, model: str | None = None, paper: str | None = None
) -> list[Checked]:
    """The quoted values of a catalogue, held against the papers they are from: of one model; in or of one paper.

    Raises NotFound, Ambiguous for the model, NotFound for the paper.
    """
    about = None if model is None else find_model(session, model).key
    within = None if paper is None else find_paper(session, paper).key
    seen = facts(session, about) if within is None else facts_of_paper(session, within)
    wanted: set[str] = set()
    for value in seen.values:
        source = seen.paper_of(value.model)
        if value.cell.grid is not None and value.origin is Origin.QUOTED and source is not None:
            wanted |= {value.paper, source.key}
    sheets = stored_texts(session, wanted) if wanted else []
    return [
        one
        for one in check(seen, sheets)
        if (about is None or one.value.model == about) and within in (None, one.value.paper, one.cited)
    ]
