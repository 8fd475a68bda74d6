"""What the seed wrote into a working copy and a newer shipped catalogue has no longer: taken away."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import delete, select
from sqlalchemy import update as change
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import (
    DocumentRow,
    FactRow,
    ModelRow,
    NameRow,
    ReadingRow,
    ResultRow,
    RunRow,
    StoredRow,
)
from litdb.catalogue.exchange.portable import Key, PortableRow, chunks, rows
from litdb.catalogue.exchange.translate import Translation
from litdb.catalogue.exchange.writer import Writer


@dataclass
class Vanished:
    """Takes away the seed's rows that are shipped no longer; `replaced` are readings that stay.

    Afterwards `touched` are documents to derive again, `forgotten` those that are gone, `names` the rows of names that
    went, `models` the models that the seed no longer has.
    """

    session: Session
    source: Session
    writer: Writer
    translate: Translation
    replaced: set[str]
    removed: Counter[str] = field(default_factory=Counter)
    touched: set[int] = field(default_factory=set)
    forgotten: set[int] = field(default_factory=set)
    names: list[PortableRow] = field(default_factory=list)
    models: list[Key] = field(default_factory=list)

    def remove(self) -> None:
        """Take away what the seed wrote here and ships no longer."""
        self._remove_readings()
        shipped = {row.key for row in map(self.translate.row, rows(self.source, ModelRow))}
        without_run = ModelRow.id.not_in(select(RunRow.model_id))
        seeded = list(rows(self.session, ModelRow, ModelRow.made_by == "seed", without_run))
        self.models = [row.key for row in seeded if row.key not in shipped]
        for key in self.models:  # still there when something refers to it, but as a program's belief
            number = self.writer.number(ModelRow, key)
            self.writer.change(ModelRow, key, {"made_by": "reader"})
            names = change(NameRow).where(NameRow.model_id == number, NameRow.source == "seed")
            self.session.execute(names.values(source="reader"))
        named = {row.key for row in map(self.translate.row, rows(self.source, NameRow))}
        for row in list(rows(self.session, NameRow, NameRow.source == "seed")):
            if row.key not in named:
                self.names.append(row)
                number = self.writer.number(NameRow, row.key)
                self.session.execute(delete(NameRow).where(NameRow.id == number))
                self.writer.forget(NameRow, [row.key])
                self.removed[NameRow.__tablename__] += 1

        facts = {row.key for row in map(self.translate.row, rows(self.source, FactRow))}
        for row in list(rows(self.session, FactRow, FactRow.made_by == "seed")):
            if row.key not in facts:
                number = self.writer.number(FactRow, row.key)
                self.session.execute(delete(FactRow).where(FactRow.id == number))
                self.writer.forget(FactRow, [row.key])
                self.removed[FactRow.__tablename__] += 1

    def _remove_readings(self) -> None:
        shipped = set(self.source.scalars(select(ReadingRow.key).where(ReadingRow.by == "seed")))
        here = self.session.execute(
            select(ReadingRow.id, ReadingRow.key, ReadingRow.document_id).where(ReadingRow.by == "seed")
        ).all()
        gone = [r for r in here if r.key not in shipped and r.key not in self.replaced]
        for some in chunks([r.id for r in gone]):
            self.session.execute(delete(ResultRow).where(ResultRow.reading_id.in_(some)))
            self.session.execute(delete(ReadingRow).where(ReadingRow.id.in_(some)))
        self.writer.forget(ReadingRow, [r.key for r in gone])
        documents = {r.document_id for r in gone}
        self.touched |= documents
        if gone:
            self.removed[ReadingRow.__tablename__] += len(gone)
        shipped_documents = {row.key for row in map(self.translate.row, rows(self.source, DocumentRow))}
        for row in list(rows(self.session, DocumentRow, DocumentRow.id.in_(documents))):
            number = self.writer.number(DocumentRow, row.key)
            read = self.session.scalar(select(ReadingRow.id).where(ReadingRow.document_id == number).limit(1))
            if row.key not in shipped_documents and read is None and row.values["reader"] == 0:
                self.session.execute(delete(StoredRow).where(StoredRow.document_id == number))
                self.session.execute(delete(DocumentRow).where(DocumentRow.id == number))
                self.writer.forget(DocumentRow, [row.key])
                self.forgotten.add(number)
                self.removed[DocumentRow.__tablename__] += 1
