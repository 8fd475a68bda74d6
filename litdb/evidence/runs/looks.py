"""Looks at test sets, as run folders log them: what was seen before a checkpoint was declared can have chosen it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

#: One command logs the same look in several run folders, each with its own clock reading.
_ONE_LOOK = dt.timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Look:
    """One command that showed scores on a test set. `systems` are what was scored, `hashes` the checkpoints' among them."""

    at: dt.datetime
    command: str
    dataset: str
    files: int | None = None
    systems: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()

    def same(self, other: Look) -> bool:
        """Whether both are one look."""
        return (self.command, self.dataset, self.systems, self.hashes) == (
            other.command,
            other.dataset,
            other.systems,
            other.hashes,
        ) and abs(self.at - other.at) <= _ONE_LOOK


def distinct_looks(looks: Iterable[Look]) -> list[Look]:
    """The looks, each once, oldest first."""
    found: list[Look] = []
    for look in sorted(looks, key=lambda one: (one.at, one.command, one.dataset, one.systems)):
        if not _known(look, found):
            found.append(look)
    return found


def _known(look: Look, earlier: list[Look]) -> bool:
    """Whether a look is among earlier ones, which come in the order of time."""
    for known in reversed(earlier):
        if look.at - known.at > _ONE_LOOK:
            return False
        if look.same(known):
            return True
    return False


def before(looks: Iterable[Look], day: dt.date, decided: dt.datetime) -> dict[str, int]:
    """How often each test set was looked at before a declaration for a day, which was decided at some time.

    Of a declaration that is dated back the time of day is not known: looks on that day count as before it.
    """
    found = Counter(
        look.dataset
        for look in looks
        if (look.at < decided if decided.date() == day else look.at.astimezone(dt.UTC).date() <= day)
    )
    return dict(sorted(found.items()))
