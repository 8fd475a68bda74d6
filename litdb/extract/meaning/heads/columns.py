"""The columns of a table: which rows are headers, which column names the model, which columns are scores of what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from litdb.extract.meaning import words
from litdb.extract.meaning.heads import beside, cells, headers, parts
from litdb.extract.meaning.heads.contents import holds_metrics, names_nothing, names_rows, over_words
from litdb.extract.meaning.heads.decibels import at_step, of_ratio
from litdb.extract.meaning.heads.header_rows import (
    bare_steps,
    header_rows,
    is_section,
    repeats_header,
    steps,
)
from litdb.extract.meaning.heads.headers import Heading, Named, Role
from litdb.extract.meaning.heads.segment import ReadColumn, Rows, Segment
from litdb.vocabulary import Dataset, vocabulary
from litdb.vocabulary.remarks import Doubt, Remark


class _TheSame:
    """Rows known again because they are the same object, not because all their cells are equal."""

    __slots__ = ("rows",)

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def __hash__(self) -> int:
        return id(self.rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _TheSame) and other.rows is self.rows


def segments(
    rows: Rows, head: tuple[int, ...] | None = None, *, snr_scored: bool = False
) -> tuple[Segment, ...]:
    """The table as headers with their data rows; `head` are the first header rows where they are known.

    `snr_scored` takes a column headed 'SNR' for a score, not for the condition of its row.
    """
    return _segments(_TheSame(rows), head, snr_scored)


@lru_cache(maxsize=64)
def _repeated(known: _TheSame) -> frozenset[int]:
    """The rows that name metrics as a header does."""
    return frozenset(at for at, row in enumerate(known.rows) if repeats_header(row))


def _again(rows: Rows, head: Sequence[int]) -> frozenset[int]:
    """The rows below a header that are the same as its last, word for word."""
    texts = [cell.text for cell in rows[head[-1]]] if head else []
    if len(set(texts) - {""}) < 2:
        return frozenset()
    return frozenset(at for at in range(head[-1] + 1, len(rows)) if [cell.text for cell in rows[at]] == texts)


@lru_cache(maxsize=64)  # every interpretation of a table asks, and its ablations do
def _segments(known: _TheSame, head: tuple[int, ...] | None, snr_scored: bool) -> tuple[Segment, ...]:
    rows, repeated = known.rows, _repeated(known)
    head = tuple(header_rows(rows)) if head is None else head
    if again := _again(rows, head):
        repeated |= again
        if len(head) > 1 and is_section(rows[head[0]]):
            head = head[
                1:
            ]  # the title of the first group, as others stand over the header where it comes again
    found: list[Segment] = []
    start = (head[-1] + 1) if head else 0
    at = start
    while at < len(rows):
        if at in repeated and at > start:
            found.append(_segment(rows, head, start, at, snr_scored))
            head = (at,)
            while at + 1 in repeated:
                at += 1
                head = (*head, at)
            start = at + 1
        at += 1
    found.append(_segment(rows, head, start, len(rows), snr_scored))
    return tuple(half for segment in found if segment.first < segment.last for half in _halves(segment, rows))


def _halves(segment: Segment, rows: Rows) -> list[Segment]:
    """Two tables set side by side under one header are read one after the other."""
    heads = [c for c in segment.columns if not c.metrics and words.STRONG_MODEL_HEADER.match(c.header)]
    starts = [c.index for c in heads if c.header == heads[0].header]
    spans = {rows[segment.header_rows[-1]][at].span for at in starts} if segment.header_rows else set()
    if len(starts) < 2 or len(spans) < len(starts) or starts[0] != 0:
        return [segment]
    parts = []
    for low, high in zip(starts, [*starts[1:], len(segment.columns)], strict=True):
        columns = tuple(replace(c, role="model") if c.index == low else c for c in segment.columns[low:high])
        if not any(c.metrics for c in columns):
            return [segment]
        parts.append(replace(segment, columns=columns))
    return parts


def _spread(rows: Rows, head: Sequence[int], column: int) -> list[str]:
    """The header texts over a column, top to bottom; a group name written once reaches over empty cells to its right."""
    texts: list[str] = []
    for position, r in enumerate(head):
        text = rows[r][column].text
        below = any(rows[lower][column].text for lower in head[position + 1 :])
        if not text and below and column > 0:
            left = column - 1
            while left > 0 and not rows[r][left].text:
                left -= 1
            neighbour_below = any(rows[lower][left].text for lower in head[position + 1 :])
            if rows[r][left].text and neighbour_below and left > 0:
                text = rows[r][left].text
        if text and text not in texts:
            texts.append(text)
    return texts


def _with_steps(columns: Sequence[ReadColumn], rows: Rows, head: Sequence[int]) -> tuple[ReadColumn, ...]:
    """Give columns under a row of bare SNRs their condition."""
    for r in head:
        if r == 0 or not (steps(rows[r], rows[r - 1]) or bare_steps(rows[r])):
            continue
        done = []
        for column in columns:
            text = rows[r][column.index].text.strip().replace("−", "-").replace("–", "-").lstrip("+")
            text = re.sub(r"\s*dB$", "", text)
            if column.metrics and re.fullmatch(r"-?\d{1,2}(?:\.\d)?", text):
                column = replace(column, condition=of_ratio(f"SNR {text} dB", column.header), qualifier="")
            done.append(column)
        return tuple(done)
    return tuple(columns)


def _with_labelled(columns: Sequence[ReadColumn], rows: Rows, head: Sequence[int]) -> list[ReadColumn]:
    """Give columns the condition of a header row whose own label says that it names one: 'Noise | Babble | Cafeteria'."""
    done = list(columns)
    for r in reversed(head):
        row = rows[r]
        named = {cell.text for cell in row[1:] if cell.text and cell.span != row[0].span}
        if len(named) < 2 or not _NOISE_HEADER.fullmatch(row[0].text):
            continue
        if any(headers.parse(text).metrics or words.METRIC_HEADER.match(text) for text in named):
            continue
        for at, column in enumerate(done):
            text = row[column.index].text
            if column.metrics and text in named and text not in column.condition:
                rest = " ".join(column.qualifier.replace(text, " ").split())
                condition = ", ".join(filter(None, (text, column.condition)))
                done[at] = replace(column, condition=condition, qualifier=rest)
    return done


_NOISE_HEADER = re.compile(r"(?:noises?(?: types?)?|environments?|scenarios?|rooms?)", re.I)


def _segment(rows: Rows, head: Sequence[int], first: int, last: int, snr_scored: bool) -> Segment:
    width = len(rows[0]) if rows else 0
    columns = tuple(_column(c, _spread(rows, head, c), rows[first:last], snr_scored) for c in range(width))
    columns = _below_corner(columns, rows[first:last])
    columns = tuple(_with_labelled(_with_steps(columns, rows, head), rows, head))
    columns = beside.settled(columns, rows, head, rows[first:last])
    columns = tuple(parts.told(column, rows[first:last]) for column in columns)
    columns = parts.with_distortions(parts.with_metrics_in_rows(columns, rows[first:last]))
    return Segment(_with_model(columns, rows[first:last]), first, last, tuple(head))


def _below_corner(columns: tuple[ReadColumn, ...], data: Rows) -> tuple[ReadColumn, ...]:
    """The columns, the first without its metric where it names rows: 'PESQ at' over models says what the others are of."""
    said = [m.metric for m in columns[0].metrics] if columns else []
    if not said or said[0].per_model or any(c.metrics for c in columns[1:]) or not over_words(data):
        return columns
    return ReadColumn(0, "unknown", columns[0].header), *columns[1:]


def _column(index: int, texts: list[str], data: Rows, snr_scored: bool = False) -> ReadColumn:
    texts = at_step(texts)
    headings = [headers.parse(text) for text in texts]
    joined = " ".join(texts)
    if not index and (
        (texts and texts[-1].endswith(("→", "⇒", "▸")))
        or (len(texts) > 1 and all(_SAYS_OF_BESIDE.fullmatch(text) for text in texts))
    ):
        return ReadColumn(index, "unknown", joined, qualifier=joined)  # 'Test noise' over 'Test SNR'
    if not index and len(texts) == 2 and headings[0].role == "condition" and headings[1].role == "model":
        # 'target' over 'model': the lower word is of the columns beside
        return ReadColumn(index, "condition", texts[0], qualifier=texts[0])
    if len(headings) > 1 and not any(h.metrics for h in headings):
        whole = headers.parse(joined)
        if whole.metrics and not whole.rest:
            headings = [whole]
    condition = of_ratio(", ".join(dict.fromkeys(h.condition for h in headings if h.condition)), joined)
    with_metric = [h for h in headings if h.metrics]
    others = [h for h in headings if not h.metrics]
    if not with_metric:
        role: Role = next((h.role for h in reversed(headings) if h.role != "unknown"), "unknown")
        if role == "condition" and not _LEVEL.search(joined) and parts.measured(index, data):
            role = "unknown"  # scores of what is reverberant or of its noise, not which part of the set it is
        return ReadColumn(
            index,
            role,
            joined,
            datasets=_datasets(headings),
            condition=condition,
            qualifier=", ".join(texts),
            reverb=next((h.reverb for h in headings if h.reverb), ""),
        )
    main = _most_specific(with_metric)
    steps = main.metrics[0].metric.id == "SNR" and parts.few_integers(index, data)
    if main.metrics[0].metric.id == "SNR" and (
        (main.role == "condition" and not snr_scored)
        or (headers.is_contextual(main) and steps)
        or (_AT_INPUT.search(joined) and steps)
    ):
        return ReadColumn(index, "condition", joined, qualifier=joined)
    band = next((h.band for h in headings if h.band), "")
    metrics = tuple(replace(m, band=m.band or (band if m.metric.id == "PESQ" else "")) for m in main.metrics)
    units = units_of(metrics, headings)
    doubts = []
    if main.rest:
        doubts.append(Remark(Doubt.HEADER_SAYS_MORE, (main.rest,)))
    qualifier = ", ".join(h.text for h in others if h.rest and not (h.datasets or h.condition))
    found = vocabulary().metrics_in(joined)
    if qualifier and found and found[0][0] == 0 and joined.startswith(qualifier):
        qualifier = ""  # 'pred.' over 'CSIG': one name in two lines
    same = ("DNSMOS", "MOS", main.metrics[0].metric.id)
    strangers = [h for h in with_metric if h is not main and h.metrics[0].metric.id not in same]
    doubts.extend(Remark(Doubt.TWO_METRICS, (h.text,)) for h in strangers)
    excluded = next((h.excluded for h in headings if h.excluded), "") or next(
        (m.group() for h in others if (m := words.EXCLUDED_HEADER.search(h.text))), ""
    )
    return ReadColumn(
        index,
        "unknown",
        joined,
        metrics,
        units,
        _datasets(headings),
        condition,
        next((h.statistic for h in headings if h.statistic), ""),
        next((h.validation for h in headings if h.validation), ""),
        qualifier,
        next((h.reverb for h in headings if h.reverb), ""),
        excluded,
        tuple(doubts),
        more=main.rest,
    )


#: Of an SNR, that it is the one at which noise was added.
_AT_INPUT = re.compile(
    r"\b(?:input|target|nominal|mix(?:ing|ture)?|alvo|entrada|objetivo|cible|entr[ée]e|eingang\w*|ingresso)\b",
    re.I,
)


def units_of(metrics: Sequence[Named], headings: Sequence[Heading]) -> tuple[str, ...]:
    """The unit of each metric: its own, or that among the headings which fits it."""
    return tuple(named.unit or unit_for(named, headings) for named in metrics)


def unit_for(named: Named, headings: Sequence[Heading]) -> str:
    """The unit among the headings that fits the metric."""
    for heading in headings:
        unit = heading.unit
        if not unit:
            continue
        if named.metric.unit == "count" and unit.rstrip("/") in ("K", "M", "G", "B", "T"):
            return unit
        if named.metric.unit == "s" and unit in ("ms", "s", "us", "µs", "μs", "sec"):
            return unit
        if (named.metric.percent or named.metric.unit == "%") and unit == "%":
            return unit
        if unit == named.metric.unit:
            return unit
    return ""


def _datasets(headings: Sequence[Heading]) -> tuple[Dataset, ...]:
    return tuple(dict.fromkeys(dataset for h in headings for dataset in h.datasets))


def _most_specific(candidates: Sequence[Heading]) -> Heading:
    """Of 'DNSMOS-P.835' over 'OVRL' the second; otherwise the lowest heading."""
    for heading in reversed(candidates):
        if heading.metrics[0].metric.id not in ("DNSMOS", "MOS"):
            return heading
    return candidates[-1]


_LEVEL = re.compile(r"snr|level", re.I)


def _with_model(columns: tuple[ReadColumn, ...], data: Rows) -> tuple[ReadColumn, ...]:
    """Mark the column that names the models."""
    labels = [
        c
        for c in columns
        if not c.metrics
        and not names_nothing(c, data)
        and c.role not in ("year", "causal", "dataset", "condition", "metric", "attribute")
    ]
    named = [c for c in labels if c.role == "model" and words.STRONG_MODEL_HEADER.match(c.header)] or [
        c for c in labels if c.role == "model"
    ]
    chosen: ReadColumn | None = named[0] if named else _corner(columns, data)
    if chosen is None:
        first_metric = next((c.index for c in columns if c.metrics), len(columns))
        for column in labels:
            if column.index < max(first_metric, 1) and any(row[column.index].text for row in data):
                chosen = column
                break
    if chosen is None and columns and columns[0].role == "attribute" and not columns[0].metrics:
        chosen = columns[0] if names_rows(columns[0], data) else None
    if chosen is None and columns and columns[0].role in ("metric", "condition") and not columns[0].metrics:
        chosen = columns[0] if names_rows(columns[0], data) and not holds_metrics(columns[0], data) else None
    return tuple(
        replace(c, role="model") if c is chosen else replace(c, role="attribute") if c.role == "model" else c
        for c in columns
    )


#: What stands over the columns beside it, not over the cells below: 'Metrics', 'SNR (dB)', both in two rows.
_SAYS_OF_BESIDE = re.compile(
    r"(?:(?:test\s|input\s)?(?:metrics?|measures?|snrs?|noises?|conditions?)\b\s*+(?:[(\[][^()\[\]]*+[)\]]\s*+)?)+",
    re.I,
)


def _corner(columns: Sequence[ReadColumn], data: Rows) -> ReadColumn | None:
    """The column of names whose head says what the heads beside it are, where another stands in front of it."""
    first_metric = next((c.index for c in columns if c.metrics), 0)
    for column in columns[1:first_metric]:
        texts = [row[column.index].text for row in data if row[column.index].text and not is_section(row)]
        worded = sum(bool(re.search(r"[A-Za-z]{2}", text)) for text in texts)
        if (
            _SAYS_OF_BESIDE.fullmatch(column.header)
            and worded * 4 > len(texts) * 3
            and len(set(texts)) > 2
            and not holds_metrics(column, data)
        ):
            return column
    return None


def metric_column(segment: Segment, rows: Rows) -> int | None:
    """The column whose cells name the metric of their row, when the header names none."""
    if any(column.metrics for column in segment.columns):
        return None
    best: tuple[float, int] | None = None
    for column in segment.columns[:4]:
        filled = [
            row[column.index].text
            for row in rows[segment.first : segment.last]
            if row[column.index].text and not is_section(row)
        ]
        if not filled:
            continue
        named = sum(
            1
            for text in filled
            if len(text) < 40
            and (h := headers.parse(text)).metrics
            and not h.excluded
            and not cells.looks_numeric(text)
        )
        share = named / len(filled)
        if named >= 1 and share >= 0.5 and (best is None or share > best[0]):
            best = (share, column.index)
    return best[1] if best else None
