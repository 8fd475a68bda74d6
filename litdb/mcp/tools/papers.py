"""`search_papers`: papers of the catalogue, and of the field's index where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from litdb.errors import CatalogueError, UsageError
from litdb.mcp.answers import ToolAnswer, nothing
from litdb.mcp.lookup import PaperHit, papers_about
from litdb.mcp.text import key, quote

if TYPE_CHECKING:
    from litdb.api import Catalogue

#: Papers of each that are listed.
_MOST = 30


def search_papers(catalogue: Catalogue, query: str) -> ToolAnswer:
    """Papers about some words; a paper that is only in the index has no figures here yet."""
    hits = papers_about(catalogue, query)[:_MOST]
    known = {hit.paper.arxiv_id for hit in hits if hit.paper.arxiv_id}
    items = [f"in the catalogue: {_paper(hit)}" for hit in hits]
    try:
        field = catalogue.search_index(query, most=_MOST).hits
    except (CatalogueError, UsageError) as none:
        found: Iterator[str] = iter(())
        about_index = f"The index of the field was not searched: {quote(str(none), 160)}"
    else:
        others = [hit.paper for hit in field if hit.paper.arxiv_id not in known]
        found = (
            f"in the index of the field, not read: {quote(one.title, 140)}, arXiv:{key(one.arxiv_id)}"
            for one in others
        )
        about_index = ""
    items += found
    if not items:
        more = (about_index,) if about_index else ()
        return nothing(
            f"no paper of the catalogue{'' if about_index else ' or of the index of the field'} is about {quote(query, 80)}.",
            *more,
        )
    if about_index:
        items.append(about_index)
    return ToolAnswer(f"{len(items) - bool(about_index)} papers for {quote(query, 80)}:", tuple(items))


def _paper(hit: PaperHit) -> str:
    paper = hit.paper
    where = (
        f"arXiv:{key(paper.arxiv_id)}"
        if paper.arxiv_id
        else f"doi:{quote(paper.doi, 60)}"
        if paper.doi
        else "no id"
    )
    return f"{key(paper.key)}, {quote(paper.title, 140)}, {paper.year or 'no year'}, {where}; {hit.results} results here"
