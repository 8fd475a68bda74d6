"""Searches of Semantic Scholar: up to a thousand works a page, free, with a key (SEMANTIC_SCHOLAR_API_KEY) at a pace of one's own."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from litdb.sources.field.asked import (
    FIRST,
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
from litdb.sources.web.hosts import SEMANTIC_SCHOLAR
from litdb.sources.web.transport import DEFAULT_PATIENCE, Patience

URL = "https://api.semanticscholar.org/graph/v1"
#: Seconds between two requests with a key of one's own.
_WITH_KEY = 1.1


class SemanticScholarSearch(SearchService):
    """Searches of Semantic Scholar; `url` is `LITDB_SEMANTICSCHOLAR_URL` or that of the service. Raises UsageError as a
    :class:`SearchService` does."""

    _WORKS = ("data",)

    def __init__(
        self, cache_dir: Path, *, url: str | None = None, patience: Patience = DEFAULT_PATIENCE
    ) -> None:
        key = os.environ.get("SEMANTIC_SCHOLAR_API_KEY", "").strip()
        host = SEMANTIC_SCHOLAR
        if key:
            host = replace(host, delay=_WITH_KEY, headers={"x-api-key": key})
        super().__init__(
            host,
            cache_dir,
            url or os.environ.get("LITDB_SEMANTICSCHOLAR_URL") or URL,
            "/paper/search/bulk",
            patience=patience,
        )

    def _asked(self, wanted: Wanted, since: dt.date | None, cursor: str) -> dict[str, str]:
        groups = (" | ".join(f'"{plain_term(word)}"' for word in group) for group in wanted)
        asked = {
            "query": " + ".join(f"({group})" for group in groups),
            "fields": "title,abstract,externalIds,publicationDate,authors",
        }
        asked |= {"publicationDateOrYear": f"{since.isoformat()}:"} if since else {}
        return asked | ({"token": cursor} if cursor != FIRST else {})

    @staticmethod
    def read(answer: dict[str, Any]) -> SearchPage:
        """An answer of Semantic Scholar as values."""
        works = []
        for work in objects_in(answer.get("data")):
            ids = work.get("externalIds")
            ids = ids if isinstance(ids, dict) else {}
            arxiv_id = text_in(ids.get("ArXiv"))
            more = {
                "first_submitted": submitted(arxiv_id, day_of(text_in(work.get("publicationDate")))),
                "abstract": text_in(work.get("abstract")),
                "authors": tuple(
                    filter(None, (text_in(one.get("name")) for one in objects_in(work.get("authors"))))
                ),
            }
            works.append((more, arxiv_id, text_in(work.get("title")), text_in(ids.get("DOI"))))
        return page_of(works, answer.get("token"), answer.get("total"))
