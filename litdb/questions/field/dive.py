"""From the question of `litdb dive` to its page: one paper with everything around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litdb.catalogue.models import proposed_by
from litdb.catalogue.papers import paper_keys, publications
from litdb.catalogue.values import ACCEPTED, Where, known_values, values
from litdb.catalogue.views.ablations import comparisons
from litdb.catalogue.views.field import citations, notes, surveys
from litdb.catalogue.views.shown import paper_view
from litdb.evidence.screening import READ, TAKEN
from litdb.evidence.tracing.cited import KnownWork, Works, cited_works, citing_papers
from litdb.evidence.tracing.dive import Dive, PaperVersions, beside, changes, read_next
from litdb.questions.tables.bibliography import paper_of
from litdb.questions.tracing.card import model_card
from litdb.questions.tracing.quotations import check_quotations
from litdb.values.origin import Kind, Status
from litdb.values.value import Value
from litdb.vocabulary.components import own_components

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def paper_versions(session: Session, name: str) -> PaperVersions:
    """The versions of a paper and what they changed; it is named as for :func:`dive`. Raises NotFound, Ambiguous, UsageError."""
    paper = paper_of(session, name)
    view = paper_view(session, paper)
    return PaperVersions(paper.key, view.title, view.versions, changes(_shown(session, paper.key)))


def dive(session: Session, name: str, *, dataset: str = "vbd") -> Dive:
    """A paper, by its key, arXiv id, DOI or the name of a model that it proposes. Raises NotFound, Ambiguous, UsageError."""
    paper = paper_of(session, name)
    view = paper_view(session, paper)
    shown = _shown(session, paper.key)
    own = proposed_by(session, [paper.key])
    elsewhere = {
        value.paper
        for value in values(session, Where(models=own, statuses=ACCEPTED))
        if value.paper not in ("", paper.key)
    }
    tables = [
        *shown,
        *(v for key in sorted(elsewhere) for v in values(session, Where(paper=key, statuses=ACCEPTED))),
    ]
    titles = {one.key: one.title or one.key for one in publications(session)}
    read = _read(session)
    quotes, quoted_by, together = beside(tables, set(own), titles, read, paper=paper.key)
    works = Works(citations.known_works(session))
    cites = cited_works(citations.bibliographies(session, [paper.key]), works)
    work = works.by_key.get(paper.key, KnownWork(paper.key))
    cited_by = citing_papers(citations.entries_naming(session, work), work, works)
    systems = {
        value.model: value.row.model
        for value in shown
        if value.row.model.paper == paper.key and value.row.model.kind is Kind.SYSTEM
    }
    things = {("paper", paper.key), *(("model", key) for key in own), *(("result", v.key) for v in shown)}
    return Dive(
        paper.key,
        view.title,
        view.authors,
        view.arxiv_id,
        view.doi,
        view.date.isoformat() if view.date else "",
        view.venue,
        view.versions,
        tuple(notes.notes(session, things)),
        changes(shown),
        tuple(shown),
        tuple(row for row in comparisons(session, own_components()) if row.paper == paper.key),
        tuple(check_quotations(session, paper=paper.key)),
        quotes,
        quoted_by,
        together,
        cites,
        cited_by,
        tuple(model_card(session, key, dataset=dataset) for key in sorted(systems)),
        read_next(quotes, quoted_by, together, cites, cited_by, read),
    )


def _shown(session: Session, paper: str) -> list[Value]:
    """What a paper prints that nobody rejected."""
    there = known_values(session, Where(paper=paper))
    return [value for value in there if value.status in (Status.ACCEPTED, Status.PROPOSED)]


def _read(session: Session) -> frozenset[str]:
    """The papers that somebody read or took in any survey, by key."""
    names = {paper.candidate.paper for survey in surveys.listed(session) for paper in survey.of(READ, TAKEN)}
    return frozenset(paper_keys(session, names).values())
