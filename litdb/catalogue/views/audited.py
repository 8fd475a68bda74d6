"""A catalogue as the audit sees it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import AbsenceRow, CheckpointRow, ModelRow, NameRow, PaperRow, RunRow
from litdb.catalogue.models import year_of
from litdb.catalogue.values import Where, in_order, values
from litdb.evidence.audit.facts import AbsenceFact, CheckpointFact, Facts, ModelRecord, PaperFact
from litdb.evidence.audit.identity import code_named
from litdb.values.names import bare_name
from litdb.values.origin import Status
from litdb.values.value import Value

#: Proposed values included: rows whose name nobody settled are proposed.
_STANDING = (Status.ACCEPTED, Status.PROPOSED)


def facts(session: Session, about: str | None = None) -> Facts:
    """Everything the rules look at; with the key of a model, all values that can bear on what they find about it."""
    seen = _without_values(session)
    found = values(session, Where(statuses=_STANDING)) if about is None else _bearing(session, seen, about)
    return replace(seen, values=tuple(in_order(found)))


def facts_of_paper(session: Session, paper: str) -> Facts:
    """What a paper (by key) prints, what the papers that it quotes print, and who quotes it in turn."""
    seen = _without_values(session)
    there = values(session, Where(paper=paper, statuses=_STANDING))
    cited = {source.key for value in there if (source := seen.paper_of(value.model)) is not None}
    found = {value.key: value for value in there}
    for key in sorted(cited - {paper}):
        found |= {value.key: value for value in values(session, Where(paper=key, statuses=_STANDING))}
    own = [key for key in seen.models if (home := seen.paper_of(key)) is not None and home.key == paper]
    if own:
        found |= {value.key: value for value in values(session, Where(models=own, statuses=_STANDING))}
    return replace(seen, values=tuple(in_order(found.values())))


def _without_values(session: Session) -> Facts:
    papers = {paper.id: paper for paper in session.scalars(select(PaperRow))}
    models = {model.id: model for model in session.scalars(select(ModelRow))}
    keys = {number: models[model.unified_id or number].key for number, model in models.items()}
    return Facts(
        values=(),
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


def _bearing(session: Session, seen: Facts, about: str) -> list[Value]:
    """The values of a model, and those of others that a finding about it may rest on.

    These are models it may be taken for (of one name, or code under a longer one), the documents without an address that it
    stands in, and what its paper reports. A test compares the findings with those over the whole catalogue.
    """
    own = values(session, Where(models=[about], statuses=_STANDING))
    labels = {bare_name(value.row.label) for value in own}
    names = [keys for name, keys in seen.shared.items() if about in keys or bare_name(name) in labels]
    alike = {key for keys in names for key in keys} | set(code_named(seen, about))
    paper = seen.paper_of(about)
    wanted = [Where(models=sorted(alike - {about}), statuses=_STANDING)]
    wanted += [Where(paper=paper.key, statuses=_STANDING)] if paper is not None else []
    wanted += [
        Where(document=key, statuses=_STANDING)
        for key in sorted({v.row.document.key for v in own if names or not (v.row.document.url or v.paper)})
    ]
    found = {value.key: value for value in own}
    for where in wanted:
        found |= {value.key: value for value in values(session, where)}
    return list(found.values())


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
