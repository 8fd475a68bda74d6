"""Columns by what they hold: the parts of a test set, the metrics of the rows, numbers of a kind."""

from __future__ import annotations

import re
from dataclasses import replace

from litdb.extract.meaning import words
from litdb.extract.meaning.heads import headers
from litdb.extract.meaning.heads.header_rows import is_section
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


#: Reverberation as a kind of distortion, not as one of two parts of a set.
_DISTORTION = re.compile(r"\breverb(?:eration)?\b", re.I)


def with_distortions(columns: tuple[ReadColumn, ...]) -> tuple[ReadColumn, ...]:
    """Where one of several distortions over the columns is reverberation, its column says so as the others say theirs:
    'Noise', 'Reverberation', 'Clipping'."""
    scores = [c for c in columns if c.metrics]
    if any(c.reverb == "no" for c in scores) or not any(c.qualifier and not c.reverb for c in scores):
        return columns
    return tuple(
        replace(c, qualifier=said[0])
        if c.metrics
        and c.reverb
        and not (c.qualifier or c.condition or c.datasets or c.printed_set)
        and (said := _DISTORTION.search(c.header)) is not None
        and not re.search(r"\bwith|\bw/", c.header, re.I)
        else c
        for c in columns
    )


def with_metrics_in_rows(columns: tuple[ReadColumn, ...], data: Rows) -> tuple[ReadColumn, ...]:
    """Under a head such as 'Metric' each row names its own: what other heads say of a metric is part of a name ('M5 (no PESQ)')."""
    named = [text for row in data if (text := row[0].text) and not is_section(row)]
    if not columns or not words.METRIC_HEADER.match(columns[0].header.strip()):
        return columns
    found = sum(bool(headers.parse(text).metrics) for text in set(named))
    if found < 2 or found * 2 < len(set(named)):
        return columns
    return tuple(
        replace(c, metrics=(), units=(), qualifier=c.header, doubts=(), excluded="")
        if c.metrics and c.index
        else c
        for c in columns
    )


def measured(index: int, data: Rows) -> bool:
    """Whether most cells of a column are numbers with a fraction."""
    texts = [row[index].text for row in data if row[index].text]
    return sum(bool(re.search(r"\d[.,]\d", text)) for text in texts) * 2 > len(texts)


def few_integers(index: int, data: Rows) -> bool:
    """Whether a column holds a few whole numbers, as steps of an SNR do, or words for their mean."""
    values = [row[index].text.replace("−", "-").replace("dB", "").strip() for row in data if row[index].text]
    return (
        bool(values)
        and all(re.fullmatch(r"[-+]?\d{1,2}(?:\.5)?|avg\.?|average|mean|all|clean", v, re.I) for v in values)
        and len(set(values)) <= 12
    )
