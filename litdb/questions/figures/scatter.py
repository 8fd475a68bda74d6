"""What a plot of models shows: a table, and of each of its rows causality, date, sizes, versions and the spread of own scores."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litdb.catalogue.naming import find_model
from litdb.errors import UsageError
from litdb.evidence.marks import earlier_values
from litdb.evidence.ranking import Pick
from litdb.evidence.rows.sizes import sizes
from litdb.evidence.runs.pairing import shared_name
from litdb.evidence.runs.significance import paired
from litdb.questions.question import Question
from litdb.questions.systems import find_system
from litdb.questions.table import Compared, compared
from litdb.report.figures.points import YEAR, Earlier, Points, RowFacts, points_from
from litdb.values.origin import Status
from litdb.values.table import Column
from litdb.values.value import Checkpoint, Value
from litdb.vocabulary import MetricName

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Plane:
    """Models in the plane of two columns, on the test set of that title."""

    found: Points
    x: Column
    y: Column
    title: str


def models_in_a_plane(session: Session, question: Question, *, over_time: bool = False) -> Plane:
    """The points of a question with the columns of both axes, and the title of the test set.

    Of the metrics that are asked for the first is across and the last is up; over time the last one stands over the date of
    the paper, or of the own checkpoint. Raises UsageError where one metric alone is asked for.
    """
    if len(question.metrics) < 2 and not over_time:
        raise UsageError("a plot needs two metrics: one across and one up")
    found = compared(session, question)
    across = YEAR if over_time else found.table.columns[0]
    return plane_of(session, question, found, across, question.metrics[-1])


def plane_of(
    session: Session, question: Question, found: Compared, across: Column, name: MetricName
) -> Plane:
    """The points of an answered question: `name` up, `across` a column of its table or YEAR."""
    up = next(column for column in found.table.columns if column.metric == str(name))
    families = sizes(pick.model for pick in found.picks)
    facts = [_facts(session, question, pick, name, families, found.known) for pick in found.picks]
    asked = question.models or ()
    claims = question.rules.claims
    points = points_from(found.table, across, up, claims=claims, facts=facts, asked=asked)
    return Plane(points, across, up, found.table.dataset)


def keys_of(session: Session, names: Sequence[str] | None) -> tuple[str, ...] | None:
    """The keys of named models. Raises NotFound, Ambiguous."""
    return None if names is None else tuple(dict.fromkeys(find_model(session, name).key for name in names))


def _facts(
    session: Session,
    question: Question,
    pick: Pick,
    name: MetricName,
    families: Mapping[str, str],
    known: Mapping[str, Sequence[Value]],
) -> RowFacts:
    state = pick.selected.row.checkpoint if pick.model.own else None
    choice = pick.choice(name)
    standing = state is not None and bool(state.declared_on)
    interval, words = None, ""
    if standing and state is not None and choice is not None:
        interval, words = _interval(session, question.dataset, state, name, choice.value)
    before = {} if choice is None else earlier_values(choice.value, known.get(pick.model.key, ()))
    return RowFacts(
        causal=_causal(pick, known.get(pick.model.key, ())),
        standing=standing,
        date=_date(pick, state),
        family="" if pick.selected.reproduced else families.get(pick.model.key, ""),
        earlier=tuple(
            Earlier(version, one.value, one.printed)
            for version, some in before.items()
            for one in {other.printed: other for other in some}.values()
            if one.value is not None
        ),
        interval=interval,
        interval_of=words,
    )


def _causal(pick: Pick, known: Sequence[Value]) -> bool | None:
    """What the row states, else what the other accepted sources of the model state, where they are of one mind."""
    if (said := pick.selected.causal) is not None:
        return said
    states = {value.protocol.get("causal") for value in known if value.status is Status.ACCEPTED} - {None}
    return states == {"yes"} if len(states) == 1 else None


def _date(pick: Pick, state: Checkpoint | None) -> dt.date | None:
    if state is not None:
        return state.date or state.declared_on
    return pick.model.date


def _interval(
    session: Session, dataset: str, state: Checkpoint, name: MetricName, value: Value
) -> tuple[tuple[float, float] | None, str]:
    """The ends of what an own value may have been, and in words what they are; None where nothing of it is kept."""
    if state.group is not None:
        if value.value is None or value.uncertainty is None:
            return None, ""
        ends = value.value - value.uncertainty, value.value + value.uncertainty
        return ends, f"mean and standard deviation over {len(state.group.members)} seeds"
    system = find_system(session, state.key, dataset, [name])
    spelled = shared_name(name, [system.scores])
    scores = list(system.scores[spelled].values()) if spelled is not None else []
    if len(scores) < 2:
        return None, ""
    mean = paired([0.0] * len(scores), scores)
    return (mean.low, mean.high), f"95% interval over {len(scores)} files, one seed"
