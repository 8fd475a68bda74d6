"""What the tables of a document have in common: texts that may be labels, headings with a model each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from litdb.extract.meaning import words
from litdb.extract.types import Grid
from litdb.vocabulary import vocabulary

_WORDED = re.compile(r"[A-Za-z]{2}")


def label_texts(grid: Grid) -> Iterator[str]:
    """What may be labels: the first column, words in the two behind it (a number may stand in front), the top row."""
    for row in grid.rows:
        if row and row[0].text:
            yield row[0].text
        yield from (cell.text for cell in row[1:3] if _WORDED.search(cell.text))
    if grid.rows:
        yield from (cell.text for cell in grid.rows[0] if _WORDED.search(cell.text))


def first_words(grid: Grid) -> list[str]:
    """The texts of the first column, or of the second where the first only numbers the rows."""
    first = [row[0].text for row in grid.rows if row]
    if sum(bool(_WORDED.search(text)) for text in first) * 3 < len(first) and len(grid.rows[0]) > 1:
        return [row[1].text for row in grid.rows]
    return first


def one_each(grids: Sequence[Grid]) -> frozenset[str]:
    """Short headings over tables with one and the same head, of which one is called as the unprocessed signal is: models."""
    under: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for grid in grids:
        if grid.rows:
            under[tuple(cell.text for cell in grid.rows[0])].append(grid.section.split(" / ")[-1])
    found: set[str] = set()
    for headings in under.values():
        if (
            1 < len(headings) == len(set(headings))
            and any(words.REFERENCE_LABEL.match(text) for text in headings)
            and all(re.fullmatch(r"[\w.+-]+(?: [\w.+-]+){0,2}", text) for text in headings)
            and not any(vocabulary().datasets_in(text) or vocabulary().metrics_in(text) for text in headings)
        ):
            found.update(headings)
    return frozenset(found)
