"""Ablations through merges and new readings."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from litdb.catalogue.database.schema import AblationRow, GridRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange.merge import merge
from litdb.extract import Extraction
from tests.catalogue.scenes import ablation, extraction, put, text_of

NewStore = Callable[[], Store]
IMSE = "latex:arXiv:2511.14515v1"


def ablated(*, start: int = 100) -> Extraction:
    """An own model and a row without one of its parts."""
    return ablation(extraction([("IMSE", "3.399", True), ("w/o MALA", "3.30", True)], start=start), 1)


def test_ablations_go_with_the_reading_of_their_document(new_store: NewStore) -> None:
    target, other = new_store(), new_store()
    with target.write() as session:
        put(session, "2511.14515", ablated(), reader=1)
    with other.write() as session:
        put(session, "2511.14515", ablated(start=5000), reader=7)
    assert merge(target, other).reread == (IMSE,)
    with target.read() as session:
        (found,) = session.scalars(select(AblationRow)).all()
        assert (found.row, found.base_row, found.action, found.components) == (1, 0, "removed", '["MALA"]')
        assert session.scalars(select(GridRow.id)).all() == [found.grid_id]
    assert text_of(target) == text_of(other)
    third = new_store()
    merge(third, target)
    assert text_of(third) == text_of(target)
    with third.write() as session:
        put(session, "2511.14515", extraction([("IMSE", "3.399", True)]))
    with third.read() as session:
        assert session.scalars(select(AblationRow)).all() == []
