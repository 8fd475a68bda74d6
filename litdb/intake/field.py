"""The field into its index: from a file of metadata, or from arXiv's listing, page by page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from litdb.catalogue.index.field_index import FieldIndex, Listing, Taken
from litdb.errors import InputError
from litdb.sources.field.files import read_listing
from litdb.sources.field.listed import Listed, Unlisted
from litdb.sources.field.oai import ListingExpired, ListingPage, ListingSource

#: The categories of the field.
CATEGORIES = ("cs.SD", "eess.AS")
#: How many records that could not be taken are named.
_NAMED = 20


@dataclass(frozen=True, slots=True)
class IndexLoaded:
    """What a file gave. `other` are records of other categories; `unlisted` names the first of those that were `unusable`."""

    taken: Taken
    other: int
    unusable: int
    unlisted: tuple[Unlisted, ...]


@dataclass(frozen=True, slots=True)
class IndexPage:
    """A page of arXiv's listing that was taken in, with all pages before it."""

    category: str
    taken: Taken
    unlisted: tuple[Unlisted, ...]
    total: int | None
    done: bool
    again: bool = False
    """Whether the listing began anew, because arXiv no longer knew where it was to go on."""


def load_file(index: FieldIndex, file: Path, categories: Collection[str] = CATEGORIES) -> IndexLoaded:
    """Take in a file of metadata, whole or not at all; of these categories only, where any are given.

    What states no category is taken. Raises InputError when nothing of the file can be used.
    """
    wanted, counts = frozenset(categories), {"other": 0, "unusable": 0}
    unlisted: list[Unlisted] = []

    def papers() -> Iterator[Listed]:
        for record in read_listing(file):
            if isinstance(record, Unlisted):
                counts["unusable"] += 1
                if len(unlisted) < _NAMED:
                    unlisted.append(record)
            elif record.within(wanted):
                yield record
            else:
                counts["other"] += 1

    taken = index.take(papers())
    if counts["unusable"] and taken == Taken() and not counts["other"]:
        raise InputError(f"no record of {file.name} can be used; {unlisted[0].place}: {unlisted[0].reason}")
    return IndexLoaded(taken, counts["other"], counts["unusable"], tuple(unlisted))


def update_category(index: FieldIndex, source: ListingSource, category: str) -> Iterator[IndexPage]:
    """Take in arXiv's listing of a category, each page as it comes: all of it, or what changed since the last time.

    An interrupted listing goes on where it was; one that arXiv knows no longer begins anew, from the day it began at.
    Raises SourceError when arXiv does not answer properly; what was taken in stays.
    """
    listing, again = index.listing(category), False
    try:
        page = source.following(listing.token) if listing.token else source.first(category, listing.through)
    except ListingExpired:
        again, listing = True, replace(listing, token="", began=None)
        page = source.first(category, listing.through)
    taken = Taken()
    while True:
        listing = _after(listing, page)
        taken += index.take_page(page.records, page.gone, listing)
        yield IndexPage(category, taken, page.unlisted, page.total, not listing.token, again)
        if not listing.token:
            return
        page = source.following(listing.token)


def _after(listing: Listing, page: ListingPage) -> Listing:
    """How far a listing is after a page. It is complete up to the day of its first page: later changes come next time."""
    began: dt.date = listing.began or page.day
    if page.token:
        return replace(listing, began=began, token=page.token)
    return replace(listing, through=began, began=None, token="")
