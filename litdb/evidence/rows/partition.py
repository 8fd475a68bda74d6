"""Groups of rows in a table: by size, causality, family, or own and published."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from litdb.errors import UsageError
from litdb.evidence.ranking import Pick
from litdb.vocabulary import MetricName, vocabulary
from litdb.vocabulary.components import components
from litdb.vocabulary.ranges import quantity
from litdb.vocabulary.units import format_count

By = Literal["size", "causal", "family", "own"]
_SIZES = (0.2e6, 1e6)
_PARAMS = MetricName("params")
_CAUSAL = ("causal", "not causal", "causality not stated")
_OWN = ("published", "own")
_NO_FAMILY = "family not stated"


@dataclass(frozen=True, slots=True)
class Partition:
    """How the rows of a table are grouped; `bounds` are numbers of parameters, ascending, for groups by size."""

    by: By
    bounds: tuple[float, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Partition:
        """Read `size`, `size=0.2M,1M`, `causal`, `family` or `own`. Raises UsageError."""
        by, given, bounds = text.strip().partition("=")
        for known in get_args(By):
            if by == known and (known == "size" or not given):
                return cls(known, _bounds(bounds) if given else _SIZES if known == "size" else ())
        raise UsageError(f"rows cannot be grouped by {text!r}: use size, size=0.2M,1M, causal, family or own")

    @property
    def needs(self) -> MetricName | None:
        """The metric without which rows cannot be grouped."""
        return _PARAMS if self.by == "size" else None

    def places(self, picks: Sequence[Pick], families: Mapping[str, str]) -> tuple[list[int], tuple[str, ...]]:
        """For each row the place of its group, and the titles of the groups that have any.

        `families` are the families of models, by key.
        """
        titles, found = self._titled(picks, families)
        used = sorted(set(found))
        return [used.index(place) for place in found], tuple(titles[place] for place in used)

    def _titled(self, picks: Sequence[Pick], families: Mapping[str, str]) -> tuple[list[str], list[int]]:
        match self.by:
            case "size":
                return self._sizes(), [self._size(pick) for pick in picks]
            case "causal":
                order = {True: 0, False: 1, None: 2}
                return list(_CAUSAL), [order[pick.selected.causal] for pick in picks]
            case "own":
                return list(_OWN), [int(pick.model.own) for pick in picks]
            case "family":
                known = components().all
                ids = [component.id for component in known if component.item == "family"]
                titles = [component.title for component in known if component.item == "family"]
                family = [families.get(pick.model.key, "") for pick in picks]
                return [*titles, _NO_FAMILY], [ids.index(one) if one in ids else len(ids) for one in family]

    def _sizes(self) -> list[str]:
        shown = [_short(bound) for bound in self.bounds]
        between = [f"{low} to {high} parameters" for low, high in pairwise(shown)]
        return [f"under {shown[0]} parameters", *between, f"over {shown[-1]} parameters", "size not stated"]

    def _size(self, pick: Pick) -> int:
        choice = pick.choice(_PARAMS)
        count = choice.value.value if choice is not None else None
        if count is None:
            return len(self.bounds) + 1
        # The last bound belongs to the group under it, every other one to the group above: `0.2M to 1M` has both its ends.
        place = bisect_right(self.bounds, count)
        return bisect_left(self.bounds, count) if count == self.bounds[-1] and len(self.bounds) > 1 else place


def _short(count: float) -> str:
    """A count as briefly as it can be said: 0.2M, not 0.200M."""
    number, unit = format_count(count)[:-1], format_count(count)[-1]
    if unit.isdigit():
        return format_count(count)
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number}{unit}"


def _bounds(text: str) -> tuple[float, ...]:
    known = vocabulary().metric("params")
    bounds = tuple(quantity(part, known) for part in text.split(","))
    if list(bounds) != sorted(set(bounds)) or bounds[0] <= 0:
        raise UsageError(f"bounds of size go up, such as size=0.2M,1M; {text} do not")
    return bounds
