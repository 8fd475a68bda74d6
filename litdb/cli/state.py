"""`litdb gap`, `litdb claim`, `litdb patterns`, `litdb fact`: where the own model stands, and what models are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from litdb.api import Words
from litdb.cli._shared import Db, Json, columns, emit_json, family, names, open_catalogue, say
from litdb.cli.options import asks
from litdb.errors import UsageError
from litdb.report.json_text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litdb.api import Description, Fact, Gap, Judged, Patterns, Rival, Witness

app = family()
Dataset = Annotated[str, typer.Option("--dataset", "-d", help="The test set.")]
OwnModel = Annotated[
    str | None, typer.Option("--model", metavar="MODEL", help="The model it is about (default: the own one).")
]
_SIGNS = {
    "better": "+", "equal": "=", "worse": "-", "ahead if comparable": "(+)", "behind if comparable": "(-)",
    "not comparable": "x", "not decidable": "",
}  # fmt: skip


@app.command()
def gap(
    target: Annotated[
        str | None, typer.Option("--target", "-t", metavar="METRIC=VALUE,..", help="Values to be reached.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="LOW..HIGH", help="Published models with so many parameters."),
    ] = None,
    model: OwnModel = None,
    dataset: Dataset = "vbd",
    withdrawn: Annotated[
        bool, typer.Option("--withdrawn", help="Count values of withdrawn papers too.")
    ] = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Say how far the declared checkpoint is from a target and from published models of a size.

    + the own model is better, - worse, = equal as far as printed, x known not to be comparable, (+)? and (-)? ahead or
    behind only if what a source does not state is the same. A model dominates when it is as good in all that is known of both.

    Example: litdb gap --target PESQ=3.0,STOI=0.94 --against 0.4M..1.0M
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.gap(
            names(target) or (), against=against, model=model, dataset=dataset, withdrawn=withdrawn
        )
    if json:
        emit_json(found)
    else:
        _say_gap(found, against)


@app.command()
def claim(
    statement: Annotated[str, typer.Argument(metavar="STATEMENT")],
    model: OwnModel = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Say whether a statement is true in this catalogue, and what refutes it.

    [SUBJECT is the] smallest | largest | best METRIC | highest METRIC | lowest METRIC | first | only, then [causal] and
    any of: with METRIC>=NUMBER and ..., on TEST SET, since YEAR. Exit 0 when it is true, 1 when false or not decidable.

    Example: litdb claim "smallest with PESQ>=3.0 on vbd"

    Example: litdb claim "MUSE is the best PESQ with params<0.6M"
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.claim(statement, model=model)
    if json:
        emit_json(found)
    else:
        _say_claim(found)
    if found.verdict != "true":
        raise typer.Exit(1)


@app.command()
@asks("where")
def patterns(
    *,
    words: Words,
    dataset: Dataset = "vbd",
    evidence: Annotated[
        bool,
        typer.Option("--evidence", help="List the papers whose ablation rows speak for and against each."),
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Show which techniques the models of a range use: a matrix of what sources state, with counts.

    Counts, not causes: an empty cell means that no recorded source states it. With --evidence it lists instead, for each
    component, the papers with rows that change it alone, by whether PESQ on the test set is higher with it.

    Example: litdb patterns --params 0.4M..1.0M --metric PESQ=3.0..
    """
    if markdown and json:
        raise UsageError("--markdown and --json exclude each other")
    if evidence and words["where"] and not json:
        raise UsageError("--evidence lists what all ablation rows say: leave --params and --metric out")
    with open_catalogue(db) as catalogue:
        found = catalogue.patterns(words["where"], dataset=dataset, evidence=evidence)
    if json:
        emit_json({**_plain(found), "stated": found.stated})
    elif markdown:
        print(_markdown(found))
    elif evidence:
        _say_principles(found)
    else:
        _say_patterns(found)


