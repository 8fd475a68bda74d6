"""A user's bibliography, as far as it tells which paper an entry is of."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

from litdb.errors import InputError
from litdb.values.bibliography import BibEntry

_ARXIV = re.compile(
    r"(?:arxiv[:.\s/]*(?:abs/|preprint\s+)?(?:arxiv[:\s]*)?)(\d{4}\.\d{4,5}|[a-z-]+/\d{7})", re.IGNORECASE
)
_BARE = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+/\d{7})(?:v\d+)?", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AND = re.compile(r"\s+and\s+")
#: In fields that hold an arXiv id beside other words.
_WHERE = ("journal", "url", "note", "howpublished", "doi", "number", "volume")


def read_bibliography(text: str, name: str) -> list[BibEntry]:
    """The entries of a BibTeX file; what is no entry is passed over. Raises InputError where there is none."""
    from bibtexparser.entrypoint import parse_string

    logging.getLogger("bibtexparser").setLevel(logging.ERROR)  # it tells of every entry twice
    try:
        library = parse_string(text)
    except Exception as error:
        raise InputError(f"{name} cannot be read as BibTeX: {error}") from error
    found = [
        _entry(
            entry.key, {field.key.casefold(): str(field.value) for field in entry.fields}, entry.start_line
        )
        for entry in (*library.entries, *_said_again(library.failed_blocks))
    ]
    if not found:
        raise InputError(f"{name} has no BibTeX entry")
    return found


def _said_again(blocks: Iterable[object]) -> Iterator[Any]:
    """Entries under a key that stands further up already: BibTeX takes the first, and the parser sets them aside."""
    return (block.ignore_error_block for block in blocks if type(block).__name__ == "DuplicateBlockKeyBlock")  # type: ignore[attr-defined]


def _entry(key: str, fields: dict[str, str], start: int | None) -> BibEntry:
    preprint = _BARE.fullmatch(fields.get("eprint", "").strip().removeprefix("arXiv:"))
    arxiv = preprint or next((m for name in _WHERE if (m := _ARXIV.search(fields.get(name, "")))), None)
    doi = next((m for name in ("doi", "url") if (m := _DOI.search(fields.get(name, "")))), None)
    year = _YEAR.search(fields.get("year", "") or fields.get("date", ""))
    return BibEntry(
        key, _plain(fields.get("title", "")), doi[0].rstrip("}.,") if doi else "", arxiv[1] if arxiv else "",
        tuple(name for part in _AND.split(fields.get("author", "")) if (name := _plain(part).strip())),
        int(year[0]) if year else None, (start or 0) + 1,
    )  # fmt: skip


def _plain(title: str) -> str:
    """A title without its commands; letters with accents and Greek ones as what they look like."""
    if not any(char in title for char in "\\{}$~"):
        return title
    from pylatexenc.latex2text import LatexNodes2Text

    try:
        return str(LatexNodes2Text().latex_to_text(title))
    except Exception:  # a title that is no LaTeX is compared as it stands
        return title
