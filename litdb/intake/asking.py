"""What a search service finds, into the index of the field: each page as it comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from litdb.catalogue.index.field_index import FieldIndex, Taken
from litdb.catalogue.index.sought import Sought
from litdb.errors import SourceError
from litdb.sources.field.openalex import Elsewhere, OpenAlexSearch


@dataclass(frozen=True, slots=True)
class IndexAsked:
    """What one search found: papers of arXiv that were taken in, works that are not there, how many fit in all.

    `spent` is what the run has cost so far, in millionths of a dollar. `without` says why the search, or its rest, was not made;
    those after it are not made either.
    """

    taken: Taken
    elsewhere: tuple[Elsewhere, ...]
    total: int | None
    spent: int
    without: str = ""


def ask_searches(
    index: FieldIndex, source: OpenAlexSearch, searches: Sequence[Sought], since: dt.date | None, pages: int
) -> Iterator[IndexAsked]:
    """Ask each search for so many pages and take in what it finds; stops where the money ends or the service does not answer."""
    for search in searches:
        taken, elsewhere, total, cursor = Taken(), list[Elsewhere](), None, "*"
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
        yield IndexAsked(taken, tuple(dict.fromkeys(elsewhere)), total, source.purse.spent, without)
        if without:
            return
