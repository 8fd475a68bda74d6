"""A flipped bit in what tables show is noticed, and nothing that litdb writes breaks a seal."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from litdb.catalogue.database.migrate import downgrade, upgrade
from litdb.catalogue.database.seal import broken
from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange.check import check
from litdb.errors import CatalogueError
from tests.catalogue.scenes import copy_into, extraction, put

NewStore = Callable[[], Store]
#: Where a flip changes a word or number that somebody sees.
SHOWN = (
    ("paper", "title"), ("model", "name"), ("model_name", "name"), ("reading", "printed"), ("reading", "label"),
    ("reading", "remark"), ("document", "uri"), ("decision", "reason"), ("model_fact", "source"), ("absence", "statement"),
)  # fmt: skip


def _flip(data: bytearray, place: int, bit: int) -> None:
    data[place] ^= 1 << bit


def _noticed(path: Path) -> bool:
    try:
        store = Store(path)
        try:
            return bool(check(store))
        finally:
            store.close()
    except CatalogueError:
        return True


def test_every_flipped_bit_in_a_shown_text_is_noticed(shipped_file: Path, tmp_path: Path) -> None:
    """Before there were seals 34 of 60 such flips passed unnoticed."""
    chance = random.Random(11)
    whole = shipped_file.read_bytes()
    reader = sqlite3.connect(shipped_file.as_uri() + "?mode=ro", uri=True)
    texts = [
        text.encode()
        for table, column in SHOWN
        for (text,) in reader.execute(f"SELECT {column} FROM {table} WHERE length({column}) > 5")
    ]
    reader.close()
    missed = []
    for number in range(60):
        words = chance.choice(texts)
        start = whole.find(words)
        place, bit = start + chance.randrange(len(words)), chance.randrange(8)
        damaged = bytearray(whole)
        _flip(damaged, place, bit)
        path = tmp_path / f"{number}.db"
        path.write_bytes(damaged)
        if not _noticed(path):
            missed.append((words, place - start, bit))
    assert missed == []


def test_what_litdb_writes_keeps_its_seal(new_store: NewStore, shipped: Store) -> None:
    store = copy_into(new_store(), shipped)
    with store.write() as session:
        put(session, "2511.14515", extraction([("IMSE", "3.399", True)]))
    with store.write() as session:
        session.execute(text("DELETE FROM absence"))
    if store.dialect == "sqlite":
        with store.read() as session:
            assert list(broken(session)) == []
    assert check(store) == []


def test_a_row_changed_behind_its_seal_is_told(tmp_path: Path, shipped_file: Path) -> None:
    path = tmp_path / "mine.db"
    path.write_bytes(shipped_file.read_bytes())
    raw = sqlite3.connect(path)
    raw.execute("DROP TRIGGER seal_paper_update")
    raw.execute("UPDATE paper SET title = 'Another' WHERE key = 'IMSE'")
    raw.commit()
    raw.close()
    store = Store(path)
    said = [str(problem) for problem in check(store)]
    store.close()
    assert len(said) == 2
    assert said[0].startswith("seal: block 0 of table paper is not what litdb wrote")
    assert said[1].startswith("seal: the schema")


@pytest.mark.parametrize("down_to", ["0003"])
def test_a_catalogue_of_before_is_sealed_by_its_upgrade(
    tmp_path: Path, shipped_file: Path, down_to: str
) -> None:
    path = tmp_path / "mine.db"
    path.write_bytes(shipped_file.read_bytes())
    store = Store(path)
    downgrade(store, down_to)
    upgrade(store)
    with store.read() as session:
        assert list(broken(session)) == []
    store.close()


def test_the_statistics_of_the_planner_are_no_damage(tmp_path: Path, shipped_file: Path) -> None:
    """Anybody may run ANALYZE: it writes tables of its own into the schema, and says nothing."""
    path = tmp_path / "c.db"
    path.write_bytes(shipped_file.read_bytes())
    other = sqlite3.connect(path)
    other.execute("ANALYZE")
    other.commit()
    other.close()
    store = Store(path)
    assert check(store) == []
    store.close()
