"""`litdb init` and `litdb db ...`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litdb._places import check_target
from litdb.catalogue.database.places import kind_of, locate, make_working, shipped_path, user_path
from litdb.catalogue.database.session import Store, is_url
from litdb.cli._shared import Db, Json, emit_json, family, say, warn
from litdb.errors import InputError, ReadOnlyCatalogue, UsageError

if TYPE_CHECKING:
    from litdb.catalogue.exchange.merge import MergeReport

app = family()
database = family()
app.add_typer(
    database, name="db", help="Upgrade, back up, check, build, dump, load, merge or compare catalogues."
)
Other = Annotated[str, typer.Argument(metavar="FILE|URL", help="Another catalogue.")]


@app.command()
def init(
    path: Annotated[
        str | None, typer.Argument(metavar="[PATH|URL]", help="Where (default: your data folder).")
    ] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Without the shipped facts.")] = False,
) -> None:
    """Make a working copy of the shipped catalogue.

    Example: litdb init sota.db
    """
    target = path or str(user_path())
    store = make_working(target, empty=empty)
    store.close()
    shown = target.split("@")[-1]
    if path is None:
        say(f"made {shown}")
    elif Path(path).resolve() == Path("sota.db").resolve():
        say(f"made {shown}; it is used from now on in this folder")
    else:
        say(f"made {shown}; use it with --db {shown}")


@database.command()
def upgrade(db: Db = None) -> None:
    """Bring a catalogue to the schema of this litdb; a file is backed up beside itself first.

    Example: litdb db upgrade --db sota.db
    """
    from litdb.catalogue.database import migrate
    from litdb.catalogue.database.schema import REVISION

    store = _writable(db)
    if store.revision() == REVISION:
        say("up to date")
        return
    saved = migrate.upgrade(store)
    say(f"upgraded to schema {REVISION}" + (f"; the old state is in {saved}" if saved else ""))


@database.command()
def update(json: Json = False, db: Db = None) -> None:
    """Take in the newer facts of the shipped catalogue; your decisions and results stay.

    Example: litdb db update
    """
    from litdb.catalogue.exchange.merge import update as take_in

    report = take_in(_writable(db), Store(shipped_path(), read_only=True))
    _report(report, json)


@database.command()
def backup(
    target: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Default: beside it, with the time.")
    ] = None,
    db: Db = None,
) -> None:
    """Copy a catalogue safely, also while others write.

    Example: litdb db backup /backups/sota.db
    """
    from litdb.catalogue.database.migrate import backup as copy
    from litdb.catalogue.database.migrate import backup_name

    store = _open(db)
    if target is None and store.path is not None:
        target = backup_name(store.path)
    say(f"wrote {copy(store, target or Path('catalogue.db'))}")


@database.command()
def check(json: Json = False, db: Db = None) -> None:
    """Check that a catalogue is whole; exit code 1 when something is wrong.

    Example: litdb db check
    """
    from litdb.catalogue.exchange.check import check as look

    problems = look(_open(db))
    if json:
        emit_json(problems)
    else:
        for problem in problems:
            warn(str(problem))
        if not problems:
            say("the catalogue is whole")
    if problems:
        raise typer.Exit(1)


@database.command()
def build(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The new file.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace a shipped catalogue that is there.")
    ] = False,
) -> None:
    """Build the shipped catalogue from the facts in the package.

    Example: litdb db build sota.db --force
    """
    from litdb.seed.build import build as make

    check_target(out)
    if out.exists() and force:
        if kind_of(out) != "shipped":
            raise UsageError(f"{out} is not a shipped catalogue: remove it yourself if it may go")
        fresh = out.with_name(out.name + ".new")
        fresh.unlink(missing_ok=True)
        make(fresh)
        fresh.replace(out)
    else:
        make(out)
    say(f"built {out}")


@database.command()
def dump(
    out: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Default: standard output.")] = None,
    db: Db = None,
) -> None:
    """Write everything as text: the same content gives the same text.

    Example: litdb db dump catalogue.jsonl
    """
    from litdb.catalogue.exchange.dump import dump as write

    store = _open(db)
    if out is None:
        write(store, sys.stdout)
        return
    check_target(out)
    partial = out.with_name(out.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as stream:
            rows = write(store, stream)
        partial.replace(out)
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    say(f"wrote {rows} rows to {out}")


@database.command()
def load(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A dump.")],
    target: Annotated[
        str, typer.Argument(metavar="NEW", help="The new catalogue: a file or an empty PostgreSQL database.")
    ],
) -> None:
    """Make a catalogue from a dump.

    Example: litdb db load catalogue.jsonl copy.db
    """
    from litdb.catalogue.database.migrate import upgrade as make_schema
    from litdb.catalogue.exchange.dump import load as read

    new_file = not is_url(target)
    if new_file and Path(target).exists():
        raise UsageError(f"{target} exists: give another name")
    store = Store(target)
    try:
        with source.open(encoding="utf-8") as stream:
            if store.revision() is None:
                make_schema(store)
            rows = read(store, stream)
    except OSError as error:
        _remove(store, new_file)
        raise InputError(f"{source} cannot be read: {error.strerror}") from error
    except BaseException:
        _remove(store, new_file)
        raise
    say(f"loaded {rows} rows into {target.split('@')[-1]}")


@database.command()
def merge(other: Other, json: Json = False, db: Db = None) -> None:
    """Add what another catalogue has and this one lacks; merging twice changes nothing.

    Example: litdb db merge colleague.db
    """
    from litdb.catalogue.exchange.merge import merge as take_in

    _report(take_in(_writable(db), _open(other)), json)


@database.command()
def diff(
    other: Other,
    json: Json = False,
    db: Db = None,
) -> None:
    """Say how two catalogues differ; exit code 1 when they do.

    Example: litdb db diff colleague.db
    """
    from litdb.catalogue.exchange.dump import diff as compare

    differences = compare(_open(db), _open(other))
    if json:
        emit_json(differences)
    else:
        for difference in differences:
            say(str(difference))
        if not differences:
            say("no difference")
    if differences:
        raise typer.Exit(1)


def _open(db: str | None) -> Store:
    place = locate(db)
    return Store(place.name, read_only=place.read_only)


def _writable(db: str | None) -> Store:
    place = locate(db)
    if place.read_only and place.copy_to is None:
        raise ReadOnlyCatalogue(
            f"{place.name} is the shipped catalogue and is never written: run `litdb init PATH` first"
        )
    if place.read_only and place.copy_to is not None:
        return make_working(place.copy_to)
    return Store(place.name)


def _remove(store: Store, new_file: bool) -> None:
    store.close()
    if new_file and store.path is not None:
        for suffix in ("", "-wal", "-shm"):
            Path(str(store.path) + suffix).unlink(missing_ok=True)


def _report(report: MergeReport, json: bool) -> None:
    if json:
        emit_json(report)
        return
    said = [f"{number} {table} rows added" for table, number in report.added.items() if number]
    said += [f"{number} {table} rows removed" for table, number in report.removed.items() if number]
    said += [f"{len(report.reread)} documents read by a newer reader"] if report.reread else []
    said += [f"{len(report.filled)} empty fields filled"] if report.filled else []
    said += [f"{len(report.followed)} shipped values changed"] if report.followed else []
    say("; ".join(said) or "nothing new")
    for difference in report.kept:
        say(f"kept as it is here: {difference}")
