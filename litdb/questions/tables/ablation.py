"""An own study as a table: the mean of each group of runs over its seeds, and its difference to the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from litdb.errors import UsageError
from litdb.evidence.runs.pairing import Comparison, Measure
from litdb.evidence.runs.significance import Grouped
from litdb.questions.compare import compare_named
from litdb.values.display import column_for
from litdb.values.names import slug
from litdb.values.note import Note
from litdb.values.origin import Kind, Origin
from litdb.values.table import EMPTY, Cell, Column, Row, Table
from litdb.vocabulary import MetricName, vocabulary

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_SHOWN = Note("differs from the first row at 5%, corrected for all differences of the table")


def ablation(
    session: Session, groups: Mapping[str, Sequence[str]], metrics: Sequence[str], dataset: str, seeds: int
) -> Table:
    """Each group of runs against the first. Raises UsageError for a group with fewer runs than `seeds`."""
    few = [f"{name} has {len(runs)}" for name, runs in groups.items() if len(runs) < seeds]
    if few:
        raise UsageError(
            f"an ablation is asked over {seeds} seeds, and {', '.join(few)}: train more, or ask for fewer (--seeds)"
        )
    found = compare_named(session, (), groups, metrics, dataset, None)
    names = list(dict.fromkeys(measure.metric for one in found for measure in one.measures))
    columns = [column for name in names for column in _columns(name)]
    rows = [
        _row(
            found[0].a,
            found[0].runs[0],
            [cell for name in names for cell in (_mean(found[0], name, 0), EMPTY)],
        )
    ]
    for one in found:
        cells = [cell for name in names for cell in (_mean(one, name, 1), _difference(one, name))]
        rows.append(_row(one.b, one.runs[1], cells))
    notes = dict.fromkeys(
        note for one in found for note in (*one.notes, *(n for m in one.measures for n in m.notes))
    )
    refused = dict.fromkeys(
        f"{left.metric} is not compared: {left.reason}" for one in found for left in one.refused
    )
    level = "Means and standard deviations over seeds; differences to the first row with 95% intervals."
    return Table(dataset, tuple(columns), tuple(rows), (level, *notes, *refused), title=_title(dataset))


def _title(dataset: str) -> str:
    known = vocabulary().dataset(dataset)
    return known.title if known is not None else dataset


def _columns(name: str) -> tuple[Column, Column]:
    column = column_for(MetricName.parse(name), vocabulary())
    change = Column(f"Δ{name}", f"Δ{column.title}", column.unit, column.direction, digits=column.digits)
    return column, change


def _row(name: str, runs: Sequence[str], cells: Sequence[Cell]) -> Row:
    note = (
        "single seed"
        if len(runs) == 1
        else Note(f"{len(runs)} seeds: {', '.join(runs)}", f"{len(runs)} seeds")
    )
    return Row(
        slug(name),
        name,
        Kind.VARIANT,
        True,
        Origin.MEASURED,
        f"runs {', '.join(runs)}",
        tuple(cells),
        notes=(note,),
    )


def _measure(one: Comparison, name: str) -> Measure | None:
    return next((measure for measure in one.measures if measure.metric == name), None)


def _mean(one: Comparison, name: str, side: int) -> Cell:
    measure = _measure(one, name)
    if measure is None:
        return EMPTY
    value = measure.b if side else measure.a
    spread = measure.difference.spread[side] if isinstance(measure.difference, Grouped) else None
    text = _fixed(value, name)
    return Cell(value, text, text, uncertainty=spread)


def _difference(one: Comparison, name: str) -> Cell:
    measure = _measure(one, name)
    if measure is None:
        return EMPTY
    there = measure.difference
    text = (
        f"{_fixed(there.mean, name, '+')} [{_fixed(there.low, name, '+')}, {_fixed(there.high, name, '+')}]"
    )
    shown = measure.verdict in ("better", "worse")
    return Cell(there.mean, text, text, notes=(_SHOWN,) if shown else ())


def _fixed(value: float, name: str, sign: str = "") -> str:
    known = vocabulary().metric(MetricName.parse(name).quantity)
    return f"{value:{sign}.{(known.digits if known is not None else 2) + 1}f}"
