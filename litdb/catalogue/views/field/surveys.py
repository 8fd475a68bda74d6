"""Surveys as decisions: started, run, screened, and as they stand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DecisionRow
from litdb.catalogue.decision import Made, RunSurvey, Screen, StartSurvey
from litdb.catalogue.decisions import append_decision
from litdb.catalogue.views.in_force import in_force
from litdb.errors import NotFound, UsageError
from litdb.evidence.screening import STATES, Candidate, Screened, Survey, SurveyRun, papers_of

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
#: The most papers that a run keeps.
MOST = 1000


def start(session: Session, name: str, question: str, most: int, since: dt.date | None) -> DecisionRow:
    """Record a survey. Raises UsageError for a name that is taken or cannot be one, and for a count out of range."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot name a survey: use small letters, digits and hyphens, at most 60")
    if not 1 <= most <= MOST:
        raise UsageError(f"a survey shows 1 to {MOST} papers, not {most}")
    if any(made.target == name for made in in_force(session, StartSurvey, targets=[name])):
        raise UsageError(
            f"there is a survey {name} already: give another --name, or `litdb survey run {name}`"
        )
    return append_decision(session, StartSurvey(question, most, since), name, question)


def add_run(
    session: Session,
    name: str,
    formulations: Sequence[str],
    identified: int,
    repeated: int,
    found: Sequence[Candidate],
) -> DecisionRow:
    """Record what a run of a survey found. Raises NotFound."""
    made = _started(session, name)
    texts = tuple(candidate.to_json() for candidate in found[:MOST])
    what = RunSurvey(tuple(formulations), identified, repeated, texts)
    return append_decision(session, what, name, made.reason)


def screen(session: Session, name: str, papers: Sequence[str], state: str, reason: str) -> list[DecisionRow]:
    """Record what is decided of papers of a survey, by their keys, ids or the beginnings of their titles.

    Raises UsageError for an unknown state or no reason, NotFound for a survey or paper that is not there, and when several
    papers fit.
    """
    if state not in STATES:
        raise UsageError(f"unknown state {state!r}: it is {', '.join(STATES)}")
    survey = load(session, name)
    keys = dict.fromkeys(_find(survey, text).candidate.paper for text in papers)
    return [append_decision(session, Screen(key, state), name, reason) for key in keys]


def load(session: Session, name: str) -> Survey:
    """A survey as it stands. Raises NotFound."""
    return _survey(session, _started(session, name))


def listed(session: Session) -> list[Survey]:
    """All surveys that were not taken back, oldest first."""
    return [_survey(session, made) for made in in_force(session, StartSurvey)]


def _survey(session: Session, made: Made[StartSurvey]) -> Survey:
    name = made.target
    runs = tuple(
        SurveyRun(
            one.uid, one.made_at, one.what.formulations, one.what.identified, one.what.repeated,
            tuple(map(Candidate.read, one.what.found)),
        )
        for one in in_force(session, RunSurvey, targets=[name])
    )  # fmt: skip
    nobody = Candidate("", "")
    decided = [
        (one.what.paper, Screened(nobody, one.what.state, one.reason, one.who, one.uid))
        for one in in_force(session, Screen, targets=[name])
    ]
    what = made.what
    return Survey(
        name,
        what.question,
        what.most,
        what.since,
        made.who,
        made.made_at,
        made.uid,
        runs,
        papers_of(runs, decided),
    )


def _started(session: Session, name: str) -> Made[StartSurvey]:
    found = in_force(session, StartSurvey, targets=[name])
    if not found:
        raise NotFound(
            f"no survey is called {name!r}: `litdb survey list` shows them, `litdb survey new` makes one"
        )
    return found[-1]


def _find(survey: Survey, text: str) -> Screened:
    bare = re.sub(r"v\d+$", "", re.sub(r"^(?:arxiv|doi):", "", text.strip(), flags=re.IGNORECASE)).lower()
    named = [one for one in survey.papers if one.candidate.paper.partition(":")[2].lower() == bare]
    named = named or [one for one in survey.papers if bare and one.candidate.title.lower().startswith(bare)]
    if not named:
        raise NotFound(
            f"survey {survey.name} holds no paper {text!r}: `litdb survey show {survey.name} --all` lists them"
        )
    if len(named) > 1:
        raise UsageError(f"{text!r} begins several titles of survey {survey.name}: give the paper's id")
    return named[0]
