"""Numbers of a row that stand in each other's columns, by what is known of its model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from litdb.evidence.rows.unprocessed import misfits
from litdb.values.agreement import agree
from litdb.values.origin import Kind, Origin
from litdb.values.value import Value

#: A number that is not the known one of its metric, with the known one of another that it is.
Moved = tuple[Value, Value]

_COPIED = (Origin.QUOTED, Origin.TRACKER, Origin.REPOSITORY)


def known_of(row: Sequence[Value], values: Iterable[Value]) -> Mapping[str, Value]:
    """What a copied row of a model should have, by metric, by the `values` of the model on the row's test set.

    That is the model's own table, else somebody's run of it that has the row's PESQ; nothing where neither is known.
    """
    own: dict[str, Value] = {}
    runs: dict[str, dict[str, Value]] = defaultdict(dict)
    for value in values:
        if value.value is None or value.dataset != row[0].dataset:
            continue
        if value.origin is Origin.SELF:
            own[value.metric] = value
        elif value.origin is Origin.REPRODUCED:
            runs[value.row.key][value.metric] = value
    pesq = next((value for value in row if value.metric == "PESQ"), None)
    if own or pesq is None:
        return own
    return next((run for run in runs.values() if "PESQ" in run and agree(run["PESQ"], pesq)), {})


def moved(row: Sequence[Value], values: Iterable[Value]) -> list[Moved]:
    """The wrong numbers of a copied row where they are at least two, and all are the known ones of other metrics."""
    if not row or row[0].origin not in _COPIED or row[0].row.model.kind is Kind.REFERENCE:
        return []
    known = known_of(row, values)
    return homes(misfits(row, known), known)


def homes(wrong: Iterable[tuple[Value, Value]], known: Mapping[str, Value]) -> list[Moved]:
    """Where wrong numbers, each given with the right one, belong: at least two, and all of them; else nothing."""
    found = []
    for value, right in wrong:
        home = next((k for k in known.values() if k.metric != right.metric and _near(value, k)), None)
        if home is None:
            return []
        found.append((value, home))
    return found if len(found) > 1 else []


def in_words(found: Iterable[Moved]) -> str:
    """What each number is instead: 'CBAK holds 3.13, which is the COVL (3.13)'."""
    return "; ".join(
        f"{value.metric} holds {value.spelled}, which is the {home.metric} ({home.spelled})"
        for value, home in found
    )


def out_of_place(row: Sequence[Value], values: Iterable[Value]) -> dict[str, str]:
    """Why scores of a row have no rank, by metric: they are known to be those of other columns."""
    return {
        value.metric: f"{value.spelled} is the {home.metric} of this model ({home.place}), in the wrong column"
        for value, home in moved([value for value in row if value.dataset], values)
    }


def _near(value: Value, other: Value) -> bool:
    return abs((value.value or 0.0) - (other.value or 0.0)) <= 1.001 * max(value.resolution, other.resolution)
