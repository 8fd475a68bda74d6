"""`litdb show` and what `litdb why` shows with it: everything known of a model or a paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from litdb.catalogue.naming import find_model
from litdb.catalogue.papers import find_paper
from litdb.catalogue.values import Where, known_values
from litdb.catalogue.views.shown import ModelView, PaperView, model_view, paper_view
from litdb.errors import NotFound
from litdb.values.origin import Origin
from litdb.values.value import Value

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def show(session: Session, name: str) -> tuple[ModelView | PaperView, list[Value]]:
    """A model, or else a paper, with all its values. Raises NotFound when it is neither."""
    try:
        model = find_model(session, name)
    except NotFound as no_model:
        try:
            paper = find_paper(session, name)
        except NotFound:
            raise no_model from None
        return paper_view(session, paper), known_values(session, Where(paper=paper.key))
    return model_view(session, model), known_values(session, Where(models=[model.key]))


def quoted_by(found: Iterable[Value]) -> dict[str, list[str]]:
    """Who quotes which printed value: the printed text, behind its metric where there are several, and the sources."""
    quotations = [value for value in found if value.origin is Origin.QUOTED]
    several = len({value.metric for value in quotations}) > 1  # wide and narrow band, say
    quoted: dict[str, list[str]] = {}
    for value in quotations:
        quoted.setdefault(f"{value.metric} {value.said}" if several else value.said, []).append(value.place)
    return quoted
