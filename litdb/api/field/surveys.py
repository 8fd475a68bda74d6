"""Surveys: stored, screened, given back as they stand. What searches for them is in `litdb.survey`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from litdb.api.opened import Opened
from litdb.questions.question import DEFAULT_METRICS, Question, Words

if TYPE_CHECKING:
    import datetime as dt

    from litdb.evidence.components.untried import Gaps
    from litdb.evidence.screening import Candidate, Survey, SurveyTable
    from litdb.evidence.tracing.cited import KnownWork
    from litdb.evidence.tracing.dive import Dive, PaperVersions
    from litdb.evidence.tracing.noted import Noted
    from litdb.evidence.tracing.watched import Watch, WatchItem


class SurveyVerbs(Opened):
    """Surveys and what was decided of their papers."""

    def start_survey(self, name: str, question: str, *, most: int = 30, since: dt.date | None = None) -> str:
        """Record a survey; returns the decision's number. Raises UsageError for a name that is taken or cannot be one."""
        from litdb.catalogue.views.field import surveys

        with self.writing() as session:
            return surveys.start(session, name, question, most, since).uid

    def add_survey_run(
        self,
        name: str,
        found: Sequence[Candidate],
        *,
        formulations: Sequence[str],
        identified: int,
        repeated: int = 0,
    ) -> str:
        """Record what a run of a survey found, best first; returns the decision's number. Raises NotFound."""
        from litdb.catalogue.views.field import surveys

        with self.writing() as session:
            return surveys.add_run(session, name, formulations, identified, repeated, found).uid

    def screen(self, name: str, papers: Sequence[str], state: str, *, reason: str) -> list[str]:
        """Say that papers of a survey are to read, read, taken or dropped, and why; returns the decisions' numbers.

        Papers are named by id or by the beginning of their title. Raises UsageError, NotFound.
        """
        from litdb.catalogue.views.field import surveys

        with self.writing() as session:
            return [decision.uid for decision in surveys.screen(session, name, papers, state, reason)]

    def papers_with_results(self, papers: Sequence[str]) -> frozenset[str]:
        """Which of these papers, as a survey names them (`arXiv:2511.14515`), have accepted results here."""
        from litdb.catalogue.papers import with_results

        with self.reading() as session:
            return with_results(session, papers)

    def times_cited(self, works: Sequence[KnownWork], by: Sequence[str]) -> dict[str, int]:
        """In how many of the papers `by`, as a survey names them, these works stand in the stored bibliography, by their keys."""
        from litdb.catalogue.papers import paper_keys
        from litdb.catalogue.views.field.citations import bibliographies
        from litdb.evidence.tracing.cited import Works, times_cited

        with self.reading() as session:
            keys = set(paper_keys(session, by).values())
            return times_cited(bibliographies(session, keys), Works(works))

    def survey(self, name: str) -> Survey:
        """A survey as it stands. Raises NotFound."""
        from litdb.catalogue.views.field import surveys

        with self.reading() as session:
            return surveys.load(session, name)

    def survey_table(
        self, name: str, metrics: Sequence[str] = DEFAULT_METRICS, **words: Unpack[Words]
    ) -> SurveyTable:
        """The comparison of what was read of a survey's papers, what their models are made of, and which papers it lacks.

        `metrics` and `words` are those of `table`. Raises NotFound, UsageError.
        """
        from litdb.questions.field.survey_table import survey_table

        question = Question.parse(metrics, **words)
        with self.reading() as session:
            return survey_table(session, name, question)

    def gaps(self, survey: str = "", *, datasets: Sequence[str] = ("vbd",), metric: str = "PESQ") -> Gaps:
        """What is not known to be tried: components by size on each test set, rows that isolate them, results of one source.

        `survey` narrows it to the papers taken into a survey. Raises NotFound, UsageError.
        """
        from litdb.questions.field.gaps import find_gaps

        with self.reading() as session:
            return find_gaps(session, survey, datasets=datasets, metric=metric)

    def dive(self, paper: str, *, dataset: str = "vbd") -> Dive:
        """One paper with everything around it: results, versions, ablations, quotations, neighbours, what to read next.

        `paper` is its key, arXiv id, DOI or a model that it proposes. Raises NotFound, Ambiguous, UsageError.
        """
        from litdb.questions.field import dive

        with self.reading() as session:
            return dive.dive(session, paper, dataset=dataset)

    def paper_versions(self, paper: str) -> PaperVersions:
        """The versions of a paper that were read, and the numbers that changed between them. Raises NotFound, Ambiguous, UsageError."""
        from litdb.questions.field import dive

        with self.reading() as session:
            return dive.paper_versions(session, paper)

    def note(self, subject: str, words: str) -> str:
        """Keep words about a model, a paper or a result (its number); returns the decision's number. Raises NotFound, Ambiguous."""
        from litdb.catalogue.views.field import notes

        with self.writing() as session:
            return notes.write(session, subject, words).uid

    def notes(self, subject: str = "", *, search: str = "") -> list[Noted]:
        """The notes that are kept about something, or all; `search` keeps those with all its words. Raises NotFound, Ambiguous."""
        from litdb.catalogue.views.field import notes

        with self.reading() as session:
            things = {notes.subject(session, subject)} if subject else None
            return notes.notes(session, things, search=search)

    def start_watch(self, name: str, what: str, text: str, *, dataset: str = "vbd") -> str:
        """Record a watch; returns the decision's number. Raises UsageError for a name that is taken or cannot be one."""
        from litdb.catalogue.views.field import watches

        with self.writing() as session:
            return watches.start(session, name, what, text, dataset).uid

    def add_watch_run(self, name: str, items: Sequence[WatchItem]) -> str:
        """Record what a run of a watch saw for the first time; returns the decision's number. Raises NotFound."""
        from litdb.catalogue.views.field import watches

        with self.writing() as session:
            return watches.add_run(session, name, items).uid

    def watch(self, name: str) -> Watch:
        """A watch as it stands. Raises NotFound."""
        from litdb.catalogue.views.field import watches

        with self.reading() as session:
            return watches.load(session, name)

    def watches(self) -> list[Watch]:
        """All watches, oldest first."""
        from litdb.catalogue.views.field import watches

        with self.reading() as session:
            return watches.listed(session)

    def surveys(self) -> list[Survey]:
        """All surveys, oldest first."""
        from litdb.catalogue.views.field import surveys

        with self.reading() as session:
            return surveys.listed(session)
