"""A work by DOI or PMC id: its name as people write it, and what a service says of it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(?P<doi>10\.\d{4,9}/\S+)", re.IGNORECASE)
_PMC = re.compile(
    r"(?:https?://(?:www\.)?(?:ncbi\.nlm\.nih\.gov/pmc|pmc\.ncbi\.nlm\.nih\.gov|europepmc\.org)/articles?/(?:PMC/)?)?"
    r"(?P<pmc>PMC\d{1,9})/?",
    re.IGNORECASE,
)
_OF_ARXIV = "10.48550/arxiv."


@dataclass(frozen=True, slots=True)
class WorkId:
    """A work by its DOI (in small letters) or its PMC id; one of the two is given."""

    doi: str = ""
    pmcid: str = ""

    @classmethod
    def parse(cls, text: str) -> WorkId | None:
        """The work that a text names (`PMC10137386`, `doi:10.3390/...`, their addresses); None for what names none.

        A DOI that arXiv gave names a paper of arXiv, and none here.
        """
        plain = text.strip()
        if match := _PMC.fullmatch(plain):
            return cls(pmcid=match["pmc"].upper())
        match = _DOI.fullmatch(plain)
        if match is None or match["doi"].lower().startswith(_OF_ARXIV):
            return None
        return cls(doi=match["doi"].lower())

    def __str__(self) -> str:
        return self.pmcid or f"doi:{self.doi}"


@dataclass(frozen=True, slots=True)
class Work:
    """What is known of a work; empty fields are not known."""

    title: str
    authors: tuple[str, ...] = ()
    doi: str = ""
    pmcid: str = ""
    published: dt.date | None = None
    venue: str = ""


@dataclass(frozen=True, slots=True)
class FoundWork:
    """A work, and its open full text (JATS) in the cache, or the addresses of open PDFs.

    `without` says which service could not be asked, and why.
    """

    work: Work
    sha256: str = ""
    path: Path | None = None
    url: str = ""
    fetched_at: dt.datetime | None = None
    pdfs: tuple[str, ...] = ()
    without: str = ""
