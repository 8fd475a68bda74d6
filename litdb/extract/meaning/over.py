"""Tables whose columns are the models: what their headers say, and what their rows are then."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from litdb.extract.meaning import words
from litdb.extract.meaning.found import Found
from litdb.extract.meaning.heads import cells, columns
from litdb.extract.meaning.heads.captions import caption_metric
from litdb.extract.meaning.heads.segment import ReadColumn, Segment
from litdb.extract.meaning.labelled import labels, rows
from litdb.extract.meaning.labelled.labels import LabelledRow
from litdb.extract.meaning.labelled.named import system_from_context
from litdb.extract.meaning.paper import PaperText
from litdb.extract.meaning.scope import testsets
from litdb.extract.meaning.scope.mentions import counted_set, looks_like_set
from litdb.extract.types import Grid, TableKind
from litdb.vocabulary import vocabulary
from litdb.vocabulary.remarks import Doubt, Remark


def model_columns(grid: Grid, segment: Segment) -> list[ReadColumn]:
    """The columns that models may stand over, each headed by what may be its model; empty where rows are no conditions.

    The metric stands in the header with the model, or in the caption alone.
    """
    if not any(c.role in ("condition", "dataset") for c in segment.columns if not c.metrics):
        return []
    scored = [c for c in segment.columns if c.metrics and not c.excluded]
    if scored:
        named = [replace(c, header=_name_over(c)) for c in scored if not c.condition]
    else:
        heading = caption_metric(grid)
        if heading is None:
            return []
        metric, unit = heading.metrics[0], (columns.unit_for(heading.metrics[0], [heading]),)
        doubt = (Remark(Doubt.METRIC_IN_CAPTION),)
        named = [
            replace(c, metrics=(metric,), units=unit, doubts=doubt, header=c.header.strip())
            for c in segment.columns
            if c.role in ("unknown", "attribute", "model") and _numeric(grid, segment, c)
        ]
        named = without_groups(grid, segment, named)
    named = [
        c
        for c in named
        if c.header
        and len(c.header) <= 40
        and not words.EXCLUDED_HEADER.search(c.header)
        and not _PARTS.fullmatch(c.header)
    ]
    return named if len({c.header for c in named}) >= 2 else []


#: Parts of a test set, over which no model stands: 'Dev. Simu.', 'Test Real'.
_PARTS = re.compile(
    r"(?:(?:dev(?:elopment)?|test|eval(?:uation)?|val(?:id(?:ation)?)?|simu?(?:lated)?|real|(?:un)?seen|near|far)\b[\s.,/_-]*)+",
    re.I,
)


def without_groups(grid: Grid, segment: Segment, columns_: Sequence[ReadColumn]) -> list[ReadColumn]:
    """Columns headed by what stands right over them, without the groups above: 'Classical' over 'log-MMSE' and 'OM-LSA', a
    test set over its models.

    Only where the lowest heads are words that tell the columns of a group apart, and a head above gathers some of them.
    """
    if len(segment.header_rows) < 2 or any(c.condition for c in columns_):
        return list(columns_)
    above, lowest = grid.rows[segment.header_rows[0]], grid.rows[segment.header_rows[-1]]
    names = [lowest[c.index].text for c in columns_]
    told = {(above[c.index].span, name) for c, name in zip(columns_, names, strict=True)}
    gathered = [
        c for c in columns_ if above[c.index].colspan > 1 and above[c.index].span != lowest[c.index].span
    ]
    if (
        not gathered
        or len(told) < len(names)
        or not all(re.search(r"[A-Za-z]{2}", name) and not _names_set(name) for name in names)
    ):
        return list(columns_)
    return [replace(c, header=name) for c, name in zip(columns_, names, strict=True)]


def _names_set(text: str) -> bool:
    """Whether a head names a test set, and so no model."""
    return bool(vocabulary().datasets_in(text)) or bool(looks_like_set(text))


def _name_over(column: ReadColumn) -> str:
    """What stands over a column besides its metric; a word that says little elsewhere may be a name here: 'In'."""
    said = (column.qualifier or column.more).strip()
    if said or len(column.metrics) != 1:
        return said
    rest = re.sub(r"[(\[][^()\[\]]*[)\]]|[↑↓]", " ", vocabulary().without_metrics(column.header)).strip(
        " :,-–"
    )
    return rest if re.fullmatch(r"[A-Z][\w+ -]{1,20}", rest) else ""


def _numeric(grid: Grid, segment: Segment, column: ReadColumn) -> bool:
    texts = [
        row[column.index].text for row in grid.rows[segment.first : segment.last] if row[column.index].text
    ]
    return sum(cells.looks_numeric(text) for text in texts) * 2 > len(texts)


def from_models_over(grid: Grid, segment: Segment, paper: PaperText, kind: TableKind) -> Iterator[Found]:
    """The numbers of a table whose columns are models and whose rows are conditions or test sets."""
    found = model_columns(grid, segment)
    unnamed = replace(segment, unnamed=True)
    context: str | None = None
    for place in rows.read(grid, unnamed, paper, kind) if found else ():
        for column in found:
            cell = grid.rows[place.index][column.index]
            metrics = tuple(named.metric for named in column.metrics)
            for slot in cells.read(cell.text, metrics, column.units) if cell.text else ():
                told = row_of_column(column, place.index, grid, paper, column, context)
                if told is None:
                    continue
                row, spec, context = told
                spec = replace(spec, qualifier="")
                yield Found(of_place(row, place), spec, cell, slot, column.metrics[slot.position])


def of_place(row: LabelledRow, place: LabelledRow) -> LabelledRow:
    """The row of a column's model with the test set and the condition that its place in the table gives."""
    return replace(
        row,
        conditions=(place.condition,) if place.condition else (),
        condition=place.condition,
        dataset=row.dataset or place.dataset,
        printed_set=place.printed_set,
        section=place.section,
        reverb=place.reverb,
    )


def row_of_column(
    column: ReadColumn, index: int, grid: Grid, paper: PaperText, spec: ReadColumn, context: str | None
) -> tuple[LabelledRow, ReadColumn, str | None] | None:
    """In a transposed table the header of a column is a model, a test set or a part of one."""
    text = column.header.strip()
    if words.NO_ROW.match(text) and not words.OVER_ALL.match(text):
        return None
    subset = words.VALIDATION.search(text) or (
        words.SUBSET.fullmatch(text.replace(" ", "_")) if text else None
    )
    if (
        not text
        or (column.datasets and _names_set(text))
        or (column.printed_set and column.printed_set in text)
        or column.condition
        or subset
        or counted_set(text)
        or rows.NO_NAME.fullmatch(text)
    ):
        if context is None:
            context = system_from_context(grid, paper)
        row = LabelledRow(index, context, context, own=True, doubts=(Doubt.MODEL_AROUND_TABLE,))
        if column.datasets:
            row = replace(row, dataset=column.datasets[0])
        elif counted_set(text):
            row = replace(row, printed_set=counted_set(text))
        elif subset and not column.condition:
            around = testsets.nearest(grid)
            whole = f"{around.title} {text}" if around is not None else text
            spec = replace(spec, validation=whole)
        return row, spec, context
    label = labels.clean(text)
    reference = bool(words.REFERENCE_LABEL.match(label))
    own = labels.is_own(label, paper) or bool(words.OURS.search(text))
    return (
        LabelledRow(
            index,
            label,
            labels.plain_name(label),
            "reference" if reference else "system",
            own and not reference,
        ),
        spec,
        context,
    )
