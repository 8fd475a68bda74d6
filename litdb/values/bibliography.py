"""Papers as a bibliography knows them, and the entries of a user's own one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from litdb.values.names import digest

_UNFIT = re.compile(r"[^A-Za-z0-9:._-]+")


@dataclass(frozen=True, slots=True)
class Publication:
    """What is known of a paper to cite it by; `venue` is that of its published version, '' for none known.

    `notes` are the user's own words about it, which go into its entry as an annotation.
    """

    key: str
    title: str = ""
    authors: tuple[str, ...] = ()
    arxiv_id: str = ""
    doi: str = ""
    venue: str = ""
    year: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def lacks(self) -> tuple[str, ...]:
        """Which of title and authors are not known."""
        said = (("title", self.title), ("authors", self.authors))
        return tuple(name for name, known in said if not known)

    @property
    def cite_key(self) -> str:
        """The key of its generated entry: its key in the catalogue in what BibTeX allows, whatever else is cited."""
        plain = unicodedata.normalize("NFKD", self.key).encode("ascii", "ignore").decode()
        made = _UNFIT.sub("-", plain).strip("-.")
        lost = sum(char.isalnum() or char in "+†‡" for char in self.key) - sum(
            char.isalnum() for char in made
        )
        return f"{made}-{digest(self.key)[:6]}".lstrip("-") if lost or not made else made


@dataclass(frozen=True, slots=True)
class BibEntry:
    """An entry of a user's bibliography, as far as papers are recognised by it and compared with it.

    `authors` are names as the entry gives them; `line` is that on which it begins, from 1, 0 where that is not known.
    """

    key: str
    title: str = ""
    doi: str = ""
    arxiv_id: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Citations:
    """The keys to cite papers by, and the papers (by key) whose entries are generated and not in the user's bibliography."""

    keys: Mapping[str, str]
    made: tuple[str, ...]


def matched(papers: Sequence[Publication], entries: Iterable[BibEntry]) -> Citations:
    """The user's key of each paper: by arXiv id, else DOI, else title; the generated key of one that has no entry."""
    known: tuple[dict[str, str], ...] = ({}, {}, {})
    for entry in entries:
        for found, name in zip(known, _names(entry.arxiv_id, entry.doi, entry.title), strict=True):
            if name:
                found.setdefault(name, entry.key)
    keys, made = {}, []
    for paper in papers:
        names = _names(paper.arxiv_id, paper.doi, paper.title)
        own = next((found[name] for found, name in zip(known, names, strict=True) if name in found), None)
        keys[paper.key] = own or paper.cite_key
        if own is None:
            made.append(paper.key)
    return Citations(keys, tuple(made))


def _names(arxiv_id: str, doi: str, title: str) -> tuple[str, str, str]:
    plain = unicodedata.normalize("NFKD", title).casefold()
    return arxiv_id.casefold(), doi.casefold(), "".join(char for char in plain if char.isalnum())
