"""What a merge did, and what it could not decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from litdb.catalogue.exchange.dump import FieldDifference


class Take(StrEnum):
    """Whose number stands where one run or place has two: that of the target, or that of the other catalogue."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class NumberConflict:
    """One run, or one place read by hand, with another number on each side, and under which names both are kept.

    `taken` is whose number stands, where that was said; both names are then one.
    """

    about: str
    mine: str
    my_place: str
    theirs: str
    their_place: str
    taken: Take | None = None

    def __str__(self) -> str:
        sides = f"{self.about}: {self.mine} here ({self.my_place}), {self.theirs} there ({self.their_place})"
        return f"{sides}; taken: {self.taken}" if self.taken else sides


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What a merge did: rows added, changed and removed by table, and what was left as it stood.

    `filled` and `followed` have the old value left and the new one right; `kept` the target's left, the other's right.
    `conflicts` are numbers of one run that differ, `contested` decisions that contradict one another, in words.
    """

    added: Mapping[str, int] = field(default_factory=dict)
    removed: Mapping[str, int] = field(default_factory=dict)
    reread: tuple[str, ...] = ()
    filled: tuple[FieldDifference, ...] = ()
    followed: tuple[FieldDifference, ...] = ()
    kept: tuple[FieldDifference, ...] = ()
    conflicts: tuple[NumberConflict, ...] = ()
    contested: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the target is not what it was."""
        return bool(self.added or self.removed or self.reread or self.filled or self.followed)

    @property
    def settled(self) -> bool:
        """Whether nothing is left for a person to decide."""
        return not self.contested and all(conflict.taken for conflict in self.conflicts)
