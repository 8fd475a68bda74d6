"""Another catalogue as it is read: in the schema of this litdb, and without writing into it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from litdb.catalogue.database.migrate import backup, upgrade
from litdb.catalogue.database.schema import ADDED
from litdb.catalogue.database.session import Store


@contextlib.contextmanager
def current(other: Store) -> Iterator[Store]:
    """The catalogue itself, or, for a file with an older schema, an upgraded copy for the time being.

    Raises SchemaMismatch for one that cannot be read.
    """
    if other.path is None or other.revision() not in ADDED:
        other.check_schema()
        yield other
        return
    with tempfile.TemporaryDirectory(prefix="litdb-upgraded-") as folder:
        store = Store(backup(other, Path(folder) / "copy.db"))
        try:
            upgrade(store)
            yield store
        finally:
            store.close()
