"""Everything that a paper.toml names, built from the catalogue or from a lock; only what changed is written."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from litdb.api import Catalogue, Plane
from litdb.draft.finding import DraftPlace
from litdb.draft.frozen.asking import Answers, ask_all, figure_question, table_question
from litdb.draft.frozen.files import MARK, write_changed
from litdb.draft.frozen.macros import NamedValue, PaperNames, named_values, paper_names, values_text
from litdb.draft.frozen.short_names import usual_paper
from litdb.draft.frozen.toml import PaperFigure, PaperFile, PaperTable
from litdb.draft.frozen.uses import DraftUses
from litdb.errors import InputError, LitdbError, UsageError, near
from litdb.extract.markup.bibtex import read_bibliography
from litdb.report.render import packages, render
from litdb.sources.files import read_file
from litdb.values.bibliography import Citations, matched
from litdb.values.table import Table

State = Literal["written", "unchanged"]


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A file of a paper and whether it was written or is as it was."""

    file: str
    state: State


@dataclass(frozen=True, slots=True)
class MissedName:
    """A name that the draft uses and that has no value: where, and why."""

    name: str
    place: DraftPlace
    why: str


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the day of the catalogue, or of the one that the lock froze; its files.

    `missed` are names in the draft that stop its LaTeX run, each with the reason; `differing` are files that are not the ones the lock was made with, though the numbers are its own: their look, caption
    or bibliography changed since, or another litdb or matplotlib writes them.
    """

    day: str
    lock: str
    files: tuple[BuiltFile, ...]
    packages: tuple[str, ...]
    differing: tuple[str, ...] = ()
    missed: tuple[MissedName, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether any file was written."""
        return any(one.state == "written" for one in self.files)


@dataclass(frozen=True, slots=True)
class ValuesWritten:
    """A file of macros: whether it was written, the values in it and those that are not known."""

    file: str
    state: State
    values: tuple[NamedValue, ...]


def write_values(
    catalogue: Catalogue, paper: PaperFile, out: Path, *, answers: Answers | None = None
) -> ValuesWritten:
    """Write the macros of a paper. Raises UsageError, NotFound, Ambiguous, InputError."""
    if not paper.models:
        raise UsageError("no model is named: --models IMSE,MUSE, or @paper.toml with [models]")
    found = answers or ask_all(catalogue, replace(paper, tables=(), figures=()))
    values = tuple(named_values(paper, found))
    state = _state(write_changed(out, _values(paper, found, values)))
    return ValuesWritten(str(out), state, values)


def asked_values(models: list[str], metrics: list[str], dataset: str) -> PaperFile:
    """The paper that models and metrics of the command line make, without a paper.toml. Raises InputError."""
    return usual_paper(models, metrics, dataset)


