"""The numbers of a table at their places, as an interpretation of it reads them, before test sets are decided."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from litdb.extract.meaning import words
from litdb.extract.meaning.captioned import from_caption, with_rest
from litdb.extract.meaning.found import Found
from litdb.extract.meaning.heads import beside, cells, columns, headers, pairs
from litdb.extract.meaning.heads.headers import Named
from litdb.extract.meaning.heads.segment import ReadColumn, Segment
from litdb.extract.meaning.labelled import label_sizes, rows
from litdb.extract.meaning.labelled.apart import carried
from litdb.extract.meaning.labelled.labels import LabelledRow
from litdb.extract.meaning.layout.interpretation import Layout
from litdb.extract.meaning.over import from_models_over, of_place, row_of_column, without_groups
from litdb.extract.meaning.own import is_property
from litdb.extract.meaning.paper import PaperText
from litdb.extract.types import Grid, TableKind
from litdb.vocabulary import vocabulary
from litdb.vocabulary.remarks import Doubt, Flag, Remark


def collect(layout: Layout, paper: PaperText, kind: TableKind) -> list[Found]:
    """The numbers of a table as one interpretation reads them; none where that interpretation finds no scores."""
    grid = layout.grid
    found: list[Found] = []
    for segment in layout.segments:
        if layout.way == "columns":
            if any(column.metrics and not column.excluded for column in segment.columns):
                found.extend(_from_columns(grid, segment, paper, kind))
        elif layout.way == "sections":
            found.extend(_from_sections(grid, segment, paper, kind))
        elif layout.way == "metric column":
            at = columns.metric_column(segment, grid.rows)
            if at is not None:
                found.extend(_from_metric_column(grid, segment, paper, kind, at))
        elif layout.way == "models over":
            found.extend(from_models_over(grid, segment, paper, kind))
        elif layout.way == "assigned":
            found.extend(_from_assignments(grid, segment, paper, kind))
        else:
            costs = tuple(
                c if all(m.metric.per_model for m in c.metrics) else replace(c, metrics=())
                for c in segment.columns
            )
            found.extend(_from_columns(grid, replace(segment, columns=costs), paper, kind))
            found.extend(from_caption(grid, segment, paper, kind))
    return _with_percent(_drop_implausible(found))


def _from_columns(grid: Grid, segment: Segment, paper: PaperText, kind: TableKind) -> list[Found]:
    labelled = rows.read(grid, segment, paper, kind)
    found: list[Found] = []
    for column in segment.columns:
        if not column.metrics or column.excluded:
            continue
        column = _with_said_unit(column, grid)
        metrics = tuple(named.metric for named in column.metrics)
        taken: list[Found] = []
        seen: set[tuple[str, int]] = set()
        signed = 0
        for row in labelled:
            cell = grid.rows[row.index][column.index]
            place = (cell.span.file, cell.span.start)
            if not cell.text or place in seen:
                continue
            slots = cells.read(cell.text, metrics, column.units)
            names = pairs.halves(grid, column.header) if _is_pair(slots) and len(metrics) == 1 else None
            if slots:
                seen.add(place)
            for slot in slots:
                named = column.metrics[slot.position]
                half = names[slot.index] if names is not None else None
                taken.append(_of_half(Found(row, column, cell, slot, named), half))
            signed += bool(re.match(r"^\s*[+]\s?\d", cell.text))
        if taken and signed * 2 > len(taken):
            continue
        found.extend(taken)
    return [*found, *_from_labels(grid, segment, labelled)] if found else []


_TIME_SAID = re.compile(
    r"\b(?:latenc(?:y|ies)|delays?)\b[^.;:()]{0,25}?(?:\bin\s+|\(\s*)(?P<unit>ms|milliseconds?|s|seconds?)\b",
    re.I,
)


def _with_said_unit(column: ReadColumn, grid: Grid) -> ReadColumn:
    """A column of times whose head has no unit, with the one that the caption or a note gives: 'latency in ms'."""
    if not any(named.metric.unit == "s" for named in column.metrics) or any(column.units):
        return column
    said = {m["unit"][0].lower() for text in (grid.caption, *grid.notes) for m in _TIME_SAID.finditer(text)}
    if len(said) != 1:
        return column
    unit = "ms" if said == {"m"} else "s"
    return replace(column, units=tuple(unit if named.metric.unit == "s" else "" for named in column.metrics))


def _is_pair(slots: Sequence[cells.Slot]) -> bool:
    """Whether a cell holds two numbers, or one of two beside a dash."""
    several = (flag.kind is Flag.SEVERAL_NUMBERS for slot in slots for flag in slot.flags)
    return len(slots) == 2 or (len(slots) == 1 and any(several))


def _of_half(item: Found, half: pairs.Half | None) -> Found:
    """A number of a pair with what names its half; as it is where nothing does."""
    if half is None:
        return item
    column = replace(
        item.column,
        reverb=half.reverb or item.column.reverb,
        condition=half.condition or item.column.condition,
        printed_set=half.dataset or item.column.printed_set,
        datasets=() if half.dataset else item.column.datasets,
    )
    named = replace(item.named, band=half.band or item.named.band)
    flags = tuple(flag for flag in item.slot.flags if flag.kind is not Flag.SEVERAL_NUMBERS)
    return replace(item, column=column, named=named, slot=replace(item.slot, flags=flags))


def _from_labels(grid: Grid, segment: Segment, labelled: Sequence[LabelledRow]) -> list[Found]:
    """Numbers of parameters in the labels of a table that has no column for them."""
    metric = vocabulary().metric("params")
    label = next((c for c in segment.columns if c.role == "model"), None)
    named = [m for column in segment.columns for m in column.metrics]
    if metric is None or label is None or any(m.metric is metric for m in named):
        return []
    spec = replace(
        label,
        metrics=(Named(metric),),
        units=("",),
        doubts=(Remark(Doubt.SIZE_IN_LABEL),),
        header=label.header or "label",
    )
    found = []
    for row in labelled:
        cell = grid.rows[row.index][label.index]
        size = label_sizes.size_in(cell.text)
        for slot in cells.read(size, (metric,), ("",)) if size else ():
            found.append(Found(row, spec, cell, slot, spec.metrics[0]))
    return found


def _from_sections(grid: Grid, segment: Segment, paper: PaperText, kind: TableKind) -> list[Found]:
    """The title of a group of rows names their metric."""
    found: list[Found] = []
    for row in rows.read(grid, segment, paper, kind):
        heading = headers.parse(row.section)
        if len(heading.metrics) != 1 or heading.rest or heading.excluded:
            continue
        named = heading.metrics[0]
        unit = columns.unit_for(named, [heading])
        if row.model:
            row = replace(row, doubts=tuple(d for d in row.doubts if d is not Doubt.MODEL_AROUND_TABLE))
        for column in segment.columns:
            if column.role in ("model", "year", "attribute", "causal", "metric", "dataset"):
                continue
            cell = grid.rows[row.index][column.index]
            for slot in cells.read(cell.text, (named.metric,), (unit,)) if cell.text else ():
                told = column.datasets or column.printed_set or column.condition
                spec = replace(
                    column,
                    metrics=(named,),
                    units=(unit,),
                    qualifier="",
                    condition=column.condition if told else column.qualifier,
                )
                found.append(Found(row, spec, cell, slot, named))
    return found


#: 'N' in the corner over '1', '2', '4': the setting whose values the heads are.
_SETTING = re.compile(r"#?[A-Za-z][A-Za-z_]{0,11}")
_NUMBER = re.compile(r"\d{1,4}(?:\.\d+)?[kK]?")


def _from_metric_column(
    grid: Grid, segment: Segment, paper: PaperText, kind: TableKind, at: int
) -> list[Found]:
    """Each row has one metric; the other columns are models, test sets or conditions."""
    labelled = rows.read(grid, segment, paper, kind, skip=at)
    by_index = {row.index: row for row in labelled}
    others = [c for c in segment.columns if c.index != at and not c.metrics]
    data = [
        c
        for c in others
        if sum(cells.looks_numeric(grid.rows[r][c.index].text) for r in by_index) * 2
        >= max(1, _filled(grid, segment, c))
    ]
    label = next((c for c in others if c.role == "model" and c not in data), None)
    data = without_groups(grid, segment, beside.as_sets(data))
    if len(data) == 1 and is_property(
        next(c.header for c in segment.columns if c.index == at), data[0].header
    ):
        data = [replace(data[0], header="")]
    found: list[Found] = []
    context: str | None = None
    corner = next((c.header.strip() for c in segment.columns if c.index == at), "")
    corner = corner if _SETTING.fullmatch(corner) and not words.METRIC_HEADER.match(corner) else ""
    names, _ = carried(grid, segment, label.index) if label is not None else (grid, None)
    for r in range(segment.first, segment.last):
        heading = headers.parse(names.rows[r][at].text)
        if not heading.metrics or heading.excluded or (heading.rest and len(heading.rest.split()) > 2):
            continue
        named = heading.metrics[0]
        unit = named.unit or columns.unit_for(named, [heading])
        for column in data:
            cell = grid.rows[r][column.index]
            slots = cells.read(cell.text, (named.metric,), (unit,)) if cell.text else ()
            for slot in slots:
                row = by_index.get(r) if label is not None else None
                place = by_index.get(r)
                spec = replace(
                    column,
                    metrics=(named,),
                    units=(unit,),
                    statistic=heading.statistic,
                    validation="",
                    qualifier="",
                )
                if row is None:
                    over = column
                    if corner and _NUMBER.fullmatch(column.header.strip()):
                        over = replace(column, condition=f"{corner}={column.header.strip()}")
                        spec = replace(spec, condition=over.condition)
                    told = row_of_column(over, r, grid, paper, spec, context)
                    if told is None:
                        continue
                    row, spec, context = told
                    if place is not None:
                        row = of_place(row, place)
                elif column.condition:
                    spec = replace(spec, condition=with_rest(column))
                elif column.qualifier and not (column.datasets or column.printed_set):
                    row = replace(row, conditions=(*row.conditions, column.qualifier))
                if heading.rest:
                    spec = replace(
                        spec,
                        condition=spec.condition or heading.rest,
                        doubts=(Remark(Doubt.HEADER_SAYS_MORE, (heading.rest,)),),
                    )
                found.append(Found(row, spec, cell, slot, named))
    return found


def _filled(grid: Grid, segment: Segment, column: ReadColumn) -> int:
    return sum(
        1 for r in range(segment.first, segment.last) if not cells.is_missing(grid.rows[r][column.index].text)
    )


def _from_assignments(grid: Grid, segment: Segment, paper: PaperText, kind: TableKind) -> list[Found]:
    """Cells that name their metrics themselves: 'PESQ=3.1'; of several such columns the headers are conditions."""
    found = []
    labelled = rows.read(grid, segment, paper, kind)
    assigned = {
        (row.index, column.index): slots
        for row in labelled
        for column in segment.columns
        if re.search(r"[=:]", grid.rows[row.index][column.index].text)
        and (slots := cells.assigned(grid.rows[row.index][column.index].text))
    }
    several = len({at for _, at in assigned}) > 1
    for row in labelled:
        for column in segment.columns:
            for slot in assigned.get((row.index, column.index), ()):
                if slot.metric is not None:
                    named = Named(slot.metric)
                    condition = column.condition or (column.header if several else "")
                    spec = replace(column, metrics=(named,), units=("",), qualifier="", condition=condition)
                    found.append(Found(row, spec, grid.rows[row.index][column.index], slot, named))
    return found


def _drop_implausible(found: Sequence[Found]) -> list[Found]:
    """A column most of whose values no mean of that metric can have is not that metric: ranks, losses, differences."""
    kept: list[Found] = []
    by_column: dict[tuple[int, str], list[Found]] = {}
    for item in found:
        by_column.setdefault((item.column.index, item.named.metric.id), []).append(item)
    for items in by_column.values():
        metric = items[0].named.metric
        if metric.unit == "count":
            items = _with_unit(items)
        elif metric.unit == "s":
            items = _with_time_doubt(items)
        good = sum(item.named.metric.plausible(item.slot.number.value) for item in items)
        if good * 2 >= len(items) or items[0].column.statistic in ("max", "min"):
            kept.extend(items)
    order = {id(item): place for place, item in enumerate(found)}
    return sorted(
        kept, key=lambda item: (item.row.index, item.column.index, item.slot.index, order.get(id(item), 0))
    )


def _with_time_doubt(items: Sequence[Found]) -> list[Found]:
    """Times printed without any unit: seconds or thousandths, which nobody can tell."""
    doubt = Remark(Doubt.TIME_UNIT_NOT_STATED)
    return [
        item
        if item.slot.number.unit
        else replace(item, column=replace(item.column, doubts=(*item.column.doubts, doubt)))
        for item in items
    ]


def _with_percent(found: Sequence[Found]) -> list[Found]:
    """Error rates without a percent sign whose means all lie near one are fractions: they become percent."""
    rates = [item for item in found if item.named.metric.unit == "%"]
    means = [item.slot.number.value for item in rates if not item.column.statistic]
    if not means or max(means) > 2.5 or any(item.slot.number.unit == "%" for item in rates):
        return list(found)
    done = []
    for item in found:
        if item.named.metric.unit == "%":
            number = item.slot.number
            scaled = replace(
                number,
                value=float(f"{number.value * 100:.12g}"),
                resolution=number.resolution * 100,
                uncertainty=None if number.uncertainty is None else number.uncertainty * 100,
                flags=(*number.flags, Remark(Flag.PERCENT_NOT_STATED)),
            )
            item = replace(item, slot=replace(item.slot, number=scaled))
        done.append(item)
    return done


def _with_unit(items: list[Found]) -> list[Found]:
    """Counts printed without any unit: a column of small numbers is in millions (params) or billions (MACs)."""
    bare = [item for item in items if not item.slot.number.unit]
    if not bare or any(item.slot.number.value >= 5000 for item in bare):
        return items
    scale = 1e6 if items[0].named.metric.id == "params" else 1e9
    done = []
    for item in items:
        number = item.slot.number
        if not number.unit:
            number = replace(
                number,
                value=float(f"{number.value * scale:.12g}"),
                resolution=number.resolution * scale,
                flags=(*number.flags, Remark(Flag.UNIT_NOT_STATED)),
            )
            item = replace(item, slot=replace(item.slot, number=number))
        done.append(item)
    return done
