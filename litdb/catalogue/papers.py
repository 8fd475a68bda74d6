"""Papers and documents: found by what people call them, and as parts of values."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from litdb.catalogue.database import schema
from litdb.catalogue.database.batches import batches
from litdb.catalogue.database.schema import AbsenceRow, PaperRow, VersionRow
from litdb.catalogue.models import year_of
from litdb.errors import NotFound, UsageError
from litdb.sources.types import ArxivId
from litdb.values.bibliography import Publication
from litdb.values.value import Document


def find_paper(session: Session, text: str) -> PaperRow:
    """A paper by key, arXiv id (any form), DOI or PMC id. Raises NotFound."""
    plain = re.sub(
        r"^(arxiv:|doi:|https?://(arxiv\.org/abs/|doi\.org/))", "", text.strip(), flags=re.IGNORECASE
    )
    bare = re.sub(r"v\d+$", "", plain)
    paper = session.scalar(
        select(PaperRow).where(
            or_(
                PaperRow.key == text,
                PaperRow.arxiv_id == bare,
                func.lower(PaperRow.doi) == plain.lower(),
                PaperRow.pmcid == plain,
            )
        )
    )
    if paper is None:
        raise NotFound(f"no paper {text!r} in the catalogue: {_where_from(bare)}")
    return paper


def _where_from(name: str) -> str:
    """How a paper that is not here gets in."""
    try:
        return f"`litdb fetch {ArxivId.parse(name)}` gets it"
    except UsageError:
        return "give its arXiv id, DOI or key"


def documents(session: Session, ids: Iterable[int]) -> dict[int, Document]:
    """The documents of these row numbers."""
    stored, newest, each = schema.DocumentRow, aliased(VersionRow), aliased(VersionRow)
    last = select(func.max(each.version)).where(each.paper_id == stored.paper_id).scalar_subquery()
    found: dict[int, Document] = {}
    for some in batches(ids):
        rows = session.execute(
            select(
                stored.id, stored.key, stored.kind, stored.uri, PaperRow.key, PaperRow.arxiv_id, PaperRow.doi,
                VersionRow.version, PaperRow.first_submitted, PaperRow.published, newest.version, newest.withdrawn,
                VersionRow.submitted,
            )
            .outerjoin(PaperRow, PaperRow.id == stored.paper_id)
            .outerjoin(VersionRow, VersionRow.id == stored.version_id)
            .outerjoin(newest, (newest.paper_id == stored.paper_id) & (newest.version == last))
            .where(stored.id.in_(some))
        )  # fmt: skip
        for (
            number,
            key,
            kind,
            uri,
            paper,
            arxiv,
            doi,
            version,
            first,
            published,
            known,
            withdrawn,
            own,
        ) in rows:
            found[number] = Document(
                key, kind, uri, paper or "", arxiv or "", doi or "", version, first or published, known,
                withdrawn or "", own,
            )  # fmt: skip
    return found


def paper_keys(session: Session, names: Iterable[str]) -> dict[str, str]:
    """The keys of papers by how a survey names them (`arXiv:2511.14515`, `doi:10...`, a key); those not here are left out.

    What ships is under keys of its own (`IMSE`), what was fetched under its id.
    """
    found: dict[str, str] = {}
    for some in batches(sorted(set(names))):
        bare = {
            name.partition(":")[2] if name.startswith(("arXiv:", "doi:")) else name: name for name in some
        }
        columns = (PaperRow.key, PaperRow.arxiv_id, PaperRow.doi)
        rows = select(*columns).where(
            or_(PaperRow.key.in_(some), PaperRow.arxiv_id.in_(bare), PaperRow.doi.in_(bare))
        )
        for key, arxiv_id, doi in session.execute(rows):
            if key in some:
                found[key] = key
            for number in (arxiv_id, doi):
                if number in bare:
                    found[bare[number]] = key
    return found


def with_results(session: Session, names: Iterable[str]) -> frozenset[str]:
    """Which papers, as a survey names them, have accepted results that were read in their own documents."""
    keys = paper_keys(session, names)
    found: set[str] = set()
    for some in batches(sorted(set(keys.values()))):
        results = (
            select(schema.ResultRow.id)
            .join(schema.ReadingRow, schema.ReadingRow.id == schema.ResultRow.reading_id)
            .join(schema.DocumentRow, schema.DocumentRow.id == schema.ReadingRow.document_id)
            .where(schema.DocumentRow.paper_id == PaperRow.id, schema.ResultRow.status == "accepted")
        )
        found |= set(session.scalars(select(PaperRow.key).where(PaperRow.key.in_(some), results.exists())))
    return frozenset(name for name, key in keys.items() if key in found)


@dataclass(frozen=True, slots=True)
class PaperStanding:
    """What is here of a paper: whether it is known, its files that were read, their tables, and its results on a test set.

    `accepted` and `waiting` count results on the test set, `elsewhere` those accepted on others.
    """

    known: bool = False
    documents: tuple[str, ...] = ()
    tables: int = 0
    accepted: int = 0
    waiting: int = 0
    elsewhere: int = 0
    withdrawn: str = ""


def standing_of(session: Session, key: str, dataset: str) -> PaperStanding:
    """What is here of the paper of a key."""
    paper = session.scalars(select(PaperRow).where(PaperRow.key == key)).one_or_none()
    if paper is None:
        return PaperStanding()
    document, reading, result = schema.DocumentRow, schema.ReadingRow, schema.ResultRow
    kinds = session.scalars(
        select(document.kind).where(document.paper_id == paper.id).distinct().order_by(document.kind)
    )
    tables = (
        select(func.count()).select_from(schema.GridRow).join(document).where(document.paper_id == paper.id)
    )
    counts: dict[tuple[str, bool], int] = {}
    query = (
        select(result.status, result.dataset == dataset, func.count())
        .join(reading, reading.id == result.reading_id)
        .join(document, document.id == reading.document_id)
        .where(document.paper_id == paper.id, result.dataset != "")
        .group_by(result.status, result.dataset == dataset)
    )
    for status, there, number in session.execute(query):
        counts[status, bool(there)] = number
    newest = session.scalars(
        select(VersionRow).where(VersionRow.paper_id == paper.id).order_by(VersionRow.version.desc()).limit(1)
    ).one_or_none()
    return PaperStanding(
        True, tuple(kinds), session.scalar(tables) or 0, counts.get(("accepted", True), 0),
        counts.get(("proposed", True), 0), counts.get(("accepted", False), 0), newest.withdrawn if newest else "",
    )  # fmt: skip


def publications(session: Session, keys: Collection[str] | None = None) -> list[Publication]:
    """What is known of papers to cite them by, all or those of these keys, in the order of their keys."""
    query = select(PaperRow).order_by(PaperRow.key)
    rows = session.scalars(query if keys is None else query.where(PaperRow.key.in_(keys)))
    return [
        Publication(
            row.key, row.title, tuple(json.loads(row.authors)), row.arxiv_id or "", row.doi or "", row.venue or "",
            year_of(row.published or row.date, row.arxiv_id),
        )
        for row in rows
    ]  # fmt: skip


def newest_day(session: Session) -> dt.date:
    """The day of the newest paper, version, fetch, checkpoint or decision that is recorded; the first of all for none."""
    stamps = (
        PaperRow.first_submitted, PaperRow.published, VersionRow.submitted, schema.DocumentRow.fetched_at,
        schema.CheckpointRow.date, schema.DecisionRow.made_at,
    )  # fmt: skip
    days = [session.scalar(select(func.max(stamp))) for stamp in stamps]
    return max(
        (day.date() if isinstance(day, dt.datetime) else day for day in days if day), default=dt.date.min
    )


def absences(session: Session, dataset: str) -> dict[str, dict[str, str]]:
    """By model, what its paper is recorded not to report on a test set: quantity, and the record in words."""
    rows = select(schema.ModelRow.key, AbsenceRow).join(
        AbsenceRow, schema.ModelRow.paper_id == AbsenceRow.paper_id
    )
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for key, absence in session.execute(rows.where(AbsenceRow.dataset == dataset)):
        found[key][absence.quantity] = f"{absence.quantity}: {absence.statement} ({absence.source})"
    return dict(found)
