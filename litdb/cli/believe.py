"""What may be believed: `litdb conflicts`, `resolve`, `audit`, `protocol`, `evidence`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
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
from litdb.cli.tries import lines_of
from litdb.errors import UsageError
from litdb.report.json_text import plain
from litdb.report.tracing.quoted import as_records, told

if TYPE_CHECKING:
    from litdb.api import Answer, Disagreement, Evidence, Finding, ProtocolMatrix

app = family()
#: More conflicts than this are folded to a summary of so many models.
_UNFOLDED, _MODELS = 50, 20
Model = Annotated[str | None, typer.Option("--model", "-m", metavar="MODEL", help="Only this model.")]


@app.command()
def conflicts(
    model: Model = None,
    metric: Annotated[
        str | None, typer.Option("--metric", metavar="METRIC", help="Only this metric.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every one in full, resolved ones too.")] = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """List values that cannot both be right, with every source; exit 1 when one is unresolved.

    More than a few pages of them are folded to a count by kind and by model: name a model or a metric, or say --all.

    Example: litdb conflicts --model TSTNN
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.conflicts(model, metric=metric)
    unresolved = [conflict for conflict in found if conflict.state != "resolved"]
    shown = found if everything else unresolved
    if json:
        emit_json(shown)
    else:
        if len(shown) > _UNFOLDED and not (model or metric or everything):
            _folded(shown)
        else:
            for conflict in shown:
                _conflict(conflict)
        certain = sum(not conflict.possible for conflict in unresolved)
        named = "1 conflict" if certain == 1 else f"{certain} conflicts"
        say(f"{named}, {len(unresolved) - certain} possible, {len(found) - len(unresolved)} resolved")
    if unresolved:
        raise typer.Exit(1)


@app.command()
def resolve(
    conflict: Annotated[str, typer.Argument(metavar="CONFLICT", help="Its number in `litdb conflicts`.")],
    reason: Reason,
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="RESULT", help="The result that stands.")
    ] = None,
    both: Annotated[bool, typer.Option("--both", help="Both values are right.")] = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Settle a conflict, with the reason; a value that is kept stands in tables, with a footnote.

    Example: litdb resolve 5c99df47 --keep 3fa2c81b --reason "version 2 replaced it"
    """
    with open_catalogue(db) as catalogue:
        recorded(catalogue.resolve(conflict, reason, keep=keep, both=both), json)


@app.command()
def audit(
    model: Model = None,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="CODE", help="What a rule is for; `all` for every rule."),
    ] = None,
    propose: Annotated[
        bool,
        typer.Option("--propose", help="Print the commands that would settle the findings; none is run."),
    ] = False,
    suppress: Annotated[
        str | None,
        typer.Option("--suppress", metavar="CODE:TARGET", help="Let a finding stand, with --reason."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", "-r", metavar="TEXT", help="Why, for --suppress.")] = "",
    quotations: Annotated[
        bool,
        typer.Option(
            "--quotations", help="Instead: is each quoted number that of the paper it is quoted from?"
        ),
    ] = False,
    paper: Annotated[
        str | None,
        typer.Option("--paper", metavar="PAPER", help="With --quotations: only in this paper, or of it."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Suppressed findings too; quotations that agree.")
    ] = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Find what should not be believed as it stands; exit 1 when something is found.

    Example: litdb audit --model BSRNN --propose
    """
    if paper is not None and not quotations:
        raise UsageError("--paper goes with --quotations")
    if quotations:
        _quotations(model, paper, everything, db, json=json)
        return
    if explain is not None:
        _explain(explain, json=json)
        return
    if suppress is not None:
        with open_catalogue(db) as catalogue:
            recorded(catalogue.suppress(suppress, reason), json)
        return
    with open_catalogue(db) as catalogue:
        found = catalogue.audit(model)
    standing = [finding for finding in found if not finding.suppressed]
    shown = found if everything else standing
    if json:
        emit_json(shown)
    elif propose:
        for finding in standing:
            if finding.proposals:
                say(f"# {finding.id}: {finding.message}")
                say("\n".join(finding.proposals))
    else:
        for finding in shown:
            _finding(finding)
        counts = {s: sum(f.severity == s for f in standing) for s in ("error", "warning", "note")}
        said = ", ".join(f"{number} {severity}s" for severity, number in counts.items())
        say(f"{said}; {len(found) - len(standing)} suppressed")
    if standing:
        raise typer.Exit(1)


