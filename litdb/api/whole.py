"""Whole catalogues: made, checked, brought up to date, copied, written as text, put together and compared."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, TextIO

from litdb.api.opened import Opened
from litdb.catalogue.database.places import (
    EXAMPLE,
    Place,
    kind_of,
    locate,
    make_example,
    make_working,
    new_file,
    shipped_path,
    user_path,
)
from litdb.catalogue.database.session import Store, is_url, revision_of
from litdb.errors import InputError, UsageError

if TYPE_CHECKING:
    from litdb.api.catalogue import Catalogue
    from litdb.catalogue.exchange.check import Problem
    from litdb.catalogue.exchange.dump import FieldDifference
    from litdb.catalogue.exchange.merged import MergeReport
    from litdb.questions.whole.everything import Everything


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade did: the schema a catalogue has now, whether it had another, and where the old state is kept."""

    schema: str
    changed: bool
    backup: Path | None = None


class WholeVerbs(Opened):
    """Whole catalogues: made, checked, brought up to date, copied, written as text, put together and compared."""

    # --- made ------------------------------------------------------------------------------------------------

    @classmethod
    def init(
        cls, path: str | os.PathLike[str] | None = None, *, empty: bool = False, example: bool = False
    ) -> Self:
        """Make a working copy of the shipped catalogue and open it: a file, or a postgresql:// URL.

        Without `path` it lies in the user's data folder; `empty` leaves the shipped facts out. With `example`, `path` is a
        folder that is made, with sample files and a catalogue `sota.db` to try things with. Raises CatalogueError when
        something is there already.
        """
        if example:
            path = make_example(os.fspath(path or EXAMPLE))
        target = os.fspath(path) if path is not None else str(user_path())
        make_working(target, empty=empty).close()
        return cls(Place(target, read_only=False))

    @classmethod
    def build(cls, target: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Build the shipped catalogue from the facts in the package; returns its path.

        `force` replaces a shipped catalogue that is there. Raises CatalogueError when something is there, UsageError
        when that is no shipped catalogue, InputError for a place where none can be made.
        """
        from litdb._written import check_target
        from litdb.seed.build import build as make

        out = Path(target)
        check_target(out)
        if not (out.exists() and force):
            return make(out)
        if kind_of(out) != "shipped":
            raise UsageError(f"{out} is not a shipped catalogue: remove it yourself if it may go")
        fresh = out.with_name(out.name + ".new")
        fresh.unlink(missing_ok=True)
        return make(fresh).replace(out)

    @classmethod
    def load(cls, source: str | os.PathLike[str], target: str | os.PathLike[str]) -> int:
        """Make the catalogue `target`, a new file or an empty PostgreSQL database, from a dump; the number of rows.

        Raises UsageError when there is such a file, InputError for a dump that cannot be read, SchemaMismatch for one of
        another schema; no new file is left then.
        """
        name = os.fspath(target)
        try:
            with Path(source).open(encoding="utf-8") as stream:
                if is_url(name):
                    return _load(name, stream)
                with new_file(Path(name)) as partial:
                    return _load(str(partial), stream)
        except FileExistsError as error:
            raise UsageError(f"{name} exists: give another name") from error
        except OSError as error:
            raise InputError(f"{source} cannot be read: {error.strerror}") from error

    # --- kept in order ---------------------------------------------------------------------------------------

    def check(self, *, cache: Path | None = None) -> list[Problem]:
        """Everything wrong with the catalogue, another schema included, and with what the cache has of its documents.

        An empty list says that it is whole.
        """
        from litdb._places import cache_dir
        from litdb.catalogue.exchange.check import check

        return check(self.store, cache or cache_dir())

    def upgrade(self) -> Upgraded:
        """Bring the catalogue to the schema of this litdb; a file is backed up beside itself first."""
        from litdb.catalogue.database.schema import REVISION

        store = self.writable()
        if store.revision() == REVISION:
            return Upgraded(REVISION, changed=False)
        from litdb.catalogue.database.migrate import upgrade

        return Upgraded(REVISION, changed=True, backup=upgrade(store))

    def update(self) -> MergeReport:
        """Take in the newer facts of the shipped catalogue; decisions and results made here stay."""
        from litdb.catalogue.exchange.merge import update

        with _other(shipped_path()) as shipped:
            return update(self.writable(), shipped)

    def backup(self, target: str | os.PathLike[str] | None = None) -> Path:
        """Copy a catalogue file safely, also while others write; returns the copy's path.

        Without `target` it lies beside the catalogue, with the time in its name. Raises CatalogueError when something is
        there, and for a database on a server.
        """
        from litdb.catalogue.database.migrate import backup, backup_name

        if target is None:
            target = backup_name(self.store.path) if self.store.path is not None else "catalogue.db"
        return backup(self.store, Path(target))

    # --- exchanged -------------------------------------------------------------------------------------------

    def dump(self, out: TextIO | str | os.PathLike[str]) -> int:
        """Write everything as canonical JSON lines, to a stream or a file; returns the number of rows.

        The same content gives the same text. Raises UsageError for a database in that place,
        InputError when the file cannot be written; what was there stays.
        """
        from litdb._written import check_replaced, check_target
        from litdb.catalogue.exchange.dump import dump

        if not isinstance(out, str | os.PathLike):
            return dump(self.store, out)
        target = Path(out)
        check_target(target)
        check_replaced(target)
        partial = target.with_name(target.name + ".partial")
        try:
            with partial.open("w", encoding="utf-8", newline="\n") as stream:
                rows = dump(self.store, stream)
            partial.replace(target)
        except OSError as error:
            raise InputError(f"{target} cannot be written: {error.strerror}") from error
        finally:
            partial.unlink(missing_ok=True)
        return rows

    def merge(self, other: str | os.PathLike[str] | Catalogue, *, take: str | None = None) -> MergeReport:
        """Add what another catalogue has and this one lacks; merging twice changes nothing.

        Where one run has other numbers there, or decisions contradict one another, both are kept and marked; `take`
        (`mine` or `theirs`) records whose stands. Raises UsageError for a catalogue and itself, or another word to
        take, SchemaMismatch, CatalogueBusy.
        """
        from litdb.catalogue.exchange.merge import merge
        from litdb.catalogue.exchange.merged import Take

        if take is not None and take not in tuple(Take):
            raise UsageError(f"{take!r} is neither mine nor theirs: say whose number stands")
        with _other(other) as store:
            return merge(self.writable(), store, Take(take) if take is not None else None)

    def diff(self, other: str | os.PathLike[str] | Catalogue) -> list[FieldDifference]:
        """How two catalogues differ, by table and row; an empty list says that their dumps are the same."""
        from litdb.catalogue.exchange.dump import diff

        with _other(other) as store:
            return diff(self.store, store)

    # --- looked at as a whole ----------------------------------------------------------------------------------

    def everything(self, told: Callable[[str], None] | None = None) -> Everything:
        """All models, papers, values, tables, conflicts, cards and runs, in one state; `told` hears of each step."""
        from litdb.questions.whole.everything import everything

        with self.reading() as session:
            return everything(session) if told is None else everything(session, told)


@contextlib.contextmanager
def _other(named: str | os.PathLike[str] | Opened) -> Iterator[Store]:
    if isinstance(named, Opened):
        yield named.store
        return
    place = locate(named)
    store = Store(place.name, read_only=place.read_only or not is_url(place.name))
    try:
        yield store
    finally:
        store.close()


def _load(name: str, stream: TextIO) -> int:
    """Make the schema where there is none and load a dump, in one transaction."""
    from litdb.catalogue.database.migrate import migrate
    from litdb.catalogue.exchange.dump import load_into

    store = Store(name)
    try:
        if store.revision() is not None:
            store.check_schema()
        with store.write() as session:
            if revision_of(session) is None:
                migrate(session)
            return load_into(session, store.shown, stream)
    finally:
        store.close()
