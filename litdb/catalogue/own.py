"""Results added by a person: measured on an own run, read by hand from a paper, or claimed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import (
    CheckpointRow,
    DocumentRow,
    ModelRow,
    NameRow,
    ReadingRow,
    RunRow,
    ScoreRow,
)
from litdb.catalogue.decision import Replace
from litdb.catalogue.decisions import append_decision, who_am_i
from litdb.catalogue.derive import Interned, derive
from litdb.catalogue.hand import put_readings
from litdb.catalogue.keys import measured_key, place_key
from litdb.catalogue.measured import Measured, Utterance, put_checkpoint
from litdb.catalogue.naming import Naming, find_model
from litdb.catalogue.record import put_document
from litdb.catalogue.views.runs import looks_of
from litdb.errors import Ambiguous, Conflict, NotFound, UsageError
from litdb.evidence.runs.looks import Look, distinct_looks
from litdb.values.agreement import agree
from litdb.values.names import fold_name, one_letter_apart
from litdb.values.reading import Reading
from litdb.vocabulary.protocol import Protocol
from litdb.vocabulary.remarks import stored


@dataclass(frozen=True, slots=True)
class Added:
    """What adding did: readings new, replaced, and already there; `what` they were recorded as, in words.

    `notes` say what was left out, and what must be said; `contradicts` are stored cells that say otherwise.
    """

    new: int
    replaced: int
    same: int
    notes: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()
    what: str = ""


def add_measured(session: Session, measured: Measured, *, replace: bool = False, reason: str = "") -> Added:
    """Record what was measured on an own checkpoint. The same input twice changes nothing.

    Raises Conflict, with both numbers, when the checkpoint is recorded with others and `replace` is not set;
    with it the values are replaced and the history keeps both.
    """
    model = own_model(session, measured.model)
    checkpoint = put_checkpoint(session, model, measured)
    document = put_document(
        session,
        f"evaluation:{checkpoint.key}:{measured.dataset}"
        if measured.dataset
        else f"evaluation:{checkpoint.key}",
        kind="evaluation",
        uri=f"run {checkpoint.key}",
    )
    keys = {
        index: measured_key(checkpoint.key, reading.metric, reading.dataset)
        for index, reading in enumerate(measured.readings)
    }
    added = _put(session, document, measured.readings, keys, checkpoint.id, replace, reason)
    _put_utterances(session, checkpoint, measured.dataset, measured.utterances, replace)
    _derive_with(session, document, keys.values())
    return added


def put_scored_audio(
    session: Session,
    model: ModelRow,
    key: str,
    dataset: str,
    utterances: Sequence[Utterance],
    *,
    replace: bool = False,
) -> None:
    """Keep the scores of every file of a published model's audio, so that own checkpoints can be paired with it.

    They hang on a checkpoint that stands for the audio, under the key `run/system`; it is no own run, and nothing else
    is measured with it. Raises Conflict for other scores than are kept, or another model's under that key.
    """
    checkpoint = session.scalar(select(CheckpointRow).where(CheckpointRow.key == key))
    if checkpoint is None:
        details = json.dumps({"kind": "audio"})
        run = session.scalar(select(RunRow).where(RunRow.key == key)) or RunRow(
            key=key, model_id=model.id, details=details
        )
        session.add(run)
        session.flush()
        checkpoint = CheckpointRow(key=key, run_id=run.id, name=key.rpartition("/")[2])
        session.add(checkpoint)
        session.flush()
    elif checkpoint.run.model_id != model.id:
        raise Conflict(
            f"{key} is recorded for {checkpoint.run.model.name}, not for {model.name}: give the run another --name"
        )
    _put_utterances(session, checkpoint, dataset, utterances, replace)


def add_by_hand(
    session: Session,
    document: DocumentRow,
    readings: Sequence[Reading],
    *,
    replace: bool = False,
    reason: str = "",
) -> Added:
    """Record what a person read in a document, or claims. Idempotent like :func:`add_measured`."""
    keys = {
        index: place_key(document.key, reading.table, reading.model, reading.metric, reading.dataset)
        for index, reading in enumerate(readings)
    }
    added = _put(session, document, readings, keys, None, replace, reason)
    _settle_names(session, document, readings)
    derive(session, [document.id])
    said = tuple(text for reading in readings for text in _stored_otherwise(session, document, reading))
    return dataclasses.replace(added, contradicts=said)


def _stored_otherwise(session: Session, document: DocumentRow, hand: Reading) -> Iterator[str]:
    """The cells of the same table, as litdb read it, that give another number for what a person typed."""
    if document.paper_id is None or not hand.table or hand.value is None:
        return
    same = (
        select(ReadingRow, DocumentRow)
        .join(DocumentRow, DocumentRow.id == ReadingRow.document_id)
        .where(
            ReadingRow.by == "reader",
            DocumentRow.paper_id == document.paper_id,
            ReadingRow.table == hand.table,
            ReadingRow.folded == fold_name(hand.model),
            ReadingRow.metric == hand.metric,
            ReadingRow.dataset == hand.dataset,
        )
    )
    if document.version_id is not None:
        same = same.where(DocumentRow.version_id == document.version_id)
    for cell, stored_in in session.execute(same.order_by(ReadingRow.id)):
        if cell.value is not None and not agree(cell, hand):
            yield (
                f"{hand.model}, {hand.metric}: table {hand.table} of {stored_in.uri} as it is stored prints "
                f"{cell.printed}, not {hand.printed} (result {cell.key[:8]}); it is recorded beside it, the table "
                "shows the stored cell, and `litdb conflicts` lists both (`litdb correct` if the cell was misread)"
            )


def _settle_names(session: Session, document: DocumentRow, readings: Sequence[Reading]) -> None:
    """Let a model's key name it in this document too. Raises Ambiguous for a name of several models."""
    naming = Naming(session)
    scopes = {document.key, document.paper.key if document.paper else document.key}
    for label, proposes in {(reading.model, reading.own) for reading in readings}:
        names = naming.names(fold_name(label))
        if any(name.scope in scopes for name in names):
            continue
        everywhere = {name.model_id for name in names if name.scope == ""}
        keyed = session.scalar(select(ModelRow).where(ModelRow.key == label))
        if keyed is not None and everywhere != {keyed.id}:
            naming.name(keyed, label, scope=document.key, source="hand")
        elif len(everywhere) > 1 and not proposes:
            find_model(session, label)


