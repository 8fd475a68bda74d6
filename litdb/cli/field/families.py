"""`litdb survey cluster` and `litdb survey move`: papers in families by approach."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from litdb.cli._shared import Db, Json, emit_json, open_catalogue, say
from litdb.errors import UsageError

if TYPE_CHECKING:
    from litdb.api import FamilyMember, NumberSpan, PaperFamily


def cluster(
    name: Annotated[
        str | None, typer.Argument(metavar="SURVEY", help="Its name in `litdb survey list`.")
    ] = None,
    catalogue_papers: Annotated[
        bool, typer.Option("--catalogue", help="All papers of the catalogue instead.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Every paper, not only the most typical.")
    ] = False,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=2**32 - 1, help="Where the factorisation begins.")
    ] = 0,
    json: Json = False,
    db: Db = None,
) -> None:
    """Put the papers of a survey that were not dropped into families by approach, each with why it stands there.

    Title, abstract (from the index of the field), stated components and ablation tables are asked for the families' words
    (`litdb/vocabulary/families.toml`); what names none goes where its words are alike, or nowhere. Parameters and PESQ (on
    VoiceBank+DEMAND) are those of the catalogue. Needs scikit-learn: pip install 'litdb-sota[survey]'.

    Example: litdb survey cluster --catalogue
    """
    from litdb.survey.cluster import cluster_survey

    if (name is None) != catalogue_papers:
        raise UsageError("name one survey, or ask for --catalogue")
    with open_catalogue(db) as catalogue:
        found = cluster_survey(catalogue, name or "", seed=seed)
    if json:
        emit_json(found)
        return
    for family in found.families:
        _say_family(family, everything)
    if found.unplaced:
        say(f"unplaced: {len(found.unplaced)}, nothing known of them names an approach")
        for paper in found.unplaced if everything else ():
            say(f"  {_line(paper)}")
    if found.abstracts < found.total:
        say(
            f"{found.total - found.abstracts} of {found.total} papers without an abstract: `litdb index` brings them"
        )


def move(
    papers: Annotated[list[str], typer.Argument(metavar="PAPER...", help="Ids or keys.")],
    to: Annotated[str, typer.Option("--to", metavar="FAMILY", help="The family, such as u-net.")],
    reason: Annotated[str, typer.Option("--reason", "-r", metavar="TEXT", help="Why; kept in the history.")],
    new: Annotated[bool, typer.Option("--new", help="The family is one of your own.")] = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Put papers into a family, in all surveys and for good: `cluster` keeps them there and learns from them.

    Example: litdb survey move 2511.14515 --to u-net --reason "U-Net-based, says its title"
    """
    with open_catalogue(db) as catalogue:
        numbers = catalogue.place_in_family(papers, to, reason=reason, new=new)
    if json:
        emit_json({"decisions": numbers})
        return
    for number in numbers:
        say(f"recorded as decision {number[:8]} (`litdb undo {number[:8]}` takes it back)")


def _say_family(family: PaperFamily, everything: bool) -> None:
    number = len(family.papers)
    say(f"{family.id}: {number} paper{'s' if number != 1 else ''} ({family.title})")
    if family.words:
        say(f"  words: {', '.join(family.words)}")
    spans = [
        _span("params", family.params, lambda value: f"{value / 1e6:.3g}M"),
        _span("PESQ", family.scores, lambda value: f"{value:.2f}"),
    ]
    if any(spans):
        say(f"  {'; '.join(filter(None, spans))}")
    shown = (
        family.papers if everything else [one for one in family.papers if one.paper in family.representatives]
    )
    for paper in shown:
        say(f"  {_line(paper)}")
        decided = f" [{paper.decision[:8]}]" if paper.decision else ""
        say(f"      {paper.why}{f'; also {paper.also}' if paper.also else ''}{decided}")
    say()


def _span(what: str, span: NumberSpan | None, text: Callable[[float], str]) -> str:
    if span is None:
        return ""
    low, high = text(span.low), text(span.high)
    of = f"{span.models} model{'s' if span.models != 1 else ''}"
    return f"{what} {low}{'' if low == high else f' to {high}'} ({of})"


def _line(paper: FamilyMember) -> str:
    return f"{paper.paper.removeprefix('arXiv:')}  {paper.title or 'no title is known'}"
