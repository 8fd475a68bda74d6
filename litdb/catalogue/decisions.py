"""Decisions: appended, never changed, and put into effect again after every reading.

`reapply` brings names, unifications and declared checkpoints to what the decisions in force say; readings get theirs
in derivation.
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
import uuid
from collections.abc import Sequence, Set
from dataclasses import replace

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from litdb.catalogue.checkpoints import find_checkpoint
from litdb.catalogue.database.schema import (
    UNDECIDED,
    CheckpointRow,
    DecisionRow,
    ModelRow,
    NameRow,
    ReadingRow,
    ResultRow,
    RunRow,
)
from litdb.catalogue.decision import (
    ORDER,
    Accept,
    Alias,
    Correct,
    Decided,
    Declare,
    DeclareGroup,
    GoOn,
    Made,
    Reject,
    RemoveRun,
    Replace,
    Undo,
    Unify,
    from_json,
)
from litdb.catalogue.derive import derive, documents_naming, forget_unused_models, utc_now
from litdb.catalogue.hand import Written
from litdb.catalogue.keys import the_one
from litdb.catalogue.naming import find_model
from litdb.catalogue.views.in_force import GROUPS, STANDS, in_force, is_undone
from litdb.catalogue.views.scores import asked_test_set
from litdb.catalogue.views.standing import documents_out_of_step, standing_declarations
from litdb.errors import NotFound, UsageError
from litdb.values.names import fold_name
from litdb.vocabulary import MetricName, vocabulary


def who_am_i() -> str:
    """Who decides: LITDB_USER, else the login name."""
    try:
        return os.environ.get("LITDB_USER") or getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def find_reading(session: Session, text: str) -> ReadingRow:
    """The reading whose key begins with `text`. Raises NotFound, or Ambiguous for too short a beginning."""
    if len(text) < 4 or not all(c in "0123456789abcdef" for c in text.lower()):
        raise UsageError(
            f"{text!r} does not name a result: give at least 4 digits of its key (`litdb why` shows it)"
        )
    found = session.scalars(select(ReadingRow).where(ReadingRow.key.startswith(text.lower())).limit(5)).all()
    if not found:
        raise NotFound(f"no result has a key that begins with {text}: `litdb why MODEL METRIC` lists them")
    return the_one([(reading.key, reading) for reading in found], text, "keys")


def decide_on_reading(
    session: Session, what: Accept | Reject | Correct, text: str, reason: str
) -> DecisionRow:
    """Accept, reject or correct a result; its document's results are derived again."""
    reading = find_reading(session, text)
    decision = append_decision(session, what, reading.key, reason, printed=reading.printed)
    derive(session, [reading.document_id])
    forget_unused_models(session)
    return decision


def correction(
    session: Session,
    text: str,
    *,
    value: str | None = None,
    metric: str | None = None,
    dataset: str | None = None,
    model: str | None = None,
) -> Correct:
    """What a correction changes, checked: a value is read by the metric it will stand under.

    Raises UsageError when nothing is changed, a word is unknown or metric and test set do not go together, InputError
    for a value that is no number.
    """
    reading = find_reading(session, text)
    now = session.scalar(select(ResultRow).where(ResultRow.reading_id == reading.id))
    assert now is not None  # every reading has its result
    name = vocabulary().metric_name(metric) if metric else None
    found = Correct(
        metric=None if name is None else str(name),
        dataset=_corrected_dataset(session, now, name, dataset),
        model=None if model is None else find_model(session, model).key,
    )
    if value is not None:
        shown = now.metric if name is None else str(name)
        read = Written(label=reading.label, metric=shown, printed=value, origin="self", by="hand").reading()
        found = replace(found, value=read.value, printed=value, resolution=read.resolution)
    if found == Correct():
        raise UsageError("nothing to correct: give --value, --metric, --dataset or --model")
    return found


