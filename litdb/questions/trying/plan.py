"""How many runs a gain needs: the spread of own runs, or a published one, put to the rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litdb.catalogue.decisions import find_reading
from litdb.catalogue.naming import find_model
from litdb.catalogue.values import Where, values
from litdb.catalogue.views.scores import asked_test_set, measured_system, seed_groups
from litdb.errors import UsageError
from litdb.evidence.comparability import partial
from litdb.evidence.runs.pairing import shared_name
from litdb.evidence.runs.power import POWER, Pilot, Plan, Spread, make_plan, spread_of, stated_spread
from litdb.evidence.runs.system import System
from litdb.questions.systems import find_system
from litdb.values.value import Value
from litdb.vocabulary import Dataset, MetricName, vocabulary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class SpreadFrom:
    """Where the spread is to be taken from; nothing given: all own runs, or those of `model`.

    `runs` are groups of own runs that differ in their seed; `spread` is a standard deviation over seeds, `published` the
    beginning of the key of a result that prints one; `of` says over how many seeds these two are.
    """

    model: str | None = None
    runs: tuple[tuple[str, ...], ...] = ()
    spread: float | None = None
    published: str | None = None
    of: int | None = None


def plan(
    session: Session, effect: float, metric: str, dataset: str, given: SpreadFrom, wanted: float = POWER
) -> Plan:
    """Plan for a gain in a metric on a test set.

    Raises UsageError where no spread over seeds is known, and for words that do not go together; NotFound, Ambiguous.
    """
    name = vocabulary().metric_name(metric)
    quantity = vocabulary().metric(name.quantity)
    if quantity is not None and quantity.per_model:
        raise UsageError(f"{name} belongs to a model, not to its output: it has no spread over seeds")
    known = asked_test_set(session, dataset)
    named = [given.spread is not None, given.published is not None, bool(given.runs or given.model)]
    if sum(named) > 1:
        raise UsageError("give one of --spread, --published, and own runs (--runs, --model)")
    if given.of is not None and not (named[0] or named[1]):
        raise UsageError("--of says over how many seeds a --spread or --published is: give one of them")
    spread = _spread(session, name, known, given)
    return make_plan(str(name), known.title, effect, spread, known.files or spread.files, wanted)


def _spread(session: Session, name: MetricName, dataset: Dataset, given: SpreadFrom) -> Spread:
    if given.spread is not None:
        return stated_spread(given.spread, given.of, "as given")
    if given.published is not None:
        value = _published(session, given.published, name, dataset)
        assert value.uncertainty is not None
        return stated_spread(value.uncertainty, given.of, f"{value.about}: {value.printed} ({value.place})")
    found = spread_of(_pilots(session, name, dataset, given))
    if found is not None:
        return found
    if given.runs:
        raise UsageError("one run shows no spread: name two or more with --runs, which differ in their seed")
    raise UsageError(
        f"no two own runs of one recipe that differ in their seed are known in {name} on {dataset.title}: train a second seed, "
        f"name runs with --runs, or give a published spread over seeds with --spread SD --of SEEDS"
    )


def _published(session: Session, key: str, name: MetricName, dataset: Dataset) -> Value:
    """The result that prints a spread. Raises UsageError for another metric or test set, or one without a spread."""
    (value,) = values(session, Where(result=find_reading(session, key).key))
    if value.quantity != name.quantity or value.dataset != dataset.id:
        raise UsageError(f"{key} is {value.about}, not {name} on {dataset.title}")
    if value.origin.measured:
        raise UsageError(
            f"the deviation of {key} is that over files, not over seeds: name own runs with --runs"
        )
    if value.uncertainty is None:
        raise UsageError(f"{key} prints no spread ({value.printed}): give it with --spread SD --of SEEDS")
    return value


def _pilots(session: Session, name: MetricName, dataset: Dataset, given: SpreadFrom) -> list[Pilot]:
    if given.runs:
        groups = [[find_system(session, run, dataset.id, [name]) for run in runs] for runs in given.runs]
    else:
        owner = find_model(session, given.model).id if given.model is not None else None
        groups = [
            [measured_system(session, checkpoint, dataset.id) for checkpoint in checkpoints]
            for checkpoints in seed_groups(session, dataset.id, name.quantity, owner)
        ]
    found = [_pilot(systems, name) for systems in groups]
    return [pilot for pilot in found if pilot is not None]


def _pilot(systems: Sequence[System], name: MetricName) -> Pilot | None:
    """Runs of one recipe: scores on the files that all share, else means; runs that have neither are left out."""
    spelled = shared_name(name, [system.scores for system in systems])
    if spelled is not None:
        files = sorted(set.intersection(*(set(system.scores[spelled]) for system in systems)))
        if len(files) > 1:
            table = tuple(tuple(system.scores[spelled][file] for file in files) for system in systems)
            means = tuple(sum(row) / len(row) for row in table)
            return Pilot(_called(systems), _runs(systems), means, table, tuple(files))
    spelled = shared_name(name, [system.means for system in systems])
    if spelled is None:
        return None
    whole = [system for system in systems if not partial(system.means[spelled].protocol)]
    means = tuple(value for system in whole if (value := system.means[spelled].value) is not None)
    return Pilot(_called(systems), _runs(whole), means) if means else None


def _called(systems: Sequence[System]) -> str:
    return systems[0].model


def _runs(systems: Sequence[System]) -> tuple[str, ...]:
    return tuple(system.checkpoint or system.name for system in systems)
