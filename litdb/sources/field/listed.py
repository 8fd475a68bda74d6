"""A paper as a listing of the field has it, and what two listings of it say together. What is missing stays empty."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, fields, replace
from email.utils import parsedate_to_datetime

from litdb.errors import InputError, UsageError
from litdb.sources.types import ArxivId

#: The longest text of each kind, in characters; the longest abstract of arXiv has about 2,000.
MOST_OF_TITLE, MOST_OF_ABSTRACT, MOST_OF_AUTHORS = 2_000, 20_000, 100_000
_BETWEEN_AUTHORS = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*;\s*")
_DOI = re.compile(r"10\.\d{4,9}/\S{1,300}")
_CATEGORY = re.compile(r"[a-z][a-z-]*(?:\.[A-Za-z-]{2,20})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper of the field. `arxiv_id` has no version; `version` is the newest that the listing knew.

    Of a work that is not on arXiv the DOI is known, and `first_submitted` is when it was published.
    """

    arxiv_id: str
    title: str
    version: int | None = None
    first_submitted: dt.date | None = None
    abstract: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    doi: str = ""
    journal: str = ""

    @property
    def name(self) -> str:
        """What surveys and `litdb fetch` call it: `arXiv:2511.14515`, or `doi:10.3390/app15158183`."""
        return f"arXiv:{self.arxiv_id}" if self.arxiv_id else f"doi:{self.doi}"

    def within(self, categories: frozenset[str]) -> bool:
        """Whether it is of one of these categories; what says none of itself is."""
        return not categories or not self.categories or not categories.isdisjoint(self.categories)

    def with_more(self, other: Listed) -> Listed:
        """What both listings say of the paper: the one of the newer version counts, the other fills what it leaves empty."""
        newer = (other.version or 0) >= (self.version or 0)
        first, second = (other, self) if newer else (self, other)
        filled = {
            spec.name: getattr(second, spec.name)
            for spec in fields(Listed)
            if getattr(first, spec.name) in ("", (), None)
        }
        return replace(first, **filled)


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A record of a listing that could not be taken: where it stands, and why."""

    place: str
    reason: str


def listed(  # noqa: PLR0913 - one keyword for each thing that a listing may say
    arxiv_id: str,
    title: str,
    *,
    version: int | None = None,
    first_submitted: dt.date | None = None,
    abstract: str = "",
    authors: tuple[str, ...] = (),
    categories: tuple[str, ...] = (),
    doi: str = "",
    journal: str = "",
) -> Listed:
    """A record from texts as they were found: checked, on one line each. A work without arXiv id ('') needs a DOI.

    Raises InputError with the reason.
    """
    parsed = _parsed(arxiv_id, doi)
    found = Listed(
        arxiv_id=parsed.id if parsed else "",
        title=_line(title, "title", MOST_OF_TITLE),
        version=version if version is not None or parsed is None else parsed.version,
        first_submitted=first_submitted,
        abstract=_line(abstract, "abstract", MOST_OF_ABSTRACT),
        authors=tuple(name for text in authors if (name := _line(text, "author", MOST_OF_TITLE))),
        categories=tuple(text for text in categories if _CATEGORY.fullmatch(text)),
        doi=_line(doi, "DOI", MOST_OF_TITLE).lower() if parsed is None else _line(doi, "DOI", MOST_OF_TITLE),
        journal=_line(journal, "journal", MOST_OF_TITLE),
    )
    if not found.title:
        raise InputError("it has no title")
    if sum(map(len, found.authors)) > MOST_OF_AUTHORS:
        raise InputError(f"its authors are longer than {MOST_OF_AUTHORS:,} characters")
    return found


def _parsed(arxiv_id: str, doi: str) -> ArxivId | None:
    """The id on arXiv, or None for a work that has a DOI alone. Raises InputError for one with neither."""
    if not arxiv_id and _DOI.fullmatch(doi.strip()):
        return None
    try:
        return ArxivId.parse(arxiv_id)
    except UsageError as error:
        raise InputError(f"{arxiv_id[:40]!r} is no arXiv id") from error


def _line(text: str, what: str, most: int) -> str:
    """A text on one line. Raises InputError for one that is too long, or that no database stores."""
    line = " ".join(text.split())
    if len(line) > most:
        raise InputError(f"its {what} is longer than {most:,} characters")
    if "\0" in line:
        raise InputError(f"its {what} holds a NUL character")
    try:
        line.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"its {what} holds half a character") from error
    return line


def split_authors(text: str) -> tuple[str, ...]:
    """The names in a line of authors: `A. One, B. Two (Somewhere) and C. Three`."""
    if len(text) > MOST_OF_AUTHORS:
        raise InputError(f"its authors are longer than {MOST_OF_AUTHORS:,} characters")
    return tuple(name for name in _BETWEEN_AUTHORS.split(" ".join(_outside_brackets(text).split())) if name)


def _outside_brackets(text: str) -> str:
    """A text without what stands in round brackets, nested ones too."""
    kept, depth = [], 0
    for char in text:
        depth += char == "("
        if depth == 0:
            kept.append(char)
        depth -= char == ")" and depth > 0
    return "".join(kept)


def day_of(text: str) -> dt.date | None:
    """A day as listings write it (`Tue, 18 Nov 2025 14:03:00 GMT`, `2025-11-18`), or None."""
    try:
        return dt.date.fromisoformat(text.strip()[:10])
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (moment.astimezone(dt.UTC) if moment.tzinfo else moment).date()


def version_of(text: str) -> int | None:
    """The number of a version (`v2`, `2`), or None."""
    match = re.fullmatch(r"v?([1-9]\d{0,3})", text.strip(), re.ASCII)
    return int(match[1]) if match else None
