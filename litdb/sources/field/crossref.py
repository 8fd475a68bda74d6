"""Searches of Crossref: works with a DOI of a publisher, free; of arXiv it knows what publishers name as the preprint."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

from litdb.sources.field.asked import (
    SearchPage,
    SearchService,
    Wanted,
    objects_in,
    page_of,
    plain_term,
    text_in,
)
from litdb.sources.field.openalex import arxiv_id_in
from litdb.sources.web.hosts import CROSSREF
from litdb.sources.web.transport import DEFAULT_PATIENCE, Patience

URL = "https://api.crossref.org"
_ROWS = 100


class CrossrefSearch(SearchService):
    """Searches of Crossref; `url` is `LITDB_CROSSREF_URL` or that of the service. Raises UsageError as a
    :class:`SearchService` does."""

    _WORKS = ("message", "items")

    def __init__(
        self, cache_dir: Path, *, url: str | None = None, patience: Patience = DEFAULT_PATIENCE
    ) -> None:
        address = url or os.environ.get("LITDB_CROSSREF_URL") or URL
        super().__init__(CROSSREF, cache_dir, address, "/works", patience=patience)

    def _asked(self, wanted: Wanted, since: dt.date | None, cursor: str) -> dict[str, str]:
        asked = {  # it knows no OR: the first word of each group
            "query.bibliographic": " ".join(plain_term(group[0]) for group in wanted),
            "rows": str(_ROWS),
            "cursor": cursor,
            "select": "DOI,title,author,relation",
        }
        return asked | ({"filter": f"from-pub-date:{since.isoformat()}"} if since else {})

    @staticmethod
    def read(answer: dict[str, Any]) -> SearchPage:
        """An answer of Crossref as values."""
        message = answer.get("message")
        message = message if isinstance(message, dict) else {}
        works = []
        for work in objects_in(message.get("items")):
            titles, relation = work.get("title"), work.get("relation")
            preprints = objects_in(relation.get("has-preprint")) if isinstance(relation, dict) else []
            ids = (arxiv_id_in(text_in(one.get("id"))) for one in preprints)
            names = (
                f"{text_in(one.get('given'))} {text_in(one.get('family'))}".strip()
                for one in objects_in(work.get("author"))
            )
            title = text_in(titles[0]) if isinstance(titles, list) and titles else ""
            more = {"authors": tuple(filter(None, names))}
            works.append((more, next(filter(None, ids), ""), title, text_in(work.get("DOI"))))
        return page_of(works, message.get("next-cursor"), message.get("total-results"))
