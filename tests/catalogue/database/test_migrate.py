"""Migrations: up, down with rows, the backup first."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Integer, inspect, select, text
from sqlalchemy.orm import Session

from litdb.catalogue.database import migrate
from litdb.catalogue.database.migrate import backup, backup_name, downgrade, newest_revision, upgrade
from litdb.catalogue.database.schema import NATURAL, REVISION, Base, PaperRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange.check import check
from litdb.errors import CatalogueError, ReadOnlyCatalogue, SchemaMismatch
from tests.catalogue.scenes import copy_into, text_of

NewStore = Callable[[], Store]


def _differences(session: Session) -> list[object]:
    context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
    found: list[object] = compare_metadata(context, Base.metadata)
    return found


def test_the_migrations_make_the_schema_of_the_code(store: Store) -> None:
    with store.read() as session:
        assert _differences(session) == []


def test_the_comparison_sees_a_difference(store: Store) -> None:
    """The test above can fail: a column more, an index less."""
    with store.write() as session:
        session.execute(text("ALTER TABLE paper ADD COLUMN more INTEGER"))
        session.execute(text("DROP INDEX ix_result_range"))
    with store.read() as session:
        kinds = {entry[0] for entry in _differences(session) if isinstance(entry, tuple)}
    assert kinds == {"remove_column", "add_index"}


def test_the_code_works_with_the_newest_revision(store: Store) -> None:
    assert newest_revision() == REVISION
    assert store.revision() == REVISION


def test_down_with_rows_and_up_again(new_store: NewStore, shipped: Store) -> None:
    store = copy_into(new_store(), shipped)
    before = text_of(store)
    downgrade(store, "base")
    with pytest.raises(SchemaMismatch):
        store.check_schema()
    with store.read() as session:
        assert set(inspect(session.connection()).get_table_names()) <= {"alembic_version"}
    upgrade(store)
    with store.read() as session:
        assert _differences(session) == []
        assert session.scalars(select(PaperRow)).all() == []
    fresh = copy_into(store, shipped)
    assert text_of(fresh) == before
    assert check(fresh) == []


def test_a_file_is_backed_up_beside_itself_first(tmp_path: Path, shipped_file: Path) -> None:
    path = tmp_path / "mine.db"
    path.write_bytes(shipped_file.read_bytes())
    store = Store(path)
    before = text_of(store)
    saved = downgrade(store, "base")
    store.close()
    assert saved is not None
    assert saved.parent == tmp_path
    assert saved.name.startswith("mine.backup-")
    assert saved.suffix == ".db"
    kept = Store(saved, read_only=True)
    assert text_of(kept) == before
    kept.close()
    assert {p.name for p in tmp_path.iterdir()} == {"mine.db", saved.name}


def test_a_new_file_has_nothing_to_back_up(tmp_path: Path) -> None:
    store = Store(tmp_path / "new.db")
    assert upgrade(store) is None
    store.close()
    assert [p.name for p in tmp_path.iterdir()] == ["new.db"]


def test_a_database_that_is_up_to_date_is_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "mine.db")
    upgrade(store)
    assert upgrade(store) is None
    store.close()
    assert [p.name for p in tmp_path.iterdir()] == ["mine.db"]


def test_a_backup_has_what_is_still_in_the_log(tmp_path: Path) -> None:
    """Rows committed to the write-ahead log, with the database open elsewhere, are in the copy."""
    store = Store(tmp_path / "a.db")
    upgrade(store)
    with store.write() as session:
        session.add(PaperRow(key="late"))
    backup(store, tmp_path / "copy.db")
    store.close()
    copy = sqlite3.connect(tmp_path / "copy.db")
    assert copy.execute("SELECT key FROM paper").fetchall() == [("late",)]
    assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    copy.close()


def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    upgrade(store)
    (tmp_path / "there.db").write_text("mine", encoding="utf-8")
    with pytest.raises(CatalogueError, match="exists"):
        backup(store, tmp_path / "there.db")
    with pytest.raises(CatalogueError, match="does not exist"):
        backup(store, tmp_path / "nowhere" / "b.db")
    assert (tmp_path / "there.db").read_text(encoding="utf-8") == "mine"
    store.close()


def test_two_backups_in_one_second_have_two_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Still(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Still:
            return cls(2026, 1, 2, 3, 4, 5, tzinfo=tz)

    monkeypatch.setattr(migrate.dt, "datetime", Still)
    names = []
    for _ in range(3):
        name = backup_name(tmp_path / "a.db")
        name.touch()
        names.append(name.name)
    stamp = "a.backup-20260102T030405Z"
    assert names == [f"{stamp}.db", f"{stamp}-2.db", f"{stamp}-3.db"]


def test_a_server_is_backed_up_with_its_own_tools(tmp_path: Path) -> None:
    store = Store("postgresql://postgres@127.0.0.1:1/none")
    with pytest.raises(CatalogueError, match="pg_dump"):
        backup(store, tmp_path / "a.db")


def test_the_shipped_catalogue_is_not_migrated(shipped: Store) -> None:
    folder = Path(shipped.place).parent
    before = sorted(folder.iterdir())
    with pytest.raises(ReadOnlyCatalogue):
        upgrade(shipped)
    with pytest.raises(ReadOnlyCatalogue):
        downgrade(shipped, "base")
    assert sorted(folder.iterdir()) == before


def test_a_migration_that_fails_changes_nothing(
    new_store: NewStore, shipped: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the tables are gone when it fails: all of them are back."""
    from alembic import op

    store = copy_into(new_store(), shipped)
    before, dropped = text_of(store), []
    real = op.drop_table

    def drop(name: str) -> None:
        if len(dropped) == 5:
            raise RuntimeError("the plug was pulled")
        dropped.append(name)
        real(name)

    monkeypatch.setattr(op, "drop_table", drop)
    with pytest.raises(RuntimeError, match="plug"):
        downgrade(store, "base")
    assert len(dropped) == 5
    assert text_of(store) == before
    assert check(store) == []


def test_row_numbers_count_on_by_themselves() -> None:
    """What a load relies on: every row number is one whole number named id."""
    for table in (model.__table__ for model in NATURAL):
        numbers = [c for c in table.primary_key.columns if isinstance(c.type, Integer) and not c.foreign_keys]
        assert all(c.name == "id" for c in numbers), table


def test_decisions_made_before_they_had_an_order_get_that_of_their_times(new_store: NewStore) -> None:
    store = new_store()
    downgrade(store, "0003")
    made = (
        ("a", "accept", "cell", "2026-03-01"), ("b", "reject", "cell", "2026-01-01"), ("c", "accept", "other", "2026-02-01"),
    )  # fmt: skip
    with store.write() as session:
        for uid, kind, target, day in made:
            insert = (
                "INSERT INTO decision (uid, kind, target, detail, printed, reason, who, made_at) "
                "VALUES (:uid, :kind, :target, '{}', '', 'why', 'ann', :day)"
            )
            session.execute(
                text(insert), {"uid": uid, "kind": kind, "target": target, "day": f"{day} 00:00:00"}
            )
    upgrade(store)
    with store.read() as session:
        rows = session.execute(text('SELECT uid, sequence, "after" FROM decision ORDER BY sequence')).all()
    assert [tuple(row) for row in rows] == [("b", 1, "[]"), ("c", 2, "[]"), ("a", 3, '["b"]')]
