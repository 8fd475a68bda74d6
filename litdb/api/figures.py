"""Drawings: models in a plane and over time, own runs against each other, conflicts of a model, who copied from whom."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from litdb.api.opened import Opened
from litdb.errors import UsageError
from litdb.questions.question import DEFAULT_DATASET, Question, Words

if TYPE_CHECKING:
    from litdb.questions.figures.scatter import Plane
    from litdb.report.figures.canvas import Drawn

#: The word for time on the horizontal axis.
YEAR_AXIS = "year"


class FigureVerbs(Opened):
    """Drawings: models in a plane and over time, own runs against each other, conflicts of a model, who copied from whom."""

    def plot(
        self,
        out: str | os.PathLike[str],
        question: Question | None = None,
        *,
        x: str = "params",
        y: str = "PESQ",
        columns: int = 1,
        xlim: str | None = None,
        ylim: str | None = None,
        **words: Unpack[Words],
    ) -> Drawn:
        """Plot `y` over `x` to a pdf, png, svg or html file, with a CSV of the plotted data beside it.

        `x` may be `year`: then `y` stands over the date of each model's paper, with the line of the best so far. `columns` is
        the width, of one column (85 mm) or the page (178 mm); `xlim` and `ylim` are ranges such as `0.1M..10M`. Of a whole
        Question the first metric is drawn across and the last one up. Raises UsageError for unknown words and suffixes,
        LitdbError when no model has both.
        """
        from litdb.report.figures.scatter import limits, plot

        plane = self._plane(question, x, y, words)
        ranges = limits(xlim, plane.x), limits(ylim, plane.y)
        return plot(
            plane.found, plane.x, plane.y, Path(out), title=plane.title, columns=columns, ranges=ranges
        )

    def plot_points(
        self, question: Question | None = None, *, x: str = "params", y: str = "PESQ", **words: Unpack[Words]
    ) -> Plane:
        """What :meth:`plot` draws, with the columns of both axes: for another drawing of it. Raises UsageError."""
        return self._plane(question, x, y, words)

    def _plane(self, question: Question | None, x: str, y: str, words: Words) -> Plane:
        from litdb.questions.figures.scatter import keys_of, models_in_a_plane

        over_time = question is None and x == YEAR_AXIS
        if question is not None and words:
            raise UsageError(f"a Question says all that is asked: leave {', '.join(words)} out")
        asked = question or Question.parse([y] if over_time else [x, y], **words)
        with self.reading() as session:
            asked = replace(asked, models=keys_of(session, asked.models))
            return models_in_a_plane(session, asked, over_time=over_time)

    def plot_paired(
        self,
        out: str | os.PathLike[str],
        *systems: str,
        groups: Mapping[str, Sequence[str]] | None = None,
        metrics: Sequence[str] = ("PESQ",),
        dataset: str = DEFAULT_DATASET,
        conditions: str | Path | None = None,
        columns: int = 1,
    ) -> Drawn:
        """Draw by how much an own system differs from another file by file, on all files and by speaker, SNR and noise.

        The words are those of :meth:`compare`, of two systems or two groups; `conditions` says speaker, SNR or noise of each
        file where its name does not. Raises UsageError, NotFound, Ambiguous, InputError, LitdbError where nothing can be compared.
        """
        from litdb.catalogue.views.scores import asked_test_set
        from litdb.questions.compare import compare_named
        from litdb.report.figures.paired import plot_paired

        if len(systems) > 2 or len(groups or {}) > 2:
            raise UsageError("a figure shows one system against another: name two")
        with self.reading() as session:
            split = Path(conditions) if conditions else None
            found = compare_named(session, systems, groups or {}, metrics, dataset, split)
            title = asked_test_set(session, dataset).title
        return plot_paired(found[0], Path(out), title=title, columns=columns)

    def plot_conflicts(
        self, out: str | os.PathLike[str], model: str, *, metric: str | None = None, columns: int = 1
    ) -> Drawn:
        """Draw the conflicts of a model: for each the range of what is printed, with who prints it.

        Raises UsageError for another suffix, NotFound, Ambiguous, LitdbError where it has none.
        """
        from litdb.catalogue.naming import find_model
        from litdb.questions.conflicts import find_conflicts
        from litdb.report.figures.ranges import plot_conflicts
        from litdb.vocabulary import vocabulary

        quantity = None if metric is None else vocabulary().metric_name(metric).quantity
        with self.reading() as session:
            name = find_model(session, model).name
            found = find_conflicts(session, model=model, quantity=quantity)
        return plot_conflicts(found, name, Path(out), columns=columns)

    def plot_genealogy(
        self,
        out: str | os.PathLike[str],
        model: str,
        metric: str,
        *,
        dataset: str = DEFAULT_DATASET,
        columns: int = 1,
    ) -> Drawn:
        """Draw who copied a number of a model from whom, as :meth:`genealogy` tells it.

        Raises UsageError for unknown words and another suffix, NotFound, Ambiguous, LitdbError where nothing is printed.
        """
        from litdb.questions.tracing.genealogy import trace
        from litdb.report.figures.descent import plot_genealogy

        with self.reading() as session:
            found = trace(session, model, metric, dataset)
        return plot_genealogy(found, Path(out), columns=columns)
