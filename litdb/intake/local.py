"""Local files into the catalogue: a paper's source, page or PDF, a README; read, and stored in one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import DocumentRow
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
from litdb.errors import InputError, UsageError
from litdb.extract import EXTRACTOR_VERSION, SourceText, extract, source_from_files
from litdb.sources.cache import Cache
from litdb.sources.files import files_of, read_bytes
from litdb.sources.types import ArxivId


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one local file. `findings` are its cells and tables that could not be read."""

    file: str
    state: str  # new, read again, known, failed
    stored: Stored = NOTHING_STORED
    message: str = ""
    findings: tuple[str, ...] = ()


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
    that includes others, which are no whole without them.

    The same bytes are stored once: without an identity they are those of the document that has one.

    Raises InputError when it cannot be read or its bytes are stored without the identity given now, TooLarge when it passes a bound.
    """
    identity = identity or Identity()
    data = read_bytes(path)
    sha256 = hashlib.sha256(data).hexdigest()
    files = files_of(path, data)
    named = f":{identity.arxiv or identity.doi or identity.url}".rstrip(":")
    bare = f"sha256:{_whole_digest(files, path.name, sha256)}"
    key = f"{bare}{named}"
    with store.read() as session:
        known = session.execute(select(DocumentRow.reader).where(DocumentRow.key == key)).scalar()
        twice = _stored_as(session, bare, key) if known is None else None
        chosen = chosen_layouts(session, sha256)
    kept = cache is not None and (len(files) == 1 or path.name not in files)
    if known == EXTRACTOR_VERSION:
        if kept and cache is not None:
            Cache(cache).keep(data)  # it may have been lost there
        return FileOutcome(str(path), "known")
    if twice is not None and not named:
        return FileOutcome(str(path), "known", message=f"its bytes are stored as {twice.name}")
    if twice is not None and twice.nobodys:
        raise InputError(
            f"{path} is stored as {twice.name}, of no known paper, and what it says would stand twice: leave the id out, or "
            "take it with its id into a catalogue that has not got it (`litdb init NEW`)"
        )
    source = _local(files, path)
    extraction = extract(source, chosen=chosen)
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


class _Twin(NamedTuple):
    """A document of the same bytes under another key: what it is called, and whether it is of no known paper."""

    name: str
    nobodys: bool


def _stored_as(session: Session, bare: str, key: str) -> _Twin | None:
    """The same bytes known by another key, those of no known paper before others."""
    rows = session.scalars(
        select(DocumentRow).where(DocumentRow.key.startswith(bare, autoescape=True), DocumentRow.key != key)
    )
    first = min(rows, key=lambda row: (row.key != bare, row.key), default=None)
    if first is None:
        return None
    return _Twin(first.paper.key if first.paper is not None else first.uri, first.key == bare)


def _whole_digest(files: Mapping[str, str | bytes], main: str, sha256: str) -> str:
    """The digest that a document is known by: of a file that includes others, of all of them, so that a change in one is news."""
    if len(files) == 1 or main not in files:
        return sha256
    digest = hashlib.sha256()
    for name in sorted(files):
        content = files[name]
        data = content.encode() if isinstance(content, str) else content
        digest.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
    return digest.hexdigest()


def local_source(path: Path, data: bytes) -> SourceText:
    """What the readers are given for a local file: the file itself is the main one, unless it is an archive.

    Raises InputError when it is of no kind that can be read.
    """
    return _local(files_of(path, data), path)


def _local(files: dict[str, str | bytes], path: Path) -> SourceText:
    source = source_from_files(files, path.name)
    if path.name in files and path.name not in source.files:
        raise InputError(
            f"{path} is no text that can be read, only what it includes is: give an undamaged copy"
        )
    return replace(source, main=path.name) if path.name in source.files else source


def check_identity(arxiv: str, doi: str, url: str) -> Identity:
    """What the options of `litdb ingest` mean. Raises UsageError."""
    if url and not url.startswith(("https://", "http://")):
        raise UsageError(f"{url!r} is not a web address: write https://...")
    return Identity(ArxivId.parse(arxiv) if arxiv else None, doi.removeprefix("https://doi.org/"), url)
