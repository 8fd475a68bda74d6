"""The values `litdb.sources` hands out: ids, paper records, fetched documents, failures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from litdb.errors import UsageError

DocumentKind = Literal["latex", "html", "pdf-only", "no-tex", "notice", "encoding"]
"""`no-tex`: an e-print without TeX; `notice`: one that is only a short text; `encoding`: TeX in no known encoding."""

_NEW_STYLE = r"\d{4}\.\d{4,5}"
# The archive may carry a subject class (math.GT/0309136); arXiv itself answers without it.
_OLD_STYLE = r"[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]{2})?/\d{7}"
_ID = re.compile(
    rf"(?P<id>{_NEW_STYLE}|{_OLD_STYLE})(?:v(?P<version>[1-9]\d{{0,3}}))?", re.IGNORECASE | re.ASCII
)
_URL = re.compile(
    r"(?:https?://)?(?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html|e-print|src|format)/(?P<rest>[^?#]+)(?:[?#].*)?",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?10\.48550/arxiv\.(?P<rest>.+)", re.IGNORECASE)


_WITHDRAWN = re.compile(
    r"(?:^|[.;:!\n])[\s%*(\[]*(?:(?:this|the|our)\s+(?:\w+\s+){1,3}?(?:has|have|had|is|was)\s+(?:been\s+)?)?withdrawn\b",
    re.IGNORECASE,
)


def says_withdrawn(text: str) -> bool:
    """Whether a comment or notice says that the paper it belongs to was withdrawn."""
    return _WITHDRAWN.search(text) is not None


@dataclass(frozen=True, slots=True, order=True)
class ArxivId:
    """An arXiv identifier; `version` is None where the paper is meant, not one version of it."""

    id: str
    """Without version, in the spelling arXiv answers with: `2107.05580`, `quant-ph/0201082`."""
    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> ArxivId:
        """Read an id as people write it: bare, `arXiv:` in front, a DOI, or the address of a page or file.

        Raises:
            UsageError: the text is no arXiv id.
        """
        rest = text.strip()
        if match := _URL.fullmatch(rest):
            rest = re.sub(r"\.pdf$", "", match["rest"].rstrip("/"), flags=re.IGNORECASE)
        elif match := _DOI.fullmatch(rest):
            rest = match["rest"]
        rest = re.sub(r"^arxiv:\s*", "", rest, flags=re.IGNORECASE)
        rest = re.sub(r"\s*\[[\w.-]+\]$", "", rest)  # "arXiv:2107.05580v1 [cs.SD]", as PDFs print it
        match = _ID.fullmatch(rest)
        if match is None:
            raise UsageError(
                f"{text!r} is not an arXiv id; write one like 2107.05580, 2107.05580v1 or quant-ph/0201082"
            )
        base = re.sub(r"\.[a-z]{2}/", "/", match["id"].lower())
        return cls(base, int(match["version"]) if match["version"] else None)

    @property
    def paper(self) -> ArxivId:
        """The same paper without a version."""
        return ArxivId(self.id)

    def with_version(self, version: int) -> ArxivId:
        """The same paper in one version."""
        return ArxivId(self.id, version)

    def same_paper(self, other: ArxivId) -> bool:
        """Whether both name one paper, whatever the version."""
        return self.id == other.id

    def __str__(self) -> str:
        return self.id if self.version is None else f"{self.id}v{self.version}"


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """What arXiv says about one version of a paper (the abstract is not kept)."""

    arxiv_id: ArxivId
    """Of the paper, without version."""
    version: int
    title: str
    authors: tuple[str, ...]
    first_submitted: date
    """Day of version 1, in UTC."""
    updated: date
    """Day of this version, in UTC."""
    doi: str | None
    journal_ref: str | None
    comment: str | None
    categories: tuple[str, ...]
    """The primary category first."""
    newest_version: int
    """The highest version arXiv named in this session (at least `version`)."""

    @property
    def withdrawal(self) -> str:
        """What arXiv says of it where the paper was withdrawn, else ''."""
        return self.comment if self.comment and says_withdrawn(self.comment) else ""

    def with_newest(self, version: int) -> PaperRecord:
        """The same record, knowing of a newer version."""
        return replace(self, newest_version=version)

    def as_json(self) -> dict[str, Any]:
        """Plain values that `from_json` reads back."""
        return {
            "id": self.arxiv_id.id,
            "version": self.version,
            "title": self.title,
            "authors": list(self.authors),
            "first_submitted": self.first_submitted.isoformat(),
            "updated": self.updated.isoformat(),
            "doi": self.doi,
            "journal_ref": self.journal_ref,
            "comment": self.comment,
            "categories": list(self.categories),
            "newest_version": self.newest_version,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> PaperRecord:
        """The inverse of `as_json`; KeyError, TypeError or ValueError when the values are not a record."""
        return cls(
            arxiv_id=ArxivId(str(values["id"])),
            version=int(values["version"]),
            title=str(values["title"]),
            authors=tuple(str(name) for name in values["authors"]),
            first_submitted=date.fromisoformat(values["first_submitted"]),
            updated=date.fromisoformat(values["updated"]),
            doi=values["doi"],
            journal_ref=values["journal_ref"],
            comment=values["comment"],
            categories=tuple(str(name) for name in values["categories"]),
            newest_version=int(values["newest_version"]),
        )


@dataclass(frozen=True, slots=True)
class Fetched:
    """The content of one paper version, as it lies in the cache."""

    arxiv_id: ArxivId
    """Of the paper, without version."""
    version: int
    kind: DocumentKind
    sha256: str
    """Of the bytes as downloaded (hex)."""
    path: Path
    """Where the cache keeps those bytes."""
    files: Mapping[str, str] = field(repr=False)
    """Text by relative name; empty where nothing can be read, `index.html` alone for `html`, the text of a notice."""
    fetched_at: datetime
    """When the bytes were downloaded, in UTC."""
    url: str
    from_cache: bool
    note: str = ""
    """Why this kind: one sentence when the e-print could not be used, else empty."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An id that gave nothing, and why."""

    arxiv_id: ArxivId
    """As asked for, so with a version where one was asked for."""
    reason: str
    """One sentence."""
    transient: bool
    """Whether asking again later can help."""

    @property
    def version(self) -> int | None:
        """The version asked for, or None."""
        return self.arxiv_id.version


@dataclass(frozen=True, slots=True)
class FoundPapers:
    """The answer to a list of ids: what was found, in the order asked, and what was not."""

    records: tuple[PaperRecord, ...]
    failures: tuple[Failure, ...]
