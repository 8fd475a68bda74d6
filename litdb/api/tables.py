"""Tables, and everything known of one model or value."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from litdb.api.opened import Opened
from litdb.errors import UsageError, near
from litdb.questions.question import DEFAULT_DATASET, DEFAULT_METRICS, Question, Words
from litdb.questions.tables.presets import PRESETS, Preset, Study

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from litdb.catalogue.views.shown import ModelView, PaperView
    from litdb.evidence.tracing.genealogy import Genealogy
    from litdb.questions.why import Why
    from litdb.values.table import Table
    from litdb.values.value import Value


_NO_STUDY = Study()


class TableVerbs(Opened):
    """Tables, and everything known of one model or value."""

    def table(self, metrics: Question | Sequence[str] = DEFAULT_METRICS, **words: Unpack[Words]) -> Table:
        """A comparison on one test set: its metrics and the words of a question, or a whole Question.

        `where` are conditions such as `{"params": "0.4M..1.0M", "PESQ": "2.8..3.4"}`; `models` are names or keys,
        whose order is kept; `sort` is a metric, with `-` before it for the largest first (default: the first
        score asked for, best first). `proposed`, `claims` and `mixed` widen what is shown, as on the command line.

        Raises UsageError for unknown words, NotFound and Ambiguous for models.
        """
        from litdb.catalogue.naming import find_model
        from litdb.questions.table import compare

        question = _question(metrics, words)
        with self.reading() as session:
            if question.models is not None:
                keys = dict.fromkeys(find_model(session, name).key for name in question.models)
                question = replace(question, models=tuple(keys))
            if question.beside:
                from litdb.questions.tables.side_by_side import side_by_side

                return side_by_side(session, question)
            return compare(session, question)

    def versions(
        self,
        models: Sequence[str],
        metrics: Sequence[str] = DEFAULT_METRICS,
        *,
        dataset: str = DEFAULT_DATASET,
    ) -> Table:
        """What each version of the papers of these models prints, a row a version; nothing is ranked.

        Raises UsageError where no model is named, NotFound, Ambiguous.
        """
        from litdb.catalogue.naming import find_model
        from litdb.questions.tables.versions import versions

        question = Question.parse(metrics, dataset=dataset)
        with self.reading() as session:
            keys = dict.fromkeys(find_model(session, name).key for name in models)
            return versions(session, replace(question, models=tuple(keys)))

    def ablation(
        self,
        groups: Mapping[str, Sequence[str]],
        metrics: Sequence[str] = (),
        *,
        dataset: str = DEFAULT_DATASET,
        seeds: int = 3,
    ) -> Table:
        """An own study as a table: groups of runs that differ in their seed, each against the first.

        Means and standard deviations over seeds, differences with their intervals over seeds and files. Raises UsageError
        for a group with fewer runs than `seeds`, NotFound, Ambiguous.
        """
        from litdb.questions.tables.ablation import ablation

        with self.reading() as session:
            return ablation(session, groups, metrics, dataset, seeds)

    def preset_table(
        self,
        name: str | None,
        metrics: Sequence[str] | None = None,
        words: Words | None = None,
        study: Study = _NO_STUDY,
    ) -> Table:
        """The table of a preset (None: the one that the words ask for); what is asked for comes before what is usual.

        `metrics` are None for those of the preset; `study` is what an ablation is of; that of a paper takes no words.
        Raises UsageError, NotFound, Ambiguous.
        """
        given = words or {}
        if name is not None and name not in PRESETS:
            every = f"use {', '.join(PRESETS[:-1])} or {PRESETS[-1]}"
            raise UsageError(f"no preset is called {name!r}: {near(name, PRESETS, other=every)}")
        if study.asked != (name == "ablation") or (study.groups and study.paper):
            raise UsageError(
                "the preset ablation, and no other, takes two groups of own runs (base=r1,r2,r3 and more=r4,r5,r6) "
                "or the paper whose ablation it is"
            )
        if study.number and not study.paper:
            raise UsageError("the number of a table goes with the paper whose ablation it is")
        dataset = (given.get("datasets") or (given.get("dataset", DEFAULT_DATASET),))[0]
        if study.paper:
            # causal=False is asked for too; other words are not where they are empty.
            aside = [word for word, what in given.items() if what or (word == "causal" and what is False)]
            if aside:
                raise UsageError(
                    f"a published ablation is as its paper prints it: leave {', '.join(aside)} out"
                )
            return self.published_ablation(study.paper, metrics or (), number=study.number)
        if study.groups:
            return self.ablation(study.groups, metrics or (), dataset=dataset, seeds=study.seeds)
        asked = Preset.of(name, metrics, given)
        if name == "versions":
            return self.versions(given.get("models") or (), asked.metrics, dataset=dataset)
        return self.table(asked.metrics, **asked.words)

    def published_ablation(self, paper: str, metrics: Sequence[str] = (), *, number: str = "") -> Table:
        """The ablation of a published paper: each changed row with its difference to the row it is compared with.

        `paper` is its key, id, DOI or a model that it proposes; `number` is one of its tables, as `III`; `metrics` are
        columns, () for all that its tables have. Raises UsageError for unknown metrics, NotFound where the paper or its
        ablation is not known, Ambiguous.
        """
        from litdb.questions.tables.published import published_ablation

        with self.reading() as session:
            return published_ablation(session, paper, metrics, number)

    def renamed(self, table: Table, names: Mapping[str, str]) -> Table:
        """A table with models called otherwise: `{"IMSE": "IMSE (ours)"}`, by their names or keys in the catalogue.

        Raises UsageError for a model that no row is of, NotFound, Ambiguous.
        """
        from litdb.catalogue.naming import find_model

        rows = {row.model for row in table.rows}
        keys = {}
        with self.reading() as session:
            for model, shown in names.items():
                key = find_model(session, model).key
                if key not in rows:
                    raise UsageError(f"the table has no row of {model}: name a model that it shows")
                if key in keys:
                    raise UsageError(f"{model} gets two names: give it one")
                keys[key] = shown
        return table.renamed(keys)

    def as_of(self) -> dt.date:
        """The day of the newest thing in the catalogue: a paper's version, a run or a decision."""
        from litdb.catalogue.papers import newest_day

        with self.reading() as session:
            return newest_day(session)

    def models(self, metrics: Question | Sequence[str] = DEFAULT_METRICS, **words: Unpack[Words]) -> Table:
        """The models that meet the conditions: :meth:`table` under the name of the command."""
        return self.table(metrics, **words)

    def table_frame(
        self, metrics: Question | Sequence[str] = DEFAULT_METRICS, **words: Unpack[Words]
    ) -> pd.DataFrame:
        """:meth:`table` as a DataFrame."""
        from litdb.report.frame import table_frame

        return table_frame(self.table(metrics, **words))

    def why(self, model: str, metric: str, *, dataset: str = DEFAULT_DATASET) -> Why:
        """Every value known of a model in a metric, which one a table shows and why, and where it stands.

        Raises UsageError for unknown words, NotFound, Ambiguous.
        """
        from litdb.questions.why import explain

        with self.reading() as session:
            return explain(session, model, metric, dataset)

    def genealogy(
        self,
        model: str,
        metric: str,
        *,
        dataset: str = DEFAULT_DATASET,
        figure: str | os.PathLike[str] | None = None,
    ) -> Genealogy:
        """Who copied a number of a model from whom, each edge with the two cells that speak for it.

        `figure` is a pdf, png or svg file to draw it to. Raises UsageError for unknown words and another suffix, NotFound,
        Ambiguous, LitdbError where the file cannot be written.
        """
        from litdb.questions.tracing.genealogy import trace

        with self.reading() as session:
            found = trace(session, model, metric, dataset)
        if figure is not None:
            from litdb.report.figures.descent import plot_genealogy

            plot_genealogy(found, Path(figure))
        return found

    def show(self, name: str) -> tuple[ModelView | PaperView, list[Value]]:
        """A model, or else a paper, with all its values. Raises NotFound, Ambiguous."""
        from litdb.questions.show import show

        with self.reading() as session:
            return show(session, name)

    def results(self, model: str | None = None, *, status: str | None = None) -> list[Value]:
        """All values of a model (or of the catalogue), whatever their status, one entry each."""
        from litdb.catalogue.naming import find_model
        from litdb.catalogue.values import Where, known_values

        with self.reading() as session:
            models = [find_model(session, model).key] if model is not None else None
            statuses = [status] if status is not None else None
            return known_values(session, Where(models=models, statuses=statuses))

    def results_frame(self, model: str | None = None) -> pd.DataFrame:
        """:meth:`results` as a DataFrame, one row a value."""
        import pandas as pd

        from litdb.report.records import listed

        hidden = {"protocol", "grid_id", "row", "column", "reasons", "flags"}
        rows = [
            {name: item for name, item in listed(value).items() if name not in hidden}
            for value in self.results(model)
        ]
        return pd.DataFrame(rows)


def _question(asked: Question | Sequence[str], words: Words) -> Question:
    if not isinstance(asked, Question):
        return Question.parse(asked, **words)
    if words:
        raise UsageError(f"a Question says all that is asked: leave {', '.join(words)} out")
    return asked
