"""`litdb runs`, `litdb compare`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litdb.cli._shared import (
    Db,
    Json,
    Reason,
    columns,
    date,
    emit_json,
    family,
    names,
    open_catalogue,
    recorded,
    say,
)
from litdb.cli.options import named_groups
from litdb.errors import UsageError
from litdb.report.sheet import heading_of

if TYPE_CHECKING:
    from litdb.api import CheckpointView, Comparison, Measure, Part, RunView

app = family()
own = family()
app.add_typer(
    own, name="runs", help="List own runs and checkpoints, and declare which one stands for a model."
)


@own.callback(invoke_without_command=True)
def runs(
    ctx: typer.Context,
    model: Annotated[
        str | None, typer.Option("--model", metavar="MODEL", help="Only this own model's.")
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """List own runs and checkpoints, and declare which one stands for a model.

    A ★ marks the declared checkpoint. Values are means over a test set; what covers fewer files says so.

    Example: litdb runs

    Example: litdb runs declare new --checkpoint best-composite --reason "the recipe of the paper"
    """
    if ctx.invoked_subcommand is not None:
        return
    with open_catalogue(db) as catalogue:
        found = catalogue.runs(model)
    if json:
        emit_json(found)
        return
    if not found:
        of = f" of {model}" if model is not None else ""
        say(f"no own run{of} is recorded: `litdb add RUN` takes one in, `litdb add-result` single values")
    for name in dict.fromkeys(run.model for run in found):
        _say_runs(name, [run for run in found if run.model == name])


@own.command()
def declare(
    reason: Reason,
    run: Annotated[str, typer.Argument(metavar="[RUN]")] = "",
    checkpoint: Annotated[
        str,
        typer.Option("--checkpoint", "-c", metavar="C", help="Its name, or the beginning of its SHA-256."),
    ] = "",
    group: Annotated[
        str,
        typer.Option(
            "--group", "-g", metavar="R1,R2,..", help="Runs that differ in their seed, instead of RUN."
        ),
    ] = "",
    omit: Annotated[
        list[str] | None,
        typer.Option(
            "--omit", metavar="RUN=REASON", help="A seed that the group leaves out; may be repeated."
        ),
    ] = None,
    day: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="The day from which it stands (today).")
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Declare which checkpoint of a run, or which runs over seeds, stand for their model.

    A group stands by the mean and deviation over its seeds, in tables, gap, claim and plot. Of several declarations the
    last one made counts; `litdb history MODEL` shows all, `litdb undo` takes one back.

    Example: litdb runs declare new --checkpoint best-composite --reason "chosen before the test, by validation"

    Example: litdb runs declare --group s1,s2,s3 --omit s4="diverged" --reason "three seeds, planned before the test"
    """
    if bool(run) == bool(group):
        raise UsageError(
            "declare a RUN with its --checkpoint, or runs that differ in their seed with --group R1,R2"
        )
    if run and not checkpoint:
        raise UsageError(f"say which checkpoint of {run} stands for its model: --checkpoint C")
    if omit and not group:
        raise UsageError("--omit names seeds that a --group leaves out")
    with open_catalogue(db) as catalogue:
        if group:
            uid = catalogue.declare_group(
                names(group) or (),
                reason=reason,
                checkpoint=checkpoint,
                omitted=_omitted(omit or ()),
                date=date(day),
            )
        else:
            uid = catalogue.declare(run, checkpoint, reason=reason, date=date(day))
    recorded(uid, json)


def _omitted(words: list[str] | tuple[str, ...]) -> dict[str, str]:
    found = {}
    for word in words:
        run, equals, why = word.partition("=")
        if not equals or not run.strip() or not why.strip():
            raise UsageError(f"{word!r} is not RUN=REASON: write for example s4=diverged")
        found[run.strip()] = why.strip()
    return found


@own.command()
def remove(
    run: Annotated[str, typer.Argument(metavar="RUN")], reason: Reason, json: Json = False, db: Db = None
) -> None:
    """Take an own run out: none of its values counts or is shown; nothing is deleted.

    `litdb undo` brings it back.

    Example: litdb runs remove full-0 --reason "trained with a broken loader"
    """
    with open_catalogue(db) as catalogue:
        recorded(catalogue.remove_run(run, reason=reason), json)


