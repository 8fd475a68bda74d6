"""The field into its index: from a file of metadata, from arXiv's listing, or from what a search service finds, page by page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from litdb.catalogue.index.field_index import FieldIndex, Listing, Taken
from litdb.catalogue.index.sought import Sought
from litdb.errors import InputError, SourceError
from litdb.sources.field.asked import FIRST, Elsewhere, SearchService
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


@dataclass(frozen=True, slots=True)
class IndexAsked:
    """What one search found: papers that were taken in, those of them that are not on arXiv, how many fit in all.

    `spent` is what the run has cost so far, in millionths of a dollar. `without` says why the search, or its rest, was not made;
    those after it are not made either.
    """

    taken: Taken
    elsewhere: tuple[Elsewhere, ...]
    total: int | None
    spent: int
    without: str = ""


def ask_searches(
    index: FieldIndex, source: SearchService, searches: Sequence[Sought], since: dt.date | None, pages: int
) -> Iterator[IndexAsked]:
    """Ask each search for so many pages and take in what it finds; stops where the money ends or the service does not answer."""
    for search in searches:
        taken, elsewhere, total, cursor = Taken(), list[Elsewhere](), None, FIRST
        without = ""
        for _page in range(pages):
            try:
                page = source.page(search.wanted, since, cursor)
            except SourceError as error:
                without = str(error)
                break
            taken += index.take(page.papers)
            elsewhere += page.elsewhere
            total = page.total if page.total is not None else total
            cursor = page.cursor
            if not cursor:
                break
        yield IndexAsked(taken, tuple(dict.fromkeys(elsewhere)), total, source.spent, without)
        if without:
            return
