"""What a paper.toml asks of a catalogue, and the answers: all that a build needs, from the catalogue or from a lock."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from litdb.api import DEFAULT_METRICS, Catalogue, Plane, Publication, Study, Table, Value, Words
from litdb.draft.frozen.toml import PaperFigure, PaperFile, PaperTable
from litdb.errors import LitdbError, UsageError
from litdb.questions.tables.bibliography import cited_by
from litdb.values.names import digest
from litdb.values.table import Provenance

#: The word for time on the horizontal axis of a figure.
YEAR_AXIS = "year"
#: From so many models on, all values are loaded at once to find where each stands.
_MANY = 20


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question of a paper: `what` names it (`tables.main`, `values.vbd.imse`), `metrics` are None for those of the preset.

    Of a figure the metrics are those of its axes.
    """

    what: str
    metrics: tuple[str, ...] | None
    words: Words
    preset: str | None = None
    study: Study = dataclasses.field(default_factory=Study)

    @property
    def asked(self) -> str:
        """What two questions have in common that ask the same."""
        said = {**dataclasses.asdict(self), "what": ""}
        return digest(json.dumps(said, sort_keys=True, default=str))

    @property
    def drawn(self) -> bool:
        """Whether the answer is a figure."""
        return self.what.startswith("figures.")

    def ask(self, catalogue: Catalogue) -> FrozenAnswer:
        """The answer. Raises UsageError, NotFound, Ambiguous, with the name of the question in front."""
        try:
            if not self.drawn:
                return FrozenAnswer(
                    self.asked, catalogue.preset_table(self.preset, self.metrics, self.words, self.study)
                )
            x, y = self.metrics or ()
            table = catalogue.table([y] if x == YEAR_AXIS else [x, y], **self.words)
            return FrozenAnswer(self.asked, table, catalogue.plot_points(x=x, y=y, **self.words))
        except LitdbError as error:
            raise type(error)(f"{self.what}: {error}") from error


@dataclass(frozen=True, slots=True)
class FrozenAnswer:
    """The answer to a question, with what two questions have in common that ask the same; of a figure its points besides."""

    asked: str
    table: Table
    plane: Plane | None = None


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a result stands: the document with its version, the table, the row as printed and the cell; `date` is its day.

    `column` and `line` are places in the stored table (from 0), None where it was read by hand.
    """

    result: str
    model: str
    metric: str
    dataset: str
    printed: str
    origin: str
    source: str
    url: str = ""
    paper: str = ""
    version: int | None = None
    date: str = ""
    table: str = ""
    row: str = ""
    line: int | None = None
    column: int | None = None
    checkpoint: str = ""
    status: str = "accepted"


@dataclass(frozen=True, slots=True)
class Answers:
    """All that a build needs: the day of the catalogue, a table for each question, the papers that are cited, where results stand."""

    day: dt.date
    tables: Mapping[str, FrozenAnswer]
    papers: tuple[Publication, ...] = ()
    results: Mapping[str, Locator] = dataclasses.field(default_factory=dict)

    def of(self, question: PaperQuestion) -> FrozenAnswer:
        """The answer to a question. Raises UsageError where it is not among them, or answers another question."""
        found = self.tables.get(question.what)
        if found is None or found.asked != question.asked:
            what = (
                "is new since the lock was made"
                if found is None
                else "asks for other things than the lock holds"
            )
            raise UsageError(
                f"{question.what} {what}: `litdb freeze --again` freezes what is asked now, `litdb build --live` reads the "
                "catalogue"
            )
        return found


def questions(paper: PaperFile) -> list[PaperQuestion]:
    """All questions of a paper: one a model and test set for its values, one a table, one a figure."""
    return [*value_questions(paper), *map(table_question, paper.tables), *map(figure_question, paper.figures)]


def value_questions(paper: PaperFile) -> Iterator[PaperQuestion]:
    """What is known of each model of a paper in its metrics, a question a model and test set."""
    by_set: dict[str, list[str]] = {}
    for one in paper.metrics:
        by_set.setdefault(one.dataset, []).append(one.metric)
    for dataset, metrics in (by_set or {paper.dataset: list(DEFAULT_METRICS)}).items():
        for model in paper.models:
            # Side by side with nothing else, so nothing is left out for not being comparable.
            words = Words(models=[model.model], datasets=[dataset], mixed=True)
            yield PaperQuestion(value_key(dataset, model.name), tuple(dict.fromkeys(metrics)), words)


def value_key(dataset: str, model: str) -> str:
    """What the question for the values of a model (by its short name) on a test set is called."""
    return f"values.{dataset}.{model}"


def table_question(table: PaperTable) -> PaperQuestion:
    """The question of a table."""
    return PaperQuestion(f"tables.{table.name}", table.metrics, table.words, table.preset, table.study)


def figure_question(figure: PaperFigure) -> PaperQuestion:
    """The question of a figure."""
    return PaperQuestion(f"figures.{figure.name}", (figure.x, figure.y), figure.words)


def ask_all(catalogue: Catalogue, paper: PaperFile, *, located: bool = False) -> Answers:
    """The answers to all questions of a paper, `located` with where every result stands.

    Raises UsageError, NotFound, Ambiguous; the message names the question.
    """
    tables = {one.what: one.ask(catalogue) for one in questions(paper)}
    cited = [
        key for name, one in tables.items() if not name.startswith("figures.") for key in cited_by(one.table)
    ]
    # Notes are the user's own words and no part of a paper.
    papers = [replace(one, notes=()) for one in catalogue.bib(list(dict.fromkeys(cited)))] if cited else []
    results = locators(catalogue, [one.table for one in tables.values()]) if located else {}
    return Answers(catalogue.as_of(), tables, tuple(sorted(papers, key=lambda one: one.key)), results)


def locators(catalogue: Catalogue, tables: Sequence[Table]) -> dict[str, Locator]:
    """Where every result of these tables stands, by its key, in their order."""
    models = dict.fromkeys(row.model for table in tables for row in table.rows)
    known: dict[str, Value] = {}
    for model in [None] if len(models) > _MANY else models:
        known |= {value.key: value for value in catalogue.results(model)}
    found: dict[str, Locator] = {}
    for table in tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                where = cell.provenance
                if where is None or where.result in found:
                    continue
                value = known.get(where.result)
                found[where.result] = (
                    _located(value) if value is not None else _derived(row.name, column.metric, table.dataset, cell.printed, where)
                )  # fmt: skip
    return found


def _located(value: Value) -> Locator:
    row, document = value.row, value.row.document
    day = row.checkpoint.date if row.checkpoint is not None else document.submitted or document.date
    return Locator(
        value.key, row.model.name, value.metric, value.dataset, value.printed, value.origin, value.place, document.url,
        document.paper, document.version, day.isoformat() if day else "", row.table, row.label, value.cell.row,
        value.cell.column, value.checkpoint, value.status,
    )  # fmt: skip


def _derived(model: str, metric: str, dataset: str, printed: str, where: Provenance) -> Locator:
    """Of a value that is made of several results, such as a mean over seeds: what the table says of it."""
    return Locator(
        where.result, model, metric, dataset, printed, where.origin, where.source, where.url, where.paper,
        row=where.label, status=where.status,
    )  # fmt: skip
