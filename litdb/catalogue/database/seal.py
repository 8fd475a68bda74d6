"""A digest over all that a catalogue file holds, so that a flipped bit in it is noticed.

Rows are sealed by blocks: those of a table whose row numbers lie in one run of 256 (scores of files: those of one
checkpoint). Triggers note which blocks a transaction writes, and its end seals those anew, so the cost follows what was
written. A change that did not come through SQL, such as a flipped bit on the disk, leaves a seal that no longer fits.

SQLite only: on a server the files are the server's (`initdb --data-checksums`).
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator
from typing import Any

from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import NATURAL, ScoreRow, SealRow

_BLOCK = 256
_SEAL = SealRow.__tablename__
#: What stands for the text of the schema itself, which no trigger watches: only a migration seals it.
SCHEMA = "sqlite_master"


def _block(name: str, row: str = "") -> str:
    """In SQL: the block of a row. Row numbers of a table without its own may change, so it goes by checkpoint."""
    if name == ScoreRow.__tablename__:
        return f"{row}checkpoint_id"
    return f"{row}id / {_BLOCK}" if name in _NUMBERED else "0"


_NUMBERED = frozenset(model.__tablename__ for model in NATURAL if "id" in model.__table__.columns)
_SEALED = tuple(model.__tablename__ for model in NATURAL)


def _unseal(name: str, row: str) -> str:
    return (
        f"INSERT INTO {_SEAL} (table_name, block, digest) VALUES ('{name}', {_block(name, row)}, '') "
        "ON CONFLICT (table_name, block) DO UPDATE SET digest = '';"
    )


def triggers(*names: str) -> dict[str, str]:
    """The triggers of these tables by name, for the migration that makes them."""
    found = {}
    for name in names:
        for event, sides in (("insert", ("NEW.",)), ("update", ("OLD.", "NEW.")), ("delete", ("OLD.",))):
            body = " ".join(dict.fromkeys(_unseal(name, side) for side in sides))
            trigger = f"seal_{name}_{event}"
            found[trigger] = f"CREATE TRIGGER {trigger} AFTER {event.upper()} ON {name} BEGIN {body} END"
    return found


def unseal(name: str) -> str:
    """The statement that leaves every block of a table to be sealed at the end of the transaction."""
    return f"INSERT INTO {_SEAL} (table_name, block, digest) SELECT DISTINCT '{name}', {_block(name)}, '' FROM {name}"


def seal(session: Session, *, schema: bool = False) -> None:
    """Seal the blocks that this transaction wrote; with `schema`, the text of the schema too."""
    with _bytes(session) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_SEAL,)).fetchone():
            return  # a catalogue of before, which is about to be upgraded
        written = connection.execute(f"SELECT table_name, block FROM {_SEAL} WHERE digest = ''").fetchall()
        blocks = [(name.decode(), block) for name, block in written]
        for name, block in [*blocks, *([(SCHEMA, 0)] if schema else [])]:
            connection.execute(
                f"INSERT OR REPLACE INTO {_SEAL} (table_name, block, digest) VALUES (?, ?, ?)",
                (name, block, _digest(connection, name, block)),
            )


def broken(session: Session) -> Iterator[tuple[str, int]]:
    """Table and block of every seal that does not fit its rows, and of every block that lacks one."""
    with _bytes(session) as connection:
        sealed = {
            (name, block): digest
            for name, block, digest in connection.execute(f"SELECT table_name, block, digest FROM {_SEAL}")
        }
        for name in (*_SEALED, SCHEMA):
            query = f"SELECT DISTINCT {_block(name)} FROM {name}" if name != SCHEMA else "SELECT 0"
            there = {block for (block,) in connection.execute(query)}
            there |= {block for table, block in sealed if table == name.encode()}
            for block in sorted(there, key=str):
                kept = sealed.get((name.encode(), block))
                # An empty one: another program wrote there with SQL, which is no damage.
                if kept != b"" and kept != _digest(connection, name, block).encode():
                    yield name, block


def _digest(connection: sqlite3.Connection, name: str, block: Any) -> str:
    """The digest of the rows of a block; a fresh one for a block without rows is that of no row."""
    if name == SCHEMA:
        # What ANALYZE keeps helps the planner and says nothing: whoever runs it damages nothing.
        said = f"SELECT type, name, tbl_name, sql FROM {SCHEMA} WHERE name NOT LIKE 'sqlite_stat%'"
        query, of = f"{said} ORDER BY type, name", ()
    else:
        query = f"SELECT * FROM {name} WHERE {_where(name)} ORDER BY {_order(name)}"
        of = () if name not in _NUMBERED and name != ScoreRow.__tablename__ else _span(name, block)
    found = hashlib.blake2b(digest_size=16)
    for row in connection.execute(query, of):
        found.update(repr(row).encode())
    return found.hexdigest()


def _where(name: str) -> str:
    if name == ScoreRow.__tablename__:
        return "checkpoint_id = ?"
    return "id >= ? AND id < ?" if name in _NUMBERED else "1"


def _span(name: str, block: Any) -> tuple[Any, ...]:
    if name == ScoreRow.__tablename__:
        return (block,)
    return (block * _BLOCK, (block + 1) * _BLOCK)


def _order(name: str) -> str:
    if name == ScoreRow.__tablename__:
        return "checkpoint_id, dataset, utterance, metric"
    return "id" if name in _NUMBERED else "1"


@contextlib.contextmanager
def _bytes(session: Session) -> Iterator[sqlite3.Connection]:
    """The connection of the session, giving texts as the bytes that are stored: a flipped bit may break UTF-8."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    before = connection.text_factory
    connection.text_factory = bytes
    try:
        yield connection
    except sqlite3.OperationalError as error:  # below SQLAlchemy, whose errors the session puts into words
        raise OperationalError("seal", {}, error) from error
    except sqlite3.DatabaseError as error:
        raise DatabaseError("seal", {}, error) from error
    finally:
        connection.text_factory = before
