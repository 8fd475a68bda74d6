"""A survey as text: counts by stage as a PRISMA diagram has them, and references as BibTeX."""

from __future__ import annotations

import re
from collections.abc import Sequence

from litdb.errors import UsageError
from litdb.evidence.screening import DROPPED, READ, STATES, TAKEN, TO_READ, Screened, Survey
from litdb.report.paper.latex_text import latex

_KEY = re.compile(r"[^A-Za-z0-9]+")


def counts(survey: Survey) -> list[tuple[str, int]]:
    """How many records there are at each stage: found by the last run, left out as the same work, kept, and what became of them."""
    last = survey.runs[-1] if survey.runs else None
    reasons: dict[str, int] = {}
    for paper in survey.of(DROPPED):
        reasons[paper.reason] = reasons.get(paper.reason, 0) + 1
    return [
        ("records identified", last.identified if last else 0),
        ("the same work, left out", last.repeated if last else 0),
        ("papers kept, of all runs", len(survey.papers)),
        ("to read", len(survey.of(TO_READ))),
        ("read", len(survey.of(READ))),
        ("taken", len(survey.of(TAKEN))),
        ("dropped", len(survey.of(DROPPED))),
        *((f"dropped: {reason}", number) for reason, number in sorted(reasons.items())),
    ]


def in_states(survey: Survey, states: Sequence[str]) -> tuple[Screened, ...]:
    """The papers of a survey in these states; without any, those taken. Raises UsageError for an unknown one."""
    for state in states:
        if state not in STATES:
            raise UsageError(f"unknown state {state!r}: it is {', '.join(STATES)}")
    return survey.of(*(states or (TAKEN,)))


def bibtex(papers: tuple[Screened, ...]) -> str:
    """The papers as BibTeX, each under its first author, year and the first word of its title; no key stands twice."""
    used: dict[str, int] = {}
    return "\n".join(_entry(paper, used) for paper in papers)


def _entry(paper: Screened, used: dict[str, int]) -> str:
    one = paper.candidate
    year = str(one.first_submitted.year) if one.first_submitted else ""
    family = one.authors[0].split()[-1] if one.authors and one.authors[0].split() else ""
    words = _KEY.sub(" ", one.title).split()
    key = _KEY.sub("", f"{family}{year}{words[0] if words else ''}") or "paper"
    used[key] = used.get(key, 0) + 1
    fields = {
        "title": f"{{{latex(one.title)}}}",
        "author": latex(" and ".join(one.authors)),
        "year": year,
        "eprint": one.paper.removeprefix("arXiv:") if one.paper.startswith("arXiv:") else "",
        "archiveprefix": "arXiv" if one.paper.startswith("arXiv:") else "",
        "doi": latex(one.doi),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{key}{'' if used[key] == 1 else f'-{used[key]}'},\n{lines}}}\n"
