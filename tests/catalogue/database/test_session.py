"""Opening, reading and writing a catalogue, and what is said when that does not work."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text

from litdb.catalogue.database import locks
from litdb.catalogue.database.migrate import upgrade
from litdb.catalogue.database.schema import REVISION, PaperRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange.check import check
from litdb.errors import CatalogueBusy, CatalogueError, ReadOnlyCatalogue, SchemaMismatch, UsageError

NewStore = Callable[[], Store]


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def fail() -> None:
        with store.write() as writing:
            writing.add(PaperRow(key="a"))
            writing.flush()
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail()
    with store.read() as reading:
        assert reading.scalars(select(PaperRow)).all() == []


def test_a_reader_sees_one_state(store: Store) -> None:
    other = Store(store.place)
    with store.read() as reading:
        assert reading.scalars(select(PaperRow)).all() == []
        with other.write() as writing:
            writing.add(PaperRow(key="a"))
        assert reading.scalars(select(PaperRow.key)).all() == []
    with store.read() as reading:
        assert reading.scalars(select(PaperRow.key)).all() == ["a"]
    other.close()


def test_a_busy_catalogue_is_said_to_be_busy(store: Store) -> None:
    other = Store(store.place, busy_seconds=0.2)
    with store.write() as writing:
        writing.add(PaperRow(key="a"))
        started = time.monotonic()
        with pytest.raises(CatalogueBusy, match="in use by another process"), other.write():
            pass
        assert 0.15 < time.monotonic() - started < 5
        with other.read() as reading:  # a reader does not wait
            assert reading.scalars(select(PaperRow)).all() == []
    with other.write() as writing:
        writing.add(PaperRow(key="b"))
    with store.read() as reading:
        assert set(reading.scalars(select(PaperRow.key))) == {"a", "b"}
    other.close()


def test_the_settings_of_a_file(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    with store.read() as reading:
        assert reading.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert reading.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert reading.execute(text("PRAGMA busy_timeout")).scalar() == 30_000
    store.close()


def test_the_shipped_catalogue_is_not_written(shipped: Store) -> None:
    with pytest.raises(ReadOnlyCatalogue, match="litdb init"), shipped.write():
        pass


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_read_only_file_in_a_read_only_folder_can_be_read(shipped_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "installed"
    folder.mkdir()
    path = folder / "sota.db"
    path.write_bytes(shipped_file.read_bytes())
    path.chmod(0o444)
    folder.chmod(0o555)
    store = Store(path, read_only=True)
    assert store.revision() == REVISION
    assert check(store) == []
    store.close()
    assert [p.name for p in folder.iterdir()] == ["sota.db"]
    folder.chmod(0o755)


def test_a_database_of_somebody_else_is_not_taken_for_ours(new_place: Callable[[], str]) -> None:
    store = Store(new_place())
    assert store.revision() is None
    with pytest.raises(SchemaMismatch, match="not a litdb catalogue"):
        store.check_schema()
    upgrade(store)
    store.check_schema()
    with store.write() as writing:
        writing.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match=r"schema 9999.*litdb db upgrade"):
        store.check_schema()
    store.close()


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_text("these are no pages of a database " * 100, encoding="utf-8")
    store = Store(path)
    with pytest.raises(CatalogueError, match="not a SQLite database"), store.read() as reading:
        reading.execute(text("SELECT 1"))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="does not exist"):
        Store(tmp_path / "nowhere" / "a.db")


def test_a_missing_file_is_not_made_by_reading(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db", read_only=True)
    with pytest.raises(CatalogueError, match="cannot be opened"), store.read() as reading:
        reading.execute(text("SELECT 1"))
    assert not (tmp_path / "a.db").exists()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://localhost/x", "mysql is not supported"),
        ("nonsense://x", "nonsense is not supported"),
        ("://", "not a database URL"),
    ],
)
def test_other_urls_are_refused(url: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        Store(url)


def test_a_password_is_in_no_message() -> None:
    store = Store("postgresql://me:s3cret@127.0.0.1:1/none")
    with pytest.raises(CatalogueError) as caught, store.write():
        pass
    assert "s3cret" not in str(caught.value)
    assert "127.0.0.1:1/none" in str(caught.value)
    with pytest.raises(CatalogueError) as caught:
        store.check_schema()
    assert "s3cret" not in str(caught.value)
    locked = Store("postgresql://me:s3cret@127.0.0.1:1/none", read_only=True)
    with pytest.raises(ReadOnlyCatalogue) as refused, locked.write():
        pass
    assert "s3cret" not in str(refused.value)


def test_an_at_sign_in_a_file_name_stays_in_the_message(tmp_path: Path) -> None:
    store = Store(tmp_path / "me@work.db")
    with pytest.raises(SchemaMismatch, match=r"me@work\.db is not"):
        store.check_schema()
    store.close()


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "mount_kind", lambda folder: "nfs4")
    with pytest.raises(CatalogueError, match="network file system \\(nfs4\\)"):
        Store(tmp_path / "a.db")


def test_a_file_system_whose_locks_pretend_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    monkeypatch.setattr(fcntl, "fcntl", lambda *arguments: 0)  # every lock is granted, to everybody
    with pytest.raises(CatalogueError, match="without working locks"):
        Store(tmp_path / "a.db")
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_locks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def no_locks(*arguments: object) -> int:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "fcntl", no_locks)
    with pytest.raises(CatalogueError, match="without working locks"):
        Store(tmp_path / "a.db")


@pytest.mark.parametrize(
    ("mounts", "kind"),
    [
        ("/dev/sda / ext4 rw 0 0\nserver:/x /home nfs4 rw 0 0\n", "nfs4"),
        ("/dev/sda / ext4 rw 0 0\nserver:/x /home/other cifs rw 0 0\n", "ext4"),
        (
            "/dev/sda / ext4 rw 0 0\n/dev/sdb /home/me ext4 rw 0 0\n//s/x /home/me/a\\040b cifs rw 0 0\n",
            "cifs",
        ),
        ("", ""),
    ],
)
def test_the_file_system_of_a_folder(mounts: str, kind: str) -> None:
    folder = Path("/home/me/a b" if "a\\040b" in mounts else "/home/me")
    assert locks.mount_kind(folder, mounts) == kind


def test_locks_work_here_and_leave_nothing_behind(tmp_path: Path) -> None:
    assert locks.locks_work(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_shared_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where WAL cannot be had SQLite stays in another mode without an error; litdb does not."""
    path = tmp_path / "a.db"
    holding = sqlite3.connect(path, isolation_level=None)
    holding.execute("CREATE TABLE t (x)")
    holding.execute("BEGIN EXCLUSIVE")  # nobody can change the journal mode now
    store = Store(path, busy_seconds=0.1)
    with pytest.raises(CatalogueError), store.read() as reading:
        reading.execute(text("SELECT 1"))
    holding.close()
    store.close()


