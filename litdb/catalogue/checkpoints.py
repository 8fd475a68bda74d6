"""The names of own checkpoints: the same bytes can be the best by several criteria."""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import Checkpoint


def also_called(checkpoint: Checkpoint, identity: str) -> None:
    """Remember another name of the same bytes: one epoch can be the best by several criteria."""
    details = json.loads(checkpoint.details)
    names = {*details.get("also", []), identity}
    checkpoint.details = json.dumps({**details, "also": sorted(names)}, sort_keys=True, ensure_ascii=False)


def other_names(checkpoint: Checkpoint) -> list[str]:
    """The other keys that the same bytes were recorded under, such as `full-1/best-composite`."""
    names: list[str] = json.loads(checkpoint.details).get("also", [])
    return names


def named_checkpoint(session: Session, key: str) -> Checkpoint | None:
    """The checkpoint of a key such as `full-1/best-composite`, also by another name of the same bytes."""
    found = session.scalar(select(Checkpoint).where(Checkpoint.key == key))
    if found is not None:
        return found
    noted = session.scalars(
        select(Checkpoint).where(Checkpoint.details.contains('"also"')).order_by(Checkpoint.key)
    )
    return next((checkpoint for checkpoint in noted if key in other_names(checkpoint)), None)
