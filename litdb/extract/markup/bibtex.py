"""A user's bibliography, as far as it tells which paper an entry is of."""

from __future__ import annotations

import logging
import re

from litdb.errors import InputError
from litdb.values.bibliography import BibEntry

_ARXIV = re.compile(
    r"(?:arxiv[:.\s/]*(?:abs/|preprint\s+)?(?:arxiv[:\s]*)?)(\d{4}\.\d{4,5}|[a-z-]+/\d{7})", re.IGNORECASE
)
_BARE = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+/\d{7})(?:v\d+)?", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/\S+")
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
        _entry(entry.key, {field.key.casefold(): str(field.value) for field in entry.fields})
        for entry in library.entries
    ]
    if not found:
        raise InputError(f"{name} has no BibTeX entry")
    return found


def _entry(key: str, fields: dict[str, str]) -> BibEntry:
    preprint = _BARE.fullmatch(fields.get("eprint", "").strip().removeprefix("arXiv:"))
    arxiv = preprint or next((m for name in _WHERE if (m := _ARXIV.search(fields.get(name, "")))), None)
    doi = next((m for name in ("doi", "url") if (m := _DOI.search(fields.get(name, "")))), None)
    return BibEntry(
        key, _plain(fields.get("title", "")), doi[0].rstrip("}.,") if doi else "", arxiv[1] if arxiv else ""
    )


def _plain(title: str) -> str:
    """A title without its commands; letters with accents and Greek ones as what they look like."""
    from pylatexenc.latex2text import LatexNodes2Text

    try:
        return str(LatexNodes2Text().latex_to_text(title))
    except Exception:  # a title that is no LaTeX is compared as it stands
        return title
