"""The table of a survey as text: the comparison, what its models are made of, and the papers that it lacks."""

from __future__ import annotations

from collections.abc import Sequence

from litdb.evidence.screening import SurveyTable
from litdb.report import escape
from litdb.report.render import render

_MADE = ("model", "techniques", "training", "isolated by its paper's ablations")
_LACKING = ("paper", "title", "why it has no row")


def survey_text(found: SurveyTable, *, markdown: bool = False) -> str:
    """The three parts, as aligned text or as Markdown, ending with a newline."""
    parts = [render(found.table, "markdown" if markdown else "terminal")]
    made = [
        (
            one.name,
            *(", ".join(some) or "-" for some in (one.techniques, one.training)),
            "; ".join(one.isolated) or "-",
        )
        for one in found.made_of
    ]
    lacking = [(one.paper.removeprefix("arXiv:"), one.title, one.why) for one in found.lacking]
    for head, rows in ((_MADE, made), (_LACKING, lacking)):
        if rows:
            parts.append(_as_markdown(head, rows) if markdown else _as_list(head, rows))
    return "\n".join(parts)


def _as_list(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """One paragraph a row, for words are too long for columns."""
    lines = []
    for first, *others in rows:
        lines.append(escape.terminal(first))
        lines += [f"    {name}: {escape.terminal(text)}" for name, text in zip(head[1:], others, strict=True)]
    return "\n".join([f"By {head[0]}:", *lines]) + "\n"


def _as_markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(map(escape.markdown, row))} |" for row in rows]
    return "\n".join(lines) + "\n"
