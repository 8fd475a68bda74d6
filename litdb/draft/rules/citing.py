"""IDENTITY of citations: the paper cited beside a model's name is the model's, in tables and in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from litdb.draft.finding import DraftFinding, DraftPlace, DraftRule
from litdb.draft.subject import Draft, Tally

#: Characters between a name and the citation that belongs to it.
_BESIDE = 1


def citing(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """IDENTITY: a model and the citation beside it."""
    for table in draft.project.tables:
        for row in table.rows:
            models = draft.knowledge.named(row.label) or draft.knowledge.named(row.system)
            yield from _beside(draft, tally, row.label, models, row.cites, row.place)
    for sentence in draft.project.sentences:
        if not sentence.citations:
            continue
        for mention in draft.knowledge.mentions(sentence.text):
            cites = tuple(c.key for c in sentence.citations if 0 <= c.at - mention.end <= _BESIDE)
            place = sentence.place(mention.start)
            yield from _beside(draft, tally, mention.name, mention.models, cites, place)


def _beside(
    draft: Draft, tally: Tally, name: str, models: Sequence[str], cites: tuple[str, ...], place: DraftPlace
) -> Iterator[DraftFinding]:
    homes = {home for key in models if (home := draft.knowledge.home(key))}
    if not cites or not homes:
        return
    papers = draft.papers(cites)
    if len(papers) < len(set(cites)):
        tally.unchecked("names of models beside a citation of a paper that the catalogue does not know")
        return
    tally.checked("names of models beside a citation")
    if homes & set(papers):
        return
    said = " and ".join(_named(draft, paper) for paper in papers)
    right = " or ".join(_named(draft, home) for home in sorted(homes))
    yield DraftFinding(
        DraftRule.IDENTITY, place, f"{name} stands beside a citation of {said}; it is of {right}", (),
        tuple(_source(draft, paper) for paper in (*sorted(homes), *papers)),
    )  # fmt: skip


def _named(draft: Draft, paper: str) -> str:
    title = draft.knowledge.publications[paper].title
    return f"“{title}”" if title else paper


def _source(draft: Draft, paper: str) -> str:
    known = draft.knowledge.publications[paper]
    models: Iterable[str] = (
        m.name for m in draft.knowledge.systems() if m.kind == "system" and m.paper == paper
    )
    where = f"arXiv:{known.arxiv_id}" if known.arxiv_id else f"doi:{known.doi}" if known.doi else paper
    names = ", ".join(list(models)[:3])
    return f"{where} proposes {names}" if names else where
