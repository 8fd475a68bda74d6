"""Schema migrations with Alembic, which is imported only here and only when one is run."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from litdb._places import packaged
from litdb.catalogue.database.seal import seal
from litdb.catalogue.database.session import Store, read_only_uri, revision_of
from litdb.errors import CatalogueError, SchemaMismatch

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.orm import Session


def upgrade(store: Store, revision: str = "head") -> Path | None:
    """Bring a database to a revision (the newest). Returns the backup made beside a file database, if any.

    The migration is one transaction: a failure leaves the database as it was. A database that is there already is
    left alone. Raises ReadOnlyCatalogue for the shipped one.
    """
    found = store.revision()
    if found is not None and found not in revisions():
        raise SchemaMismatch(
            f"{store.shown} has schema {found!s:.20}, which this litdb does not know: install the newer litdb that made it"
        )
    if revision == "head" and found == newest_revision():
        store.refuse_read_only()
        return None
    return _migrate(store, revision, down=False)


def downgrade(store: Store, revision: str) -> Path | None:
    """Take a database back to an older revision ('base' for an empty one)."""
    return _migrate(store, revision, down=True)


def _migrate(store: Store, revision: str, *, down: bool) -> Path | None:
    store.refuse_read_only()  # before a backup is made beside it
    saved = None
    with store.write() as session:  # of two at once the second waits, and may find it done
        found = revision_of(session)
        if not down and found == (newest_revision() if revision == "head" else revision):
            return None
        if store.path is not None and found is not None:
            saved = backup(store, backup_name(store.path))
        migrate(session, revision, down=down)
    return saved


def migrate(session: Session, revision: str = "head", *, down: bool = False) -> None:
    """Bring a database to a revision within a transaction."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = session.connection()
    if down:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)
    if session.get_bind().dialect.name == "sqlite":
        seal(session, schema=True)


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(packaged("migrations")))
    return config


def newest_revision() -> str:
    """The newest revision in the migrations folder."""
    from alembic.script import ScriptDirectory

    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise CatalogueError("the migrations folder is empty: install litdb again")
    return head


def revisions() -> frozenset[str]:
    """Every revision in the migrations folder."""
    from alembic.script import ScriptDirectory

    return frozenset(
        str(script.revision) for script in ScriptDirectory.from_config(_config()).walk_revisions()
    )


def backup_name(path: Path) -> Path:
    """A free name beside the database, with the time in it."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    name = path.with_name(f"{path.stem}.backup-{stamp}{path.suffix}")
    number = 2
    while name.exists():
        name = path.with_name(f"{path.stem}.backup-{stamp}-{number}{path.suffix}")
        number += 1
    return name


def backup(store: Store, target: Path) -> Path:
    """Copy a file database to `target` with SQLite's backup, which is safe while others write.

    Raises CatalogueError when the target exists or the database is on a server.
    """
    if store.path is None:
        raise CatalogueError("a PostgreSQL catalogue is backed up with pg_dump, or with `litdb db dump`")
    if target.exists():
        raise CatalogueError(f"{target} exists: give another name for the backup")
    if not target.parent.is_dir():
        raise CatalogueError(f"the folder {target.parent} does not exist: make it first")
    partial = target.with_name(target.name + ".partial")
    source = sqlite3.connect(read_only_uri(store.path), uri=True)
    try:
        copy = sqlite3.connect(partial)
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()
        partial.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise CatalogueError(f"{target} could not be written, nothing was changed: {error}") from error
    finally:
        source.close()
        partial.unlink(missing_ok=True)
    return target
