"""A reading by hand from what was typed: normalised, named canonically, odd values flagged."""

from __future__ import annotations

from litdb.catalogue.record import HandReading
from litdb.errors import InputError
from litdb.vocabulary import MetricName, parse_number, vocabulary
from litdb.vocabulary.protocol import NOTHING_STATED, Protocol
from litdb.vocabulary.remarks import Flag, Remark


def hand_reading(
    *,
    label: str,
    metric: str,
    printed: str,
    origin: str,
    by: str,
    dataset: str = "",
    table: str = "",
    table_kind: str = "comparison",
    page: int | None = None,
    row: int | None = None,
    stated: Protocol = NOTHING_STATED,
    std: str = "",
    remark: str = "",
    kind: str = "system",
    own: bool = False,
) -> HandReading:
    """A reading by hand from what was typed: the number normalised, the name made canonical, odd values flagged.

    Raises UsageError for an unknown metric, InputError for a value that is no number.
    """
    words = vocabulary()
    name = words.metric_name(metric)
    quantity = words.metric(name.quantity)
    assert quantity is not None
    number = parse_number(printed, quantity)
    if number is None and origin != "claim":
        raise InputError(
            f"{label}, {metric}: {printed!r} is not a number; write for example 2.86, 0.46M or 94%"
        )
    if number is None:
        return HandReading(
            label,
            str(name),
            name.quantity,
            dataset,
            None,
            printed,
            origin,
            by,
            table,
            words=printed,
            remark=remark,
        )
    full = name.protocol().merged(stated)
    flags = list(number.flags)
    if not quantity.plausible(number.value):
        flags.append(Remark(Flag.OUT_OF_RANGE))
    return HandReading(
        label=label,
        metric=str(MetricName.of(name.quantity, full)),
        quantity=name.quantity,
        dataset="" if quantity.per_model else dataset,
        value=number.value,
        printed=printed,
        origin=origin,
        by=by,
        table=table,
        table_kind=table_kind,
        row=row,
        page=page,
        kind=kind,
        own=own,
        unit=number.unit,
        resolution=number.resolution,
        approximate=number.approximate,
        uncertainty=float(std) if std else number.uncertainty,
        uncertainty_kind="std" if std else "unknown" if number.uncertainty is not None else "",
        protocol=full,
        flags=tuple(flags),
        remark=remark,
    )
