"""Which rows of a table are its headers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from litdb.extract.meaning import words
from litdb.extract.meaning.heads import cells, headers
from litdb.extract.meaning.heads.segment import Rows
from litdb.extract.types import TableCell

_STEP = re.compile(r"[-−–+]?\d{1,2}(?:\.\d)?(?:\s*dB)?|avg\.?|ave\.?|average|mean|all|overall", re.I)


_SNR_ALONE = re.compile(
    r"\s*(?:SNR\s*[=:]?\s*)?(?:[<>≤≥]\s*)?[-−–+]?\d+(?:\.\d+)?(?:\s*(?:dB)?\s*(?:to|~|∼|–|—|-{1,2})\s*[-−+]?\d+(?:\.\d+)?)?\s*dB\s*(?:SNR)?",
    re.I,
)


def _texts(row: Sequence[TableCell]) -> list[str]:
    return [cell.text for cell in row]


def _distinct(row: Sequence[TableCell]) -> int:
    return len({(cell.span, cell.text) for cell in row if cell.text})


def numeric_cells(row: Sequence[TableCell]) -> int:
    """Cells with a number, years left out."""
    seen = set()
    for cell in row:
        text = cell.text
        if (
            text
            and not re.fullmatch(r"(?:19|20)\d\d", text)
            and cells.looks_numeric(text)
            and not is_condition(text)
        ):
            seen.add((cell.span, text))
    return len(seen)


def is_condition(text: str) -> bool:
    """Whether a text is an SNR or a range of them: '-5 dB', '0–5 dB'."""
    return _SNR_ALONE.fullmatch(text) is not None


def metric_cells(row: Sequence[TableCell], *, skip_first: bool = True) -> int:
    """Cells whose text is a header that names a metric."""
    count = 0
    seen = set()
    for index, cell in enumerate(row):
        if (
            not cell.text
            or (skip_first and index == 0)
            or (cell.span, cell.text) in seen
            or len(cell.text) > 60
        ):
            continue
        seen.add((cell.span, cell.text))
        heading = headers.parse(cell.text)
        if heading.metrics and not cells.looks_numeric(cell.text):
            count += 1
    return count


def is_section(row: Sequence[TableCell]) -> bool:
    """One text alone in its row: the title of the rows below."""
    return _distinct(row) == 1 and numeric_cells(row) == 0


def header_rows(rows: Rows) -> list[int]:
    """The rows at the top that are headers."""
    marked = _marked(rows)
    data = next(
        (
            r
            for r, row in enumerate(rows)
            if r >= marked
            and _is_data(row)
            and not (r and steps(row, rows[r - 1]))
            and not _heads_metrics(rows, r)
        ),
        len(rows),
    )
    last_metric = -1
    for r in range(min(data, 6)):
        if metric_cells(rows[r]) >= 1 and not (r > 0 and is_section(rows[r])):
            last_metric = r
    if last_metric < 0:
        headed = [r for r in range(data) if rows[r] and all(cell.header for cell in rows[r])]
        if headed:
            return list(range(headed[-1] + 1))
        if not 0 < data < len(rows):
            return []
        end = 1
        while end < data and (_continues(rows[end], rows[0]) or _heads_models(rows[end])):
            end += 1
        return list(range(end))
    end = last_metric + 1
    while end < data and (_continues(rows[end], rows[last_metric]) or _heads_models(rows[end])):
        end += 1
    return list(range(end))


def _heads_metrics(rows: Rows, r: int) -> bool:
    """A row of settings in one unit without a label, over a row of metric names: '8 kHz | 16 kHz' over 'LSD | ViSQOL'."""
    texts = [cell.text for cell in rows[r][1:] if cell.text]
    below = rows[r + 1] if r + 1 < len(rows) else ()
    return not rows[r][0].text and in_one_unit(texts) and metric_cells(below) >= 2


def _heads_models(row: Sequence[TableCell]) -> bool:
    """A row of words whose first says that models stand below: 'Method | Near | Far'."""
    worded = [cell for cell in row if cell.text]
    return bool(words.STRONG_MODEL_HEADER.match(row[0].text)) and len(worded) > 1 and numeric_cells(row) == 0


def _marked(rows: Rows) -> int:
    """How many rows at the top the source itself marks as header, where several are and others are not."""
    count = 0
    while count < len(rows) and rows[count] and all(cell.header for cell in rows[count]):
        count += 1
    least = 1 if rows and _values_over_metrics(rows) else 2
    return count if least <= count < len(rows) else 0


def _values_over_metrics(rows: Rows) -> bool:
    """Whether the first row has the values of a setting, over rows that name metrics: 'N | 1 | 2 | 4' over 'PESQ', 'RTF'."""
    corner, *heads = (cell.text.strip() for cell in rows[0])
    if not re.fullmatch(r"#?[A-Za-z][A-Za-z_ ]{0,15}", corner) or headers.parse(corner).metrics:
        return False
    if len(heads) < 2 or not all(re.fullmatch(r"\d{1,4}(?:\.\d+)?", text) for text in heads):
        return False
    numbers = [float(text) for text in heads]
    named = [bool(headers.parse(row[0].text).metrics) for row in rows[1:8]]
    return (
        len(named) > 1
        and all(named)
        and (numbers in (sorted(set(numbers)), sorted(set(numbers), reverse=True)))
    )


def _continues(row: Sequence[TableCell], above: Sequence[TableCell]) -> bool:
    """Whether a row below the metric names is still header: conditions, datasets, bands, or spans from above."""
    if is_section(row):
        return False
    if steps(row, above):
        return True
    filled = [cell for cell, upper in zip(row, above, strict=True) if cell.text and cell.span != upper.span]
    if not filled or len(filled) < 2:
        return not filled and any(cell.text for cell in row)
    known = sum(
        1
        for cell in filled
        if is_condition(cell.text)
        or (h := headers.parse(cell.text)).datasets
        or h.band
        or h.statistic
        or h.metrics
        or h.unit
    )
    return known * 2 >= len(filled) and numeric_cells(row) == 0


def steps(row: Sequence[TableCell], above: Sequence[TableCell]) -> bool:
    """A row of SNRs without 'dB' under metric names that span several columns: '-5 | 0 | 5 | Avg.'."""
    label = row[0].text
    spanned = any(cell.colspan > 1 and headers.parse(cell.text).metrics for cell in above)
    head = words.CONDITION_HEADER.match(label) or (
        words.STRONG_MODEL_HEADER.match(label) and not above[0].text
    )
    if not spanned or (label and not head and row[0].span != above[0].span):
        return False
    filled = [
        cell.text.strip()
        for cell, upper in zip(row[1:], above[1:], strict=True)
        if cell.text and cell.span != upper.span and not words.CONDITION_HEADER.match(cell.text)
    ]
    filled = [text for text in filled if not is_unit(text)]
    return (
        len(filled) >= 2
        and all(_STEP.fullmatch(text) for text in filled)
        and any(text[-1].isdigit() for text in filled)
    )


_WITH_UNIT = re.compile(
    r"\d+(?:\.\d+)?\s*(?P<unit>ms|s|min|h|kHz|kbps|kb/s|kbit/s|steps?|ch|mics?|frames?)\.?", re.I
)


def in_one_unit(texts: Sequence[str]) -> bool:
    """Whether texts are different numbers of one unit, as columns are headed by: '1 s', '3 s', '10 s'."""
    found = [_WITH_UNIT.fullmatch(text) for text in texts]
    units = {match["unit"].lower() for match in found if match is not None}
    return len(texts) >= 2 and None not in found and len(units) == 1


def is_unit(text: str) -> bool:
    """Whether a cell below a heading holds nothing but its unit in brackets: '(M)', '(G/s)', '[%]'."""
    return bool(_IN_BRACKETS.fullmatch(text)) and bool(headers.parse(f"params {text}").unit)


_IN_BRACKETS = re.compile(r"\s*[(\[]\s*[^()\[\]]{1,8}[)\]]\s*")


def bare_steps(row: Sequence[TableCell]) -> bool:
    """A header row of SNRs alone, whatever stands over it: '-5 | 0 | 5'."""
    filled = [cell.text.strip() for cell in row[1:] if cell.text]
    return (
        len(filled) >= 2
        and all(_STEP.fullmatch(text) for text in filled)
        and (sum(text[-1].isdigit() or "dB" in text for text in filled) >= 2)
    )


def _is_data(row: Sequence[TableCell]) -> bool:
    numbers = numeric_cells(row)
    if numbers == 0 or any(words.STRONG_MODEL_HEADER.match(cell.text) for cell in row):
        return False
    names = metric_cells(row)
    return numbers > names


def repeats_header(row: Sequence[TableCell]) -> bool:
    return metric_cells(row) >= 2 and numeric_cells(row) == 0
