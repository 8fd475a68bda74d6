"""`litdb models`, `litdb table`, `litdb plot`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from litdb.cli._shared import Db, Json, date, family, names, open_catalogue, say, warn
from litdb.errors import UsageError

app = family()

Dataset = Annotated[
    str, typer.Option("--dataset", "-d", help="The test set (`litdb vocabulary` lists them).")
]
Params = Annotated[
    str | None, typer.Option("--params", metavar="LOW..HIGH", help="Parameters, such as 0.4M..1.0M.")
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--metric",
        "--where",
        "-w",
        metavar="METRIC=LOW..HIGH",
        help="A range a metric must lie in; may be repeated.",
    ),
]
Year = Annotated[
    str | None, typer.Option("--year", metavar="FROM..TO", help="Year of the paper, such as 2023..")
]
Causal = Annotated[
    bool | None, typer.Option("--causal/--non-causal", help="Only rows stated to be (not) causal.")
]
Origins = Annotated[
    list[str] | None,
    typer.Option(
        "--origin",
        metavar="ORIGIN",
        help="self, repository, quoted, tracker, claim, reproduced or measured; may be repeated.",
    ),
]
New = Annotated[
    str | None,
    typer.Option("--new", metavar="DATE", help="Only models whose paper is from that day or later."),
]
Sort = Annotated[
    str | None,
    typer.Option("--sort", metavar="[-]METRIC", help="Order by a metric, with - from large to small."),
]
Models = Annotated[
    str | None, typer.Option("--models", metavar="A,B,..|@FILE", help="Only these models, in this order.")
]
Metrics = Annotated[str, typer.Option("--metrics", "-m", metavar="A,B,..", help="The columns.")]
Proposed = Annotated[bool, typer.Option("--proposed", help="Add results that wait for review, marked.")]
Claims = Annotated[bool, typer.Option("--claims", help="Add claims without a source, marked.")]
Mixed = Annotated[
    bool, typer.Option("--mixed", help="Show values known not to be comparable; such columns are not ranked.")
]
Checkpoints = Annotated[
    bool, typer.Option("--checkpoints", help="All own checkpoints, not only the declared one.")
]
Ablations = Annotated[bool, typer.Option("--ablations", help="Add rows of ablation tables.")]
References = Annotated[bool, typer.Option("--references", help="Add reference rows such as the noisy input.")]
_USUAL = "params,PESQ,CSIG,CBAK,COVL,STOI"


@app.command()
def models(
    params: Params = None,
    metric: Where = None,
    metrics: Metrics = _USUAL,
    dataset: Dataset = "vbd",
    year: Year = None,
    causal: Causal = None,
    origin: Origins = None,
    new: New = None,
    sort: Sort = None,
    proposed: Proposed = False,
    claims: Claims = False,
    mixed: Mixed = False,
    checkpoints: Checkpoints = False,
    ablations: Ablations = False,
    references: References = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """List models that meet conditions, each value with its source.

    Ranges include both ends. A row is one source's row; what it lacks is filled from elsewhere with a footnote.

    Example: litdb models --params 0.4M..1.0M --metric PESQ=2.8..3.4
    """
    options = {
        "metrics": names(metrics) or [], "dataset": dataset, "where": _where(params, metric), "year": year,
        "causal": causal, "origins": origin or (), "since": date(new), "sort": sort, "proposed": proposed,
        "claims": claims, "mixed": mixed, "checkpoints": checkpoints, "ablations": ablations, "references": references,
    }  # fmt: skip
    _print(options, "json" if json else "terminal", None, db)


@app.command()
def table(
    format: Annotated[
        str, typer.Option("--format", "-f", help="latex, markdown, csv, html, json or terminal.")
    ] = "markdown",
    metrics: Metrics = _USUAL,
    models: Models = None,
    params: Params = None,
    where: Where = None,
    dataset: Dataset = "vbd",
    year: Year = None,
    causal: Causal = None,
    origin: Origins = None,
    new: New = None,
    sort: Sort = None,
    proposed: Proposed = False,
    claims: Claims = False,
    mixed: Mixed = False,
    checkpoints: Checkpoints = False,
    ablations: Ablations = False,
    references: References = False,
    caption: Annotated[str | None, typer.Option(help="Caption of the table.")] = None,
    label: Annotated[str | None, typer.Option(help="LaTeX label, such as tab:results.")] = None,
    sources: Annotated[
        bool | None, typer.Option("--sources/--no-sources", help="Columns for origin and source.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to a file.")] = None,
    db: Db = None,
) -> None:
    """Render a comparison table for a paper: LaTeX, Markdown, CSV or HTML.

    The best value of a column is bold and the second underlined, among values that may be compared.

    Example: litdb table --format latex --models IMSE,MUSE,TSTNN,BSRNN-FAC-MRHA3 --metrics params,PESQ,STOI
    """
    options = {
        "metrics": names(metrics) or [], "dataset": dataset, "where": _where(params, where), "models": names(models),
        "year": year, "causal": causal, "origins": origin or (), "since": date(new), "sort": sort, "proposed": proposed,
        "claims": claims, "mixed": mixed, "checkpoints": checkpoints, "ablations": ablations, "references": references,
    }  # fmt: skip
    _print(options, format, out, db, source_columns=sources, caption=caption, label=label)


@app.command()
def plot(
    out: Annotated[Path, typer.Option("--out", "-o", help="The file: .pdf, .png or .svg.")],
    x: Annotated[str, typer.Option("--x", help="The horizontal axis.")] = "params",
    y: Annotated[str, typer.Option("--y", help="The vertical axis.")] = "PESQ",
    dataset: Dataset = "vbd",
    models: Models = None,
    params: Params = None,
    where: Where = None,
    year: Year = None,
    causal: Causal = None,
    origin: Origins = None,
    proposed: Proposed = False,
    claims: Claims = False,
    mixed: Mixed = False,
    checkpoints: Checkpoints = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Plot accuracy against parameters, with the Pareto front.

    Own models are stars; quoted and repository values are hollow; a CSV of the plotted data lies beside the file.

    Example: litdb plot --x params --y PESQ --out pesq.pdf
    """
    from litdb.cli._shared import emit_json

    with open_catalogue(db) as catalogue:
        figure, data = catalogue.plot(
            out, x=x, y=y, dataset=dataset, models=names(models), where=_where(params, where), year=year,
            causal=causal, origins=origin or (), proposed=proposed, claims=claims, mixed=mixed,
            checkpoints=checkpoints,
        )  # fmt: skip
    if json:
        emit_json({"figure": figure, "data": data})
    else:
        say(f"wrote {figure} and {data}")


def _where(params: str | None, conditions: list[str] | None) -> list[str]:
    return [*([f"params={params}"] if params else []), *(conditions or [])]


def _print(options: dict[str, Any], fmt: str, out: Path | None, db: str | None, **rendering: Any) -> None:
    from litdb.report.render import FORMATS, render

    if fmt not in FORMATS:
        raise UsageError(f"unknown format {fmt!r}: use {', '.join(FORMATS)}")
    with open_catalogue(db) as catalogue:
        found = catalogue.table(**options)
    if fmt == "terminal":
        rendering["styled"] = out is None and sys.stdout.isatty()
    text = render(found, fmt, **rendering)
    if out is not None:
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{out} cannot be written: {error.strerror}") from error
        say(f"wrote {out}")
    else:
        print(text, end="")
    if not found.rows:
        warn(_empty_hint(found.hidden))


def _empty_hint(hidden: int) -> str:
    more = f"; {hidden} more with --proposed" if hidden else ""
    return f"no model meets these conditions{more}"
