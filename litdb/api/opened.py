"""An open catalogue, before any verb."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

from litdb.catalogue.database.places import Place, make_working
from litdb.catalogue.database.session import Store

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Opened:
    """The database behind a catalogue, its sessions, and the change to a working copy on the first write.

    With `any_schema` a catalogue of another version of litdb is opened too, for what can be done with one: `check`,
    `backup`, `upgrade`. A write waits `wait_seconds` for another process that writes. Raises SchemaMismatch otherwise.
    """

    def __init__(self, place: Place, *, any_schema: bool = False, wait_seconds: float | None = None) -> None:
        self._place = place
        self.store = Store(place.name, read_only=place.read_only, busy_seconds=wait_seconds)
        if any_schema:
            return
        try:
            self.store.check_schema()
        except BaseException:
            self.store.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def place(self) -> str:
        """The file or database that is open, as a message may show it: without user and password of a URL."""
        return self.store.shown

    def close(self) -> None:
        """Close the database."""
        self.store.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for own queries, which sees one state."""
        with self.store.read() as session:
            yield session

    @contextlib.contextmanager
    def writing(self) -> Iterator[Session]:
        """One write transaction, on a working copy."""
        with self.writable().write() as session:
            yield session

    def writable(self) -> Store:
        """The store to write to; the shipped catalogue is copied to the user's folder first."""
        target = self._place.copy_to
        if target is None:
            self.store.refuse_read_only()
        elif self.store.read_only:
            self.store.close()
            self.store = make_working(target, first_come=True)
            self._place = Place(str(target), read_only=False)
        return self.store
