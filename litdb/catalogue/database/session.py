"""Engines and transactions: the same for a SQLite file and for PostgreSQL.

A reader sees one consistent state. A writer takes the only write lock at its start (BEGIN IMMEDIATE on SQLite,
an advisory lock on PostgreSQL), so that two processes wait for one another instead of failing half-way.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.orm import Session

from litdb.catalogue.database.locks import refuse_without_locks
from litdb.catalogue.database.schema import REVISION
from litdb.catalogue.database.seal import seal
from litdb.errors import (
    CatalogueBusy,
    CatalogueError,
    InputError,
    ReadOnlyCatalogue,
    SchemaMismatch,
    UsageError,
)

#: How long a writer waits for another one, in seconds, unless LITDB_BUSY_SECONDS says otherwise.
BUSY_SECONDS = 30.0
#: The longest wait that can be asked for: SQLite counts it in milliseconds of 32 bits.
_LONGEST_WAIT = 86_400.0
_WRITER_LOCK = 0x11_7D_B0


def _busy_seconds() -> float:
    """How long a writer waits for another one. Raises UsageError where LITDB_BUSY_SECONDS is no such time."""
    text_ = os.environ.get("LITDB_BUSY_SECONDS", "").strip()
    try:
        seconds = float(text_) if text_ else BUSY_SECONDS
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= _LONGEST_WAIT:
        raise UsageError(
            f"LITDB_BUSY_SECONDS is {text_!r}: write the seconds that a writer waits, from 0 to {_LONGEST_WAIT:.0f}"
        )
    return seconds


def is_url(place: str) -> bool:
    """Whether a database is named by URL rather than by file."""
    return "://" in place


def may_write(path: Path) -> bool:
    """Whether a database file, and beside it its log, can be written: not on a read-only file system."""
    return os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK)


def read_only_uri(path: Path) -> str:
    """How SQLite is asked to open a file that it must not change.

    A file that was written before wants a log and shared memory beside it, even to be read. Where none can be made, and
    nobody who may write has it open (then there is a log), it is opened as one that does not change. Elsewhere a
    connection that may write takes both away again when it closes, where one that may not leaves them behind.
    """
    place = path.resolve()
    if may_write(place):
        return place.as_uri() + ("?mode=rw" if _log_at_rest(place) else "?mode=ro")
    fixed = not os.access(place.parent, os.W_OK) and not place.with_name(place.name + "-wal").exists()
    return place.as_uri() + ("?mode=ro&immutable=1" if fixed else "?mode=ro")


class Store:
    """A catalogue's database: opens transactions, and says what is wrong in one sentence."""

    def __init__(
        self, place: str | Path, *, read_only: bool = False, busy_seconds: float | None = None
    ) -> None:
        self.place = str(place)
        self.read_only = read_only
        self.busy_seconds = _busy_seconds() if busy_seconds is None else busy_seconds
        self.path = None if is_url(self.place) else Path(self.place)
        if self.path is None:
            self.engine = _server_engine(self.place)
        else:
            if not read_only:
                refuse_without_locks(self.path)
            self.engine = _file_engine(self.path, read_only, self.busy_seconds)

    @property
    def shown(self) -> str:
        """The place as a message may show it: without the user and password of a URL."""
        return self.place if self.path is not None else self.place.rpartition("@")[2]

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state and writes nothing."""
        engine = self.engine
        if self.dialect == "postgresql":  # its default shows every statement what was committed meanwhile
            engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with _plain_errors(self.shown), Session(engine, autoflush=False) as session:
            yield session

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """One write transaction: all of it or nothing. Raises ReadOnlyCatalogue, CatalogueBusy."""
        self.refuse_read_only()
        engine = self.engine.execution_options(litdb_write=True)
        with _plain_errors(self.shown), Session(engine) as session, session.begin():
            if self.dialect == "postgresql":
                waits = f"{round(self.busy_seconds * 1000)}ms"
                session.execute(text("SELECT set_config('lock_timeout', :waits, true)"), {"waits": waits})
                session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
            else:
                session.connection()  # begins now: a session alone would wait for its first statement
            yield session
            if self.dialect == "sqlite":
                session.flush()
                seal(session)

    def refuse_read_only(self) -> None:
        """Raise ReadOnlyCatalogue for the shipped catalogue, and for one where nothing can be written."""
        if not self.read_only:
            return
        kind = "shipped"
        with contextlib.suppress(CatalogueError), self.read() as session:
            kind = session.scalar(text("SELECT value FROM meta WHERE name = 'kind'"))
        if kind == "shipped":
            raise ReadOnlyCatalogue(
                f"{self.shown} is the shipped catalogue and is never written: run `litdb init PATH` and work on the "
                "copy with --db PATH"
            )
        raise ReadOnlyCatalogue(
            f"{self.shown} can be read, but not written there: copy it to where you may write, and name the copy with --db"
        )

    def revision(self) -> str | None:
        """The schema revision of the database, or None for one that litdb did not make. A plain SELECT."""
        with self.read() as session:
            return revision_of(session)

    def check_schema(self) -> None:
        """Raise SchemaMismatch unless the database has the schema of this version of litdb."""
        found = self.revision()
        if found is None:
            raise SchemaMismatch(f"{self.shown} is not a litdb catalogue: `litdb init` makes one")
        if found != REVISION:
            raise SchemaMismatch(
                f"{self.shown} has schema {found}, this litdb needs {REVISION}: run `litdb db upgrade` "
                "(or install the newer litdb that made it)"
            )

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def revision_of(session: Session) -> str | None:
    """The schema revision that a session sees, or None where there is no catalogue. It stays usable in a transaction."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    return session.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _file_engine(path: Path, read_only: bool, busy_seconds: float) -> Engine:
    uri = read_only_uri(path) if read_only else f"{path.resolve().as_uri()}?mode=rwc"

    def connect() -> Any:
        import sqlite3

        connection = sqlite3.connect(
            uri, uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False
        )
        if not read_only:
            mode_now = _write_ahead(connection, busy_seconds)
            if mode_now != "wal":
                connection.close()
                raise CatalogueError(
                    f"{path} lies on a file system without the shared memory SQLite needs: put it on a local disk"
                )
            connection.execute("PRAGMA synchronous=NORMAL")
        else:
            connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=_file_pool())

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("litdb_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _log_at_rest(path: Path) -> bool:
    """Whether a file keeps a log of writes, and nothing is in it."""
    try:
        with path.open("rb") as file:
            logged = file.read(20)[18:20] == b"\x02\x02"
        log = Path(f"{path}-wal")
        return logged and not (log.exists() and log.stat().st_size)
    except OSError:
        return False


def _write_ahead(connection: Any, busy_seconds: float) -> str:
    """Switch a file to its log; a new one may be switched by two processes at once, and SQLite waits for neither."""
    import sqlite3
    import time

    until = time.monotonic() + busy_seconds
    while True:
        try:
            return str(connection.execute("PRAGMA journal_mode=WAL").fetchone()[0])
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                connection.close()
                raise
            time.sleep(0.02)


def _file_pool() -> type[Any]:
    from sqlalchemy.pool import QueuePool

    return QueuePool


def _server_engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() != "postgresql":
            raise UsageError(
                f"{parsed.drivername} is not supported: give a SQLite file or a postgresql:// URL"
            )
        return create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:  # ValueError: a port that is no number
        raise UsageError(
            f"{url.split('@')[-1]} is not a database URL: write postgresql://user@host/name"
        ) from error
    except ModuleNotFoundError as error:
        raise UsageError("PostgreSQL needs its driver: pip install 'litdb-sota[postgres]'") from error


@contextlib.contextmanager
def _plain_errors(shown: str) -> Iterator[None]:
    try:
        yield
    except UnicodeError as error:  # half a character, which no database stores
        raise InputError(
            f"a text holds a character that cannot be stored ({type(error).__name__}: {error.args[-1]}): write it in UTF-8"
        ) from error
    except OverflowError as error:
        raise InputError("a number is larger than any count that is stored: correct it") from error
    except DataError as error:
        raise InputError(f"{shown} cannot store a value: {str(error.orig).splitlines()[0]}") from error
    except OperationalError as error:
        reason = str(error.orig)
        if "locked" in reason or "busy" in reason or "lock timeout" in reason:
            raise CatalogueBusy(
                f"{shown} is in use by another process: try again when it has finished"
            ) from error
        if "pattern too complex" in reason:
            raise UsageError("what is looked for is too long to be a name: give a shorter one") from error
        if "unable to open" in reason:
            raise CatalogueError(
                f"{shown} cannot be opened: check that the folder exists and may be written"
            ) from error
        if "readonly" in reason:
            raise CatalogueError(f"{shown} may not be written: check its permissions") from error
        if "disk" in reason or "full" in reason:
            raise CatalogueError(f"{shown} could not be written, nothing was changed: {reason}") from error
        raise CatalogueError(f"{shown}: {reason.splitlines()[0]}") from error
    except ProgrammingError as error:
        if "connect" not in str(error.orig):
            raise
        raise UsageError(f"{shown} is not a database URL: {str(error.orig).splitlines()[0]}") from error
    except DatabaseError as error:
        if "not a database" in str(error.orig) or "malformed" in str(error.orig):
            raise CatalogueError(
                f"{shown} is not a SQLite database, or is damaged: restore a backup"
            ) from error
        raise
