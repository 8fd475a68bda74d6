"""Decisions about what evidence found: conflicts resolved, findings suppressed. Appended, and undone by `undo`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from litdb.catalogue.decision import Resolve, Suppress
from litdb.catalogue.decisions import append_decision, decide_again
from litdb.catalogue.keys import the_one
from litdb.catalogue.naming import find_model, namesakes
from litdb.catalogue.values import ACCEPTED, Where, in_order, relatives, values
from litdb.catalogue.views.audited import facts
from litdb.catalogue.views.in_force import Contest, contests, in_force, in_words
from litdb.catalogue.views.marks import corrections
from litdb.errors import NotFound, UsageError
from litdb.evidence.audit import RULES, Finding, audit
from litdb.evidence.composites import COMPOSITES, INPUTS, by_row, standing
from litdb.evidence.conflicts import FRESH, Disagreement, Resolution, conflicts, disputed_models
from litdb.values.value import Value

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from litdb.catalogue.database.schema import DecisionRow


def resolutions(session: Session) -> dict[str, Resolution]:
    """The resolutions in force by conflict; the latest of several."""
    return {
        decision.target: Resolution(
            decision.uid, decision.what.keep or "", decision.reason, decision.what.known
        )
        for decision in in_force(session, Resolve)
    }


def suppressions(session: Session) -> dict[str, tuple[str, str]]:
    """The suppressed findings (`CODE:TARGET`) with the decision and its reason."""
    return {d.target: (d.uid, d.reason) for d in in_force(session, Suppress)}


def find_conflicts(
    session: Session, *, model: str | None = None, quantity: str | None = None
) -> list[Disagreement]:
    """The conflicts of a catalogue, of one model or one quantity. Raises NotFound, Ambiguous for the model."""
    models = None if model is None else [find_model(session, model).key]
    quantities = None if quantity is None else [quantity]
    wanted = Where(models=models, quantities=quantities, statuses=ACCEPTED, disputed=True)
    found = in_order([*values(session, wanted), *_read_anew(session, models, quantities)])
    known = resolutions(session)
    disputing = disputed_models(found)
    theirs = [value for value in found if value.model in disputing]
    same_name = namesakes(session, disputing)
    others = (
        values(session, Where(models={key for keys in same_name.values() for key in keys}, statuses=ACCEPTED))
        if same_name
        else []
    )
    by_model = {key: [value for value in others if value.model in keys] for key, keys in same_name.items()}
    return conflicts(theirs, known, relatives(session, disputing), by_model, _standing(session, theirs))


def _standing(session: Session, disputed: list[Value]) -> dict[tuple[str, str], str]:
    """What speaks for or against each row with a disputed composite, by the other numbers of that row."""
    models = sorted({value.model for value in disputed if value.quantity in COMPOSITES})
    if not models:
        return {}
    wanted = Where(models=models, quantities=(*INPUTS, *COMPOSITES), statuses=ACCEPTED)
    found = {place: standing(row) for place, row in by_row(values(session, wanted)).items()}
    return {place: words for place, words in found.items() if words}


def _read_anew(session: Session, models: list[str] | None, quantities: list[str] | None) -> Iterator[Value]:
    """Corrected values whose cell is read otherwise since: one number in the results, and yet a conflict."""
    for key, made in corrections(session).items():
        if any(one.fresh for one in made):
            wanted = Where(result=key, statuses=ACCEPTED)
            for value in values(session, wanted):
                if (models is None or value.model in models) and (
                    quantities is None or value.quantity in quantities
                ):
                    yield value


def resolve(session: Session, conflict: str, reason: str, *, keep: str | None, both: bool) -> DecisionRow:
    """Record how a conflict was settled: one result is kept, or both values stand.

    `conflict` and `keep` are beginnings of a conflict's and a result's key. A table shows the kept one in the place of
    what it was settled against. What two people decided against one another without knowing it is settled so too: by
    the beginning of what it is about and of the decision that stands. Raises NotFound, Ambiguous, and UsageError for a
    result that is not part of it.
    """
    contest = _contest(session, conflict)
    if contest is not None:
        return _settle(session, contest, reason, keep)
    if (keep is None) == (not both):
        raise UsageError("say which result stands with --keep RESULT, or --both when both values are right")
    found = _one(find_conflicts(session), conflict)
    known = tuple(sorted(value.fingerprint for value in found.values))
    what = Resolve(found.model, found.metric, found.dataset, known)
    if keep is not None:
        kept = [value for value in found.values if value.key.startswith(keep.lower())]
        if not kept or len(keep) < 4:
            choice = ", ".join(f"{v.key[:8]} ({v.printed}, {v.place})" for v in found.values)
            raise UsageError(f"{keep!r} is no result of this conflict: choose from {choice}")
        one = the_one([(value.key, value) for value in kept], keep, "keys")
        if one.key.endswith(FRESH):
            raise UsageError(
                f"{one.printed} is what the cell of a correction is read as now: "
                f"`litdb undo` the correction ({one.remark}) to let it stand"
            )
        what = replace(what, keep=one.key, value=one.printed)
    return append_decision(session, what, found.id, reason)


def _contest(session: Session, beginning: str) -> Contest | None:
    """The open contest about what begins so, if any."""
    if len(beginning) < 4:
        return None
    found = [one for one in contests(session) if one.open and one.target.startswith(beginning)]
    return the_one([(one.target, one) for one in found], beginning, "contested targets") if found else None


def _settle(session: Session, contest: Contest, reason: str, keep: str | None) -> DecisionRow:
    """Decide again what one of the contesting decisions says, in knowledge of all of them."""
    rivals = [
        one for one in contest.decisions if keep and len(keep) >= 4 and one.uid.startswith(keep.lower())
    ]
    if len(rivals) != 1:
        choice = " or ".join(f"--keep {d.uid[:8]} ({d.who}: {in_words(d.what)})" for d in contest.decisions)
        raise UsageError(f"say which decision stands: {choice}; or `litdb undo` the other")
    return decide_again(session, rivals[0], reason)


def _one(found: list[Disagreement], beginning: str) -> Disagreement:
    meant = [conflict for conflict in found if conflict.id.startswith(beginning.lower())]
    if len(beginning) < 4 or not meant:
        raise NotFound(f"no conflict {beginning!r}: `litdb conflicts` lists them with their numbers")
    return the_one([(conflict.id, conflict) for conflict in meant], beginning, "conflicts")


def find_findings(session: Session, *, model: str | None = None) -> list[Finding]:
    """What the audit finds, suppressed findings with their reason. Raises NotFound, Ambiguous for the model."""
    key = None if model is None else find_model(session, model).key
    quiet = {target: reason for target, (_uid, reason) in suppressions(session).items()}
    return [f for f in audit(facts(session, key), quiet) if key is None or f.model == key]


def suppress(session: Session, finding: str, reason: str) -> DecisionRow:
    """Record that a finding (`CODE:TARGET`) is known and may stand.

    Raises UsageError for an unknown rule or what is not in that form, NotFound for what is not found now.
    """
    code, colon, target = finding.partition(":")
    if not colon or not target or code.upper() not in RULES:
        raise UsageError(
            f"{finding!r} is not CODE:TARGET: take it from `litdb audit`; the codes are {', '.join(RULES)}"
        )
    wanted = f"{code.upper()}:{target}"
    found = next((f for f in find_findings(session) if f.id == wanted), None)
    if found is None:
        raise NotFound(f"the audit finds no {wanted}: `litdb audit` lists what it finds")
    if found.suppressed:
        raise UsageError(f"{wanted} is suppressed already ({found.suppressed})")
    return append_decision(session, Suppress(found.model), wanted, reason)
