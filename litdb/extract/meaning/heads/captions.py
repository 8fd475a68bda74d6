"""What a caption or the line in front of a table names that its header does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from litdb.extract.meaning.heads import headers
from litdb.extract.meaning.heads.contents import over_words
from litdb.extract.types import Grid
from litdb.vocabulary import vocabulary


def caption_metric(grid: Grid) -> headers.Heading | None:
    """The one score that caption, the line in front or the heading names, where neither headers nor rows do."""
    for text in (*_said_of(grid), grid.section.split(" / ")[-1], *_referring(grid)):
        if not text or len(text) > 200:
            continue
        for sentence in reversed(re.split(r"(?<=[.;!])\s+(?=\S)", text.strip())):
            heading = headers.parse(sentence)
            named = heading.metrics
            if len(scores := tuple(m for m in named if not m.metric.per_model)) == 1:
                named = scores  # costs have heads of their own
            if len(named) == 2 and named[1].metric.id == "SNR" and _BY_SNR.search(sentence):
                named = named[:1]
            if len(named) == 1 and _in_cells(named[0]) and not (heading.excluded and _is_excluded(sentence)):
                return None if _rows_name_metrics(grid) else replace(heading, metrics=named)
            if named:
                break
    return None


def _is_excluded(text: str) -> bool:
    """Whether what makes a column no score stands with the metric: 'PESQ loss', not 'PESQ of networks with two losses'."""
    head = headers.parse(re.split(r"\s(?:of|with|on|under|when|for|across|over)\s", text, maxsplit=1)[0])
    return not head.metrics or bool(head.excluded)


def _said_of(grid: Grid) -> tuple[str, ...]:
    """The sentences of the caption, the line in front, and what of a note says nothing but a metric."""
    notes = (re.split(r"[.;](?:\s|$)", note)[0].strip(" *_") for note in grid.notes[:1])
    alone = (note for note in notes if (h := headers.parse(note)).metrics and not h.rest and len(note) <= 60)
    corner = grid.rows[0][0].text if over_words(grid.rows[1:]) else ""
    better = (match[0] for line in grid.lines[-1:] for match in _BETTER.finditer(line[-2000:]))
    return (*re.split(r"[.;](?:\s|$)", grid.caption[:2000]), corner, *grid.lines[-1:], *alone, *better)


#: 'Lower RTF is better.': a sentence that says of one metric how to read the numbers.
_BETTER = re.compile(r"(?<![\w,] )\b(?:Lower|Higher|Smaller|Larger) [\w.-]{2,16} (?:is|means) better\b")


#: 'see Table 2', '(Table )': where a sentence speaks of the table; in LaTeX its number is not known.
_TO_TABLE = re.compile(r"\b(?:Table|Tab\.)(?=\s*(?:[\dIVX]+\b|[.,;)]|$|[a-z]))")
_ABOUT = 20


def _referring(grid: Grid) -> Iterator[str]:
    """Of the sentences in front of the table that send the reader to it, the few words about the one score that they name."""
    for sentence in re.split(r"(?<=[.;!?])\s+(?=[A-Z])", grid.context[-1500:]):
        named = vocabulary().metrics_in(sentence)
        if _TO_TABLE.search(sentence) and len({one.metric.id for _, _, one in named}) == 1:
            start, end, _ = named[0]
            yield sentence[max(0, start - _ABOUT) : end + _ABOUT]


def _in_cells(named: headers.Named) -> bool:
    """Whether a metric may be all that the cells of a table hold: a score, or a time on several machines."""
    return not named.metric.per_model or named.metric.id in ("RTF", "latency")


#: Where 'SNR' tells the parts of a test set, not a score.
_BY_SNR = re.compile(
    r"\b(?:input|by|per|over|different|various|several|each|at|under)\b[^.]{0,30}\bSNRs?\b", re.I
)


def caption_pair(grid: Grid) -> headers.Heading | None:
    """The two scores that caption or the line in front names in this order, where the cells are pairs: 'PESQ / STOI (%)'."""
    filled = [cell.text for row in grid.rows for cell in row[1:] if re.search(r"\d", cell.text)]
    pairs = sum(bool(_PAIR.fullmatch(text.strip())) for text in filled)
    if not pairs or pairs * 2 <= len(filled) or _rows_name_metrics(grid):
        return None
    for text in (*_said_of(grid), grid.section):
        for match in re.finditer(r"[\w. -]{3,16}(?:\([^()]*\)\s*)?/[\w. -]{3,16}(?:\([^()]*\))?", text):
            heading = headers.parse(match[0].strip())
            if len(heading.metrics) == 2 and not any(m.metric.per_model for m in heading.metrics):
                return heading
    return None


_PAIR = re.compile(r"[-−–+]?\d+(?:[.,]\d+)?\s*%?\s*[/|]\s*[-−–+]?\d+(?:[.,]\d+)?\s*%?")


def said_metrics(grid: Grid) -> headers.Heading | None:
    """What caption or line in front names as the scores of all cells: one, or two where the cells are pairs."""
    return caption_pair(grid) or caption_metric(grid)


def _rows_name_metrics(grid: Grid) -> bool:
    """Whether the first column is a list of metrics: the caption then says of one of them what it is."""
    texts = dict.fromkeys(row[0].text for row in grid.rows[:40] if row and 0 < len(row[0].text) < 40)
    scores = [h for text in texts if (h := headers.parse(text)).metrics and not h.metrics[0].metric.per_model]
    return len({h.metrics[0].metric.id for h in scores}) >= 3 and len(scores) * 2 >= len(texts)