@app.command()
def fact(
    model: Annotated[str, typer.Argument(metavar="MODEL")],
    family_: Annotated[str, typer.Option("--family", metavar="X", help="Its family of approaches.")] = "",
    technique: Annotated[str, typer.Option("--technique", metavar="X", help="A part of its network.")] = "",
    training: Annotated[str, typer.Option("--training", metavar="X", help="A way it was trained.")] = "",
    says: Annotated[
        str, typer.Option("--says", metavar="TOPIC=TEXT", help="What a source says of it in words.")
    ] = "",
    source: Annotated[str, typer.Option("--source", "-s", help="The place that states it.")] = "",
    remark: Annotated[str, typer.Option("--remark", help="The words there.")] = "",
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Say that it is not so; needs --reason.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why it is withdrawn.")] = "",
    json: Json = False,
    db: Db = None,
) -> None:
    """List what a model is made of and trained with, or state or withdraw one such fact.

    X is a word of `litdb vocabulary components`. TOPIC is approach, parts, recipe, training-set, sampling-rate, causal,
    seeds or hardware; to withdraw, it is enough. Stating a fact again replaces it; `litdb undo` takes back.

    Example: litdb fact MUSE --technique channel-attention --source "arXiv:2406.04589v2, table 2"
    """
    named = (("family", family_), ("technique", technique), ("training", training), ("says", says))
    given = {item: text for item, text in named if text}
    if len(given) > 1:
        raise UsageError("give one of --family, --technique, --training and --says")
    with open_catalogue(db) as catalogue:
        if not given:
            if source or remark or withdraw or reason:
                raise UsageError("say what is stated: --family, --technique, --training or --says")
            _say_facts(model, catalogue.facts(model), catalogue.descriptions(model), json=json)
            return
        if reason and not withdraw:
            raise UsageError("--reason goes with --withdraw; a fact has its --source")
        topic, _, text = says.partition("=")
        (item, component), *_ = given.items()
        if says and withdraw:
            uid = catalogue.withdraw_description(model, topic, reason=reason)
        elif says:
            uid = catalogue.describe(model, topic, text, source=source, remark=remark)
        elif withdraw:
            uid = catalogue.withdraw_fact(model, component, reason=reason, item=item)
        else:
            uid = catalogue.state_fact(model, component, source=source, item=item, remark=remark)
    if json:
        emit_json({"decision": uid})
    else:
        say(f"{'withdrawn' if withdraw else 'recorded'} ({uid[:8]}; `litdb undo {uid[:8]}` takes it back)")


# --- output -----------------------------------------------------------------------------------------------


def _say_facts(model: str, facts: Sequence[Fact], said: Sequence[Description], *, json: bool) -> None:
    if json:
        emit_json({"components": facts, "descriptions": said})
        return
    if not facts and not said:
        say(f"nothing is recorded of {model}")
    if facts:
        rows = [[f.item, f.component, f.source, f.remark, f.by] for f in facts]
        say(columns(rows, ["kind", "component", "source", "words there", "by"]))
    if facts and said:
        say()
    if said:
        rows = [[one.topic, one.text, one.source, one.remark, one.by] for one in said]
        say(columns(rows, ["topic", "in words", "source", "remark", "by"]))


def _say_gap(found: Gap, against: str | None) -> None:
    say(f"{found.model} on {found.dataset}: {'; '.join(found.notes) or found.source}")
    if found.aims:
        say()
        rows = [
            [
                f"{aim.metric} {'≥' if aim.direction == 'higher' else '≤'} {aim.wanted:g}",
                aim.printed,
                "reached" if aim.missing == 0 else "?" if aim.missing is None else f"{aim.missing:.4g}",
                aim.note,
            ]
            for aim in found.aims
        ]
        say(columns(rows, ["target", "own", "missing", ""]))
    if against is None:
        return
    say()
    if not found.rivals:
        say(f"no published model with {against} parameters has values on {found.dataset}")
        return
    metrics = list(dict.fromkeys(d.metric for rival in found.rivals for d in rival.differences))
    rows = [_rival(rival, metrics) for rival in found.rivals]
    say(columns(rows, ["against", "year", *metrics, "the own model is"]))
    for doubt in (*found.doubt_notes(), *found.mark_notes(), *found.seed_notes()):
        say(f"Note: {doubt}")
    compared = [rival for rival in found.rivals if rival.standing != "nothing to compare"]
    free = [rival for rival in compared if rival.standing.startswith("not dominated")]
    say(f"Not dominated by {len(free)} of {len(compared)} that it can be compared with.")