def build_paper(
    paper: PaperFile,
    answers: Answers,
    *,
    lock: str = "",
    frozen: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> Built:
    """Write all files of a paper that are not as they should be, each whole or not at all.

    `answers` are those of a catalogue (`ask_all`) or of a lock, whose name is `lock`, with the digest of each file in
    `frozen`. `dry_run` writes nothing. Raises UsageError, InputError, LitdbError.
    """
    made = outputs(paper, answers)
    files = []
    for name, data in made.items():
        path = paper.folder / name
        if dry_run:
            files.append(BuiltFile(name, _state(not path.is_file() or path.read_bytes() != data)))
        else:
            files.append(BuiltFile(name, _state(write_changed(path, data))))
    differing = [
        name for name, data in made.items() if (frozen or {}).get(name, digest_of(data)) != digest_of(data)
    ]
    return Built(
        answers.day.isoformat(), lock, tuple(files), _packages(paper, answers), tuple(differing),
        tuple(_missed(paper, answers)),
    )  # fmt: skip


def _missed(paper: PaperFile, answers: Answers) -> Iterator[MissedName]:
    """The names of values in the draft that LaTeX will not find. Raises InputError for a draft that is not there."""
    if not paper.values or not paper.draft:
        return
    if not (paper.folder / paper.draft).is_file():
        raise InputError(
            f"{paper.folder / paper.draft} cannot be read: name the draft in {paper.place.name}, or none"
        )
    values = {one.name: one for one in named_values(paper, answers)}
    spreads = {f"{one.name}.spread" for one in values.values() if one.spread}
    for used in DraftUses.read(paper.folder / paper.draft).values:
        if used.name in values and values[used.name].absent:
            yield MissedName(used.name, used.place, values[used.name].absent)
        elif used.name not in values and used.name not in spreads:
            hint = near(used.name, values, other=f"{paper.place.name} names no such model and metric")
            yield MissedName(used.name, used.place, f"no value is called {used.name}: {hint}")


def outputs(paper: PaperFile, answers: Answers) -> dict[str, bytes]:
    """The files of a paper by their name relative to its folder: the same answers give the same bytes.

    Raises UsageError where a lock lacks an answer, LitdbError for a figure that nothing stands in.
    """
    if not (paper.values or paper.tables or paper.figures):
        raise UsageError(
            f'{paper.place} names no file: give it [paper] values = "values.tex", or a [tables.NAME]'
        )
    made: dict[str, bytes] = {}
    names = paper_names(paper, answers)
    if paper.values:
        made[paper.values] = _values(paper, answers, tuple(named_values(paper, answers)))
    tables = {one.name: answers.of(table_question(one)).table.renamed(names.by_key) for one in paper.tables}
    for table in paper.tables:
        made[table.file] = _table(paper, table, tables[table.name], answers)
    for figure in paper.figures:
        plane = answers.of(figure_question(figure)).plane
        assert plane is not None  # the answer of a figure
        made |= _figure(figure, _named_points(plane, names))
    if paper.entries:
        made[paper.entries] = _entries(citations(paper, answers), answers)
    return made


def digest_of(data: bytes) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()


def citations(paper: PaperFile, answers: Answers) -> Citations:
    """The keys to cite the papers of a paper by. Raises InputError for a bibliography that cannot be read."""
    if not paper.bib:
        return matched(answers.papers, [])
    place = str(paper.folder / paper.bib)
    return matched(answers.papers, read_bibliography(read_file(place), place))


def _state(written: bool) -> State:
    return "written" if written else "unchanged"


def _values(paper: PaperFile, answers: Answers, values: tuple[NamedValue, ...]) -> bytes:
    keys = citations(paper, answers).keys
    return values_text(values, paper_names(paper, answers), keys, answers.day.isoformat()).encode()


def _table(paper: PaperFile, asked: PaperTable, table: Table, answers: Answers) -> bytes:
    keys = citations(paper, answers).keys if asked.look.sized or paper.bib else {}
    try:
        text = render(
            asked.look.restated(table), asked.format, source_columns=asked.sources, caption=asked.caption, label=asked.label,
            style=asked.look.style(answers.day.isoformat() if asked.look.sized else "", keys),
        )  # fmt: skip
    except LitdbError as error:
        raise type(error)(f"tables.{asked.name}: {error}") from error
    text = text.rstrip("\n") + "\n"
    if asked.format == "latex" and not text.startswith(f"% {MARK}"):
        text = f"% {MARK}; what is changed here is lost.\n{text}"
    return text.encode()


def _named_points(plane: Plane, names: PaperNames) -> Plane:
    """The points with the models called as in the paper; a model with several points keeps what tells them apart."""
    several = Counter(point.model for point in plane.found.points)
    points = tuple(
        replace(one, name=names.by_key[one.model])
        if one.model in names.by_key and several[one.model] == 1
        else one
        for one in plane.found.points
    )
    return replace(plane, found=replace(plane.found, points=points))


def _figure(asked: PaperFigure, plane: Plane) -> dict[str, bytes]:
    from litdb.report.figures.scatter import limits, plot

    with tempfile.TemporaryDirectory(prefix="litdb-") as folder:
        out = Path(folder) / Path(asked.file).name
        try:
            ranges = limits(asked.xlim, plane.x), limits(asked.ylim, plane.y)
            drawn = plot(
                plane.found, plane.x, plane.y, out, title=plane.title, columns=asked.columns, ranges=ranges
            )
        except LitdbError as error:
            raise type(error)(f"figures.{asked.name}: {error}") from error
        return {asked.file: drawn.figure.read_bytes(), asked.data: drawn.data.read_bytes()}


def _entries(cited: Citations, answers: Answers) -> bytes:
    from litdb.report.paper.bibtex import bibtex

    lacking = [one for one in answers.papers if one.key in cited.made]
    return f"% {MARK}; what is changed here is lost.\n{bibtex(lacking)}".encode()


def _packages(paper: PaperFile, answers: Answers) -> tuple[str, ...]:
    """The LaTeX packages that the tables need."""
    found: dict[str, None] = {}
    for one in paper.tables:
        if one.format == "latex":
            found |= dict.fromkeys(packages(one.look.style(answers.day.isoformat(), {})))
    return tuple(found)
