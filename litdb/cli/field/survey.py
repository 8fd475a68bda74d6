"""`litdb survey`: new, list, show, run, diff, read, take, drop, fetch, table, export; cluster and move are in `families`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from litdb.api import Words
from litdb.cli._shared import Db, Json, columns, emit_json, family, open_catalogue, say
from litdb.cli.field import families
from litdb.cli.options import asks
from litdb.cli.papers import AllVersions, DryRun, Offline, say_fetched
from litdb.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt

    from litdb.api import Candidate, Catalogue, Screened, Survey

app = family()
group = family()
app.add_typer(
    group,
    name="survey",
    help="Search the field for a question, and keep what was found and decided of each paper.",
)

Name = Annotated[str, typer.Argument(metavar="SURVEY", help="Its name in `litdb survey list`.")]
Papers = Annotated[list[str], typer.Argument(metavar="PAPER...", help="Ids, or how titles begin.")]
Why = Annotated[str, typer.Option("--reason", "-r", metavar="TEXT", help="Why; kept in the history.")]

FORMATS = ("prisma", "bibtex")


@group.command()
def new(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What is looked for, in words.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="What it is called (its words).")] = "",
    since: Annotated[
        str | None, typer.Option("--since", metavar="YEAR|DATE", help="First submitted then or later.")
    ] = None,
    target: Annotated[int, typer.Option("--target", metavar="N", help="How many papers are kept.")] = 30,
    json: Json = False,
    db: Db = None,
) -> None:
    """Search the index of the field for a question, in several formulations, and keep the best papers as a survey.

    Synonyms come from the vocabulary (`U-Net`: UNet; lightweight: low-complexity, compact) and are shown; wider formulations are
    asked where fewer papers than wanted were found. Each work stands once, with the reason for its place. Nothing but the
    local index is asked.

    Example: litdb survey new "lightweight speech enhancement" --since 2023 --target 30
    """
    from litdb.survey.search import new_survey

    with open_catalogue(db) as catalogue:
        found = new_survey(catalogue, question, name=name, since=_first_day(since), target=target)
    _say_run(found, json)


@group.command("list")
def list_(json: Json = False, db: Db = None) -> None:
    """List the surveys, and how far each was read.

    Example: litdb survey list
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.surveys()
    if json:
        emit_json(found)
    elif not found:
        say("there is no survey: `litdb survey new QUESTION` makes one")
    else:
        states = ("to read", "read", "taken", "dropped")
        rows = [
            [one.name, one.question, str(len(one.runs)), *(str(len(one.of(state))) for state in states)]
            for one in found
        ]
        say(columns(rows, ["survey", "question", "runs", *states]))


