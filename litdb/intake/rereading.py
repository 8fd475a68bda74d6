"""Reading cached documents again with the present reader: in parallel processes, stored paper by paper.

What a process reads is bytes from the cache; the database is touched by this process alone, one transaction a paper,
so that stopping at any moment leaves whole papers. The same again changes nothing.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DocumentRow, GridRow, PaperRow, ReadingRow, ResultRow
from litdb.catalogue.papers import find_paper
from litdb.catalogue.record import put_extraction
from litdb.catalogue.views.believed import believed
from litdb.catalogue.views.chosen import all_chosen
from litdb.catalogue.views.in_force import stale_decisions
from litdb.errors import LitdbError
from litdb.extract import Extraction, source_from_files
from litdb.extract import extract as read_source
from litdb.extract.meaning.priors import Priors, shipped
from litdb.intake.papers import PDF_NAME, fault
from litdb.sources.cache import Cache
from litdb.sources.eprint import eprint_files
from litdb.sources.html import decode_html

#: The kinds of document that a program reads, with the name of one that had no table to remember its file.
_USUAL_NAMES = {
    "latex": "main.tex",
    "html": "index.html",
    "markdown": "README.md",
    "repository": "README.md",
    "jats": "paper.nxml",
    "pdf": PDF_NAME,
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A reading that is another one now. `what` names the fields, `before` and `after` their values."""

    key: str
    label: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Reread:
    """What reading a paper again changed. `paper` is a key, or the address of a document of no paper.

    `missing` are documents whose bytes are not in the cache, `failures` those that could not be read: they keep what
    was read before. `waiting` are decisions that have no effect any more; `unaccepted` counts the readings, among
    those gone or changed, that were accepted and no longer are. `findings` are cells and tables that could not be read.
    """

    paper: str
    documents: int
    readings: int
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: tuple[Changed, ...] = ()
    waiting: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    unaccepted: int = 0
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CachedWork:
    """One document to read, with what a process of its own needs for it."""

    document: int
    kind: str
    uri: str
    sha256: str
    title: str
    path: Path
    file: str  # the name under which the reader saw a single file: keys of readings are made with it
    priors: Priors
    chosen: Mapping[int, str]


__all__ = ["Changed", "Reread", "read_source", "reread"]

#: A reading as it is compared: its field names with their values.
_Fields = Mapping[str, str]
Transaction = Callable[[], AbstractContextManager[Session]]


def reread(
    reading: Transaction,
    writing: Transaction,
    cache: Path,
    paper: str | None = None,
    *,
    dry_run: bool = False,
    workers: int | None = None,
    knowing: bool | None = None,
    documents: Collection[int] | None = None,
) -> Iterator[Reread]:
    """Read the documents of one paper or of all again, or those of some numbers; one outcome a paper, when it is stored.

    `knowing` lets the reader know the names and unprocessed rows that the catalogue holds before the first is read;
    None: of the documents that were last read with just these.
    """
    store = Cache(cache)
    with reading() as session:
        groups = _groups(session, store, paper, knowing, documents)
    present = {
        work.document: store.path_of(work.sha256).exists() for group in groups.values() for work in group
    }
    wanted = [work for group in groups.values() for work in group if present[work.document]]
    with _Readers(wanted, workers) as readers:
        for name, group in groups.items():
            missing = tuple(work.uri for work in group if not present[work.document])
            read: dict[int, Extraction] = {}
            failures = []
            for work in group:
                if present[work.document]:
                    found = readers.result(work)
                    if isinstance(found, Extraction):
                        read[work.document] = found
                    else:
                        failures.append(f"{work.uri}: {found}")
            if not read:
                yield Reread(name, len(group), 0, missing=missing, failures=tuple(failures))
                continue
            try:
                with writing() as session:
                    outcome = _stored(session, name, len(group), read, dry_run)
            except LitdbError:
                raise
            except Exception as error:  # a fault of litdb costs this paper, not the others
                yield Reread(name, len(group), 0, missing=missing, failures=(*failures, fault(error)))
                continue
            findings = tuple(
                f"{work.uri}: {finding}"
                for work in group
                if work.document in read
                for finding in read[work.document].remarks
            )
            yield replace(outcome, missing=missing, failures=tuple(failures), findings=findings)


def _groups(
    session: Session, cache: Cache, paper: str | None, knowing: bool | None, documents: Collection[int] | None
) -> dict[str, list[CachedWork]]:
    """The documents by paper, in order of the papers' keys."""
    query = (
        select(DocumentRow, PaperRow)
        .outerjoin(PaperRow, PaperRow.id == DocumentRow.paper_id)
        .where(
            DocumentRow.kind.in_(list(_USUAL_NAMES)), DocumentRow.sha256.is_not(None), DocumentRow.reader > 0
        )
    )
    if paper is not None:
        query = query.where(DocumentRow.paper_id == find_paper(session, paper).id)
    if documents is not None:
        query = query.where(DocumentRow.id.in_(documents))
    chosen = all_chosen(session)
    rows = session.execute(query.order_by(PaperRow.key, DocumentRow.id)).all()
    spans = session.execute(select(GridRow.document_id, func.min(GridRow.span)).group_by(GridRow.document_id))
    files = {number: span.rpartition(":")[0].partition("#page=")[0] for number, span in spans}
    groups: dict[str, list[CachedWork]] = defaultdict(list)
    usual = knowing is False or not (knowing or any(d.priors not in ("", shipped().digest) for d, _ in rows))
    known = shipped() if usual else believed(session)
    for document, owner in rows:
        assert document.sha256 is not None
        # What arXiv says of a fetched paper is its title; a local file says its own.
        title = owner.title if owner is not None and document.version_id is not None else ""
        groups[owner.key if owner is not None else document.uri].append(
            CachedWork(
                document.id,
                document.kind,
                document.uri,
                document.sha256,
                title,
                cache.path_of(document.sha256),
                files.get(document.id, _USUAL_NAMES[document.kind]),
                known if knowing or document.priors == known.digest else shipped(),
                chosen.get(document.sha256, {}),
            )
        )
    return groups


