r"""Entries for a bibliography, generated from what a catalogue knows; nothing is made up for what it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from litdb.report.escape import clean
from litdb.report.paper.latex_text import latex
from litdb.values.bibliography import Publication

#: What DOIs of these archives say of themselves.
_INTERSPEECH = re.compile(r"10\.21437/Interspeech\.(\d{4})-\d+", re.IGNORECASE)
_MEETING = re.compile(
    r"\b(proc|conference|workshop|icassp|interspeech|symposium|iclr|neurips|icml|aaai|ijcai)\b", re.IGNORECASE
)


def bibtex(papers: Iterable[Publication]) -> str:
    """An entry for each paper, its published version before its preprint; what is missing is said in a comment."""
    return "\n".join("\n".join(_entry(paper)) + "\n" for paper in papers)


def _entry(paper: Publication) -> Iterator[str]:
    if lacking := paper.lacks:
        fetch = ": `litdb bib --fetch` asks arXiv" if paper.arxiv_id else ""
        yield f"% {clean(paper.key)}: {' and '.join(lacking)} not known{fetch}"
    kind, venue = _published(paper)
    fields = {
        "title": f"{{{_text(paper.title or paper.key)}}}",
        "author": " and ".join(map(_author, paper.authors)),
        "booktitle" if kind == "inproceedings" else "journal": _text(venue),
        "year": str(paper.year or ""),
        "doi": _verbatim(paper.doi),
        "eprint": _verbatim(paper.arxiv_id),
        "archiveprefix": "arXiv" if paper.arxiv_id else "",
        "annote": _text("; ".join(paper.notes)),
    }
    yield f"@{kind}{{{paper.cite_key},"
    for name, value in fields.items():
        if value:
            yield f"  {name} = {{{value}}},"
    yield "}"


def _published(paper: Publication) -> tuple[str, str]:
    """The kind of entry and the venue; a paper of which no venue is known is `misc`."""
    if found := _INTERSPEECH.fullmatch(paper.doi):
        return "inproceedings", paper.venue or f"Proc. Interspeech {found[1]}"
    if not paper.venue:
        return "misc", ""
    return ("inproceedings" if _MEETING.search(paper.venue) else "article"), paper.venue


def _text(text: str) -> str:
    """LaTeX for a field: BibTeX counts even escaped braces, so they are commands."""
    return latex(text).replace(r"\{", r"\textbraceleft{}").replace(r"\}", r"\textbraceright{}")


def _author(name: str) -> str:
    """A name as one author, whatever stands in it."""
    text = _text(name)
    return f"{{{text}}}" if re.search(r"\band\b", text) else text


def _verbatim(text: str) -> str:
    return re.sub(r"[{}\\%\s]", "", clean(text))
