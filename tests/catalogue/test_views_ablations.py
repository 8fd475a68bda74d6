"""Ablation tables in the catalogue: each comparison with its base row, made anew with its document."""

from __future__ import annotations

import json

from sqlalchemy import select

from litdb.catalogue.database.schema import AblationRow
from litdb.catalogue.database.session import Store
from tests.catalogue import scenes
from tests.extract.support import latex, read
from tests.support.stores import MakeStore

BODY = r"Model & PESQ\\ FooNet & 3.2\\ w/o phase loss & 3.1\\ w/o phase loss, w/o GAN & 2.9\\ LSTM $\to$ GRU & 3.15\\"
CAPTION = "Ablation study on VoiceBank+DEMAND"


def stored(store: Store) -> list[tuple[int, int, str, list[str], str]]:
    with store.read() as session:
        rows = session.scalars(select(AblationRow).order_by(AblationRow.row, AblationRow.base_row)).all()
        return [(r.row, r.base_row, r.action, json.loads(r.components), r.replacement) for r in rows]


def test_every_comparison_is_stored_once(store: Store) -> None:
    expected = [
        (2, 1, "removed", ["phase loss"], ""),
        (3, 1, "removed", ["phase loss", "GAN"], ""),
        (3, 2, "removed", ["GAN"], ""),
        (4, 1, "replaced", ["LSTM"], "GRU"),
    ]
    for _ in range(2):  # twice changes nothing
        with store.write() as session:
            scenes.put(session, "2501.00001", read(latex(BODY, CAPTION)))
        assert stored(store) == expected


def test_comparisons_go_with_the_table_that_held_them(store: Store) -> None:
    with store.write() as session:
        scenes.put(session, "2501.00001", read(latex(BODY, CAPTION)))
        scenes.put(session, "2501.00001", read(latex(r"Model & PESQ\\ FooNet & 3.2\\ Bar & 3.1\\")))
    assert stored(store) == []


def test_a_dump_keeps_them(new_store: MakeStore) -> None:
    one = new_store()
    with one.write() as session:
        scenes.put(session, "2501.00001", read(latex(BODY, CAPTION)))
    two = scenes.copy_into(new_store(), one)
    assert stored(two) == stored(one)
    assert scenes.text_of(two) == scenes.text_of(one)
