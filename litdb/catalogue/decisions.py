"""Decisions: appended, never changed, and put into effect again after every reading.

`reapply` brings names, unifications and declared checkpoints to what the decisions in force say; readings get theirs
in derivation.
"""

from __future__ import annotations

import getpass
import json
import os
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import UNDECIDED, Decision, Model, ModelName, Reading, Result
from litdb.catalogue.declaring import apply_declarations
from litdb.catalogue.derive import derive, documents_naming, forget_unused_models, utc_now
from litdb.catalogue.hand import hand_reading
from litdb.catalogue.naming import find_model
from litdb.errors import Ambiguous, NotFound, UsageError
from litdb.values.names import fold_name
from litdb.vocabulary import vocabulary

KINDS = (
    "accept",
    "reject",
    "correct",
    "resolve",
    "suppress",
    "alias",
    "unify",
    "declare",
    "fact",
    "replace",
    "undo",
)


def who_am_i() -> str:
    """Who decides: LITDB_USER, else the login name."""
    try:
        return os.environ.get("LITDB_USER") or getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def find_reading(session: Session, text: str) -> Reading:
    """The reading whose key begins with `text`. Raises NotFound, or Ambiguous for too short a beginning."""
    if len(text) < 4 or not all(c in "0123456789abcdef" for c in text.lower()):
        raise UsageError(
            f"{text!r} does not name a result: give at least 4 digits of its key (`litdb why` shows it)"
        )
    found = session.scalars(select(Reading).where(Reading.key.startswith(text.lower())).limit(5)).all()
    if not found:
        raise NotFound(f"no result has a key that begins with {text}: `litdb why MODEL METRIC` lists them")
    if len(found) > 1:
        raise Ambiguous(
            f"{text} begins several keys: {', '.join(r.key[:12] for r in found)}; give more digits"
        )
    return found[0]


def decide_on_reading(
    session: Session, kind: str, text: str, reason: str, *, detail: Mapping[str, object] | None = None
) -> Decision:
    """Accept, reject or correct a result; its document's results are derived again."""
    reading = find_reading(session, text)
    decision = _append(session, kind, reading.key, reason, detail or {}, printed=reading.printed)
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
) -> dict[str, object]:
    """What a correction changes, checked: a value is read by the metric it will stand under.

    Raises UsageError when nothing is changed, a word is unknown or metric and test set do not go together, InputError
    for a value that is no number.
    """
    reading = find_reading(session, text)
    now = session.scalar(select(Result).where(Result.reading_id == reading.id))
    assert now is not None  # every reading has its result
    detail: dict[str, object] = {}
    name = vocabulary().metric_name(metric) if metric else None
    if name is not None:
        detail["metric"] = str(name)
    quantity = name.quantity if name is not None else now.quantity
    known_metric = vocabulary().metric(quantity)
    per_model = known_metric is not None and known_metric.per_model
    if per_model and dataset is not None:
        raise UsageError(f"{quantity} belongs to a model, not to a test set: leave --dataset out")
    if per_model and now.dataset:
        detail["dataset"] = ""
    if name is not None and not per_model and not now.dataset and dataset is None:
        raise UsageError(f"{quantity} needs its test set: add --dataset vbd")
    if dataset is not None:
        known = vocabulary().dataset(dataset)
        if known is None:
            raise UsageError(f"unknown test set {dataset!r}")
        detail["dataset"] = known.id
    if model is not None:
        detail["model"] = find_model(session, model).key
    if value is not None:
        shown = str(name) if name is not None else now.metric
        read = hand_reading(label=reading.label, metric=shown, printed=value, origin="self", by="hand")
        detail |= {"value": read.value, "printed": value, "resolution": read.resolution}
    if not detail:
        raise UsageError("nothing to correct: give --value, --metric, --dataset or --model")
    return detail


def alias(session: Session, name: str, model: str, reason: str, *, scope: str = "") -> Decision:
    """Say that `name` means `model`, everywhere or within one paper (`scope` is its key).

    Raises UsageError for an empty name or one that means this model already.
    """
    if not fold_name(name):
        raise UsageError("the name is empty: give it as it is printed")
    target = find_model(session, model)
    detail = {"name": name, "model": target.key, "scope": scope}
    held = session.scalars(
        select(ModelName).where(ModelName.folded == fold_name(name), ModelName.scope == scope)
    ).all()
    mine = next((entry for entry in held if entry.model_id == target.id), None)
    if mine is not None:
        if len(held) == 1 or mine.source not in (*UNDECIDED, "hand"):
            raise UsageError(f"{name!r} means {target.key} already")
        detail["before"] = mine.source  # one of several meanings: undoing gives it back
    decision = _append(session, "alias", fold_name(name), reason, detail)
    reapply(session)
    return decision


def unify(session: Session, kept: str, merged: str, reason: str) -> Decision:
    """Say that two models are one; the rows of `merged` count for `kept`. Undone by `undo`."""
    one, two = find_model(session, kept), find_model(session, merged)
    if one.id == two.id:
        raise UsageError(f"{kept!r} and {merged!r} are one model already ({one.key})")
    decision = _append(session, "unify", two.key, reason, {"into": one.key})
    reapply(session)
    return decision


