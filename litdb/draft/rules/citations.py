"""CITE: every citation resolves, no work stands twice, and entries say of a paper what the catalogue knows."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher

from litdb.draft.finding import DraftFinding, DraftRule
from litdb.draft.knowledge import letters
from litdb.draft.subject import Draft, Tally
from litdb.draft.text.entries import family_name
from litdb.draft.text.project import DraftEntry
from litdb.values.bibliography import Publication

#: Titles at least so alike are one title with another spelling.
_ALIKE = 0.9
#: A title of fewer letters names too many works.
_FEWEST = 16
#: The published version of a paper appears so many years after the preprint at most.
_YEARS = 2


def cite(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    """CITE."""
    yield from _unresolved(draft, tally)
    yield from _twice(draft)
    for entry in draft.entries.values():
        paper = draft.knowledge.publications.get(draft.cited.get(entry.key, ""))
        if paper is None:
            tally.unchecked("entries of the bibliography of papers that the catalogue does not know")
            continue
        tally.checked("entries of the bibliography")
        yield from _compared(draft, entry, paper)


def _unresolved(draft: Draft, tally: Tally) -> Iterator[DraftFinding]:
    if not draft.project.has_bibliography:
        tally.unchecked(
            "citations, for no bibliography is there (--bib names one)", len(draft.project.citations)
        )
        return
    said: set[str] = set()
    for citation in draft.project.citations:
        if citation.key == "*":
            continue
        tally.checked("citations")
        if citation.key not in draft.entries and citation.key not in said:
            said.add(citation.key)
            yield DraftFinding(
                DraftRule.CITE, citation.place, f"{citation.key!r} is cited and stands in no bibliography"
            )


def _twice(draft: Draft) -> Iterator[DraftFinding]:
    """One work under two keys, or one key twice."""
    seen: dict[str, DraftEntry] = {}
    works: dict[str, list[DraftEntry]] = defaultdict(list)
    for entry in draft.project.entries:
        if entry.key in seen:
            yield DraftFinding(
                DraftRule.CITE, entry.place,
                f"the key {entry.key!r} stands at line {seen[entry.key].place.line} of {seen[entry.key].place.file} already",
            )  # fmt: skip
            continue
        seen[entry.key] = entry
        works[_work(draft, entry)].append(entry)
    for work, entries in works.items():
        for other in entries[1:] if work else ():
            first = entries[0]
            told = " (once as a preprint)" if bool(first.arxiv_id) != bool(other.arxiv_id) else ""
            yield DraftFinding(
                DraftRule.CITE, other.place,
                f"{other.key!r} is the work of {first.key!r} (line {first.place.line}){told}: one entry, with one key",
            )  # fmt: skip


def _work(draft: Draft, entry: DraftEntry) -> str:
    """What is the same for two entries of one work; '' where too little is known of it."""
    if paper := draft.cited.get(entry.key):
        return f"paper {paper}"
    title = letters(entry.title)
    if len(title) >= _FEWEST:
        return f"title {title} {letters(entry.authors[0]) if entry.authors else ''}"
    return f"arxiv {entry.arxiv_id}" if entry.arxiv_id else f"doi {entry.doi.lower()}" if entry.doi else ""


def _compared(draft: Draft, entry: DraftEntry, paper: Publication) -> Iterator[DraftFinding]:
    source = (
        f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else f"doi:{paper.doi}" if paper.doi else paper.key,
    )

    def found(message: str) -> DraftFinding:
        return DraftFinding(DraftRule.CITE, entry.place, f"{entry.key!r}: {message}", (), source)

    if entry.title and paper.title and not _same_title(entry.title, paper.title):
        yield found(f"its title is “{entry.title}”, the paper's is “{paper.title}”")
    years = _years(draft, paper)
    if entry.year is not None and years and entry.year not in years:
        low, high = min(years), max(years)
        yield found(f"its year is {entry.year}, the paper is of {low if low == high else f'{low} to {high}'}")
    if entry.authors and paper.authors:
        theirs = [_plain(family_name(author)) for author in paper.authors]
        strange = [name for name in entry.authors if _plain(name) not in theirs]
        if strange:
            yield found(f"{', '.join(strange)}: no author of the paper ({', '.join(paper.authors[:4])})")


def _same_title(one: str, other: str) -> bool:
    """Whether two titles are one: letters alone are compared; a name before the colon may be missing."""
    a, b = letters(one), letters(other)
    if a == b or letters(one.partition(":")[2]) == b or letters(other.partition(":")[2]) == a:
        return True
    return len(a) == len(b) and SequenceMatcher(None, a, b).ratio() > 1 - (1 - _ALIKE) / 4


def _years(draft: Draft, paper: Publication) -> tuple[int, ...]:
    """The years that a paper may be cited under: of its preprint, and of what was published of it later, where that is known.

    Where only the preprint is known, the published version may be up to two years younger.
    """
    known = draft.knowledge.facts.papers.get(paper.key)
    first = (
        known.submitted.year if known is not None and known.submitted else known.year if known else paper.year
    )
    published = known.published.year if known is not None and known.published else None
    if first is None:
        return (paper.year,) if paper.year is not None else ()
    last = published if published is not None else first + _YEARS
    return tuple(range(min(first, last), max(first, last) + 1))


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKD", re.sub(r"\\[`'^\"~=.uvHcdbrk]\s*", "", name))
    return "".join(char for char in text.casefold() if char.isalnum())
