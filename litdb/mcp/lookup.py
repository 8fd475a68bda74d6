"""What tools ask of a catalogue beside its methods: models by an ambiguous name, values by their keys, papers by words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litdb.errors import Ambiguous
from litdb.values.bibliography import Publication
from litdb.values.names import fold_name

if TYPE_CHECKING:
    from litdb.api import Catalogue, Value

#: Words that say nothing of what is sought.
_COMMON = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "for",
        "from",
        "in",
        "is",
        "of",
        "on",
        "or",
        "the",
        "to",
        "with",
        "what",
        "which",
        "does",
        "do",
        "any",
        "about",
        "paper",
        "papers",
        "model",
        "models",
    ]
)


def keys_of(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    """The keys of the models that a name may mean: one, or several that share it. Raises NotFound."""
    from litdb.catalogue.naming import find_model

    with catalogue.reading() as session:
        try:
            return (find_model(session, name).key,)
        except Ambiguous as several:
            if not several.choice:
                raise
            return tuple(dict.fromkeys(find_model(session, one).key for one in several.choice))


def values_of(
    catalogue: Catalogue, models: Iterable[str], quantities: Iterable[str] = ()
) -> dict[str, Value]:
    """All values of these models by their keys, in these quantities where some are named."""
    from litdb.catalogue.values import Where, values

    wanted = tuple(quantities) or None
    with catalogue.reading() as session:
        return {value.key: value for value in values(session, Where(models=list(models), quantities=wanted))}


def value_of(catalogue: Catalogue, result: str) -> list[Value]:
    """The values whose key begins with these digits."""
    from litdb.catalogue.values import Where, values

    with catalogue.reading() as session:
        return values(session, Where(result=result)) if result else []


@dataclass(frozen=True, slots=True)
class PaperHit:
    """A paper of the catalogue that a search found: how many of the words, and how many accepted results it has here."""

    paper: Publication
    words: int
    results: int


def papers_about(catalogue: Catalogue, query: str) -> list[PaperHit]:
    """The papers of the catalogue whose title, key or models hold at least half of the words asked for, the most first.

    What is common to all questions is no word.
    """
    from litdb.catalogue.papers import publications
    from litdb.catalogue.values import ACCEPTED, Where, values

    words = [word for word in map(_stem, _words(query)) if word]
    if not words:
        return []
    with catalogue.reading() as session:
        papers = publications(session)
        counted: dict[str, int] = {}
        names: dict[str, set[str]] = {}
        for value in values(session, Where(statuses=ACCEPTED)):
            counted[value.paper] = counted.get(value.paper, 0) + 1
            if value.row.model.paper == value.paper:
                names.setdefault(value.paper, set()).add(value.name)
    found = []
    for paper in papers:
        here = " ".join((paper.title, paper.key, paper.arxiv_id, *names.get(paper.key, ())))
        known = {_stem(word) for word in _words(here)} | {
            fold_name(name) for name in names.get(paper.key, ())
        }
        hits = sum(word in known for word in words)
        if hits and 2 * hits >= len(words):
            found.append(PaperHit(paper, hits, counted.get(paper.key, 0)))
    return sorted(found, key=lambda hit: (-hit.words, -hit.results, hit.paper.key))


def _words(text: str) -> Sequence[str]:
    return [
        word for word in re.findall(r"[\w+†‡]+(?:[.\-][\w+†‡]+)*", text.casefold()) if word not in _COMMON
    ]


def _stem(word: str) -> str:
    """A word without the ending of a plural, so that `networks` finds `network`."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
