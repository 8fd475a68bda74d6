"""Which catalogue to open: the shipped one is only read, a working copy is written."""

from __future__ import annotations

import contextlib
import glob
import os
import sqlite3
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litdb._places import data_dir, packaged
from litdb._written import check_target
from litdb.catalogue.database.session import Store, is_url, may_write, read_only_uri, revision_of
from litdb.errors import CatalogueError, InputError, UsageError

#: The folder that `litdb init --example` makes unless another is named.
EXAMPLE = "litdb-example"
#: Seconds after which a catalogue that is being made, and that nobody writes to, is left behind by a killed process.
_ABANDONED = 3600

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Place:
    """A catalogue to open. `copy_to` is where the first write makes the user's own copy; None: nowhere."""

    name: str
    read_only: bool
    copy_to: Path | None = None


def kind_of(path: Path) -> str:
    """`shipped` or `working` as the file says of itself; '' when it is no catalogue. The file is not touched."""
    if not path.is_file():
        return ""  # nor is a pipe waited for
    try:
        return _said_kind(path) or ""
    except sqlite3.DatabaseError:
        return ""


def _said_kind(path: Path) -> str | None:
    """What the file says it is; None where it has no place for such words. Raises sqlite3.DatabaseError."""
    connection = sqlite3.connect(read_only_uri(path), uri=True)
    try:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone() is None:
            return None
        row = connection.execute("SELECT value FROM meta WHERE name = 'kind'").fetchone()
        return str(row[0]) if row else ""
    finally:
        connection.close()


def _there(path: Path) -> bool:
    """Whether something is at that path, a link to nothing included."""
    return os.path.lexists(path)


def _opened(path: Path) -> Place:
    """The catalogue in a file that is there.

    Raises CatalogueError with what the file is instead: a damaged catalogue is never taken for none, or another one
    would be read and written in its stead.
    """
    kind: str | None = None
    problem = ""
    if path.is_symlink() and not path.exists():
        problem = f"is a link to {os.readlink(path)}, which is not there"
    elif path.is_dir():
        problem = "is a folder"
    elif not path.is_file():
        problem = "is not a file"
    elif not os.access(path, os.R_OK):
        problem = "may not be read"
    elif path.stat().st_size == 0:
        problem = "is empty"
    else:
        try:
            kind = _said_kind(path)
            problem = "is a database of something else" if kind is None else ""
        except sqlite3.DatabaseError as error:
            problem = _trouble(path, str(error))
    if problem:
        raise CatalogueError(
            f"{path} {problem}, so that it is no catalogue to work with; nothing was read or written: restore or move "
            "it, or name another with --db"
        )
    if kind != "shipped" and not may_write(path):
        return Place(str(path), read_only=True)
    return Place(str(path), read_only=kind == "shipped")


def _trouble(path: Path, said: str) -> str:
    if "not a database" in said:
        return "is text or of another format"
    if "unable to open" in said and not may_write(path):
        return f"has changes in {path.name}-wal that can be read only where files can be written (copy both there)"
    return f"is damaged ({said})"


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
    """The catalogue to open: `db`, LITDB_DB, a working ./sota.db, the user's copy, else the shipped one.

    A shipped ./sota.db is passed over. Raises CatalogueError for a file that is there and is no catalogue.
    """
    asked = os.fspath(db) if db is not None else os.environ.get("LITDB_DB") or ""
    if asked:
        if is_url(asked):
            return Place(asked, read_only=False)
        if not _there(Path(asked)):
            raise InputError(f"there is no catalogue {asked}: `litdb init {asked}` makes one")
        return _opened(Path(asked))
    local = Path("sota.db")
    if _there(local) and kind_of(local) != "shipped":
        return _opened(local)
    own = user_path()
    if _there(own):
        return _opened(own)
    return Place(str(shipped_path()), read_only=True, copy_to=own)


def make_working(target: str | os.PathLike[str], *, empty: bool = False, first_come: bool = False) -> Store:
    """A new working catalogue: a copy of the shipped one (or an empty one), in a file or a PostgreSQL database.

    It is there whole or not at all, and of several made at once the first stands. Raises CatalogueError when something
    is there already; with `first_come` that is opened instead.
    """
    name = os.fspath(target)
    if is_url(name):
        return _server_copy(name, empty)
    path = Path(name)
    if not _there(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CatalogueError(
                f"the folder {path.parent} cannot be made ({error.strerror}): name a file elsewhere"
            ) from error
        check_target(path)
    try:
        with new_file(path) as partial:
            _fill_copy(partial, empty)
    except FileExistsError as error:
        if not first_come:
            raise CatalogueError(f"{path} exists: open it with --db {path}, or give another name") from error
    return Store(path)


def make_example(name: str) -> Path:
    """A new folder with the sample files of litdb; returns where its catalogue is to be. Raises CatalogueError."""
    import shutil

    if is_url(name):
        raise UsageError("an example is a folder: name one, or leave the name out")
    folder = Path(name)
    try:
        shutil.copytree(packaged("examples"), folder)
    except FileExistsError as error:
        raise CatalogueError(f"{folder} exists: give another name, or `cd {folder}`") from error
    except OSError as error:
        raise CatalogueError(
            f"the folder {folder} cannot be made ({error.strerror}): name one elsewhere"
        ) from error
    return folder / "sota.db"


def _fill_copy(path: Path, empty: bool) -> None:
    from litdb.catalogue.database.migrate import backup, upgrade

    if not empty:
        shipped = Store(shipped_path(), read_only=True)
        backup(shipped, path)
        shipped.close()
    store = Store(path)
    try:
        if empty:
            upgrade(store)
        with store.write() as session:
            _say_working(session)
    finally:
        store.close()


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A name for a catalogue that is being made; what is made under it becomes `path` when all of it is there.

    Raises FileExistsError when `path` is there, at the beginning or at the end: another process was first.
    """
    if _there(path):
        raise FileExistsError(path)
    _forget_killed(path)
    partial = path.with_name(f"{path.name}.{uuid.uuid4().hex[:12]}.partial")
    try:
        yield partial
        _move(partial, path)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{partial}{suffix}").unlink(missing_ok=True)


def _forget_killed(path: Path) -> None:
    """Take away what was left of a catalogue by processes that were killed: nothing has been written to it for an hour."""
    for left in path.parent.glob(f"{glob.escape(path.name)}.*.partial*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED:
                left.unlink()


def _move(partial: Path, path: Path) -> None:
    """Give a catalogue its name; one file, with no log beside it. Raises FileExistsError."""
    connection = sqlite3.connect(partial)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    try:
        os.link(partial, path)  # unlike a rename, this fails when another process was first
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        partial.rename(path)


def _server_copy(url: str, empty: bool) -> Store:
    import io

    from litdb.catalogue.database.migrate import migrate
    from litdb.catalogue.exchange.dump import dump, load_into

    store = Store(url)
    text = io.StringIO()
    if not empty:
        shipped = Store(shipped_path(), read_only=True)
        dump(shipped, text)
        shipped.close()
        text.seek(0)
    with store.write() as session:  # one transaction: another process waits, and then finds a catalogue
        if revision_of(session) is not None:
            raise CatalogueError("that database holds a catalogue already: open it with --db")
        migrate(session)
        if not empty:
            load_into(session, store.shown, text)
        _say_working(session)
    return store


def _say_working(session: Session) -> None:
    from litdb.catalogue.database.schema import MetaRow

    session.merge(MetaRow(name="kind", value="working"))
