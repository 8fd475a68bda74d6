"""Where each page lies: a file name for every key, the same at every build."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from litdb.values.names import digest

_LONGEST = 80
#: Names that a file may not have on Windows.
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)


def file_names(keys: Iterable[str]) -> dict[str, str]:
    """A file name without its ending for each key: lower case, in letters that every file system and address can have.

    Of keys that would have one name, the first in order has it; the others, and those that are too long, end in some digits
    of a digest.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        alike[_plain(key)].append(key)
    return {
        key: name
        if place == 0 and name == name[:_LONGEST] and name and name not in _RESERVED
        else _made(name, key)
        for name, some in alike.items()
        for place, key in enumerate(sorted(set(some)))
    }


def _plain(key: str) -> str:
    text = unicodedata.normalize("NFKD", key).replace("+", "-plus").lower()
    return re.sub(r"[^a-z0-9_.]+", "-", text).strip("-.")


def _made(name: str, key: str) -> str:
    return f"{name[:_LONGEST].strip('-.')}-{digest(key)[:8]}".lstrip("-")


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of pages from the root of the site, by key; '' for what has no page."""

    models: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, str] = field(default_factory=dict)
    runs: Mapping[str, str] = field(default_factory=dict)
    boards: Mapping[str, str] = field(default_factory=dict)

    def model(self, key: str) -> str:
        """The page of a model."""
        return _page("m", self.models.get(key, ""))

    def paper(self, key: str) -> str:
        """The page of a paper."""
        return _page("p", self.papers.get(key, ""))

    def run(self, key: str) -> str:
        """The page of an own run."""
        return _page("r", self.runs.get(key, ""))

    def board(self, dataset: str) -> str:
        """The leaderboard of a test set."""
        return _page("t", self.boards.get(dataset, ""))


def _page(folder: str, name: str) -> str:
    return f"{folder}/{name}.html" if name else ""
