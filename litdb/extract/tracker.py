"""Leaderboards as Papers with Code kept them: a task, its test sets, and a row for each model. Pure.

A board of a test set and of metrics that the vocabulary knows becomes an extraction; all else is counted and named. What a
tracker says is second hand: its readings are proposed, whatever they say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from litdb.extract.meaning.heads import cells, headers
from litdb.extract.types import CellReading, Extraction, Grid, Reference, Span, TableCell, TableReadings
from litdb.values.names import digest
from litdb.values.origin import Origin
from litdb.vocabulary import custom, vocabulary
from litdb.vocabulary.metric_name import MetricName
from litdb.vocabulary.protocol import Protocol
from litdb.vocabulary.remarks import Doubt, Remark

_TEXT = 300  # characters of a name or a cell; what is longer is cut
_ROWS, _COLUMNS = 5_000, 200  # of one board
_CONFIDENCE = 0.5  # below the threshold: nobody of this catalogue has looked
_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})(?:v\d+)?")
_WIDE_BY_CUSTOM = "unqualified PESQ on VoiceBank+DEMAND at 16 kHz is wide-band"


@dataclass(frozen=True, slots=True)
class Board:
    """One leaderboard whose test set is known: `name` is `task / test set` as printed there."""

    name: str
    extraction: Extraction
    digest: str


@dataclass(slots=True)
class LeftOut:
    """What was left out of a dump: test sets, metrics and cells that are not understood, each with its count."""

    datasets: Counter[str] = field(default_factory=Counter)
    metrics: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)

    def said(self) -> Iterator[str]:
        """In words, the most frequent named."""
        for what, names in (("test sets", self.datasets), ("metrics", self.metrics), ("cells", self.cells)):
            if names:
                shown = ", ".join(
                    f"{name} ({count})" if count > 1 else name for name, count in names.most_common(8)
                )
                more = f", and {len(names) - 8} more" if len(names) > 8 else ""
                rows = "rows of unknown " if what != "cells" else "unreadable "
                yield f"left out, {rows}{what}: {names.total()}: {shown}{more}"


@dataclass(frozen=True, slots=True)
class _BoardColumn:
    name: str
    metric: str
    quantity: str
    unit: str
    protocol: Protocol


def boards(task: object, left_out: LeftOut) -> Iterator[Board]:
    """The boards of a task and of the tasks and test sets inside it; what is not understood is added to `left_out`."""
    waiting: list[tuple[str, Any]] = [("", task)]
    while waiting:
        above, found = waiting.pop()
        if not isinstance(found, Mapping):
            continue
        name = _text(found.get("task")) or above
        for key in ("subtasks", "subdatasets", "datasets"):
            inner = found.get(key)
            waiting += [(name, one) for one in reversed(inner)] if isinstance(inner, list) else []
        rows = _rows(found)
        if rows:
            board = _board(name, _text(found.get("dataset")), rows, left_out)
            if board is not None:
                yield board


def _rows(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    sota = found.get("sota")
    rows = sota.get("rows") if isinstance(sota, Mapping) else None
    return [row for row in rows if isinstance(row, Mapping)][:_ROWS] if isinstance(rows, list) else []


def _board(task: str, printed: str, rows: Sequence[Mapping[str, Any]], left_out: LeftOut) -> Board | None:
    known = vocabulary().dataset(printed) if printed else None
    if known is None:
        if len(left_out.datasets) < 10_000 or printed in left_out.datasets:
            left_out.datasets[printed or "without a name"] += len(rows)
        return None
    name = f"{task} / {printed}"
    columns = _columns(known.id, rows, left_out)
    texts = [[_text(row.get("model_name")), *(_cell(row, c.name) for c in columns), _text(row.get("paper_title"))] for row in rows]  # fmt: skip
    header = ["Model", *(column.name for column in columns), "Paper"]
    grid = Grid(
        tuple(tuple(TableCell(text, text, Span(name, 0, 0)) for text in line) for line in [header, *texts]),
        caption=name,
        number="leaderboard",
        ordinal=1,
        span=Span(name, 0, 0),
    )
    readings, references = [], []
    taken: Counter[tuple[object, ...]] = Counter()
    for number, (row, line) in enumerate(zip(rows, texts, strict=True), start=1):
        reference = _reference(row, number)
        references.append(reference)
        for place, column in enumerate(columns, start=1):
            who = (line[0], _text(row.get("paper_url")) or line[-1], column.name)
            span = Span(
                digest("tracker", *who)[:24], 0, 0
            )  # a row moves when another is added; its cell is the same
            reading = _reading(line, place, column, known.id, span, number, taken[who], reference)
            if reading is not None:
                readings.append(reading)
                taken[who] += 1
            elif line[place] and not cells.is_missing(line[place]):
                left_out.cells[f"{column.name} {line[place][:40]!r}"] += 1
    if not readings:
        return None
    table = TableReadings(grid, "comparison", tuple(readings))
    content = digest(name, *(cell for line in [header, *texts] for cell in line))
    return Board(name, Extraction((table,), tuple(references), title=name), content)


def _columns(dataset: str, rows: Sequence[Mapping[str, Any]], left_out: LeftOut) -> list[_BoardColumn]:
    names: Counter[str] = Counter()
    for row in rows:
        metrics = row.get("metrics")
        names.update(map(_text, list(metrics)[:_COLUMNS]) if isinstance(metrics, Mapping) else ())
    found = []
    for name, count in list(names.items())[:_COLUMNS]:
        column = _column(name, dataset)
        if column is None:
            left_out.metrics[name] += count
        else:
            found.append(column)
    return found


def _column(name: str, dataset: str) -> _BoardColumn | None:
    heading = headers.parse(name)
    if len(heading.metrics) != 1 or heading.excluded or heading.rest.strip() or heading.datasets:
        return None
    (named,) = heading.metrics
    band = named.band or heading.band
    spelled = MetricName(
        named.metric.id, "NB" if band == "NB" else None, None, heading.statistic or None, heading.condition or None
    )  # fmt: skip
    stated = {"band": band, "condition": heading.condition, "statistic": heading.statistic}
    protocol = Protocol.stated(**{item: value for item, value in stated.items() if value})
    usual = custom.band(named.metric.id, dataset, protocol, _WIDE_BY_CUSTOM)
    protocol = protocol if usual is None else protocol.with_("band", usual)
    return _BoardColumn(name, str(spelled), named.metric.id, named.unit or heading.unit, protocol)


def _reading(
    line: Sequence[str], place: int, column: _BoardColumn, dataset: str, span: Span, row: int, slot: int, cited: Reference
) -> CellReading | None:  # fmt: skip
    metric = vocabulary().metric(column.quantity)
    if metric is None or not line[0]:
        return None
    numbers = cells.read(line[place], (metric,), (column.unit,))
    if len(numbers) != 1 or not metric.possible(numbers[0].number.value):
        return None
    number = numbers[0].number
    return CellReading(
        model=line[0],
        system=line[0],
        metric=column.metric,
        quantity=column.quantity,
        dataset="" if metric.per_model else dataset,
        value=number.value,
        unit=number.unit,
        printed=line[place],
        raw=line[place],
        span=span,
        row=row,
        column=place,
        slot=slot,
        resolution=number.resolution,
        approximate=number.approximate,
        cites=(cited.key,),
        origin=Origin.TRACKER,
        protocol=column.protocol,
        confidence=_CONFIDENCE,
        reasons=(Remark(Doubt.FROM_TRACKER),),
        flags=(*number.flags, *numbers[0].flags),
    )


def _reference(row: Mapping[str, Any], number: int) -> Reference:
    address = _text(row.get("paper_url"))
    found = _ARXIV.search(address)
    title = _text(row.get("paper_title"))
    return Reference(f"row {number}", f"{title} {address}".strip(), found[1] if found else "")


def _cell(row: Mapping[str, Any], column: str) -> str:
    metrics = row.get("metrics")
    if not isinstance(metrics, Mapping):
        return ""
    return next((_text(value) for name, value in metrics.items() if _text(name) == column), "")


def _text(value: object) -> str:
    """A text as one bounded line that a database and a terminal can hold; numbers as they are written."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, int) and abs(value) > 10**18:
        return ""
    whole = str(value)[: 4 * _TEXT].encode("utf-8", "replace").decode().replace("\0", "")
    return " ".join(whole.split())[:_TEXT]
