"""Own tries: a hypothesis, what it rests on, the one change, and what came of it. Failures are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litdb.evidence.components.phrases import Phrases
    from litdb.vocabulary.components import Component

#: How a try can end.
OUTCOMES = ("supported", "failed", "undecided")


@dataclass(frozen=True, slots=True)
class RestsOn:
    """A result that a try rests on; `words` say what it is now, '' where the catalogue has it no longer."""

    result: str
    words: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A try as it stands. `outcome` is '' while it is open; `seen` says in words what the run showed.

    `step` says whether the run differs from the base in one thing, where both are known.
    """

    uid: str
    made_at: dt.datetime
    who: str
    model: str
    name: str
    hypothesis: str
    change: str
    components: tuple[str, ...]
    evidence: tuple[RestsOn, ...]
    base: str
    outcome: str = ""
    run: str = ""
    seen: str = ""
    closed_at: dt.datetime | None = None
    closing: str = ""
    step: str = ""

    @property
    def state(self) -> str:
        """Open, or how it ended."""
        return self.outcome or "open"


def about(tries: Iterable[Tried], query: str, component: Component | None, phrases: Phrases) -> list[Tried]:
    """The tries of a component, or of free words where the vocabulary has none: open ones and ended ones alike."""
    wanted = query.strip().casefold()
    return [
        one
        for one in tries
        if (component is not None and component.id in (*one.components, *phrases.means(one.change)))
        or wanted in f"{one.change}\n{one.hypothesis}".casefold()
    ]
