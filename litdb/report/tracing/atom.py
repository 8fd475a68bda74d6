"""News of watches as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from litdb.evidence.tracing.watched import Watch
from litdb.report import escape
from litdb.values.names import digest

_ATOM = "http://www.w3.org/2005/Atom"


def atom(watches: Sequence[Watch]) -> str:
    """A feed of all that the watches ever brought, the newest first; the first sight of a watch is no news."""
    found = sorted(
        ((run.made_at, watch, item) for watch in watches for run in watch.news for item in run.news),
        key=lambda one: (one[0], one[1].name, one[2].key),
        reverse=True,
    )
    feed = ElementTree.Element("feed", xmlns=_ATOM)
    _text(feed, "title", "litdb: news of what is watched")
    _text(feed, "id", f"urn:litdb:watch:{digest(*sorted(watch.uid for watch in watches))}")
    _text(feed, "updated", found[0][0].isoformat() if found else "1970-01-01T00:00:00+00:00")
    author = ElementTree.SubElement(feed, "author")
    _text(author, "name", "litdb")
    for made_at, watch, item in found:
        entry = ElementTree.SubElement(feed, "entry")
        _text(entry, "title", item.words)
        _text(entry, "id", f"urn:litdb:news:{digest(watch.uid, escape.clean(item.key))}")
        _text(entry, "updated", made_at.isoformat())
        _text(entry, "summary", f"watch {watch.name}: {watch.text}")
        if item.paper.startswith("arXiv:"):
            ElementTree.SubElement(
                entry, "link", href=f"https://arxiv.org/abs/{item.paper.removeprefix('arXiv:')}"
            )
    ElementTree.indent(feed)
    return ElementTree.tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = escape.clean(text)
