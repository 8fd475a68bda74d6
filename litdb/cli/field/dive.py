"""`litdb dive` and `litdb note`: one paper in depth, and one's own words about it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from litdb.cli._shared import Db, Json, emit_json, family, open_catalogue, recorded, say
from litdb.errors import UsageError, near
from litdb.report.json_text import plain
from litdb.report.records import listed

app = family()


@app.command()
def dive(
    paper: Annotated[
        str, typer.Argument(metavar="PAPER", help="Its key, arXiv id or DOI, or a model that it proposes.")
    ],
    format: Annotated[str, typer.Option("--format", "-f", help="terminal, markdown or html.")] = "terminal",
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="The test set of its card.")] = "vbd",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to a file.")] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Show one paper in depth: results with their cells, versions, ablations, quotations, neighbours, what to read next.

    Neighbours are papers whose models stand in the same tables, so far as these tables are in the catalogue.

    Example: litdb dive IMSE
    """
    from litdb._written import write_file
    from litdb.report.tracing.dive import DIVE_FORMATS, dive_text

    if format not in DIVE_FORMATS:
        every = "use terminal, markdown or html"
        raise UsageError(f"unknown format {format!r}: {near(format, DIVE_FORMATS, other=every)}")
    with open_catalogue(db) as catalogue:
        found = catalogue.dive(paper, dataset=dataset)
    if json:
        emit_json({**plain(found), "values": [listed(value) for value in found.values]})
        return
    text = dive_text(found, format)
    if out is None:
        print(text, end="")
        return
    write_file(out, text)
    say(f"wrote {out}")


@app.command()
def note(
    subject: Annotated[
        str, typer.Argument(metavar="[MODEL|PAPER|RESULT]", help="What it is about; all without any.")
    ] = "",
    words: Annotated[str, typer.Argument(metavar="[WORDS]", help="What to keep.")] = "",
    search: Annotated[
        str, typer.Option("--search", "-s", metavar="WORDS", help="Only notes with these.")
    ] = "",
    json: Json = False,
    db: Db = None,
) -> None:
    """Keep words of your own about a model, a paper or a result, or show those that are kept.

    Notes are shown by `dive` and written into BibTeX; they are never evidence. `litdb undo` takes one back.

    Example: litdb note IMSE "read section 3 again: the inception block is the depthwise one"
    """
    if words and search:
        raise UsageError("--search looks for notes: leave the words of a new one out")
    with open_catalogue(db) as catalogue:
        if words:
            recorded(catalogue.note(subject, words), json)
            return
        found = catalogue.notes(subject, search=search)
    if json:
        emit_json(found)
    elif not found:
        say(
            "no note is kept there"
            if subject or search
            else "no note is kept: `litdb note IMSE WORDS` keeps one"
        )
    for one in () if json else found:
        say(f"{one.about} {one.name}: {one.line}  [{one.decision[:8]}]")
