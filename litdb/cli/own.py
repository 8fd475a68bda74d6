"""`litdb add` and `litdb add-result`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from litdb.cli._shared import Db, Json, emit_json, family, open_catalogue, say, warn
from litdb.errors import UsageError

app = family()

Replace = Annotated[bool, typer.Option("--replace", help="Replace other numbers; the history keeps both.")]
Force = Annotated[
    bool, typer.Option("--force", help="Take a value that its metric cannot have; needs --reason.")
]
New = Annotated[
    bool,
    typer.Option("--new", help="Make a new model, though an own one has nearly its name, or a new test set."),
]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Why, for the history.")]


@app.command("add")
def add(
    run: Annotated[Path, typer.Argument(metavar="RUN|ARCHIVE", help="A run folder, or a packed run.")],
    model: Annotated[
        str,
        typer.Option(
            "--model", "-m", help="The model it is of, when the run does not say or says otherwise."
        ),
    ] = "",
    name: Annotated[
        str, typer.Option("--name", help="A name for the run, when another run has its name already.")
    ] = "",
    replace: Replace = False,
    force: Force = False,
    new: New = False,
    reason: Reason = "",
    json: Json = False,
    db: Db = None,
) -> None:
    """Take in a training or evaluation run: checkpoints, means, scores by file, cost.

    RUN is the folder that `litdb model train` or `evaluate` wrote, or the archive of `litdb model pack`. The same run
    twice changes nothing.

    Example: litdb add runs/full-1.tar.gz
    """
    with open_catalogue(db) as catalogue:
        added = catalogue.add_run(
            run, model=model, name=name, replace=replace, force=force, new=new, reason=reason
        )
    if json:
        emit_json(added)
        return
    count = added.added
    say(
        f"run {added.run} ({added.model or 'no own model'}): {added.checkpoints} checkpoints; "
        f"{count.new} values new, {count.replaced} replaced, {count.same} already there"
    )
    for note in added.notes:
        say(f"  {note}")


@app.command("add-result")
def add_result(
    model: Annotated[str, typer.Argument(metavar="MODEL")],
    metric: Annotated[
        list[str] | None,
        typer.Option("--metric", metavar="METRIC=VALUE", help="A value as printed; may be repeated."),
    ] = None,
    params: Annotated[str, typer.Option("--params", metavar="N", help="Parameters, such as 0.46M.")] = "",
    dataset: Annotated[
        str,
        typer.Option("--dataset", "-d", help="The test set (VoiceBank+DEMAND unless a file says another)."),
    ] = "",
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="FILE|-",
            help="JSON, CSV, TSV, scores by file (VERSA's and SpeechScore's, too) or an evaluation report.",
        ),
    ] = "",
    run: Annotated[
        str | None, typer.Option("--run", metavar="RUN[/CHECKPOINT]", help="The own run it was measured on.")
    ] = None,
    sha256: Annotated[str, typer.Option("--sha256", help="The checkpoint's SHA-256.")] = "",
    selected_on: Annotated[
        str,
        typer.Option("--selected-on", help="What the checkpoint was selected on: validation, test or none."),
    ] = "",
    scale: Annotated[str, typer.Option("--scale", help="Composite scale: int16 or unit.")] = "",
    files: Annotated[int | None, typer.Option("--files", min=1, help="Files the means cover.")] = None,
    paper: Annotated[str, typer.Option("--paper", metavar="ARXIV|DOI", help="A paper you read it in.")] = "",
    table: Annotated[str, typer.Option("--table", help="Its table.")] = "",
    row: Annotated[int | None, typer.Option("--row", min=1, help="The row in that table.")] = None,
    page: Annotated[int | None, typer.Option("--page", min=1, help="The page.")] = None,
    origin: Annotated[str, typer.Option("--origin", help="self or quoted.")] = "",
    replace: Replace = False,
    force: Force = False,
    new: New = False,
    reason: Reason = "",
    json: Json = False,
    db: Db = None,
) -> None:
    """Add own results, a value read by hand, or a claim.

    From a run or checkpoint it is measured; with --paper, --table and --row it is read by hand; otherwise a claim.
    The same input twice changes nothing; other numbers for the same run are refused unless --replace.

    Example: litdb add-result MyNet --run exp7/best --metric PESQ=2.91 --metric STOI=0.941 --params 0.46M
    """
    if run is not None and not run.strip():
        raise UsageError("--run is empty: name the run, such as exp7/best, or leave it out for a claim")
    values: dict[str, str] = {}
    for pair in metric or ():
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not equals or not value:
            raise UsageError(f"{pair!r} is not METRIC=VALUE: write for example PESQ=2.8635")
        if name in values:
            raise UsageError(f"{name} is given twice, as {values[name]} and as {value}: leave one out")
        values[name] = value
    with open_catalogue(db) as catalogue:
        added = catalogue.add_result(
            model, values, params=params, dataset=dataset, file=source, run=run or "", sha256=sha256, selected_on=selected_on,
            scale=scale, files=files, paper=paper, table=table, row=row, page=page,
            origin=origin, replace=replace, force=force, new=new, reason=reason,
        )  # fmt: skip
        place = catalogue.place
    if json:
        emit_json(added)
        return
    say(f"{added.new} new, {added.replaced} replaced, {added.same} already there ({added.what}; {place})")
    for note in added.notes:
        say(f"  {note}")
    for contradiction in added.contradicts:
        warn(contradiction)
