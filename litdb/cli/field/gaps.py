"""`litdb gaps`: what nobody here is known to have tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from litdb.cli._shared import Db, Json, columns, emit_json, family, open_catalogue, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from litdb.api import Coverage, Gaps, Isolated

app = family()


@app.command()
def gaps(
    survey: Annotated[
        str, typer.Argument(metavar="[SURVEY]", help="Only papers taken into it (all of the catalogue).")
    ] = "",
    datasets: Annotated[
        list[str] | None,
        typer.Option("--dataset", "-d", metavar="SET", help="A test set (vbd); may be repeated."),
    ] = None,
    metric: Annotated[str, typer.Option("--metric", help="Whose results are counted.")] = "PESQ",
    json: Json = False,
    db: Db = None,
) -> None:
    """Count what was not tried: components by size, components never isolated, results nobody reproduced.

    Counts of what sources state, not advice: an empty cell means that no recorded source fills it. A component counts as
    isolated where a row of an ablation table changes it alone.

    Example: litdb gaps
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.gaps(survey, datasets=datasets or ("vbd",), metric=metric)
    if json:
        emit_json(found)
        return
    for one in found.coverage:
        _say_coverage(one, found)
    _say_isolated(found)
    _say_own(found)
    say(f"Reported by its authors alone: {found.alone}")
    say("Note: counts of what sources in this catalogue state; an empty cell means not stated, not untried.")


def _say_coverage(one: Coverage, found: Gaps) -> None:
    where = f"the papers of {found.within}" if found.within else "all papers"
    say(f"{one.title}, {found.metric}, {where}: {one.models} models, {one.stated} with recorded facts")
    used = [row for row in one.rows if any(row.counts)]
    rows = [[row.item, row.component, *(str(count) if count else "" for count in row.counts)] for row in used]
    rows.append(["", "all models", *map(str, one.sizes)])
    say(columns(rows, ["kind", "component", *found.classes]))
    unused = [row.component for row in one.rows if not any(row.counts)]
    if unused:
        say(f"in none of them: {', '.join(unused)}")
    say()


def _say_isolated(found: Gaps) -> None:
    said = f"in papers of {found.within}" if found.within else "here"
    # A family is the whole approach, no part of it.
    parts = [one for one in found.isolated if one.item != "family"]
    for words, chosen in (
        ("by any row of an ablation table", [one for one in parts if not one.rows]),
        ("in a network under 1M parameters", [one for one in parts if one.rows and not one.small]),
        (
            "in a network known to be trained with a metric discriminator",
            [one for one in parts if one.rows and not one.adversarial],
        ),
        ("with means over seeds", [one for one in parts if one.rows and not one.seeded]),
    ):
        say(f"Never isolated {words} {said}: {_names(chosen)}")
    say()


def _names(chosen: Iterable[Isolated]) -> str:
    return (
        ", ".join(f"{one.component} ({one.rows})" if one.rows else one.component for one in chosen) or "none"
    )


def _say_own(found: Gaps) -> None:
    if not found.own:
        return
    say(
        "Components of the own network, rows that isolate each (under 1M parameters), and its nearest relatives:"
    )
    for one in found.own:
        near = ", ".join(f"{other.component} {other.rows} ({other.small})" for other in one.near)
        say(
            f"  {one.isolated.component} {one.isolated.rows} ({one.isolated.small}): {near or 'none is known'}"
        )
    say()
