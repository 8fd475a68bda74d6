"""Why a table shows the number it shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from litdb.catalogue.naming import find_model, namesakes
from litdb.catalogue.values import Where, known_values, values
from litdb.catalogue.views.runs import carried_out_of, runs_of
from litdb.catalogue.views.scores import asked_test_set
from litdb.catalogue.views.shown import GridView, grid_view, model_view
from litdb.evidence import selection
from litdb.evidence.marks import cell_notes
from litdb.evidence.matching import Asked
from litdb.evidence.runs.carrying import CarriedOut
from litdb.questions.show import quoted_by
from litdb.values.choice import Choice, Selected
from litdb.values.origin import Origin, Status
from litdb.values.value import Value
from litdb.vocabulary import MetricName, vocabulary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that a table shows, with the rule that chose it."""

    value: Value
    because: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """The answer to `litdb why`: what is shown, everything known, the table it stands in, who quotes what."""

    model: str
    metric: str
    dataset: str
    shown: tuple[Shown, ...]
    values: tuple[Value, ...]
    grid: GridView | None
    quotes: tuple[tuple[str, tuple[str, ...]], ...]
    versions: tuple[tuple[int, str], ...]  # the proposing paper's version and what it prints
    absences: tuple[str, ...]
    disputes: tuple[str, ...] = ()  # conflicts about this value, with their state
    carried_out: tuple[
        tuple[str, CarriedOut], ...
    ] = ()  # own runs behind what is shown, and how each was computed
    namesakes: tuple[str, ...] = ()  # keys of other models that go by the same name


def explain(session: Session, model_name: str, metric_text: str, dataset_text: str) -> Why:
    """All that is known of one model in one metric. Raises NotFound, Ambiguous, UsageError."""
    words = vocabulary()
    name = words.metric_name(metric_text)
    dataset = asked_test_set(session, dataset_text)
    model = find_model(session, model_name)
    wanted = Where(models=[model.key], quantities=[name.quantity], dataset=dataset.id)
    known = known_values(session, wanted)
    by_key = {value.key: value for value in known}
    shown = [
        Shown(
            by_key.get(choice.value.key, choice.value),
            _because(choice, chosen),
            (*cell_notes(choice), *chosen.notes),
        )
        for chosen in _selected(session, model.key, name, dataset.id, own=model.own)
        for choice in chosen.choices
        if choice is not None and (choice.value.key in by_key or chosen.row.checkpoint is not None)
    ]
    view = model_view(session, model)
    return Why(
        model=model.name,
        metric=str(name),
        dataset=dataset.title,
        shown=tuple(shown),
        values=tuple(known),
        grid=grid_view(session, shown[0].value) if shown else None,
        quotes=tuple((printed, tuple(sources)) for printed, sources in sorted(quoted_by(known).items())),
        versions=tuple(_versions(known, [one.value for one in shown])),
        absences=tuple(a for a in view.absences if a.startswith(name.quantity)),
        disputes=tuple(_disputes(session, model.key, name, dataset.id)),
        carried_out=tuple(_carried_out(session, shown)),
        namesakes=tuple(namesakes(session, [model.key]).get(model.key, ())),
    )


def _versions(known: Sequence[Value], shown: Sequence[Value]) -> list[tuple[int, str]]:
    """What each version of the paper prints of the metric that is shown.

    Of several rows of one version only that of the label shown speaks: the others are other settings.
    """
    metrics, labels = {value.metric for value in shown}, {value.row.label for value in shown}
    by_version: dict[int, list[Value]] = defaultdict(list)
    for value in known:
        own = value.origin is Origin.SELF and value.status is Status.ACCEPTED and value.metric in metrics
        if own and value.version is not None:
            by_version[value.version].append(value)
    found = {
        (version, value.source_printed)
        for version, rows in by_version.items()
        for value in ([v for v in rows if v.row.label in labels] or rows)
    }
    return sorted(found)


def _carried_out(session: Session, shown: Sequence[Shown]) -> Iterator[tuple[str, CarriedOut]]:
    """The own runs of the values shown, with what each says of how it was computed."""
    states = [one.value.row.checkpoint for one in shown if one.value.row.checkpoint is not None]
    keys = [key for state in states for key in (state.group.members if state.group else (state.key,))]
    for run, details in runs_of(session, keys).items():
        if str(found := carried_out_of(details)):
            yield run, found


def _disputes(session: Session, model: str, name: MetricName, dataset: str) -> Iterator[str]:
    """The conflicts about a value, and how each was settled."""
    from litdb.questions.conflicts import find_conflicts

    for conflict in find_conflicts(session, model=model, quantity=name.quantity):
        if conflict.dataset not in (dataset, ""):
            continue
        sides = " or ".join(side.said for side in conflict.sides)
        made = conflict.resolution
        state = {"open": "not resolved", "changed": "a source appeared or changed since it was resolved"}.get(
            conflict.state, ""
        )
        if made is not None and conflict.state == "resolved":
            state = f"{f'keep {made.keep[:8]}' if made.keep else 'both stand'}: {made.reason}"
        yield f"{'possible ' if conflict.possible else ''}conflict {conflict.id[:8]}: {sides} ({state})"


def _selected(
    session: Session, model: str, name: MetricName, dataset: str, *, own: bool
) -> Sequence[Selected]:
    """What a table with the usual columns and this one shows for the model: the same call the table makes."""
    from litdb.questions.question import DEFAULT_METRICS

    words = vocabulary()
    names = list(dict.fromkeys([words.metric_name(m) for m in DEFAULT_METRICS] + [name]))
    asked = []
    for each in names:
        metric = words.metric(each.quantity)
        asked.append(Asked(each, metric is not None and metric.per_model))
    found = values(session, Where(models=[model], dataset=dataset))
    place = names.index(name)
    return [replace(one, choices=(one.choices[place],)) for one in selection.select(found, asked, own=own)]


def _because(choice: Choice, chosen: Selected) -> str:
    if choice.settled:
        return f"a conflict was settled in favour of it: {choice.settled}"
    if choice.filled:
        return f"the row shown ({chosen.row.place}) does not give it, and this is the best source that does"
    row = choice.value.row
    if chosen.reproduced:
        who = "an own measurement" if row.origin is Origin.MEASURED else "somebody else's run"
        return f"{who} of a published model, shown as a row of its own"
    if row.checkpoint is not None and row.checkpoint.group is not None:
        return "the mean over the seeds that were declared to stand for it together"
    if row.checkpoint is not None:
        return "the declared checkpoint" if row.checkpoint.declared_on else "an own checkpoint"
    version, newest = row.document.version, row.document.newest
    own = "the newest version of the paper that proposes it reports this row"
    if not row.document.paper:
        own = "a file of no known paper reports this row as its own"
    elif row.document.withdrawn:
        own = (
            f"version {version} of the paper that proposes it reports this row; the paper is withdrawn since"
        )
    elif version is not None and newest is not None and version < newest:
        own = f"version {version} of the paper that proposes it reports this row; version {newest} has none that is accepted"
    return {
        "self": own,
        "repository": "no accepted row of the paper itself is known; its repository reports this",
        "quoted": "neither the paper's own row nor a repository is known; of the quotations this row has most of the "
        "usual metrics, then the values most papers agree on, then the earliest paper",
        "tracker": "only a tracker gives it",
        "claim": "only a claim gives it",
    }.get(row.origin, "it is the only source")
