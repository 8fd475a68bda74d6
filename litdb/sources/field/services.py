"""The search services by their names."""

from __future__ import annotations

from pathlib import Path

from litdb.errors import UsageError, near
from litdb.sources.field.asked import SearchService
from litdb.sources.field.crossref import CrossrefSearch
from litdb.sources.field.openalex import PRICE, OpenAlexSearch
from litdb.sources.field.semantic_scholar import SemanticScholarSearch

#: What a page costs, in millionths of a dollar, by service.
PRICES = {"openalex": PRICE, "semanticscholar": 0, "crossref": 0}


def known_service(name: str) -> str:
    """The name of a service. Raises UsageError."""
    if name not in PRICES:
        raise UsageError(f"no service is called {name!r}: {near(name, PRICES) or 'use ' + ', '.join(PRICES)}")
    return name


def open_service(name: str, cache_dir: Path, budget: int) -> SearchService:
    """A service to search. Raises UsageError for an unknown one, and without the key that it needs."""
    if known_service(name) == "openalex":
        return OpenAlexSearch(cache_dir, budget=budget)
    return SemanticScholarSearch(cache_dir) if name == "semanticscholar" else CrossrefSearch(cache_dir)