def _corrected_dataset(
    session: Session, now: ResultRow, name: MetricName | None, dataset: str | None
) -> str | None:
    """The test set that a correction sets ('' where the metric needs none), or None where it leaves that alone."""
    quantity = now.quantity if name is None else name.quantity
    metric = vocabulary().metric(quantity)
    if metric is not None and metric.per_model:
        if dataset is not None:
            raise UsageError(f"{quantity} belongs to a model, not to a test set: leave --dataset out")
        return "" if now.dataset else None
    if dataset is None:
        if name is not None and not now.dataset:
            raise UsageError(f"{quantity} needs its test set: add --dataset vbd")
        return None
    return asked_test_set(session, dataset).id


def alias(session: Session, name: str, model: str, reason: str, *, scope: str = "") -> DecisionRow:
    """Say that `name` means `model`, everywhere or within one paper (`scope` is its key).

    Raises UsageError for an empty name or one that means this model already.
    """
    if not fold_name(name):
        raise UsageError("the name is empty: give it as it is printed")
    target = find_model(session, model)
    what = Alias(name, target.key, scope)
    held = session.scalars(
        select(NameRow).where(NameRow.folded == fold_name(name), NameRow.scope == scope)
    ).all()
    mine = next((entry for entry in held if entry.model_id == target.id), None)
    if mine is not None:
        if len(held) == 1 or mine.source not in (*UNDECIDED, "hand"):
            raise UsageError(f"{name!r} means {target.key} already")
        what = replace(what, before=mine.source)  # one of several meanings: undoing gives it back
    decision = append_decision(session, what, fold_name(name), reason)
    reapply(session)
    return decision


def unify(session: Session, kept: str, merged: str, reason: str) -> DecisionRow:
    """Say that two models are one; the rows of `merged` count for `kept`. Undone by `undo`.

    Raises UsageError for one model twice, an own model that would lose its name, and a reference that is no model.
    """
    one, two = find_model(session, kept), find_model(session, merged)
    if one.id == two.id:
        raise UsageError(f"{kept!r} and {merged!r} are one model already ({one.key})")
    if two.own and not one.own:
        raise UsageError(
            f"{merged!r} is your own model and would become the published {kept!r}: to keep its name, write {merged!r} first"
        )
    if (one.kind == "reference") != (two.kind == "reference"):
        raise UsageError(
            f"one of {kept!r} and {merged!r} is a reference, such as the noisy signal, and no model"
        )
    decision = append_decision(session, Unify(one.key), two.key, reason)
    reapply(session)
    return decision


def declare(
    session: Session, run: str, checkpoint: str, reason: str, *, date: dt.date | None = None
) -> DecisionRow:
    """Say that a checkpoint of a run stands for the run's model; of several declarations the last one made counts.

    `date` is the day from which it does (default: today). Raises NotFound for an unknown run or checkpoint,
    UsageError for a day that is still to come.
    """
    found = find_checkpoint(session, run, checkpoint)
    today = dt.datetime.now(dt.UTC).date()
    if date is not None and date > today:
        raise UsageError(
            f"{date} is still to come: declare a checkpoint on the day, or with an earlier --date"
        )
    decision = append_decision(session, Declare(date or today), found.key, reason)
    reapply(session)
    return decision


