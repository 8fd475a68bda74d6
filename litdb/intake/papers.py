"""Documents into the catalogue: fetched or local, read, and stored in one transaction a paper.

The network and the reading come first, outside any transaction; what is stored is whole papers only, and storing the
same again changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from litdb.catalogue.database.schema import DocumentRow, PaperRow, VersionRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.record import (
    NOTHING_STORED,
    PaperFacts,
    Stored,
    put_document,
    put_extraction,
    put_paper,
    put_version,
)
from litdb.catalogue.views.chosen import chosen_layouts
from litdb.errors import CacheMiss, CatalogueError, LitdbError, SourceError, in_short
from litdb.extract import EXTRACTOR_VERSION, Extraction, extract, source_from_files
from litdb.sources.arxiv import ArxivSource
from litdb.sources.types import ArxivId, Failure, Fetched, PaperRecord, says_withdrawn

#: The name under which the reader sees the PDF of a fetched paper.
PDF_NAME = "paper.pdf"
#: What is fetched and cannot be read, in words.
_UNREAD: Mapping[str, str] = {
    "no-tex": "its e-print holds no TeX, and arXiv has no HTML of it",
    "notice": "its e-print is only a notice",
    "encoding": "its TeX is in an encoding that cannot be read, and arXiv has no HTML of it",
}


@dataclass(frozen=True, slots=True)
class VersionOutcome:
    """What became of one version of a paper.

    A work that is not on arXiv has version 0. `state`: new, read again, known, pdf only, not readable, withdrawn, failed, or (in a dry run) wanted. `findings` are
    cells, tables and files that could not be read.
    """

    version: int
    state: str
    stored: Stored = NOTHING_STORED
    kind: str = ""
    message: str = ""
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperOutcome:
    """What became of one paper that was asked for."""

    arxiv_id: str
    title: str
    versions: tuple[VersionOutcome, ...]
    failure: str = ""
    transient: bool = False
    withdrawn: str = ""  # what arXiv says, where the newest version withdraws the paper
    work: str = ""  # its DOI or PMC id, where it was not asked for by an arXiv id (which is '' then)

    @property
    def failed(self) -> bool:
        """Whether anything that was asked for is missing."""
        return bool(self.failure) or any(v.state == "failed" for v in self.versions)


def fetch_ids(
    store: Store,
    source: ArxivSource,
    ids: Sequence[ArxivId],
    *,
    all_versions: bool = False,
    dry_run: bool = False,
) -> Iterator[PaperOutcome]:
    """Fetch papers by id and store each as it is complete."""
    found = source.by_ids(ids)
    for failure in found.failures:
        yield _failure(failure)
    yield from _papers(store, source, found.records, all_versions, dry_run)


def fetch_query(
    store: Store,
    source: ArxivSource,
    query: str,
    *,
    since: dt.date | None = None,
    max_results: int = 100,
    all_versions: bool = False,
    dry_run: bool = False,
) -> Iterator[PaperOutcome]:
    """Fetch what a search finds, newest first, and store each paper as it is complete."""
    records = source.search(query, since=since, max_results=max_results)
    yield from _papers(store, source, records, all_versions, dry_run)


def _papers(
    store: Store, source: ArxivSource, records: Iterable[PaperRecord], all_versions: bool, dry_run: bool
) -> Iterator[PaperOutcome]:
    for record in records:
        try:
            yield _paper(store, source, record, all_versions, dry_run)
        except CatalogueError:
            raise  # nothing could be stored of the others either
        except LitdbError as error:
            retry = isinstance(error, SourceError) and error.retry
            yield PaperOutcome(str(record.arxiv_id), record.title, (), str(error), retry)
        except Exception as error:  # a fault of litdb costs this paper, not the batch
            yield PaperOutcome(str(record.arxiv_id), record.title, (), fault(error))


def fault(error: Exception) -> str:
    """What is said of a document on which litdb failed as it never should."""
    return f"litdb failed on it ({in_short(error)}); nothing of it was stored: please report it"


def _failure(failure: Failure) -> PaperOutcome:
    return PaperOutcome(str(failure.arxiv_id), "", (), failure.reason, failure.transient)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A version that was fetched and read, waiting to be stored."""

    record: PaperRecord
    fetched: Fetched
    extraction: Extraction | None  # None for a PDF that cannot be read
    message: str = ""


