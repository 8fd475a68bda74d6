"""Drawings: models in a plane and over time, own runs against each other, conflicts of a model, who copied from whom."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from litdb.api.opened import Opened
from litdb.errors import UsageError
from litdb.questions.question import Question, Words

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