def undo(session: Session, uid: str, reason: str) -> DecisionRow:
    """Take a decision back, by the beginning of its uid. Raises NotFound, Ambiguous, UsageError."""
    found = session.scalars(
        select(DecisionRow).where(DecisionRow.uid.startswith(uid.lower(), autoescape=True)).limit(3)
    ).all()
    if len(uid) < 4 or not found:
        raise NotFound(f"no decision {uid!r}: `litdb history` lists them with their numbers")
    target = the_one([(decision.uid, decision) for decision in found], uid, "decisions")
    if target.kind == Undo.kind and is_undone(session, target.uid):
        raise UsageError(f"undoing {target.uid[:8]} was taken back already")
    again = _taken_back_again(session, target)
    if again is not None:  # undoing an undoing of an undoing takes the decision itself back
        target = again
    if target.kind in (Replace.kind, GoOn.kind):
        raise UsageError(
            "a replacement is not undone: record the value anew"
            if target.kind == Replace.kind
            else "a run that went on does not go back: record its earlier state under another name (`litdb add --name`)"
        )
    if is_undone(session, target.uid):
        raise UsageError(f"decision {target.uid[:8]} is undone already")
    decision = append_decision(session, Undo(), target.uid, reason)
    about = _undone_by(session, target) or target
    if about.kind in (Alias.kind, Unify.kind, Declare.kind, DeclareGroup.kind, RemoveRun.kind):
        reapply(session)
    else:
        reading = session.scalar(select(ReadingRow).where(ReadingRow.key == about.target))
        if reading is not None:
            derive(session, [reading.document_id])
    return decision


def _undone_by(session: Session, decision: DecisionRow) -> DecisionRow | None:
    """What an undoing takes back; None for any other decision."""
    if decision.kind != Undo.kind:
        return None
    return session.scalar(select(DecisionRow).where(DecisionRow.uid == decision.target))


def _taken_back_again(session: Session, decision: DecisionRow) -> DecisionRow | None:
    """The decision that an undoing of an undoing put in force again; None for any other decision."""
    first = _undone_by(session, decision)
    return None if first is None else _undone_by(session, first)


def decide_again(session: Session, decision: Made[Decided], reason: str) -> DecisionRow:
    """Make a decision once more, in knowledge of all that is known now about the same thing."""
    if isinstance(decision.what, Accept | Reject | Correct):
        return decide_on_reading(session, decision.what, decision.target, reason)
    again = append_decision(session, decision.what, decision.target, reason)
    reapply(session)
    return again


def append_decision(
    session: Session, what: Decided, target: str, reason: str, *, printed: str = ""
) -> DecisionRow:
    """Record a decision; its effect, if it has one, is left to the caller. Raises UsageError for an empty reason."""
    if not reason.strip():
        raise UsageError("a decision needs its reason: give --reason")
    decision = DecisionRow(
        uid=uuid.uuid4().hex,
        kind=what.kind,
        target=target,
        detail=what.to_json(),
        printed=printed,
        reason=reason,
        who=who_am_i(),
        made_at=utc_now(),
        sequence=(session.scalar(select(func.max(DecisionRow.sequence))) or 0) + 1,
        after=json.dumps(known_decisions(session, what, target)),
    )
    session.add(decision)
    session.flush()
    return decision


def known_decisions(session: Session, what: Decided, target: str) -> list[str]:
    """The uids of the decisions about the same thing that this catalogue knows, in order."""
    same = next((group for group in GROUPS if type(what) in group), (type(what),))
    query = select(DecisionRow.uid).where(DecisionRow.kind.in_([kind.kind for kind in same]))
    if isinstance(what, STANDS):  # the thing is the model: what declares any checkpoint of it
        about = what.members if isinstance(what, DeclareGroup) else (target,)
        owners = (
            select(RunRow.model_id)
            .join(CheckpointRow, CheckpointRow.run_id == RunRow.id)
            .where(CheckpointRow.key.in_(about))
        )
        family = select(func.coalesce(ModelRow.unified_id, ModelRow.id)).where(ModelRow.id.in_(owners))
        of_family = select(ModelRow.id).where(func.coalesce(ModelRow.unified_id, ModelRow.id).in_(family))
        of_model = (
            select(CheckpointRow.key)
            .join(RunRow, RunRow.id == CheckpointRow.run_id)
            .where(RunRow.model_id.in_(of_family))
        )
        keys = select(ModelRow.key).where(ModelRow.id.in_(of_family))
        query = query.where(DecisionRow.target.in_(of_model) | DecisionRow.target.in_(keys))
    elif isinstance(what, Unify):  # or that the other one is this one
        query = query.where(DecisionRow.target.in_((target, what.into)))
    else:
        query = query.where(DecisionRow.target == target)
    return list(session.scalars(query.order_by(*ORDER)))


