"""The folder of a site: files appear all at once, pages that are gone go, and what is not the site's is left alone."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from litdb.errors import InputError, LitdbError

#: The list of the site's files; a folder that has it is a former site.
MANIFEST = ".litdb-site.json"
_LOCK, _STAGE = ".litdb-site.lock", ".litdb-site.new"
_OURS = frozenset({MANIFEST, _LOCK, _STAGE})


@dataclass(frozen=True, slots=True)
class SiteWritten:
    """What writing a site did: its files and bytes, how many files are new or other than before, how many went."""

    files: int
    size: int
    changed: int
    removed: int


def check_folder(out: Path) -> None:
    """Raise InputError unless a site may be written there: a new or empty folder, or that of a former site."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise InputError(f"{out} is no folder: name one that is empty, new or of a former site")
    if not out.exists():
        parent = next(p for p in out.absolute().parents if p.exists())
        if not parent.is_dir() or not os.access(parent, os.W_OK):
            raise InputError(f"the folder {parent} may not be written: name a folder elsewhere")
        return
    if not os.access(out, os.W_OK):
        raise InputError(f"the folder {out} may not be written: name one elsewhere")
    others = sorted(entry.name for entry in out.iterdir() if entry.name not in _OURS)
    if others and not (out / MANIFEST).is_file():
        raise InputError(
            f"{out} holds other files ({others[0]}) and no former site: name an empty or new folder"
        )
    _former(out)


def write_site(out: Path, files: Iterable[tuple[str, bytes]]) -> SiteWritten:
    """Write these files (paths from the root of the site, with `/`) and remove those of the former site that are gone.

    All are written aside first and then put into their places, the list of files last, so that a build that fails changes
    nothing. Raises InputError for a folder or a file that is not the site's, LitdbError when another build is at work.
    """
    check_folder(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with FileLock(out / _LOCK, timeout=0), _stage(out) as stage:
            return _put(out, stage, files)
    except Timeout:
        raise LitdbError(f"another `litdb site build` is writing to {out}: wait until it is done") from None
    except OSError as error:
        raise LitdbError(f"{error.filename or out} cannot be written: {error.strerror or error}") from error


@contextlib.contextmanager
def _stage(out: Path) -> Iterator[Path]:
    stage = out / _STAGE
    shutil.rmtree(stage, ignore_errors=True)  # of a build that was killed
    stage.mkdir()
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _put(out: Path, stage: Path, files: Iterable[tuple[str, bytes]]) -> SiteWritten:
    former = _former(out)
    names: set[str] = set()
    size, fresh = 0, []
    for name, content in files:
        if not _inside(name) or name in names:
            raise AssertionError(f"two pages, or one outside the site: {name}")
        names.add(name)
        size += len(content)
        target = out / name
        _check_place(out, target)
        if target.is_file() and not target.is_symlink():
            if name not in former:
                raise InputError(f"{target} is not of the site: move it away, its name is that of a page")
            if target.stat().st_size == len(content) and target.read_bytes() == content:
                continue
        aside = stage / name
        aside.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        fresh.append(name)
    _list(out, sorted(names | former))  # whatever happens from here on, every file is known to be the site's
    for name in fresh:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(stage / name, out / name)
    gone = sorted(former - names)
    for name in gone:
        with contextlib.suppress(FileNotFoundError):
            (out / name).unlink()
    for folder in sorted({parent for name in gone for parent in PurePosixPath(name).parents}, reverse=True):
        with contextlib.suppress(OSError):  # it holds something
            if str(folder) != ".":
                (out / folder).rmdir()
    _list(out, sorted(names))
    return SiteWritten(len(names), size, len(fresh), len(gone))


def _list(out: Path, names: list[str]) -> None:
    aside = out / _STAGE / "list"
    aside.write_text(json.dumps({"litdb site": 1, "files": names}, indent=0), encoding="utf-8")
    os.replace(aside, out / MANIFEST)


def _former(out: Path) -> set[str]:
    """The files of the former site. Raises InputError for a list that cannot be one."""
    place = out / MANIFEST
    if not place.is_file():
        return set()
    try:
        listed = json.loads(place.read_text(encoding="utf-8"))["files"]
        names = {name for name in listed if isinstance(name, str) and _inside(name)}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{place} is no list of a site's files: name an empty or new folder") from error
    if len(names) != len(listed):
        raise InputError(f"{place} lists files outside the site: name an empty or new folder")
    return {name for name in names if not (out / name).is_symlink() and _plain_way(out, out / name)}


def _inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and not name.startswith("/")
        and ".." not in parts
        and "\\" not in name
        and "\0" not in name
    )


def _check_place(out: Path, target: Path) -> None:
    if not _plain_way(out, target) or target.is_symlink() or target.is_dir():
        raise InputError(f"{target} is not of the site: move it away, its name is that of a page")


def _plain_way(out: Path, target: Path) -> bool:
    """Whether no folder between the site and a file is a link to elsewhere."""
    return not any(parent.is_symlink() for parent in target.parents if out in parent.parents)
