"""`litdb init` and `litdb db ...`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litdb.cli._shared import Db, Json, emit_json, family, open_catalogue, say, warn

if TYPE_CHECKING:
    from litdb.api import MergeReport

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
    example: Annotated[
        bool,
        typer.Option("--example", help="A folder to try things in: sample files and a catalogue of its own."),
    ] = False,
) -> None:
    """Make a working copy of the shipped catalogue.

    Example: litdb init sota.db

    Example: litdb init --example
    """
    from litdb.api import Catalogue

    with Catalogue.init(path, empty=empty, example=example) as made:
        shown = made.place
    if example:
        folder = Path(shown).parent
        say(f"made {folder} with sample files and a catalogue: `cd {folder}`, and try things there")
    elif path is None:
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
    with open_catalogue(db, any_schema=True) as catalogue:
        done = catalogue.upgrade()
    if not done.changed:
        say("up to date")
        return
    say(f"upgraded to schema {done.schema}" + (f"; the old state is in {done.backup}" if done.backup else ""))


@database.command()
def update(json: Json = False, db: Db = None) -> None:
    """Take in the newer facts of the shipped catalogue; your decisions and results stay.

    Example: litdb db update
    """
    with open_catalogue(db) as catalogue:
        _report(catalogue.update(), json)


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
    with open_catalogue(db, any_schema=True) as catalogue:
        say(f"wrote {catalogue.backup(target)}")


@database.command()
def check(json: Json = False, db: Db = None) -> None:
    """Check that a catalogue is whole; exit code 1 when something is wrong.

    Example: litdb db check
    """
    with open_catalogue(db, any_schema=True) as catalogue:
        problems = catalogue.check()
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
    from litdb.api import Catalogue

    Catalogue.build(out, force=force)
    say(f"built {out}")


@database.command()
def dump(
    out: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="Replaced where it is there; `-`, the default: standard output."
        ),
    ] = None,
    db: Db = None,
) -> None:
    """Write everything as text: the same content gives the same text.

    Example: litdb db dump catalogue.jsonl
    """
    file = None if out == Path("-") else out
    with open_catalogue(db) as catalogue:
        rows = catalogue.dump(sys.stdout if file is None else file)
    if file is not None:
        say(f"wrote {rows} rows to {file}")


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
    from litdb.api import Catalogue

    rows = Catalogue.load(source, target)
    say(f"loaded {rows} rows into {target.split('@')[-1]}")


@database.command()
def merge(
    other: Other,
    take: Annotated[
        str | None,
        typer.Option("--take", metavar="SIDE", help="Whose number or decision stands: mine or theirs."),
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Add what another catalogue has and this one lacks; merging twice changes nothing.

    Exit code 1 when one run has other numbers there, or decisions contradict one another: both are kept and marked,
    until --take, or `litdb resolve`, records whose stands.

    Example: litdb db merge colleague.db --take mine
    """
    with open_catalogue(db) as catalogue:
        report = catalogue.merge(other, take=take)
    _report(report, json)
    if not report.settled:
        raise typer.Exit(1)


@database.command()
def diff(
    other: Other,
    json: Json = False,
    db: Db = None,
) -> None:
    """Say how two catalogues differ; exit code 1 when they do.

    Example: litdb db diff colleague.db
    """
    with open_catalogue(db) as catalogue:
        differences = catalogue.diff(other)
    if json:
        emit_json(differences)
    else:
        for difference in differences:
            say(str(difference))
        if not differences:
            say("no difference")
    if differences:
        raise typer.Exit(1)


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
    for conflict in report.conflicts:
        warn(f"conflict: {conflict}")
    for contest in report.contested:
        warn(f"{contest}; `litdb resolve` settles it")
    if not report.settled:
        warn(
            "both are kept: `litdb db merge` again with --take mine or --take theirs records whose stands; once the other "
            "catalogue has merged this one, both hold both, and `litdb reject RESULT` takes one out"
        )