def undo(session: Session, uid: str, reason: str) -> Decision:
    """Take a decision back, by the beginning of its uid. Raises NotFound, Ambiguous, UsageError."""
    found = session.scalars(
        select(Decision).where(Decision.uid.startswith(uid.lower(), autoescape=True)).limit(3)
    ).all()
    if len(uid) < 4 or not found:
        raise NotFound(f"no decision {uid!r}: `litdb history` lists them with their numbers")
    if len(found) > 1:
        raise Ambiguous(
            f"{uid} begins several decisions: {', '.join(d.uid[:12] for d in found)}; give more digits"
        )
    target = found[0]
    if target.kind == "undo":
        raise UsageError("an undo is not undone: make the decision again")
    if target.kind == "replace":
        raise UsageError("a replacement is not undone: record the value anew")
    if (
        session.scalar(select(Decision).where(Decision.kind == "undo", Decision.target == target.uid))
        is not None
    ):
        raise UsageError(f"decision {target.uid[:8]} is undone already")
    decision = _append(session, "undo", target.uid, reason, {})
    if target.kind in ("alias", "unify", "declare"):
        reapply(session)
    else:
        reading = session.scalar(select(Reading).where(Reading.key == target.target))
        if reading is not None:
            derive(session, [reading.document_id])
    return decision


def append_decision(
    session: Session, kind: str, target: str, reason: str, detail: Mapping[str, object], *, printed: str = ""
) -> Decision:
    """Record a decision whose effect, if it has one, is left to the caller (replace, declare, resolve, fact)."""
    return _append(session, kind, target, reason, detail, printed=printed)


def _append(
    session: Session, kind: str, target: str, reason: str, detail: Mapping[str, object], *, printed: str = ""
) -> Decision:
    if not reason.strip():
        raise UsageError("a decision needs its reason: give --reason")
    decision = Decision(
        uid=uuid.uuid4().hex,
        kind=kind,
        target=target,
        detail=json.dumps(detail, ensure_ascii=False, sort_keys=True),
        printed=printed,
        reason=reason,
        who=who_am_i(),
        made_at=utc_now(),
    )
    session.add(decision)
    session.flush()
    return decision


def reapply(session: Session) -> None:
    """Bring names, unifications and declared checkpoints to what the decisions in force say; derive what is touched."""
    in_force = _in_force(session)
    changed: set[str] = set()
    uids = {d.uid for d in in_force if d.kind == "alias"}
    for name in session.scalars(select(ModelName).where(ModelName.source.not_in((*UNDECIDED, "hand")))).all():
        if name.source not in uids:
            changed.add(name.name)
            made = session.scalar(select(Decision.detail).where(Decision.uid == name.source))
            if before := json.loads(made or "{}").get("before"):
                name.source = before
            else:
                session.delete(name)
    session.flush()
    for decision in in_force:
        if decision.kind == "alias":
            changed |= _apply_alias(session, decision)
    changed |= _apply_unifications(session, [d for d in in_force if d.kind == "unify"])
    apply_declarations(session, in_force)
    session.flush()
    derive(session, documents_naming(session, *changed))
    forget_unused_models(session)


def _in_force(session: Session) -> Sequence[Decision]:
    undone = select(Decision.target).where(Decision.kind == "undo")
    return session.scalars(
        select(Decision).where(Decision.uid.not_in(undone)).order_by(Decision.made_at, Decision.id)
    ).all()


def _apply_alias(session: Session, decision: Decision) -> set[str]:
    detail = json.loads(decision.detail)
    model = session.scalar(select(Model).where(Model.key == detail["model"]))
    if model is None:
        return set()  # the model is not in this catalogue (yet): the decision waits
    folded = fold_name(detail["name"])
    known = select(ModelName).where(
        ModelName.folded == folded, ModelName.scope == detail["scope"], ModelName.source == decision.uid
    )
    if session.scalar(known) is not None:
        return set()
    # A later decision about the same name in the same scope replaces an earlier one and what programs believed.
    session.execute(
        delete(ModelName).where(
            ModelName.folded == folded,
            ModelName.scope == detail["scope"],
            (ModelName.source != "seed") | (ModelName.model_id == model.id),
        )
    )
    session.add(
        ModelName(
            model_id=model.id, name=detail["name"], folded=folded, scope=detail["scope"], source=decision.uid
        )
    )
    session.flush()
    return {detail["name"]}


def _apply_unifications(session: Session, decisions: Sequence[Decision]) -> set[str]:
    """Point unified models to the one that stays; returns the names of those for which that is news."""
    before = {m.id: m.unified_id for m in session.scalars(select(Model))}
    session.execute(update(Model).values(unified_id=None))
    models = {m.key: m for m in session.scalars(select(Model))}
    target: dict[int, int] = {}
    for decision in decisions:
        one, two = models.get(json.loads(decision.detail)["into"]), models.get(decision.target)
        if one is not None and two is not None:
            target[two.id] = one.id
    for merged in target:
        final, seen = target[merged], {merged}
        while final in target and final not in seen:  # chains end at the model that stays
            seen.add(final)
            final = target[final]
        if final != merged:
            session.execute(update(Model).where(Model.id == merged).values(unified_id=final))
    session.expire_all()
    news = {m.id for m in session.scalars(select(Model)) if before[m.id] != m.unified_id}
    return set(session.scalars(select(ModelName.name).where(ModelName.model_id.in_(news))))
