"""What the rules are given: a draft with the knowledge it is held to, and a tally of what was and could not be checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from litdb.draft.knowledge import Knowledge
from litdb.draft.text.project import DraftEntry, DraftProject, DraftRow


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
        self.left[what] += count


@dataclass(frozen=True)
class Draft:
    """A draft and what the catalogue knows."""

    project: DraftProject
    knowledge: Knowledge

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
        papers = self.papers(row.cites)
        for label in dict.fromkeys((row.label, row.system)):
            found = self.knowledge.named(label, papers)
            if found:
                return found
        return ()
