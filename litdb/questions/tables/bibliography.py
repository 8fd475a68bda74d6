"""What a table cites, and what is known of papers to cite them by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from litdb.catalogue.naming import find_model
from litdb.catalogue.papers import find_paper, publications
from litdb.errors import NotFound
from litdb.values.bibliography import Publication
from litdb.values.note import cites
from litdb.values.table import Table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def cited_by(table: Table) -> list[str]:
    """The keys of the papers that a table names: of its models, of its rows, of its footnotes, each once in that order."""
    found: list[str] = []
    for row in table.rows:
        found += [row.paper, row.document]
        found += [cites(note) for cell in row.cells for note in cell.notes]
    return [key for key in dict.fromkeys(found) if key]


def known_papers(session: Session, names: Sequence[str]) -> list[Publication]:
    """Papers by key, id, DOI or by the name of a model that they propose; all for none. Raises NotFound, Ambiguous."""
    return publications(session, None if not names else list(dict.fromkeys(_keys(session, names))))


def _keys(session: Session, names: Iterable[str]) -> Iterable[str]:
    for name in names:
        try:
            yield find_paper(session, name).key
        except NotFound as error:
            try:
                model = find_model(session, name)
            except NotFound:
                raise error from None
            paper = model.paper or (model.parent.paper if model.parent else None)
            if paper is None:
                raise NotFound(f"no paper is known that proposes {model.name}") from None
            yield paper.key
