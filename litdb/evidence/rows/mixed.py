"""Copied rows that hold numbers of several networks of the paper they are copied from, under a name that none of these has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from litdb.values.agreement import agree
from litdb.values.origin import Kind, Origin
from litdb.values.value import Value


def quoted_alone(known: Iterable[Value]) -> bool:
    """Whether others quote scores of a model of which its own paper has none, by what is `known` of it."""
    origins = {value.origin for value in known if value.dataset}
    return Origin.QUOTED in origins and Origin.SELF not in origins


def of_several(row: Sequence[Value], known: Iterable[Value], own: Iterable[Value]) -> dict[str, str]:
    """Why scores of a quoted row are of no one network, by metric: `own` is what its paper has of all its networks.

    Only where the paper has no row of the model itself (`known`), and where each of two or more scores is that of one of its
    networks and no network has them all.
    """
    first = next((value for value in row if value.dataset), None)
    if first is None or first.origin is not Origin.QUOTED or first.row.model.kind is not Kind.SYSTEM:
        return {}
    if not quoted_alone(known):
        return {}
    networks = [value for value in own if value.origin is Origin.SELF and value.value is not None]
    found: dict[str, tuple[Value, dict[str, Value]]] = {}
    for value in row:
        alike = {
            one.model: one
            for one in networks
            if (one.metric, one.dataset) == (value.metric, value.dataset) and agree(one, value)
        }
        if alike and value.dataset:
            found[value.metric] = value, alike
    models = [set(alike) for _, alike in found.values()]
    if len(models) < 2 or set.intersection(*models):
        return {}
    said = "; ".join(
        f"{metric} {value.spelled} is that of {next(iter(alike.values())).name} ({next(iter(alike.values())).place})"
        for metric, (value, alike) in found.items()
    )
    return dict.fromkeys(found, f"no network of its paper has these numbers together: {said}")
