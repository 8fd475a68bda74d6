"""Families of approaches: how papers of the field go about it, in the words of their titles (`families.toml`)."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from litdb.errors import UsageError

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Approach:
    """A family of approaches. `words` name it in texts; `components`, stated of a model, speak for it, `parts` a little."""

    id: str
    title: str
    words: tuple[str, ...] = ()
    components: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def approaches() -> tuple[Approach, ...]:
    """All families; of several that a title names, the one that stands first here counts."""
    text = resources.files("litdb.vocabulary").joinpath("families.toml").read_text(encoding="utf-8")
    return tuple(
        Approach(
            entry["id"],
            entry["title"],
            tuple(entry["words"]),
            frozenset(entry.get("components", ())),
            frozenset(entry.get("parts", ())),
        )
        for entry in tomllib.loads(text)["family"]
    )


def family_id(text: str, *, new: bool = False) -> str:
    """The id of the family that a user means; with `new` it may be one of their own. Raises UsageError with near names."""
    wanted = "-".join(text.lower().split())
    ids = [approach.id for approach in approaches()]
    if wanted in ids:
        return wanted
    if new and _ID.fullmatch(wanted):
        return wanted
    if new:
        raise UsageError(f"{text!r} cannot name a family: use small letters, digits and hyphens, at most 40")
    near = difflib.get_close_matches(wanted, ids, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"it is {', '.join(ids)};"
    raise UsageError(f"no family is called {text!r}: {hint} `--new` makes one of your own")
