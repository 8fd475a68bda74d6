"""What of another catalogue comes into this one, and under which keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import (
    Base,
    CheckpointRow,
    DocumentRow,
    ModelRow,
    NameRow,
    PaperRow,
    ReadingRow,
    RunRow,
)
from litdb.catalogue.decision import COLUMNS, made
from litdb.catalogue.exchange.portable import PortableRow, Value, fields, key_fields, key_of, rows
from litdb.catalogue.keys import measured_key


def renamed_document(document: str, checkpoint: str, rival: str) -> str:
    """The key of a document of measured values, when its checkpoint goes by another name."""
    begins = f"evaluation:{checkpoint}"
    if document != begins and not document.startswith(f"{begins}:"):
        return document
    return f"evaluation:{rival}{document[len(begins) :]}"


@dataclass
class Translation:
    """Rows of another catalogue in the keys of this one.

    A paper is the same by arXiv id or DOI whatever its key, a checkpoint by its SHA-256; what points to them, the scope
    of a name and the key of a measured value included, is written with the keys used here.
    """

    target: Session
    source: Session
    readings: dict[str, str] = field(default_factory=dict)  # keys of readings that get another one here
    _renamed: dict[type[Base], dict[Value, str]] = field(default_factory=dict)
    _moved: dict[Value, str] = field(default_factory=dict)  # checkpoints that stand beside one of their name
    _moved_of_document: dict[Value, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._renamed[PaperRow] = dict(self._papers())
        self._renamed[CheckpointRow] = dict(self._checkpoints())
        self._renamed[DocumentRow] = {}

    def row(self, row: PortableRow) -> PortableRow:
        """A row as it would stand here."""
        model, values = row.table, dict(row.values)
        for f in fields(model):
            if f.target is not None:
                values[f.name] = self._key(f.target, values[f.name])
        if model in self._renamed:
            values["key"] = self._renamed[model].get(values["key"], values["key"])
        elif model is NameRow:
            values["scope"] = self._renamed[PaperRow].get(values["scope"], values["scope"])
        elif model is ReadingRow:
            values["key"] = self.readings.get(str(row.key)) or self._measured(row)
        if model is CheckpointRow and row.key in self._moved:
            moved = self._moved[row.key]
            values |= {"sha256": None, "name": f"{values['name']}~{moved.rpartition('~')[2]}"}
        elif model is DocumentRow and row.key in self._renamed.get(DocumentRow, {}):
            values["uri"] = f"run {self._moved_of_document[row.key]}"
        return PortableRow(model, key_of(model, values), values)

    def move_checkpoint(self, key: str, rival: str) -> None:
        """Let a checkpoint of the source stand here beside the one of its name, with its documents."""
        self._renamed[CheckpointRow][key] = rival
        self._moved[key] = rival
        documents = (
            select(DocumentRow.key)
            .join(ReadingRow, ReadingRow.document_id == DocumentRow.id)
            .join(CheckpointRow, CheckpointRow.id == ReadingRow.checkpoint_id)
            .where(CheckpointRow.key == key)
            .distinct()
        )
        for document in self.source.scalars(documents):
            self._renamed[DocumentRow][document] = renamed_document(document, key, rival)
            self._moved_of_document[document] = rival

    def checkpoint(self, key: str) -> str:
        """What a checkpoint of the source is called here."""
        return str(self._renamed[CheckpointRow].get(key, key))

    def _key(self, model: type[Base], key: Value) -> Value:
        if key is None:
            return None
        parts = key if isinstance(key, tuple) else (key,)
        named = tuple(
            self._key(f.target, part) if f.target else part
            for f, part in zip(key_fields(model), parts, strict=True)
        )
        if len(named) == 1:
            return self._renamed.get(model, {}).get(named[0], named[0])
        return named  # type: ignore[return-value]

    def _measured(self, row: PortableRow) -> Value:
        checkpoint = row.values["checkpoint"]
        renamed = self._renamed[CheckpointRow].get(checkpoint)
        what = (str(row.values["metric"]), str(row.values["dataset"]))
        if renamed is not None and row.key == measured_key(str(checkpoint), *what):
            return measured_key(renamed, *what)
        return row.values["key"]

    def _papers(self) -> Iterator[tuple[str, str]]:
        known: dict[str, str] = {}
        for paper in self.target.execute(select(PaperRow.key, PaperRow.arxiv_id, PaperRow.doi)):
            for name in (paper.arxiv_id, paper.doi):
                if name is not None:
                    known[name] = paper.key
        for paper in self.source.execute(select(PaperRow.key, PaperRow.arxiv_id, PaperRow.doi)):
            here = known.get(paper.arxiv_id) or known.get(paper.doi)
            if here is not None and here != paper.key:
                yield paper.key, here

    def _checkpoints(self) -> Iterator[tuple[str, str]]:
        query = select(CheckpointRow.sha256, CheckpointRow.key).where(CheckpointRow.sha256.is_not(None))
        known = {c.sha256: c.key for c in self.target.execute(query)}
        for sha256, key in self.source.execute(query):
            if known.get(sha256, key) != key:
                yield key, known[sha256]


def sort_documents(
    target: Session, source: Session, translate: Translation
) -> tuple[dict[str, dict[str, Value]], set[str]]:
    """The documents that both have: read by a newer reader in `source`, and read here as well or better.

    For the first kind also what the document then says of its last reading.
    """
    here = {d.key: d.reader for d in target.execute(select(DocumentRow.key, DocumentRow.reader))}
    newer: dict[str, dict[str, Value]] = {}
    older: set[str] = set()
    for row in map(translate.row, rows(source, DocumentRow)):
        key, reader = str(row.key), row.values["reader"]
        assert isinstance(reader, int)
        if key not in here:
            continue
        if reader > here[key]:
            newer[key] = {name: row.values[name] for name in ("reader", "priors", "sha256", "fetched_at")}
        else:
            older.add(key)
    return newer, older


def wanted_models(
    target: Session, source: Session, translate: Translation
) -> dict[type[Base], Callable[[PortableRow], bool]]:
    """Which models and names come in.

    Everything that the seed or a person made does. What a program believed does where nothing here has that name in
    that scope: a name that means one model must not come to mean two only because two catalogues met. Names given by
    decisions are made by the decisions themselves.
    """
    taken = {(folded, scope) for folded, scope in target.execute(select(NameRow.folded, NameRow.scope))}
    names = [row for row in map(translate.row, rows(source, NameRow)) if _is_wanted(row, taken)]
    wanted_names = {row.key for row in names}
    models = {row.key: row for row in map(translate.row, rows(source, ModelRow))}
    wanted = {key for key, row in models.items() if row.values["made_by"] != "reader"}
    wanted |= {str(row.values["model"]) for row in names}
    wanted |= {str(row.values["model"]) for row in rows(source, RunRow)}
    for row in source.execute(select(*COLUMNS)):
        decision = made(row)
        wanted |= {decision.target, *(v for v in decision.what.detail().values() if isinstance(v, str))}
    for key in list(wanted & models.keys()):
        parent = models[key].values["parent"]
        while parent is not None and parent not in wanted:
            wanted.add(str(parent))
            parent = models[str(parent)].values["parent"]
    return {ModelRow: lambda row: row.key in wanted, NameRow: lambda row: row.key in wanted_names}


def _is_wanted(name: PortableRow, taken: set[tuple[str, str]]) -> bool:
    source = name.values["source"]
    if source == "reader":
        return (str(name.values["folded"]), str(name.values["scope"])) not in taken
    return source in ("seed", "hand")
