"""Watches as decisions: set, run, and as they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DecisionRow
from litdb.catalogue.decision import Made, RunWatch, StartWatch
from litdb.catalogue.decisions import append_decision
from litdb.catalogue.views.in_force import in_force
from litdb.errors import NotFound, UsageError
from litdb.evidence.tracing.watched import Watch, WatchItem, WatchRun

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")


def start(session: Session, name: str, what: str, text: str, dataset: str) -> DecisionRow:
    """Record a watch. Raises UsageError for a name that is taken or cannot be one."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot name a watch: use small letters, digits and hyphens, at most 60")
    if in_force(session, StartWatch, targets=[name]):
        raise UsageError(f"there is a watch {name} already: give another --name")
    return append_decision(session, StartWatch(what, text, dataset), name, text)


def add_run(session: Session, name: str, items: Sequence[WatchItem]) -> DecisionRow:
    """Record what a run saw for the first time. Raises NotFound."""
    made = _started(session, name)
    return append_decision(
        session, RunWatch(tuple(item.to_json() for item in items), made.uid), name, made.reason
    )


def load(session: Session, name: str) -> Watch:
    """A watch as it stands. Raises NotFound."""
    return _watch(session, _started(session, name))


def listed(session: Session) -> list[Watch]:
    """All watches that were not dropped, oldest first."""
    return [_watch(session, made) for made in in_force(session, StartWatch)]


def _watch(session: Session, made: Made[StartWatch]) -> Watch:
    runs = tuple(
        WatchRun(one.made_at, tuple(map(WatchItem.read, one.what.news)))
        for one in in_force(session, RunWatch, targets=[made.target])
        if one.what.watch == made.uid  # a watch that was dropped may have had the name before
    )
    what = made.what
    return Watch(made.target, what.what, what.text, what.dataset, made.uid, runs)


def _started(session: Session, name: str) -> Made[StartWatch]:
    found = in_force(session, StartWatch, targets=[name])
    if not found:
        raise NotFound(f"nothing is watched under {name!r}: `litdb watch list` shows what is")
    return found[-1]
