"""The built site as files: nothing outside its folder, whatever the path says or a link points to."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from litdb.site.desk.guard import Unanswered

#: What a browser is told of a file, by its ending.
_KINDS = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".json": "application/json", ".jsonl": "application/x-ndjson", ".svg": "image/svg+xml", ".png": "image/png",
    ".pdf": "application/pdf", ".csv": "text/csv; charset=utf-8", ".tsv": "text/tab-separated-values; charset=utf-8",
    ".txt": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8", ".bib": "text/plain; charset=utf-8",
    ".tex": "text/plain; charset=utf-8", ".atom": "application/atom+xml", ".xml": "application/xml", ".woff2": "font/woff2",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file to send: where it lies, how long it is, what it is."""

    path: Path
    size: int
    kind: str


def site_file(folder: Path, path: str) -> SiteFile:
    """The file of the folder that a request's path names; a folder stands for its index.html. Raises Unanswered (404)."""
    missing = Unanswered(404, "there is no such page")
    try:
        plain = unquote(path, errors="strict")
    except UnicodeDecodeError as error:
        raise missing from error
    parts = plain.removeprefix("/").split("/")
    if not parts[-1]:
        parts[-1] = "index.html"
    if any(part in ("", ".", "..") or part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        raise missing
    try:
        root = folder.resolve(strict=True)
        found = root.joinpath(*parts).resolve(strict=True)
        state = found.stat()
    except (OSError, RuntimeError, ValueError) as error:
        raise missing from error
    if not found.is_relative_to(root) or not stat.S_ISREG(state.st_mode):
        raise missing
    return SiteFile(found, state.st_size, _KINDS.get(found.suffix.lower(), "application/octet-stream"))
