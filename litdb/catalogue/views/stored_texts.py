"""Stored tables as quotations are looked for in them."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.batches import batches
from litdb.catalogue.database.schema import DocumentRow, GridRow, PaperRow
from litdb.catalogue.papers import documents
from litdb.evidence.quotations import table_text
from litdb.evidence.quotations.check import StoredText


def stored_texts(session: Session, papers: Collection[str]) -> list[StoredText]:
    """The tables of these papers (by key) as they stood, the newest version of each first."""
    found: list[StoredText] = []
    for some in batches(sorted(papers)):
        rows = session.execute(
            select(GridRow, PaperRow.key, DocumentRow.id)
            .join(DocumentRow, DocumentRow.id == GridRow.document_id)
            .join(PaperRow, PaperRow.id == DocumentRow.paper_id)
            .where(PaperRow.key.in_(some))
            .order_by(PaperRow.key, DocumentRow.version_id.desc(), GridRow.ordinal)
        ).all()
        known = documents(session, {number for _, _, number in rows})
        found += [
            StoredText(
                grid.id,
                known[number].place(grid.number),
                paper,
                table_text(json.loads(grid.rows), grid.caption),
            )
            for grid, paper, number in rows
        ]
    return found
