"""`litdb try`: add, list, close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from litdb.cli._shared import Db, Json, Reason, emit_json, family, open_catalogue, say

if TYPE_CHECKING:
    from litdb.api import Tried

app = family()
group = family()
app.add_typer(
    group, name="try", help="Record what is tried and what came of it; plan how many runs it needs."
)

Model = Annotated[
    str | None, typer.Option("--model", "-m", metavar="MODEL", help="The model it is about (the own one).")
]


@group.command()
def add(
    hypothesis: Annotated[str, typer.Argument(metavar="HYPOTHESIS", help="What is believed, in words.")],
    change: Annotated[str, typer.Option("--change", "-c", metavar="TEXT", help="The one change.")],
    evidence: Annotated[
        list[str] | None,
        typer.Option(
            "--evidence", "-e", metavar="RESULT", help="A result that it rests on; may be repeated."
        ),
    ] = None,
    component: Annotated[
        list[str] | None,
        typer.Option("--component", metavar="COMPONENT", help="A word of the vocabulary; may be repeated."),
    ] = None,
    model: Model = None,
    base: Annotated[
        str | None, typer.Option("--base", metavar="RUN", help="The own run that is changed.")
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Record a try: a hypothesis, the results that it rests on, and the one change that tests it.

    Example: litdb try add "phase helps below 0.5M" --change "add a phase decoder" --component phase --evidence 3fa2c81b
    """
    with open_catalogue(db) as catalogue:
        uid = catalogue.add_try(
            hypothesis, change, evidence=evidence or (), components=component or (), model=model, base=base
        )
    if json:
        emit_json({"try": uid})
        return
    say(f"try {uid[:8]} (`litdb try close {uid[:8]} --outcome O --run RUN -r R`; `litdb undo {uid[:8]}`)")


@group.command()
def close(
    number: Annotated[str, typer.Argument(metavar="TRY", help="Its number in `litdb try list`.")],
    outcome: Annotated[
        str, typer.Option("--outcome", "-o", metavar="O", help="supported, failed or undecided.")
    ],
    reason: Reason,
    run: Annotated[
        str | None, typer.Option("--run", metavar="RUN", help="The own run that tested it.")
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Say how a try came out, by which run, and what was seen; a failure is kept like a success.

    Example: litdb try close 5be0c4d1 --outcome failed --run phase-1 --reason "-0.01 PESQ, three seeds each"
    """
    with open_catalogue(db) as catalogue:
        uid = catalogue.close_try(number, outcome, reason=reason, run=run)
    if json:
        emit_json({"decision": uid})
        return
    say(f"recorded as decision {uid[:8]} (`litdb undo {uid[:8]}` takes it back)")


@group.command("list")
def list_(model: Model = None, json: Json = False, db: Db = None) -> None:
    """List the tries, open and ended, with what they rest on and what came of them.

    Example: litdb try list
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.tries(model)
    if json:
        emit_json(found)
        return
    if not found:
        say("no try is recorded: `litdb try add` records one")
    for one in found:
        say("\n".join(lines_of(one)))


def lines_of(one: Tried) -> list[str]:
    """A try as lines of text."""
    named = f" [{', '.join(one.components)}]" if one.components else ""
    lines = [
        f"{one.uid[:8]}  {one.state}: {one.hypothesis}",
        f"    change: {one.change}{named} ({one.name}{f', from run {one.base}' if one.base else ''})",
    ]
    lines += [
        f"    rests on {ground.result[:8]}: {ground.words or 'no longer in this catalogue'}"
        for ground in one.evidence
    ] or ["    rests on no recorded result"]
    if one.outcome:
        by = f"by run {one.run}" if one.run else "by no run"
        lines.append(f"    {one.outcome} {by}: {one.seen}")
    if one.step:
        lines.append(f"    from {one.base} to {one.run}: {one.step}")
    return lines
