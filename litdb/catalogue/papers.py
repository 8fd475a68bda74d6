"""Papers and documents: found by what people call them, and as parts of values."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from litdb.catalogue.database import schema
from litdb.catalogue.database.batches import batches
from litdb.catalogue.database.schema import AbsenceRow, PaperRow, VersionRow
from litdb.catalogue.models import year_of
from litdb.errors import NotFound
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
        raise NotFound(f"no paper {text!r} in the catalogue: `litdb fetch {text}` gets it")
    return paper


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
            )
            .outerjoin(PaperRow, PaperRow.id == stored.paper_id)
            .outerjoin(VersionRow, VersionRow.id == stored.version_id)
            .outerjoin(newest, (newest.paper_id == stored.paper_id) & (newest.version == last))
            .where(stored.id.in_(some))
        )  # fmt: skip
        for number, key, kind, uri, paper, arxiv, doi, version, first, published, known, withdrawn in rows:
            found[number] = Document(
                key, kind, uri, paper or "", arxiv or "", doi or "", version, first or published, known,
                withdrawn or "",
            )  # fmt: skip
    return found


def with_results(session: Session, keys: Iterable[str]) -> frozenset[str]:
    """Which papers of these keys have accepted results that were read in their own documents."""
    found: set[str] = set()
    for some in batches(sorted(set(keys))):
        results = (
            select(schema.ResultRow.id)
            .join(schema.ReadingRow, schema.ReadingRow.id == schema.ResultRow.reading_id)
            .join(schema.DocumentRow, schema.DocumentRow.id == schema.ReadingRow.document_id)
            .where(schema.DocumentRow.paper_id == PaperRow.id, schema.ResultRow.status == "accepted")
        )
        found |= set(session.scalars(select(PaperRow.key).where(PaperRow.key.in_(some), results.exists())))
    return frozenset(found)


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
