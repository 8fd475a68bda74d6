"""`litdb history`: what was decided, by whom, when and why, and whether it still holds."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import Decision, Document, Model, ModelName, Reading
from litdb.catalogue.derive import stale_decisions
from litdb.catalogue.models import runs_of
from litdb.catalogue.naming import find_model
from litdb.catalogue.papers import find_paper
from litdb.catalogue.values import Where, values
from litdb.errors import NotFound


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history: a decision, what it is about, and whether it still holds."""

    uid: str
    made_at: dt.datetime
    who: str
    kind: str
    about: str
    detail: str
    reason: str
    state: str  # in force, undone, or why it waits for review


def history(session: Session, target: str | None = None) -> list[Entry]:
    """All decisions in order, or those about one model, paper or result. Raises NotFound for an unknown target."""
    decisions = session.scalars(select(Decision).order_by(Decision.made_at, Decision.id)).all()
    undone = {d.target for d in decisions if d.kind == "undo"}
    stale = {decision.uid: reason for decision, reason in stale_decisions(session)}
    wanted = None if target is None else _related(session, target)
    entries = []
    for decision in decisions:
        original = next((d for d in decisions if d.uid == decision.target), decision)
        if wanted is not None and decision.target not in wanted and original.target not in wanted:
            continue
        state = "undone" if decision.uid in undone else stale.get(decision.uid, "in force")
        entries.append(
            Entry(
                decision.uid,
                decision.made_at,
                decision.who,
                decision.kind,
                _about(session, original),
                _detail(decision),
                decision.reason,
                "needs review: " + state if decision.uid in stale else state,
            )
        )
    return entries


def _related(session: Session, target: str) -> set[str]:
    """The keys of everything that a decision about this model, paper or result can point to."""
    keys: set[str] = set()
    try:
        model = find_model(session, target)
    except NotFound:
        model = None
    if model is not None:
        keys |= {v.key for v in values(session, Where(models=[model.key]))} | {model.key}
        keys |= set(session.scalars(select(ModelName.folded).where(ModelName.model_id == model.id)))
        keys |= set(session.scalars(select(Model.key).where(Model.unified_id == model.id)))
        keys |= {c.key for _run, found in runs_of(session, model.id) for c in found}
        settled = session.execute(
            select(Decision.target, Decision.detail).where(Decision.kind.in_(("resolve", "suppress")))
        )
        keys |= {about for about, detail in settled if json.loads(detail).get("model") == model.key}
        return keys
    try:
        paper = find_paper(session, target)
    except NotFound:
        paper = None
    if paper is not None:
        return {v.key for v in values(session, Where(paper=paper.key))}
    found = set(
        session.scalars(
            select(Decision.target).where(Decision.target.startswith(target.lower(), autoescape=True))
        )
    )
    if len(target) < 4 or not (found or values(session, Where(result=target.lower()))):
        raise NotFound(f"{target!r} is no model, paper or result of this catalogue")
    return found


def _about(session: Session, decision: Decision) -> str:
    if decision.kind == "resolve":
        detail = json.loads(decision.detail)
        where = f" on {detail['dataset']}" if detail["dataset"] else ""
        return f"{detail['model']}, {detail['metric']}{where} [conflict {decision.target[:8]}]"
    reading = session.scalar(select(Reading).where(Reading.key == decision.target))
    if reading is None:
        return decision.target
    document = session.get(Document, reading.document_id)
    where = document.uri if document else ""
    return f"{reading.label}, {reading.metric} {reading.printed} ({where}) [{reading.key[:8]}]"


def _detail(decision: Decision) -> str:
    detail = json.loads(decision.detail)
    if decision.kind == "resolve":
        return f"keep {detail['value']} [{detail['keep'][:8]}]" if "keep" in detail else "both stand"
    return ", ".join(f"{name} {value}" for name, value in detail.items() if value not in ("", None))
