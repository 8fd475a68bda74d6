"""All models with their names and relations, in five queries however many there are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import CheckpointRow, ModelRow, NameRow, RunRow
from litdb.catalogue.models import models
from litdb.catalogue.views.shown import checkpoint_line


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model with its relations by key; `unified` are the names of models that were unified with it, `checkpoints` lines.

    `paper` is the key of the paper that proposes it (its parent's, for a variant).
    """

    key: str
    name: str
    kind: str
    own: bool
    paper: str
    date: dt.date | None
    year: int | None
    names: tuple[str, ...] = ()
    unified: tuple[str, ...] = ()
    parent: str = ""
    children: tuple[str, ...] = ()
    checkpoints: tuple[str, ...] = ()


def model_records(session: Session) -> list[KnownModel]:
    """Every model that is not unified with another, by name."""
    rows = session.execute(
        select(ModelRow.id, ModelRow.key, ModelRow.name, ModelRow.parent_id, ModelRow.unified_id)
    ).all()
    known = models(session, [row.id for row in rows])
    names, lines = _names(session), _checkpoints(session)
    unified: dict[int, list[str]] = defaultdict(list)
    children: dict[int, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.key):
        if row.unified_id is not None:
            unified[row.unified_id].append(row.name)
        if row.parent_id is not None:
            children[row.parent_id].append(row.key)
    keys = {row.id: row.key for row in rows}
    found = [
        KnownModel(
            model.key, model.name, model.kind, model.own, model.paper, model.date, model.year,
            tuple(names[row.id]), tuple(unified[row.id]), keys.get(row.parent_id, ""), tuple(children[row.id]),
            tuple(lines[row.id]),
        )
        for row in rows
        if row.unified_id is None
        for model in (known[row.id],)
    ]  # fmt: skip
    return sorted(found, key=lambda model: (model.name.casefold(), model.key))


def _names(session: Session) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    query = select(NameRow.model_id, NameRow.name, NameRow.scope).order_by(NameRow.name, NameRow.scope)
    for model, name, scope in session.execute(query):
        found[model].append(name + (f" (within {scope})" if scope else ""))
    return found


def _checkpoints(session: Session) -> dict[int, list[str]]:
    """The checkpoints of each model's runs in words; a run without any by its key."""
    found: dict[int, list[str]] = defaultdict(list)
    query = select(RunRow, CheckpointRow).outerjoin(CheckpointRow, CheckpointRow.run_id == RunRow.id)
    for run, checkpoint in session.execute(query.order_by(RunRow.key, CheckpointRow.key)):
        found[run.model_id].append(run.key if checkpoint is None else checkpoint_line(checkpoint))
    return found
