"""A LaTeX project on disk, read: what the main file includes and nothing else, within bounds."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from litdb.draft.text.comments import comments
from litdb.draft.text.entries import from_bibtex, from_items
from litdb.draft.text.lines import Lines
from litdb.draft.text.project import DraftEntry, DraftProject
from litdb.draft.text.prose import MOST_SENTENCES, Prose
from litdb.draft.text.tables import DrawnMarks, tables
from litdb.errors import InputError
from litdb.extract.document import extract
from litdb.extract.latex.expand import Expander
from litdb.extract.limits import SECONDS, Deadline
from litdb.extract.types import Reference, SourceText
from litdb.intake.local import local_source
from litdb.sources.files import read_bytes, read_file

#: The longest bibliography that is read.
_MOST_BIB = 20_000_000
_MOST_BIBS = 20
_NAMED = re.compile(
    r"(?<!%)\\(?:bibliography|addbibresource|addglobalbib|addsectionbib)(?![A-Za-z@])\s*(?:\[[^\[\]]{0,300}\]\s*)?\{([^{}]{1,2000})\}"
)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%.*")


def read_project(path: str | Path, bib: str | Path | None = None) -> DraftProject:
    """Read a draft from its main file; `bib` is a BibTeX file in the place of those that it names.

    Files that the main file includes are read from its folder and below, nothing outside. Raises InputError for a file that
    cannot be read or is no LaTeX, TooLarge past a bound on size or time.
    """
    main = Path(path)
    if main.suffix not in (".tex", ".ltx"):
        raise InputError(f"{path} is no LaTeX file: give the main file of the draft, such as paper.tex")
    source = local_source(main, read_bytes(main))
    if source.kind != "latex":
        raise InputError(f"{path} is no LaTeX: give the main file of the draft, such as paper.tex")
    lines = Lines(source.files)
    extraction = extract(source)
    expander = Expander(source.files, Deadline(SECONDS))
    tokens = expander.run(source.main)
    prose = Prose(tokens, lines)
    prose.walk()
    found, remarks = _bibliography(main, source, bib, extraction.references, lines)
    if len(prose.sentences) >= MOST_SENTENCES:
        remarks.append(f"more than {MOST_SENTENCES} sentences; the rest is not read")
    said = tuple(
        comment for name, text in source.files.items() if _is_text(name) for comment in comments(name, text)
    )
    return DraftProject(
        source.main,
        tuple(prose.sentences),
        tables(extraction, lines, DrawnMarks(tokens)),
        found,
        tuple(prose.citations),
        said,
        tuple(dict.fromkeys((*extraction.remarks, *expander.remarks, *remarks))),
        bool(found),
    )


def _is_text(name: str) -> bool:
    return name.endswith((".tex", ".ltx")) or "." not in posixpath.basename(name)


def _bibliography(
    main: Path, source: SourceText, bib: str | Path | None, items: tuple[Reference, ...], lines: Lines
) -> tuple[tuple[DraftEntry, ...], list[str]]:
    """The entries, and what could not be read. A file that was asked for must be one."""
    if bib is not None:
        text = read_file(str(bib), _MOST_BIB)
        name = _relative(Path(bib), main)
        return tuple(from_bibtex(text, name)), []
    found: list[DraftEntry] = []
    remarks: list[str] = []
    for name in list(dict.fromkeys(_named(source.files)))[:_MOST_BIBS]:
        file = _inside(main, name)
        if file is None:
            remarks.append(f"{name}: named as a bibliography, but no file of the draft's folder")
            continue
        try:
            found += from_bibtex(read_file(str(file), _MOST_BIB), name)
        except InputError as error:
            remarks.append(str(error))
    if found:
        return tuple(found), remarks
    return tuple(from_items(items, source.files, lines)), remarks


def _named(files: Mapping[str, str]) -> Iterator[str]:
    """The BibTeX files that the draft names, relative to its folder."""
    for name, text in files.items():
        if not _is_text(name):
            continue
        for match in _NAMED.finditer(_COMMENT.sub(r"\1", text)):
            for part in match[1].split(","):
                bare = part.strip()
                if bare:
                    yield bare if bare.endswith(".bib") else f"{bare}.bib"


def _inside(main: Path, name: str) -> Path | None:
    """A file below the draft's folder that is no link to elsewhere."""
    root = main.resolve().parent
    if name.startswith(("/", "~")) or "\0" in name:
        return None
    try:
        file = (root / name).resolve()
        return file if file.is_file() and file.is_relative_to(root) else None
    except OSError:
        return None


def _relative(file: Path, main: Path) -> str:
    try:
        return file.resolve().relative_to(main.resolve().parent).as_posix()
    except ValueError:
        return str(file)