def reapply(session: Session) -> None:
    """Bring names, unifications and declared checkpoints to what the decisions in force say; derive what is touched."""
    aliases = in_force(session, Alias)
    changed = _take_back_names(session, {decision.uid for decision in aliases})
    for decision in aliases:
        changed |= _apply_alias(session, decision)
    changed |= _apply_unifications(session, in_force(session, Unify))
    _apply_declarations(session)
    session.flush()
    derive(session, sorted({*documents_naming(session, *changed), *documents_out_of_step(session)}))
    forget_unused_models(session)


def _take_back_names(session: Session, aliases: Set[str]) -> set[str]:
    """Take away the names that decisions gave which are not among `aliases` any more; returns them."""
    changed: set[str] = set()
    for name in session.scalars(select(NameRow).where(NameRow.source.not_in((*UNDECIDED, "hand")))).all():
        if name.source in aliases:
            continue
        changed.add(name.name)
        row = session.scalar(select(DecisionRow).where(DecisionRow.uid == name.source))
        what = from_json(row.kind, row.detail) if row is not None else None
        if isinstance(what, Alias) and what.before:
            name.source = what.before
        else:
            session.delete(name)
    session.flush()
    return changed


def _apply_alias(session: Session, decision: Made[Alias]) -> set[str]:
    what = decision.what
    model = session.scalar(select(ModelRow).where(ModelRow.key == what.model))
    if model is None:
        return set()  # the model is not in this catalogue (yet): the decision waits
    folded = fold_name(what.name)
    known = select(NameRow).where(
        NameRow.folded == folded, NameRow.scope == what.scope, NameRow.source == decision.uid
    )
    if session.scalar(known) is not None:
        return set()
    # A later decision about the same name in the same scope replaces an earlier one and what programs believed.
    session.execute(
        delete(NameRow).where(
            NameRow.folded == folded,
            NameRow.scope == what.scope,
            (NameRow.source != "seed") | (NameRow.model_id == model.id),
        )
    )
    session.add(
        NameRow(model_id=model.id, name=what.name, folded=folded, scope=what.scope, source=decision.uid)
    )
    session.flush()
    return {what.name}


def _apply_unifications(session: Session, decisions: Sequence[Made[Unify]]) -> set[str]:
    """Point unified models to the one that stays; returns the names of those for which that is news."""
    before = {m.id: m.unified_id for m in session.scalars(select(ModelRow))}
    session.execute(update(ModelRow).values(unified_id=None))
    models = {m.key: m for m in session.scalars(select(ModelRow))}
    target: dict[int, int] = {}
    for decision in decisions:
        one, two = models.get(decision.what.into), models.get(decision.target)
        if one is not None and two is not None:
            target[two.id] = one.id
    for merged in target:
        final, seen = target[merged], {merged}
        while final in target and final not in seen:  # chains end at the model that stays
            seen.add(final)
            final = target[final]
        if final != merged:
            session.execute(update(ModelRow).where(ModelRow.id == merged).values(unified_id=final))
    session.expire_all()
    news = {m.id for m in session.scalars(select(ModelRow)) if before[m.id] != m.unified_id}
    return set(session.scalars(select(NameRow.name).where(NameRow.model_id.in_(news))))


def _apply_declarations(session: Session) -> None:
    """Date the checkpoints that stand for their models by what decisions declare, and take the date from all others."""
    dated = {
        key: decision.what.date or decision.made_at.date()
        for decision, keys in standing_declarations(session).values()
        for key in keys
    }
    for checkpoint in session.scalars(select(CheckpointRow)):
        checkpoint.declared_on = dated.get(checkpoint.key)
    session.flush()