def claim_document(session: Session) -> DocumentRow:
    """Where claims without a source are kept."""
    who = who_am_i()
    return put_document(session, f"note:{who}", kind="note", uri=f"added by {who} without a source")


def own_model(session: Session, name: str) -> ModelRow:
    """The own model of that name, made when nothing has it. Raises UsageError for a published model's name."""
    try:
        model = find_model(session, name)
    except NotFound:
        return Naming(session).make(name, own=True, made_by="hand")
    if not model.own:
        raise UsageError(
            f"{model.name} is a published model: give --paper for what the paper says, or another name for your own run"
        )
    return model


def refuse_near(session: Session, name: str) -> None:
    """Raise UsageError for an unknown name that is one letter away from an own model's: it may be a slip of the hand."""
    try:
        find_model(session, name)
    except Ambiguous:
        return
    except NotFound:
        own = select(NameRow.folded, ModelRow.name).join(ModelRow, ModelRow.id == NameRow.model_id)
        folded = fold_name(name)
        for known, model in session.execute(own.where(ModelRow.own).order_by(NameRow.id)):
            if one_letter_apart(folded, known):
                raise UsageError(
                    f"{name} is no model yet: did you mean {model}? (--new makes a model of that name)"
                ) from None


def _put(
    session: Session,
    document: DocumentRow,
    readings: Sequence[Reading],
    keys: dict[int, str],
    checkpoint_id: int | None,
    replace: bool,
    reason: str,
) -> Added:
    known = {
        r.key: r
        for r in session.scalars(select(ReadingRow).where(ReadingRow.key.in_(list(keys.values())))).all()
    }
    changed = [
        (reading, known[keys[i]])
        for i, reading in enumerate(readings)
        if keys[i] in known
        and (_differs(known[keys[i]], reading) or (replace and _restated(session, known[keys[i]], reading)))
    ]
    if changed and not replace:
        both = "; ".join(f"{new.metric} recorded {old.printed}, now {new.printed}" for new, old in changed)
        raise Conflict(
            f"{document.uri} is recorded with other numbers: {both}; nothing was changed (--replace does it)"
        )
    for new, old in changed:
        what = Replace(old.printed, old.value, new.printed, new.value)
        if _restated(session, old, new):
            was = Interned(session).value(old.protocol_id)
            what = dataclasses.replace(
                what, was_protocol=_in_words(was), now_protocol=_in_words(new.protocol)
            )
        append_decision(session, what, old.key, reason or "replaced", printed=new.printed)
        _overwrite(session, old, new)
    fresh = [(i, reading) for i, reading in enumerate(readings) if keys[i] not in known]
    for i, reading in enumerate(readings):
        if reading.flags and keys[i] in known and not _differs(known[keys[i]], reading):
            _mark(known[keys[i]], reading)
    added = put_readings(
        session,
        document,
        [reading for _, reading in fresh],
        checkpoint_id=checkpoint_id,
        key_of={place: keys[i] for place, (i, _) in enumerate(fresh)},
    )
    return Added(added, len(changed), len(readings) - added - len(changed))


