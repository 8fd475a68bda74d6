"""Is a catalogue whole? What `litdb db check` looks at."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, aliased

from litdb.catalogue.database.migrate import backup
from litdb.catalogue.database.schema import (
    REVISION,
    DecisionRow,
    DocumentRow,
    MetaRow,
    ModelRow,
    NameRow,
    ProtocolRow,
    ReadingRow,
    ResultRow,
    StoredRow,
)
from litdb.catalogue.database.seal import SCHEMA, broken
from litdb.catalogue.database.session import Store
from litdb.catalogue.decision import KINDS, from_json
from litdb.catalogue.derive import derive
from litdb.catalogue.exchange.portable import Key, Value, chunks, rows
from litdb.catalogue.views.believed import believed
from litdb.errors import CatalogueError
from litdb.extract.meaning.priors import shipped
from litdb.extract.types import EXTRACTOR_VERSION
from litdb.sources.cache import place_of, state_of
from litdb.vocabulary.protocol import Protocol

#: How many of one kind of problem are told one by one.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be; `code` is one word for programs."""

    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class _TakeBack(Exception):
    """Ends the trial derivation without keeping it."""


def check(store: Store, cache: Path | None = None) -> list[Problem]:
    """Everything wrong with a catalogue, and with what a `cache` has of its documents; an empty list says it is whole.

    Results are compared with a fresh derivation, made in a transaction that is taken back (for a catalogue that is
    open read-only: in a temporary copy).
    """
    revision = store.revision()
    if revision != REVISION:
        return [
            Problem("schema", f"schema {revision or 'none'}, this litdb needs {REVISION}: `litdb db upgrade`")
        ]
    problems: list[Problem] = []
    with store.read() as session:
        problems += _told(_seals, session)
    if problems:  # what does not fit its seal may not be readable at all
        with contextlib.suppress(CatalogueError, ValueError, DatabaseError), store.read() as session:
            problems += _told(_file, session)
        return problems
    with store.read() as session:
        for looks in (
            _file,
            _meta,
            _protocols,
            _readings,
            _half_papers,
            _priors,
            _unified,
            _names,
            _decisions,
        ):
            problems += _told(looks, session)
        if cache is not None:
            problems += _told(lambda session: _cached(session, cache), session)
    if any(problem.code in ("file", "foreign-key", "detail") for problem in problems):
        return problems  # a damaged file is not derived from
    with _writable(store) as scratch, contextlib.suppress(_TakeBack), scratch.write() as session:
        problems += _told(_derivation, session)
        raise _TakeBack
    return problems


def _told(looks: Callable[[Session], Iterator[Problem]], session: Session) -> list[Problem]:
    found = list(looks(session))
    if len(found) > _SHOWN:
        more = Problem(found[0].code, f"and {len(found) - _SHOWN} more")
        return [*found[:_SHOWN], more]
    return found


@contextlib.contextmanager
def _writable(store: Store) -> Iterator[Store]:
    if not store.read_only or store.path is None:
        yield store
        return
    with tempfile.TemporaryDirectory(prefix="litdb-check-") as folder:
        copy = Path(folder) / "copy.db"
        backup(store, copy)
        scratch = Store(copy)
        try:
            yield scratch
        finally:
            scratch.close()


def _seals(session: Session) -> Iterator[Problem]:
    if session.get_bind().dialect.name != "sqlite":
        return
    for table, block in broken(session):
        where = f"block {block} of table {table}" if table != SCHEMA else "the schema"
        yield Problem(
            "seal", f"{where} is not what litdb wrote (a damaged disk, or another program): restore a backup"
        )


def _file(session: Session) -> Iterator[Problem]:
    if session.get_bind().dialect.name != "sqlite":
        return
    for (message,) in session.execute(text("PRAGMA integrity_check")):
        if message != "ok":
            yield Problem("file", f"{message}: restore a backup, or load a dump")
    for table, number, parent, _ in session.execute(text("PRAGMA foreign_key_check")):
        yield Problem("foreign-key", f"row {number} of {table} points to a row of {parent} that is not there")


def _meta(session: Session) -> Iterator[Problem]:
    kind = session.scalar(select(MetaRow.value).where(MetaRow.name == "kind"))
    if kind not in ("shipped", "working"):
        yield Problem("kind", f"the catalogue says it is {kind!r}, not shipped or working")


def _protocols(session: Session) -> Iterator[Problem]:
    for digest, items in session.execute(select(ProtocolRow.digest, ProtocolRow.items)):
        try:
            right = Protocol.from_json(items).digest == digest
        except (ValueError, TypeError):
            right = False
        if not right:
            yield Problem("protocol", f"protocol {digest} does not fit its items")


def _priors(session: Session) -> Iterator[Problem]:
    """Documents of the present reader that it would read otherwise now: it was told other things than it would be."""
    told = select(DocumentRow.uri, DocumentRow.priors).where(
        DocumentRow.reader == EXTRACTOR_VERSION, DocumentRow.priors.not_in(("", shipped().digest))
    )
    others = session.execute(told.order_by(DocumentRow.uri)).all()
    now = believed(session).digest if others else ""
    for uri, digest in others:
        if digest != now:
            yield Problem(
                "priors",
                f"{uri} was read by what the reader was told then ({digest[:12]}), which is neither what litdb ships nor what "
                "the catalogue holds now: `litdb reextract` with --knowing or --shipped",
            )


