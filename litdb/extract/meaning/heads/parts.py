"""Columns that say of each row on which part of a test set it is."""

from __future__ import annotations

import re
from dataclasses import replace

from litdb.extract.meaning import words
from litdb.extract.meaning.heads.segment import ReadColumn, Rows

#: The parts of a test set that are no reverberation.
_OTHER_PART = re.compile(
    r"(?:real(?:[- ]world)?|synthetic|simulated)(?: (?:recordings?|data|clips|test|set|test set))?", re.I
)


def told(column: ReadColumn, data: Rows) -> ReadColumn:
    """A column that says of each row on which part of a test set it is, by what it holds: 'With reverb', 'Real recordings'."""
    if column.metrics or column.role in ("causal", "year", "metric"):
        return column
    if re.search(r"\btrain|\baugment", column.header, re.I):
        return column
    texts = {text for row in data if (text := row[column.index].text.strip().replace("_", " "))}
    reverberant = [text for text in texts if words.REVERB.fullmatch(text)]
    if len(texts) < 2 or not reverberant:
        return column
    whole = all(text in reverberant or _OTHER_PART.fullmatch(text) for text in texts)
    return replace(column, role="dataset") if whole else column