@app.command()
def compare(
    systems: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="A B ..", help="Checkpoints, runs, models, or CSV files of scores by utterance."
        ),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group", "-g", metavar="NAME=R1,R2,..", help="Runs that differ in their seed; give two groups."
        ),
    ] = None,
    metrics: Annotated[
        str | None, typer.Option("--metrics", "--metric", "-m", metavar="A,B,..", help="Only these metrics.")
    ] = None,
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="The test set.")] = "vbd",
    conditions: Annotated[
        Path | None,
        typer.Option(
            "--conditions", metavar="FILE", help="Speaker, SNR or noise of each file, to show parts."
        ),
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Compare own systems file by file, or groups of runs over seeds and files.

    Each against the first: mean difference, 95% interval, p corrected for all tests made. 1 when nothing could be compared.
    Of published means it says what keeps them from being compared, how that is known, and by how much it moves them.

    Example: litdb compare new/best-composite old/last --metrics PESQ,STOI

    Example: litdb compare --group base=b1,b2,b3 --group full=f1,f2,f3

    Example: litdb compare CMGAN DB-AIAT --metric CSIG
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.compare(
            *(systems or ()),
            groups=named_groups(group or ()),
            metrics=names(metrics) or (),
            dataset=dataset,
            conditions=conditions,
        )
    if json:
        emit_json(found)
    else:
        for number, comparison in enumerate(found):
            if number:
                say()
            _say_comparison(comparison)
    if not any(comparison.measures for comparison in found):
        raise typer.Exit(1)


# --- output -----------------------------------------------------------------------------------------------


def _say_runs(model: str, found: list[RunView]) -> None:
    say(model)
    say()
    used = [mean.metric for run in found for c in run.checkpoints for mean in c.means]
    metrics = list(dict.fromkeys(used))
    rows, notes = [], []
    for run in found:
        for checkpoint in run.checkpoints if not run.removed else ():
            for dataset in sorted({mean.dataset for mean in checkpoint.means if mean.dataset}) or [""]:
                rows.append(_row(checkpoint, dataset, metrics))
            notes += _notes(checkpoint)
    titles = ["run/checkpoint", "epoch", "selected on", "declared", "test set", "by file"]
    header = [*titles, *map(heading_of, metrics)]
    say(columns(rows, header))
    say()
    for run in found:
        if run.removed:
            say(f"{run.key}: {run.removed}")
            continue
        seed = f"seed {run.seed}; " if run.seed is not None else ""
        say(f"{run.key}: {seed}{run.recipe or 'recipe not recorded'}")
        if words := str(run.carried_out):
            say(f"{run.key}: {words}")
        if run.looks:
            say(f"{run.key}: {_looked(Counter(look.dataset for look in run.looks))} in all")
    if (group := next((run.group for run in found if run.group is not None), None)) is not None:
        say(f"★ the mean over {group.name} stands for {model}, declared {group.declared_on}")
        for omitted in group.omitted:
            say(f"  left out of it: {omitted}")
    for note in notes:
        say(note)


def _row(checkpoint: CheckpointView, dataset: str, metrics: list[str]) -> list[str]:
    values = {mean.metric: mean for mean in checkpoint.means if mean.dataset in (dataset, "")}
    shown = [
        "-" if metric not in values else values[metric].shown + ("*" if values[metric].partial else "")
        for metric in metrics
    ]
    return [
        ("★ " if checkpoint.standing else "  ") + checkpoint.key,
        "-" if checkpoint.epoch is None else str(checkpoint.epoch),
        checkpoint.selected_on or "not stated",
        str(checkpoint.declared_on or "-"),
        dataset or "-",
        str(checkpoint.scored.get(dataset, 0) or "means only") if dataset else "-",
        *shown,
    ]


def _looked(counts: Mapping[str, int]) -> str:
    """In words, how often test sets were looked at: `vbd was looked at 3 times`."""
    said = [
        f"{name} was looked at {'once' if n == 1 else f'{n} times'}" for name, n in sorted(counts.items())
    ]
    return " and ".join(said)


def _notes(checkpoint: CheckpointView) -> list[str]:
    notes = [
        f"* {checkpoint.key}: {mean.metric} covers {mean.files} files"
        for mean in checkpoint.means
        if mean.partial
    ]
    if checkpoint.standing:
        notes.append(
            f"★ {checkpoint.key} declared {checkpoint.declared_on}: {checkpoint.reason or 'no reason recorded'}"
        )
        if checkpoint.looks_before:
            notes.append(
                f"★ {checkpoint.key}: before it was declared {_looked(checkpoint.looks_before)} with checkpoints of this model"
            )
    if checkpoint.also:
        notes.append(f"{checkpoint.key} is also {', '.join(checkpoint.also)}: the same bytes")
    if checkpoint.selected_on == "test":
        notes.append(f"{checkpoint.key} was selected on the test set: its scores flatter it")
    notes += [f"{checkpoint.key}: {mark}" for mark in checkpoint.marks]
    return notes


def _say_comparison(found: Comparison) -> None:
    members = [f" ({', '.join(runs)})" if runs else "" for runs in found.runs]
    say(f"A {found.a}{members[0]}")
    say(f"B {found.b}{members[1]}")
    if found.measures:
        say()
        rows = []
        for measure in found.measures:
            rows.append(_measure(measure))
            rows += [_part(part) for part in measure.parts]
        say(
            columns(
                rows, ["metric", "A", "B", "B - A", "95% interval", "p", "p (Holm)", "effect", "over", "B is"]
            )
        )
    if found.refused:
        say()
        say("Cannot be compared file by file:")
    for refused in found.refused:
        say(f"  {refused.metric}: {refused.reason} (A {refused.means[0]}, B {refused.means[1]})")
        for line in refused.beside.in_words() if refused.beside is not None else ():
            say(f"    {line}")
    for command in dict.fromkeys(refused.command for refused in found.refused):
        say(f"  to make it comparable: {command}")
    of_metrics: dict[str, list[str]] = {}  # a note that several metrics share is said once
    for measure in found.measures:
        for note in measure.notes:
            of_metrics.setdefault(note, []).append(measure.metric)
    if found.notes or of_metrics:
        say()
    for note in found.notes:
        say(f"Note: {note}")
    for note, metrics in of_metrics.items():
        who = "" if len(metrics) == len(found.measures) else f"{', '.join(metrics)}: "
        say(f"Note: {who}{note}")


def _measure(measure: Measure) -> list[str]:
    difference = measure.difference
    if hasattr(difference, "runs"):
        over = f"{difference.runs[0]} + {difference.runs[1]} runs"
        over += f", {difference.utterances} files" if difference.utterances else ", means"
    else:
        over = f"{difference.utterances} files"
    effect = difference.effect
    arrow = "↑" if measure.better == "higher" else "↓"
    return [
        f"{measure.metric} {arrow}",
        f"{measure.a:.4g}",
        f"{measure.b:.4g}",
        _signed(difference.mean),
        f"{_signed(difference.low)} .. {_signed(difference.high)}",
        _p(difference.p),
        _p(measure.corrected),
        "-" if effect is None else f"{effect:+.2f}",
        over,
        measure.verdict,
    ]


def _part(part: Part) -> list[str]:
    difference = part.difference
    interval = f"{_signed(difference.low)} .. {_signed(difference.high)}"
    name = f"· {part.kind} {part.value}"
    return [
        name,
        "",
        "",
        _signed(difference.mean),
        interval,
        "",
        "",
        "",
        f"{difference.utterances} files",
        "",
    ]


def _signed(value: float) -> str:
    digits = 4 if abs(value) < 1 else 3
    return f"{value:+.{digits}f}"


def _p(value: float) -> str:
    return "<0.0001" if value < 1e-4 else f"{value:.4f}" if value < 0.1 else f"{value:.2f}"
