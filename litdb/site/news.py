"""What is new in a catalogue, by date: papers and their versions, what was read, decisions, own runs, watches."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from litdb.report.tracing.atom import Entry, feed
from litdb.site.told import ChangeLine, ChangesTold
from litdb.values.names import digest

if TYPE_CHECKING:
    from litdb.questions.whole.everything import Everything
    from litdb.site.links import Links

#: How many changes are told.
MOST = 200


def news(everything: Everything, links: Links) -> ChangesTold:
    """The newest changes, the newest first; one of a day is told before those of an hour in it."""
    found = [
        *_papers(everything, links),
        *_decisions(everything),
        *_runs(everything, links),
        *_watched(everything),
    ]
    found.sort(key=lambda change: (change.title.casefold(), change.id))
    found.sort(key=lambda change: change.at, reverse=True)
    return ChangesTold(tuple(found[:MOST]))


def by_day(told: ChangesTold) -> list[tuple[str, list[ChangeLine]]]:
    """The changes by day, the newest first."""
    return [
        (day, list(some)) for day, some in groupby(told.changes, lambda change: change.at.date().isoformat())
    ]


def news_feed(told: ChangesTold, everything: Everything, url: str) -> str:
    """The changes as an Atom feed; its links are whole where the address of the site is known."""
    names = digest("site", *(paper.key for paper in everything.papers))
    entries = [
        Entry(
            f"{change.kind}: {change.title}", f"urn:litdb:change:{change.id}", change.at, change.words or change.title,
            f"{url}{change.href}" if change.href else "",
        )
        for change in told.changes
    ]  # fmt: skip
    return feed("litdb: what is new in the catalogue", url or f"urn:litdb:site:{names}", entries)


def _moment(day: dt.date | dt.datetime) -> dt.datetime:
    if isinstance(day, dt.datetime):
        return day.astimezone(dt.UTC) if day.tzinfo else day.replace(tzinfo=dt.UTC)
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def _change(
    at: dt.date | dt.datetime, kind: str, title: str, words: str, href: str, *about: object
) -> ChangeLine:
    return ChangeLine(_moment(at), kind, title, words, href, digest(kind, *about))


def _papers(everything: Everything, links: Links) -> Iterator[ChangeLine]:
    for paper in everything.papers:
        title, href = paper.title or paper.key, links.paper(paper.key)
        if paper.date is not None:
            yield _change(paper.date, "paper", title, "appeared", href, paper.key)
        for version in paper.versions:
            if version.submitted is not None and (version.version > 1 or version.withdrawn):
                said = f"version {version.version}" + (
                    f", withdrawn: {version.withdrawn}" if version.withdrawn else ""
                )
                yield _change(version.submitted, "version", title, said, href, paper.key, version.version)
        days = {document.fetched_at for document in paper.documents if document.fetched_at is not None}
        for at in sorted(days)[-1:]:
            counts = Counter(value.status for value in everything.in_papers.get(paper.key, ()))
            said = ", ".join(f"{number} {status}" for status, number in sorted(counts.items()))
            yield _change(
                at, "read", title, f"results: {said}" if said else "no results", href, paper.key, at
            )


def _decisions(everything: Everything) -> Iterator[ChangeLine]:
    for entry in everything.history:
        state = "" if entry.state == "in force" else f" ({entry.state})"
        said = "; ".join(filter(None, (entry.detail, entry.reason, f"by {entry.who}"))) + state
        yield _change(entry.made_at, "decision", f"{entry.kind}: {entry.about}", said, "", entry.uid)


def _runs(everything: Everything, links: Links) -> Iterator[ChangeLine]:
    for run in everything.runs:
        for checkpoint in run.checkpoints:
            if checkpoint.date is not None:
                said = f"{run.model}, checkpoint {checkpoint.name}"
                yield _change(checkpoint.date, "run", run.key, said, links.run(run.key), checkpoint.key)


def _watched(everything: Everything) -> Iterator[ChangeLine]:
    for watch in everything.watches:
        for run in watch.news:
            for item in run.news:
                yield _change(run.made_at, "watch", watch.name, item.words, "", watch.uid, item.key)