def test_the_schema_check_imports_no_migration_tool(shipped_file: Path) -> None:
    program = (
        "import sys\n"
        "from litdb.catalogue.database.session import Store\n"
        "store = Store(sys.argv[1], read_only=True)\n"
        "store.check_schema()\n"
        "print(store.revision(), sorted(m for m in sys.modules if m.split('.')[0] in ('alembic', 'mako')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(shipped_file)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"{REVISION} []"


def test_the_waiting_time_is_a_setting_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LITDB_BUSY_SECONDS", raising=False)
    assert Store(tmp_path / "a.db").busy_seconds == 30.0
    monkeypatch.setenv("LITDB_BUSY_SECONDS", "2.5")
    assert Store(tmp_path / "a.db").busy_seconds == 2.5


@pytest.mark.parametrize("text", ["abc", "-1", "nan", "inf", "1e30"])
def test_a_waiting_time_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("LITDB_BUSY_SECONDS", text)
    with pytest.raises(UsageError, match="LITDB_BUSY_SECONDS"):
        Store(tmp_path / "a.db")


@pytest.mark.parametrize(
    "url",
    ["postgresql://u@h:port/db", "postgresql://[::1/x", "postgresql://u@127.0.0.1:1/db?connect_timeout=abc"],
)
def test_a_malformed_database_url_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="not a database URL"), Store(url).read() as found:
        found.connection()
