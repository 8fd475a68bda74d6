"""Values as evidence wants them: each result with its source, unified models as one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from litdb.catalogue.queries import DocumentInfo, Library, place
from litdb.catalogue.record import RERUN
from litdb.catalogue.schema import Checkpoint, Model, Reading, Result, SourceRow
from litdb.evidence.value import Value

_BATCH = 300


def canonical(session: Session, keys: Iterable[str]) -> set[str]:
    """The keys of these models and of those unified into them."""
    wanted = set(keys)
    ids = select(Model.id).where(Model.key.in_(wanted))
    return wanted | set(session.scalars(select(Model.key).where(Model.unified_id.in_(ids))))


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
    if models is not None:
        query = query.where(Model.key.in_(canonical(session, models)))
    if quantities is not None:
        query = query.where(Result.quantity.in_(quantities))
    if dataset is not None:
        query = query.where(Result.dataset.in_((dataset, "")))
    return _values(session, [query])


def disputed(
    session: Session, *, models: Collection[str] | None = None, quantities: Collection[str] | None = None
) -> list[Value]:
    """The accepted values of every model, quantity and test set that has more than one value; found by the database."""
    owner = func.coalesce(Model.unified_id, Model.id).label("owner")
    groups = (
        select(owner, Result.quantity, Result.dataset)
        .join(SourceRow, SourceRow.id == Result.source_row_id)
        .join(Model, Model.id == SourceRow.model_id)
        .where(Result.status == "accepted", Result.value.is_not(None))
        .group_by(owner, Result.quantity, Result.dataset)
        .having(func.min(Result.value) < func.max(Result.value))
    )
    if models is not None:
        groups = groups.where(Model.key.in_(canonical(session, models)))
    if quantities is not None:
        groups = groups.where(Result.quantity.in_(quantities))
    found = [tuple(row) for row in session.execute(groups)]
    queries = []
    for start in range(0, len(found), _BATCH):
        batch = found[start : start + _BATCH]
        owners = func.coalesce(Model.unified_id, Model.id)
        queries.append(
            _query(("accepted",)).where(tuple_(owners, Result.quantity, Result.dataset).in_(batch))
        )
    return _values(session, queries)


def relatives(session: Session, models: Collection[str]) -> dict[str, list[Value]]:
    """For each of these models, what its own paper reports itself for its other rows."""
    home = select(Model.key, Model.paper_id).where(Model.key.in_(models))
    papers = {key: paper for key, paper in session.execute(home) if paper is not None}
    parent = aliased(Model)
    family = (
        select(Model.key, func.coalesce(Model.paper_id, parent.paper_id))
        .outerjoin(parent, parent.id == Model.parent_id)
        .where(func.coalesce(Model.paper_id, parent.paper_id).in_(set(papers.values())))
    )
    members = {key: paper for key, paper in session.execute(family) if paper is not None}
    if not members:
        return {}
    own = [value for value in values(session, models=list(members)) if value.origin == "self"]
    return {
        model: [v for v in own if v.model != model and members.get(v.model) == paper]
        for model, paper in papers.items()
    }


def _query(statuses: Collection[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(Result, Reading, SourceRow, Model, Checkpoint.key)
        .join(Reading, Reading.id == Result.reading_id)
        .join(SourceRow, SourceRow.id == Result.source_row_id)
        .join(Model, Model.id == SourceRow.model_id)
        .outerjoin(Checkpoint, Checkpoint.id == SourceRow.checkpoint_id)
        .where(Result.status.in_(statuses))
    )


def _values(session: Session, queries: Iterable[Select[*tuple[Any, ...]]]) -> list[Value]:
    found = [row for query in queries for row in session.execute(query)]
    library = Library(session)
    documents = library.documents({row.document_id for _, _, row, _, _ in found})
    protocols = library.protocols({result.protocol_id for result, _, _, _, _ in found})
    owners = _owners(session)
    values = []
    for result, read, row, model, checkpoint in found:
        document: DocumentInfo = documents[row.document_id]
        key, name, kind, own = owners.get(model.id, (model.key, model.name, model.kind, model.own))
        values.append(
            Value(
                key=read.key,
                model=key,
                name=name,
                label=row.label,
                metric=result.metric,
                quantity=result.quantity,
                dataset=result.dataset,
                value=result.value,
                printed=result.printed,
                origin=row.origin,
                place=place(document, row.table, checkpoint or ""),
                url=document.url,
                kind=kind,
                own=own,
                resolution=result.resolution,
                approximate=read.approximate,
                status=result.status,
                protocol=protocols[result.protocol_id],
                paper=document.paper,
                version=document.version,
                date=document.date,
                table=row.table,
                table_kind=row.table_kind,
                document=document.key,
                document_kind=document.kind,
                checkpoint=checkpoint or "",
                row=row.key,
                remark=read.remark,
                flags=tuple(json.loads(read.flags)),
                rerun=read.remark == RERUN,
            )
        )
    return sorted(values, key=lambda v: (v.name.casefold(), v.model, v.quantity, v.dataset, v.metric, v.key))


def _owners(session: Session) -> dict[int, tuple[str, str, str, bool]]:
    """What unified models count for: by id, the key, name, kind and `own` of the model that stays."""
    stays = aliased(Model)
    query = select(Model.id, stays.key, stays.name, stays.kind, stays.own).join(
        stays, stays.id == Model.unified_id
    )
    return {number: (key, name, kind, own) for number, key, name, kind, own in session.execute(query)}