def _paper(
    store: Store, source: ArxivSource, record: PaperRecord, all_versions: bool, dry_run: bool
) -> PaperOutcome:
    records = [record]
    problems: list[VersionOutcome] = []
    if all_versions and record.newest_version > 1:
        found = source.versions(record)
        records = list(found.records)
        for failure in found.failures:
            if failure.transient:
                raise SourceError(failure.reason, retry=True)
            problems.append(VersionOutcome(failure.version or 0, "failed", message=failure.reason))
    known = _read_versions(store, str(record.arxiv_id))
    outcomes = [VersionOutcome(r.version, "known") for r in records if _has(source, known.get(r.version))]
    wanted = [r for r in records if not _has(source, known.get(r.version))]
    if dry_run:
        outcomes += [VersionOutcome(r.version, "wanted") for r in wanted]
        return _outcome(record, outcomes + problems)
    ready: list[_Ready] = []
    for item in wanted:
        before = known.get(item.version)
        try:
            fetched = source.content(item.arxiv_id, item.version)
            if before is not None and before.reader == EXTRACTOR_VERSION:
                outcomes.append(VersionOutcome(item.version, "known", message=_brought_back(before, fetched)))
                continue
        except CacheMiss:
            if before is None or before.reader != EXTRACTOR_VERSION:
                raise
            outcomes.append(VersionOutcome(item.version, "known", message="its file is not in the cache"))
            continue
        except SourceError as error:
            if error.retry:
                # A paper without its newest version would show an old number as the current one.
                raise
            if _withdraws(item):
                outcomes.append(VersionOutcome(item.version, "withdrawn", message=item.withdrawal))
                continue
            problems.append(VersionOutcome(item.version, "failed", message=str(error)))
            continue
        except LitdbError as error:
            problems.append(VersionOutcome(item.version, "failed", message=str(error)))
            continue
        with store.read() as session:
            chosen = chosen_layouts(session, fetched.sha256)
        ready.append(_read(item, fetched, chosen))
    notice = _withdrawal(record, ready)
    if ready:
        outcomes += _store(store, ready, known)
    if notice:
        _store_withdrawal(store, record, notice)
    return replace(_outcome(record, outcomes + problems), withdrawn=notice)


def _withdraws(record: PaperRecord) -> bool:
    """Whether this version is the one that withdraws the paper: arXiv says so of the newest."""
    return record.version == record.newest_version and bool(record.withdrawal)


def _withdrawal(record: PaperRecord, ready: Iterable[_Ready]) -> str:
    """What says that the paper is withdrawn: arXiv's comment on its newest version, else the notice in its place."""
    if _withdraws(record):
        return record.withdrawal
    for item in ready:
        if item.fetched.kind == "notice" and item.record.version == record.newest_version:
            text = " ".join(" ".join(item.fetched.files.values()).replace("%auto-ignore", "").split())
            if says_withdrawn(text):
                return text[:500]
    return ""


def _store_withdrawal(store: Store, record: PaperRecord, notice: str) -> None:
    with store.read() as session:
        known = session.scalar(
            select(VersionRow.withdrawn)
            .join(PaperRow, PaperRow.id == VersionRow.paper_id)
            .where(PaperRow.arxiv_id == str(record.arxiv_id), VersionRow.version == record.newest_version)
        )
    if known == notice:
        return
    with store.write() as session:
        paper = put_paper(session, _facts(record))
        put_version(session, paper, record.newest_version, record.updated, notice)


def _outcome(record: PaperRecord, outcomes: Iterable[VersionOutcome]) -> PaperOutcome:
    return PaperOutcome(
        str(record.arxiv_id), record.title, tuple(sorted(outcomes, key=lambda outcome: outcome.version))
    )


def _read(record: PaperRecord, fetched: Fetched, chosen: Mapping[int, str]) -> _Ready:
    if fetched.kind == "pdf-only":
        return _Ready(record, fetched, _from_pdf(record, fetched, chosen))
    if fetched.kind in _UNREAD:
        return _Ready(record, fetched, None)
    try:
        source = source_from_files(dict(fetched.files), f"{record.arxiv_id}v{record.version}")
        return _Ready(record, fetched, extract(replace(source, title=record.title), chosen=chosen))
    except LitdbError as error:
        return _Ready(record, fetched, Extraction(()), str(error))


