"""The one loader: results with their sources as `Value`, read from the view `value`.

Everything above the database sees numbers through it. Rows, models, documents, checkpoints and protocols are shared
between the values that have them in common.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from litdb.catalogue.checkpoints import marks_of_run, recorded_recipe
from litdb.catalogue.database import schema
from litdb.catalogue.database.batches import SIZE, batches
from litdb.catalogue.database.schema import ProtocolRow, RunRow
from litdb.catalogue.database.view import VALUE
from litdb.catalogue.models import members, models, standing
from litdb.catalogue.papers import documents
from litdb.values.names import digest
from litdb.values.origin import Origin, Status, TableKind
from litdb.values.value import NO_CELL, Checkpoint, Correction, GridCell, Kept, SeedGroup, SourceRow, Value
from litdb.vocabulary.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Where:
    """Which values: each item that is given narrows.

    `models` are keys of models that values count for (unified ones included); `dataset` is a test set, with what
    belongs to no test set (params) besides; `paper` and `document` are keys, `result` the beginning of a key, `grids`
    row numbers of stored tables. `disputed` keeps models, quantities and test sets with more than one number,
    `measured` what own checkpoints gave, `spread` what is printed with a ±.
    """

    models: Collection[str] | None = None
    quantities: Collection[str] | None = None
    dataset: str | None = None
    statuses: Collection[str] | None = None
    paper: str | None = None
    document: str | None = None
    result: str | None = None
    grids: Collection[int] | None = None
    disputed: bool = False
    measured: bool = False
    spread: bool = False


#: What is accepted, as most questions want it.
ACCEPTED = (Status.ACCEPTED,)

_V = VALUE.c
#: What a value needs of its own; the columns of its parts would make the database join them for every value.
_COLUMNS = (
    _V.result_id, _V.result, _V.row_key, _V.metric, _V.quantity, _V.dataset, _V.value, _V.printed, _V.resolution,
    _V.approximate, _V.uncertainty, _V.status, _V.confidence, _V.reasons, _V.flags, _V.remark,
    _V.entry, _V.grid_id, _V.grid_row, _V.grid_column, _V.slot, _V.uncertainty_kind, _V.protocol_id,
    _V.model_id, _V.document_id, _V.checkpoint_id, _V.table, _V.table_kind, _V.row, _V.origin,
)  # fmt: skip

_KEY, _ROW_KEY, _PROTOCOL = (
    list(map(str, _COLUMNS)).index(f"value.{name}") for name in ("result", "row_key", "protocol_id")
)


def values(session: Session, where: Where) -> list[Value]:
    """The values that are asked for, in the order in which they were derived."""
    found = [row for query in _queries(session, where) for row in session.execute(query).all()]
    found.sort(key=itemgetter(0))
    return _values(session, found)


def known_values(session: Session, where: Where) -> list[Value]:
    """Values whatever their status, by metric and test set, the most telling first."""
    return sorted(
        values(session, where),
        key=lambda v: (v.metric, v.dataset, v.origin.tier, v.paper, -(v.version or 0)),
    )


def any_value(session: Session, where: Where) -> bool:
    """Whether there is any such value. Stops at the first: a count would read them all."""
    return any(
        session.scalar(select(exists(query.with_only_columns(_V.result_id))))
        for query in _queries(session, where)
    )


def in_order(found: Iterable[Value]) -> list[Value]:
    """Values by model, metric and test set: an order that is the same in every copy of a catalogue."""
    return sorted(found, key=lambda v: (v.name.casefold(), v.model, v.quantity, v.dataset, v.metric, v.key))


def relatives(session: Session, keys: Iterable[str]) -> dict[str, list[Value]]:
    """For each of these models, what its own paper reports itself for its other rows."""
    model, parent = schema.ModelRow, aliased(schema.ModelRow)
    papers: dict[str, int] = {}
    for some in batches(keys):
        home = select(model.key, model.paper_id).where(model.key.in_(some))
        papers |= {key: paper for key, paper in session.execute(home) if paper is not None}
    of = func.coalesce(model.paper_id, parent.paper_id)
    family = select(model.key, of).outerjoin(parent, parent.id == model.parent_id)
    wanted = set(papers.values())
    homes = {key: paper for key, paper in session.execute(family) if paper in wanted} if wanted else {}
    by_paper: dict[int, list[Value]] = defaultdict(list)
    for value in in_order(values(session, Where(models=homes, statuses=ACCEPTED))) if homes else ():
        if value.origin is Origin.SELF and value.model in homes:
            by_paper[homes[value.model]].append(value)
    return {key: [v for v in by_paper[paper] if v.model != key] for key, paper in papers.items()}


def _queries(session: Session, where: Where) -> Iterator[Select[*tuple[Any, ...]]]:
    query: Select[*tuple[Any, ...]] = select(*_COLUMNS)
    if where.quantities is not None:
        query = query.where(_V.quantity.in_(where.quantities))
    if where.dataset is not None:
        query = query.where(_V.dataset.in_((where.dataset, "")))
    if where.statuses is not None:
        query = query.where(_V.status.in_(where.statuses))
    if where.paper is not None:
        query = query.where(_V.paper == where.paper)
    if where.document is not None:
        query = query.where(_V.document == where.document)
    if where.result is not None:
        query = query.where(_V.result.startswith(where.result, autoescape=True))
    if where.measured:
        query = query.where(_V.checkpoint_id.is_not(None))
    if where.spread:
        query = query.where(_V.uncertainty.is_not(None))
    if where.disputed:
        query = _disputed(query, where)
    if where.models is None and where.grids is None:
        yield query
    elif where.models is not None:
        for ids in batches(members(session, where.models)):
            yield query.where(_V.model_id.in_(ids))
    else:
        for ids in batches(where.grids or ()):
            yield query.where(_V.grid_id.in_(ids))


def _disputed(query: Select[*tuple[Any, ...]], where: Where) -> Select[*tuple[Any, ...]]:
    """Only values of a model, quantity and test set that has more than one number; the database finds them."""
    every = VALUE.alias("every")
    groups = (
        select(every.c.owner_id, every.c.quantity, every.c.dataset)
        .where(every.c.value.is_not(None))
        .group_by(every.c.owner_id, every.c.quantity, every.c.dataset)
        .having(func.min(every.c.value) < func.max(every.c.value))
    )
    if where.statuses is not None:
        groups = groups.where(every.c.status.in_(where.statuses))
    if where.quantities is not None:
        groups = groups.where(every.c.quantity.in_(where.quantities))
    if where.models is not None:
        owners = select(schema.ModelRow.id).where(schema.ModelRow.key.in_(sorted(where.models)))
        groups = groups.where(every.c.owner_id.in_(owners))
    found = groups.subquery()
    return query.join(
        found,
        and_(
            found.c.owner_id == _V.owner_id,
            found.c.quantity == _V.quantity,
            found.c.dataset == _V.dataset,
        ),
    )


def _values(session: Session, found: Sequence[Row[*tuple[Any, ...]]]) -> list[Value]:
    protocols = _protocols(session, {result[_PROTOCOL] for result in found})
    standing_in = {result[_ROW_KEY]: result for result in found}  # one result for each row
    rows = _rows(session, list(standing_in.values()))
    decided = _decided(session, {result[_KEY] for result in found}) if found else _Decided()
    return [
        Value(
            key, rows[row_key], metric, quantity, dataset, number, printed, resolution,
            approximate, uncertainty, _STATUS[status], protocols[protocol], confidence,
            _texts(reasons), _texts(flags), remark,
            NO_CELL if grid is row is column is None else GridCell(grid, row, column, slot),
            entry, decided.corrections.get(key, ()), decided.kept.get(key), decided.contested.get(key, ""),
            spread,
        )
        for (
            _, key, row_key, metric, quantity, dataset, number, printed, resolution,
            approximate, uncertainty, status, confidence, reasons, flags, remark,
            entry, grid, row, column, slot, spread, protocol, *_,
        ) in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Decided:
    """What decisions say of values, by result."""

    corrections: Mapping[str, tuple[Correction, ...]] = field(default_factory=dict)
    kept: Mapping[str, Kept] = field(default_factory=dict)
    contested: Mapping[str, str] = field(default_factory=dict)


#: The kinds of decision that say something of a value (a test holds them to those of `litdb.catalogue.decision`).
DECIDED_ON = ("accept", "correct", "reject", "resolve")


def _decided(session: Session, keys: Collection[str]) -> _Decided:
    """What was decided on these results; what decisions are is imported only where some were made, for a quick start."""
    made = select(schema.DecisionRow.id).where(schema.DecisionRow.kind.in_(DECIDED_ON))
    if not session.scalar(select(exists(made))):
        return _Decided()
    from litdb.catalogue.views.marks import contested, corrections, kept_results

    few = keys if len(keys) <= SIZE else None
    return _Decided(corrections(session, few), kept_results(session), contested(session, few))


def _rows(session: Session, found: Sequence[Row[*tuple[Any, ...]]]) -> dict[str, SourceRow]:
    """The rows that these results stand in, with their parts, each loaded once."""
    named = {row.model_id for row in found}
    owners = _owners(session, named)
    known = models(session, named | set(owners.values()))
    sources = documents(session, {row.document_id for row in found})
    checkpoints = _checkpoints(session, {row.checkpoint_id for row in found} - {None})
    return {
        row.row_key: SourceRow(
            row.row_key,
            known[owners.get(row.model_id, row.model_id)],
            sources[row.document_id],
            Origin(row.origin),
            row.row,
            row.table,
            TableKind(row.table_kind),
            checkpoints[row.checkpoint_id] if row.checkpoint_id is not None else None,
            known[row.model_id].name,
        )
        for row in found
    }


_STATUS = {str(status): status for status in Status}


def _texts(stored: str) -> tuple[str, ...]:
    return () if stored == "[]" else tuple(json.loads(stored))


def _owners(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """Of these models, the unified ones: the row number of the model that each counts for."""
    model = schema.ModelRow
    found: dict[int, int] = {}
    for some in batches(ids):
        rows = session.execute(
            select(model.id, model.unified_id).where(model.id.in_(some), model.unified_id.is_not(None))
        )
        found |= {number: owner for number, owner in rows if owner is not None}
    return found


def _protocols(session: Session, ids: Iterable[int]) -> dict[int, Protocol]:
    found: dict[int, Protocol] = {}
    for some in batches(ids):
        rows = session.execute(select(ProtocolRow.id, ProtocolRow.items).where(ProtocolRow.id.in_(some)))
        found |= {number: Protocol.from_json(items) for number, items in rows}
    return found


def _checkpoints(session: Session, ids: Collection[int]) -> dict[int, Checkpoint]:
    found: dict[int, Checkpoint] = {}
    stored = schema.CheckpointRow
    declared = standing(session) if ids else {}
    groups = _groups(session) if ids else {}
    contests = _contests(session) if ids else {}
    for some in batches(ids):
        rows = session.execute(
            select(
                stored.id, stored.key, stored.selected_on, stored.declared_on, stored.date,
                func.coalesce(schema.ModelRow.unified_id, schema.ModelRow.id), RunRow.details,
            )
            .join(RunRow, RunRow.id == stored.run_id)
            .join(schema.ModelRow, schema.ModelRow.id == RunRow.model_id)
            .where(stored.id.in_(some))
        )  # fmt: skip
        for number, key, selected_on, declared_on, date, model, details in rows:
            found[number] = Checkpoint(
                key, selected_on, declared_on, date, declared.get(model, ""), marks_of_run(details),
                groups.get(model), _recipe(model, details), contests.get(model, ""),
            )  # fmt: skip
    return found


def _groups(session: Session) -> Mapping[int, SeedGroup]:
    """The groups of checkpoints that stand for models; what decisions are is imported only where one was declared."""
    grouped = select(schema.DecisionRow.id).where(schema.DecisionRow.kind == "group")
    if not session.scalar(select(exists(grouped))):
        return {}
    from litdb.catalogue.views.standing import standing_groups

    return standing_groups(session)


def _contests(session: Session) -> Mapping[int, str]:
    """By the row number of the model, who declares otherwise than whom; asked only where several declarations are."""
    declared = select(func.count()).where(schema.DecisionRow.kind.in_(("declare", "group")))
    if (session.scalar(declared) or 0) < 2:
        return {}
    from litdb.catalogue.views.marks import contested_standing

    said = contested_standing(session)
    named = select(schema.ModelRow.id, schema.ModelRow.key).where(schema.ModelRow.key.in_(said))
    return {row.id: said[row.key] for row in session.execute(named)}


def _recipe(model: int, details: str) -> str:
    """What runs that differ in their seed alone have in common; '' where the recipe is not recorded."""
    recipe = recorded_recipe(details)
    return "" if recipe is None else digest("recipe", model, recipe)
