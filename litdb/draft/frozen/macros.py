r"""`values.tex`: a macro for every value of a paper, so that no number is typed by hand.

`\litval{imse.pesq}` is the number as a table shows it, `\litval{own.pesq.spread}` what stands behind its ±, `\litname{imse}`
the name, `\litcite{imse}` cites the paper of the model and `\litcite{imse.pesq}` the one that the number stands in. A name
that does not exist, and a value that is not known, stop the LaTeX run with a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from litdb.api import DEFAULT_METRICS
from litdb.draft.frozen.asking import Answers, value_key, value_questions
from litdb.draft.frozen.files import MARK
from litdb.draft.frozen.short_names import short_name
from litdb.draft.frozen.toml import NamedScore, PaperFile
from litdb.report.escape import clean
from litdb.report.paper.latex_text import latex
from litdb.values.display import with_spread
from litdb.values.table import Cell, Column, Row, Table
from litdb.vocabulary import vocabulary

_UNFIT = re.compile(r"[^A-Za-z0-9 .,:;()+/=@<>'-]")
_HEAD = r"""
\providecommand*{\litval}{}\providecommand*{\litname}{}\providecommand*{\litcite}{}
\renewcommand*{\litval}[1]{\ifcsname litdb:v:#1\endcsname\csname litdb:v:#1\endcsname\else\litdbunknown{value}{#1}\fi}
\renewcommand*{\litname}[1]{\ifcsname litdb:n:#1\endcsname\csname litdb:n:#1\endcsname\else\litdbunknown{model}{#1}\fi}
\renewcommand*{\litcite}[1]{\ifcsname litdb:c:#1\endcsname\litdbcite{#1}\else\litdbunknown{source}{#1}\fi}
\protected\def\litdbcite#1{\begingroup\edef\litdbkey{\endgroup\noexpand\cite{\csname litdb:c:#1\endcsname}}\litdbkey}
\protected\def\litdbunknown#1#2{\litdbstop{no #1 is called '#2' in the values that litdb wrote}{Name its model and metric
  in paper.toml and run `litdb build paper.toml'; all names stand in the file of values.}}
\protected\def\litdbabsent#1{\litdbstop{#1}{A number that nobody reports cannot be printed: leave it out.}}
\protected\def\litdbstop#1#2{\PackageError{litdb}{#1}{#2}\textbf{??}}
\protected\def\litdbset#1#2#3{\expandafter\def\csname litdb:#1:#2\endcsname{#3}}
"""


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A value of a paper by its name: `text` as a table shows it, or why there is none in `absent`.

    `spread` is what stands behind its ±, `result` the key of the result, `source` where it stands, `paper` the key of the
    paper that this is.
    """

    name: str
    model: str
    metric: str
    dataset: str
    text: str = ""
    absent: str = ""
    spread: str = ""
    origin: str = ""
    result: str = ""
    source: str = ""
    paper: str = ""


@dataclass(frozen=True, slots=True)
class PaperNames:
    """What models are called: by short name in the paper, the key of the paper that proposes them, and names by model key."""

    shown: Mapping[str, str]
    papers: Mapping[str, str]
    by_key: Mapping[str, str]


def named_values(paper: PaperFile, answers: Answers) -> list[NamedValue]:
    """All values that a paper names, model by model. Raises UsageError where a lock lacks one."""
    asked = {one.what: answers.of(one).table for one in value_questions(paper)}
    found = []
    for model in paper.models:
        for score in paper.metrics or _usual(paper):
            table = paper.look.restated(asked[value_key(score.dataset, model.name)])
            found.append(_value(f"{model.name}.{score.name}", model.shown or model.model, score, table))
    return found


def paper_names(paper: PaperFile, answers: Answers) -> PaperNames:
    """What the models of a paper are called, as far as the catalogue knows anything of them."""
    shown: dict[str, str] = {one.name: one.shown for one in paper.models if one.shown}
    papers: dict[str, str] = {}
    by_key: dict[str, str] = {}
    for question in value_questions(paper):
        name = question.what.rpartition(".")[2]
        for row in answers.of(question).table.rows[:1]:
            shown.setdefault(name, row.name)
            papers.setdefault(name, row.paper)
            if wanted := next((one.shown for one in paper.models if one.name == name and one.shown), ""):
                by_key[row.model] = wanted
    return PaperNames(shown, papers, by_key)


def _usual(paper: PaperFile) -> tuple[NamedScore, ...]:
    return tuple(NamedScore(short_name(one), one, paper.dataset) for one in DEFAULT_METRICS)


def _value(name: str, model: str, score: NamedScore, table: Table) -> NamedValue:
    metric = str(vocabulary().metric_name(score.metric))
    empty = NamedValue(name, model, metric, table.dataset)
    where = f"{metric} of {model} on {table.dataset}"
    rows = [row for row in table.rows if not row.reproduced] or list(table.rows)
    if len(rows) > 1:
        return _without(empty, f"{where}: {len(rows)} checkpoints are known and none is declared")
    at = next((place for place, column in enumerate(table.columns) if column.metric == metric), None)
    cell = rows[0].cells[at] if rows and at is not None else Cell()
    if cell.provenance is None or cell.text == "-":
        return _without(empty, f"{where} is not known in this catalogue")
    return _known(empty, rows[0], cell, table.columns[at or 0])


def _without(value: NamedValue, why: str) -> NamedValue:
    return NamedValue(value.name, value.model, value.metric, value.dataset, absent=why)


def _known(value: NamedValue, row: Row, cell: Cell, column: Column) -> NamedValue:
    where = cell.provenance
    assert where is not None
    spread = ""
    if cell.uncertainty is not None and cell.value is not None:
        spread = with_spread(cell.text, cell.uncertainty, column).partition("± ")[2]
    return NamedValue(
        value.name, value.model, value.metric, value.dataset, clean(cell.text), "", spread, where.origin, where.result,
        where.source + (f", row “{where.label}”" if where.label and not row.checkpoint else ""),
        where.paper or row.document,
    )  # fmt: skip


def values_text(
    values: Sequence[NamedValue], names: PaperNames, citations: Mapping[str, str], day: str
) -> str:
    r"""The file of macros, ending with a newline; `citations` are the keys for \cite by paper."""
    return "\n".join(_lines(values, names, citations, day)) + "\n"


def _lines(
    values: Sequence[NamedValue], names: PaperNames, citations: Mapping[str, str], day: str
) -> Iterator[str]:
    yield rf"% {MARK} from a catalogue of {day}; what is changed here is lost. \input{{it}} in the preamble."
    yield _HEAD.strip()
    for name, shown in names.shown.items():
        yield rf"\litdbset{{n}}{{{name}}}{{{latex(shown)}}}%"
        if key := _key(citations, names.papers.get(name, "")):
            yield rf"\litdbset{{c}}{{{name}}}{{{key}}}%"
    for value in values:
        if value.absent:
            said = _UNFIT.sub("?", clean(value.absent))
            yield rf"\litdbset{{v}}{{{value.name}}}{{\litdbabsent{{{said}}}}}%"
            continue
        where = clean(
            f"{value.metric} on {value.dataset}: {value.source}; {value.origin}; result {value.result[:8]}"
        )
        yield rf"\litdbset{{v}}{{{value.name}}}{{{latex(value.text)}}}% {where}"
        if value.spread:
            yield rf"\litdbset{{v}}{{{value.name}.spread}}{{{latex(value.spread)}}}%"
        if key := _key(citations, value.paper):
            yield rf"\litdbset{{c}}{{{value.name}}}{{{key}}}%"


def _key(citations: Mapping[str, str], paper: str) -> str:
    key = citations.get(paper, "")
    return key if re.fullmatch(r"[A-Za-z0-9:._/+-]+", key) else ""
