"""Whole catalogues from Python: made, checked, brought up to date, copied, put together, compared."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import litdb
from litdb.errors import CatalogueError, InputError, ReadOnlyCatalogue, SchemaMismatch, UsageError

pytestmark = pytest.mark.slow


@pytest.fixture
def mine(home: Path) -> Iterator[litdb.Catalogue]:
    with litdb.Catalogue.init("mine.db") as made:
        yield made


def text_of(catalogue: litdb.Catalogue) -> str:
    out = io.StringIO()
    assert catalogue.dump(out) == out.getvalue().count("\n") - 1  # all but the header are rows
    return out.getvalue()


def other_schema(name: str) -> None:
    connection = sqlite3.connect(name)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()


def test_init_makes_a_working_copy_and_opens_it(home: Path) -> None:
    with litdb.Catalogue.init() as made:
        assert made.place == str(home / "home" / "catalogue.db")
        assert not made.store.read_only
        assert made.table(models=["IMSE"]).rows
    with pytest.raises(CatalogueError, match="exists"):
        litdb.Catalogue.init()
    with litdb.Catalogue.init("empty.db", empty=True) as empty:
        assert not empty.results()
        assert empty.check() == []


def test_a_dump_is_loaded_again_and_nothing_differs(mine: litdb.Catalogue) -> None:
    mine.add_result("MyNet", {"PESQ": 2.9}, run="r/best")
    rows = mine.dump("d.jsonl")
    assert Path("d.jsonl").read_text(encoding="utf-8") == text_of(mine)
    assert litdb.Catalogue.load("d.jsonl", "copy.db") == rows
    assert mine.diff("copy.db") == []
    with litdb.open("copy.db") as copy:
        assert text_of(copy) == text_of(mine)
        copy.reject(copy.results("MyNet")[0].key, "for the test")
        assert {difference.table for difference in mine.diff(copy)} == {"decision", "result"}


@pytest.mark.parametrize(
    ("source", "target", "error"),
    [
        ("missing.jsonl", "new.db", InputError),
        ("notes.txt", "new.db", InputError),
        ("notes.txt", "mine.db", UsageError),
    ],
)
def test_what_cannot_be_loaded_leaves_nothing(
    mine: litdb.Catalogue, source: str, target: str, error: type[Exception]
) -> None:
    Path("notes.txt").write_text("just text\n", encoding="utf-8")
    with pytest.raises(error):
        litdb.Catalogue.load(source, target)
    assert not Path("new.db").exists()
    assert mine.check() == []


def test_a_dump_that_cannot_be_written_keeps_what_was_there(mine: litdb.Catalogue) -> None:
    with pytest.raises(InputError, match="not a folder"):
        mine.dump("nowhere/d.jsonl")
    with pytest.raises(InputError, match="is a folder"):
        mine.dump(".")
    assert not list(Path().glob("*.partial"))


def test_another_catalogue_is_merged_once(mine: litdb.Catalogue) -> None:
    with litdb.Catalogue.init("colleague.db") as colleague:
        colleague.add_result("TheirNet", {"PESQ": 3.1}, run="r/best")
        assert mine.merge(colleague).added["reading"] == 1
    assert not any(mine.merge("colleague.db").added.values())
    assert [value.printed for value in mine.results("TheirNet")] == ["3.1"]
    with pytest.raises(UsageError, match="given twice"):
        mine.merge("mine.db")


def test_an_update_brings_what_the_shipped_catalogue_has(mine: litdb.Catalogue) -> None:
    assert not any(mine.update().added.values())
    with litdb.Catalogue.init("empty.db", empty=True) as empty:
        assert empty.update().added["reading"] > 500
        assert empty.check() == []


def test_a_backup_is_a_whole_catalogue(mine: litdb.Catalogue) -> None:
    beside = mine.backup()
    assert beside.name.startswith("mine.backup-")
    assert mine.diff(beside) == []
    assert mine.backup("b.db") == Path("b.db")
    with pytest.raises(CatalogueError, match="give another name"):
        mine.backup("b.db")


def test_a_catalogue_of_another_schema_is_opened_to_be_looked_after(mine: litdb.Catalogue) -> None:
    assert not mine.upgrade().changed
    mine.close()
    other_schema("mine.db")
    with pytest.raises(SchemaMismatch, match="schema 9999"):
        litdb.open("mine.db")
    with litdb.open("mine.db", any_schema=True) as other:
        assert [problem.code for problem in other.check()] == ["schema"]
        assert other.backup("b.db").exists()
        with pytest.raises(SchemaMismatch):
            other.dump(io.StringIO())


def test_an_old_catalogue_is_upgraded_with_a_backup(home: Path) -> None:
    from litdb.catalogue.database.migrate import downgrade, newest_revision
    from litdb.catalogue.database.session import Store

    litdb.Catalogue.init("mine.db").close()
    store = Store("mine.db")
    downgrade(store, "0002")
    store.close()
    with litdb.open("mine.db", any_schema=True) as old:
        done = old.upgrade()
        assert (done.changed, done.schema) == (True, newest_revision())
        assert done.backup is not None
        assert done.backup.exists()
        assert old.check() == []


def test_the_shipped_catalogue_is_built_again_but_nothing_else_is_replaced(
    mine: litdb.Catalogue, shipped_file: Path, first_part_builds: None
) -> None:
    assert litdb.Catalogue.build("seed.db") == Path("seed.db")
    with litdb.open("seed.db") as seed, litdb.open(str(shipped_file)) as shipped:
        assert text_of(seed) == text_of(shipped)
        for write in (seed.update, seed.upgrade, lambda: seed.merge("mine.db")):
            with pytest.raises(ReadOnlyCatalogue, match="litdb init"):
                write()
    with pytest.raises(CatalogueError, match="exists"):
        litdb.Catalogue.build("seed.db")
    assert litdb.Catalogue.build("seed.db", force=True) == Path("seed.db")
    with pytest.raises(UsageError, match="not a shipped catalogue"):
        litdb.Catalogue.build("mine.db", force=True)


def test_on_the_shipped_catalogue_the_first_merge_makes_the_users_copy(home: Path) -> None:
    with litdb.Catalogue.init("colleague.db") as colleague:
        colleague.add_result("TheirNet", {"PESQ": 3.1}, run="r/best")
    with litdb.open() as opened:
        assert opened.store.read_only
        opened.merge("colleague.db")
        assert opened.place == str(home / "home" / "catalogue.db")
        assert opened.results("TheirNet")
