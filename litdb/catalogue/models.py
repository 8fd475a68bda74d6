"""Models: as parts of values, as candidates for a question, and the own runs of one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from litdb.catalogue.database import schema
from litdb.catalogue.database.batches import batches
from litdb.catalogue.database.schema import CheckpointRow, PaperRow, ResultRow, RunRow, StoredRow
from litdb.values.origin import Kind
from litdb.values.value import Model
from litdb.vocabulary import vocabulary
from litdb.vocabulary.ranges import Condition

#: The row number of the model that a model's rows count for.
OWNER: ColumnElement[int] = func.coalesce(schema.ModelRow.unified_id, schema.ModelRow.id)


def year_of(date: dt.date | None, arxiv_id: str | None) -> int | None:
    """The year of a paper: of its date, else the one in a new-style arXiv id."""
    if date is not None:
        return date.year
    match = re.match(r"(\d\d)(0[1-9]|1[0-2])\.\d{4,5}$", arxiv_id or "")
    return 2000 + int(match[1]) if match else None


def members(session: Session, keys: Iterable[str]) -> list[int]:
    """The row numbers of these models and of those unified into them."""
    found: list[int] = []
    model = schema.ModelRow
    for some in batches(keys):
        ids = select(model.id).where(model.key.in_(some))
        found += session.scalars(
            select(model.id).where(or_(model.key.in_(some), model.unified_id.in_(ids)))
        ).all()
    return found


def words_of_models(session: Session) -> list[str]:
    """One word for every system and variant: its name, else its key, both of which commands understand."""
    model = schema.ModelRow
    query = select(model.key, model.name).where(
        model.kind.in_((Kind.SYSTEM, Kind.VARIANT)), model.unified_id.is_(None)
    )
    return sorted(
        (name if re.fullmatch(r"[\w.+-]+", name) else key for key, name in session.execute(query)),
        key=str.casefold,
    )


def models(session: Session, ids: Iterable[int]) -> dict[int, Model]:
    """The models of these row numbers."""
    model, parent, home = schema.ModelRow, aliased(schema.ModelRow), aliased(PaperRow)
    found: dict[int, Model] = {}
    for some in batches(ids):
        rows = session.execute(
            select(
                model.id, model.key, model.name, model.kind, model.own,
                home.key, home.arxiv_id, home.first_submitted, home.published,
            )
            .outerjoin(parent, parent.id == model.parent_id)
            .outerjoin(home, home.id == func.coalesce(model.paper_id, parent.paper_id))
            .where(model.id.in_(some))
        )  # fmt: skip
        for number, key, name, kind, own, paper, arxiv, first, published in rows:
            date = first or published
            found[number] = Model(key, name, Kind(kind), own, paper or "", date, year_of(date, arxiv))
    return found


def models_of_papers(session: Session, papers: Iterable[str]) -> list[str]:
    """The keys of the models that papers propose, with their variants."""
    model, parent = schema.ModelRow, aliased(schema.ModelRow)
    query = (
        select(model.key)
        .outerjoin(parent, parent.id == model.parent_id)
        .join(PaperRow, PaperRow.id == func.coalesce(model.paper_id, parent.paper_id))
    )
    return [key for some in batches(papers) for key in session.scalars(query.where(PaperRow.key.in_(some)))]


#: Three significant digits of a count are shown at least.
_OF_A_COUNT = 0.005


def _rounding(condition: Condition, end: float) -> float:
    """More than a number can be away from what tables show of it, at the end of a range."""
    metric = vocabulary().metric(condition.metric.quantity)
    return _OF_A_COUNT * abs(end) + 10.0 ** -(metric.digits if metric is not None else 0)


def candidate_models(
    session: Session,
    *,
    dataset: str,
    conditions: Iterable[Condition],
    kinds: Sequence[str],
    statuses: Sequence[str],
    keys: Sequence[str] | None = None,
    quantities: Sequence[str] = (),
) -> list[Model]:
    """The models that may meet all conditions, by name: some value of each quantity lies in its range.

    Selection decides afterwards which value counts; this only keeps it from looking at the rest. Without a
    condition on a score, models with any of `quantities` on the test set are taken.
    """
    model = schema.ModelRow
    query = select(OWNER).where(model.kind.in_(kinds))
    if keys is not None:
        query = query.where(
            or_(model.key.in_(keys), model.unified_id.in_(select(model.id).where(model.key.in_(keys))))
        )

    def with_result(asked: Sequence[str]) -> Select[Any]:
        rows = select(StoredRow.model_id).join(ResultRow, ResultRow.source_row_id == StoredRow.id)
        return rows.where(
            ResultRow.quantity.in_(asked),
            ResultRow.dataset.in_((dataset, "")),
            ResultRow.status.in_(statuses),
        )

    bounds: list[Select[Any]] = []
    for condition in conditions:
        rows = with_result([condition.metric.quantity])
        low, high = condition.range.low, condition.range.high
        if low is not None:
            rows = rows.where(ResultRow.value >= low - _rounding(condition, low))
        if high is not None:
            rows = rows.where(ResultRow.value <= high + _rounding(condition, high))
        bounds.append(rows)
    if quantities and not bounds and keys is None:
        bounds.append(with_result(quantities))
    # A unified model's rows count for the model it was unified into, so ids are compared after that.
    remaining: set[int] | None = None
    for rows in bounds:
        found = set(session.scalars(select(OWNER).where(model.id.in_(rows)).distinct()))
        remaining = found if remaining is None else remaining & found
        if not remaining:
            return []
    ids = set(session.scalars(query))
    chosen = models(session, ids if remaining is None else ids & remaining)
    return sorted(chosen.values(), key=lambda found: (found.name.casefold(), found.key))


def proposed_by(session: Session, papers: Iterable[str]) -> list[str]:
    """The keys of the systems and variants that papers propose, by name."""
    model = schema.ModelRow
    found: dict[str, str] = {}
    for some in batches(sorted(set(papers))):
        query = select(model.key, model.name).join(schema.PaperRow, schema.PaperRow.id == model.paper_id)
        query = query.where(
            schema.PaperRow.key.in_(some), model.kind.in_(("system", "variant")), model.unified_id.is_(None)
        )
        found |= dict(iter(session.execute(query)))
    return sorted(found, key=lambda key: (found[key].casefold(), key))


def standing(session: Session) -> dict[int, str]:
    """The declared checkpoint of each own model that has one, by the row number of the model."""
    query = select(OWNER, CheckpointRow.key).select_from(CheckpointRow).join(RunRow).join(schema.ModelRow)
    declared = query.where(CheckpointRow.declared_on.is_not(None)).order_by(CheckpointRow.declared_on)
    return dict(iter(session.execute(declared)))


def own_models(session: Session) -> tuple[Sequence[schema.ModelRow], Sequence[schema.ModelRow]]:
    """The own models that have a declared checkpoint, and those that have a run, by key."""
    model = schema.ModelRow
    query = (
        select(model).where(model.own.is_(True), model.unified_id.is_(None)).join(RunRow).order_by(model.key)
    )
    declared = query.join(CheckpointRow).where(CheckpointRow.declared_on.is_not(None))
    return session.scalars(declared.distinct()).all(), session.scalars(query.distinct()).all()


def runs_of(session: Session, model_id: int) -> list[tuple[RunRow, list[CheckpointRow]]]:
    """The own runs of a model with their checkpoints."""
    runs = session.scalars(select(RunRow).where(RunRow.model_id == model_id).order_by(RunRow.key)).all()
    return [(run, _checkpoints(session, run)) for run in runs]


def _checkpoints(session: Session, run: RunRow) -> list[CheckpointRow]:
    found: Collection[CheckpointRow] = session.scalars(
        select(CheckpointRow).where(CheckpointRow.run_id == run.id).order_by(CheckpointRow.key)
    ).all()
    return list(found)
