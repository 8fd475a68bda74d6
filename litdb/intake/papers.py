"""Documents into the catalogue: fetched or local, read, and stored in one transaction a paper.

The network and the reading come first, outside any transaction; what is stored is whole papers only, and storing the
same again changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

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
from litdb.errors import CacheMiss, CatalogueError, LitdbError, SourceError, UsageError
from litdb.extract import EXTRACTOR_VERSION, Extraction, SourceText, extract, source_from_files
from litdb.sources.arxiv import ArxivSource
from litdb.sources.cache import Cache
from litdb.sources.files import files_of, read_bytes
from litdb.sources.types import ArxivId, Failure, Fetched, PaperRecord

#: The name under which the reader sees the PDF of a fetched paper.
PDF_NAME = "paper.pdf"


@dataclass(frozen=True, slots=True)
class VersionOutcome:
    """What became of one version of a paper.

    `state`: new, read again, known, pdf only, failed, or (in a dry run) wanted. `findings` are cells, tables and files
    that could not be read.
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

    @property
    def failed(self) -> bool:
        """Whether anything that was asked for is missing."""
        return bool(self.failure) or any(v.state == "failed" for v in self.versions)


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one local file. `findings` are its cells and tables that could not be read."""

    file: str
    state: str  # new, read again, known, failed
    stored: Stored = NOTHING_STORED
    message: str = ""
    findings: tuple[str, ...] = ()


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
    told = (str(error).splitlines() or [""])[0][:200]
    return f"litdb failed on it ({type(error).__name__}: {told}); nothing of it was stored: please report it"


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
            problems.append(VersionOutcome(item.version, "failed", message=str(error)))
            continue
        except LitdbError as error:
            problems.append(VersionOutcome(item.version, "failed", message=str(error)))
            continue
        ready.append(_read(item, fetched))
    if ready:
        outcomes += _store(store, ready, known)
    return _outcome(record, outcomes + problems)


def _outcome(record: PaperRecord, outcomes: Iterable[VersionOutcome]) -> PaperOutcome:
    return PaperOutcome(
        str(record.arxiv_id), record.title, tuple(sorted(outcomes, key=lambda outcome: outcome.version))
    )


def _read(record: PaperRecord, fetched: Fetched) -> _Ready:
    if fetched.kind == "pdf-only":
        return _Ready(record, fetched, _from_pdf(record, fetched))
    try:
        source = source_from_files(dict(fetched.files), f"{record.arxiv_id}v{record.version}")
        return _Ready(record, fetched, extract(replace(source, title=record.title)))
    except LitdbError as error:
        return _Ready(record, fetched, Extraction(()), str(error))


def _from_pdf(record: PaperRecord, fetched: Fetched) -> Extraction | None:
    """What the PDF of a paper without source gives; None where it cannot be read, or lies in an archive."""
    try:
        source = source_from_files({PDF_NAME: fetched.path.read_bytes()}, fetched.url)
        return extract(replace(source, title=record.title)) if source.kind == "pdf" else None
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
            pdf = fetched.kind == "pdf-only"
            unread = item.extraction is None
            document = put_document(
                session,
                f"sha256:{fetched.sha256}:{record.arxiv_id}v{record.version}",
                kind="pdf" if pdf else fetched.kind,
                uri=fetched.url,
                sha256=fetched.sha256,
                paper=paper,
                version=version,
                fetched_at=fetched.fetched_at,
            )
            stored = put_extraction(session, document, item.extraction or Extraction(()))
            state = "pdf only" if unread else "read again" if record.version in known else "new"
            message = item.message or fetched.note
            if unread:
                message = (
                    "arXiv has only a PDF of it, which cannot be read: read its tables yourself and record them with "
                    f"`litdb add-result MODEL --paper {record.arxiv_id}v{record.version} --table N --metric PESQ=...`"
                )
            findings = item.extraction.remarks if item.extraction is not None else ()
            outcomes.append(VersionOutcome(record.version, state, stored, fetched.kind, message, findings))
    return outcomes


def _facts(record: PaperRecord) -> PaperFacts:
    return PaperFacts(
        title=record.title,
        authors=record.authors,
        arxiv_id=str(record.arxiv_id),
        doi=record.doi or None,
        first_submitted=record.first_submitted,
        venue=record.journal_ref or None,
    )


# --- local files ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Identity:
    """What a local file is a copy of; all fields may be empty."""

    arxiv: ArxivId | None = None
    doi: str = ""
    url: str = ""


def ingest_file(
    store: Store, path: Path, identity: Identity | None = None, *, cache: Path | None = None
) -> FileOutcome:
    """Read one local file (tex, e-print archive, html, md, pdf) and store what it says.

    Its bytes are kept in the `cache` folder, so that it can be read again by a later reader; not those of a tex file
    that has others beside it, which are no whole without them.

    Raises InputError when it cannot be read, TooLarge when it passes a bound.
    """
    identity = identity or Identity()
    data = read_bytes(path)
    sha256 = hashlib.sha256(data).hexdigest()
    named = f":{identity.arxiv or identity.doi or identity.url}".rstrip(":")
    key = f"sha256:{sha256}{named}"
    with store.read() as session:
        known = session.execute(select(DocumentRow.reader).where(DocumentRow.key == key)).scalar()
    files = files_of(path, data)
    kept = cache is not None and (len(files) == 1 or path.name not in files)
    if known == EXTRACTOR_VERSION:
        if kept and cache is not None:
            Cache(cache).keep(data)  # it may have been lost there
        return FileOutcome(str(path), "known")
    source = _local(files, path)
    extraction = extract(source)
    if kept and cache is not None:
        Cache(cache).keep(data)
    with store.write() as session:
        paper = version = None
        if identity.arxiv is not None or identity.doi:
            facts = PaperFacts(
                title=extraction.title,
                arxiv_id=str(identity.arxiv.paper) if identity.arxiv else None,
                doi=identity.doi or None,
            )
            paper = put_paper(session, facts)
            if identity.arxiv is not None and identity.arxiv.version is not None:
                version = put_version(session, paper, identity.arxiv.version)
        document = put_document(
            session,
            key,
            kind="repository" if "github.com" in identity.url and source.kind == "markdown" else source.kind,
            uri=identity.url or path.name,
            sha256=sha256,
            paper=paper,
            version=version,
            fetched_at=dt.datetime.now(dt.UTC).replace(microsecond=0),
        )
        stored = put_extraction(session, document, extraction)
    state = "new" if known is None else "read again"
    return FileOutcome(str(path), state, stored, findings=extraction.remarks)


def local_source(path: Path, data: bytes) -> SourceText:
    """What the readers are given for a local file: the file itself is the main one, unless it is an archive.

    Raises InputError when it is of no kind that can be read.
    """
    return _local(files_of(path, data), path)


def _local(files: dict[str, str | bytes], path: Path) -> SourceText:
    source = source_from_files(files, path.name)
    return replace(source, main=path.name) if path.name in source.files else source


def check_identity(arxiv: str, doi: str, url: str) -> Identity:
    """What the options of `litdb ingest` mean. Raises UsageError."""
    if url and not url.startswith(("https://", "http://")):
        raise UsageError(f"{url!r} is not a web address: write https://...")
    return Identity(ArxivId.parse(arxiv) if arxiv else None, doi.removeprefix("https://doi.org/"), url)
