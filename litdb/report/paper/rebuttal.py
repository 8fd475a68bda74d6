r"""What to answer a reviewer who doubts a number: two or three plain sentences with sources and \cite keys, as LaTeX."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from litdb.report.paper.latex_text import latex
from litdb.values.note import brief
from litdb.values.origin import Origin
from litdb.values.table import Column, Row, Table

#: No answer is longer.
_MOST = 3
#: What a source does with a number, by its origin.
_VERBS = {
    Origin.SELF: "reports",
    Origin.REPOSITORY: "reports in its repository",
    Origin.QUOTED: "is quoted with",
    Origin.MEASURED: "reaches in our measurement",
    Origin.REPRODUCED: "reaches when measured again",
    Origin.TRACKER: "is listed on a leaderboard with",
    Origin.CLAIM: "is claimed, without a source, to reach",
}


@dataclass(frozen=True, slots=True)
class Rebuttal:
    r"""The sentences as LaTeX, the keys of the results they stand on, and the papers cited with their keys for \cite."""

    sentences: tuple[str, ...]
    results: tuple[str, ...]
    citations: Mapping[str, str]

    @property
    def text(self) -> str:
        """The sentences as a paragraph."""
        return " ".join(self.sentences)


def rebuttal(
    table: Table,
    citations: Mapping[str, str],
    versions: Mapping[str, Sequence[tuple[int, str]]],
    absent: Mapping[str, str],
) -> Rebuttal:
    """The answer about the metric in the second column of a table, whose first is the number of parameters.

    Its rows are the models that go by a name. `versions` are, by model, the versions of its paper with what each prints of the
    metric; `absent` names the models of which no value is known. A second-hand number is said to be one.
    """
    params, score = table.columns[:2]
    shown = [row for row in table.rows if row.cells[1].provenance is not None]
    first = [row for row in shown if not row.reproduced]
    again = [row for row in shown if row.reproduced]
    said = [_reported(row, params, score, table.dataset, citations) for row in first]
    said += [
        latex(f"No {score.metric} of {name} on {table.dataset} is known to us.") for name in absent.values()
    ]
    more = [
        *_own(first),
        *_versions(first, versions, score),
        *_told_apart(first, params),
        *_again(again, first, score, citations),
    ]
    # Which models there are comes first, whatever their number; what explains the difference has the room that is left.
    sentences = [*said, *more[: max(0, _MOST - len(said))]]
    used = first + [row for row in again if any(row.cells[1].text in one for one in sentences[len(said) :])]
    keys = {key: citations[key] for row in used for key in (row.paper, row.document) if key in citations}
    results = [
        where.result for row in used for cell in row.cells[:2] if (where := cell.provenance) is not None
    ]
    return Rebuttal(tuple(sentences), tuple(dict.fromkeys(results)), keys)


def _reported(row: Row, params: Column, score: Column, dataset: str, citations: Mapping[str, str]) -> str:
    size, value = row.cells[0], row.cells[1]
    assert value.provenance is not None
    where = value.provenance
    words = f"{row.name} {_VERBS[where.origin]} a {score.metric} of {value.text}"
    if size.provenance is not None and size.text != "-":
        words += f" {'and' if words.endswith(f' with a {score.metric} of {value.text}') else 'with'} {size.text}{params.unit} parameters"
        if size.provenance.source != where.source:
            words += f" (from {size.provenance.source})"
    place = f" on {dataset} ({where.source})"
    return latex(words + place) + _cite(where.paper or row.document or row.paper, citations) + "."


def _own(rows: Sequence[Row]) -> Iterator[str]:
    """What must be said beside numbers of our own: which checkpoint, selected on what, how many seeds."""
    for row in rows:
        said = [text for note in row.notes if (text := brief(note))]
        if row.own and said:
            yield latex(f"For {row.name} this holds: {'; '.join(said)}.")


def _versions(
    rows: Sequence[Row], versions: Mapping[str, Sequence[tuple[int, str]]], score: Column
) -> Iterator[str]:
    """What other versions of the same paper print, where it is another number."""
    for row in rows:
        shown = row.cells[1]
        now = [number for number, text in versions.get(row.model, ()) if number == row.version and text]
        other = [f"version {number} printed {text}" for number, text in versions.get(row.model, ())
                 if number != row.version and text not in (shown.text, shown.printed)]  # fmt: skip
        if now and other:
            yield latex(
                f"The {score.metric} of {shown.text} is that of version {row.version}; {', '.join(other)}."
            )


def _told_apart(rows: Sequence[Row], params: Column) -> Iterator[str]:
    """That several models of one name are several, each with its own number and size."""
    if len(rows) < 2:
        return
    pairs = [
        f"{row.cells[1].text} belongs to the one with {row.cells[0].text}{params.unit} parameters"
        for row in rows
        if row.cells[0].text != "-"
    ]
    if len(pairs) == len(rows):
        yield latex(f"These are {_counted(len(rows))} systems of one name: {' and '.join(pairs)}.")


def _counted(number: int) -> str:
    return {2: "two", 3: "three", 4: "four"}.get(number, str(number))


def _again(
    again: Sequence[Row], first: Sequence[Row], score: Column, citations: Mapping[str, str]
) -> Iterator[str]:
    """What others measured of the same models."""
    names = {row.model for row in first}
    for row in again:
        where = row.cells[1].provenance
        if row.model in names and where is not None:
            words = (
                f"Measured again, {row.name} reached a {score.metric} of {row.cells[1].text} ({where.source})"
            )
            yield latex(words) + _cite(where.paper or row.document, citations) + "."


def _cite(paper: str, citations: Mapping[str, str]) -> str:
    key = citations.get(paper, "")
    return rf"~\cite{{{key}}}" if key and all(char.isalnum() or char in ":._-+/" for char in key) else ""
