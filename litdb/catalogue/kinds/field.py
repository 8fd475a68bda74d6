"""Decisions on the reading of a field: surveys, families, notes, watches."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from litdb.catalogue.kinds.base import Decided
from litdb.evidence.screening import STATES, Candidate
from litdb.evidence.tracing.noted import NOTED
from litdb.evidence.tracing.watched import WATCHED, WatchItem


@dataclass(frozen=True, slots=True)
class StartSurvey(Decided):
    """The field is searched for this question; the survey (target: its name) shows `most` papers."""

    kind: ClassVar[str] = "survey"
    question: str
    most: int
    since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class RunSurvey(Decided):
    """The survey (target: its name) was run: what was asked, and what was found (`Candidate` as JSON, best first)."""

    kind: ClassVar[str] = "survey-run"
    formulations: tuple[str, ...]
    identified: int
    repeated: int
    found: tuple[str, ...]

    def __post_init__(self) -> None:
        for text in self.found:
            Candidate.read(text)


@dataclass(frozen=True, slots=True)
class Screen(Decided):
    """The paper of that key is in this state in the survey (target: its name); the reason says why."""

    kind: ClassVar[str] = "screen"
    paper: str
    state: str

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise ValueError(f"its 'state' is not {' or '.join(STATES)}")


@dataclass(frozen=True, slots=True)
class PlaceInFamily(Decided):
    """The paper (target: its name in a survey, `arXiv:2511.14515`) goes about it as this `family` does."""

    kind: ClassVar[str] = "family"
    family: str


@dataclass(frozen=True, slots=True)
class WriteNote(Decided):
    """Somebody's own words (the reason) about a paper, a model or a reading (target: its key); they are no evidence."""

    kind: ClassVar[str] = "note"
    about: str

    def __post_init__(self) -> None:
        if self.about not in NOTED:
            raise ValueError(f"its 'about' is not {' or '.join(NOTED)}")


@dataclass(frozen=True, slots=True)
class StartWatch(Decided):
    """News of a question, a paper or a range on a test set is watched for, under a name (the target)."""

    kind: ClassVar[str] = "watch"
    what: str
    text: str
    dataset: str

    def __post_init__(self) -> None:
        if self.what not in WATCHED:
            raise ValueError(f"its 'what' is not {' or '.join(WATCHED)}")


@dataclass(frozen=True, slots=True)
class RunWatch(Decided):
    """The watch (target: its name; `watch` the decision that set it) was run, and saw this for the first time (as JSON)."""

    kind: ClassVar[str] = "watch-run"
    news: tuple[str, ...]
    watch: str

    def __post_init__(self) -> None:
        for text in self.news:
            WatchItem.read(text)
