"""Values as a table prints them: in the unit of their column, with the decimals that their source printed."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

from litdb.values.table import Column
from litdb.vocabulary import MetricName, Vocabulary

_FACTORS = {"k": 3, "M": 6, "G": 9, "ms": -3}
_COUNT_UNITS = {"params": "M", "MACs": "G", "FLOPs": "G"}
_TITLES = {"params": "Params", "latency": "Latency"}
#: A count is shown with no more than this many significant digits once the column's decimals are used up.
_SIGNIFICANT = 3
_WIDE = Context(prec=800, rounding=ROUND_HALF_UP)  # any float can be written out


def column_for(metric: MetricName, vocabulary: Vocabulary) -> Column:
    """The column of a metric: params in millions, MACs and FLOPs in thousand millions, times in milliseconds.

    The direction arrow is left to the renderers. A quantity that the vocabulary does not know raises UsageError.
    """
    known = vocabulary.metric(metric.quantity)
    if known is None:
        vocabulary.metric_name(metric.quantity)  # raises, with near matches
        raise AssertionError(metric.quantity)
    unit = known.unit
    if unit == "count":
        unit = _COUNT_UNITS.get(known.id, "")
    elif unit == "s":
        unit = "ms"
    title = str(metric.with_quantity(_TITLES.get(known.id, known.id)))
    return Column(
        metric=str(metric),
        title=f"{title} ({unit})" if unit else title,
        unit=unit,
        direction=known.direction,
        per_model=known.per_model,
        digits=0 if unit == "ms" else known.digits,
    )


def in_unit(value: float, column: Column) -> float:
    """A normalised value in the unit of the column: 427000 parameters are 0.427 (M)."""
    return float(_scaled(value, column))


def cell_text(value: float, resolution: float, column: Column) -> str:
    """A normalised value in the column's unit, rounded half up to the decimals of its source.

    `resolution` is one step of the last printed digit in the normalised unit, 0 when unknown (then the usual
    decimals of the metric). More than one decimal beyond the usual is cut; counts keep three significant digits:
    459867 parameters are 0.460 (M), 23700 are 0.0237. Raises ValueError when the value is not finite.
    """
    scaled = _scaled(value, column)
    decimals, cap = column.digits, column.digits + 1
    if column.unit in _COUNT_UNITS.values():
        cap = max(column.digits, _SIGNIFICANT - 1 - scaled.adjusted()) if scaled else column.digits
        decimals = cap
    if resolution > 0:
        step = math.log10(resolution) - _FACTORS.get(column.unit, 0)
        # A hair of tolerance: a step of 0.001 that went through a product is still three decimals.
        decimals = min(cap, max(0, math.ceil(-step - 1e-9)))
    return _fixed(scaled, decimals)


def normalised(text: str, column: Column) -> float:
    """What a cell of the column says in the normalised unit: `0.460` (M) are 460000."""
    return float(Decimal(text).scaleb(_FACTORS.get(column.unit, 0)))


def with_spread(text: str, uncertainty: float, column: Column) -> str:
    """`3.41 ± 0.02`: the spread with the decimals of the value it belongs to, one significant digit at least."""
    scaled = _scaled(uncertainty, column)
    decimals = len(text.partition(".")[2])
    if scaled and _fixed(scaled, decimals).strip("0.") == "":
        decimals = -scaled.adjusted()
    return f"{text} ± {_fixed(scaled, decimals)}"


def exact(value: float) -> str:
    """A number for CSV: whole ones without a point, others with at most 12 significant digits."""
    value = float(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"


def _scaled(value: float, column: Column) -> Decimal:
    if not math.isfinite(value):
        raise ValueError(f"{column.metric}: {value} is not a finite number")
    return Decimal(repr(float(value))).scaleb(-_FACTORS.get(column.unit, 0))


def _fixed(number: Decimal, decimals: int) -> str:
    rounded = number.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)
    text = f"{rounded:f}"
    return text.removeprefix("-") if text.strip("-0.") == "" else text
