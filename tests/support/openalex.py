"""A stand-in for OpenAlex's search with made-up works."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.service import Answer, Request, Service

KEY = "made-up-key-123"


def work(number: int, **said: Any) -> dict[str, Any]:
    """A work of arXiv, as OpenAlex lists it."""
    return {
        "id": f"https://openalex.org/W{number}",
        "doi": f"https://doi.org/10.48550/arXiv.2401.{number:05}",
        "display_name": f"Speech enhancement, part {number}",
        "publication_date": "2024-01-15",
        "authorships": [{"author": {"display_name": "Ada One"}}],
        "abstract_inverted_index": {"We": [0], "train": [1], "a": [2], "conformer.": [3]},
        "locations": [{"landing_page_url": f"http://arxiv.org/abs/2401.{number:05}v2"}],
        **said,
    }


class OpenAlex:
    """The works it has, two on a page, and the service."""

    def __init__(self, works: list[dict[str, Any]]) -> None:
        self.works = works
        self.service = Service(self._answer)

    def _answer(self, request: Request) -> Answer:
        if request.query.get("api_key") != KEY:
            return Answer(b"{}", 403)
        if request.path != "/works" or request.query.get("per_page") != "100":
            return Answer(b"{}", 404)
        start = 0 if request.query["cursor"] == "*" else int(request.query["cursor"])
        more = str(start + 2) if start + 2 < len(self.works) else None
        meta = {"count": len(self.works), "next_cursor": more}
        return Answer(json.dumps({"meta": meta, "results": self.works[start : start + 2]}).encode())

    @property
    def searches(self) -> int:
        """Requests that were sent, each of which OpenAlex may count."""
        return len(self.service.requests)


@contextmanager
def openalex_online(monkeypatch: pytest.MonkeyPatch, works: list[dict[str, Any]]) -> Iterator[OpenAlex]:
    """The service, to which litdb is pointed without delays and with its key."""
    online = OpenAlex(works)
    with online.service as service:
        for name, value in (
            ("LITDB_OPENALEX_URL", service.url),
            ("LITDB_OPENALEX_DELAY", "0"),
            ("OPENALEX_API_KEY", KEY),
        ):
            monkeypatch.setenv(name, value)
        yield online
