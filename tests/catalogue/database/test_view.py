"""The view that litdb and others read, its description, and catalogues made before there was one."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from litdb.catalogue.database.dictionary import dictionary
from litdb.catalogue.database.migrate import upgrade
from litdb.catalogue.database.session import Store
from litdb.catalogue.database.view import COLUMNS
from litdb.catalogue.exchange.check import check
from litdb.catalogue.exchange.dump import diff, dump, load
from litdb.catalogue.exchange.merge import merge
from litdb.catalogue.values import ACCEPTED, Where, values
from litdb.errors import SchemaMismatch
from litdb.vocabulary.protocol import ITEMS, WITHOUT_COLUMN, Protocol
from tests.support.stores import MakeStore

#: A small working catalogue and its dump, as commit 9a5fd2e wrote them (schema 0002).
OLD = Path(__file__).parents[1] / "made_by_9a5fd2e"


@pytest.fixture
def old(tmp_path: Path) -> Store:
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.executescript((OLD / "catalogue.sql").read_text(encoding="utf-8"))
    connection.close()
    return Store(path)


def body(store: Store) -> list[str]:
    """A dump without its header."""
    out = io.StringIO()
    dump(store, out)
    return out.getvalue().splitlines()[1:]


def old_dump(schema: str) -> str:
    return (OLD / "dump.jsonl").read_text(encoding="utf-8").replace('"0002"', f'"{schema}"', 1)


def brought_up_to_date() -> list[str]:
    """The old dump as this schema says it: decisions in order, and what was not known then empty."""
    lines = [json.loads(line) for line in old_dump("0002").splitlines()[1:]]
    decided = [line["row"] for line in lines if line["table"] == "decision"]
    for number, row in enumerate(sorted(decided, key=lambda row: str(row["made_at"])), start=1):
        row.update(sequence=number, after="[]")
    for line in lines:
        line["row"].update(
            {"paper_version": {"withdrawn": ""}, "document": {"priors": ""}}.get(line["table"], {})
        )
    return [json.dumps(line, ensure_ascii=False) for line in lines]


@pytest.mark.parametrize("schema", ["0002", "0003"])
def test_an_old_catalogue_is_upgraded_and_says_the_same(old: Store, schema: str) -> None:
    upgrade(old, schema)
    with pytest.raises(SchemaMismatch, match="litdb db upgrade"):
        old.check_schema()
    upgrade(old)
    old.check_schema()
    assert body(old) == brought_up_to_date()
    assert check(old) == []
    with old.read() as session:
        shown = {v.printed for v in values(session, Where(models=["SmallNet"], statuses=ACCEPTED))}
    assert "3.22" in shown  # the correction is in force


@pytest.mark.parametrize("schema", ["0002", "0003"])
def test_an_old_dump_is_loaded(new_store: MakeStore, schema: str) -> None:
    store = new_store()
    load(store, io.StringIO(old_dump(schema)))
    assert body(store) == brought_up_to_date()
    assert check(store) == []


@pytest.mark.parametrize("schema", ["0002", "0003"])
def test_an_old_catalogue_is_merged_and_compared_as_it_is(
    old: Store, new_store: MakeStore, schema: str
) -> None:
    """What is read of it is an upgraded copy: it keeps its schema."""
    upgrade(old, schema)
    store = new_store()
    merge(store, old)
    assert diff(store, old) == []
    assert old.revision() == schema
    with store.read() as session:
        assert {v.name for v in values(session, Where())} >= {"SmallNet", "OtherNet", "MyNet"}


def test_a_catalogue_of_a_later_litdb_is_not_guessed_at(old: Store, new_store: MakeStore) -> None:
    with old.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match="9999"):
        merge(new_store(), old)


def test_the_view_tells_every_item_of_every_protocol(shipped: Store) -> None:
    with shipped.read() as session:
        rows = session.execute(text("SELECT * FROM value")).mappings().all()
    assert rows
    assert list(rows[0]) == list(COLUMNS)
    for row in rows:
        protocol = Protocol.from_json(row["protocol"])
        columns = [item for item in ITEMS if item not in WITHOUT_COLUMN]
        assert {item: row[item] for item in columns} == {item: protocol.get(item) for item in columns}


def test_the_view_and_the_loader_say_the_same(shipped: Store) -> None:
    with shipped.read() as session:
        rows = {row["result"]: row for row in session.execute(text("SELECT * FROM value")).mappings()}
        loaded = values(session, Where())
    assert {value.key for value in loaded} == rows.keys()
    for value in loaded:
        row = rows[value.key]
        told = (row["model"], row["model_name"], row["named"], row["document"], row["row"], row["origin"])
        assert told == (
            value.model, value.name, value.row.named, value.row.document.key, value.row.label, value.origin
        )  # fmt: skip
        assert (row["paper"] or "", row["version"], row["checkpoint"] or "") == (
            value.paper, value.version, value.checkpoint
        )  # fmt: skip
        assert json.loads(row["flags"]) == list(value.flags)


def test_the_view_on_every_database(new_store: MakeStore) -> None:
    store = new_store()
    load(store, io.StringIO((OLD / "dump.jsonl").read_text(encoding="utf-8")))
    with store.read() as session:
        row = (
            session.execute(text("SELECT * FROM value WHERE model = 'MyNet' AND metric = 'PESQ'"))
            .mappings()
            .one()
        )
    assert (row["run"], row["checkpoint"], row["selected_on"], row["band"]) == (
        "r1",
        "r1/best",
        "validation",
        "WB",
    )


def test_the_data_dictionary_is_the_one_the_schema_gives() -> None:
    page = Path(__file__).parents[3] / "docs" / "data_dictionary.md"
    assert page.read_text(encoding="utf-8") == dictionary(), (
        "write it anew: python -m litdb.catalogue.database.dictionary > docs/data_dictionary.md"
    )
