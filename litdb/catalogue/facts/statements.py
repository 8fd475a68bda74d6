"""What is stated of models, fact or description, in the order in which it holds: the seed's first, then what people decided."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import FactRow, ModelRow
from litdb.catalogue.decision import StateFact
from litdb.catalogue.views.in_force import in_force


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement on the model `target`, which counts for `owner` (both keys); or, where not `holds`, that it does not hold.

    `item` is what it is about; `by` is `seed`, or who decided.
    """

    target: str
    owner: str
    item: str
    value: str
    source: str
    remark: str
    by: str
    holds: bool = True


def statements(session: Session, items: Collection[str], model: str | None = None) -> Iterator[Stated]:
    """The statements on these items, of all models or of one (its key) and those unified with it; a later one overrides."""
    keys = dict(iter(session.execute(select(ModelRow.id, ModelRow.key))))
    owners = {
        key: keys[unified] if unified is not None else key
        for key, unified in session.execute(select(ModelRow.key, ModelRow.unified_id))
    }
    for row in session.scalars(select(FactRow).where(FactRow.item.in_(items)).order_by(FactRow.id)):
        target = keys[row.model_id]
        if model in (None, owners[target]):
            yield Stated(target, owners[target], row.item, row.value, row.source, row.remark, row.made_by)
    theirs = None if model is None else [key for key, owner in owners.items() if owner == model]
    for decision in in_force(session, StateFact, targets=theirs):
        target, what = decision.target, decision.what
        if target in owners and what.item in items:  # a model may not be in this catalogue (yet)
            yield Stated(
                target, owners[target], what.item, what.component, what.source or "", what.remark or "",
                decision.who, what.stated,
            )  # fmt: skip
