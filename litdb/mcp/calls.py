"""One call: the tool that is meant, its answer as a page of text. This is all that the process behind the server does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litdb.errors import LitdbError
from litdb.mcp.answers import BUDGET, ToolAnswer, paged
from litdb.mcp.text import tokens
from litdb.mcp.tools import judging, models, network, papers, proposals, stood, values
from litdb.report.escape import clean

if TYPE_CHECKING:
    from litdb.api import Catalogue

#: Every tool and resource by the name it is called by.
CALLS: Mapping[str, Callable[..., ToolAnswer]] = {
    "query_models": models.query_models,
    "get_model": models.get_model,
    "get_value": values.get_value,
    "conflicts": values.conflicts,
    "evidence": judging.evidence,
    "gap": judging.gap,
    "protocol": judging.protocol,
    "claim": judging.claim,
    "search_papers": papers.search_papers,
    "describe_network": network.describe_network,
    "propose": proposals.propose,
    "resource table": stood.comparison,
    "resource result": stood.as_it_stood,
    "resource paper": stood.paper_tables,
}


#: Answers that are kept for their later pages.
_KEPT = 16


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call: a page of text, or, with `failed`, one sentence that says what to do."""

    text: str
    failed: bool = False


class Answering:
    """Answers calls on a catalogue, and keeps the last answers, so that the pages of one belong together and cost one search."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._kept: dict[str, ToolAnswer] = {}

    def call(self, name: str, arguments: Mapping[str, Any], page: int = 1, budget: int = BUDGET) -> Called:
        """Carry out a call; what a user can mend comes back as a sentence, within the budget too.

        A first page is always made anew: the catalogue may have changed.
        """
        asked = repr((name, sorted(arguments.items())))
        try:
            answer = self._kept.get(asked) if page > 1 else None
            if answer is None:
                answer = CALLS[name](self._catalogue, **arguments)
                self._kept.pop(asked, None)
                self._kept[asked] = answer
                if len(self._kept) > _KEPT:
                    self._kept.pop(next(iter(self._kept)))
            return Called(paged(answer, page, budget))
        except LitdbError as error:
            said = clean(str(error))
            while tokens(said) > budget - 10:
                said = said[: len(said) // 2].rstrip() + "…"
            return Called(f"{name}: {said}", failed=True)
