"""Works that papers cite: entries of bibliographies, which work each is, and the sentences that cite it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from litdb.values.names import fold_name

#: A shorter title may stand by chance in another's entry.
_SHORTEST_TITLE = 16


@dataclass(frozen=True, slots=True)
class KnownWork:
    """A work that may be cited: its key and what bibliographies call it by; empty fields are not known."""

    key: str
    title: str = ""
    arxiv_id: str = ""
    doi: str = ""


@dataclass(frozen=True, slots=True)
class CitedWork:
    """One entry of a paper's bibliography. `paper` is the work's key in the catalogue, '' for one that is not there, `text`
    the entry as printed, `sentences` where the paper cites it (`[this]` in them)."""

    text: str
    paper: str = ""
    title: str = ""
    arxiv_id: str = ""
    doi: str = ""
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CitingPaper:
    """A paper that cites another, in a document (`place`), with the sentences that do."""

    paper: str
    title: str
    place: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BibliographyEntry:
    """A stored entry: `folded` is its text as names are compared, `paper` and `place` whose bibliography it stands in."""

    paper: str
    place: str
    text: str
    folded: str
    arxiv_id: str
    doi: str
    sentences: tuple[str, ...]


class Works:
    """Works by what bibliographies call them: by the identifier of an entry, else by the title in it."""

    def __init__(self, works: Iterable[KnownWork]) -> None:
        self.by_key: dict[str, KnownWork] = {}
        self._by_id: dict[str, str] = {}
        self._titles: list[tuple[str, str]] = []
        for work in works:
            self.by_key[work.key] = work
            for name in (work.arxiv_id, work.doi.lower()):
                if name:
                    self._by_id[name] = work.key
            folded = fold_name(work.title)
            if len(folded) >= _SHORTEST_TITLE:
                self._titles.append((folded, work.key))
        # Of two titles in one entry the longer one is meant: one title may begin another.
        self._titles.sort(key=lambda pair: -len(pair[0]))

    def of(self, entry: BibliographyEntry) -> str:
        """The key of the work that an entry is, '' for none of these."""
        for name in (entry.arxiv_id, entry.doi):
            if name and name in self._by_id:
                return self._by_id[name]
        return next((key for title, key in self._titles if title in entry.folded), "")


def cited_works(entries: Sequence[BibliographyEntry], works: Works) -> tuple[CitedWork, ...]:
    """What a paper cites, the works it says most about first."""
    found = []
    for entry in entries:
        key = works.of(entry)
        title = works.by_key[key].title if key else ""
        found.append(CitedWork(entry.text, key, title, entry.arxiv_id, entry.doi, entry.sentences))
    return tuple(sorted(found, key=lambda work: (-len(work.sentences), not work.paper)))


def citing_papers(
    entries: Iterable[BibliographyEntry], work: KnownWork, titles: Works
) -> tuple[CitingPaper, ...]:
    """Who cites a work; `entries` may be its, such as a search for its title gave."""
    of = Works([work])
    found = [
        CitingPaper(entry.paper, known.title, entry.place, entry.sentences)
        for entry in entries
        if entry.paper != work.key and of.of(entry) and (known := titles.by_key.get(entry.paper)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.sentences), one.paper)))


def times_cited(entries: Iterable[BibliographyEntry], works: Works) -> dict[str, int]:
    """In how many papers' bibliographies each work stands, by its key."""
    found: dict[str, set[str]] = {}
    for entry in entries:
        key = works.of(entry)
        if key and key != entry.paper:
            found.setdefault(key, set()).add(entry.paper)
    return {key: len(papers) for key, papers in found.items()}
