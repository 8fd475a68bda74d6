"""A question to the world instead of the local index: its formulations asked of a search service, whose papers the index keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from litdb.errors import UsageError
from litdb.survey.search import formulations

if TYPE_CHECKING:
    from litdb.api import Catalogue, IndexAsked

#: The most pages of 100 works of one formulation.
MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class Asking:
    """What is going to be asked, in words, and what that costs when no request must be repeated, in millionths of a dollar, as
    `budget` is, which is never exceeded."""

    formulations: tuple[str, ...]
    costs: int
    budget: int


def ask_field(
    catalogue: Catalogue,
    question: str,
    service: str = "openalex",
    *,
    since: dt.date | None = None,
    pages: int = 1,
    budget: float = 0.01,
) -> tuple[Asking, Iterator[IndexAsked]]:
    """What is going to be asked, and the answers as they come, one a formulation; nothing is asked before the first is taken.

    `budget` is in dollars. Raises UsageError for a question without a word, an unknown service and numbers that make no sense; taking
    the first answer raises it without the key that OpenAlex needs.
    """
    from litdb.api import Sought
    from litdb.sources.field.purse import DOLLAR
    from litdb.sources.field.services import PRICES, known_service

    if not 0 <= budget <= 100:
        raise UsageError(f"a budget of {budget:g} dollars makes no sense: give 0 to 100, such as 0.01")
    if not 1 <= pages <= MOST_PAGES:
        raise UsageError(f"ask for 1 to {MOST_PAGES} pages, not {pages}")
    ways = formulations(question)
    price = PRICES[known_service(service)]
    money = int(budget * DOLLAR + 0.5)
    searches = [Sought(tuple(topic.words for topic in way.topics)) for way in ways]
    answers = catalogue.ask_service(service, searches, since=since, pages=pages, budget=money)
    return Asking(tuple(way.words for way in ways), len(ways) * pages * price, money), answers
