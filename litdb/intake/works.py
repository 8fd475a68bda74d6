"""Works that are not on arXiv into the catalogue: their open text, read and stored under their DOI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import func, select

from litdb.catalogue.database.schema import DocumentRow, PaperRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.record import PaperFacts, put_document, put_extraction, put_paper
from litdb.catalogue.views.chosen import chosen_layouts
from litdb.errors import CatalogueError, LitdbError, SourceError
from litdb.extract import EXTRACTOR_VERSION, Extraction, extract, source_from_files
from litdb.intake.papers import PaperOutcome, VersionOutcome, fault
from litdb.sources.works.source import WorkSource
from litdb.sources.works.work import FoundWork, Work, WorkId

#: The name under which the reader sees the text of a work.
_NAME = "paper.nxml"


def fetch_works(
    store: Store, source: WorkSource, works: Sequence[WorkId], *, dry_run: bool = False
) -> Iterator[PaperOutcome]:
    """Fetch works by DOI or PMC id and store each as it is complete."""
    for asked in works:
        try:
            yield _work(store, source, asked, dry_run)
        except CatalogueError:
            raise  # nothing could be stored of the others either
        except LitdbError as error:
            retry = isinstance(error, SourceError) and error.retry
            yield PaperOutcome("", "", (), str(error), retry, work=str(asked))
        except Exception as error:  # a fault of litdb costs this work, not the batch
            yield PaperOutcome("", "", (), fault(error), work=str(asked))


def _work(store: Store, source: WorkSource, asked: WorkId, dry_run: bool) -> PaperOutcome:
    found = source.work(asked)
    work = found.work
    outcome = PaperOutcome("", work.title, (), work=f"doi:{work.doi}" if work.doi else work.pmcid)
    if not found.sha256:
        return replace(outcome, versions=(VersionOutcome(0, "pdf only", message=_closed(found, asked)),))
    key = f"sha256:{found.sha256}:{work.doi or work.pmcid}"
    with store.read() as session:
        known = session.scalar(select(DocumentRow.reader).where(DocumentRow.key == key))
        chosen = chosen_layouts(session, found.sha256)
    if known == EXTRACTOR_VERSION:
        return replace(outcome, versions=(VersionOutcome(0, "known"),))
    if dry_run:
        return replace(outcome, versions=(VersionOutcome(0, "wanted"),))
    assert found.path is not None
    message, extraction = "", Extraction(())
    try:
        extraction = extract(
            replace(source_from_files({_NAME: found.path.read_bytes()}, found.url), title=work.title),
            chosen=chosen,
        )
    except LitdbError as error:
        message = str(error)
    with store.write() as session:
        known_doi = session.scalar(select(PaperRow.doi).where(func.lower(PaperRow.doi) == (work.doi or None)))
        paper = put_paper(session, _facts(work, known_doi))
        document = put_document(
            session, key, kind="jats", uri=found.url, sha256=found.sha256, paper=paper,
            fetched_at=found.fetched_at.replace(microsecond=0) if found.fetched_at else None,
        )  # fmt: skip
        stored = put_extraction(session, document, extraction)
    state = "new" if known is None else "read again"
    version = VersionOutcome(0, state, stored, "jats", message, extraction.remarks)
    return replace(outcome, versions=(version,))


def _closed(found: FoundWork, asked: WorkId) -> str:
    """What is said of a work whose text is not open as such, and what to do."""
    doi = found.work.doi or asked.doi
    named = f" --doi {doi}" if doi else ""
    without = f" ({found.without})" if found.without else ""
    if found.pdfs:
        return f"only a PDF is open: download {found.pdfs[0]}, then `litdb ingest paper.pdf{named}`{without}"
    return f"no open text or PDF is known{without}: get the PDF, then `litdb ingest paper.pdf{named}`"


def _facts(work: Work, known_doi: str | None) -> PaperFacts:
    return PaperFacts(
        title=work.title,
        authors=work.authors,
        doi=known_doi or work.doi or None,
        pmcid=work.pmcid or None,
        published=work.published,
        venue=work.venue or None,
        key="" if work.doi else work.pmcid,
    )
