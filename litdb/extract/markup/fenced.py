"""Tables in code blocks: what a program printed, in columns parted by tabs, pipes or runs of blanks."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from litdb.vocabulary import vocabulary

#: What a fence may be said to hold where it may hold a table; a program is none.
_PLAIN = re.compile(r"^\s*(?:`{3,}|~{3,})\s*(?:te?xt|plain(?:text)?|console|output|log|tsv)?\s*$", re.I)
#: A line between header and rows: dashes, equals signs, and what crosses them.
_RULE = re.compile(r"^(?=[^-=]*[-=])[\s|+:=-]*$")
_NUMBER = re.compile(r"[-−+]?\d*\.?\d+\s*[%kKMG]?")
_SEPARATORS = (re.compile(r"\t"), re.compile(r"\|"), re.compile(r"\s{2,}"))
_MOST_ROWS = 1000


class FencedCell(NamedTuple):
    """A cell: its text and where it begins in its line."""

    text: str
    at: int


def rows_of(fence: str, lines: Sequence[str]) -> list[tuple[int, list[FencedCell]]]:
    """The rows of a table that a code block holds, each with the number of its line; the first is the header.

    Empty where the block is a program, or no table: a header that names a metric over two or more rows of as many cells, at
    least half of which are numbers behind the first.
    """
    if values := _values(fence, lines):
        return values
    if not _PLAIN.match(fence):
        return []
    kept = [
        (at, line) for at, line in enumerate(lines[:_MOST_ROWS]) if line.strip() and not _RULE.match(line)
    ]
    for separator in _SEPARATORS:
        rows = [(at, _parts(line, separator)) for at, line in kept]
        if _is_table([row for _, row in rows]):
            return rows
    return []


#: What a fence may be said to hold where it may hold values by name.
_BY_NAME = re.compile(r"^\s*(?:`{3,}|~{3,})\s*(?:ya?ml|te?xt|json)?\s*$", re.I)
_VALUE = re.compile(
    r"\s*[\"']?(?P<name>[A-Za-z][\w.@-]{1,30})[\"']?\s*[:=]\s*(?P<value>[-+]?(?:\d+(?:\.\d+)?|infinity|inf|nan))\s*,?\s*",
    re.I,
)


#: A gain over the input, which is another number than the score, and mostly none of its own.
_GAIN = re.compile(r"_(?:imp|improvement|gain|delta)$", re.I)


def _values(fence: str, lines: Sequence[str]) -> list[tuple[int, list[FencedCell]]]:
    """Scores by name, one a line, as an evaluation writes them ('si_sdr: 14.74'), under a header of two words that is not printed."""
    if not _BY_NAME.match(fence):
        return []
    kept = [(at, line) for at, line in enumerate(lines[:_MOST_ROWS]) if line.strip(" {}[],\t")]
    found = [(at, match) for at, line in kept if (match := _VALUE.fullmatch(line)) is not None]
    named = sum(bool(vocabulary().metrics_in(match["name"])) for _, match in found)
    if len(found) < 2 or len(found) < len(kept) or named * 2 < len(found):
        return []
    header = [FencedCell("Metric", 0), FencedCell("Value", 0)]
    rows = [
        (
            at,
            [
                FencedCell(match["name"], match.start("name")),
                FencedCell(match["value"], match.start("value")),
            ],
        )
        for at, match in found
        if not _GAIN.search(match["name"]) or vocabulary().metric(match["name"]) is not None
    ]
    return [(found[0][0], header), *rows]


def _parts(line: str, separator: re.Pattern[str]) -> list[FencedCell]:
    cuts = [(0, 0), *(match.span() for match in separator.finditer(line)), (len(line), len(line))]
    found = []
    for (_, start), (end, _) in itertools.pairwise(cuts):
        text = line[start:end]
        found.append(FencedCell(text.strip(), start + len(text) - len(text.lstrip())))
    if not found[0].text:  # a border, or the indent of the block
        found = found[1:]
    if found and not found[-1].text:
        found = found[:-1]
    return found


def _is_table(rows: Sequence[Sequence[FencedCell]]) -> bool:
    width = len(rows[0]) if rows else 0
    if width < 2 or len(rows) < 3 or any(len(row) != width for row in rows):
        return False
    if any(_NUMBER.fullmatch(part.text) for part in rows[0]):
        return False
    if not any(vocabulary().metrics_in(part.text) for part in rows[0][1:]):
        return False
    numbers = sum(_NUMBER.fullmatch(part.text) is not None for row in rows[1:] for part in row[1:])
    return numbers * 2 >= (width - 1) * (len(rows) - 1)
