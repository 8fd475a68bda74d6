"""Numbers of one model that a source prints more than once: two settings in rows of one table, one count in two places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from litdb.values.agreement import agree
from litdb.values.value import Value


def table_of(value: Value) -> tuple[str, ...]:
    """The table a value stands in as one document has it, apart by who the numbers are from; () where it is in none."""
    row = value.row
    return (row.document.key, row.table, value.origin, str(value.rerun)) if row.table and row.key else ()


def printed_beside(members: Sequence[Value]) -> Mapping[tuple[str, ...], list[Value]]:
    """What the tables print that give this number of the model more than once, in several rows."""
    tables: dict[tuple[str, ...], list[Value]] = defaultdict(list)
    for value in members:
        if table := table_of(value):
            tables[table].append(value)
    return {table: values for table, values in tables.items() if len({v.row.key for v in values}) > 1}


def also_there(one: Value, other: Value, beside: Mapping[tuple[str, ...], list[Value]]) -> bool:
    """Whether the table of one value prints the other's number too, in another row: it knows of both settings."""
    there = beside.get(table_of(one), ()) if beside else ()
    return any(row.row.key != one.row.key and agree(row, other) for row in there)


def one_print(one: Value, other: Value) -> bool:
    """Whether a paper prints one number in two places, of which only one says what length of audio it is for."""
    return (
        one.quantity in ("MACs", "FLOPs")
        and bool(one.paper)
        and (one.paper, one.version, one.printed) == (other.paper, other.version, other.printed)
    )
