"""The index of the field: filled from a file or from arXiv's listing, searched, described."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from litdb.api.opened import Opened

if TYPE_CHECKING:
    import datetime as dt

    from litdb.catalogue.index.field_index import FieldIndex, IndexFound, IndexStatus
    from litdb.catalogue.index.sought import Sought
    from litdb.intake.field import IndexAsked, IndexLoaded, IndexPage


class IndexVerbs(Opened):
    """The local index of the field, a file beside the catalogue."""

    def load_index(
        self, file: str | os.PathLike[str], *, categories: Sequence[str] = (), everything: bool = False
    ) -> IndexLoaded:
        """Take a file of metadata into the index: arXiv's snapshot from Kaggle (JSON lines), or a TSV with a header.

        Records of the field's categories are taken (or of these `categories`, or with `everything` all); the file whole or
        not at all, and twice changes nothing. Raises InputError, TooLarge for a file that cannot be used.
        """
        from litdb.intake.field import CATEGORIES, load_file

        wanted = () if everything else tuple(categories) or CATEGORIES
        with self._index(write=True) as index:
            return load_file(index, Path(file), wanted)

    def update_index(
        self, *, categories: Sequence[str] = (), cache: Path | None = None
    ) -> Iterator[IndexPage]:
        """Take in arXiv's listing of the field's categories, or of these; one value a page, as it is stored.

        The first time all of it, then what changed. An interrupted one goes on. Raises UsageError for no category,
        SourceError when arXiv does not answer properly.
        """
        from litdb._places import cache_dir
        from litdb.intake.field import CATEGORIES, update_category
        from litdb.sources.field.oai import ListingSource, set_of

        wanted = tuple(dict.fromkeys(categories)) or CATEGORIES
        for category in wanted:
            set_of(category)
        with ListingSource(cache or cache_dir()) as source, self._index(write=True) as index:
            for category in wanted:
                yield from update_category(index, source, category)

    def ask_service(
        self,
        service: str,
        searches: Sequence[Sought],
        *,
        since: dt.date | None = None,
        pages: int = 1,
        budget: int = 0,
        cache: Path | None = None,
    ) -> Iterator[IndexAsked]:
        """Ask a service (openalex, semanticscholar, crossref) each search for so many pages, and take the papers that it finds into
        the index; one value a search.

        A page of OpenAlex costs 1,000 millionths of a dollar, `budget` is in these and is never exceeded; what was asked earlier the
        same day is not asked again. Raises UsageError for an unknown service, or without the key that OpenAlex needs; what cannot be
        asked is said in the values.
        """
        from litdb._places import cache_dir
        from litdb.intake.field import ask_searches
        from litdb.sources.field.services import open_service

        with (
            open_service(service, cache or cache_dir(), budget) as source,
            self._index(write=True) as index,
        ):
            yield from ask_searches(index, source, searches, since, pages)

    def search_index(
        self,
        query: str | Sought,
        *,
        since: dt.date | None = None,
        until: dt.date | None = None,
        most: int = 20,
        abstracts: bool = False,
    ) -> IndexFound:
        """The papers of the index that fit a query best: words that must all be there, "phrases", -words that must not;
        or what is :class:`Sought`, with several words for each thing. With `since` and `until` those first submitted in these days; `abstracts` brings the abstracts too. Raises
        UsageError for a query without a word, CatalogueError when there is no index.
        """
        from litdb.catalogue.index.sought import sought
        from litdb.errors import UsageError

        if most < 1:
            raise UsageError("ask for at least one paper")
        what = sought(query) if isinstance(query, str) else query
        with self._index() as index:
            return index.search(what, since=since, until=until, most=most, abstracts=abstracts)

    def index_status(self) -> IndexStatus:
        """What the index holds, and how far arXiv's listings were taken in. Raises CatalogueError when there is none."""
        with self._index() as index:
            return index.status()

    def _index(self, *, write: bool = False) -> FieldIndex:
        from litdb.catalogue.index.field_index import FieldIndex
        from litdb.catalogue.index.places import index_path

        return FieldIndex(index_path(self._place), write=write)
