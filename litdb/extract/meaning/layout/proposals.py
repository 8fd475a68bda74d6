"""The plausible interpretations of a grid: a few dozen at most, most of them soon seen to be worse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from litdb.extract.meaning import words
from litdb.extract.meaning.heads import cells, columns, contents, header_rows, headers
from litdb.extract.meaning.heads.captions import said_metrics
from litdb.extract.meaning.heads.segment import ReadColumn, Rows, Segment
from litdb.extract.meaning.layout.interpretation import Layout
from litdb.extract.meaning.layout.mended import mended
from litdb.extract.meaning.over import model_columns
from litdb.extract.meaning.own import is_property
from litdb.extract.types import Grid, TableCell

_MOST_LABELS = 4
_STEP = re.compile(
    r"(?:SNR\s*[=:]?\s*)?[-−–+]?\d{1,2}(?:\.\d)?\s*(?:dB)?|avg\.?|ave\.?|average|mean|all|overall", re.I
)
_INPUT = re.compile(r"\binput\b|\bnoise level\b|\bmix(?:ing|ture)\b", re.I)


def proposals(grid: Grid) -> Iterator[Layout]:
    """Every interpretation worth scoring. None for a grid without rows."""
    grid = mended(grid)
    yield from _upright(grid)
    if _names_metrics(grid):
        over = turned(grid)
        for layout in _upright(over):
            fits = layout.way == "columns" or (layout.way == "models over" and _one_metric(layout))
            if fits and not _described_alone(layout):
                yield replace(layout, turned=True)


def _one_metric(layout: Layout) -> bool:
    """Whether the rows of the table as printed are one metric of several systems: 'PESQ - noisy', 'PESQ - filtered'."""
    columns_ = layout.segments[0].columns[1:]
    named = {(m.metric.id, m.band) for c in columns_ for m in c.metrics}
    return len(named) == 1 and len({c.qualifier for c in columns_} - {""}) == len(columns_) > 1


def _described_alone(layout: Layout) -> bool:
    """Whether the one system of a list of properties would be called by one of them: 'Architecture | dual-path GRU'."""
    label = layout.label
    if label is None or len(layout.grid.rows) != 2:
        return False
    return is_property(label.header, layout.grid.rows[1][label.index].text)


def turned(grid: Grid) -> Grid:
    """The grid with rows and columns exchanged."""
    return replace(grid, rows=tuple(zip(*grid.rows, strict=True)))


def _names_metrics(grid: Grid) -> bool:
    """Whether one of the first two columns names a metric below its head, so that the table may be turned over."""
    if len(grid.rows[0]) < 2:
        return False
    return any(
        0 < len(cell.text) < 40 and not cells.looks_numeric(cell.text) and headers.parse(cell.text).metrics
        for row in grid.rows[1:]
        for cell in row[:2]
    )


def _upright(grid: Grid) -> Iterator[Layout]:
    base = tuple(header_rows.header_rows(grid.rows))
    named = any("SNR" in cell.text.upper() for row in grid.rows for cell in row)
    for head in _heads(grid.rows, base):
        for snr_scored in (False, True) if named else (False,):
            parts = columns.segments(grid.rows, head, snr_scored=snr_scored)
            if snr_scored and not any(_scored_snr(c) for s in parts for c in s.columns):
                continue
            if not snr_scored and any(_no_steps(c, s, grid.rows) for s in parts for c in s.columns):
                continue
            if not parts:
                continue
            for labelled in _labelled(grid, parts):
                shape = Layout("columns", grid, labelled, deeper=len(head) - len(base), snr_scored=snr_scored)
                yield from _ways(shape)


def _no_steps(column: ReadColumn, part: Segment, rows: Rows) -> bool:
    """Whether a column headed SNR is no condition: its numbers are not the whole or half decibels that noise is added at."""
    if column.role != "condition" or "SNR" not in column.header.upper():
        return False
    numbers = [t for row in rows[part.first : part.last] if re.search(r"\d", t := row[column.index].text)]
    uneven = sum(bool(re.search(r"\d\.(?:\d\d|[1-46-9])", text)) for text in numbers)
    return uneven * 2 > len(numbers) or (uneven >= 2 and uneven * 3 >= len(numbers))


def _scored_snr(column: ReadColumn) -> bool:
    """Whether a column may give the SNR as a score: 'Input SNR' does not."""
    return any(m.metric.id == "SNR" for m in column.metrics) and not _INPUT.search(column.header)


def _ways(shape: Layout) -> Iterator[Layout]:
    """The places where the metrics may stand, given header and label."""
    parts, rows = shape.segments, shape.grid.rows
    named_in_rows = columns.metric_column(parts[0], rows) is not None  # then no caption says what they are
    if (
        not shape.snr_scored
        and not named_in_rows
        and shape.label is None
        and any(model_columns(shape.grid, part) for part in parts)
    ):
        yield replace(shape, way="models over")
        if _corner_says_models(parts[0], rows):
            return
    if any(column.metrics and not column.excluded for part in parts for column in part.columns):
        yield shape
        costs = all(m.metric.per_model for part in parts for c in part.columns for m in c.metrics)
        if costs and said_metrics(shape.grid) is not None:
            yield replace(shape, way="caption")
        return
    if shape.snr_scored:
        return
    titles = [
        row[0].text
        for part in parts
        for row in rows[part.first : part.last]
        if len({(cell.span, cell.text) for cell in row if cell.text}) == 1
    ]
    if any(len(headers.parse(title).metrics) == 1 for title in titles if 0 < len(title) < 60):
        yield replace(shape, way="sections")
    if named_in_rows:
        yield replace(shape, way="metric column")
    if any("=" in cell.text or ":" in cell.text for row in rows[:20] for cell in row[1:]):
        yield replace(shape, way="assigned")
    if not named_in_rows and said_metrics(shape.grid) is not None:
        yield replace(shape, way="caption")


def _corner_says_models(part: Segment, rows: Rows) -> bool:
    """Whether the corner says of the lower heads that they are models: 'target' over 'model' beside 'SDR' over 'UMX'."""
    head = part.header_rows
    corner = rows[head[-1]][0].text if len(head) > 1 else ""
    said = words.CONDITION_HEADER.match(part.columns[0].header), words.STRONG_MODEL_HEADER.match(corner)
    return None not in said


def _heads(rows: Rows, base: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The header as it looks at first sight; one row more where that row may name parts of the columns above."""
    at = len(base)
    if base and at < len(rows) - 1:
        below, corner = rows[at], rows[at - 1][0]
        unlabelled = not below[0].text or below[0].span == corner.span
        filled = [cell for cell in below[1:] if cell.text and not header_rows.is_unit(cell.text)]
        labelled = bool(below[0].text) and not words.CONDITION_HEADER.match(below[0].text)
        steps = [cell.text.strip() for cell in filled]
        counted = (
            len(steps) >= 2
            and all(_STEP.fullmatch(text) for text in steps)
            and sum(text[-1].isdigit() or "dB" in text for text in steps) >= 2
            and (not labelled or bool(re.search(r"\bSNR\b|\bdB\b|noise level", below[0].text, re.I)))
        ) or (header_rows.in_one_unit(steps) and unlabelled)
        worded = (
            len({(c.span, c.text) for c in filled}) >= 2
            and not any(cells.looks_numeric(text) or cells.is_missing(text) for text in steps)
            and sum(cells.looks_numeric(cell.text) for cell in rows[at + 1]) >= 2
            and (unlabelled or not corner.text or bool(headers.parse(below[0].text).unit))
        )
        above = [
            cell
            for cell, step in zip(rows[at - 1], below, strict=True)
            if step.text and not header_rows.is_unit(step.text)
        ]
        if counted and any(not cell.text or cell.colspan > 1 for cell in above[1:]):
            yield (*base, at)  # steps under names that reach over several columns are nothing else
            return
        if worded and all(cell.text and cell.colspan > 1 for cell in above if cell is not corner):
            yield (*base, at)  # nor are words under such names, where numbers follow
            return
        yield base
        if counted or worded:
            yield (*base, at)
    else:
        yield base


