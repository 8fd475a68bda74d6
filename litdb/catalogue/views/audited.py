"""A catalogue as the audit sees it."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import AbsenceRow, CheckpointRow, ModelRow, NameRow, PaperRow, RunRow
from litdb.catalogue.models import year_of
from litdb.catalogue.values import Where, in_order, values
from litdb.evidence.audit.facts import AbsenceFact, CheckpointFact, Facts, ModelRecord, PaperFact
from litdb.values.origin import Status


def facts(session: Session) -> Facts:
    """Everything the rules look at, proposed values included (rows whose name nobody settled are proposed)."""
    papers = {paper.id: paper for paper in session.scalars(select(PaperRow))}
    models = {model.id: model for model in session.scalars(select(ModelRow))}
    keys = {number: models[model.unified_id or number].key for number, model in models.items()}
    return Facts(
        values=tuple(in_order(values(session, Where(statuses=(Status.ACCEPTED, Status.PROPOSED))))),
        papers={paper.key: _paper(paper) for paper in papers.values()},
        models={
            model.key: ModelRecord(
                model.key,
                model.name,
                model.kind,
                model.own,
                papers[model.paper_id].key if model.paper_id else "",
                keys[model.parent_id] if model.parent_id else "",
            )
            for model in models.values()
            if model.unified_id is None
        },
        absences=tuple(
            AbsenceFact(papers[a.paper_id].key, a.dataset, a.quantity, a.source, a.statement, a.remark)
            for a in session.scalars(select(AbsenceRow))
        ),
        checkpoints=tuple(
            CheckpointFact(c.key, keys[model], c.name, c.selected_on, c.criterion, c.declared_on)
            for c, model in session.execute(
                select(CheckpointRow, RunRow.model_id)
                .join(RunRow, RunRow.id == CheckpointRow.run_id)
                .order_by(CheckpointRow.key)
            )
        ),
        shared=_shared(session, keys, {m.key for m in models.values() if m.made_by != "reader"}),
    )


def _paper(paper: PaperRow) -> PaperFact:
    return PaperFact(
        paper.key,
        paper.title,
        paper.arxiv_id or "",
        paper.doi or "",
        paper.first_submitted,
        paper.published,
        year_of(paper.date, paper.arxiv_id),
    )


def _shared(session: Session, keys: dict[int, str], known: set[str]) -> dict[str, tuple[str, ...]]:
    """Names that several models go by everywhere, stand-ins of unplaced rows left out."""
    owners: dict[str, set[str]] = defaultdict(set)
    printed: dict[str, str] = {}
    for name in session.scalars(select(NameRow).where(NameRow.scope == "").order_by(NameRow.name)):
        owners[name.folded].add(keys[name.model_id])
        printed.setdefault(name.folded, name.name)
    return {
        printed[folded]: tuple(sorted(models & known))
        for folded, models in owners.items()
        if len(models & known) > 1
    }
