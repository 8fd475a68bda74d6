"""The text of a document, from its files: which kind it is, how it is decoded, which LaTeX file is the main one."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from litdb.errors import InputError
from litdb.extract.types import SourceKind, SourceText

_SUFFIXES: dict[str, SourceKind] = {
    ".tex": "latex", ".ltx": "latex", ".latex": "latex", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".md": "markdown", ".markdown": "markdown", ".rmd": "markdown", ".mkd": "markdown",
    ".xml": "jats", ".nxml": "jats", ".jats": "jats",
}  # fmt: skip
_TEXTS = (".tex", ".ltx", ".sty", ".bbl", ".bib", ".cls", ".def", ".tikz", ".latex", ".txt", "")
_PDF = b"%PDF-"
_CLASS = re.compile(r"^[^%\n]*\\document(?:class|style)\b", re.M)
_SUBFILE = re.compile(r"^[^%\n]*\\documentclass\s*\[[^\]]*\]\s*\{subfiles\}", re.M)
_INCLUDED = re.compile(
    r"^[^%\n]*\\(?:input|include|subfile|(?:sub)?import\s*\{(?P<folder>[^{}]*)\})\s*\{?\s*(?P<file>[^\s{}%\\]+)",
    re.M,
)


def _decode(content: bytes | str) -> str:
    if isinstance(content, str):
        return content.replace("\r\n", "\n").replace("\r", "\n")
    for encoding in ("utf-8-sig", "latin-1"):
        try:
            return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", errors="replace")


def _suffix(name: str) -> str:
    return posixpath.splitext(name.lower())[1]


def _junk(name: str) -> bool:
    """Whether a file is an AppleDouble companion or another leftover of an archive."""
    parts = name.split("/")
    return parts[-1].startswith("._") or "__MACOSX" in parts or parts[-1] in (".DS_Store", "Thumbs.db")


def _kind_of(text: str) -> SourceKind | None:
    head = text[:20_000]
    if re.search(r"<!DOCTYPE\s+html|<html\b", head, re.I):
        return "html"
    if re.search(
        r"<article\b[^>]*(?:dtd-version|article-type)|<!DOCTYPE\s+article|JATS|<pmc-articleset", head
    ):
        return "jats"
    if head.lstrip().startswith("<?xml"):
        return "jats"
    if _CLASS.search(head) or "\\begin{" in head or "\\section" in head:
        return "latex"
    if re.search(r"<table\b|<span[^>]*ltx_tabular", head, re.I):
        return "html"
    if re.search(r"^#{1,6}\s|^\s*\|.*\|\s*$", head, re.M):
        return "markdown"
    return None


def _declared_main(files: Mapping[str, bytes | str]) -> str:
    """What arXiv's 00README names as the top-level file (lines in the old format, JSON in the new), or ''."""
    for name, content in files.items():
        if not posixpath.basename(name).lower().startswith("00readme"):
            continue
        text = _decode(content[:20_000])
        if match := re.search(r"^[ \t]*(\S+)[ \t]+toplevelfile\b", text, re.M):
            return match[1]
        for entry in re.findall(r"\{[^{}]*\}", text):
            filename = re.search(r'"filename"\s*:\s*"([^"]+)"', entry)
            if filename and re.search(r'"usage"\s*:\s*"toplevel"', entry):
                return filename[1]
    return ""


def _main_latex(files: Mapping[str, str]) -> str:
    """The file with \\documentclass that no other includes.

    Old versions of a paper often lie beside it. Of several candidates, the one with a .bbl of its name is taken;
    else the one that includes most files, then the longest.
    """
    candidates = [
        name
        for name, text in files.items()
        if _suffix(name) in (".tex", ".ltx", ".latex", "") and _CLASS.search(text)
    ]
    roots = [name for name in candidates if not _SUBFILE.search(files[name])] or candidates
    if not roots:
        roots = [name for name in files if _suffix(name) in (".tex", ".ltx", ".latex", "", ".txt")] or list(
            files
        )
    included: set[str] = set()
    for text in files.values():
        for match in _INCLUDED.finditer(text):
            path = posixpath.join(match["folder"] or "", match["file"])
            included.add(posixpath.splitext(posixpath.normpath(path))[0])
    free = [n for n in roots if posixpath.splitext(n)[0] not in included] or roots

    def weight(name: str) -> tuple[int, int, int, int, int]:
        text = files[name]
        usual = posixpath.splitext(posixpath.basename(name))[0].lower() in (
            "main",
            "paper",
            "ms",
            "manuscript",
            "article",
            "template",
        )
        has_body = "\\begin{document}" in text
        reach = sum(
            len(files[f])
            for m in _INCLUDED.finditer(text)
            for f in (m["file"], m["file"] + ".tex")
            if f in files
        )
        sent = posixpath.splitext(name)[0] + ".bbl" in files
        return (
            int(has_body),
            int(sent),
            int(usual and reach + len(text) > 2000),
            reach + len(text),
            -len(name),
        )

    return max(free, key=weight)


_HALVES = re.compile("[\ud800-\udfff]")


def _storable(text: str) -> str:
    """A text of the same length without what no database stores: NUL, and halves of characters."""
    return _HALVES.sub("\ufffd", text.replace("\0", " "))


def source_from_files(files: Mapping[str, bytes | str], name: str) -> SourceText:
    """Decide what a document is by its files' names and contents.

    `files` are the members of an archive or folder, or one file; `name` names the document in messages. Raises
    InputError when none of them is LaTeX, HTML, Markdown, JATS or, alone, a PDF.
    """
    kept = {path: content for path, content in files.items() if not _junk(path)}
    if not kept:
        raise InputError(f"{name}: no file to read")
    if len(kept) == 1:
        path, content = next(iter(kept.items()))
        if isinstance(content, bytes) and _PDF in content[:1024]:
            return SourceText("pdf", {path: ""}, path, data=content)
        if _suffix(path) == ".pdf":
            raise InputError(f"{name} is a broken PDF: give an undamaged copy")
    kinds: dict[str, SourceKind] = {}
    texts: dict[str, str] = {}
    for path, content in kept.items():
        suffix = _suffix(path)
        if suffix in _SUFFIXES or suffix in _TEXTS or len(kept) == 1:
            if isinstance(content, bytes) and b"\0" in content[:4096]:
                continue
            texts[path] = _storable(_decode(content))
            kind = _SUFFIXES.get(suffix)
            if kind is None or kind == "jats":
                kind = _kind_of(texts[path]) or kind
            if kind is not None:
                kinds[path] = kind
    if any(kind == "latex" for kind in kinds.values()):
        latex = {path: text for path, text in texts.items() if kinds.get(path, "latex") == "latex"}
        declared = _declared_main(kept)
        return SourceText("latex", latex, declared if declared in latex else _main_latex(latex))
    if not kinds:
        raise InputError(
            f"{name}: neither LaTeX, HTML, Markdown, JATS nor PDF; give the paper's source, or else its PDF"
        )
    main = max(kinds, key=lambda path: len(texts[path]))
    return SourceText(kinds[main], {main: texts[main]}, main)
