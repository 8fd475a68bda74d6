"""All names of models, for texts in which any of them may stand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import ModelRow, NameRow
from litdb.catalogue.models import OWNER
from litdb.values.origin import Kind


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name of a model: as printed, folded, where it holds ('' everywhere, else the key of a paper or document)."""

    name: str
    folded: str
    scope: str
    model: str


def known_names(session: Session) -> list[KnownName]:
    """Every name, with the key of the model that it counts for; rows of others' ablations left out."""
    owner = select(ModelRow.id, ModelRow.key, ModelRow.kind, ModelRow.own).subquery()
    rows = session.execute(
        select(NameRow.name, NameRow.folded, NameRow.scope, owner.c.key)
        .join(ModelRow, ModelRow.id == NameRow.model_id)
        .join(owner, owner.c.id == OWNER)
        .where(or_(owner.c.kind != Kind.ABLATION, owner.c.own))
        .order_by(NameRow.id)
    )
    return [KnownName(*row) for row in rows]
