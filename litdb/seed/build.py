"""Building the shipped catalogue from the seed's text: `litdb db build`.

The same text gives the same catalogue, so that continuous integration can compare a fresh build with `sota.db`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.migrate import upgrade
from litdb.catalogue.database.places import new_file
from litdb.catalogue.database.schema import (
    AbsenceRow,
    CheckpointRow,
    DecisionRow,
    DocumentRow,
    FactRow,
    MetaRow,
    ModelRow,
    PaperRow,
    RunRow,
)
from litdb.catalogue.database.session import Store
from litdb.catalogue.decision import Declare
from litdb.catalogue.derive import derive
from litdb.catalogue.hand import Written, put_readings
from litdb.catalogue.keys import measured_key
from litdb.catalogue.naming import Naming
from litdb.catalogue.record import PaperFacts, put_document, put_paper, put_version
from litdb.errors import CatalogueError
from litdb.seed.harvest import put_harvest
from litdb.seed.read import date, protocol, rows
from litdb.values.description import TOPICS
from litdb.values.names import digest
from litdb.values.reading import Reading
from litdb.vocabulary.components import components
from litdb.vocabulary.protocol import Protocol

#: Who stands behind the seed's decisions.
CURATOR = "litdb seed"
_NOTES = "note:group"


def build(target: Path, *, harvest: bool = True) -> Path:
    """Build the shipped catalogue into `target`, which must not exist. One file, no WAL beside it.

    Without `harvest` it holds the first part alone: own runs, notes and the papers around them, which tests look at.
    """
    if target.exists():
        raise CatalogueError(f"{target} exists: give another name, or remove it first")
    with new_file(target) as partial:
        store = Store(partial)
        upgrade(store)
        fill(store, kind="shipped", harvest=harvest)
        store.close()
        _settle(partial)
    return target


def fill(store: Store, *, kind: str, harvest: bool = True) -> None:
    """Write the seed into an empty catalogue, in one transaction."""
    with store.write() as session:
        session.add(MetaRow(name="kind", value=kind))
        papers = _papers(session)
        _models(session, papers)
        documents = _documents(session, papers)
        _facts(session, documents)
        _notes(session, documents[_NOTES])
        own = _own_runs(session)
        _absences(session, papers)
        whole = put_harvest(session) if harvest else []
        _model_facts(session, *(["harvest/model_facts.tsv"] if harvest else []))
        if harvest:
            _descriptions(session)
        made_before = set(session.scalars(select(ModelRow.key)))
        derive(session, sorted({d.id for d in (*documents.values(), *own, *whole)}), accept_from=1.0)
        unknown = set(session.scalars(select(ModelRow.key))) - made_before
        if unknown:
            names = ", ".join(sorted(unknown))
            raise CatalogueError(f"litdb/seed: names.tsv or models.tsv lacks a name for {names}")


def _settle(path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("VACUUM")
    connection.close()


def _papers(session: Session) -> dict[str, PaperRow]:
    papers = {}
    for row in rows("papers.tsv"):
        facts = PaperFacts(
            title=row["title"],
            arxiv_id=row["arxiv_id"] or None,
            doi=row["doi"] or None,
            pmcid=row["pmcid"] or None,
            first_submitted=date(row["first_submitted"]),
            published=date(row["published"]),
            venue=row["venue"] or None,
            key=row["key"],
        )
        papers[row["key"]] = put_paper(session, facts)
    return papers


def _models(session: Session, papers: dict[str, PaperRow]) -> None:
    naming = Naming(session)
    made: dict[str, ModelRow] = {}
    for row in rows("models.tsv"):
        made[row["key"]] = naming.make(
            row["name"],
            kind=row["kind"],
            paper=papers[row["paper"]] if row["paper"] else None,
            parent=made[row["parent"]] if row["parent"] else None,
            own=row["own"] == "yes",
            made_by="seed",
            key=row["key"],
        )
    for row in rows("names.tsv"):
        naming.name(made[row["model"]], row["name"], scope=row["scope"], source="seed")


def _documents(session: Session, papers: dict[str, PaperRow]) -> dict[str, DocumentRow]:
    documents = {}
    for row in rows("documents.tsv"):
        paper = papers[row["paper"]] if row["paper"] else None
        version = put_version(session, paper, int(row["version"])) if paper and row["version"] else None
        documents[row["key"]] = put_document(
            session, row["key"], kind=row["kind"], uri=row["uri"], paper=paper, version=version
        )
    return documents


def _facts(session: Session, documents: dict[str, DocumentRow]) -> None:
    for row in rows("facts.tsv"):
        reading = Written(
            label=row["label"],
            metric=row["metric"],
            printed=row["printed"],
            origin=row["origin"],
            by="seed",
            dataset=row["dataset"],
            table=row["table"],
            table_kind=row["table_kind"],
            stated=protocol(row["protocol"]),
            std=row["std"],
            remark=row["remark"],
        ).reading()
        put_readings(session, documents[row["document"]], [reading])


def _notes(session: Session, document: DocumentRow) -> None:
    """The group's notes as claims, words and dates included."""
    for row in rows("notes.tsv"):
        remark = "; ".join(
            part for part in (row["remark"], f"cites {row['source']}" if row["source"] else "") if part
        )
        claims: list[Reading] = []
        if row["params"]:
            claims.append(
                Written(
                    label=row["model"], metric="params", printed=row["params"], origin="claim", by="seed"
                ).reading()
            )
        if row["metric"].endswith(" delta"):
            claims.append(_delta(row, remark))
        elif row["metric"]:
            claims.append(
                Written(
                    label=row["model"],
                    metric=row["metric"],
                    printed=row["value"],
                    origin="claim",
                    by="seed",
                    dataset=row["dataset"],
                    remark=remark,
                ).reading()
            )
        elif row["remark"]:
            claims.append(
                Reading(
                    model=row["model"],
                    metric="words",
                    quantity="words",
                    printed=row["remark"],
                    value=None,
                    origin="claim",
                    by="seed",
                    words=row["remark"],
                    remark=remark,
                )
            )
        if row["year"]:
            claims.append(
                Reading(
                    model=row["model"],
                    metric="year",
                    quantity="year",
                    printed=row["year"],
                    value=float(row["year"]),
                    origin="claim",
                    by="seed",
                )
            )
        put_readings(session, document, claims)


