"""What the texts at a table name of test sets: its caption, notes, the sentences in front of it, the headings above it."""

from __future__ import annotations

import re

from litdb.extract.meaning.scope.mentions import mentions
from litdb.extract.meaning.scope.narrowed import Around
from litdb.extract.types import Grid


def around(grid: Grid) -> Around:
    """What the texts at the table name, nearest first."""
    lines = grid.lines
    found = [("caption", mentions(_own_caption(grid.caption))), ("note", mentions("\n".join(grid.notes)))]
    if lines:
        before, lead = _leading(lines[-1])
        found.append(("lead", mentions(lead)))
        found.append(("context", mentions("\n".join((*lines[:-1], before)))))
        found.append(("table sentence", mentions(" ".join(s for line in lines for s in _about_tables(line)))))
    *outer, heading = (*grid.above, *grid.section.split(" / "))
    found.append(("heading", mentions(heading)))
    found.append(("outer heading", next((said for text in reversed(outer) if (said := mentions(text))), ())))
    return tuple((place, said) for place, said in found if said)


def _leading(line: str) -> tuple[str, str]:
    """The text right in front of a table: what it says before, and the sentence with a colon that leads to the table."""
    before, stop, last = line.rpartition(". ")
    return (before, last) if stop and last.rstrip().endswith((":", "：")) and mentions(last) else ("", line)


def _own_caption(caption: str) -> str:
    """Of the caption of a part and that of the whole behind it the first, where it names one set and the second several."""
    own, _, whole = caption.partition(". ")
    named = {m.title for m in mentions(own) if not m.nameless}
    return (
        own
        if len(own) <= 60 and len(named) == 1 and len({m.title for m in mentions(whole)} | named) > 1
        else caption
    )


def _about_tables(paragraph: str) -> list[str]:
    """The sentences of a paragraph that speak of a table."""
    return [s for s in re.split(r"(?<=[.!?])\s+(?=[A-Z])", paragraph) if re.search(r"\bTab(?:le|\.)", s)]
