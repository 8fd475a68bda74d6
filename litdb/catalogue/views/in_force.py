"""Which decisions are in force: the only place that says so.

A decision is in force until an `undo` that stands names it, and unless it is *contested*: another that says otherwise of
the same thing was made, and neither of the two persons knew the other's decision. Then neither holds, and the thing is
as if nobody had decided, until one of the two is undone or somebody who knows both decides (`litdb resolve`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased

from litdb.catalogue.database.batches import batches
from litdb.catalogue.database.schema import CheckpointRow, DecisionRow, ModelRow, ReadingRow, RunRow
from litdb.catalogue.decision import (
    COLUMNS,
    ON_READING,
    ORDER,
    Alias,
    Correct,
    Decided,
    Declare,
    Made,
    Resolve,
    StateFact,
    Undo,
    Unify,
    What,
    made,
)

#: What a correction can set; two that set different things agree.
_SETS = ("metric", "dataset", "model", "value")
#: Kinds that can be contested besides those on readings: each says one thing of its target.
_ONE_OF: tuple[type[Decided], ...] = (Resolve, Alias, Unify, Declare, StateFact)
#: Kinds of which one decision can contradict another.
GROUPS: tuple[tuple[type[Decided], ...], ...] = (ON_READING, *((kind,) for kind in _ONE_OF))


def undone(row: type[DecisionRow] = DecisionRow) -> ColumnElement[bool]:
    """In SQL: whether a row of the table `decision` was taken back, by an undoing that was not taken back itself."""
    undoing, retaking = aliased(DecisionRow), aliased(DecisionRow)
    retaken = exists().where(retaking.kind == Undo.kind, retaking.target == undoing.uid)
    return exists().where(undoing.kind == Undo.kind, undoing.target == row.uid, ~retaken)


def is_undone(session: Session, uid: str) -> bool:
    """Whether the decision of that uid was taken back."""
    return session.scalar(select(DecisionRow.id).where(DecisionRow.uid == uid, undone())) is not None


def in_force(
    session: Session, *kinds: type[What], targets: Select[str] | Collection[str] | None = None
) -> list[Made[What]]:
    """The decisions of these kinds that are in force, in their order; of these targets only, where given.

    Targets are best given as a query: the database then looks at no other decision. Raises CatalogueError for a damaged
    decision.
    """
    names = [kind.kind for kind in kinds]
    query = select(*COLUMNS).where(DecisionRow.kind.in_(names), ~undone())
    if targets is not None:
        query = query.where(DecisionRow.target.in_(targets))
    found = [made(row) for row in session.execute(query.order_by(*ORDER))]
    aside = {one.uid for pair in _rivals(session, kinds, targets) for one in pair}
    return cast("list[Made[What]]", [one for one in found if one.uid not in aside])


@dataclass(frozen=True, slots=True)
class Contest:
    """Decisions that contradict one another on one target, none made in knowledge of the other.

    `open` until somebody who knows them all decided on the target.
    """

    target: str
    decisions: tuple[Made[Decided], ...]
    open: bool

    def __str__(self) -> str:
        return "contested by " + ", ".join(f"{one.who} ({in_words(one.what)})" for one in self.decisions)


def contests(
    session: Session,
    targets: Select[str] | Collection[str] | None = None,
    *,
    groups: Iterable[tuple[type[Decided], ...]] = GROUPS,
) -> list[Contest]:
    """What is contested, by target: all of it, or that of these targets or groups of kinds."""
    rivals: dict[str, dict[str, Made[Decided]]] = {}
    for group in groups:
        for pair in _rivals(session, group, targets):
            for one in pair:
                rivals.setdefault(one.target, {})[one.uid] = one
    found = []
    for target, by_uid in sorted(rivals.items()):
        some = tuple(sorted(by_uid.values(), key=lambda one: (one.who, one.uid)))
        settles = select(DecisionRow.id).where(DecisionRow.target == target, ~undone())
        for one in some:
            settles = settles.where(DecisionRow.after.contains(one.uid))
        found.append(Contest(target, some, open=session.scalar(settles.limit(1)) is None))
    return found


def in_words(what: Decided) -> str:
    """What was decided, short: `accept`, `value 3.2`, `model CMGAN`."""
    said = {
        name: value
        for name, value in what.detail().items()
        if value not in ("", None)
        and name in ("value", "metric", "dataset", "model", "into", "keep", "date", "component")
    }
    return ", ".join([what.kind, *(f"{name} {str(value)[:24]}" for name, value in said.items())])


def _rivals(
    session: Session, kinds: Iterable[type[Decided]], targets: Select[str] | Collection[str] | None
) -> list[tuple[Made[Decided], Made[Decided]]]:
    """Pairs of standing decisions that contradict one another, neither made in knowledge of the other."""
    asked = set(kinds)
    groups = [
        group for group in GROUPS if asked & set(group)
    ]  # an acceptance contradicts a correction, whichever is asked for
    pairs = [pair for group in groups for pair in _apart(session, group, targets)]
    if not pairs:
        return []
    known: dict[str, Made[Decided]] = {}
    for some in batches(sorted({uid for pair in pairs for uid in pair})):
        query = select(*COLUMNS).where(DecisionRow.uid.in_(some))
        known |= {row[0]: made(row) for row in session.execute(query)}
    models = _models_of_checkpoints(session) if any(Declare in group for group in groups) else {}
    return [(known[a], known[b]) for a, b in pairs if _contradict(known[a], known[b], models)]


def _apart(
    session: Session, group: tuple[type[Decided], ...], targets: Select[str] | Collection[str] | None
) -> Iterator[tuple[str, str]]:
    """Standing decisions of a group on one thing of which neither was made in knowledge of the other, by their uids."""
    query = select(DecisionRow.uid, DecisionRow.target, DecisionRow.after).where(
        DecisionRow.kind.in_([kind.kind for kind in group]), ~undone()
    )
    whole = Declare in group  # declarations of one model name different checkpoints
    if targets is not None and not whole:
        query = query.where(DecisionRow.target.in_(targets))
    things: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for uid, target, after in session.execute(query.order_by(*ORDER)):
        things["" if whole else target].append((uid, after))
    for decisions in things.values():
        for place, (uid, after) in enumerate(decisions):
            knew = set(json.loads(after)) if place else set()
            for earlier, before in decisions[:place]:
                if earlier not in knew and uid not in before:
                    yield earlier, uid


def _contradict(one: Made[Decided], other: Made[Decided], models: dict[str, int]) -> bool:
    a, b = one.what, other.what
    if isinstance(a, Declare) and isinstance(b, Declare):
        model = models.get(one.target)
        return model is not None and model == models.get(other.target) and one.target != other.target
    if isinstance(a, ON_READING) or isinstance(b, ON_READING):
        if isinstance(a, Correct) and isinstance(b, Correct):
            set_by_both = [name for name in _SETS if None not in (getattr(a, name), getattr(b, name))]
            return any(getattr(a, name) != getattr(b, name) for name in set_by_both)
        return type(a) is not type(b)
    if isinstance(a, Resolve) and isinstance(b, Resolve):
        return a.keep != b.keep
    if isinstance(a, Alias) and isinstance(b, Alias):
        return a.scope == b.scope and a.model != b.model
    if isinstance(a, Unify) and isinstance(b, Unify):
        return a.into != b.into
    if isinstance(a, StateFact) and isinstance(b, StateFact):
        return (a.item, a.component) == (b.item, b.component) and a.stated != b.stated
    return False


def _models_of_checkpoints(session: Session) -> dict[str, int]:
    query = (
        select(CheckpointRow.key, ModelRow.unified_id, ModelRow.id)
        .join(RunRow, RunRow.id == CheckpointRow.run_id)
        .join(ModelRow, ModelRow.id == RunRow.model_id)
    )
    return {key: unified or model for key, unified, model in session.execute(query)}


def stale_decisions(session: Session) -> list[tuple[Made[Decided], str]]:
    """Decisions on readings that are gone or whose printed text changed, with the reason: for review.

    Those on one reading come together, in the order of the first of each.
    """
    kinds = [decided.kind for decided in ON_READING]
    query = (
        select(*COLUMNS, ReadingRow.printed)
        .outerjoin(ReadingRow, ReadingRow.key == DecisionRow.target)
        .where(
            DecisionRow.kind.in_(kinds), ReadingRow.printed.is_distinct_from(DecisionRow.printed), ~undone()
        )
        .order_by(*ORDER)
    )
    by_target: dict[str, list[tuple[Made[Decided], str]]] = {}
    contested = {one.uid for pair in _rivals(session, ON_READING, None) for one in pair}
    for *columns, now in session.execute(query):
        decision = made(columns)
        if decision.uid in contested:
            continue
        by_target.setdefault(decision.target, []).append((decision, why_stale(decision.printed, now)))
    return [waiting for some in by_target.values() for waiting in some]


def why_stale(printed: str, now: str | None) -> str:
    """Why a decision waits whose cell said `printed` and says `now`, or is no longer read (None)."""
    if now is None:
        return "its cell is no longer read"
    return f"its cell now says {now!r}, it said {printed!r}"
