"""What the rules are given: a draft with the knowledge it is held to, and a tally of what was and could not be checked."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from litdb.draft.knowledge import Knowledge, like_a_name
from litdb.draft.text.project import DraftEntry, DraftPart, DraftProject, DraftRow
from litdb.extract.meaning.words import OURS
from litdb.values.origin import Kind

if TYPE_CHECKING:
    from litdb.api import Catalogue

#: So many sentences are a paper and not a part of one.
_WHOLE = 40
_VOICEBANK = re.compile(r"voice[- ]?bank|\bVCTK\b|\bDEMAND\b|\bVB-?D\w*", re.IGNORECASE)


#: Labels of the row of the own network, and of none of its variants.
_BARE_OURS = re.compile(
    r"\W*(?:ours|proposed|this work|(?:our|the proposed|proposed) (?:model|network|method|system|approach))\W*",
    re.IGNORECASE,
)


@dataclass
class Tally:
    """Counts statements by words such as "cells of tables"; what is not checked is counted too."""

    done: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)

    def checked(self, what: str, count: int = 1) -> None:
        """So many statements of a sort were held against something."""
        self.done[what] += count

    def unchecked(self, what: str, count: int = 1) -> None:
        """So many could not be."""
        if count:
            self.left[what] += count


@dataclass(frozen=True)
class Draft:
    """A draft and what the catalogue knows; `catalogue` is asked what was not loaded, None where there is none."""

    project: DraftProject
    knowledge: Knowledge
    catalogue: Catalogue | None = None

    @cached_property
    def entries(self) -> dict[str, DraftEntry]:
        """The entry of each key; of several under one key the first, as BibTeX takes it."""
        found: dict[str, DraftEntry] = {}
        for entry in self.project.entries:
            found.setdefault(entry.key, entry)
        return found

    @cached_property
    def cited(self) -> dict[str, str]:
        """The key of the paper that each entry is of, for those that are known."""
        return {
            key: paper
            for key, entry in self.entries.items()
            if (paper := self.knowledge.paper_of_entry(entry))
        }

    def papers(self, cites: tuple[str, ...]) -> tuple[str, ...]:
        """The keys of the known papers among some citations."""
        return tuple(dict.fromkeys(self.cited[key] for key in cites if key in self.cited))

    def models(self, row: DraftRow) -> tuple[str, ...]:
        """The models that a row of a table means: none where the catalogue does not know it, several for namesakes."""
        if id(row) not in self._meant:
            self._meant[id(row)] = self._models(row)
        return self._meant[id(row)]

    @cached_property
    def _meant(self) -> dict[int, tuple[str, ...]]:
        return {}  # rows live as long as the project

    def _models(self, row: DraftRow) -> tuple[str, ...]:
        if row.kind == Kind.ABLATION and not OURS.search(row.label):
            labels: tuple[str, ...] = (row.label,)
        else:
            labels = (row.label, row.system)
        papers = self.papers(row.cites)
        for label in dict.fromkeys(labels):
            found = self.knowledge.named(label, papers)
            if found and (like_a_name(label) or row.kind == Kind.REFERENCE or self._theirs(found, papers)):
                return found
        if not self.about_own:
            return ()
        bare = _BARE_OURS.fullmatch(row.label.strip()) and len(self.own_systems) == 1
        return self.own_systems if bare else self.knowledge.own_named(row.label)

    @cached_property
    def own_systems(self) -> tuple[str, ...]:
        """The own systems that the draft names: a row that says "ours" and no more is of the only one."""
        return tuple(
            dict.fromkeys(
                key
                for sentence in self.project.sentences
                for mention in self.knowledge.mentions(sentence.text)
                for key in mention.models
                if self.knowledge.is_own(key) and self.knowledge.facts.models[key].kind == Kind.SYSTEM
            )
        )

    @cached_property
    def on_voicebank(self) -> bool:
        """Whether scores in sentences are those on VoiceBank+DEMAND: a whole paper names its test set, a part of one need not."""
        if sum(sentence.part is not DraftPart.CAPTION for sentence in self.project.sentences) < _WHOLE:
            return True
        texts = [sentence.text for sentence in self.project.sentences]
        for table in self.project.tables:
            texts += [*table.headings, *table.grid.notes]
        datasets = {
            number.dataset for table in self.project.tables for row in table.rows for number in row.numbers
        }
        return "VoiceBank+DEMAND" in datasets or any(map(_VOICEBANK.search, texts))

    @cached_property
    def about_own(self) -> bool:
        """Whether the draft names an own network: only then names such as M1 are those of own runs."""
        return any(
            self.knowledge.is_own(key)
            for sentence in self.project.sentences
            for mention in self.knowledge.mentions(sentence.text)
            for key in mention.models
        )

    def _theirs(self, models: tuple[str, ...], papers: tuple[str, ...]) -> bool:
        """Whether models are those of cited papers: then a word such as `Base` is the name of one."""
        return all(self.knowledge.home(key) in papers for key in models)
