"""The files that a LaTeX file on disk includes, directly or through others: what lies beside it by chance is no part of it."""

from __future__ import annotations

import glob
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

#: Bounds of what one file may bring along: files, bytes of one and of all.
_MOST_FILES = 2_000
_MOST_BYTES = 5_000_000
_MOST_TEXT = 64_000_000
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%.*")
#: `\input{name}`, `\input name`, `\include{name}`, `\subfile{name}`, ...
_INPUT = re.compile(
    r"\\(?:input|include|subfile|subfileinclude|InputIfFileExists)(?![A-Za-z@])\s*"
    r"(?:\{([^{}]{1,300})\}|([^\s{}]{1,300}))"
)
#: `\import{folder}{name}`, ...
_IMPORT = re.compile(
    r"\\(?:sub)?(?:import|includefrom|inputfrom)\*?\s*\{([^{}]{0,300})\}\s*\{([^{}]{1,300})\}"
)
_STYLE = re.compile(
    r"\\(usepackage|RequirePackage|documentclass|LoadClass)\s*(?:\[[^\[\]]{0,1000}\]\s*)?\{([^{}]{1,2000})\}"
)
_ARGUMENT = re.compile(r"\{([\w./-]{1,300})\}")
_TEX = ("", ".tex", ".ltx")
_BIBLIOGRAPHY = re.compile(r"\\(?:bibliography|printbibliography)(?![A-Za-z@])")
#: What a name holds that only TeX can fill in: the argument of a macro, or a macro.
_OPEN = re.compile(r"#\d|\\[A-Za-z@]+\s*")


def included_files(path: Path, data: bytes) -> dict[str, bytes]:
    """The files that a LaTeX file includes, by their names below its folder; none outside of it, and no links.

    A name with a macro in it brings the files of that form.
    """
    root = path.resolve().parent
    found: dict[str, bytes] = {}
    waiting = [(path.name, data)]
    left = _MOST_TEXT
    while waiting:
        including, content = waiting.pop(0)
        for name in _names(_COMMENT.sub(r"\1", content.decode("latin-1")), including, path.name):
            for file in _matching(root, name):
                key = file.relative_to(root).as_posix()
                if key in found or key == path.name or len(found) >= _MOST_FILES:
                    continue
                read = file.read_bytes()
                left -= len(read)
                if left < 0:
                    return found
                found[key] = read
                waiting.append((key, read))
    return found


def _names(text: str, including: str, main: str) -> Iterator[str]:
    """What a text includes, as file names below the folder of the main file; several spellings for one are alternatives."""
    wanted: list[tuple[str, tuple[str, ...]]] = [
        (match[1] or match[2], _TEX) for match in _INPUT.finditer(text)
    ]
    # A macro that inputs its argument: any argument may be that.
    if any(_is_open(name) for name, _ in wanted):
        wanted += [(match[1], _TEX) for match in _ARGUMENT.finditer(text)]
    wanted += [(f"{match[1].strip()}/{match[2].strip()}", _TEX) for match in _IMPORT.finditer(text)]
    for match in _STYLE.finditer(text):
        ending = ".cls" if match[1] in ("documentclass", "LoadClass") else ".sty"
        wanted += [(name, (ending,)) for name in match[2].split(",")]
    for name, endings in wanted:
        for folder in dict.fromkeys((posixpath.dirname(including), "")):
            inside = posixpath.normpath(posixpath.join(folder, name.strip().strip('"')))
            yield from (inside + ending for ending in endings)
    if _BIBLIOGRAPHY.search(text):
        yield posixpath.splitext(main)[0] + ".bbl"


def _matching(root: Path, name: str) -> list[Path]:
    """The files of that name below `root`, a macro standing for any text without a slash."""
    if name.startswith(("/", "~", "..")) or "\0" in name:
        return []
    parts = _OPEN.split(name)
    if len(parts) > 1 and _is_open(name):
        return []  # that would be every file
    try:
        files = sorted(root.glob("*".join(map(glob.escape, parts)))) if len(parts) > 1 else [root / name]
        return [file for file in files if _is_part(file)]
    except (OSError, ValueError):
        return []  # a name that no file can have


def _is_open(name: str) -> bool:
    """Whether nothing of a name is known but perhaps its ending."""
    return not re.search(r"\w", _OPEN.sub("", re.sub(r"\.[a-z]{3}$", "", name)))


def _is_part(file: Path) -> bool:
    return file.is_file() and file.resolve() == file and file.stat().st_size <= _MOST_BYTES
