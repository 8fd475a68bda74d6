"""Reading the catalogue: candidate models by index, and their source rows as selection wants them."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import (
    Checkpoint,
    Document,
    Model,
    Paper,
    PaperVersion,
    ProtocolRow,
    Reading,
    Result,
    Run,
    SourceRow,
)
from litdb.evidence import selection
from litdb.vocabulary.protocol import Protocol
from litdb.vocabulary.ranges import Condition

_BATCH = 400  # ids in one IN list, well under every database's limit


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as queries need it. `date` is that of the paper that proposes it (its parent's, for a variant)."""

    id: int
    key: str
    name: str
    kind: str
    own: bool
    paper: str = ""
    date: dt.date | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document as provenance needs it."""

    id: int
    key: str
    kind: str
    uri: str
    paper: str = ""
    arxiv_id: str = ""
    doi: str = ""
    version: int | None = None
    date: dt.date | None = None

    @property
    def title(self) -> str:
        """Short text that names the source: `arXiv:2511.14515v2`, `github:owner/name`, a URL, words."""
        if self.arxiv_id and self.version is not None:
            return f"arXiv:{self.arxiv_id}v{self.version}"
        if self.key.startswith("github:"):
            return self.key
        if self.kind == "seen" and self.doi:
            return f"doi:{self.doi}"
        return self.uri

    @property
    def url(self) -> str:
        """Where a reader can look, or '' for what is not on the web."""
        if self.arxiv_id and self.version is not None:
            return f"https://arxiv.org/abs/{self.arxiv_id}v{self.version}"
        return self.uri if self.uri.startswith(("https://", "http://")) else ""


def place(document: DocumentInfo, table: str, checkpoint: str = "") -> str:
    """The source with the table in it: `arXiv:2511.14515v2, table 1`."""
    if checkpoint:
        return f"run {checkpoint}"
    if not table:
        return document.title
    return f"{document.title}, {f'table {table}' if re.match(r'[0-9A-Z]', table) else table}"


def year_of(date: dt.date | None, arxiv_id: str | None) -> int | None:
    """The year of a paper: of its date, else the one in a new-style arXiv id."""
    if date is not None:
        return date.year
    match = re.match(r"(\d\d)(0[1-9]|1[0-2])\.\d{4,5}$", arxiv_id or "")
    return 2000 + int(match[1]) if match else None


@dataclass
class Library:
    """Documents, protocols and checkpoints of one reading session, each fetched once."""

    session: Session
    _documents: dict[int, DocumentInfo] = field(default_factory=dict)
    _protocols: dict[int, Protocol] = field(default_factory=dict)
    _checkpoints: dict[int, selection.CheckpointInfo] = field(default_factory=dict)

    def documents(self, ids: Collection[int]) -> dict[int, DocumentInfo]:
        """The documents of these ids."""
        for batch in _batches(set(ids) - self._documents.keys()):
            found = self.session.execute(_document_select().where(Document.id.in_(batch)))
            for number, key, kind, uri, paper, arxiv, doi, version, first, published in found:
                self._documents[number] = DocumentInfo(
                    number, key, kind, uri, paper or "", arxiv or "", doi or "", version, first or published
                )
        return self._documents

    def protocols(self, ids: Collection[int]) -> dict[int, Protocol]:
        """The protocols of these ids."""
        for batch in _batches(set(ids) - self._protocols.keys()):
            found = self.session.execute(
                select(ProtocolRow.id, ProtocolRow.items).where(ProtocolRow.id.in_(batch))
            )
            for number, items in found:
                self._protocols[number] = Protocol.from_json(items)
        return self._protocols

    def checkpoints(self, ids: Collection[int]) -> dict[int, selection.CheckpointInfo]:
        """The checkpoints of these ids, named by their key."""
        wanted = set(ids) - self._checkpoints.keys()
        standing = _standing(self.session) if wanted else {}
        for batch in _batches(wanted):
            columns = (
                Checkpoint.id, Checkpoint.key, Checkpoint.selected_on, Checkpoint.declared_on, Checkpoint.date
            )  # fmt: skip
            for number, key, selected_on, declared_on, date, model in self.session.execute(
                select(*columns, _OWNER).select_from(Checkpoint).join(Run).join(Model)
                .where(Checkpoint.id.in_(batch))
            ):  # fmt: skip
                self._checkpoints[number] = selection.CheckpointInfo(
                    key, selected_on, declared_on, date, standing.get(model, "")
                )
        return self._checkpoints


#: The model that a run counts for.
_OWNER = func.coalesce(Model.unified_id, Model.id)


def _standing(session: Session) -> dict[int, str]:
    """The declared checkpoint of each own model that has one."""
    query = select(_OWNER, Checkpoint.key).select_from(Checkpoint).join(Run).join(Model)
    declared = query.where(Checkpoint.declared_on.is_not(None)).order_by(Checkpoint.declared_on)
    return dict(iter(session.execute(declared)))


def _document_select() -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = (
        select(
            Document.id,
            Document.key,
            Document.kind,
            Document.uri,
            Paper.key,
            Paper.arxiv_id,
            Paper.doi,
            PaperVersion.version,
            Paper.first_submitted,
            Paper.published,
        )
        .outerjoin(Paper, Paper.id == Document.paper_id)
        .outerjoin(PaperVersion, PaperVersion.id == Document.version_id)
    )
    return query


def candidate_models(
    session: Session,
    *,
    dataset: str,
    conditions: Iterable[Condition],
    kinds: Sequence[str],
    statuses: Sequence[str],
    keys: Sequence[str] | None = None,
    quantities: Sequence[str] = (),
) -> list[ModelInfo]:
    """The models that may meet all conditions: some value of each quantity lies in its range.

    Selection decides afterwards which value counts; this only keeps it from looking at the rest. Without a
    condition on a score, models with any of `quantities` on the test set are taken.
    """
    canonical = func.coalesce(Model.unified_id, Model.id)
    query = select(canonical).where(Model.kind.in_(kinds))
    if keys is not None:
        query = query.where(
            or_(Model.key.in_(keys), Model.unified_id.in_(select(Model.id).where(Model.key.in_(keys))))
        )
    bounds: list[Select[Any]] = []
    for condition in conditions:
        rows = select(SourceRow.model_id).join(Result, Result.source_row_id == SourceRow.id)
        rows = rows.where(
            Result.quantity == condition.metric.quantity,
            Result.dataset.in_((dataset, "")),
            Result.status.in_(statuses),
        )
        slack = 1e-6
        if condition.range.low is not None:
            rows = rows.where(Result.value >= condition.range.low - slack * abs(condition.range.low))
        if condition.range.high is not None:
            rows = rows.where(Result.value <= condition.range.high + slack * abs(condition.range.high))
        bounds.append(rows)
    if quantities and not bounds and keys is None:
        rows = select(SourceRow.model_id).join(Result, Result.source_row_id == SourceRow.id)
        bounds.append(
            rows.where(
                Result.quantity.in_(quantities),
                Result.dataset.in_((dataset, "")),
                Result.status.in_(statuses),
            )
        )
    # A unified model's rows count for the model it was unified into, so ids are compared after that.
    remaining: set[int] | None = None
    for rows in bounds:
        named = select(canonical).where(Model.id.in_(rows)).distinct()
        found = set(session.scalars(named))
        remaining = found if remaining is None else remaining & found
        if not remaining:
            return []
    ids = set(session.scalars(query))
    return model_infos(session, ids if remaining is None else ids & remaining)


def model_infos(session: Session, ids: Collection[int]) -> list[ModelInfo]:
    """What queries need of these models, in order of their names."""
    from sqlalchemy.orm import aliased

    parent = aliased(Model)
    home = aliased(Paper)
    found = []
    for batch in _batches(ids):
        rows = session.execute(
            select(
                Model.id,
                Model.key,
                Model.name,
                Model.kind,
                Model.own,
                home.key,
                home.arxiv_id,
                home.first_submitted,
                home.published,
            )
            .outerjoin(parent, parent.id == Model.parent_id)
            .outerjoin(home, home.id == func.coalesce(Model.paper_id, parent.paper_id))
            .where(Model.id.in_(batch))
        )
        for number, key, name, kind, own, paper, arxiv, first, published in rows:
            date = first or published
            found.append(ModelInfo(number, key, name, kind, own, paper or "", date, year_of(date, arxiv)))
    return sorted(found, key=lambda model: (model.name.casefold(), model.key))


def source_rows(
    session: Session,
    models: Collection[int],
    *,
    dataset: str,
    quantities: Sequence[str],
    library: Library | None = None,
) -> dict[int, list[selection.SourceRow]]:
    """The source rows of these models with their facts on one test set and those that need none.

    `quantities` limits the facts; an empty sequence takes all of them and of all test sets when `dataset` is ''.
    """
    library = library or Library(session)
    owners: dict[int, int] = {}
    raw: dict[int, tuple[int, int, int | None, str, str, str, str, str]] = {}
    facts: dict[int, list[Any]] = defaultdict(list)
    for batch in _batches(models):
        members = session.execute(
            select(Model.id, func.coalesce(Model.unified_id, Model.id)).where(
                or_(Model.id.in_(batch), Model.unified_id.in_(batch))
            )
        ).all()
        owners.update((member, owner) for member, owner in members)
        of_these = SourceRow.model_id.in_([member for member, _ in members])
        rows = select(
            SourceRow.id,
            SourceRow.model_id,
            SourceRow.document_id,
            SourceRow.checkpoint_id,
            SourceRow.key,
            SourceRow.table,
            SourceRow.table_kind,
            SourceRow.label,
            SourceRow.origin,
        )
        raw.update((row[0], row[1:]) for row in session.execute(rows.where(of_these)))
        query = (
            select(
                Result.source_row_id,
                Result.protocol_id,
                Reading.key,
                Result.metric,
                Result.quantity,
                Result.value,
                Result.printed,
                Result.resolution,
                Result.status,
                Reading.approximate,
                Reading.uncertainty,
            )
            .join(SourceRow, Result.source_row_id == SourceRow.id)
            .join(Reading, Reading.id == Result.reading_id)
            .where(of_these, Result.status != "rejected")
        )
        if dataset:
            query = query.where(Result.dataset.in_((dataset, "")))
        if quantities:
            query = query.where(Result.quantity.in_(quantities))
        for number, *fact in session.execute(query):
            facts[number].append(fact)
    documents = library.documents({entry[1] for entry in raw.values()})
    protocols = library.protocols({fact[0] for group in facts.values() for fact in group})
    checkpoints = library.checkpoints({entry[2] for entry in raw.values() if entry[2] is not None})
    found: dict[int, list[selection.SourceRow]] = defaultdict(list)
    for number, (model_id, document_id, checkpoint_id, key, table, kind, label, origin) in raw.items():
        if number not in facts:
            continue
        document = documents[document_id]
        checkpoint = checkpoints[checkpoint_id] if checkpoint_id is not None else None
        found[owners[model_id]].append(
            selection.SourceRow(
                key=key,
                origin=origin,  # type: ignore[arg-type]
                facts=tuple(
                    selection.Fact._make((*told, protocols[protocol], approximate, uncertainty))
                    for protocol, *told, approximate, uncertainty in facts[number]
                ),
                source=place(document, table, checkpoint.name if checkpoint else ""),
                url=document.url,
                label=label,
                paper=document.paper,
                version=document.version,
                table=table,
                table_kind=kind,
                date=document.date,
                checkpoint=checkpoint,
            )
        )
    return found


def any_proposed(session: Session, dataset: str, quantities: Sequence[str]) -> bool:
    """Whether any result on a test set waits for review. Stops at the first: a count would read them all."""
    query = select(
        exists().where(
            Result.status == "proposed", Result.dataset == dataset, Result.quantity.in_(quantities)
        )
    )
    return bool(session.scalar(query))


def runs_of(session: Session, model_id: int) -> list[tuple[Run, list[Checkpoint]]]:
    """The own runs of a model with their checkpoints."""
    runs = session.scalars(select(Run).where(Run.model_id == model_id).order_by(Run.key)).all()
    return [
        (
            run,
            list(
                session.scalars(
                    select(Checkpoint).where(Checkpoint.run_id == run.id).order_by(Checkpoint.key)
                )
            ),
        )
        for run in runs
    ]


def _batches(ids: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]