@group.command()
def show(
    name: Name,
    everything: Annotated[bool, typer.Option("--all", help="Dropped papers too.")] = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Show the papers of a survey: what was decided of each, and why it stands where it does.

    Example: litdb survey show lightweight-speech-enhancement
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.survey(name)
    if json:
        emit_json(found)
        return
    _say_head(found)
    for paper in found.papers if everything else found.of("to read", "read", "taken"):
        _say_paper(paper)
    hidden = 0 if everything else len(found.of("dropped"))
    if hidden:
        say(f"{hidden} dropped (`--all` shows them)")


@group.command()
def run(name: Name, json: Json = False, db: Db = None) -> None:
    """Ask the index again, and say what is new and what has a newer version; decisions stay.

    Example: litdb survey run lightweight-speech-enhancement
    """
    from litdb.survey.search import run_survey

    with open_catalogue(db) as catalogue:
        found = run_survey(catalogue, name)
    if json:
        emit_json(found.change)
    else:
        _say_change(found)


@group.command()
def diff(name: Name, json: Json = False, db: Db = None) -> None:
    """Say what the last run found that the runs before it had not, and what has a newer version.

    Example: litdb survey diff lightweight-speech-enhancement
    """
    with open_catalogue(db) as catalogue:
        found = catalogue.survey(name)
    if json:
        emit_json(found.change)
    else:
        _say_change(found)


@group.command()
def read(name: Name, papers: Papers, reason: Why = "read", json: Json = False, db: Db = None) -> None:
    """Say that papers were read, and are neither taken nor dropped yet.

    Example: litdb survey read lightweight-speech-enhancement 2511.14515
    """
    with open_catalogue(db) as catalogue:
        _decide(catalogue, name, papers, "read", reason, json)


@group.command()
def take(name: Name, papers: Papers, reason: Why = "taken", json: Json = False, db: Db = None) -> None:
    """Take papers into the survey's result.

    Example: litdb survey take lightweight-speech-enhancement 2511.14515 --reason "0.4M, on VBD"
    """
    with open_catalogue(db) as catalogue:
        _decide(catalogue, name, papers, "taken", reason, json)


@group.command()
def drop(name: Name, papers: Papers, reason: Why, json: Json = False, db: Db = None) -> None:
    """Drop papers, with the reason; the export counts them by it.

    Example: litdb survey drop lightweight-speech-enhancement 2404.08022 --reason "personalized"
    """
    with open_catalogue(db) as catalogue:
        _decide(catalogue, name, papers, "dropped", reason, json)


@group.command()
def fetch(
    name: Name,
    all_versions: AllVersions = False,
    offline: Offline = False,
    dry_run: DryRun = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Fetch the papers that were taken into a survey, as `litdb fetch` does; while none was, all that were not dropped.

    Example: litdb survey fetch lightweight-speech-enhancement
    """
    from litdb.survey.fetching import fetch_survey

    with open_catalogue(db) as catalogue:
        total, found = fetch_survey(
            catalogue, name, all_versions=all_versions, offline=offline, dry_run=dry_run
        )
        say_fetched(catalogue, found, total, json, dry_run=dry_run)


@group.command()
@asks("metrics", "where", "dataset", "causal", "sort", "proposed")
def table(
    name: Name,
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown tables.")] = False,
    metrics: list[str],
    words: Words,
    json: Json = False,
    db: Db = None,
) -> None:
    """Compare what was read of a survey's papers, say what each model is made of, and which papers are missing and why.

    What its ablations isolate stands beside each model with the difference; what they do not isolate is nobody's gain.

    Example: litdb survey table lightweight-speech-enhancement --params 0.4M..0.6M
    """
    from litdb.report.tracing.survey import survey_text

    if markdown and json:
        raise UsageError("--markdown and --json exclude each other")
    with open_catalogue(db) as catalogue:
        found = catalogue.survey_table(name, metrics, **words)
    if json:
        emit_json(found)
    else:
        print(survey_text(found, markdown=markdown), end="")


group.command("cluster")(families.cluster)
group.command("move")(families.move)


@group.command()
def export(
    name: Name,
    format: Annotated[str, typer.Option("--format", "-f", help="prisma or bibtex.")] = "prisma",
    state: Annotated[
        list[str] | None,
        typer.Option("--state", metavar="STATE", help="Papers in this state (taken); may be repeated."),
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Write counts by stage, as a PRISMA diagram has them, or the taken papers as BibTeX.

    Example: litdb survey export lightweight-speech-enhancement --format bibtex
    """
    from litdb.survey.export import bibtex, counts, in_states

    if format not in FORMATS:
        raise UsageError(f"unknown format {format!r}: use {' or '.join(FORMATS)}")
    with open_catalogue(db) as catalogue:
        found = catalogue.survey(name)
    papers = in_states(found, state or ())
    if format == "bibtex":
        emit_json([one.candidate for one in papers]) if json else print(bibtex(papers), end="")
        return
    stages = counts(found)
    if json:
        emit_json(dict(stages))
    else:
        say(columns([[stage, str(number)] for stage, number in stages], ["stage", "records"]))


def _first_day(text: str | None) -> dt.date | None:
    from litdb.cli._shared import date

    return date(f"{text}-01-01" if text and len(text) == 4 and text.isdigit() else text)


def _decide(catalogue: Catalogue, name: str, papers: list[str], state: str, reason: str, json: bool) -> None:
    numbers = catalogue.screen(name, papers, state, reason=reason)
    if json:
        emit_json({"decisions": numbers})
        return
    for number in numbers:
        say(f"{state}: recorded as decision {number[:8]} (`litdb undo {number[:8]}` takes it back)")


def _say_head(survey: Survey) -> None:
    since = f", since {survey.since}" if survey.since else ""
    say(
        f"{survey.name}: {survey.question}{since}; {len(survey.runs)} run{'s' if len(survey.runs) != 1 else ''}"
    )
    for number, words in enumerate(survey.runs[-1].formulations if survey.runs else (), 1):
        say(f"  {number}. {words}")
    if survey.runs:
        last = survey.runs[-1]
        say(f"  {last.identified} records, {last.repeated} the same again, {len(last.found)} kept")
    say()


def _say_run(survey: Survey, json: bool) -> None:
    if json:
        emit_json(survey)
        return
    _say_head(survey)
    for paper in survey.papers:
        _say_paper(paper)
    say(
        f"kept as survey {survey.name}: `litdb survey take {survey.name} PAPER`, `litdb survey drop {survey.name} PAPER -r WHY`"
    )


def _say_paper(paper: Screened) -> None:
    one = paper.candidate
    state = "" if paper.state == "to read" else f"[{paper.state}: {paper.reason}] "
    say(f"{_line(one)}\n    {state}{one.why}")


def _say_change(survey: Survey) -> None:
    change = survey.change
    for label, papers in (
        ("new", change.new),
        ("newer version", change.newer),
        ("found no more", change.gone),
    ):
        for one in papers:
            say(f"{label}: {_line(one)}")
    if not (change.new or change.newer or change.gone):
        say("nothing new")


def _line(one: Candidate) -> str:
    version = f"v{one.version}" if one.version else ""
    return f"{one.paper.removeprefix('arXiv:')}{version}  {one.first_submitted or 'no date   '}  {one.title}"