def _delta(row: dict[str, str], remark: str) -> Reading:
    return Reading(
        model=row["model"],
        metric=row["metric"],
        quantity=row["metric"],
        printed=row["value"],
        value=float(row["value"]),
        dataset=row["dataset"],
        origin="claim",
        by="seed",
        remark=remark,
    )


def _own_runs(session: Session) -> list[DocumentRow]:
    documents: list[DocumentRow] = []
    declared: list[DecisionRow] = []
    for row in rows("own_runs.tsv"):
        model = session.scalars(select(ModelRow).where(ModelRow.key == row["model"])).one()
        run = session.scalar(select(RunRow).where(RunRow.key == row["run"]))
        if run is None:
            run = RunRow(
                key=row["run"], model_id=model.id, recipe="" if row["recipe"] == "as above" else row["recipe"]
            )
            session.add(run)
            session.flush()
        validation = {name[4:]: float(row[name]) for name in row if name.startswith("val_") and row[name]}
        checkpoint = CheckpointRow(
            key=f"{row['run']}/{row['checkpoint']}",
            run_id=run.id,
            name=row["checkpoint"],
            epoch=int(row["epoch"]),
            criterion=row["selection_criterion"],
            selected_on=row["selected_on"],
            date=date(row["date"]),
            declared_on=date(row["declared_on"]),
            details=json.dumps({"validation": validation} if validation else {}, sort_keys=True),
        )
        session.add(checkpoint)
        session.flush()
        document = put_document(
            session,
            f"evaluation:{checkpoint.key}",
            kind="evaluation",
            uri=f"the group's record of run {run.key}, checkpoint {checkpoint.name}",
        )
        _scores(session, document, checkpoint, row)
        if checkpoint.declared_on:
            declared.append(_declared(checkpoint, declared))
        documents.append(document)
    session.add_all(declared)
    session.flush()
    return documents


def _scores(session: Session, document: DocumentRow, checkpoint: CheckpointRow, row: dict[str, str]) -> None:
    covered = Protocol.stated(
        files=row["n_files"], files_expected=row["n_files"], selected_on=row["selected_on"]
    )
    readings: list[Reading] = []
    keys: dict[int, str] = {}
    for metric in ("PESQ", "CSIG", "CBAK", "COVL", "SSNR", "STOI"):
        stated = covered
        if metric in ("CSIG", "CBAK", "COVL"):
            stated = Protocol.stated(scale=row["composite_scale"]).merged(covered)
        reading = Written(
            label=f"{row['model']}, {checkpoint.key}",
            metric=metric,
            printed=row[metric],
            origin="measured",
            by="seed",
            dataset=row["dataset"],
            stated=stated,
        ).reading()
        keys[len(readings)] = measured_key(checkpoint.key, reading.metric, row["dataset"])
        readings.append(reading)
    put_readings(session, document, readings, checkpoint_id=checkpoint.id, key_of=keys)


def _declared(checkpoint: CheckpointRow, before: Sequence[DecisionRow]) -> DecisionRow:
    assert checkpoint.declared_on is not None
    day = checkpoint.declared_on
    return DecisionRow(
        uid=digest("seed", "declare", checkpoint.key),
        kind=Declare.kind,
        detail=Declare().to_json(),
        target=checkpoint.key,
        reason="stands for the model in the group's own records",
        who=CURATOR,
        made_at=dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC),
        sequence=len(before) + 1,
        after=json.dumps([decision.uid for decision in before]),
    )


def _absences(session: Session, papers: dict[str, PaperRow]) -> None:
    for row in rows("absences.tsv"):
        session.add(
            AbsenceRow(
                paper_id=papers[row["paper"]].id,
                dataset=row["dataset"],
                quantity=row["metric"],
                source=row["source"],
                statement=row["statement"],
                remark=row["remark"],
            )
        )


def _model_facts(session: Session, *more: str) -> None:
    known = components()
    models = dict(iter(session.execute(select(ModelRow.key, ModelRow.id))))
    for row in (row for name in ("model_facts.tsv", *more) for row in rows(name)):
        component = known.of_id(row["value"])
        if component is None or component.item != row["item"]:
            raise CatalogueError(
                f"litdb/seed: model_facts.tsv: {row['value']!r} is no {row['item']} of the vocabulary"
            )
        session.add(_stated(row, models[row["model"]], row["item"], row["value"]))


def _descriptions(session: Session) -> None:
    models = dict(iter(session.execute(select(ModelRow.key, ModelRow.id))))
    for row in rows("harvest/descriptions.tsv"):
        if row["topic"] not in TOPICS:
            raise CatalogueError(f"litdb/seed: descriptions.tsv: {row['topic']!r} is no topic")
        session.add(_stated(row, models[row["model"]], row["topic"], row["text"]))


def _stated(row: Mapping[str, str], model_id: int, item: str, value: str) -> FactRow:
    return FactRow(
        model_id=model_id, item=item, value=value, source=row["source"], remark=row["remark"], made_by="seed"
    )
