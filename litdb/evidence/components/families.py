"""Families of papers by approach: what is known of a paper, which families that speaks for, and families as they were found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from litdb.evidence.components.phrases import words_of
from litdb.vocabulary.families import Approach

#: What it weighs that a family is named in the title, and that the title says it is based on it.
_TITLE, _BASED = 1.0, 0.5
#: In the abstract; in a name of the paper's models; in other text.
_ABSTRACT, _NAME, _TEXT = 0.35, 0.4, 0.2
#: A component is stated that makes the family, or that networks of other families have too.
_STATED, _PART = 0.5, 0.25
#: The strongest of these counts, of the others this share.
_FURTHER = 0.1
#: What a family loses for each that stands before it in the vocabulary.
_RANK = 0.04
#: `SEMamba` is also read as `SE Mamba`, `MambaUNet` as `Mamba UNet`.
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]{2,20}(?=\+*s?\b)")


@dataclass(frozen=True, slots=True)
class StatedComponent:
    """A component that a source states of a paper's model; `item` is family, technique or training, `remark` in words."""

    component: str
    item: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class PaperApproach:
    """What is known of how a paper goes about it. `paper` is its name in a survey (`arXiv:2511.14515`, `doi:10...`, a key).

    `names` are its models, `text` what its stored ablation tables say in words. `params` (absolute) and `scores` (PESQ on
    VoiceBank+DEMAND) are of its models. `family` is where a person put it ('' where nobody did), by the decision `decision`.
    """

    paper: str
    title: str
    abstract: str = ""
    stated: tuple[StatedComponent, ...] = ()
    names: tuple[str, ...] = ()
    text: str = ""
    params: tuple[float, ...] = ()
    scores: tuple[float, ...] = ()
    family: str = ""
    who: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """How much speaks for a family, and what, in words."""

    weight: float
    why: tuple[str, ...]


def supports(paper: PaperApproach, families: Sequence[Approach]) -> dict[str, Support]:
    """The families that something known of a paper speaks for, by id."""
    title, texts = _words(paper.title), _Said(paper)
    stated = {one.component for one in paper.stated}
    found: dict[str, Support] = {}
    for rank, family in enumerate(families):
        spoken: list[tuple[float, str]] = []
        if word := texts.title.names(family):
            based = any(f"{w}based " in title or f" based on{w}" in title for w in map(_words, family.words))
            spoken.append((_TITLE + (_BASED if based else 0.0), f"title says {word}"))
        elif word := texts.names.names(family):
            spoken.append((_NAME, f"its model is called {word}"))
        if word := texts.abstract.names(family):
            spoken.append((_ABSTRACT, f"abstract says {word}"))
        if some := stated & family.components or stated & family.parts:
            weight = _STATED if stated & family.components else _PART
            spoken.append((weight, f"stated: {', '.join(sorted(some))}"))
        if word := texts.text.names(family):
            spoken.append((_TEXT, f"its tables and notes say {word}"))
        if spoken:
            weights = sorted(weight for weight, _why in spoken)
            weight = weights[-1] + _FURTHER * sum(weights[:-1])
            why = tuple(words for _weight, words in spoken)
            found[family.id] = Support(weight - _RANK * rank * min(1.0, weight), why)
    return found


class _Text:
    """A text in which families are looked for, as it stands and with the humps of its names apart."""

    def __init__(self, text: str) -> None:
        self._spoken = f"{_words(text)}|{_words(_HUMP.sub(' ', text))}"
        self._capitals = _CAPITALS.findall(text)

    def names(self, family: Approach) -> str:
        """The word of a family that the text has, or a name in capitals that ends in one; '' for none."""
        for word in family.words:
            if _words(word) in self._spoken:
                return word
        short = [word for word in family.words if word.isalpha() and word.isupper()]
        return next((name for name in self._capitals if any(name.endswith(word) for word in short)), "")


class _Said:
    """The texts that are known of a paper."""

    def __init__(self, paper: PaperApproach) -> None:
        self.title, self.abstract = _Text(paper.title), _Text(paper.abstract)
        self.names, self.text = _Text(" , ".join(paper.names)), _Text(further_text(paper))


def further_text(paper: PaperApproach) -> str:
    """What is known of a paper in words besides title and abstract: its ablation tables, remarks on its components."""
    return " . ".join((paper.text, *dict.fromkeys(one.remark for one in paper.stated if one.remark)))


def _words(text: str) -> str:
    return f" {' '.join(words_of(text))} "


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """The smallest and largest of a number, and of how many models."""

    low: float
    high: float
    models: int

    @classmethod
    def of(cls, numbers: Iterable[float]) -> NumberSpan | None:
        """The span of these numbers, None for none."""
        some = list(numbers)
        return cls(min(some), max(some), len(some)) if some else None


@dataclass(frozen=True, slots=True)
class FamilyMember:
    """A paper in a family, and why. `also` is a second family that nearly as much speaks for; `decision` is the number of what
    put it here, '' where the program did."""

    paper: str
    title: str
    why: str
    also: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class PaperFamily:
    """Papers that go about it alike, the most typical first; `representatives` are its most typical ones (`paper`).

    `words` set its papers apart from all others. `params` are absolute, `scores` PESQ on VoiceBank+DEMAND as tables show it.
    """

    id: str
    title: str
    words: tuple[str, ...]
    papers: tuple[FamilyMember, ...]
    representatives: tuple[str, ...]
    params: NumberSpan | None
    scores: NumberSpan | None


@dataclass(frozen=True, slots=True)
class PaperFamilies:
    """The papers of a survey (`survey`, '' for all of the catalogue) by approach, the largest family first.

    `unplaced` are papers of which nothing says how they go about it. `abstracts` of the `total` papers had one.
    """

    survey: str
    families: tuple[PaperFamily, ...]
    unplaced: tuple[FamilyMember, ...]
    total: int
    abstracts: int
