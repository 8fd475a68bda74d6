"""What own networks are made of, as an installed package says: litdb itself knows no network.

A package contributes a function (`litdb.values.network.DescribesNetwork`) under the entry-point group `litdb.networks`;
none is looked for before somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from litdb.errors import LitdbError, in_short

if TYPE_CHECKING:
    from litdb.api.catalogue import Catalogue
    from litdb.values.network import DescribesNetwork, NetworkDescription

GROUP = "litdb.networks"


def describe_network(what: str | Mapping[str, object], *, stages: bool = False) -> NetworkDescription | None:
    """What the first installed package that knows a network says of it; None where none knows it, or none is installed.

    `what` is a name such as `M4` (never a path) or a configuration as a run folder records it. With `stages` the network
    is built and described stage by stage, which takes seconds. Raises LitdbError where a package cannot be loaded or fails.
    """
    for name, describes in _contributed():
        try:
            found = describes(what, stages=stages)
        except Exception as error:  # whatever foreign code raises
            raise LitdbError(
                f"the package behind {name!r} could not describe the network: {in_short(error)}"
            ) from error
        if found is not None:
            return found
    return None


def network_of(catalogue: Catalogue, model: str, *, stages: bool = False) -> NetworkDescription | None:
    """The network of an own model of the catalogue, or None where no installed package can say.

    That of the run whose checkpoint is declared, by its recorded configuration; else the one that a package knows by one of
    the model's names among own runs. None for a published model. Raises NotFound, Ambiguous, LitdbError as above.
    """
    from litdb.catalogue.naming import find_model
    from litdb.catalogue.views.runs import details_of, own_runs
    from litdb.catalogue.views.shown import model_view

    with catalogue.reading() as session:
        row = find_model(session, model)
        view = model_view(session, row)
        if not view.own:
            return None
        runs = own_runs(session, row.id)
        declared = [run.key for run in runs if any(c.standing for c in run.checkpoints)]
        configured = [details.get("network") for details in details_of(session, declared)]
    for configuration in configured:
        if isinstance(configuration, dict) and (found := describe_network(configuration, stages=stages)):
            return found
    for name in view.names:
        if found := describe_network(name.partition(" (within ")[0], stages=stages):
            return found
    return None


def _contributed() -> Iterator[tuple[str, DescribesNetwork]]:
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP):
        try:
            yield entry.name, entry.load()
        except Exception as error:  # whatever foreign code raises when it is imported
            raise LitdbError(
                f"{entry.value} describes networks and cannot be imported: {in_short(error)}; install its package again"
            ) from error
