"""`describe_network`: what the own network is made of, by the package that builds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litdb.api.networks import describe_network as describe
from litdb.api.networks import network_of
from litdb.errors import NotFound
from litdb.mcp.answers import ToolAnswer, nothing
from litdb.mcp.lookup import keys_of, values_of
from litdb.mcp.text import figure, quote
from litdb.values.origin import Origin, Status

if TYPE_CHECKING:
    from litdb.api import Catalogue
    from litdb.values.network import NetworkDescription


def describe_network(catalogue: Catalogue, model: str = "", stages: bool = False) -> ToolAnswer:
    """The network of an own model (default: the one with a declared checkpoint), or of a name such as M1."""
    own, found = _network(catalogue, model, stages=stages)
    if found is None:
        return nothing(f"no installed package describes a network of {quote(model or 'the own model', 60)}.")
    items = [fact.words for fact in found.facts]
    if own:
        for value in values_of(catalogue, [own], ("params", "MACs")).values():
            if value.status is Status.ACCEPTED and value.origin is Origin.MEASURED:
                items.append(figure(value))
    for stage in found.stages:
        shapes = " to ".join("x".join(map(str, shape)) for shape in (stage.input_shape, stage.output_shape))
        items.append(f"{stage.name}: {shapes}, {stage.parameters:,} parameters; {stage.words}")
    items += found.notes
    return ToolAnswer(
        f"Network {quote(found.name, 40)}; source: {found.source}.", tuple(dict.fromkeys(items))
    )


def _network(catalogue: Catalogue, model: str, *, stages: bool) -> tuple[str, NetworkDescription | None]:
    """The own model that is meant, '' for none, and its network."""
    names: tuple[str, ...] = (
        (model,) if model else tuple(dict.fromkeys(run.model for run in catalogue.runs()))
    )
    for name in names:
        try:
            for key in keys_of(catalogue, name):
                if (found := network_of(catalogue, key, stages=stages)) is not None:
                    return key, found
        except NotFound:
            continue
    return "", describe(model, stages=stages) if model else None
