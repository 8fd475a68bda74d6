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
from functools import cache
from typing import cast

from sqlalchemy import ColumnElement, Select, exists, func, select
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
    DeclareGroup,
    Made,
    Resolve,
    StateFact,
    Undo,
    Unify,
    What,
    from_json,
    made,
)
from litdb.values.description import TOPICS

#: What a correction can set; two that set different things agree.
_SETS = ("metric", "dataset", "model", "value")
#: Kinds that say which checkpoints stand for a model.
STANDS = (Declare, DeclareGroup)
#: Kinds that can be contested besides those: each says one thing of its target.
_ONE_OF: tuple[type[Decided], ...] = (Resolve, Alias, Unify, StateFact)
#: Kinds of which one decision can contradict another.
GROUPS: tuple[tuple[type[Decided], ...], ...] = (ON_READING, STANDS, *((kind,) for kind in _ONE_OF))


@cache
def undone() -> ColumnElement[bool]:
    """In SQL: whether a row of the table `decision` was taken back, by an undoing that was not taken back itself.

    Put together once: every question asks it, and the two aliases cost more than the answer.
    """
    undoing, retaking = aliased(DecisionRow), aliased(DecisionRow)
    retaken = exists().where(retaking.kind == Undo.kind, retaking.target == undoing.uid)
    return exists().where(undoing.kind == Undo.kind, undoing.target == DecisionRow.uid, ~retaken)


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
    aside = {one.uid for rivals in _rivals(session, kinds, targets) for one in (rivals.one, rivals.other)}
    return cast("list[Made[What]]", [one for one in found if one.uid not in aside])


@dataclass(frozen=True, slots=True)
class Contest:
    """Decisions that contradict one another on one target, none made in knowledge of the other.

    The target of what declares that checkpoints stand for a model is that model. `open` until somebody who knows them
    all decided on the target.
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
    things: dict[str, dict[str, Made[Decided]]] = {}
    for group in groups:
        for rivals in _rivals(session, group, targets):
            things.setdefault(rivals.about, {}).update(
                {rivals.one.uid: rivals.one, rivals.other.uid: rivals.other}
            )
    found = []
    for about, by_uid in sorted(things.items()):
        some = tuple(sorted(by_uid.values(), key=lambda one: (one.who, one.uid)))
        settles = select(DecisionRow.id).where(~undone())
        for one in some:
            settles = settles.where(DecisionRow.after.contains(one.uid))
        found.append(Contest(about, some, open=session.scalar(settles.limit(1)) is None))
    return found


def in_words(what: Decided) -> str:
    """What was decided, short: `accept`, `value 3.2`, `model CMGAN`."""
    if isinstance(what, DeclareGroup):
        return f"group of {', '.join(what.members)}"
    said = {
        name: value
        for name, value in what.detail().items()
        if value not in ("", None)
        and name in ("value", "metric", "dataset", "model", "into", "keep", "date", "component")
    }
    return ", ".join([what.kind, *(f"{name} {str(value)[:24]}" for name, value in said.items())])


@dataclass(frozen=True, slots=True)
class _Rivals:
    """Two standing decisions that contradict one another, neither made in knowledge of the other."""

    about: str
    one: Made[Decided]
    other: Made[Decided]


def _rivals(
    session: Session, kinds: Iterable[type[Decided]], targets: Select[str] | Collection[str] | None
) -> list[_Rivals]:
    asked = set(kinds)
    groups = [
        group for group in GROUPS if asked & set(group)
    ]  # an acceptance contradicts a correction, whichever is asked for
    apart = [pair for group in groups for pair in _apart(session, group, targets)]
    if not apart:
        return []
    known: dict[str, Made[Decided]] = {}
    for some in batches(sorted({uid for _, *pair in apart for uid in pair})):
        query = select(*COLUMNS).where(DecisionRow.uid.in_(some))
        known |= {row[0]: made(row) for row in session.execute(query)}
    return [
        _Rivals(about, known[a], known[b])
        for about, a, b in apart
        if _contradict(known[a].what, known[b].what, known[a].target == known[b].target)
    ]


def _apart(
    session: Session, group: tuple[type[Decided], ...], targets: Select[str] | Collection[str] | None
) -> Iterator[tuple[str, str, str]]:
    """Standing decisions of a group on one thing of which neither was made in knowledge of the other: thing and uids."""
    query = select(
        DecisionRow.uid, DecisionRow.target, DecisionRow.after, DecisionRow.kind, DecisionRow.detail
    ).where(DecisionRow.kind.in_([kind.kind for kind in group]), ~undone())
    if targets is not None and group not in (
        STANDS,
        (Unify,),
    ):  # what is about one thing there differs in its target
        query = query.where(DecisionRow.target.in_(targets))
    models = _models_of_checkpoints(session) if group == STANDS else {}
    things: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for uid, target, after, kind, detail in session.execute(query.order_by(*ORDER)):
        for thing in _things(kind, target, detail, models):
            things[thing].append((uid, after))
    for thing, decisions in things.items():
        for place, (uid, after) in enumerate(decisions):
            knew = set(json.loads(after)) if place else set()
            for earlier, before in decisions[:place]:
                if earlier not in knew and uid not in before:
                    yield thing, earlier, uid


def _things(kind: str, target: str, detail: str, models: dict[str, str]) -> list[str]:
    """What a decision is about: its target, or what two decisions with different targets have in common."""
    if kind == Declare.kind:
        return [models.get(target, target)]
    if kind == DeclareGroup.kind:
        what = from_json(kind, detail)
        assert isinstance(what, DeclareGroup)
        return sorted({models.get(member, member) for member in what.members})
    if kind == Unify.kind:  # that the first is the second, and that the second is the first
        what = from_json(kind, detail)
        assert isinstance(what, Unify)
        return [target, " and ".join(sorted((target, what.into)))]
    return [target]


def _contradict(a: Decided, b: Decided, same_target: bool) -> bool:
    if isinstance(a, STANDS) or isinstance(b, STANDS):
        if isinstance(a, DeclareGroup) and isinstance(b, DeclareGroup):
            return set(a.members) != set(b.members)
        return type(a) is not type(b) or not same_target
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
        if a.item != b.item:
            return False
        if a.item in TOPICS:  # one statement on each
            return (a.component, a.stated) != (b.component, b.stated)
        return a.component == b.component and a.stated != b.stated
    return False


def _models_of_checkpoints(session: Session) -> dict[str, str]:
    """The key of the model that each checkpoint stands for, or can."""
    owner = aliased(ModelRow)
    query = (
        select(CheckpointRow.key, owner.key)
        .join(RunRow, RunRow.id == CheckpointRow.run_id)
        .join(ModelRow, ModelRow.id == RunRow.model_id)
        .join(owner, owner.id == func.coalesce(ModelRow.unified_id, ModelRow.id))
    )
    return {row[0]: row[1] for row in session.execute(query)}


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
    rivals = _rivals(session, ON_READING, None)
    contested = {one.uid for pair in rivals for one in (pair.one, pair.other)}
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
