"""Searches of OpenAlex: each page of answers costs a tenth of a cent, which is taken from a purse before it is asked for."""

from __future__ import annotations

import datetime as dt
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from litdb.errors import UsageError
from litdb.sources.cache import Cache
from litdb.sources.field.asked import (
    SearchPage,
    SearchService,
    Wanted,
    objects_in,
    page_of,
    plain_term,
    submitted,
    text_in,
)
from litdb.sources.field.listed import day_of
from litdb.sources.field.purse import DOLLAR, Purse
from litdb.sources.web.hosts import OPENALEX
from litdb.sources.web.transport import DEFAULT_PATIENCE, Patience
from litdb.sources.works.source import OPENALEX_URL

#: What a page of a search costs, and what is free each day with a key, in millionths of a dollar.
PRICE, FREE_DAILY = 1_000, DOLLAR
#: Results on a page, the most that OpenAlex gives.
PER_PAGE = 100
_MOST_WORDS = 5_000
_FIELDS = "id,doi,display_name,publication_date,authorships,abstract_inverted_index,locations"
_HOST = replace(OPENALEX, instead="what is in the index can be searched without it")
_ARXIV = re.compile(
    r"(?:https?://)?(?:arxiv\.org/(?:abs|pdf)/|(?:doi\.org/)?10\.48550/arxiv\.)(?P<id>[\w.-]+(?:/\d{7})?)",
    re.IGNORECASE,
)


class OpenAlexSearch(SearchService):
    """Searches of OpenAlex.

    Args:
        budget: what may be spent, in millionths of a dollar; `daily` what a day may cost over all runs.
        key: the key of a free account; default `OPENALEX_API_KEY`.
        url: the address; default `LITDB_OPENALEX_URL`, else that of the service.

    Raises:
        UsageError: there is no key, or the address is neither https nor on this machine.
    """

    _WORKS = ("results",)

    def __init__(
        self,
        cache_dir: Path,
        *,
        budget: int,
        key: str | None = None,
        daily: int = FREE_DAILY,
        url: str | None = None,
        patience: Patience = DEFAULT_PATIENCE,
    ) -> None:
        key = (key or os.environ.get("OPENALEX_API_KEY") or "").strip()
        if not key:
            raise UsageError(
                "OpenAlex answers searches with a key only: put that of a free account (openalex.org/settings/api) into "
                "OPENALEX_API_KEY; `litdb index load` and `litdb index update` need none"
            )
        super().__init__(
            _HOST,
            cache_dir,
            url or os.environ.get("LITDB_OPENALEX_URL") or OPENALEX_URL,
            "/works",
            purse=Purse(Cache(cache_dir), _HOST.slug, budget, daily),
            price=PRICE,
            secrets={"api_key": key},
            patience=patience,
        )

    def _asked(self, wanted: Wanted, since: dt.date | None, cursor: str) -> dict[str, str]:
        asked = {
            "search": expression(wanted),
            "per_page": str(PER_PAGE),
            "cursor": cursor,
            "select": _FIELDS,
        }
        return asked | ({"filter": f"from_publication_date:{since.isoformat()}"} if since else {})

    @staticmethod
    def read(answer: dict[str, Any]) -> SearchPage:
        """An answer of OpenAlex as values."""
        meta = answer.get("meta")
        meta = meta if isinstance(meta, dict) else {}
        works = []
        for work in objects_in(answer.get("results"))[:PER_PAGE]:
            arxiv_id = _arxiv_id(work)
            names = [entry.get("author") for entry in objects_in(work.get("authorships"))]
            more = {
                "first_submitted": submitted(arxiv_id, day_of(text_in(work.get("publication_date")))),
                "abstract": _abstract(work.get("abstract_inverted_index")),
                "authors": tuple(
                    filter(None, (text_in(one.get("display_name")) for one in objects_in(names)))
                ),
            }
            works.append((more, arxiv_id, text_in(work.get("display_name")), text_in(work.get("doi"))))
        return page_of(works, meta.get("next_cursor"), meta.get("count"))


def expression(wanted: Wanted) -> str:
    """The search in OpenAlex's language; words in quotation marks, so that none is taken for an operator."""
    groups = (" OR ".join(f'"{plain_term(word)}"' for word in group) for group in wanted)
    return " AND ".join(f"({group})" for group in groups)


def arxiv_id_in(text: str) -> str:
    """The id on arXiv that an address or a DOI leads to, '' where it leads elsewhere."""
    match = _ARXIV.match(text)
    return re.sub(r"v\d+$", "", match["id"].removesuffix(".pdf")) if match else ""


def _arxiv_id(work: dict[str, Any]) -> str:
    places = [text_in(place.get("landing_page_url")) for place in objects_in(work.get("locations"))]
    return next(filter(None, map(arxiv_id_in, (*places, text_in(work.get("doi"))))), "")


def _abstract(index: object) -> str:
    """The text of an abstract that came as its words with their places."""
    if not isinstance(index, dict):
        return ""
    at = {
        place: word
        for word, places in index.items()
        if isinstance(places, list)
        for place in places
        if isinstance(place, int) and 0 <= place < _MOST_WORDS
    }
    return " ".join(at[place] for place in sorted(at))
