"""`litdb watch`: add, list, run, drop."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from litdb.cli._shared import Db, Json, Reason, columns, emit_json, family, open_catalogue, recorded, say

app = family()
group = family()
app.add_typer(
    group, name="watch", help="Watch for new papers, new versions and new results; silent without news."
)

Name = Annotated[str, typer.Argument(metavar="WATCH", help="Its name in `litdb watch list`.")]


@group.command()
def add(
    text: Annotated[
        str,
        typer.Argument(
            metavar="QUESTION|PAPER|RANGE|DRAFT.TEX",
            help='Words, an id, "params=0.4M..1.0M PESQ=3.3..", or a draft.',
        ),
    ],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="What it is called (its words).")] = "",
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="The test set of a range.")] = "vbd",
    json: Json = False,
    db: Db = None,
) -> None:
    """Watch for something: papers of the index that answer a question, versions of a paper, results that enter a range.

    What is there already is no news. Of a draft: the sentences and tables that the catalogue makes false. The range is that of
    `litdb models`, its conditions apart by blanks.

    Example: litdb watch add "params=0.4M..1.0M PESQ=3.3.." --name rivals
    """
    from litdb.survey.watch import new_watch

    with open_catalogue(db) as catalogue:
        found = new_watch(catalogue, text, name=name, dataset=dataset)
    if json:
        emit_json(found)
        return
    say(f"watching {found.name}: {found.what} {found.text}; {len(found.seen)} seen already, which is no news")


@group.command("list")
def list_(json: Json = False, db: Db = None) -> None:
    """List what is watched, with the news that each brought so far.

    Example: litdb watch list
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.watches()
    if json:
        emit_json(found)
    elif not found:
        say("nothing is watched: `litdb watch add` says what for")
    else:
        rows = [
            [one.name, one.what, one.text, str(len(one.runs)), str(sum(len(run.news) for run in one.news))]
            for one in found
        ]
        say(columns(rows, ["watch", "what", "for", "runs", "news"]))


@group.command()
def run(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[WATCH]...", help="Only these; all without any.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Exit code 1 when there is news.")] = False,
    atom: Annotated[
        Path | None, typer.Option("--atom", metavar="FILE", help="Write all news so far as an Atom feed.")
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Look again, and say what is new; silent, with exit code 0, where nothing is.

    It looks at what is here: `litdb index update` and `litdb fetch` bring new papers and versions in before.

    Example: litdb watch run --check
    """
    from litdb._written import write_file
    from litdb.survey.watch import feed, run_watches

    with open_catalogue(db) as catalogue:
        found = run_watches(catalogue, tuple(names or ()))
        if atom is not None:
            write_file(atom, feed(catalogue))
    if json:
        emit_json({"news": bool(found), "watches": found})
    for one in () if json else found:
        say(f"{one.watch}:")
        for item in one.items:
            say(f"  {item.words}")
    if found and check:
        raise typer.Exit(1)


@group.command()
def drop(name: Name, reason: Reason, json: Json = False, db: Db = None) -> None:
    """Watch no longer; its news stay in the history.

    Example: litdb watch drop rivals --reason "the paper is out"
    """
    with open_catalogue(db) as catalogue:
        uid = catalogue.undo(catalogue.watch(name).uid, reason=reason)
    recorded(uid, json)
