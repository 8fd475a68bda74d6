"""Which family people put papers into, and what the catalogue holds of papers in words: their models, their ablation tables."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.batches import batches
from litdb.catalogue.database.schema import AblationRow, DecisionRow, DocumentRow, GridRow, ModelRow, PaperRow
from litdb.catalogue.decision import Made, PlaceInFamily
from litdb.catalogue.decisions import append_decision
from litdb.catalogue.views.in_force import in_force
from litdb.values.origin import Kind


def place_in_family(session: Session, papers: Sequence[str], family: str, reason: str) -> list[DecisionRow]:
    """Record that papers, by their names in a survey (`arXiv:2511.14515`), are of a family. Raises UsageError for no reason."""
    return [append_decision(session, PlaceInFamily(family), paper, reason) for paper in dict.fromkeys(papers)]


def placements(session: Session) -> dict[str, Made[PlaceInFamily]]:
    """What people decided, by paper; of several decisions on one the last counts."""
    return {made.target: made for made in in_force(session, PlaceInFamily)}


def models_of_papers(session: Session, papers: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """The key and name of the systems and variants that papers (by key) propose, systems first."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for some in batches(sorted(papers)):
        query = (
            select(PaperRow.key, ModelRow.key, ModelRow.name)
            .join(PaperRow, PaperRow.id == ModelRow.paper_id)
            .where(
                PaperRow.key.in_(some),
                ModelRow.kind.in_((Kind.SYSTEM, Kind.VARIANT)),
                ModelRow.unified_id.is_(None),
            )
            .order_by(ModelRow.kind, ModelRow.key)
        )
        for paper, key, name in session.execute(query):
            found[paper].append((key, name))
    return found


def ablations_in_words(session: Session, papers: Collection[str]) -> dict[str, str]:
    """What the ablation tables of papers (by key) say in words: captions, how rows are called, what was changed."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for some in batches(sorted(papers)):
        grids = (
            select(PaperRow.key, GridRow.id, GridRow.caption, GridRow.rows)
            .join(DocumentRow, DocumentRow.id == GridRow.document_id)
            .join(PaperRow, PaperRow.id == DocumentRow.paper_id)
            .where(PaperRow.key.in_(some), GridRow.kind == "ablation")
        )
        for paper, _number, caption, rows in session.execute(grids.order_by(GridRow.id)):
            labels = [row[0] for row in json.loads(rows) if row and isinstance(row[0], str)]
            found[paper].update(dict.fromkeys((caption, *labels)))
        changed = (
            select(PaperRow.key, AblationRow.words)
            .join(GridRow, GridRow.id == AblationRow.grid_id)
            .join(DocumentRow, DocumentRow.id == GridRow.document_id)
            .join(PaperRow, PaperRow.id == DocumentRow.paper_id)
            .where(PaperRow.key.in_(some))
        )
        for paper, words in session.execute(changed.order_by(AblationRow.id)):
            found[paper][words] = None
    return {paper: " . ".join(filter(None, some)) for paper, some in found.items()}