def _labelled(grid: Grid, parts: tuple[Segment, ...]) -> Iterator[tuple[Segment, ...]]:
    """The segments with each column in turn that may name the models; the same column for all of them."""
    rows = grid.rows
    if _corner_says_models(parts[0], rows):
        yield tuple(_with_conditions(_with_label(part, None), [0]) for part in parts)
        return
    data = [row for part in parts for row in rows[part.first : part.last]]
    chosen = next((c.index for c in parts[0].columns if c.role == "model"), None)
    if chosen is not None and _second_of_two(chosen, rows):
        chosen -= 1
        parts = tuple(_with_label(part, chosen) for part in parts)
    settable = any(c.role in ("condition", "dataset") or _may_set(c, data) for c in parts[0].columns)
    told = [row for row in data if len({(c.span, c.text) for c in row if c.text}) > 1]  # no titles
    if settable and (chosen is None or not _worded(parts[0].columns[chosen], told)):
        chosen = None
        yield tuple(_with_label(part, None) for part in parts)
    else:
        yield parts
    if parts[0].columns[0].index != 0 or len({len(part.columns) for part in parts}) > 1:
        return
    found = [
        c.index
        for c in parts[0].columns
        if c.index != chosen and _may_name(c, data, told) and not _second_of_two(c.index, rows)
    ]
    for index in found[: _MOST_LABELS - 1]:
        yield tuple(_with_label(part, index) for part in parts)
    if settable and chosen is not None:
        yield tuple(_with_label(part, None) for part in parts)
    devices = _devices(grid, parts[0])
    parted = [
        c.index
        for c in parts[0].columns
        if _CONDITIONS.fullmatch(c.header.strip())
        or c.index in devices
        or (
            c.index == 0
            and not c.metrics
            and header_rows.in_one_unit([row[0].text for row in told if row[0].text])
        )
    ]
    if parted:  # 'Condition' may head changes to a model as well as what models in columns were tried in
        yield tuple(_with_conditions(_with_label(part, None), parted) for part in parts)


