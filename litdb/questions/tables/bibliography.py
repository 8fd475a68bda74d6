"""What a table cites, and what is known of papers to cite them by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from litdb.catalogue.naming import find_model
from litdb.catalogue.papers import find_paper, publications
from litdb.catalogue.views.field.notes import notes
from litdb.errors import NotFound
from litdb.values.bibliography import Publication
from litdb.values.note import cites
from litdb.values.table import Table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from litdb.catalogue.database.schema import PaperRow


def cited_by(table: Table) -> list[str]:
    """The keys of the papers that a table names: of its models, of its rows, of its footnotes, each once in that order."""
    found: list[str] = []
    for row in table.rows:
        found += [row.paper, row.document]
        found += [cites(note) for cell in row.cells for note in cell.notes]
    return [key for key in dict.fromkeys(found) if key]


def known_papers(session: Session, names: Sequence[str]) -> list[Publication]:
    """Papers, each with the notes on it, by key, id, DOI or by the name of a model that they propose; all for none. Raises NotFound, Ambiguous."""
    found = publications(session, None if not names else list(dict.fromkeys(_keys(session, names))))
    kept: dict[str, list[str]] = defaultdict(list)
    for one in notes(session, {("paper", paper.key) for paper in found}):
        kept[one.key].append(one.words)
    return [replace(paper, notes=tuple(kept[paper.key])) for paper in found]


def _keys(session: Session, names: Iterable[str]) -> Iterable[str]:
    return (paper_of(session, name).key for name in names)


def paper_of(session: Session, name: str) -> PaperRow:
    """A paper by its key, arXiv id, DOI or the name of a model that it proposes. Raises NotFound, Ambiguous."""
    try:
        return find_paper(session, name)
    except NotFound as no_paper:
        try:
            model = find_model(session, name)
        except NotFound:
            raise no_paper from None
        found = model.paper or (model.parent.paper if model.parent else None)
        if found is None:
            raise NotFound(f"no paper is known that proposes {model.name}") from None
        return found
