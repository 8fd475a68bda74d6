"""`litdb check`: a draft against the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litdb.cli._shared import Db, Json, emit_json, family, open_catalogue, say
from litdb.errors import UsageError

if TYPE_CHECKING:
    from litdb.draft.finding import DraftFinding, DraftReport

app = family()
#: Endings of an assistant's answer; everything else is LaTeX.
_ANSWERS = (".md", ".markdown", ".txt")


@app.command()
def check(
    paper: Annotated[
        str,
        typer.Argument(
            metavar="PAPER.tex|ANSWER.md", help="The main file of the draft, or an answer in Markdown."
        ),
    ],
    bib: Annotated[
        str | None,
        typer.Option("--bib", metavar="FILE", help="A BibTeX file (default: those that the draft names)."),
    ] = None,
    lock: Annotated[
        str | None,
        typer.Option("--lock", metavar="FILE", help="A lock whose values stand before the catalogue's."),
    ] = None,
    sarif: Annotated[
        str | None,
        typer.Option("--sarif", metavar="FILE", help="Write the findings for editors, too (SARIF 2.1.0)."),
    ] = None,
    json: Json = False,
    db: Db = None,
) -> None:
    """Check a draft against the catalogue, like a linter; exit 1 when something is found.

    What it finds stands with its rule, file and line, and with what the catalogue says and where. A comment
    `% litdb: ignore RULE -- reason` on the line or the one before suppresses a finding. The last lines count what was
    checked and what could not be.

    In an answer of an assistant (.md) every figure about a known model carries its result, as in `3.399 [53ecbf97]`; a comment
    there is `<!-- litdb: ignore RULE -- reason -->`.

    Example: litdb check paper.tex --bib refs.bib
    """
    with open_catalogue(db) as catalogue:
        if Path(paper).suffix.lower() in _ANSWERS:
            from litdb.draft.answer import check_answer_file

            if bib is not None or lock is not None:
                raise UsageError("--bib and --lock go with a LaTeX draft; an answer cites results")
            report = check_answer_file(catalogue, paper)
        else:
            from litdb.draft.check import check_draft

            report = check_draft(catalogue, paper, bib=bib, lock=lock)
    if sarif is not None:
        _write_sarif(report, Path(sarif), [file for file in (paper, bib, lock) if file is not None])
    if json:
        emit_json(report)
    else:
        _say_report(report, Path(paper).parent)
    if report.findings:
        raise typer.Exit(1)


def _write_sarif(report: DraftReport, file: Path, made_from: Sequence[str | Path]) -> None:
    from litdb import __version__
    from litdb._written import write_file
    from litdb.draft.sarif import sarif
    from litdb.report.json_text import indented

    write_file(file, indented(sarif(report, __version__)) + "\n", made_from)


def _say_report(report: DraftReport, folder: Path) -> None:
    for finding in report.findings:
        _say_finding(finding, folder)
    if report.suppressed:
        say("Suppressed:")
    for finding, reason in report.suppressed:
        say(f"  {_at(finding, folder)}: {finding.rule}: {finding.message}")
        say(f"      reason: {reason}")
    say(
        f"Found: {len(report.findings)}"
        + (f", {len(report.suppressed)} suppressed" if report.suppressed else "")
    )
    _say_counts("Checked:", report.checked)
    _say_counts("Not checked:", report.unchecked)


def _say_finding(finding: DraftFinding, folder: Path) -> None:
    say(f"{_at(finding, folder)}: {finding.rule}: {finding.message}")
    for source in finding.sources:
        say(f"    the catalogue: {source}")


def _at(finding: DraftFinding, folder: Path) -> str:
    return f"{(folder / finding.place.file).as_posix()}:{finding.place.line}"


def _say_counts(title: str, counts: Mapping[str, int]) -> None:
    say(title)
    for what, count in counts.items():
        say(f"  {count} {what}")
    if not counts:
        say("  nothing")
