"""Bibliography entries and the identifiers they state."""

from __future__ import annotations

import re

from litdb.extract.types import Reference

_ARXIV = re.compile(
    r"(?:arxiv[\s.:/]*(?:preprint)?[\s,]*(?:arxiv)?[\s.:]*|abs/|eprint[\s=:{]*)((?:\d{4}\.\d{4,5})|(?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}))(?:v\d+)?",
    re.I,
)
_DOI = re.compile(r"\b(10\.\d{4,9}/[^\s\"<>{}|\\^`\]]+)", re.I)
_BIB_ENTRY = re.compile(r"@(?P<type>[A-Za-z]+)\s*\{\s*(?P<key>[^,\s}]+)\s*,", re.I)
_BBL_ENTRY = re.compile(r"\\entry\{(?P<key>[^}]+)\}\{[^}]*\}\{[^}]*\}(?P<body>.*?)\\endentry", re.DOTALL)
_FIELD = re.compile(r"\\field\{(?P<name>title|eprint|year|note)\}\{(?P<value>[^}]*(?:\{[^}]*\}[^}]*)*)\}")


def reference(key: str, text: str) -> Reference:
    """An entry with the arXiv id and DOI found in its text."""
    arxiv, doi = _ARXIV.search(text), _DOI.search(text)
    return Reference(
        key.strip(),
        " ".join(text.split()),
        arxiv.group(1) if arxiv else "",
        doi.group(1).rstrip(".,;)") if doi else "",
    )


def from_bib(text: str) -> list[Reference]:
    """Entries of a .bib file."""
    found = []
    entries = list(_BIB_ENTRY.finditer(text))
    for index, match in enumerate(entries):
        end = entries[index + 1].start() if index + 1 < len(entries) else len(text)
        if match["type"].lower() in ("string", "comment", "preamble"):
            continue
        body = re.sub(r"[{}\"\s]+", " ", text[match.end() : min(end, match.end() + 6000)])
        found.append(reference(match["key"], body))
    return found


def from_bbl_entries(text: str) -> list[Reference]:
    """Entries of a biblatex .bbl file; the classic layout is read as LaTeX."""
    found = []
    for match in _BBL_ENTRY.finditer(text):
        fields = {m["name"]: m["value"] for m in _FIELD.finditer(match["body"])}
        doi = _DOI.search(match["body"])
        words = " ".join(f"{'eprint ' if name == 'eprint' else ''}{value}" for name, value in fields.items())
        found.append(reference(match["key"], words + (f" {doi.group(1)}" if doi else "")))
    return found
