"""`litdb plot`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litdb.api import Words
from litdb.cli._shared import Db, Json, emit_json, family, names, open_catalogue, say, warn
from litdb.cli.options import asks, named_groups
from litdb.errors import UsageError
from litdb.report.escape import named

if TYPE_CHECKING:
    from litdb.api import Drawn

app = family()
drawing = family()
app.add_typer(drawing, name="plot", help="Plot accuracy against parameters, with the Pareto front.")

Out = Annotated[Path, typer.Option("--out", "-o", help="The file: .pdf, .png or .svg.")]
Columns = Annotated[
    int, typer.Option("--columns", metavar="1|2", help="One column (85 mm), or the width of the page.")
]


@drawing.callback(invoke_without_command=True)
@asks(
    "dataset",
    "models",
    "where",
    "year",
    "causal",
    "origins",
    "proposed",
    "claims",
    "mixed",
    "withdrawn",
    "checkpoints",
)
def plot(
    *,
    ctx: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file: .pdf, .png, .svg, or .html for a browser.")
    ] = None,
    x: Annotated[
        str, typer.Option("--x", help="The horizontal axis; year for a metric over time.")
    ] = "params",
    y: Annotated[str, typer.Option("--y", help="The vertical axis.")] = "PESQ",
    columns: Columns = 1,
    xlim: Annotated[
        str | None, typer.Option("--xlim", metavar="LOW..HIGH", help="The range of the horizontal axis.")
    ] = None,
    ylim: Annotated[
        str | None, typer.Option("--ylim", metavar="LOW..HIGH", help="The range of the vertical axis.")
    ] = None,
    words: Words,
    json: Json = False,
    db: Db = None,
) -> None:
    """Plot accuracy against parameters, with the Pareto front.

    Shapes say causality, filled marks are the authors' own numbers, own models are stars; a CSV of the plotted data lies
    beside the file. With --x year the line is that of the best so far.

    Example: litdb plot --x params --y PESQ --out pesq.pdf

    Example: litdb plot --x year --out time.html
    """
    if ctx.invoked_subcommand is not None:
        return
    if out is None:
        raise UsageError("say where to draw to: --out pesq.pdf")
    with open_catalogue(db) as catalogue:
        drawn = catalogue.plot(out, x=x, y=y, columns=columns, xlim=xlim, ylim=ylim, **words)
    _say_drawn(drawn, json=json)


@drawing.command()
def paired(
    out: Out,
    systems: Annotated[
        list[str] | None,
        typer.Argument(metavar="A B", help="Checkpoints, runs, models, or CSV files of scores by utterance."),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group", "-g", metavar="NAME=R1,R2,..", help="Runs that differ in their seed; give two groups."
        ),
    ] = None,
    metrics: Annotated[
        str, typer.Option("--metrics", "--metric", "-m", metavar="A,B,..", help="A panel for each metric.")
    ] = "PESQ",
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="The test set.")] = "vbd",
    conditions: Annotated[
        Path | None,
        typer.Option(
            "--conditions", metavar="FILE", help="Speaker, SNR or noise of each file, to show parts."
        ),
    ] = None,
    columns: Columns = 1,
    json: Json = False,
    db: Db = None,
) -> None:
    """Draw by how much one own system differs from another, on all files and by SNR, speaker and noise.

    Example: litdb plot paired base/last full/last --conditions log_testset.txt --out difference.pdf
    """
    with open_catalogue(db) as catalogue:
        drawn = catalogue.plot_paired(
            out,
            *(systems or ()),
            groups=named_groups(group or ()),
            metrics=names(metrics) or (),
            dataset=dataset,
            conditions=conditions,
            columns=columns,
        )
    _say_drawn(drawn, json=json)


@drawing.command()
def conflicts(
    model: Annotated[str, typer.Argument(metavar="MODEL")],
    out: Out,
    metric: Annotated[str | None, typer.Option("--metric", "-m", help="Only this metric.")] = None,
    columns: Columns = 1,
    json: Json = False,
    db: Db = None,
) -> None:
    """Draw the conflicts of a model: the range of what is printed, and who prints it.

    Example: litdb plot conflicts IMSE --out imse.pdf
    """
    with open_catalogue(db) as catalogue:
        drawn = catalogue.plot_conflicts(out, model, metric=metric, columns=columns)
    _say_drawn(drawn, json=json)


@drawing.command()
def genealogy(
    model: Annotated[str, typer.Argument(metavar="MODEL")],
    metric: Annotated[str, typer.Argument(metavar="METRIC")],
    out: Out,
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="The test set.")] = "vbd",
    columns: Columns = 1,
    json: Json = False,
    db: Db = None,
) -> None:
    """Draw who copied a number of a model from whom.

    Example: litdb plot genealogy TSTNN CSIG --out tstnn.pdf
    """
    with open_catalogue(db) as catalogue:
        drawn = catalogue.plot_genealogy(out, model, metric, dataset=dataset, columns=columns)
    _say_drawn(drawn, json=json)


def _say_drawn(drawn: Drawn, *, json: bool) -> None:
    if json:
        emit_json(drawn)
    else:
        say(f"wrote {drawn.figure} and {drawn.data}")
        for note in drawn.notes:
            say(f"  {note}")
    if drawn.boxes:
        warn(
            f"no installed font has {named(drawn.boxes)}, drawn as boxes: install one, such as Noto Sans CJK for "
            f"Chinese, Japanese and Korean; {drawn.data} has the names"
        )