@app.command()
def evidence(
    component: Annotated[
        str, typer.Argument(metavar="[COMPONENT]", help="A word of the vocabulary, or free words.")
    ] = "",
    near: Annotated[
        str | None, typer.Option("--near", metavar="PARAMS", help="The size you have in mind, such as 0.46M.")
    ] = None,
    dataset: Annotated[str | None, typer.Option("--dataset", "-d", help="Only this test set.")] = None,
    metric: Annotated[str, typer.Option("--metric", help="What the summary tells.")] = "PESQ",
    components: Annotated[
        Path | None,
        typer.Option("--components", metavar="FILE", help="Your own components and abbreviations (TOML)."),
    ] = None,
    own: Annotated[
        str | None,
        typer.Option(
            "--own",
            metavar="RUN,RUN,...",
            help="Instead: does each step between these own runs change one thing?",
        ),
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Say what ablations isolate of a component, and what they do not; nothing is predicted.

    With --own, own runs in the order of an ablation: exit 1 when a step changes more than one thing.

    Example: litdb evidence phase --near 0.46M
    """
    if own is not None:
        if component:
            raise UsageError("give a component, or own runs with --own, not both")
        _steps(names(own) or [], db, json=json)
        return
    with open_catalogue(db) as catalogue:
        answer = catalogue.evidence(
            component, near=near, dataset=dataset, metric=metric, components=components
        )
    if json:
        emit_json(answer)
        return
    _answer(answer)


def _steps(runs: list[str], db: str | None, *, json: bool) -> None:
    with open_catalogue(db) as catalogue:
        found = catalogue.own_steps(runs)
    if json:
        emit_json([{**plain(step), "isolates": step.isolates} for step in found])
    else:
        for step in found:
            say(f"{step.first} → {step.second}: {step.verdict}")
            for setting in step.settings:
                say(f"    {setting.name}: {setting.before} → {setting.after}")
            if step.beside:
                say(f"    beside it, not the same: {', '.join(step.beside)}")
    if not all(step.isolates for step in found):
        raise typer.Exit(1)


def _answer(answer: Answer) -> None:
    say(f"{answer.component or answer.query}: {answer.title}" if answer.component else answer.query)
    say(answer.summary)
    sections = (
        ("isolate it (with minus without)", answer.isolated),
        ("change it together with other things (changed row minus base)", answer.together),
        ("do not change it, or not it alone (changed row minus base)", answer.related),
    )
    for title, rows in sections:
        if rows:
            say(f"\nRows that {title}:")
            say(_evidence_table(rows))
    if answer.systems or answer.gains:
        say("\nWhole systems, which isolate nothing:")
    for whole in answer.systems:
        say(
            f"  {whole.name} {whole.value:g}, {whole.other}, not known to have it, {whole.other_value:g} "
            f"({whole.metric} on {whole.dataset}, {whole.place})"
        )
    for gain in answer.gains:
        say(f"  claimed: {gain.printed} {gain.metric} for {gain.name} ({gain.source}; {gain.remark})")
    if answer.tries:
        say("\nOwn tries about it:")
        for one in answer.tries:
            say("\n".join(f"  {line}" for line in lines_of(one)))
    if answer.waiting:
        some = "1 row of an ablation table waits"
        many = f"{answer.waiting} rows of ablation tables wait"
        say(f"\n{some if answer.waiting == 1 else many} for review (`litdb review`) and can hold more.")
    if answer.unplaced:
        say(f"\nChanges the vocabulary does not know: {answer.unknown}")


def _evidence_table(rows: Sequence[Evidence]) -> str:
    from litdb.api import signed
    from litdb.vocabulary import format_count

    def count(number: float | None) -> str:
        return "?" if number is None else format_count(number)

    lines = []
    for row in rows:
        one = row.comparison
        told = [
            f"{e.metric} {signed(e)}" + (f" ({e.dataset})" if e.dataset else "")
            for e in row.effects
            if e.dataset
        ]
        sets = {e.dataset for e in row.effects if e.dataset}
        if len(sets) == 1:
            told = [f"{e.metric} {signed(e)}" for e in row.effects if e.dataset] + [f"on {next(iter(sets))}"]
        size = count(one.base_params)
        if one.changed_params is not None and one.changed_params != one.base_params:
            size += f" → {count(one.changed_params)}"
        note = f"against {row.against}" if row.against else row.why
        trained = {"yes": "MetricGAN", "no": "no MetricGAN"}.get(one.metricgan, "training not stated")
        lines.append([one.place, one.words, one.base_label, size, trained, ", ".join(told), note])
    return columns(lines, ["where", "change", "base row", "params", "base trained", "difference", ""])


@app.command()
def protocol(
    models: Annotated[
        str, typer.Option("--models", "-m", metavar="A,B,...|@FILE", help="The models to compare.")
    ],
    dataset: Annotated[str, typer.Option("--dataset", "-d", help="The test set.")] = "vbd",
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Show how the numbers of several models were obtained: stated, inferred or not stated, and where.

    Example: litdb protocol --models IMSE,MUSE,BSRNN-FAC-MRHA3
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.protocol(names(models) or [], dataset=dataset)
    if json:
        emit_json(found)
    else:
        _protocol(found, markdown=markdown)


def _protocol(found: ProtocolMatrix, *, markdown: bool) -> None:
    """Items down, models across, so that a long list of items needs no wide screen; places as numbered notes."""
    notes: dict[str, int] = {}
    rows = []
    for number, item in enumerate(found.items):
        line = [item]
        for row in found.rows:
            cell = row.cells[number]
            ground = f" ({cell.basis})" if cell.basis in ("inferred", "in words") else ""
            said = "; ".join(part for part in (cell.place, cell.note) if part)
            mark = f" [{notes.setdefault(said, len(notes) + 1)}]" if said else ""
            line.append(f"{cell.text}{ground}{mark}")
        rows.append(line)
    header = ["", *(row.name for row in found.rows)]
    if markdown:
        from litdb.report.escape import markdown as escaped

        lines = [" | ".join(map(escaped, cells)) for cells in (header, *rows)]
        lines.insert(1, " | ".join(["---"] * len(header)))
        say("\n".join(f"| {text} |" for text in lines))
    else:
        say(columns(rows, header))
    say()
    for note, number in notes.items():
        say(f"[{number}] {note}" + ("  " if markdown else ""))
    for difference in found.differing:
        say(f"known to differ in {difference}")


def _quotations(
    model: str | None, paper: str | None, everything: bool, db: str | None, *, json: bool
) -> None:
    with open_catalogue(db) as catalogue:
        found = catalogue.quotations(model, paper=paper)
    wrong = [one for one in found if one.verdict.is_finding]
    if json:
        emit_json(as_records(found if everything else wrong))
    else:
        say(told(found, everything=everything))
    if wrong:
        raise typer.Exit(1)


def _explain(code: str, *, json: bool) -> None:
    from litdb.api import audit_rules

    rules = audit_rules(code)
    if json:
        emit_json([{"code": r.code, "finds": r.finds, "explanation": r.explanation} for r in rules])
        return
    say("\n\n".join(f"{rule.code}: {rule.finds}\n{rule.explanation}" for rule in rules))


def _finding(finding: Finding) -> None:
    say(f"{finding.severity}  {finding.id}  {finding.message}")
    for source in finding.sources:
        say(f"    {source}")
    if finding.suppressed:
        say(f"    suppressed: {finding.suppressed}")


def _folded(found: Sequence[Disagreement]) -> None:
    """Conflicts by kind, and the models with most of them."""
    kinds = Counter(", ".join(conflict.kinds) for conflict in found)
    say(columns([[kind, str(number)] for kind, number in kinds.most_common()], ["kind", "conflicts"]))
    models = Counter(conflict.model for conflict in found)
    metrics: dict[str, dict[str, None]] = {}
    for conflict in found:
        metrics.setdefault(conflict.model, {}).setdefault(conflict.metric)
    most = models.most_common(_MODELS)
    rows = [[name, str(number), ", ".join(metrics[name])] for name, number in most]
    say()
    say(columns(rows, ["model", "conflicts", "metrics"]))
    left = len(models) - len(most)
    say(
        f"and {left} models more; `litdb conflicts --model {most[0][0]}` shows those of one, --all every one in full"
    )


def _conflict(conflict: Disagreement) -> None:
    word = "possible conflict" if conflict.possible else "conflict"
    where = f" on {conflict.dataset}" if conflict.dataset else ""
    say(f"{conflict.id[:8]}  {conflict.name}, {conflict.metric}{where}: {word} ({', '.join(conflict.kinds)})")
    rows = [
        [f"  {side.said if number == 0 else ''}", value.said, value.origin, value.cited, value.key[:8]]
        for side in conflict.sides
        for number, value in enumerate(side.sources)
    ]
    say(columns(rows, ["  value", "printed", "origin", "where", "result"]))
    for line in conflict.explanation:
        say(f"  - {line}")
    if conflict.resolution is not None:
        kept = f"keep {conflict.resolution.keep[:8]}" if conflict.resolution.keep else "both stand"
        since = "; a source appeared or changed since" if conflict.state == "changed" else ""
        say(f"  - decision {conflict.resolution.decision[:8]}: {kept}, {conflict.resolution.reason}{since}")
    say()
