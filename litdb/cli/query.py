"""`litdb models`, `litdb table`, and the words they take: `litdb vocabulary`."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litdb.api import DEFAULT_METRICS, Words
from litdb.cli._shared import Db, Json, columns, emit_json, family, open_catalogue, say, warn
from litdb.cli.options import asks, looks, named_groups, shown_names
from litdb.errors import UsageError, near
from litdb.report.escape import clean, named
from litdb.report.paper.appearance import Appearance

if TYPE_CHECKING:
    from litdb.api import Table

app = family()

#: Characters and models that a message names.
_NAMED = 5


@app.command()
@asks(
    "where", "metrics", "dataset", "year", "causal", "origins", "since", "sort", "proposed", "claims", "mixed", "withdrawn",
    "checkpoints", "ablations", "references",
)  # fmt: skip
def models(*, metrics: list[str], words: Words, json: Json = False, db: Db = None) -> None:
    """List models that meet conditions, each value with its source.

    Ranges include both ends. A row is one source's row; what it lacks is filled from elsewhere with a footnote.

    Example: litdb models --params 0.4M..1.0M --metric PESQ=2.8..3.4
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.models(metrics, **words)
    _print(found, "json" if json else "terminal", None)


@app.command()
@asks(
    "metrics", "models", "where", "datasets", "year", "causal", "origins", "since", "sort", "proposed", "claims",
    "mixed", "withdrawn", "checkpoints", "ablations", "references", "group_by",
)  # fmt: skip
@looks
def table(
    *,
    format: Annotated[
        str | None,
        typer.Option(
            "--format", "-f", help="markdown (the default), latex (with --for), csv, html, json, terminal."
        ),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option("--preset", metavar="NAME", help="sota, datasets, runs, versions or ablation."),
    ] = None,
    metrics: list[str],
    words: Words,
    group: Annotated[
        list[str] | None,
        typer.Option("--group", "-g", metavar="NAME=R1,R2,..", help="Runs of one variant, for an ablation."),
    ] = None,
    paper: Annotated[
        str | None,
        typer.Option("--paper", metavar="PAPER", help="A paper whose ablation it is, by id or model."),
    ] = None,
    number: Annotated[
        str | None, typer.Option("--number", metavar="III", help="One table of that paper.")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", help="The fewest runs of a group in an ablation.")] = 3,
    named: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="MODEL=TEXT", help="What a model is called in the table."),
    ] = None,
    look: Appearance,
    caption: Annotated[str | None, typer.Option(help="Caption of the table.")] = None,
    label: Annotated[str | None, typer.Option(help="LaTeX label, such as tab:results.")] = None,
    sources: Annotated[
        bool | None, typer.Option("--sources/--no-sources", help="Columns for origin and source.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to a file.")] = None,
    db: Db = None,
) -> None:
    """Render a comparison table for a paper: LaTeX, Markdown, CSV or HTML.

    The best value of a column is bold and the second underlined, among values that may be compared. With --for or --width
    LaTeX fits its column: smaller type, then the width of the page, then names over several lines. A preset asks for what such
    a table has; what you ask for yourself comes first. An ablation is of your own runs (--group) or as a published paper prints
    it: litdb table --preset ablation --paper 2308.08926

    Example: litdb table --for ieeetran --group-by size --models IMSE,MUSE,TSTNN,BSRNN-FAC-MRHA3 --metrics params,PESQ,STOI
    """
    from litdb.api import Citations, Study
    from litdb.report.render import FORMATS, packages

    fmt = format or ("latex" if look.sized or look.plain else "markdown")
    if fmt not in FORMATS:
        every = f"use {', '.join(FORMATS)}"
        raise UsageError(f"unknown format {fmt!r}: {near(fmt, FORMATS, other=every)}")
    if fmt != "latex" and (look.sized or look.plain):
        raise UsageError(f"--for, --width and --plain are for LaTeX: leave --format {fmt} out")
    study = Study(named_groups(group or ()), seeds, paper or "", number or "")
    with open_catalogue(db) as catalogue:
        typed = None if metrics == list(DEFAULT_METRICS) else metrics
        found = look.restated(catalogue.preset_table(preset, typed, words, study))
        found = catalogue.renamed(found, shown_names(named or ()))
        cited = catalogue.citations(found, look.bib) if look.sized or look.bib else Citations({}, ())
        style = look.style(catalogue.as_of().isoformat() if look.sized else "", cited.keys)
    _print(found, fmt, out, source_columns=sources, caption=caption, label=label, style=style)
    if look.sized:
        warn(f"needs \\usepackage{{{','.join(packages(style))}}}")
    if cited.made:
        lacking = "" if look.bib is None else f", which {look.bib} lacks"
        warn(
            f"`litdb bib {' '.join(map(shlex.quote, cited.made))}` prints the entries of {len(cited.made)} cited papers{lacking}"
        )


@app.command("vocabulary")
def list_vocabulary(
    what: Annotated[str, typer.Argument(metavar="[metrics|datasets|components]")] = "",
    json: Json = False,
) -> None:
    """List the metrics, test sets and components of models that litdb knows.

    Example: litdb vocabulary metrics
    """
    from litdb.vocabulary import vocabulary
    from litdb.vocabulary.components import components

    if what not in ("", "metrics", "datasets", "components"):
        parts = ("metrics", "datasets", "components")
        hint = near(what, parts, other="use metrics, datasets or components")
        raise UsageError(f"{what!r} is not a part of the vocabulary: {hint}")
    words = vocabulary()
    if json:
        emit_json({"metrics": words.metrics, "datasets": words.datasets, "components": components().all})
        return
    if what == "components":
        say(columns([[c.item, c.id, c.title] for c in components().all], ["kind", "component", "what it is"]))
        return
    if what in ("", "metrics"):
        rows = [
            [m.id, m.title, m.unit or "-", m.direction, f"{m.minimum:g}..{m.maximum:g}"]
            for m in words.metrics
        ]
        say(columns(rows, ["metric", "what it is", "unit", "better", "plausible"]))
    if what == "":
        say()
    if what in ("", "datasets"):
        rows = [[d.id, d.title, str(d.rate or "-"), str(d.files or "-")] for d in words.datasets]
        say(columns(rows, ["test set", "title", "rate", "files"]))


def _print(found: Table, fmt: str, out: Path | None, **rendering: Any) -> None:
    from litdb.report.render import render

    if fmt == "terminal" and out is None and sys.stdout.isatty():
        rendering.update(styled=True, width=shutil.get_terminal_size().columns)
    text = render(found, fmt, **rendering)
    if out is not None:
        from litdb._written import write_file

        write_file(out, text)
        say(f"wrote {out}")
    else:
        print(text, end="")
    if fmt == "latex":
        _say_unset(found, text)
    if not found.rows:
        warn(_empty_hint(found.hidden))


def _say_unset(found: Table, text: str) -> None:
    """Say which characters pdfLaTeX cannot set, and in the names of which models."""
    from litdb.report.paper.latex_text import latex, unset

    left = unset(text)
    if not left:
        return
    models = [clean(row.name) for row in found.rows if unset(latex(row.name))]
    where = f" in {', '.join(models[:_NAMED])}" if models else ""
    more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
    warn(
        f"pdfLaTeX cannot set {named(left[:_NAMED])}{more}{where}{' and others' if len(models) > _NAMED else ''}: written as "
        f"[U+{ord(left[0]):04X}] and the like; put your own spelling in their place, of a model with --name"
    )


def _empty_hint(hidden: int) -> str:
    more = f"; {hidden} more with --proposed" if hidden else ""
    return f"no model meets these conditions{more}"
