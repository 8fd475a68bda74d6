"""One document from text to readings: its structure, what it says about itself, then its tables one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from litdb.extract.ablations.tables import with_ablations
from litdb.extract.limits import SECONDS, Deadline
from litdb.extract.meaning.paper import PaperText, describe
from litdb.extract.meaning.priors import Priors, shipped
from litdb.extract.meaning.readings import read_grid
from litdb.extract.meaning.second import proposed_unless_agreed
from litdb.extract.sound import guarded, sound, table_name
from litdb.extract.types import Extraction, Grid, Reference, SourceText, TableReadings


@dataclass(frozen=True, slots=True)
class _Structure:
    grids: tuple[Grid, ...]
    references: tuple[Reference, ...]
    title: str
    abstract: str
    prose: str
    remarks: tuple[str, ...] = ()


def _structure(source: SourceText, deadline: Deadline) -> _Structure:
    """Read with the reader for this kind of document; readers are imported when first needed."""
    if source.kind == "latex":
        from litdb.extract.latex.document import read_latex

        latex = read_latex(source, deadline)
        prose = "\n".join((source.files[source.main], *_included(source)))
        return _Structure(latex.grids, latex.references, latex.title, latex.abstract, prose, latex.remarks)
    if source.kind == "pdf":
        from litdb.extract.pdf.document import read_pdf

        pdf = read_pdf(source.data, source.main, deadline)
        return _Structure(pdf.grids, (), pdf.title, pdf.abstract, pdf.prose, pdf.remarks)
    text = source.files[source.main]
    if source.kind == "html":
        from litdb.extract.markup.html import read_html as reader
    elif source.kind == "jats":
        from litdb.extract.markup.jats import read_jats as reader
    else:
        from litdb.extract.markup.markdown import read_markdown as reader
    page = reader(text, source.main, deadline)
    return _Structure(page.grids, page.references, page.title, page.abstract, page.prose)


def _included(source: SourceText) -> list[str]:
    """The other LaTeX files of a source, in their order."""
    return [text for name, text in source.files.items() if name != source.main and name.endswith(".tex")]


def _described(source: SourceText, found: _Structure) -> tuple[str, PaperText]:
    title = source.title or found.title
    return title, describe(title, found.abstract, found.grids, source.kind, found.prose)


def describe_source(source: SourceText, *, seconds: float = SECONDS) -> tuple[tuple[Grid, ...], PaperText]:
    """The tables of a document with spans resolved, and what the document says of itself. Raises TooLarge."""
    found = _structure(source, Deadline(seconds))
    return found.grids, _described(source, found)[1]


def extract(
    source: SourceText,
    *,
    seconds: float = SECONDS,
    priors: Priors | None = None,
    chosen: Mapping[int, str] | None = None,
) -> Extraction:
    """All readings of a document, table by table, with the ablations that the tables hold.

    `priors` are what is believed before reading: what the package ships unless given. `chosen` are interpretations that
    somebody chose, in the words of the reason that offers them ("'Architecture' is the model"), by the place of their table in
    the document, from 1. Raises TooLarge when the
    document cannot be read within `seconds` or passes another limit.
    """
    known = shipped() if priors is None else priors
    deadline = Deadline(seconds)
    found = _structure(source, deadline)
    title, paper = _described(source, found)
    tables = []
    findings: list[str] = []
    for grid in found.grids:
        deadline.check()
        read, fault = guarded(
            table_name(grid),
            partial(read_grid, grid, paper, known, (chosen or {}).get(grid.ordinal, "")),
            TableReadings(grid, "other", ()),
        )
        table, lost = sound(read)
        tables.append(table)
        findings += (*fault, *lost)
    if source.kind == "pdf":
        tables = proposed_unless_agreed(tables, (found.abstract, found.prose))
    done, fault = guarded("what its ablations change", lambda: list(with_ablations(tables)), tables)
    remarks = (*found.remarks, *findings, *fault)
    return Extraction(tuple(done), found.references, title, remarks, known.digest)


def grids(source: SourceText, *, seconds: float = SECONDS) -> tuple[Grid, ...]:
    """The tables of a document with spans resolved. Raises TooLarge as `extract` does."""
    return _structure(source, Deadline(seconds)).grids
