"""An answer and its pages: nothing an assistant reads is longer than its budget, whatever the catalogue holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from litdb.errors import UsageError
from litdb.mcp.text import NO_EVIDENCE, QUOTED, tokens

#: Tokens of an answer: of the 800 that an answer may take, some are left for what the protocol puts around the text.
BUDGET = 760
#: A budget below this could not hold one item with its head.
LEAST, MOST = 200, 8_000


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What a tool found: `head` stands on every page, `items` follow one another over the pages.

    `evidence` is False where nothing was found; then the answer begins with "no evidence".
    """

    head: str
    items: tuple[str, ...] = ()
    evidence: bool = True

    @property
    def first(self) -> str:
        """The head as it is shown."""
        return self.head if self.evidence else f"{NO_EVIDENCE}: {self.head}"


def nothing(why: str, *more: str) -> ToolAnswer:
    """The answer that there is no evidence, and why."""
    return ToolAnswer(why, more, evidence=False)


def paged(answer: ToolAnswer, page: int = 1, budget: int = BUDGET) -> str:
    """One page of an answer, from 1, within `budget` tokens. Raises UsageError for a page that it does not have."""
    pages = list(_pages(answer, budget))
    if not 1 <= page <= len(pages):
        raise UsageError(f"there is no page {page}: this answer has {_counted(len(pages))}")
    return pages[page - 1]


def page_count(answer: ToolAnswer, budget: int = BUDGET) -> int:
    """How many pages an answer has."""
    return len(list(_pages(answer, budget)))


def _counted(number: int) -> str:
    return "1 page" if number == 1 else f"{number} pages"


def _pages(answer: ToolAnswer, budget: int) -> Iterator[str]:
    head = _cut(answer.first, budget // 3)
    whole = "\n".join((head, *answer.items))
    note = QUOTED if "“" in whole else ""
    spare = tokens(_footer(999, 999)) + tokens(note) + 3
    room = budget - tokens(head) - spare
    groups: list[list[str]] = [[]]
    used = 0
    for item in answer.items:
        short = _cut(item, room)
        cost = tokens("\n" + short)
        if groups[-1] and used + cost > room:
            groups.append([])
            used = 0
        groups[-1].append(short)
        used += cost
    for place, group in enumerate(groups, start=1):
        lines = [head, *group]
        if len(groups) > 1:
            lines.append(_footer(place, len(groups)))
        if note:
            lines.append(note)
        yield "\n".join(lines)


def _footer(page: int, pages: int) -> str:
    more = f"; page={page + 1} goes on" if page < pages else ""
    return f"Page {page} of {pages}{more}."


def _cut(text: str, most: int) -> str:
    """A text of at most so many tokens; a quotation that is cut is closed."""
    if tokens(text) <= most:
        return text
    kept = text.encode("utf-8")[: 4 * most - 8].decode("utf-8", "ignore")
    return kept + ("…”" if kept.count("“") > kept.count("”") else "…")
