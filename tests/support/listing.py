"""A stand-in for arXiv's listing by OAI-PMH, in the format arXivRaw, for made-up papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.support.service import Answer, Request, Service


@dataclass(frozen=True)
class Entry:
    """A made-up paper in the listing; `changed` is the day of its record, no versions mean that it is gone."""

    id: str
    title: str = "A synthetic paper"
    changed: str = "2026-05-01"
    versions: Sequence[str] = ("Tue, 18 Nov 2025 14:03:00 GMT",)
    abstract: str = "A synthetic abstract about speech enhancement."
    authors: str = "Ada One (Somewhere (Here)), Bea Two and Cem Three"
    category: str = "cs.SD"


class Listing:
    """The listing as a service: pages of `size`; tokens are numbers that `forget` makes unknown."""

    def __init__(self, entries: Sequence[Entry], *, size: int = 2, day: str = "2026-06-01") -> None:
        self.entries, self.size, self.day = list(entries), size, day
        self._lists: dict[str, list[Entry]] = {}
        self.service = Service(self._answer)

    def forget(self) -> None:
        """Let every token expire."""
        self._lists.clear()

    def _answer(self, request: Request) -> Answer:
        asked = request.query
        if "resumptionToken" in asked:
            name, _, start = asked["resumptionToken"].partition("|")
            if name not in self._lists or len(asked) != 2:
                return self._page('<error code="badResumptionToken">The token is unknown</error>')
            return self._records(name, int(start))
        if asked.get("metadataPrefix") != "arXivRaw" or asked.get("verb") != "ListRecords":
            return self._page('<error code="badArgument">unknown</error>')
        archive, _, subject = asked["set"].rpartition(":")
        category = f"{archive.partition(':')[0]}.{subject}"
        since = asked.get("from", "")
        found = [entry for entry in self.entries if entry.category == category and entry.changed >= since]
        if not found:
            return self._page('<error code="noRecordsMatch">nothing</error>')
        name = str(len(self._lists) + 1)
        self._lists[name] = found
        return self._records(name, 0)

    def _records(self, name: str, start: int) -> Answer:
        entries = self._lists[name]
        body = "".join(map(_record, entries[start : start + self.size]))
        after = start + self.size
        token = f"{name}|{after}" if after < len(entries) else ""
        if start or token:
            body += f'<resumptionToken cursor="{start}" completeListSize="{len(entries)}">{token}</resumptionToken>'
        return self._page(f"<ListRecords>{body}</ListRecords>")

    def _page(self, inner: str) -> Answer:
        return Answer(
            f"<?xml version='1.0' encoding='UTF-8'?><OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'>"
            f"<responseDate>{self.day}T04:00:00Z</responseDate><request>x</request>{inner}</OAI-PMH>".encode(),
            kind="text/xml",
        )


def _record(entry: Entry) -> str:
    status = "" if entry.versions else ' status="deleted"'
    header = (
        f"<header{status}><identifier>oai:arXiv.org:{entry.id}</identifier>"
        f"<datestamp>{entry.changed}</datestamp></header>"
    )
    if not entry.versions:
        return f"<record>{header}</record>"
    versions = "".join(
        f'<version version="v{number}"><date>{date}</date><size>9kb</size></version>'
        for number, date in enumerate(entry.versions, 1)
    )
    return (
        f"<record>{header}<metadata><arXivRaw xmlns='http://arxiv.org/OAI/arXivRaw/'><id>{entry.id}</id>"
        f"<submitter>Ada One</submitter>{versions}<title>{escape(entry.title)}</title>"
        f"<authors>{escape(entry.authors)}</authors><categories>{entry.category} eess.AS</categories>"
        f"<abstract>  {escape(entry.abstract)}\n</abstract></arXivRaw></metadata></record>"
    )
