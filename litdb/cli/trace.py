"""`litdb show`, `litdb why`, `litdb history`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litdb.api import ModelView
from litdb.cli._shared import Db, Json, columns, emit_json, family, open_catalogue, say
from litdb.errors import Ambiguous, UsageError
from litdb.report.json_text import plain
from litdb.report.records import listed

if TYPE_CHECKING:
    from litdb.api import Card, Catalogue, Genealogy, GridView, Value, Why
    from litdb.report.paper.rebuttal import Rebuttal

app = family()


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="MODEL|PAPER")],
    json: Json = False,
    db: Db = None,
) -> None:
    """Show a model or a paper with everything known of it.

    Example: litdb show IMSE
    """
    with open_catalogue(db) as catalogue:
        view, values = catalogue.show(name)
    if json:
        emit_json({"about": view, "values": [listed(value) for value in values]})
        return
    if isinstance(view, ModelView):
        lines = [f"{view.name}  ({view.kind}{', own' if view.own else ''}; key {view.key})"]
        facts = [
            (
                "paper",
                " ".join(
                    p
                    for p in (view.paper, f"“{view.title}”" if view.title else "", str(view.date or ""))
                    if p
                ),
            ),
            ("variant of", view.parent),
            ("variants", ", ".join(view.children)),
            ("names", ", ".join(view.names)),
            ("unified with", ", ".join(view.unified)),
            ("runs", "\n             ".join(view.runs)),
            ("not reported", "; ".join(view.absences)),
        ]
    else:
        lines = [view.title or view.key]
        facts = [
            ("authors", ", ".join(view.authors)),
            (
                "arXiv",
                view.arxiv_id + (f", versions {', '.join(map(str, view.versions))}" if view.versions else ""),
            ),
            ("DOI", view.doi),
            ("date", str(view.date or "")),
            ("venue", view.venue),
            ("models", ", ".join(view.models)),
            ("documents", "\n             ".join(view.documents)),
            ("not reported", "; ".join(view.absences)),
            ("results", f"{view.accepted} accepted, {view.proposed} proposed"),
        ]
    lines += [f"{label:>11}: {text}" for label, text in facts if text]
    say("\n".join(lines))
    if values:
        say()
        say(_values(values, with_model=not isinstance(view, ModelView)))


@app.command()
def why(
    model: Annotated[str, typer.Argument(metavar="MODEL")],
    metric: Annotated[str, typer.Argument(metavar="METRIC")],
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="The test set.")] = "vbd",
    genealogy: Annotated[
        bool, typer.Option("--genealogy", help="Instead: who copied the number from whom, and what shows it.")
    ] = False,
    figure: Annotated[
        Path | None,
        typer.Option("--figure", metavar="FILE", help="With --genealogy: draw it too (.pdf, .png or .svg)."),
    ] = None,
    as_: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="rebuttal", help="Sentences for a reviewer, with sources and \\cite keys."
        ),
    ] = None,
    bib: Annotated[
        Path | None, typer.Option("--bib", metavar="REFS.BIB", help="With --as: cite with your own keys.")
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Say which value is shown, why, and where it stands.

    Example: litdb why IMSE PESQ
    """
    if figure is not None and not genealogy:
        raise UsageError("--figure goes with --genealogy")
    if as_ is not None:
        if as_ != "rebuttal" or genealogy:
            raise UsageError(f"--as is rebuttal, alone, not {as_!r}")
        with open_catalogue(db) as catalogue:
            answer_text = _rebuttal(catalogue, model, metric, dataset, bib)
        if json:
            emit_json(answer_text)
        else:
            say("\n".join(answer_text.sentences))
        return
    if bib is not None:
        raise UsageError("--bib goes with --as rebuttal")
    if genealogy:
        with open_catalogue(db) as catalogue:
            found = catalogue.genealogy(model, metric, dataset=dataset, figure=figure)
        _genealogy(found, json=json)
        return
    with open_catalogue(db) as catalogue:
        answer = catalogue.why(model, metric, dataset=dataset)
    if json:
        shown = [{**plain(one), "value": listed(one.value)} for one in answer.shown]
        emit_json({**plain(answer), "shown": shown, "values": [listed(value) for value in answer.values]})
        return
    _why(answer)


