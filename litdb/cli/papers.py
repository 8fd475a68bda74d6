"""`litdb fetch`, `litdb ingest`, `litdb extract`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litdb.cli._shared import Db, Json, date, emit_json, family, open_catalogue, progress, say, warn
from litdb.errors import LitdbError, UsageError, near
from litdb.report.escape import clean
from litdb.report.tracing.quoted import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from litdb.api import Catalogue, Checked, FileOutcome, PaperOutcome

app = family()

AllVersions = Annotated[
    bool, typer.Option("--all-versions", help="v1 to the newest: numbers change between versions.")
]
Offline = Annotated[bool, typer.Option("--offline", help="Use only what was downloaded before.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be fetched; store nothing.")]


@app.command()
def fetch(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[IDS]...", help="arXiv ids, with or without a version; DOIs and PMC ids."),
    ] = None,
    query: Annotated[
        str | None,
        typer.Option("--query", "-q", help="arXiv's query language, such as 'abs:\"speech enhancement\"'."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="With --query: submitted on that day or later."),
    ] = None,
    max_results: Annotated[
        int, typer.Option("--max", metavar="N", min=1, help="With --query: at most so many papers.")
    ] = 50,
    all_versions: AllVersions = False,
    offline: Offline = False,
    dry_run: DryRun = False,
    json: Json = False,
    db: Db = None,
) -> None:
    """Fetch papers from arXiv and store the numbers of their tables.

    doi:10.3390/e25040628 or PMC10137386 is had from Europe PMC, where its text is open; where only a PDF is, its address is said.
    One request in three seconds, as arXiv asks. A paper is stored whole or not at all; running it again fetches only
    what is missing. Exit code 1 when a paper could not be had.

    Example: litdb fetch 2511.14515 --all-versions
    """
    if since and not query:
        raise UsageError("--since goes with --query: say what to look for")
    with open_catalogue(db) as catalogue:
        found = catalogue.fetch(
            ids or (), query=query, since=date(since), max_results=max_results, all_versions=all_versions,
            offline=offline, dry_run=dry_run,
        )  # fmt: skip
        say_fetched(catalogue, found, len(ids) if ids else None, json, dry_run=dry_run)


def say_fetched(
    catalogue: Catalogue, found: Iterable[PaperOutcome], total: int | None, json: bool, *, dry_run: bool
) -> None:
    """Say what becomes of each paper while it is fetched; exit code 1 when one could not be had."""
    outcomes: list[PaperOutcome] = []
    for outcome in progress(found, total, "fetching"):
        outcomes.append(outcome)
        if not json:
            _say_paper(outcome)
            if not dry_run and any(v.state in ("new", "read again") for v in outcome.versions):
                _say_quotations(catalogue.quotations(paper=outcome.arxiv_id or outcome.work))
    if json:
        emit_json(outcomes)
    proposed = sum(v.stored.proposed for o in outcomes for v in o.versions)
    if proposed and not json:
        say(f"{proposed} readings are proposed, not accepted: `litdb review` goes through what waits.")
    if not outcomes and not json:
        say("nothing found")
    if any(outcome.failed for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def ingest(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="tex, tar.gz, html, md, pdf or json.")
    ],
    arxiv: Annotated[
        str, typer.Option("--arxiv", metavar="ID", help="The file is this paper (with its version).")
    ] = "",
    doi: Annotated[str, typer.Option("--doi", help="The file is the work of this DOI.")] = "",
    url: Annotated[str, typer.Option("--url", help="Where the file comes from.")] = "",
    json: Json = False,
    db: Db = None,
) -> None:
    """Read local papers or READMEs and store their numbers.

    evaluation-tables.json (also .json.gz) is the frozen dump of Papers with Code: its rows of known test sets and metrics are
    proposed, with origin tracker, never above what a paper says itself.

    Example: litdb ingest README.md --url https://github.com/sungwon23/BSRNN
    """
    from litdb.api import FileOutcome

    if len(files) > 1 and (arxiv or doi or url):
        raise UsageError("--arxiv, --doi and --url name one source: give one file with them")
    outcomes: list[FileOutcome] = []
    with open_catalogue(db) as catalogue:
        for file in progress(files, len(files), "reading"):
            try:
                outcome = catalogue.ingest(file, arxiv=arxiv, doi=doi, url=url)
            except UsageError:
                raise
            except LitdbError as error:
                outcome = FileOutcome(str(file), "failed", message=str(error))
            outcomes.append(outcome)
            if not json:
                _say_file(outcome)
    if json:
        emit_json(outcomes)
    if any(outcome.state == "failed" for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def extract(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="tex, tar.gz, html, md, nxml or pdf.")
    ],
    format: Annotated[str, typer.Option("--format", "-f", help="table, tsv or json.")] = "table",
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say how each cell came to its model, metric, dataset and value."),
    ] = False,
) -> None:
    """Read tables and print what is in them; no catalogue is touched.

    Exit code 1 when a file could not be read; the others are read all the same.

    Example: litdb extract paper.tex --format tsv
    """
    from litdb.api import READING_FORMATS, readings_text
    from litdb.api import extract as read

    if format not in READING_FORMATS:
        raise UsageError(
            f"unknown format {format!r}: {near(format, READING_FORMATS, other='use table, tsv or json')}"
        )
    failed = False
    found = []
    for file in progress(files, len(files), "reading"):
        try:
            extraction = read(file)
        except LitdbError as error:
            failed = True
            warn(f"{file}: {error}")
            continue
        found.append((str(file), extraction))
    print(readings_text(found, format, explain=explain), end="")
    if failed:
        raise typer.Exit(1)


def _say_paper(outcome: PaperOutcome) -> None:
    say(f"{outcome.arxiv_id or outcome.work}  {outcome.title}")
    if outcome.withdrawn:
        warn(f"  withdrawn, arXiv says: {outcome.withdrawn}; its values are marked and not ranked")
    if outcome.failure:
        later = "; try again later" if outcome.transient else ""
        warn(f"  {outcome.failure}{later}")
    for version in outcome.versions:
        stored = version.stored
        counts = f": {stored.readings} readings, {stored.accepted} accepted, {stored.proposed} proposed"
        text = f"  {_named(version.version)}{version.state}{counts if version.state in ('new', 'read again') else ''}"
        (warn if version.state == "failed" else say)(
            text + (f": {version.message}" if version.message else "")
        )
        for finding in version.findings:
            warn(f"  {f'v{version.version}, ' if version.version else ''}{finding}")


def _named(version: int) -> str:
    """A version at the head of a line; a work that is not on arXiv has none."""
    return f"v{version} " if version else ""


def _say_quotations(found: list[Checked]) -> None:
    """One line on what it quotes and on who quotes it, where either is in the catalogue."""
    if found:
        wrong = any(one.verdict.is_finding for one in found)
        say(f"  {counted(found)}" + (": `litdb audit --quotations` lists them" if wrong else ""))


def _say_file(outcome: FileOutcome) -> None:
    stored = outcome.stored
    if outcome.state == "failed":
        said = outcome.message.removeprefix(f"{outcome.file}: ")
        warn(said if said.startswith(outcome.file) else f"{outcome.file}: {said}")
    elif outcome.state == "known":
        say(f"{outcome.file}: known, {outcome.message or 'nothing to do'}")
    else:
        say(
            f"{outcome.file}: {outcome.state}, {stored.readings} readings, {stored.accepted} accepted, "
            f"{stored.proposed} proposed"
        )
    for finding in outcome.findings:
        warn(f"{outcome.file}: {finding}")


@app.command()
def bib(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[PAPER|MODEL]...", help="Papers; all without any.")
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Ask arXiv for what is not known, and record it.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to a file.")] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Print BibTeX entries of papers, under the keys that `litdb table --for` cites.

    A published version comes before the preprint, as far as the catalogue knows it; what it does not know is said.

    Example: litdb bib IMSE 2406.04589 --out more.bib
    """
    from litdb.report.paper.bibtex import bibtex

    with open_catalogue(db) as catalogue:
        found = catalogue.bib(names or (), fetch=fetch)
    if fetch and (left := [one.key for one in found if one.lacks]):
        warn(f"arXiv did not tell title and authors of {', '.join(map(clean, left))}: their entries say so")
    if json:
        emit_json(found)
    elif out is not None:
        from litdb._written import write_file

        write_file(out, bibtex(found))
        say(f"wrote {out}")
    else:
        print(bibtex(found), end="")