_CONDITIONS = re.compile(
    r"(?:test |acoustic |noise |recording )?(?:conditions?|scenarios?|environments?|scenes?)", re.I
)
#: What a real-time factor is measured on, and what is set there.
_DEVICES = re.compile(
    r"(?:target |test )?(?:devices?|[cg]pus?|hardware|platforms?|processors?|chips?|socs?|boards?|machines?|mcus?)",
    re.I,
)
_ON_DEVICE = re.compile(
    r"(?:#\s?|no\. of |number of )?(?:threads?|cores?|batch(?: size)?|clock|backend|runtime)", re.I
)


def _devices(grid: Grid, part: Segment) -> frozenset[int]:
    """The columns that say on what models were timed, where the metric that caption or line in front names is a time."""
    heads = {c.index: c.header.strip() for c in part.columns}
    if not any(map(_DEVICES.fullmatch, heads.values())):
        return frozenset()
    named = said_metrics(grid)
    if named is None or not all(m.metric.per_model for m in named.metrics):
        return frozenset()
    return frozenset(
        at for at, head in heads.items() if _DEVICES.fullmatch(head) or _ON_DEVICE.fullmatch(head)
    )


def _with_conditions(part: Segment, columns_: Sequence[int]) -> Segment:
    return replace(
        part,
        columns=tuple(replace(c, role="condition") if c.index in columns_ else c for c in part.columns),
    )


def _with_label(part: Segment, index: int | None) -> Segment:
    return replace(
        part,
        columns=tuple(
            replace(c, role="model")
            if c.index == index
            else replace(c, role="attribute")
            if c.role == "model"
            else c
            for c in part.columns
        ),
        unnamed=index is None,
    )


def _second_of_two(index: int, rows: Rows) -> bool:
    """Whether a column shares the name over it with the one in front, which is then the likelier label: 'Backbone' over two parts.

    Not where the one in front only gathers rows into groups: 'Methods' over the domain and the name.
    """
    if index == 0 or len(rows) < 3 or _gathers(index - 1, index, rows):
        return False
    top, below = rows[0], rows[1]
    if top[index].text and top[index].colspan > 1 and top[index].span == top[index - 1].span:
        return bool(below[index].text)
    parts = [
        at for at, cell in enumerate(below) if cell.text
    ]  # a blank cell reaches no further than its part below
    return not top[index].text and bool(top[index - 1].text) and parts == [index - 1, index]


def _gathers(front: int, behind: int, rows: Rows) -> bool:
    """Whether the cells of a column reach over several rows, which the column behind it tells apart."""
    told = [row for row in rows[1:] if row[behind].text and row[front].span != row[behind].span]
    groups = {row[front].span for row in told if row[front].text}
    return (
        1 < len(groups) <= len(told) / 2
        and len({row[behind].text for row in told}) == len(told)
        and any(not row[front].text or row[front].rowspan > 1 for row in told)
    )


#: A header under which nothing stands but test sets.
_TEST_SETS = re.compile(r"(?:test|eval(?:uation)?)[- ]?(?:data)?[- ]?sets?", re.I)


_SET_ID = re.compile(r"(?:^|[_ -])(?:cv|tt|et\d*|dt\d*|test|dev|eval|valid)(?:[_ -]|\d|$)", re.I)


def _sets(column: ReadColumn, data: Sequence[Sequence[TableCell]]) -> bool:
    """Whether a column holds ids of sets: 'enhanced_tt_synthetic', 'et05_simu'."""
    texts = [text for row in data if (text := row[column.index].text)]
    return bool(texts) and all(_SET_ID.search(text) for text in texts)


def _may_name(
    column: ReadColumn, data: Sequence[Sequence[TableCell]], told: Sequence[Sequence[TableCell]]
) -> bool:
    """Whether a column could name models: it is no score and holds words; `told` are the rows that are no titles."""
    if column.metrics or column.role in ("causal", "metric") or contents.names_nothing(column, data):
        return False
    header = column.header.strip()
    if _TEST_SETS.fullmatch(header) or (words.DATASET_HEADER.match(header) and _sets(column, data)):
        return False
    return _worded(column, told)


def _worded(column: ReadColumn, told: Sequence[Sequence[TableCell]]) -> bool:
    """Whether a third of what a column holds has letters; words for the unprocessed signal do not count."""
    texts = [row[column.index].text for row in told]
    texts = [text for text in texts if text and not words.REFERENCE_LABEL.match(text)]
    worded = [text for text in texts if re.search(r"[^\W\d_]", text) and not cells.looks_numeric(text)]
    return len(worded) * 3 >= len(texts) > 0


def _may_set(column: ReadColumn, data: Sequence[Sequence[TableCell]]) -> bool:
    """Whether a column could carry a setting that tells the rows of a single model apart."""
    if (
        column.metrics
        or column.excluded
        or column.role in ("causal", "year", "metric", "condition", "dataset")
    ):
        return False
    if contents.only_marks(column, data):
        return False
    texts = {row[column.index].text for row in data if row[column.index].text}
    return len(texts) >= 2