def work_on(session: Session, cache: Cache, document: int) -> CachedWork | None:
    """What is needed to read one document again; None for one that no program reads."""
    groups = _groups(session, cache, None, False, [document])
    return next((work for group in groups.values() for work in group), None)


class _Readers:
    """Processes that read ahead, or this one alone for a single document."""

    def __init__(self, wanted: Sequence[CachedWork], workers: int | None) -> None:
        count = min(workers or os.cpu_count() or 1, len(wanted))
        self._pool: ProcessPoolExecutor | None = None
        self._futures: dict[int, Future[Extraction | str]] = {}
        if count > 1:
            # Not forked: a copy of an open database connection must not live on in a reader.
            self._pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"))
            self._futures = {work.document: self._pool.submit(_read, work) for work in wanted}

    def __enter__(self) -> _Readers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def result(self, work: CachedWork) -> Extraction | str:
        """The extraction of a document, or why there is none."""
        if self._pool is None:
            return _read(work)
        try:
            return self._futures.pop(work.document).result()
        except BrokenProcessPool:
            return "a reading process ended early (out of memory?); what was read before is kept"


def _read(work: CachedWork) -> Extraction | str:
    """Read one cached document; runs in a process of its own."""
    try:
        data = work.path.read_bytes()
        if (found := hashlib.sha256(data).hexdigest()) != work.sha256:
            return (
                f"the cached file {work.path} is not what was read (its sha256 is {found[:12]}..., not "
                f"{work.sha256[:12]}...): nothing was changed; `litdb fetch` or `litdb ingest` of the paper brings it back"
            )
        if work.kind == "pdf" and b"%PDF-" not in data[:1024]:
            return Extraction(())  # in an archive: as when it was fetched
        source = source_from_files(cached_files(work, data), work.uri)
        titled = replace(source, title=work.title or source.title)
        return read_source(titled, priors=work.priors, chosen=work.chosen)
    except LitdbError as error:
        return str(error)
    except OSError as error:
        return f"{work.path}: {error.strerror or error}"
    except Exception as error:  # a fault of litdb costs this document, not the others
        return fault(error)


def cached_files(work: CachedWork, data: bytes) -> dict[str, str | bytes]:
    """The files of a document, under the names that they had when it was first read."""
    if data[:2] == b"\x1f\x8b" or data[257:262] == b"ustar":
        return dict(eprint_files(data).files)
    return {work.file: decode_html(data) if work.kind == "html" else data}


# --- storing and comparing --------------------------------------------------------------------------------


def _stored(
    session: Session, name: str, documents: int, read: Mapping[int, Extraction], dry_run: bool
) -> Reread:
    before = _seen(session, read)
    waited = {decision.uid for decision, _ in stale_decisions(session)}
    with session.begin_nested() as point:
        for number, extraction in read.items():
            document = session.get(DocumentRow, number)
            assert document is not None
            put_extraction(session, document, extraction)
        session.flush()
        after = _seen(session, read)
        waiting = [
            f"{decision.what.kind} {decision.uid[:8]} ({decision.reason}): {why}"
            for decision, why in stale_decisions(session)
            if decision.uid not in waited
        ]
        if dry_run:
            point.rollback()
    return Reread(
        name,
        documents,
        len(after),
        tuple(sorted(_said(after[key]) for key in after.keys() - before.keys())),
        tuple(sorted(_said(before[key]) for key in before.keys() - after.keys())),
        tuple(
            _difference(key, before[key], after[key])
            for key in sorted(before.keys() & after.keys())
            if before[key] != after[key]
        ),
        tuple(waiting),
        unaccepted=sum(
            fields["status"] == "accepted" and after.get(key, {}).get("status") != "accepted"
            for key, fields in before.items()
        ),
    )


def _seen(session: Session, documents: Mapping[int, object]) -> dict[str, _Fields]:
    """What programs read from these documents, by key."""
    rows = session.execute(
        select(ReadingRow, ResultRow.status)
        .outerjoin(ResultRow, ResultRow.reading_id == ReadingRow.id)
        .where(ReadingRow.document_id.in_(list(documents)), ReadingRow.by == "reader")
    )
    return {
        row.key: {
            "model": row.system,
            "kind": row.kind,
            "metric": row.metric,
            "dataset": row.dataset,
            "value": "" if row.value is None else f"{row.value:.10g}",
            "printed": row.printed,
            "protocol": str(row.protocol_id),
            "confidence": f"{row.confidence:.4f}",
            "status": status or "",
        }
        for row, status in rows
    }


def _said(fields: _Fields) -> str:
    where = f" on {fields['dataset']}" if fields["dataset"] else ""
    return f"{fields['model']}: {fields['metric']}{where} {fields['printed']}"


def _difference(key: str, before: _Fields, after: _Fields) -> Changed:
    names = [name for name in before if before[name] != after[name]]
    shown = [name for name in names if name != "protocol"]
    return Changed(
        key,
        before["model"],
        ", ".join(names),
        "; ".join(before[name] for name in shown) or "another protocol",
        "; ".join(after[name] for name in shown) or "another protocol",
    )
