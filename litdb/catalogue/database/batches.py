"""Long lists of ids or keys in queries: cut into pieces under every database's limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

#: Members of one IN list.
SIZE = 400

_T = TypeVar("_T", int, str)


def batches(members: Iterable[_T]) -> Iterator[list[_T]]:
    """The distinct members in order, a few hundred at a time."""
    ordered = sorted(set(members))
    for start in range(0, len(ordered), SIZE):
        yield ordered[start : start + SIZE]
