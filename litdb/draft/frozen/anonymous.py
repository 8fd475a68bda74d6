"""What a supplement must not tell: names of persons and machines, paths, addresses; found, replaced, and looked for again."""

from __future__ import annotations

import contextlib
import getpass
import os
import re
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litdb.errors import LitdbError

#: What stands in the place of what is not told.
REMOVED = "[removed]"
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
#: Paths of people's machines: from the root, of a drive, of a home. No fraction (`1/2`) and no unit (`dB/s`).
_PATH = re.compile(
    r"(?<![\w:/.])/(?:[\w.+@~-]+/)+[\w.+@~-]*|(?<![\w:/.])/(?:home|root|Users|mnt|media|data|scratch|tmp|srv|work)\b[^\s\"',;)]*"
    r"|\b[A-Za-z]:\\[^\s\"',;]*|\\\\[\w.-]+\\[^\s\"',;]*|(?<!\w)~/[^\s\"',;)]*|\bfile://\S*"
)
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
#: Keys of a recorded run that are told; all others may say where and by whom.
_TOLD = frozenset({
    "kind", "model", "network", "recipe", "data", "extended", "environment", "seed", "libraries", "python", "processes", "backend",
    "devices", "machines", "threads", "precision", "compiled", "deterministic", "training_files", "validation_files",
})  # fmt: skip
#: Of these, all that is below is told, once it is no path, address or name.
_WHOLE = frozenset({"network", "recipe", "libraries"})
_HIDDEN = re.compile(r"(?:^|_)(?:path|paths|root|dir|folder|file|host|hostname|user|author|owner|email|mail|machine_name|home|url|"
                     r"from|resume|command|argv|cwd|remote|git|commit|name)$", re.IGNORECASE)  # fmt: skip
_SHORTEST = 3  # of a part of a name: `de` and `van` stand in other words too


@dataclass(frozen=True, slots=True)
class Hider:
    """Takes names, paths and addresses out of texts; `names` are words that are never told, `renamed` go by another name."""

    names: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)

    def text(self, text: str) -> str:
        """The text without them."""
        for old in sorted(self.renamed, key=len, reverse=True):
            text = re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", self.renamed[old], text)
        for pattern in (_EMAIL, _PATH, _ADDRESS):
            text = pattern.sub(REMOVED, text)
        found = self._pattern()
        return found.sub(REMOVED, text) if found is not None else text

    def of(self, value: Any) -> Any:
        """JSON without them; its keys are litdb's own."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.of(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.of(one) for one in value]
        return value

    def check(self, files: Mapping[str, bytes]) -> None:
        """Raise LitdbError where a file, or its name, still tells what it must not."""
        found = self._pattern()
        for name, data in files.items():
            text = f"{name}\n{data.decode('utf-8', 'replace')}"
            for pattern in (found, _EMAIL, _PATH):
                if pattern is not None and (match := pattern.search(text)):
                    raise LitdbError(
                        f"{name} would tell {match.group()!r:.80}: nothing is written; rename what carries it, or tell litdb's authors"
                    )

    def _pattern(self) -> re.Pattern[str] | None:
        wanted = sorted((re.escape(one) for one in self.names), key=len, reverse=True)
        return (
            re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(wanted)})(?![A-Za-z0-9])", re.IGNORECASE)
            if wanted
            else None
        )


def told(details: Mapping[str, Any]) -> dict[str, Any]:
    """What of a recorded run is told: its network, recipe, seed, software and kind of device, no path and no machine."""
    return {
        key: _whole(value) if key in _WHOLE else told(value) if isinstance(value, Mapping) else value
        for key, value in details.items()
        if key in _TOLD
    }


def _whole(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _whole(one) for key, one in value.items() if not _HIDDEN.search(str(key))}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return value


def names_here(others: Iterable[str] = ()) -> tuple[str, ...]:
    """The names of the user, of this machine and its domain, of the home folder, and `others`; parts of two names too."""
    found: dict[str, None] = {}
    variables = ("USER", "LOGNAME", "USERNAME", "LITDB_USER", "GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "HOSTNAME", "COMPUTERNAME",
                 "EMAIL", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL")  # fmt: skip
    said = [os.environ.get(name, "") for name in variables]
    with contextlib.suppress(KeyError, OSError, ImportError):  # a user without a name
        said.append(getpass.getuser())
    said += [socket.gethostname(), Path.home().name, *others]
    for one in map(str.strip, said):
        parts = (one.partition(".")[0], one.partition("@")[0], *one.split())
        for part in (one, *(part for part in parts if len(part) >= _SHORTEST)):
            if len(part) > 1 and not part.isdigit():
                found[part] = None
    return tuple(found)
