"""Results from readings and decisions.

For one document, all its source rows and results are taken away and made again from its readings, the names in force
and the decisions on it; the same input gives the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session, selectinload

from litdb.catalogue.database.batches import batches
from litdb.catalogue.database.schema import (
    UNDECIDED,
    CheckpointRow,
    DecisionRow,
    DocumentRow,
    FactRow,
    GridRow,
    ModelRow,
    NameRow,
    ProtocolRow,
    ReadingRow,
    ResultRow,
    StoredRow,
)
from litdb.catalogue.decision import (
    ON_READING,
    Accept,
    Correct,
    Decided,
    Made,
    Reject,
)
from litdb.catalogue.naming import Naming, find_model
from litdb.catalogue.views.field.citations import RowCitations
from litdb.catalogue.views.in_force import in_force
from litdb.catalogue.views.standing import removed_runs
from litdb.evidence import composites
from litdb.values.names import digest, fold_name
from litdb.values.origin import TableKind
from litdb.values.reading import ASSISTANT
from litdb.vocabulary import MetricName, custom, vocabulary
from litdb.vocabulary.protocol import Item, Protocol
from litdb.vocabulary.remarks import Flag, flags_in

#: The items of a protocol that a metric's name can carry.
NAMED_PARTS = ("band", "scale", "statistic", "condition")


@dataclass
class Interned:
    """Protocols of one transaction, each stored once."""

    session: Session
    _ids: dict[str, int] = field(default_factory=dict)
    _values: dict[int, Protocol] = field(default_factory=dict)

    def id(self, protocol: Protocol) -> int:
        """The row number of a protocol, made when it is new."""
        key = protocol.digest
        if key not in self._ids:
            found = self.session.scalar(select(ProtocolRow.id).where(ProtocolRow.digest == key))
            if found is None:
                row = ProtocolRow(digest=key, items=protocol.to_json())
                self.session.add(row)
                self.session.flush()
                found = row.id
            self._ids[key] = found
            self._values[found] = protocol
        return self._ids[key]

    def value(self, number: int) -> Protocol:
        """The protocol of a row number."""
        if number not in self._values:
            row = self.session.get(ProtocolRow, number)
            assert row is not None
            self._values[number] = Protocol.from_json(row.items)
        return self._values[number]


def derive(session: Session, document_ids: Sequence[int], accept_from: float | None = None) -> None:
    """Make the source rows and results of these documents again."""
    if accept_from is None:
        from litdb.extract import ACCEPT_THRESHOLD

        accept_from = ACCEPT_THRESHOLD
    protocols = Interned(session)
    naming = Naming(session)
    for some in batches(document_ids):
        _derive_some(session, some, protocols, naming, accept_from)


def _derive_some(
    session: Session, numbers: Sequence[int], protocols: Interned, naming: Naming, accept_from: float
) -> None:
    """Derive several documents; what they need of the database is asked for once."""
    these = StoredRow.document_id.in_(numbers)
    session.execute(delete(ResultRow).where(ResultRow.source_row_id.in_(select(StoredRow.id).where(these))))
    session.execute(delete(StoredRow).where(these))
    wanted = select(DocumentRow).where(DocumentRow.id.in_(numbers)).options(selectinload(DocumentRow.paper))
    documents = {document.id: document for document in session.scalars(wanted)}
    readings: dict[int, list[ReadingRow]] = defaultdict(list)
    for reading in session.scalars(
        select(ReadingRow).where(ReadingRow.document_id.in_(numbers)).order_by(ReadingRow.id)
    ):
        readings[reading.document_id].append(reading)
    naming.know({one.folded for some in readings.values() for one in some})
    decided: dict[str, list[Made[Decided]]] = defaultdict(list)
    keys = select(ReadingRow.key).where(ReadingRow.document_id.in_(numbers))
    for decision in in_force(session, *ON_READING, targets=keys):
        decided[decision.target].append(decision)
    used = {one.checkpoint_id for some in readings.values() for one in some if one.checkpoint_id}
    checkpoints = {c.id: c for c in session.scalars(select(CheckpointRow).where(CheckpointRow.id.in_(used)))}
    removed = removed_runs(session) if used else {}
    spans = select(GridRow.id, GridRow.span).where(GridRow.document_id.in_(numbers))
    around = _Circumstances(
        decided, checkpoints, set(removed), {row.id: row.span for row in session.execute(spans)}
    )
    rows: dict[str, dict[str, Any]] = {}
    results: list[dict[str, Any]] = []
    cited = RowCitations(session)  # of all documents: it loads the papers of the catalogue once
    for number in numbers:
        found = _Derivation(session, documents[number], around, protocols, naming, cited, accept_from)
        results += found.results(readings[number])
        rows |= found.rows
    if not results:
        return
    session.execute(insert(StoredRow), list(rows.values()))
    ids = {row.key: row.id for row in session.execute(select(StoredRow.key, StoredRow.id).where(these))}
    session.execute(
        insert(ResultRow), [{**result, "source_row_id": ids[result["source_row_id"]]} for result in results]
    )


@dataclass(frozen=True, slots=True)
class _Circumstances:
    """What the database says around the readings of some documents."""

    decided: dict[str, list[Made[Decided]]]
    checkpoints: dict[int, CheckpointRow]
    removed: set[str]
    spans: dict[int, str]  # of grids


@dataclass
class _Derivation:
    """Makes the results of one document; `rows` are the source rows that they stand in, by key."""

    session: Session
    document: DocumentRow
    around: _Circumstances
    protocols: Interned
    naming: Naming
    cited: RowCitations
    accept_from: float
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    _models: dict[tuple[str, str, bool, str], tuple[ModelRow, bool]] = field(default_factory=dict)

    def results(self, readings: Sequence[ReadingRow]) -> list[dict[str, Any]]:
        """One result for each reading, its source row named by key."""
        found: list[dict[str, Any]] = []
        for reading in readings:
            effective = _apply(reading, self.around.decided.get(reading.key, ()), self.accept_from)
            model, sure = self._model(reading, effective)
            read = MetricName.parse(reading.metric)
            stated = self.protocols.value(reading.protocol_id)
            protocol = _with_inferences(stated, effective, read, reading.dataset)
            value, resolution, protocol = _per_second(effective, protocol)
            status = effective.status if sure or effective.decided else "proposed"
            checkpoint = self.around.checkpoints.get(reading.checkpoint_id or 0)
            if checkpoint is not None and checkpoint.run.key in self.around.removed:
                status = "rejected"
            found.append(
                {
                    "reading_id": reading.id,
                    "source_row_id": self._row(reading, model, checkpoint),
                    "metric": str(MetricName.of(effective.quantity, protocol)),
                    "quantity": effective.quantity,
                    "dataset": effective.dataset,
                    "value": value,
                    "printed": effective.printed,
                    "resolution": resolution,
                    "protocol_id": self.protocols.id(protocol),
                    "status": status,
                }
            )
        bounds = {reading.id for reading in readings if reading.approximate}
        _infer_scales([r for r in found if r["reading_id"] not in bounds], self.protocols)
        return found

    def _model(self, reading: ReadingRow, effective: _Effective) -> tuple[ModelRow, bool]:
        """The model of a reading, and whether that is sure."""
        if reading.checkpoint_id is not None:
            return self.around.checkpoints[reading.checkpoint_id].run.model, True
        if effective.model:
            return find_model(self.session, effective.model), True
        group = (reading.folded, reading.kind, reading.own, reading.cites)
        if group not in self._models:
            resolved = self.naming.resolve(reading, self.document, self.cited.of_row(reading))
            self._models[group] = (resolved.model, resolved.sure)
        return self._models[group]

    def _row(self, reading: ReadingRow, model: ModelRow, checkpoint: CheckpointRow | None) -> str:
        """The key of the source row of a reading, made when it is new."""
        place = (
            f"{self.around.spans[reading.grid_id]}:{reading.row}"
            if reading.grid_id is not None
            else reading.table
        )
        state = checkpoint.key if checkpoint is not None else ""
        key = digest("row", self.document.key, place, reading.label, model.key, state, reading.origin)
        if key not in self.rows:
            self.rows[key] = {
                "key": key,
                "model_id": model.id,
                "document_id": self.document.id,
                "checkpoint_id": reading.checkpoint_id,
                "table": reading.table,
                "table_kind": reading.table_kind,
                "label": reading.label,
                "origin": reading.origin or _origin(self.document, reading),
            }
        # Readings of one row may name two kinds: the kind preferred stands, whatever the order they come in.
        kinds = (self.rows[key]["table_kind"], reading.table_kind)
        self.rows[key]["table_kind"] = min(kinds, key=lambda kind: TableKind(kind).place)
        return key


@dataclass(frozen=True, slots=True)
class _Effective:
    """A reading after the decisions on it."""

    status: str
    dataset: str
    value: float | None
    printed: str
    name: MetricName
    resolution: float
    model: str = ""
    decided: bool = False

    @property
    def quantity(self) -> str:
        """The quantity of the metric it stands under now."""
        return self.name.quantity


def _apply(reading: ReadingRow, decisions: Iterable[Made[Decided]], accept_from: float) -> _Effective:
    machine = reading.by == "reader"
    doubtful = machine and (reading.confidence < accept_from or Flag.OUT_OF_RANGE in flags_in(reading.flags))
    doubtful = doubtful or reading.by == ASSISTANT  # whatever the threshold is
    now = _Effective(
        status="proposed" if doubtful else "accepted",
        dataset=reading.dataset,
        value=reading.value,
        printed=reading.printed,
        name=MetricName.parse(reading.metric),
        resolution=reading.resolution,
    )
    for decision in decisions:
        if isinstance(decision.what, Correct):
            # What somebody looked up stays, whatever a later reader sees there; if that differs it is a conflict.
            now = _corrected(now, decision.what)
        elif decision.printed != reading.printed:
            continue  # made about another text: it waits for review
        elif isinstance(decision.what, Accept):
            now = replace(now, status="accepted", decided=True)
        elif isinstance(decision.what, Reject):
            now = replace(now, status="rejected", decided=True)
    return now


def _corrected(now: _Effective, changed: Correct) -> _Effective:
    return replace(
        now,
        status="accepted",
        decided=True,
        name=now.name if changed.metric is None else MetricName.parse(changed.metric),
        dataset=now.dataset if changed.dataset is None else changed.dataset,
        value=now.value if changed.value is None else changed.value,
        printed=now.printed if changed.printed is None else changed.printed,
        resolution=now.resolution if changed.resolution is None else changed.resolution,
        model=now.model if changed.model is None else changed.model,
    )


def _with_inferences(protocol: Protocol, effective: _Effective, read: MetricName, dataset: str) -> Protocol:
    """The protocol of a result: what the reading states, with the inferences that its metric and test set now allow."""
    # A correction from PESQ-NB to PESQ takes back what the misread name had said.
    taken_back = [part for part in NAMED_PARTS if getattr(read, part) != getattr(effective.name, part)]
    if (read.quantity, dataset) != (effective.quantity, effective.dataset):
        # What was inferred from the misread test set or metric does not outlive it.
        taken_back += [name for name, item in protocol if item.basis == "inferred"]
    protocol = effective.name.protocol().merged(protocol.without(*taken_back))
    known = vocabulary().dataset(effective.dataset) if effective.dataset else None
    if known is None:
        return protocol
    reason = "unqualified PESQ on VoiceBank+DEMAND at 16 kHz is wide-band by the field's custom"
    band = custom.band(effective.quantity, known.id, protocol, reason)
    return protocol if band is None else protocol.with_("band", band)


def _infer_scales(results: Sequence[dict[str, Any]], protocols: Interned) -> None:
    """Give composites whose scale is not stated the one that the numbers of their own row show."""
    rows: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for result in results:
        if result["status"] != "rejected" and result["quantity"] in (
            *composites.INPUTS,
            *composites.COMPOSITES,
        ):
            protocol = protocols.value(result["protocol_id"])
            if protocol.get("band") != "NB" and protocol.get("scale") is None:
                same_audio = (protocol.get("condition"), protocol.get("statistic"), protocol.get("files"))
                rows[(result["source_row_id"], result["dataset"], *same_audio)].append(result)
    for row in rows.values():
        numbers = {r["quantity"]: composites.RowNumber(r["value"], r["resolution"]) for r in row}
        found = composites.scale(numbers) if len(numbers) == len(row) else None
        if found is None:
            continue
        for result in row:
            if result["quantity"] in composites.COMPOSITES:
                protocol = protocols.value(result["protocol_id"]).with_("scale", found)
                result["protocol_id"] = protocols.id(protocol)


def _per_second(effective: _Effective, protocol: Protocol) -> tuple[float | None, float, Protocol]:
    """Value, step and protocol of a result: operations for some seconds of audio as operations for one."""
    value, step, length = effective.value, effective.resolution, protocol.get("audio_length")
    if effective.quantity not in ("MACs", "FLOPs") or value is None or length is None:
        return value, step, protocol
    try:
        seconds = float(length)
    except ValueError:
        return value, step, protocol
    if seconds <= 0 or seconds == 1:
        return value, step, protocol
    note = f"{effective.printed} is printed for {length} s of audio"
    return value / seconds, step / seconds, protocol.with_("audio_length", Item("1", "inferred", note))


def _origin(document: DocumentRow, reading: ReadingRow) -> str:
    if not reading.own:
        return "tracker" if document.kind == "tracker" else "quoted"
    return (
        "repository"
        if document.kind in ("repository", "markdown") and document.version_id is None
        else "self"
    )


def forget_unused_models(session: Session) -> None:
    """Take away models that a program made and that nothing refers to any more."""
    used = select(StoredRow.model_id).union(
        select(ModelRow.parent_id).where(ModelRow.parent_id.is_not(None)),
        select(ModelRow.unified_id).where(ModelRow.unified_id.is_not(None)),
        select(FactRow.model_id),
    )
    decided = select(NameRow.model_id).where(NameRow.source.not_in(UNDECIDED))
    gone = select(ModelRow.id).where(
        ModelRow.made_by == "reader",
        ModelRow.unified_id.is_(None),
        ModelRow.id.not_in(used),
        ModelRow.id.not_in(decided),
        ~exists().where(DecisionRow.target == ModelRow.key),
    )
    ids = list(session.scalars(gone))
    if ids:
        session.execute(delete(NameRow).where(NameRow.model_id.in_(ids)))
        session.execute(delete(ModelRow).where(ModelRow.id.in_(ids)))


def documents_naming(session: Session, *names: str) -> list[int]:
    """The documents with a reading under one of these names: what an alias may change."""
    folded = {fold_name(name) for name in names}
    return list(
        session.scalars(select(ReadingRow.document_id).where(ReadingRow.folded.in_(folded)).distinct())
    )


def utc_now() -> dt.datetime:
    """The time of a decision, in UTC."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
