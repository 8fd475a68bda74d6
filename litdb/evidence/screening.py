"""A survey as it stands: its question, what each run found, and what people decided of each paper."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from litdb.values.table import Table

#: What can be decided of a paper; one of which nothing was decided is to be read.
TO_READ, READ, TAKEN, DROPPED = STATES = ("to read", "read", "taken", "dropped")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that a run found, with the reason why it stands where it does. `paper` is its key in a catalogue."""

    paper: str
    title: str
    version: int | None = None
    first_submitted: dt.date | None = None
    authors: tuple[str, ...] = ()
    doi: str = ""
    why: str = ""

    def to_json(self) -> str:
        """As it is kept with its run."""
        values = dataclasses.asdict(self)
        values["first_submitted"] = self.first_submitted.isoformat() if self.first_submitted else None
        return json.dumps(values, ensure_ascii=False, sort_keys=True)

    @classmethod
    def read(cls, text: str) -> Candidate:
        """The inverse of :meth:`to_json`. Raises ValueError for another text."""
        try:
            values = json.loads(text)
            day = values.pop("first_submitted")
            found = cls(**{**values, "authors": tuple(values["authors"])})
            if not all(
                isinstance(field, str)
                for field in (found.paper, found.title, found.doi, found.why, *found.authors)
            ):
                raise ValueError
            return dataclasses.replace(found, first_submitted=dt.date.fromisoformat(day) if day else None)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ValueError("it is no paper that a survey found") from error


@dataclass(frozen=True, slots=True)
class SurveyRun:
    """What one run found: the formulations asked, how many records they gave together, how many of these were the same work."""

    uid: str
    made_at: dt.datetime
    formulations: tuple[str, ...]
    identified: int
    repeated: int
    found: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Screened:
    """What was decided of a paper, by whom and why; `decision` is its number, '' where nothing was."""

    candidate: Candidate
    state: str = TO_READ
    reason: str = ""
    who: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class SurveyChange:
    """What the last run found that the one before it had not, what has a newer version, what is found no more."""

    new: tuple[Candidate, ...]
    newer: tuple[Candidate, ...]
    gone: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey: `papers` are those of all runs, those of the last run first and in its order."""

    name: str
    question: str
    most: int
    since: dt.date | None
    who: str
    made_at: dt.datetime
    uid: str
    runs: tuple[SurveyRun, ...]
    papers: tuple[Screened, ...]

    def of(self, *states: str) -> tuple[Screened, ...]:
        """The papers in these states."""
        return tuple(paper for paper in self.papers if paper.state in states)

    @property
    def chosen(self) -> tuple[Screened, ...]:
        """The papers that were taken; while none was, all that were not dropped."""
        return self.of(TAKEN) or self.of(TO_READ, READ)

    @property
    def change(self) -> SurveyChange:
        """What the last run changed."""
        if not self.runs:
            return SurveyChange((), (), ())
        last = {one.paper: one for one in self.runs[-1].found}
        before = {one.paper: one for one in self.runs[-2].found} if len(self.runs) > 1 else {}
        known = {one.paper for run in self.runs[:-1] for one in run.found}
        return SurveyChange(
            tuple(one for one in last.values() if one.paper not in known),
            tuple(
                one
                for one in last.values()
                if one.paper in before and (one.version or 0) > (before[one.paper].version or 0)
            ),
            tuple(one for one in before.values() if one.paper not in last),
        )


@dataclass(frozen=True, slots=True)
class MadeOf:
    """Why a model of a survey may score as it does, in words of sources: techniques, training, and what rows of its paper's
    ablation tables isolate, each with its difference."""

    model: str
    name: str
    techniques: tuple[str, ...]
    training: tuple[str, ...]
    isolated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LackingPaper:
    """A paper of a survey without a row in its table, and why."""

    paper: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class SurveyTable:
    """The table of a survey, why its models may score so, in the order of its rows, and the papers it lacks."""

    survey: str
    table: Table
    made_of: tuple[MadeOf, ...]
    lacking: tuple[LackingPaper, ...]


def papers_of(runs: Sequence[SurveyRun], decided: Iterable[tuple[str, Screened]]) -> tuple[Screened, ...]:
    """The papers of all runs with what was decided of them, those of the last run first; of two decisions the later counts."""
    candidates: dict[str, Candidate] = {}
    for run in reversed(runs):
        for one in run.found:
            candidates.setdefault(one.paper, one)
    states = dict(decided)
    return tuple(
        dataclasses.replace(states[key], candidate=one) if key in states else Screened(one)
        for key, one in candidates.items()
    )