@app.command()
def card(
    model: Annotated[str, typer.Argument(metavar="MODEL")],
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="The test set.")] = "vbd",
    json: Json = False,
    db: Db = None,
) -> None:
    """Say what is stated, inferred, missing and contradicted of a model's numbers.

    Each line has its cell; at the end stands what one would have to ask to obtain the numbers again.

    Example: litdb card MUSE
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.card(model, dataset=dataset)
    if json:
        emit_json(found)
    else:
        _card(found)


@app.command()
def letter(
    paper: Annotated[str, typer.Argument(metavar="PAPER", help="Its key, arXiv id or DOI.")],
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="The test set.")] = "vbd",
    json: Json = False,
    db: Db = None,
) -> None:
    """Print a polite question to the authors of a paper; nothing is sent.

    Markdown for an issue: the cells that disagree, and what the paper does not state.

    Example: litdb letter 2405.06573
    """
    from litdb.report.tracing.letter import letter_text

    with open_catalogue(db) as catalogue:
        found = catalogue.letter(paper, dataset=dataset)
    if json:
        emit_json(found)
    else:
        say(letter_text(found))


def _rebuttal(catalogue: Catalogue, model: str, metric: str, dataset: str, bib: Path | None) -> Rebuttal:
    """The answer to a reviewer about all models that go by a name."""
    from litdb.report.paper.rebuttal import rebuttal

    try:
        first = catalogue.why(model, metric, dataset=dataset)
        keys = [catalogue.show(model)[0].key, *first.namesakes]
    except Ambiguous as several:
        keys = list(several.choice)
    answers = {key: catalogue.why(key, metric, dataset=dataset) for key in keys}
    table = catalogue.table(["params", metric], models=keys, dataset=dataset, mixed=True)
    known = {row.model for row in table.rows if row.cells[1].provenance is not None}
    named = [key for key in keys if key in known or key == keys[0]]
    return rebuttal(
        table, catalogue.citations(table, bib).keys, {key: one.versions for key, one in answers.items()},
        {key: answers[key].model for key in named if key not in known},
    )  # fmt: skip


def _genealogy(found: Genealogy, *, json: bool) -> None:
    from litdb.api import Trace

    if json:
        emit_json(
            {
                **plain(found),
                "cells": [listed(value) for value in found.cells],
                "edges": [
                    {**plain(e), "child": listed(e.child), "parent": listed(e.parent)} for e in found.edges
                ],
                "unexplained": [listed(value) for value in found.unexplained],
            }
        )
        return
    say(f"{found.name}, {found.metric}" + (f" on {found.dataset}" if found.dataset else ""))
    rows = [[f"  {v.row.document.date or '-'}", v.printed, v.origin, v.cited, v.key[:8]] for v in found.cells]
    if rows:
        say(columns(rows, ["  date", "printed", "origin", "where", "result"]))
    copied = [edge for edge in found.edges if edge.kind is not Trace.ORIGINAL]
    if copied:
        say("probably copied, with the two cells that speak for it:")
    for edge in copied:
        say(f"  {edge.child.place} ← {edge.parent.place}: {edge.kind}")
        say(f"    {edge.words} [{edge.child.key[:8]} ← {edge.parent.key[:8]}]")
    if agreeing := [edge for edge in found.edges if edge.kind is Trace.ORIGINAL]:
        say(f"as the original ({agreeing[0].parent.place}), which shows no copy:")
    for edge in agreeing:
        say(f"  {edge.child.printed} in {edge.child.place} [{edge.child.key[:8]}]")
    for value in found.unexplained:
        say(f"  no source shows for {value.printed} in {value.place}")


def _card(found: Card) -> None:
    say(f"{found.name}" + (f": “{found.title}”" if found.title else ""))
    for title, items in (("numbers", found.numbers), ("stated", found.stated), ("inferred", found.inferred)):
        if items:
            say(f"\n{title}")
            rows = [[f"  {i.what}", i.text, i.place, i.note, i.result[:8]] for i in items]
            say(columns(rows, ["  what", "value", "where", "", "result"]))
    if found.said:
        say("\nsaid of the model as a whole")
        rows = [[f"  {i.what}", i.text, i.place, i.note] for i in found.said]
        say(columns(rows, ["  what", "in words", "where", ""]))
    if found.missing:
        say(f"\nnot stated: {', '.join(found.missing)}")
    for one in found.contradicted:
        say(f"\ncontradicted: {one.what}" + (f" ({one.note})" if one.note else ""))
        say(
            columns(
                [[f"  {c.text}", c.note, c.place, c.result[:8]] for c in one.cells],
                ["  printed", "", "where", "result"],
            )
        )
    say(f"\ncode: {', '.join(found.code) or 'none known'}")
    say(f"checkpoint: {'; '.join(found.checkpoints) or 'none known'}")
    if found.questions:
        say("\nto ask")
        say("\n".join(f"  - {question}" for question in found.questions))


@app.command()
def history(
    target: Annotated[str | None, typer.Argument(metavar="[MODEL|PAPER|RESULT]")] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """List decisions: who decided what, when and why.

    Example: litdb history IMSE
    """
    with open_catalogue(db) as catalogue:
        entries = catalogue.history(target)
    if json:
        emit_json(entries)
        return
    if not entries:
        say("no decisions")
        return
    rows = [
        [e.uid[:8], e.made_at.strftime("%Y-%m-%d %H:%M"), e.who, e.kind, e.about, e.detail, e.reason, e.state]
        for e in entries
    ]
    say(columns(rows, ["decision", "when", "who", "what", "about", "detail", "reason", "state"]))


def _values(values: Sequence[Value], *, with_model: bool = False) -> str:
    rows = []
    for value in values:
        mark = {"accepted": "", "proposed": "proposed", "rejected": "rejected"}[value.status]
        notes = "; ".join(
            filter(
                None,
                [
                    mark,
                    value.withdrawn,
                    value.contested,
                    *map(str, value.corrections),
                    *value.flags,
                    value.remark,
                ],
            )
        )
        row = [
            value.key[:8],
            value.metric,
            value.dataset or "-",
            value.printed,
            value.origin,
            value.place,
            notes,
        ]
        rows.append([*row[:1], value.row.label, *row[1:]] if with_model else row)
    header = ["result", "metric", "test set", "printed", "origin", "source", ""]
    return columns(rows, [*header[:1], "row", *header[1:]] if with_model else header)


def _why(answer: Why) -> None:
    say(f"{answer.model}, {answer.metric}" + (f" on {answer.dataset}" if answer.dataset else ""))
    for key in answer.namesakes:
        say(f"  another model goes by that name: {key} (`litdb why {key} {answer.metric}`)")
    if not answer.shown:
        say("  no value is shown: nothing accepted is known")
    for shown in answer.shown:
        value = shown.value
        say(f"  shown: {value.printed}  ({value.origin}, {value.place}, row “{value.row.label}”)")
        say(f"  because: {shown.because}")
        for note in shown.notes:
            say(f"  note: {note}")
        for name, item in value.protocol:
            say(f"  {name}: {item.value}, {item.basis}{f' ({item.note})' if item.note else ''}")
        if value.reasons:
            say(f"  read with confidence {value.confidence:.2f}: {'; '.join(value.reasons)}")
    for run, how in answer.carried_out:
        say(f"  run {run}: {how}")
    for absence in answer.absences:
        say(f"  not reported: {absence}")
    if len({text for _version, text in answer.versions}) > 1:
        say("  versions: " + ", ".join(f"v{version} prints {text}" for version, text in answer.versions))
    for dispute in answer.disputes:
        say(f"  {dispute}")
    for printed, sources in answer.quotes:
        say(f"  quoted as {printed} by: {'; '.join(sources)}")
    if answer.grid is not None:
        say()
        say(_grid(answer.grid))
    say()
    say(_values(answer.values))


def _grid(view: GridView) -> str:
    """The table as it stood, the cell in question between » and «."""
    rows = [
        [f"»{cell}«" if (r, c) == (view.row, view.column) else cell for c, cell in enumerate(row)]
        for r, row in enumerate(view.rows)
    ]
    clipped = [[cell if len(cell) <= 28 else cell[:27] + "…" for cell in row] for row in rows]
    caption = view.caption if len(view.caption) <= 300 else view.caption[:299] + "…"
    return f"{view.source}: {caption}\n" + columns(clipped[1:], clipped[0])
