"""Tables whose only metric stands in the caption: their columns are test sets or conditions."""

from __future__ import annotations

import re
from dataclasses import replace

from litdb.extract.meaning import words
from litdb.extract.meaning.found import Found
from litdb.extract.meaning.heads import beside, cells, columns, headers
from litdb.extract.meaning.heads.captions import said_metrics
from litdb.extract.meaning.heads.segment import ReadColumn, Segment
from litdb.extract.meaning.labelled import rows
from litdb.extract.meaning.paper import PaperText
from litdb.extract.types import Grid, TableKind
from litdb.vocabulary.remarks import Doubt, Remark

#: The unit behind a head, which is no part of the condition: 'P50 (ms)'.
_UNIT_BEHIND = re.compile(r"\s*[(\[](?:ms|s|sec|%|dB)[)\]]\s*$")
#: A Greek letter over a column is a setting, whatever metric the caption names.
_SYMBOL = re.compile(r"[α-ωΑ-Ω](?:_\w{1,3})?")
_OVER_ALL = re.compile(r"^(?:avg|average|mean|all|overall)\.?$", re.I)


def from_caption(grid: Grid, segment: Segment, paper: PaperText, kind: TableKind) -> list[Found]:
    """A table whose only metric stands in the caption: its columns are test sets or conditions."""
    heading = said_metrics(grid)
    label = next((c for c in segment.columns if c.role == "model"), None)
    if heading is None or label is None:
        return []
    named = heading.metrics
    metrics = tuple(one.metric for one in named)
    found = []
    plain = [c for c in segment.columns if c is not label and not c.metrics and c.role == "unknown"]
    of_sets = {column.index: column for column in beside.as_sets(plain)}
    for row in rows.read(grid, segment, paper, kind):
        for column in (of_sets.get(c.index, c) for c in segment.columns):
            text = column.header.strip()
            if (
                column is label
                or column.metrics
                or column.role in ("year", "attribute", "causal", "metric")
                or not text
                or words.EXCLUDED_HEADER.search(text)
                or _SYMBOL.fullmatch(text)
                or len(text) > 40
            ):
                continue
            cell = grid.rows[row.index][column.index]
            units = columns.units_of(named, [headers.parse(text), heading])
            for slot in cells.read(cell.text, metrics, units) if cell.text else ():
                told = column.datasets or column.printed_set or column.condition or _OVER_ALL.match(text)
                spec = replace(
                    column,
                    metrics=named,
                    units=units,
                    qualifier="",
                    condition=_besides(grid, segment, column) or with_rest(column)
                    if told
                    else _UNIT_BEHIND.sub("", _heads_of(grid, segment, column) or text),
                    doubts=(Remark(Doubt.METRIC_IN_CAPTION),),
                )
                found.append(Found(row, spec, cell, slot, named[slot.position]))
    return found


def _over(grid: Grid, segment: Segment, column: ReadColumn) -> list[str]:
    """The different texts over a column, top to bottom."""
    texts = dict.fromkeys(grid.rows[r][column.index].text.strip() for r in segment.header_rows)
    return [text for text in texts if text]


def _besides(grid: Grid, segment: Segment, column: ReadColumn) -> str:
    """What the heads of a column whose head names a test set say besides: 'Dev, Tiny' of 'CHiME-4' over 'Dev' over 'Tiny'."""
    if not column.datasets or column.condition or len(segment.header_rows) < 2:
        return ""
    said = [
        text
        for text in _over(grid, segment, column)
        if not headers.parse(text).datasets and not words.REVERB.fullmatch(text.replace("_", " "))
    ]
    return ", ".join(said)


def _heads_of(grid: Grid, segment: Segment, column: ReadColumn) -> str:
    """The heads over a column, each a condition of its own: 'Babble, Avg.' of 'Babble' over 'Avg.'; '' for one alone, and where
    a head is over all columns and so names what the others tell: 'Distance' over 'Near' and 'Far'."""
    texts = _over(grid, segment, column)
    over_all = any(
        len({cell.text for cell in grid.rows[r][1:] if cell.text}) == 1 for r in segment.header_rows
    )
    return "" if over_all or len(texts) < 2 or " ".join(texts) != column.header.strip() else ", ".join(texts)


def with_rest(column: ReadColumn) -> str:
    """The condition of a column with what else its header says of the part: 'Babble, SNR 0 dB' of 'Babble' over '0 dB'."""
    rest = headers.snr(column.header)[1].strip(" ,:-") if column.condition.startswith("SNR ") else ""
    if (
        not re.search(r"[A-Za-z]{3}", rest)
        or column.datasets
        or column.printed_set
        or headers.parse(rest).datasets
    ):
        return column.condition
    return f"{rest}, {column.condition}"