def _readings(session: Session) -> Iterator[Problem]:
    without = select(ReadingRow.key, ReadingRow.label, ReadingRow.metric).outerjoin(
        ResultRow, ResultRow.reading_id == ReadingRow.id
    )
    for key, label, metric in session.execute(without.where(ResultRow.id.is_(None)).order_by(ReadingRow.key)):
        yield Problem("no-result", f"reading {key[:12]} ({label}, {metric}) has no result")
    empty = select(StoredRow.key, StoredRow.label).outerjoin(
        ResultRow, ResultRow.source_row_id == StoredRow.id
    )
    for key, label in session.execute(empty.where(ResultRow.id.is_(None)).order_by(StoredRow.key)):
        yield Problem("empty-row", f"source row {key[:12]} ({label}) has no result")


def _half_papers(session: Session) -> Iterator[Problem]:
    fetched = select(DocumentRow.key).where(DocumentRow.kind.in_(("latex", "html")), DocumentRow.reader < 1)
    for (key,) in session.execute(fetched.order_by(DocumentRow.key)):
        yield Problem("half-paper", f"document {key} was fetched and never read: fetch it again")


def _cached(session: Session, cache: Path) -> Iterator[Problem]:
    """Documents whose cached file is another one now. One that is not there is no fault: a catalogue travels without."""
    documents = select(DocumentRow.uri, DocumentRow.sha256).where(DocumentRow.sha256.is_not(None)).distinct()
    for uri, sha256 in session.execute(documents.order_by(DocumentRow.uri, DocumentRow.sha256)):
        if sha256 is None:
            continue
        assert sha256 is not None  # the statement asks for those alone
        path = place_of(cache, sha256)
        if state_of(path, sha256) == "changed":
            yield Problem(
                "cache",
                f"the cached file of {uri}, {path}, is not what was read: `litdb fetch` or `litdb ingest` "
                "of the paper brings it back",
            )


def _unified(session: Session) -> Iterator[Problem]:
    into = {
        one: two for one, two in session.execute(select(ModelRow.id, ModelRow.unified_id)) if two is not None
    }
    keys = {model.id: model.key for model in session.execute(select(ModelRow.id, ModelRow.key))}
    for start in sorted(into, key=lambda number: keys[number]):
        seen, here = {start}, into[start]
        while here in into and here not in seen:
            seen.add(here)
            here = into[here]
        if here == start:
            yield Problem("cycle", f"model {keys[start]} is unified with itself, through {len(seen)} models")


def _names(session: Session) -> Iterator[Problem]:
    model = aliased(ModelRow)
    lost = select(NameRow.name).outerjoin(model, model.id == NameRow.model_id).where(model.id.is_(None))
    for (name,) in session.execute(lost.order_by(NameRow.name)):
        yield Problem("name", f"the name {name!r} belongs to no model")


def _decisions(session: Session) -> Iterator[Problem]:
    counts = (
        select(DecisionRow.kind, func.count())
        .where(DecisionRow.kind.not_in(KINDS))
        .group_by(DecisionRow.kind)
    )
    for kind, count in session.execute(counts.order_by(DecisionRow.kind)):
        yield Problem("decision", f"{count} decisions of the unknown kind {kind!r}")
    known = select(DecisionRow.uid, DecisionRow.kind, DecisionRow.detail).where(DecisionRow.kind.in_(KINDS))
    for uid, kind, detail in session.execute(known.order_by(DecisionRow.uid)):
        try:
            from_json(kind, detail)
        except CatalogueError as error:
            yield Problem("detail", f"decision {uid[:8]}: {error}")


def _derivation(session: Session) -> Iterator[Problem]:
    documents = session.execute(select(DocumentRow.id, DocumentRow.key).order_by(DocumentRow.key)).all()
    for some in chunks(documents, 200):
        ids = [number for number, _ in some]
        before = _derived(session, ids)
        derive(session, ids)
        session.flush()
        after = _derived(session, ids)
        for key in sorted(before.keys() | after.keys(), key=str):
            if before.get(key) != after.get(key):
                yield Problem("derivation", _what_differs(key, before.get(key), after.get(key)))


def _derived(session: Session, documents: list[int]) -> dict[tuple[str, Key], dict[str, Value]]:
    of_these = select(StoredRow.id).where(StoredRow.document_id.in_(documents))
    found = {
        ("source row", row.key): row.values
        for row in rows(session, StoredRow, StoredRow.document_id.in_(documents))
    }
    for row in rows(session, ResultRow, ResultRow.source_row_id.in_(of_these)):
        found["result", row.key] = row.values
    return found


def _what_differs(
    key: tuple[str, Key], stored: dict[str, Value] | None, fresh: dict[str, Value] | None
) -> str:
    what = f"{key[0]} {str(key[1])[:12]}"
    if stored is None:
        return f"{what} is missing: derivation makes it"
    if fresh is None:
        return f"{what} is stored, but derivation does not make it"
    fields = ", ".join(
        f"{name} {stored[name]!r} not {fresh[name]!r}" for name in stored if stored[name] != fresh[name]
    )
    return f"{what} is stored with {fields}"