def _rival(rival: Rival, metrics: list[str]) -> list[str]:
    by_metric = {d.metric: d for d in rival.differences}
    cells = []
    for metric in metrics:
        d = by_metric.get(metric)
        cells.append(
            ""
            if d is None
            else f"{d.theirs} {_SIGNS[d.sign]}{'?' if d.note and d.sign != 'not comparable' else ''}"
        )
    standing: str = rival.standing
    if rival.own_better:
        standing += f": better in {', '.join(rival.own_better)}"
    return [rival.name, str(rival.year or ""), *cells, standing]


def _say_claim(found: Judged) -> None:
    say(f"{found.verdict.capitalize()}, in this catalogue on {found.day}: {found.statement}")
    say()
    say(f"{found.subject}: {'; '.join(found.own)}")
    for title, witnesses in (("Against it:", found.against), ("May speak against it:", found.open)):
        if witnesses:
            say()
            say(title)
            say(
                columns([_witness(w) for w in witnesses], ["model", "known since", "values", "why", "source"])
            )
    say()
    say(
        f"{found.considered} models with values on the test set were looked at; what is not in the catalogue is not known."
    )
    for note in found.notes:
        say(f"Note: {note}")


def _witness(witness: Witness) -> list[str]:
    return [witness.name, str(witness.date or "-"), ", ".join(witness.values), witness.why, witness.source]


def _say_principles(found: Patterns) -> None:
    if not found.principles:
        say(f"no ablation row in the catalogue changes one component alone on {found.dataset}")
        return
    sides = ("supporting", "against", "mixed", "none")
    for one in found.principles:
        papers = {side: getattr(one, side) for side in sides}
        counts = ", ".join(
            f"{len(names)} {'no difference' if side == 'none' else side}"
            for side, names in papers.items()
            if names
        )
        span = f"{one.lowest:+.4g} to {one.highest:+.4g}"
        say(f"{one.component}: {counts} ({one.metric} {span} in {one.rows} rows)")
        for side, told in papers.items():
            if told:
                say(f"  {f'{side}:':12} {', '.join(told)}")
    say(
        "Note: differences of single rows, of these models and trainings; `litdb evidence COMPONENT` shows each."
    )


def _say_patterns(found: Patterns) -> None:
    say(f"{found.dataset}: {len(found.models)} models, {found.stated} with recorded facts")
    if not found.models:
        return
    say()
    numbers = [str(number) for number in range(1, len(found.models) + 1)]
    rows = [
        [
            row.item,
            row.component,
            f"{row.count}/{found.stated}",
            *("●" if source else "" for source in row.sources),
        ]
        for row in found.rows
    ]
    say(columns(rows, ["kind", "component", "models", *numbers]))
    say()
    legend = [
        [number, model.name + (" ★" if model.own else ""), str(model.year or ""), *model.values, "" if model.stated else "nothing recorded"]
        for number, model in zip(numbers, found.models, strict=True)
    ]  # fmt: skip
    say(columns(legend, ["", "model", "year", *found.metrics, ""]))
    say("Note: counts of what sources state, not causes; an empty cell means not stated, not absent.")


def _markdown(found: Patterns) -> str:
    from litdb.report.escape import markdown

    names_ = [markdown(model.name) for model in found.models]
    lines = [
        f"| kind | component | models | {' | '.join(names_)} |",
        f"|---|---|---|{'---|' * len(names_)}",
    ]
    for place, metric in enumerate(found.metrics):
        values = [markdown(model.values[place]) for model in found.models]
        lines.append(f"|  | {markdown(metric)} |  | {' | '.join(values)} |")
    for row in found.rows:
        cells = ["●" if source else "" for source in row.sources]
        lines.append(f"| {row.item} | {row.component} | {row.count}/{found.stated} | {' | '.join(cells)} |")
    lines += ["", "Counts of what sources state, not causes; an empty cell means not stated, not absent."]
    return "\n".join(lines)


def _plain(found: Patterns) -> dict[str, object]:
    data: dict[str, object] = plain(found)
    data["rows"] = [{**plain(row), "count": row.count} for row in found.rows]
    if not found.principles:
        del data["principles"]
    return data
