"""Atom feeds (RFC 4287): of any entries, and the news of watches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from litdb.evidence.tracing.watched import Watch
from litdb.report import escape
from litdb.values.names import digest

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed; `link` is the address of its page, '' for none."""

    title: str
    id: str
    updated: dt.datetime
    summary: str
    link: str = ""


def atom(watches: Sequence[Watch]) -> str:
    """A feed of all that the watches ever brought, the newest first; the first sight of a watch is no news."""
    found = sorted(
        ((run.made_at, watch, item) for watch in watches for run in watch.news for item in run.news),
        key=lambda one: (one[0], one[1].name, one[2].key),
        reverse=True,
    )
    entries = [
        Entry(
            item.words,
            f"urn:litdb:news:{digest(watch.uid, escape.clean(item.key))}",
            made_at,
            f"watch {watch.name}: {watch.text}",
            f"https://arxiv.org/abs/{item.paper.removeprefix('arXiv:')}"
            if item.paper.startswith("arXiv:")
            else "",
        )
        for made_at, watch, item in found
    ]
    number = digest(*sorted(watch.uid for watch in watches))
    return feed("litdb: news of what is watched", f"urn:litdb:watch:{number}", entries)


def feed(title: str, number: str, entries: Sequence[Entry]) -> str:
    """A feed of these entries, in their order (the newest first); `number` is its id, an IRI."""
    root = ElementTree.Element("feed", xmlns=_ATOM)
    _text(root, "title", title)
    _text(root, "id", number)
    newest = max((entry.updated for entry in entries), default=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    _text(root, "updated", newest.isoformat())
    author = ElementTree.SubElement(root, "author")
    _text(author, "name", "litdb")
    for one in entries:
        entry = ElementTree.SubElement(root, "entry")
        _text(entry, "title", one.title)
        _text(entry, "id", one.id)
        _text(entry, "updated", one.updated.isoformat())
        _text(entry, "summary", one.summary)
        if one.link:
            ElementTree.SubElement(entry, "link", href=one.link)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = escape.clean(text)
