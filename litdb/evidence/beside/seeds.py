"""Whether a difference of two printed means is more than other seeds alone would give.

A trained network's score depends on the seed it was trained with. Where the spread over seeds is known, of published means
that say over how many seeds they are, or of own runs of one recipe, two means of k and l seeds differ by chance by up to
t s sqrt(1/k + 1/l) in 95 of 100 cases (s the standard deviation over seeds, t Student's for the seeds behind it). Where no
spread is known, that is not decidable. Only standard deviations, standard errors and 95 % intervals of means over seeds are
taken: what another ± is of is not known.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from litdb.values.origin import Origin
from litdb.values.value import Value

Seeds = Literal["inside", "beyond", "not decidable"]

#: Student's t for 95 % on both sides, by degrees of freedom from 1; beyond the table the normal value of the last.
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131)  # fmt: skip
_T_FOR_MORE = ((30, 2.042), (60, 2.0), (math.inf, 1.96))


@dataclass(frozen=True, slots=True)
class SeedSpread:
    """A standard deviation of means over seeds, over how many it is, and its source in words."""

    deviation: float
    runs: int
    source: str


@dataclass(frozen=True, slots=True)
class SeedVerdict:
    """Whether a difference is inside what seeds alone give, `reach` being how much that is (95 %), and all in words."""

    verdict: Seeds
    reach: float | None
    words: str


def spread_in(value: Value) -> SeedSpread | None:
    """The spread over seeds that a published mean prints; None where it prints none, or not what its ± is of."""
    runs = seeds_of(value)
    if value.uncertainty is None or value.value is None or runs < 2 or value.origin is Origin.MEASURED:
        return None
    factor = {"std": 1.0, "sem": math.sqrt(runs), "95% interval": math.sqrt(runs) / _t(runs - 1)}.get(
        value.uncertainty_kind
    )
    if factor is None:
        return None
    return SeedSpread(value.uncertainty * factor, runs, f"{value.name} in {value.place}")


def spreads_of_runs(values: Iterable[Value]) -> list[SeedSpread]:
    """The spreads over own runs of one recipe, of values of one metric; of each run the checkpoint selected on validation."""
    recipes: dict[tuple[str, str], dict[str, Value]] = defaultdict(dict)
    for value in values:
        state = value.row.checkpoint
        if state is None or not state.recipe or (state.group is not None and state.key == state.group.name):
            continue
        run = state.key.rpartition("/")[0]
        runs = recipes[(state.recipe, value.metric)]
        if run not in runs or state.selected_on == "validation":
            runs[run] = value
    found = []
    for runs in recipes.values():
        numbers = [value.value for value in runs.values() if value.value is not None]
        if len(numbers) > 1:
            name = next(iter(runs.values())).name
            found.append(SeedSpread(statistics.stdev(numbers), len(numbers), f"own runs of {name}"))
    return found


def seeds_of(value: Value) -> int:
    """Over how many seeds a mean is, as far as is known: at least one."""
    state = value.row.checkpoint
    if state is not None and state.group is not None and value.uncertainty is not None:
        return len(state.group.members)
    stated = value.protocol.get("seeds") or ""
    return int(stated) if stated.isdecimal() and int(stated) > 0 else 1


def beyond_seeds(one: Value, other: Value, spreads: Sequence[SeedSpread]) -> SeedVerdict:
    """Whether two means differ by more than seeds alone give, by spreads over seeds known in their metric."""
    known = [spread for value in (one, other) if (spread := spread_in(value)) is not None] or list(spreads)
    if one.value is None or other.value is None or not known:
        return SeedVerdict(
            "not decidable",
            None,
            "whether seeds alone give it is not decidable: no spread over seeds is known",
        )
    freedom = sum(spread.runs - 1 for spread in known)
    deviation = math.sqrt(sum(spread.deviation**2 * (spread.runs - 1) for spread in known) / freedom)
    reach = _t(freedom) * deviation * math.sqrt(1 / seeds_of(one) + 1 / seeds_of(other))
    inside = abs(one.value - other.value) <= reach
    sources = "; ".join(dict.fromkeys(spread.source for spread in known[:3]))
    more = f" and {len(known) - 3} more" if len(known) > 3 else ""
    return SeedVerdict(
        "inside" if inside else "beyond",
        reach,
        f"{'inside' if inside else 'beyond'} what seeds alone give, ±{reach:.2g} (standard deviation {deviation:.2g} over "
        f"seeds: {sources}{more})",
    )


def _t(freedom: int) -> float:
    if freedom <= len(_T):
        return _T[freedom - 1]
    return next(t for most, t in _T_FOR_MORE if freedom <= most)
