"""What was decided, by whom, when and why, and whether it still holds."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from litdb.catalogue.database.schema import (
    CheckpointRow,
    DecisionRow,
    DocumentRow,
    ModelRow,
    NameRow,
    ReadingRow,
    ResultRow,
    RunRow,
    StoredRow,
)
from litdb.catalogue.decision import (
    COLUMNS,
    ON_READING,
    ORDER,
    Decided,
    DeclareGroup,
    EndTry,
    Made,
    ReadAs,
    Resolve,
    RunSurvey,
    RunWatch,
    Suppress,
    Try,
    from_json,
    made,
)
from litdb.catalogue.naming import find_model
from litdb.catalogue.papers import find_paper
from litdb.catalogue.views.in_force import Contest, contests, undone, why_stale
from litdb.errors import NotFound


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the history: a decision, what it is about, and whether it still holds."""

    uid: str
    made_at: dt.datetime
    who: str
    kind: str
    about: str
    detail: str
    reason: str
    state: str  # in force, undone, contested by whom, or why it waits for review


def history(session: Session, target: str | None = None) -> list[HistoryEntry]:
    """All decisions in order, or those about one model, paper or result.

    An undoing is about what the decision it takes back is about. Raises NotFound for an unknown target, CatalogueError
    for a damaged decision.
    """
    original = aliased(DecisionRow)
    about = func.coalesce(original.target, DecisionRow.target)
    query = (
        select(
            *COLUMNS,
            undone().label("taken_back"),
            about.label("about"),
            func.coalesce(original.kind, DecisionRow.kind).label("about_kind"),
            func.coalesce(original.detail, DecisionRow.detail).label("about_detail"),
            ReadingRow.key.label("reading"),
            ReadingRow.label.label("label"),
            ReadingRow.metric.label("metric"),
            ReadingRow.printed.label("now"),
            DocumentRow.uri.label("uri"),
        )
        .outerjoin(original, original.uid == DecisionRow.target)
        .outerjoin(ReadingRow, ReadingRow.key == about)
        .outerjoin(DocumentRow, DocumentRow.id == ReadingRow.document_id)
    )
    if target is not None:
        wanted = _related(session, target)
        query = query.where(
            or_(*(column.in_(some) for some in wanted for column in (about, DecisionRow.target)))
        )
    rivals = {one.uid: contest for contest in contests(session) for one in contest.decisions}
    entries = []
    for row in session.execute(query.order_by(*ORDER)):
        decision = made(row[: len(COLUMNS)])
        entries.append(
            HistoryEntry(
                decision.uid,
                decision.made_at,
                decision.who,
                decision.what.kind,
                _about(row),
                _in_words(decision.what),
                decision.reason,
                _state(decision, row.taken_back, row.now, rivals.get(decision.uid)),
            )
        )
    return entries


def _about(row: Row[*tuple[Any, ...]]) -> str:
    if row.about_kind == Resolve.kind:
        conflict = from_json(row.about_kind, row.about_detail)
        assert isinstance(conflict, Resolve)
        where = f" on {conflict.dataset}" if conflict.dataset else ""
        return f"{conflict.model}, {conflict.metric}{where} [conflict {row.about[:8]}]"
    if row.about_kind == ReadAs.kind:
        return f"file {row.about[:12]}"
    if row.reading is None:
        return str(row.about)
    return f"{row.label}, {row.metric} {row.now} ({row.uri or ''}) [{row.reading[:8]}]"


def _state(decision: Made[Decided], taken_back: bool, now: str | None, contest: Contest | None) -> str:
    if taken_back:
        return "undone"
    if contest is not None:
        others = ", ".join(
            f"{one.uid[:8]} of {one.who}" for one in contest.decisions if one.uid != decision.uid
        )
        return f"contested by {others}" + ("" if contest.open else ", settled since")
    if isinstance(decision.what, ON_READING) and now != decision.printed:
        return f"needs review: {why_stale(decision.printed, now)}"
    return "in force"


def _in_words(what: Decided) -> str:
    if isinstance(what, Resolve):
        return f"keep {what.value} [{what.keep[:8]}]" if what.keep is not None else "both stand"
    if isinstance(what, ReadAs):
        return f"table {what.table}: {what.layout}"
    if isinstance(what, DeclareGroup):
        return "; ".join((", ".join(what.members), *(f"without {one}" for one in what.omitted)))
    if isinstance(what, Try):
        return what.change
    if isinstance(what, EndTry):
        return f"try {what.tried[:8]} {what.outcome}" + (f", run {what.run}" if what.run else "")
    if isinstance(what, RunSurvey):
        return f"{len(what.found)} papers of {what.identified} found, {len(what.formulations)} formulations"
    if isinstance(what, RunWatch):
        return f"{len(what.news)} new"
    return ", ".join(f"{name} {value}" for name, value in what.detail().items() if value not in ("", None))


def _related(session: Session, target: str) -> list[Select[str] | list[str]]:
    """The keys of everything that a decision about this model, paper or result can point to, as queries or lists."""
    results = (
        select(ReadingRow.key)
        .join(ResultRow, ResultRow.reading_id == ReadingRow.id)
        .join(StoredRow, StoredRow.id == ResultRow.source_row_id)
    )
    with suppress(NotFound):
        model = find_model(session, target)
        same = or_(ModelRow.id == model.id, ModelRow.unified_id == model.id)
        return [
            results.join(ModelRow, ModelRow.id == StoredRow.model_id).where(same),
            select(ModelRow.key).where(same),
            select(NameRow.folded).where(NameRow.model_id == model.id),
            select(CheckpointRow.key)
            .join(RunRow, RunRow.id == CheckpointRow.run_id)
            .where(RunRow.model_id == model.id),
            select(RunRow.key).where(RunRow.model_id == model.id),
            _settled(session, model.key),
        ]
    with suppress(NotFound):
        paper = find_paper(session, target)
        of_paper = select(DocumentRow.id).where(DocumentRow.paper_id == paper.id)
        names = [f"arXiv:{paper.arxiv_id}", f"doi:{paper.doi}", paper.key]
        return [results.where(StoredRow.document_id.in_(of_paper)), names]
    beginning = target.lower()
    found = select(DecisionRow.target).where(DecisionRow.target.startswith(beginning, autoescape=True))
    read = results.where(ReadingRow.key.startswith(beginning, autoescape=True))
    if len(target) < 4 or not any(session.scalar(query.limit(1)) is not None for query in (found, read)):
        raise NotFound(f"{target!r} is no model, paper or result of this catalogue")
    return [found]


def _settled(session: Session, model: str) -> list[str]:
    """The conflicts and findings about a model on which somebody decided."""
    settling = select(*COLUMNS).where(DecisionRow.kind.in_((Resolve.kind, Suppress.kind)))
    decisions = [made(row) for row in session.execute(settling)]
    return [
        decision.target
        for decision in decisions
        if isinstance(decision.what, Resolve | Suppress) and decision.what.model == model
    ]
