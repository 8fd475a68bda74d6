"""Decisions: `litdb accept`, `reject`, `correct`, `alias`, `unify`, `undo`."""

from __future__ import annotations

from typing import Annotated

import typer

from litdb.cli._shared import Db, Json, Reason, family, open_catalogue, recorded

app = family()
ResultKey = Annotated[
    str,
    typer.Argument(metavar="RESULT", help="The key of a result, or its beginning (`litdb why` shows it)."),
]


@app.command()
def accept(result: ResultKey, reason: Reason, json: Json = False, db: Db = None) -> None:
    """Accept a proposed result.

    Example: litdb accept 3fa2c81b --reason "checked in the PDF"
    """
    with open_catalogue(db) as catalogue:
        recorded(catalogue.accept(result, reason), json)


@app.command()
def reject(result: ResultKey, reason: Reason, json: Json = False, db: Db = None) -> None:
    """Reject a result that was read wrongly.

    Example: litdb reject 3fa2c81b --reason "a p-value, not PESQ"
    """
    with open_catalogue(db) as catalogue:
        recorded(catalogue.reject(result, reason), json)


@app.command()
def correct(
    result: ResultKey,
    reason: Reason,
    value: Annotated[str | None, typer.Option(help="The right value, as printed.")] = None,
    metric: Annotated[str | None, typer.Option(help="The right metric.")] = None,
    dataset: Annotated[str | None, typer.Option(help="The right test set.")] = None,
    model: Annotated[str | None, typer.Option(help="The right model.")] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Correct a result; the reading itself is kept.

    Example: litdb correct 3fa2c81b --value 3.373 --reason "misread digit"
    """
    with open_catalogue(db) as catalogue:
        recorded(
            catalogue.correct(result, reason, value=value, metric=metric, dataset=dataset, model=model), json
        )


@app.command()
def alias(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name as printed.")],
    model: Annotated[str, typer.Argument(metavar="MODEL", help="The model it means.")],
    reason: Reason = "same model under another name",
    paper: Annotated[str | None, typer.Option(help="Only within this paper.")] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Say that a name means a model.

    Example: litdb alias "DPT" DPT-FSNet --paper 2405.06573
    """
    with open_catalogue(db) as catalogue:
        recorded(catalogue.alias(name, model, paper=paper, reason=reason), json)


@app.command()
def unify(
    kept: Annotated[str, typer.Argument(metavar="KEPT", help="The model whose name stays.")],
    merged: Annotated[str, typer.Argument(metavar="OTHER", help="The model that becomes part of it.")],
    reason: Reason = "one model",
    json: Json = False,
    db: Db = None,
) -> None:
    """Say that two models are one.

    OTHER becomes part of KEPT: the name of KEPT stays, and the results of both are its.

    Example: litdb unify "SEMamba (+PCS)" "SEMamba w/PCS" --reason "the paper and its README"
    """
    with open_catalogue(db) as catalogue:
        recorded(catalogue.unify(kept, merged, reason=reason), json, f"{merged} is {kept} from now on")


@app.command()
def undo(
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="Its number in `litdb history`.")],
    reason: Reason = "taken back",
    json: Json = False,
    db: Db = None,
) -> None:
    """Take a decision back.

    Example: litdb undo 5be0c4d1
    """
    with open_catalogue(db) as catalogue:
        recorded(catalogue.undo(decision, reason=reason), json)
