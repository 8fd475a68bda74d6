"""`litdb try`: add, list, close, plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from litdb.cli._shared import (
    Db,
    Json,
    Reason,
    columns,
    emit_json,
    family,
    names,
    open_catalogue,
    recorded,
    say,
)

if TYPE_CHECKING:
    from litdb.api import Plan, Tried

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
        recorded(catalogue.close_try(number, outcome, reason=reason, run=run), json)


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


@group.command("plan")
def plan_(
    effect: Annotated[
        float, typer.Option("--effect", metavar="GAIN", help="The gain to be seen, such as 0.03.")
    ],
    metric: Annotated[str, typer.Option("--metric", metavar="METRIC", help="In which metric.")] = "PESQ",
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="The test set.")] = "vbd",
    power: Annotated[float, typer.Option("--power", metavar="SHARE", help="In which share of cases.")] = 0.8,
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", metavar="MODEL", help="The spread of this own model's runs."),
    ] = None,
    runs: Annotated[
        list[str] | None,
        typer.Option(
            "--runs", metavar="R1,R2,..", help="Own runs that differ in their seed; may be repeated."
        ),
    ] = None,
    spread: Annotated[
        float | None,
        typer.Option("--spread", metavar="SD", help="Standard deviation over seeds, as published."),
    ] = None,
    published: Annotated[
        str | None,
        typer.Option("--published", metavar="RESULT", help="A result that prints it (± over seeds)."),
    ] = None,
    of: Annotated[
        int | None, typer.Option("--of", metavar="SEEDS", help="Over how many seeds that spread is.")
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Say how many seeds and files a gain needs to be seen, by how far runs of one recipe lie apart.

    Two groups of runs with different seeds are planned for, as `litdb compare --group` compares them, at 5%.

    Example: litdb try plan --effect 0.03 --metric PESQ
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.plan_try(
            effect, metric, dataset=dataset, power=power, model=model,
            runs=[names(text) or [] for text in runs or ()], spread=spread, published=published, of=of,
        )  # fmt: skip
    if json:
        emit_json(found)
    else:
        _say_plan(found)


def _say_plan(plan: Plan) -> None:
    spread = plan.spread
    say(f"To see a gain of {plan.effect:g} {plan.metric} on {plan.dataset} in {plan.wanted:.0%} of cases:")
    on = f" on {plan.files} files" if spread.files else " on the whole test set"
    if plan.seeds is None:
        say(f"more than 100 seeds on each side{on}: out of reach; look for a larger gain")
    else:
        assert plan.power is not None
        say(f"{plan.seeds} seeds on each side{on} (power {plan.power:.0%})")
    if plan.fewest_files is not None and plan.fewest_files < plan.files:
        say(f"with {plan.seeds} seeds {plan.fewest_files} files are enough")
    say()
    say(
        f"spread of run means over seeds: {spread.means:.4f}"
        + (f" on {spread.files} files" if spread.files else "")
    )
    if spread.low is not None and spread.high is not None:
        needed = " to ".join(
            "more than 100" if n is None else str(n) for n in (plan.seeds_low, plan.seeds_high)
        )
        say(
            f"95% interval {spread.low:.4f} .. {spread.high:.4f} ({spread.df} degrees of freedom): {needed} seeds"
        )
    for source in spread.sources:
        say(f"  {source}")
    say()
    rows = [
        [str(one.seeds), *("-" if p is None else f"{p:.0%}" for p in (one.power, one.if_low, one.if_high))]
        for one in plan.curve
    ]
    say(columns(rows, ["seeds", "power", "if the spread is at its low end", "at its high end"]))
    if plan.by_files:
        say()
        rows = [[str(files), "more than 100" if n is None else str(n)] for files, n in plan.by_files]
        say(columns(rows, ["files", "seeds needed"]))
    for note in spread.notes:
        say(f"Note: {note}")


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
