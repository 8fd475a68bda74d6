"""The seed's text files as values."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from importlib import resources

from litdb.vocabulary.protocol import Item, Protocol


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a seed table, every field a string."""
    text = resources.files("litdb.seed").joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)


def date(text: str) -> dt.date | None:
    """An ISO date, or None for an empty field."""
    return dt.date.fromisoformat(text) if text else None


def protocol(text: str, note: str = "") -> Protocol:
    """`item=value; item=value`: stated by the source, `item=value @ section 3` in that part of it; `item=~value` is inferred, for
    the reason that `note` tells."""
    items = {}
    for part in filter(None, (p.strip() for p in text.split(";"))):
        name, _, said = part.partition("=")
        value, _, place = said.partition(" @ ")
        items[name] = Item(value[1:], "inferred", note) if value.startswith("~") else Item(value, note=place)
    return Protocol.of(items)
