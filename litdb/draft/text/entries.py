"""The bibliography of a draft: BibTeX files, or the `\\bibitem`s in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from litdb.draft.finding import DraftPlace
from litdb.draft.text.lines import Lines
from litdb.draft.text.project import DraftEntry
from litdb.extract.markup.bibtex import read_bibliography
from litdb.extract.types import Reference

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_QUOTED = re.compile(r"[“\"](?P<title>[^”\"]{8,300})[”\"]")
_ARXIV_NUMBER = re.compile(r"\b\d{4}\.\d{4,5}\b")


def from_bibtex(text: str, name: str) -> Iterator[DraftEntry]:
    """The entries of a BibTeX file, those under a key that came before too. Raises InputError where there is none."""
    for entry in read_bibliography(text, name):
        yield DraftEntry(
            entry.key,
            DraftPlace(name, entry.line, entry.key),
            " ".join(entry.title.split()),
            tuple(family for author in entry.authors if (family := family_name(author))),
            entry.year,
            entry.arxiv_id,
            entry.doi,
        )


def from_items(
    references: Iterable[Reference], files: Mapping[str, str], lines: Lines
) -> Iterator[DraftEntry]:
    """The entries of a `thebibliography`; of their text the title in quotation marks and the last year are taken."""
    for entry in references:
        title = _QUOTED.search(entry.text)
        years = _YEAR.findall(
            _ARXIV_NUMBER.sub(" ", entry.text.replace(entry.doi, " ") if entry.doi else entry.text)
        )
        yield DraftEntry(
            entry.key, _item_place(entry.key, files, lines), title["title"].strip(" ,.") if title else "", (),
            int(years[-1]) if years else None, entry.arxiv_id, entry.doi, entry.text,
        )  # fmt: skip


def _item_place(key: str, files: Mapping[str, str], lines: Lines) -> DraftPlace:
    for name, text in files.items():
        at = text.find("{" + key + "}")
        while at >= 0:
            before = text[max(0, at - 200) : at].rstrip()
            if (
                before.endswith("\\bibitem")
                or re.search(r"\\bibitem\s*\[[^\n]{0,190}\]\s*$", before)
                or "\\entry" in before[-8:]
            ):
                return lines.place(name, at, key)
            at = text.find("{" + key + "}", at + 1)
    return DraftPlace(next(iter(files), ""), 1, key)


def family_name(author: str) -> str:
    """The family name of an author as BibTeX has it; '' for "others"."""
    name = author.strip()
    if not name or name == "others":
        return ""
    return name.partition(",")[0].strip() if "," in name else name.split()[-1]
