"""Values as evidence wants them: each result with its source, unified models as one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from litdb.catalogue.database.schema import Checkpoint, Model, Reading, Result, SourceRow
from litdb.catalogue.queries import DocumentInfo, Library, place
from litdb.catalogue.record import RERUN
from litdb.values.value import Value

_BATCH = 400  # keys in one IN list, well under every database's limit


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


def _members(keys: Sequence[str]) -> ColumnElement[bool]:
    """That a model is one of these, or unified into one of them."""
    ids = select(Model.id).where(Model.key.in_(keys))
    return or_(Model.key.in_(keys), Model.unified_id.in_(ids))


def values(
    session: Session,
    *,
    models: Collection[str] | None = None,
    quantities: Collection[str] | None = None,
    dataset: str | None = None,
    statuses: Collection[str] = ("accepted",),
) -> list[Value]:
    """The values of these models (all of them for None), in a stable order; unified models count as one."""
    query = _query(statuses)
    if quantities is not None:
        query = query.where(Result.quantity.in_(quantities))
    if dataset is not None:
        query = query.where(Result.dataset.in_((dataset, "")))
    if models is None:
        return _values(session, [query])
    return _values(session, [query.where(_members(keys)) for keys in _batches(models)])


def disputed(
    session: Session, *, models: Collection[str] | None = None, quantities: Collection[str] | None = None
) -> list[Value]:
    """The accepted values of every model, quantity and test set that has more than one value; found by the database."""
    owner = func.coalesce(Model.unified_id, Model.id)
    groups = (
        select(owner.label("owner"), Result.quantity.label("quantity"), Result.dataset.label("dataset"))
        .join(SourceRow, SourceRow.id == Result.source_row_id)
        .join(Model, Model.id == SourceRow.model_id)
        .where(Result.status == "accepted", Result.value.is_not(None))
        .group_by(owner, Result.quantity, Result.dataset)
        .having(func.min(Result.value) < func.max(Result.value))
    )
    if models is not None:
        groups = groups.where(_members(sorted(models)))
    if quantities is not None:
        groups = groups.where(Result.quantity.in_(quantities))
    found = groups.subquery()
    query = _query(("accepted",)).join(
        found,
        and_(
            found.c.owner == func.coalesce(Model.unified_id, Model.id),
            found.c.quantity == Result.quantity,
            found.c.dataset == Result.dataset,
        ),
    )
    return _values(session, [query])


def relatives(session: Session, models: Collection[str]) -> dict[str, list[Value]]:
    """For each of these models, what its own paper reports itself for its other rows."""
    papers: dict[str, int] = {}
    for keys in _batches(models):
        home = select(Model.key, Model.paper_id).where(Model.key.in_(keys))
        papers |= {key: paper for key, paper in session.execute(home) if paper is not None}
    parent = aliased(Model)
    of = func.coalesce(Model.paper_id, parent.paper_id)
    family = select(Model.key, of).outerjoin(parent, parent.id == Model.parent_id)
    wanted = set(papers.values())
    members = {key: paper for key, paper in session.execute(family) if paper in wanted} if wanted else {}
    by_paper: dict[int, list[Value]] = defaultdict(list)
    for value in values(session, models=members) if members else ():
        if value.origin == "self" and value.model in members:
            by_paper[members[value.model]].append(value)
    return {model: [v for v in by_paper[paper] if v.model != model] for model, paper in papers.items()}


#: What a value needs, as columns: whole objects would cost ten times as much for a large catalogue.
_COLUMNS = (
    SourceRow.document_id, Result.protocol_id, Model.id, Model.key, Model.name, Model.kind, Model.own, Checkpoint.key,
    Reading.key, SourceRow.label, Result.metric, Result.quantity, Result.dataset, Result.value, Result.printed,
    SourceRow.origin, Result.resolution, Reading.approximate, Result.status, SourceRow.table, SourceRow.table_kind,
    SourceRow.key, Reading.remark, Reading.flags,
)  # fmt: skip


def _query(statuses: Collection[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .select_from(Result)
        .join(Reading, Reading.id == Result.reading_id)
        .join(SourceRow, SourceRow.id == Result.source_row_id)
        .join(Model, Model.id == SourceRow.model_id)
        .outerjoin(Checkpoint, Checkpoint.id == SourceRow.checkpoint_id)
        .where(Result.status.in_(statuses))
    )


def _values(session: Session, queries: Iterable[Select[*tuple[Any, ...]]]) -> list[Value]:
    found = [row for query in queries for row in session.execute(query)]
    library = Library(session)
    documents = library.documents({row[0] for row in found})
    protocols = library.protocols({row[1] for row in found})
    owners = _owners(session)
    places: dict[tuple[int, str, str], str] = {}
    made = []
    for (
        document_id, protocol_id, model_id, model_key, model_name, model_kind, model_own, checkpoint,
        key, label, metric, quantity, dataset, number, printed,
        origin, resolution, approximate, status, table, table_kind,
        row_key, remark, flags,
    ) in found:  # fmt: skip
        document: DocumentInfo = documents[document_id]
        owner, name, kind, own = owners.get(model_id, (model_key, model_name, model_kind, model_own))
        at = (document_id, table, checkpoint or "")
        if at not in places:
            places[at] = place(document, table, checkpoint or "")
        made.append(
            Value(
                key=key,
                model=owner,
                name=name,
                label=label,
                metric=metric,
                quantity=quantity,
                dataset=dataset,
                value=number,
                printed=printed,
                origin=origin,
                place=places[at],
                url=document.url,
                kind=kind,
                own=own,
                resolution=resolution,
                approximate=approximate,
                status=status,
                protocol=protocols[protocol_id],
                paper=document.paper,
                version=document.version,
                date=document.date,
                table=table,
                table_kind=table_kind,
                document=document.key,
                document_kind=document.kind,
                checkpoint=checkpoint or "",
                row=row_key,
                remark=remark,
                flags=() if flags == "[]" else tuple(json.loads(flags)),
                rerun=remark == RERUN,
            )
        )
    return sorted(made, key=lambda v: (v.name.casefold(), v.model, v.quantity, v.dataset, v.metric, v.key))


def _owners(session: Session) -> dict[int, tuple[str, str, str, bool]]:
    """What unified models count for: by id, the key, name, kind and `own` of the model that stays."""
    stays = aliased(Model)
    query = select(Model.id, stays.key, stays.name, stays.kind, stays.own).join(
        stays, stays.id == Model.unified_id
    )
    return {number: (key, name, kind, own) for number, key, name, kind, own in session.execute(query)}