def _from_pdf(record: PaperRecord, fetched: Fetched, chosen: Mapping[int, str]) -> Extraction | None:
    """What the PDF of a paper without source gives; None where it cannot be read, or lies in an archive."""
    try:
        source = source_from_files({PDF_NAME: fetched.path.read_bytes()}, fetched.url)
        return extract(replace(source, title=record.title), chosen=chosen) if source.kind == "pdf" else None
    except (LitdbError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class _Known:
    """A version that was read before: by which version of the reader, and from which bytes."""

    reader: int
    hashes: tuple[str, ...]


def _has(source: ArxivSource, known: _Known | None) -> bool:
    """Whether nothing is to be done about a version: read by this reader, from bytes that can be read again."""
    return (
        known is not None
        and known.reader == EXTRACTOR_VERSION
        and all(source.holds(sha256) for sha256 in known.hashes)
    )


def _brought_back(known: _Known, fetched: Fetched) -> str:
    """What is said of a version whose readings stand, and whose bytes were fetched once more."""
    if fetched.sha256 in known.hashes:
        return "its file was missing or changed in the cache, and is there again"
    return "the file that arXiv has of it is another than the one that was read: what was read stays"


def _read_versions(store: Store, arxiv_id: str) -> dict[int, _Known]:
    """The versions of a paper that were read before."""
    with store.read() as session:
        rows = session.execute(
            select(VersionRow.version, DocumentRow.reader, DocumentRow.sha256)
            .join(DocumentRow, DocumentRow.version_id == VersionRow.id)
            .join(PaperRow, PaperRow.id == VersionRow.paper_id)
            .where(PaperRow.arxiv_id == arxiv_id, DocumentRow.kind.in_(("latex", "html", "pdf")))
        ).all()
    return {
        version: _Known(
            max(row.reader for row in rows if row.version == version),
            tuple(sorted(row.sha256 for row in rows if row.version == version and row.sha256)),
        )
        for version in {row.version for row in rows}
    }


def _store(store: Store, ready: Sequence[_Ready], known: Mapping[int, _Known]) -> list[VersionOutcome]:
    """One paper, all its versions that are ready, in one transaction."""
    outcomes = []
    with store.write() as session:
        paper = put_paper(session, _facts(ready[-1].record))
        for item in ready:
            record, fetched = item.record, item.fetched
            version = put_version(session, paper, record.version, record.updated)
            kind = fetched.kind if fetched.kind in ("latex", "html") else "pdf"
            unread = item.extraction is None
            document = put_document(
                session,
                f"sha256:{fetched.sha256}:{record.arxiv_id}v{record.version}",
                kind=kind,
                uri=fetched.url,
                sha256=fetched.sha256,
                paper=paper,
                version=version,
                fetched_at=fetched.fetched_at,
            )
            stored = put_extraction(session, document, item.extraction or Extraction(()))
            state = "read again" if record.version in known else "new"
            message = item.message or fetched.note
            if unread:
                state = "pdf only" if fetched.kind == "pdf-only" else "not readable"
                message = _why_unread(record, fetched)
            findings = item.extraction.remarks if item.extraction is not None else ()
            outcomes.append(VersionOutcome(record.version, state, stored, fetched.kind, message, findings))
    return outcomes


def _why_unread(record: PaperRecord, fetched: Fetched) -> str:
    """Why nothing was read of a version, and what to do."""
    why = _UNREAD.get(fetched.kind, "arXiv has only a PDF of it, which cannot be read")
    if fetched.kind == "notice":
        said = " ".join(" ".join(fetched.files.values()).replace("%auto-ignore", "").split())
        return f"{why}: “{said[:200]}”"
    return (
        f"{why}: read its tables yourself and record them with "
        f"`litdb add-result MODEL --paper {record.arxiv_id}v{record.version} --table N --metric PESQ=...`"
    )


def complete(store: Store, source: ArxivSource, ids: Iterable[str]) -> None:
    """Record what arXiv says of papers and the catalogue does not know: titles, authors, DOIs, venues; no text is fetched.

    Raises SourceError where nothing could be asked.
    """
    found = source.by_ids([ArxivId.parse(text) for text in ids])
    if not found.records and found.failures:
        raise SourceError(str(found.failures[0]))
    with store.write() as session:
        for record in found.records:
            put_paper(session, _facts(record))


def _facts(record: PaperRecord) -> PaperFacts:
    return PaperFacts(
        title=record.title,
        authors=record.authors,
        arxiv_id=str(record.arxiv_id),
        doi=record.doi or None,
        first_submitted=record.first_submitted,
        venue=record.journal_ref or None,
    )
