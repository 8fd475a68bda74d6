"""The larger part of the seed: whole tables of papers, one line of `harvest/rows.tsv` a row of a table.

A line has the model decided; its figures are `metric{protocol} number`, parted by ` | `. `harvest/changes.tsv` says which
row of an ablation table changes what against which. A row that changes.tsv names stands in the stored grid of its table,
as a row that litdb read itself does.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import AblationRow, DocumentRow, GridRow, ModelRow, PaperRow, ReadingRow
from litdb.catalogue.derive import Interned
from litdb.catalogue.hand import Written
from litdb.catalogue.keys import place_key
from litdb.catalogue.naming import Naming
from litdb.catalogue.record import PaperFacts, put_document, put_paper, put_version, reading_fields
from litdb.errors import CatalogueError
from litdb.seed.read import date, protocol, rows
from litdb.values.reading import Reading
from litdb.vocabulary import vocabulary

_FIGURE = re.compile(r"(?P<metric>[^{ ]+)(?:\{(?P<protocol>[^}]*)\})? (?P<printed>.+)")
_SOURCE = re.compile(r"arXiv:(?P<id>\d{4}\.\d{4,5})v(?P<version>\d+)")
#: Why a figure that its metric cannot have is shipped all the same.
_AS_PRINTED = "so printed; kept to be told"


@dataclass
class _Table:
    """A table of a document: its readings in order, by the label of their row."""

    document: DocumentRow
    number: str
    kind: str
    readings: list[Reading] = field(default_factory=list)


def papers() -> Iterator[PaperFacts]:
    """The papers of the harvest."""
    for row in rows("harvest/papers.tsv"):
        yield PaperFacts(
            key=row["key"],
            title=row["title"],
            arxiv_id=row["arxiv_id"] or None,
            first_submitted=date(row["first_submitted"]),
        )


def put_harvest(session: Session) -> list[DocumentRow]:
    """Write papers, models, tables and ablations into a catalogue that has the first part; results are derived later."""
    by_id: dict[str, PaperRow] = {}
    for facts in papers():
        put_paper(session, facts)
    for paper in session.scalars(select(PaperRow).where(PaperRow.arxiv_id.is_not(None))):
        by_id[paper.arxiv_id or ""] = paper
    models = _models(session)
    tables = _tables(session, by_id, models)
    changes: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows("harvest/changes.tsv"):
        changes[row["document"], row["table"]].append(row)
    protocols = Interned(session)
    taken: set[str] = set()
    for (source, number), table in tables.items():
        _put_table(session, table, changes.pop((source, number), []), protocols, taken)
    if changes:
        raise CatalogueError(f"litdb/seed/harvest/changes.tsv: no table {next(iter(changes))} in rows.tsv")
    session.flush()
    return list({table.document.id: table.document for table in tables.values()}.values())


def _models(session: Session) -> dict[str, str]:
    """The models of the harvest, made; the name of every model of the seed by its key."""
    naming = Naming(session)
    papers = {paper.key: paper for paper in session.scalars(select(PaperRow))}
    known = {model.key: model for model in session.scalars(select(ModelRow))}
    for row in rows("harvest/models.tsv"):
        known[row["key"]] = naming.make(
            row["name"],
            kind=row["kind"],
            paper=papers[row["paper"]] if row["paper"] else None,
            parent=known[row["parent"]] if row["parent"] else None,
            made_by="seed",
            key=row["key"],
        )
        if known[row["key"]].key != row["key"]:
            raise CatalogueError(f"litdb/seed/harvest/models.tsv: {row['key']} is taken")
    return {key: model.name for key, model in known.items()}


def _tables(
    session: Session, by_id: dict[str, PaperRow], models: dict[str, str]
) -> dict[tuple[str, str], _Table]:
    found: dict[tuple[str, str], _Table] = {}
    documents: dict[str, DocumentRow] = {}
    for row in rows("harvest/rows.tsv"):
        source = row["document"]
        if source not in documents:
            documents[source] = _document(session, source, by_id)
        table = found.setdefault((source, row["table"]), _Table(documents[source], row["table"], row["kind"]))
        if row["model"] not in models:
            raise CatalogueError(f"litdb/seed/harvest/rows.tsv: models.tsv lacks {row['model']}")
        table.readings.extend(_readings(row, table.kind, models[row["model"]]))
    return found


def _document(session: Session, source: str, by_id: dict[str, PaperRow]) -> DocumentRow:
    match = _SOURCE.fullmatch(source)
    if match is None or match["id"] not in by_id:
        raise CatalogueError(f"litdb/seed/harvest/rows.tsv: no paper for {source}")
    paper = by_id[match["id"]]
    version = put_version(session, paper, int(match["version"]))
    uri = f"https://arxiv.org/abs/{match['id']}v{match['version']}"
    return put_document(session, f"seen:{source}", kind="seen", uri=uri, paper=paper, version=version)


def _readings(row: dict[str, str], kind: str, model: str) -> Iterator[Reading]:
    shared = protocol(row["protocol"])
    for text in row["figures"].split(" | "):
        figure = _FIGURE.fullmatch(text)
        if figure is None:
            raise CatalogueError(f"litdb/seed/harvest/rows.tsv: {text!r} is no figure")
        name = vocabulary().metric_name(figure["metric"])
        metric = vocabulary().metric(name.quantity)
        assert metric is not None
        stated = protocol(figure["protocol"] or "", note=row["remark"]).merged(
            shared.without("condition", "training") if metric.per_model else shared
        )
        reading = Written(
            label=row["label"],
            metric=figure["metric"],
            printed=figure["printed"],
            origin=row["origin"],
            by="seed",
            dataset=row["dataset"],
            table=row["table"],
            table_kind=kind,
            stated=stated,
            remark=row["remark"],
            force=row["remark"] or _AS_PRINTED,
        ).reading()
        yield replace(reading, system=model)


def _put_table(
    session: Session, table: _Table, changes: list[dict[str, str]], protocols: Interned, taken: set[str]
) -> None:
    lines = dict.fromkeys(label for change in changes for label in (change["base"], change["row"]))
    labels = [label for label in dict.fromkeys(r.model for r in table.readings) if label in lines]
    missing = lines.keys() - set(labels)
    if missing:
        raise CatalogueError(f"{table.document.key}, table {table.number}: no row {missing.pop()!r}")
    columns = list(dict.fromkeys((r.metric, r.dataset) for r in table.readings if r.model in lines))
    at = {label: number for number, label in enumerate(labels, start=1)}
    grid = _grid(session, table, labels, columns) if changes else None
    fields = []
    first = {
        row.key: row
        for row in session.scalars(
            select(ReadingRow).where(
                ReadingRow.document_id == table.document.id, ReadingRow.table == table.number
            )
        )
    }
    for reading in table.readings:
        placed = reading
        inside = grid is not None and reading.model in at
        if inside:
            placed = replace(
                reading, row=at[reading.model], column=1 + columns.index((reading.metric, reading.dataset))
            )
        key = place_key(table.document.key, table.number, reading.model, reading.metric, reading.dataset)
        if key in taken:
            raise CatalogueError(
                f"{table.document.key}, table {table.number}, {reading.model}: two figures of {reading.metric}"
            )
        taken.add(key)
        if key in first:  # the first part of the seed has it: it takes its place in the grid
            if first[key].printed != placed.printed:
                raise CatalogueError(
                    f"{table.document.key}, {placed.model}, {placed.metric}: two numbers in the seed"
                )
            first[key].grid_id, first[key].row = (grid.id if grid else None), placed.row
            first[key].column = placed.column
            continue
        fields.append(
            {
                **reading_fields(table.document, placed, key, protocols),
                "grid_id": grid.id if inside and grid is not None else None,
            }
        )
    for row in first.values():  # its other figures stand in the same row
        if grid is not None and row.label in at and row.grid_id is None:
            row.grid_id, row.row = grid.id, at[row.label]
    if fields:
        session.execute(insert(ReadingRow), fields)
    if grid is None:
        return
    compared = set()
    for change in changes:
        pair = (at[change["row"]], at[change["base"]])
        if pair in compared:
            continue
        compared.add(pair)
        parts = [part for part in change["components"].split(", ") if part]
        session.add(
            AblationRow(
                grid_id=grid.id,
                row=pair[0],
                base_row=pair[1],
                words=change["words"],
                action=change["action"],
                components=json.dumps(parts, ensure_ascii=False),
                replacement=change["replacement"],
            )
        )


def _grid(session: Session, table: _Table, labels: list[str], columns: list[tuple[str, str]]) -> GridRow:
    """The rows of an ablation table that the seed has, with their figures as printed."""
    printed = {(r.model, (r.metric, r.dataset)): r.printed for r in table.readings}
    sets = {dataset for _, dataset in columns if dataset}
    head = [f"{metric}, {dataset}" if dataset and len(sets) > 1 else metric for metric, dataset in columns]
    cells = [["", *head], *([label, *(printed.get((label, c), "") for c in columns)] for label in labels)]
    grid = GridRow(
        document_id=table.document.id,
        span=f"seed:{table.number}",
        ordinal=0,
        number=table.number,
        kind=table.kind,
        rows=json.dumps(cells, ensure_ascii=False),
    )
    session.add(grid)
    session.flush()
    return grid
