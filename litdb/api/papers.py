"""Papers and files: fetched, read, read again; and tables read without any catalogue."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.api.opened import Opened
from litdb.errors import InputError, LitdbError, UsageError, near

if TYPE_CHECKING:
    import datetime as dt

    from litdb.extract.types import Extraction
    from litdb.intake.local import FileOutcome
    from litdb.intake.papers import PaperOutcome
    from litdb.intake.rereading import Reread
    from litdb.values.bibliography import Citations, Publication
    from litdb.values.table import Table

#: The most bytes that a file of names may have.
_MOST_OF_NAMES = 10_000_000
#: How :func:`readings_text` writes what was read.
READING_FORMATS = ("table", "tsv", "json")


class PaperVerbs(Opened):
    """Papers and files: fetched, read, read again."""

    def fetch(
        self,
        ids: Sequence[str] = (),
        *,
        query: str | None = None,
        since: dt.date | None = None,
        max_results: int = 100,
        all_versions: bool = False,
        offline: bool = False,
        dry_run: bool = False,
        cache: Path | None = None,
    ) -> Iterator[PaperOutcome]:
        """Fetch papers, by id or by a query to arXiv, and store their readings; one outcome a paper.

        Ids are those of arXiv, DOIs (`doi:10.3390/...`) and PMC ids, whose open text comes from Europe PMC. Raises UsageError for malformed ids, SourceError when arXiv does not answer.
        """
        from litdb._places import cache_dir
        from litdb.intake.papers import fetch_ids, fetch_query
        from litdb.sources.arxiv import ArxivSource
        from litdb.sources.types import ArxivId
        from litdb.sources.works.work import WorkId

        if bool(ids) == bool(query):
            raise UsageError("give ids, or a query with --query, not both and not neither")
        works = list(dict.fromkeys(work for text in ids if (work := WorkId.parse(text)) is not None))
        parsed = list(dict.fromkeys(ArxivId.parse(text) for text in ids if WorkId.parse(text) is None))
        if works and all_versions and not parsed:
            raise UsageError("--all-versions goes with papers of arXiv: leave it out")
        store = self.store if dry_run else self.writable()
        if works:
            from litdb.intake.works import fetch_works
            from litdb.sources.works.source import WorkSource

            with WorkSource(cache or cache_dir(), offline=offline) as services:
                yield from fetch_works(store, services, works, dry_run=dry_run)
            if not parsed:
                return
        with ArxivSource(cache or cache_dir(), offline=offline) as source:
            if query:
                yield from fetch_query(
                    store, source, query, since=since, max_results=max_results, all_versions=all_versions,
                    dry_run=dry_run,
                )  # fmt: skip
            else:
                yield from fetch_ids(store, source, parsed, all_versions=all_versions, dry_run=dry_run)

    def ingest(
        self, file: str | os.PathLike[str], *, arxiv: str = "", doi: str = "", url: str = ""
    ) -> FileOutcome:
        """Read a local tex, e-print archive, html, md or pdf file and store what it says.

        `arxiv`, `doi` and `url` say what the file is a copy of. A .json or .json.gz file is the dump of Papers with Code,
        whose values are proposed. Raises UsageError for malformed ones, InputError and TooLarge for a file that cannot be
        read.
        """
        from litdb._places import cache_dir
        from litdb.intake.local import check_identity, ingest_file
        from litdb.intake.papers import fault
        from litdb.intake.tracker import ingest_tracker, is_dump

        identity = check_identity(arxiv, doi, url)
        dump = is_dump(Path(file))
        if dump and (arxiv or doi or url):
            raise UsageError(
                "a dump of Papers with Code is no copy of one paper: leave --arxiv, --doi and --url out"
            )
        store = self.writable()
        try:
            if dump:
                return ingest_tracker(store, Path(file))
            return ingest_file(store, Path(file), identity, cache=cache_dir())
        except (LitdbError, OSError):
            raise
        except Exception as error:  # a fault of litdb costs this file, not the others
            raise InputError(fault(error)) from error

    def bib(
        self, names: Sequence[str] = (), *, fetch: bool = False, cache: Path | None = None
    ) -> list[Publication]:
        """Papers as a bibliography knows them: those named by key, arXiv id, DOI or a model they propose, else all.

        `fetch` asks arXiv first for titles, authors and venues that are not known, and records them. Raises NotFound,
        Ambiguous, SourceError.
        """
        from litdb.questions.tables.bibliography import known_papers

        with self.reading() as session:
            papers = known_papers(session, names)
        wanted = [paper.arxiv_id for paper in papers if paper.arxiv_id and paper.lacks]
        if fetch and wanted:
            from litdb._places import cache_dir
            from litdb.intake.papers import complete
            from litdb.sources.arxiv import ArxivSource

            store = self.writable()
            with ArxivSource(cache or cache_dir()) as source:
                complete(store, source, wanted)
            with self.reading() as session:
                papers = known_papers(session, names)
        return papers

    def citations(self, table: Table, bib: str | os.PathLike[str] | None = None) -> Citations:
        """The keys to cite the papers of a table by: those of a BibTeX file, matched by arXiv id, DOI or title, else generated.

        Raises InputError for a file that cannot be read.
        """
        from litdb.catalogue.papers import publications
        from litdb.extract.markup.bibtex import read_bibliography
        from litdb.questions.tables.bibliography import cited_by
        from litdb.sources.files import read_file
        from litdb.values.bibliography import matched

        entries = [] if bib is None else read_bibliography(read_file(str(bib)), str(bib))
        with self.reading() as session:
            return matched(publications(session, cited_by(table)), entries)

    def reextract(
        self,
        paper: str | None = None,
        *,
        dry_run: bool = False,
        workers: int | None = None,
        knowing: bool | None = None,
        cache: Path | None = None,
    ) -> Iterator[Reread]:
        """Read all cached documents again with the present reader, in parallel; one outcome a paper, as it is stored.

        `dry_run` stores nothing. `knowing` lets the reader know the names of models and the unprocessed rows that the
        catalogue holds, instead of only what litdb ships; None: of documents last read with just these. Raises NotFound
        for an unknown paper.
        """
        from litdb._places import cache_dir
        from litdb.intake.rereading import reread

        wanted = reread(
            self.reading,
            self.writing,
            cache or cache_dir(),
            paper,
            dry_run=dry_run,
            workers=workers,
            knowing=knowing,
        )
        yield from wanted


def names_in(file: str) -> list[str]:
    """The names of a file with one a line (`#` begins a remark). Raises InputError for one that cannot be read, or of over 10 MB."""
    from litdb.sources.files import read_file

    try:
        lines = read_file(file, _MOST_OF_NAMES).splitlines()
    except InputError as error:
        raise InputError(f"{error} (one name a line)") from error
    found = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not found:
        raise InputError(f"{file} holds no name: write one a line")
    return found


def extract(file: str | os.PathLike[str]) -> Extraction:
    """The tables and readings of a local tex, e-print archive, html, md, nxml or pdf file; no catalogue is touched.

    Raises InputError for a file that cannot be read or is of another kind, TooLarge past a bound on size or time.
    """
    from litdb.extract import extract as read
    from litdb.intake.local import local_source
    from litdb.sources.files import read_bytes

    path = Path(file)
    return read(local_source(path, read_bytes(path)))


def readings_text(
    found: Iterable[tuple[str, Extraction]], format: str = "table", *, explain: bool = False
) -> str:
    """What was read from files, each with its name, in one of READING_FORMATS, with a line break at its end.

    `explain` says instead how each cell came to its model, metric, test set and value. Raises UsageError.
    """
    from litdb.extract import renderings

    if format not in READING_FORMATS:
        every = f"use {', '.join(READING_FORMATS[:-1])} or {READING_FORMATS[-1]}"
        raise UsageError(f"unknown format {format!r}: {near(format, READING_FORMATS, other=every)}")
    if explain:
        return renderings.explain_text(found)
    if format == "json":
        return renderings.json_text(found) + "\n"
    return renderings.tsv_text(found) if format == "tsv" else renderings.table_text(found)
