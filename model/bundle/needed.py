"""What a folder of wheels still lacks, for a project to be installed from it on another machine.

pip judges the conditions of requirements (`platform_system == "Linux"`, `python_version < "3.12"`) by the machine that it
runs on, also when it downloads for another one, and so leaves out what only the other one needs (say NVIDIA's libraries
of PyTorch). Here they are judged by the other one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from email.parser import HeaderParser
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename

from model.errors import ModelError


def missing(
    folder: Path, project: str, markers: Mapping[str, str], tools: Mapping[str, Sequence[str]]
) -> list[Requirement]:
    """The requirements of a project (`name[extra]`) and of all it needs that no file of the folder meets.

    Each name once, by name. What is there is taken as fitting: pip chose it. `tools` are what projects are built with,
    of which there is the source.
    """
    there = dict(_files(folder))
    todo = [Requirement(project)]
    seen: set[tuple[str, frozenset[str]]] = set()
    lacking: dict[str, Requirement] = {}
    while todo:
        wanted = todo.pop()
        name, extras = str(canonicalize_name(wanted.name)), frozenset(wanted.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        if name not in there:
            lacking.setdefault(name, wanted)
        elif there[name].suffix == ".whl":
            todo += [need for need in _needs(there[name]) if _applies(need, extras, markers)]
        else:
            todo += [Requirement(tool) for tool in tools.get(name, ())]
    return [_plain(lacking[name]) for name in sorted(lacking)]


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Names of projects, and their wheels, else their sources."""
    for path in sorted(folder.glob("*.tar.gz")):
        yield str(parse_sdist_filename(path.name)[0]), path
    for path in sorted(folder.glob("*.whl")):
        yield str(parse_wheel_filename(path.name)[0]), path


def _needs(wheel: Path) -> list[Requirement]:
    try:
        with ZipFile(wheel) as content:
            name = next(name for name in content.namelist() if name.endswith(".dist-info/METADATA"))
            text = content.read(name).decode("utf-8")
    except (BadZipFile, StopIteration) as error:
        raise ModelError(f"{wheel} is not a whole wheel; delete it and run the command again") from error
    return [Requirement(line) for line in HeaderParser().parsestr(text).get_all("Requires-Dist") or []]


def _applies(need: Requirement, extras: frozenset[str], markers: Mapping[str, str]) -> bool:
    if need.marker is None:
        return True
    return any(need.marker.evaluate({**markers, "extra": extra}) for extra in extras or {""})


def _plain(need: Requirement) -> Requirement:
    """Without its condition, which was judged."""
    need.marker = None
    return need
