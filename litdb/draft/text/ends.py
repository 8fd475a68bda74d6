"""Where sentences end."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Letters of one sentence that are read; the rest is left out.
MOST_LETTERS = 5_000
#: Where a sentence does not end in spite of its point.
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.\s?g|i\.\s?e|et al|Fig|Figs|Tab|Tabs|Eq|Eqs|Sec|Secs|Ref|Refs|vs|cf|resp|approx|ca|No|no|Vol|pp|Dr|Prof|St|etc|w\.r\.t|a\.k\.a)"
    r"|\b[A-Z])\.$"
)
_END = re.compile(r"[.!?][\"”’')\]]*(?=\s+[“\"'(\[]?[A-Z0-9?]|\s*$)")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each sentence in a paragraph."""
    start = 0
    for match in _END.finditer(text):
        if match.group()[0] == "." and _ABBREVIATION.search(
            text[max(0, match.start() - 12) : match.start() + 1]
        ):
            continue
        if (
            match.group()[0] == "?"
            and match.end() < len(text)
            and not text[match.start() - 1 : match.start()].isalpha()
        ):
            continue  # a reference such as "Table ?"
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    end = min(end, start + MOST_LETTERS)
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    if end > start:
        yield start, end
