"""Which catalogue to open: the shipped one is only read, a working copy is written."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from litdb._places import check_target, data_dir, packaged
from litdb.catalogue.database.session import Store, is_url
from litdb.errors import CatalogueError, InputError


@dataclass(frozen=True, slots=True)
class Place:
    """A catalogue to open. `copy_to` is where the first write makes the user's own copy; None: nowhere."""

    name: str
    read_only: bool
    copy_to: Path | None = None


def kind_of(path: Path) -> str:
    """`shipped` or `working` as the file says of itself; '' when it is no catalogue. The file is not touched."""
    try:
        connection = sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return ""
    try:
        row = connection.execute("SELECT value FROM meta WHERE name = 'kind'").fetchone()
        return str(row[0]) if row else ""
    except sqlite3.DatabaseError:
        return ""
    finally:
        connection.close()


def shipped_path() -> Path:
    """The catalogue that came with litdb."""
    try:
        return packaged("sota.db")
    except FileNotFoundError as error:
        raise CatalogueError(
            "the shipped catalogue is missing: install litdb again, or run `litdb db build`"
        ) from error


def user_path() -> Path:
    """The user's own catalogue in the data directory."""
    return data_dir() / "catalogue.db"


def locate(db: str | os.PathLike[str] | None = None) -> Place:
    """The catalogue to open: `db`, LITDB_DB, a working ./sota.db, the user's copy, else the shipped one."""
    asked = os.fspath(db) if db is not None else os.environ.get("LITDB_DB") or ""
    if asked:
        if is_url(asked):
            return Place(asked, read_only=False)
        path = Path(asked)
        if not path.exists():
            raise InputError(f"there is no catalogue {path}: `litdb init {path}` makes one")
        return Place(asked, read_only=kind_of(path) == "shipped")
    local = Path("sota.db")
    if local.exists() and kind_of(local) == "working":
        return Place(str(local), read_only=False)
    own = user_path()
    if own.exists():
        return Place(str(own), read_only=False)
    return Place(str(shipped_path()), read_only=True, copy_to=own)


def make_working(target: str | os.PathLike[str], *, empty: bool = False) -> Store:
    """A new working catalogue: a copy of the shipped one (or an empty one), in a file or a PostgreSQL database.

    Raises CatalogueError when something is there already.
    """
    name = os.fspath(target)
    return _server_copy(name, empty) if is_url(name) else _file_copy(Path(name), empty)


def _file_copy(path: Path, empty: bool) -> Store:
    from litdb.catalogue.database.migrate import backup, upgrade

    if path.exists():
        raise CatalogueError(f"{path} exists: open it with --db {path}, or give another name")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogueError(
            f"the folder {path.parent} cannot be made ({error.strerror}): name a file elsewhere"
        ) from error
    check_target(path)
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    if not empty:
        shipped = Store(shipped_path(), read_only=True)
        backup(shipped, partial)
        shipped.close()
    store = Store(partial)
    if empty:
        upgrade(store)
    _say_working(store)
    store.close()
    _move(partial, path)
    return Store(path)


def _move(partial: Path, path: Path) -> None:
    connection = sqlite3.connect(partial)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    try:
        os.link(partial, path)  # unlike a rename, this fails when another process was first
    except FileExistsError:
        pass
    except OSError:
        partial.replace(path)
        return
    partial.unlink()


def _server_copy(url: str, empty: bool) -> Store:
    import io

    from litdb.catalogue.database.migrate import upgrade
    from litdb.catalogue.exchange.dump import dump, load

    store = Store(url)
    if store.revision() is not None:
        raise CatalogueError("that database holds a catalogue already: open it with --db")
    upgrade(store)
    if not empty:
        shipped = Store(shipped_path(), read_only=True)
        text = io.StringIO()
        dump(shipped, text)
        shipped.close()
        text.seek(0)
        load(store, text)
    _say_working(store)
    return store


def _say_working(store: Store) -> None:
    from litdb.catalogue.database.schema import MetaRow

    with store.write() as session:
        session.merge(MetaRow(name="kind", value="working"))