def _mark(old: ReadingRow, new: Reading) -> None:
    """Add the marks that are new to a number that stays: an older litdb, or an older run folder, did not have them."""
    before = json.loads(old.flags)
    after = list(dict.fromkeys((*before, *map(str, new.flags))))
    if after != before:
        old.flags = json.dumps(after, ensure_ascii=False)


def _differs(old: ReadingRow, new: Reading) -> bool:
    if old.value is None or new.value is None:
        return old.printed != new.printed
    return abs(old.value - new.value) > 1e-9 * max(1.0, abs(old.value))


def _restated(session: Session, old: ReadingRow, new: Reading) -> bool:
    """Whether the same number is now said to be of another protocol: more files, another scale."""
    return Interned(session).value(old.protocol_id) != new.protocol


def _in_words(protocol: Protocol) -> str:
    return ", ".join(f"{name} {item.value}" for name, item in protocol) or "not stated"


def _overwrite(session: Session, old: ReadingRow, new: Reading) -> None:
    old.value, old.printed, old.words = new.value, new.printed, new.words
    old.resolution, old.unit, old.approximate = new.resolution, new.unit, new.approximate
    old.uncertainty, old.uncertainty_kind = new.uncertainty, new.uncertainty_kind
    old.flags = stored(new.flags)
    old.protocol_id = Interned(session).id(new.protocol)
    session.flush()


def _put_utterances(
    session: Session, checkpoint: CheckpointRow, dataset: str, utterances: Sequence[Utterance], replace: bool
) -> None:
    if not utterances:
        return
    if replace:
        session.execute(
            delete(ScoreRow).where(ScoreRow.checkpoint_id == checkpoint.id, ScoreRow.dataset == dataset)
        )
    known = {
        (utterance, metric): value
        for utterance, metric, value in session.execute(
            select(ScoreRow.utterance, ScoreRow.metric, ScoreRow.value).where(
                ScoreRow.checkpoint_id == checkpoint.id, ScoreRow.dataset == dataset
            )
        )
    }
    for score in utterances:
        place = (score.name, score.metric)
        if place not in known:
            session.add(
                ScoreRow(
                    checkpoint_id=checkpoint.id,
                    dataset=dataset,
                    utterance=score.name,
                    metric=score.metric,
                    value=score.value,
                    error=score.error,
                )
            )
        elif known[place] != score.value:
            raise Conflict(
                f"{checkpoint.key}, file {score.name}, {score.metric}: recorded {known[place]}, now {score.value}; "
                "nothing was changed (--replace does it)"
            )
    session.flush()


def _derive_with(session: Session, document: DocumentRow, keys: Iterable[str]) -> None:
    """Derive the document, and the ones that hold the same readings from before (the seed's own runs)."""
    ids = set(session.scalars(select(ReadingRow.document_id).where(ReadingRow.key.in_(list(keys)))))
    derive(session, sorted(ids | {document.id}))


def record_looks(session: Session, run: str, looks: Sequence[Look]) -> None:
    """Remember looks at test sets with the run of that key, and with the runs of the checkpoints that were looked at."""
    for look in looks:
        of_checkpoints = select(CheckpointRow.run_id).where(CheckpointRow.sha256.in_(look.hashes))
        where = or_(RunRow.key == run, RunRow.id.in_(of_checkpoints))
        for row in session.scalars(select(RunRow).join(ModelRow).where(where, ModelRow.own)):
            known = looks_of(row.details)
            if any(look.same(one) for one in known):
                continue
            told = [
                {**dataclasses.asdict(one), "at": one.at.isoformat()}
                for one in distinct_looks((*known, look))
            ]
            details = {**json.loads(row.details), "looks": told}
            row.details = json.dumps(details, sort_keys=True, ensure_ascii=False)
    session.flush()
