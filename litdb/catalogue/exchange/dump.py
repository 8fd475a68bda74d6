"""A whole catalogue as text, back again, and two of them compared.

A dump is JSON lines: a header, then one record a row, tables in the order of the schema, rows by natural key. It holds
no row numbers, so the same content gives the same bytes on SQLite and on PostgreSQL. Results and source rows are in
it too, although they follow from the rest, so that a dump shows everything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from sqlalchemy import delete, func, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from litdb.catalogue.database.older import ADDED, ADDED_TABLES, number_decisions
from litdb.catalogue.database.schema import NATURAL, REVISION, Base, DecisionRow, MetaRow, ProtocolRow
from litdb.catalogue.database.session import Store
from litdb.catalogue.exchange.current import current
from litdb.catalogue.exchange.portable import (
    Key,
    PortableRow,
    Value,
    fields,
    key_of,
    models_by_name,
    rows,
    table_of,
)
from litdb.catalogue.exchange.writer import RowError, Writer
from litdb.errors import CatalogueError, InputError, SchemaMismatch
from litdb.vocabulary.protocol import Protocol

FORMAT = "litdb dump 1"
#: Longest line of a dump in characters: a table of a paper is one line, and none comes near this.
MAX_LINE = 16_000_000
#: Deepest nesting of JSON, in a line and in the JSON texts of a row.
MAX_DEPTH = 12
_BATCH = 500

#: Columns whose text is JSON, with what it must be: later steps parse them, so they are checked on the way in.
_JSON_TEXTS: dict[str, type] = {
    "paper.authors": list,
    "grid.rows": list,
    "citation.sentences": list,
    "protocol.items": list,
    "run.details": dict,
    "checkpoint.details": dict,
    "reading.cites": list,
    "reading.reasons": list,
    "reading.flags": list,
    "decision.detail": dict,
    "decision.after": list,
    "ablation.components": list,
}


def dump(store: Store, out: TextIO) -> int:
    """Write a catalogue as text, in one consistent state; returns the number of rows."""
    store.check_schema()
    with store.read() as session:
        counts = {m.__tablename__: _count(session, m) for m in NATURAL}
        out.write(_line({"format": FORMAT, "schema": REVISION, "rows": counts}))
        for model in NATURAL:
            for row in rows(session, model):
                out.write(_line({"table": model.__tablename__, "row": row.values}))
    return sum(counts.values())


def load(store: Store, source: TextIO) -> int:
    """Read a dump into a catalogue that is upgraded and empty, in one transaction; returns the number of rows.

    Raises InputError with the number of a line that cannot be used, SchemaMismatch for a dump of another schema,
    CatalogueError when the catalogue is not empty; in each case nothing is changed.
    """
    store.check_schema()
    with store.write() as session:
        return load_into(session, store.shown, source)


def load_into(session: Session, shown: str, source: TextIO) -> int:
    """Read a dump within a transaction on an empty catalogue, which messages call `shown`. Raises as `load` does."""
    lines = _records(source)
    header = next(lines, (0, {}))[1]
    expected = _check_header(header)
    added = ADDED.get(header["schema"], {})
    if any(_count(session, model) for model in NATURAL if model is not MetaRow):
        raise CatalogueError(f"{shown} is not empty: load into a new catalogue, or use `litdb db merge`")
    session.execute(delete(MetaRow))
    writer = Writer(session)
    counted = dict.fromkeys(expected, 0)
    for where, model, batch in _batches(lines, added):
        try:
            writer.insert(model, batch)
        except RowError as error:
            raise InputError(f"line {where[error.place]} of the dump: {error}") from error
        except (IntegrityError, DataError) as error:
            reason = str(error.orig).splitlines()[0]
            raise InputError(
                f"a line from {where[0]} to {where[-1]} of the dump contradicts another: {reason}"
            ) from error
        counted[model.__tablename__] += len(batch)
    for name, count in expected.items():
        if counted[name] != count:
            raise InputError(
                f"the dump is not complete: {counted[name]} of {count} rows of {name}; dump again"
            )
    writer.finish()
    if DecisionRow.__tablename__ in added:
        number_decisions(session.connection())
    return sum(counted.values())


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field that differs between two catalogues, or a row that only one has (`field` is then empty)."""

    table: str
    key: Key
    field: str
    left: Value
    right: Value

    @property
    def only(self) -> str:
        """`left` or `right` for a row that is on that side only, else ''."""
        return "" if self.field else "left" if self.right is None else "right"

    def __str__(self) -> str:
        key = self.key if isinstance(self.key, str | int) else ", ".join(str(part) for part in self.key)
        if self.only:
            return f"{self.table} {key}: only {self.only}: {self.left or self.right}"
        return f"{self.table} {key}: {self.field}: {self.left!r} | {self.right!r}"


def diff(one: Store, other: Store) -> list[FieldDifference]:
    """What two catalogues say differently, by table and natural key; empty when their dumps are the same."""
    with (
        current(one) as left_store,
        current(other) as right_store,
        left_store.read() as left,
        right_store.read() as right,
    ):
        return [d for model in NATURAL for d in _differences(rows(left, model), rows(right, model))]


def field_differences(left: PortableRow, right: PortableRow) -> list[FieldDifference]:
    """The fields in which two rows of the same key differ."""
    return [
        FieldDifference(left.table.__tablename__, left.key, name, value, right.values[name])
        for name, value in left.values.items()
        if value != right.values[name]
    ]


def _differences(left: Iterator[PortableRow], right: Iterator[PortableRow]) -> Iterator[FieldDifference]:
    one, two = next(left, None), next(right, None)
    while one is not None or two is not None:
        if two is None or (one is not None and one.key < two.key):  # type: ignore[operator]
            assert one is not None
            yield FieldDifference(one.table.__tablename__, one.key, "", _shown(one), None)
            one = next(left, None)
        elif one is None or two.key < one.key:  # type: ignore[operator]
            yield FieldDifference(two.table.__tablename__, two.key, "", None, _shown(two))
            two = next(right, None)
        else:
            yield from field_differences(one, two)
            one, two = next(left, None), next(right, None)


def _shown(row: PortableRow) -> str:
    return json.dumps(row.values, ensure_ascii=False)


def _count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table_of(model))) or 0


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"


def _check_header(header: dict[str, Any]) -> dict[str, int]:
    if header.get("format") != FORMAT:
        raise InputError(f"line 1 is not the header of a {FORMAT!r}: give a file made by `litdb db dump`")
    if header.get("schema") not in (REVISION, *ADDED):
        raise SchemaMismatch(
            f"the dump has schema {header.get('schema')!s:.20}, this litdb needs {REVISION}: "
            "load it with the litdb that made it, upgrade there, and dump again"
        )
    counts = header.get("rows")
    lacks = ADDED_TABLES.get(header["schema"], frozenset[str]())
    if (
        not isinstance(counts, dict)
        or counts.keys() != models_by_name().keys() - lacks
        or not all(isinstance(count, int) for count in counts.values())
    ):
        raise InputError("line 1: the header does not count the rows of every table: dump again")
    return counts


def _records(source: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    while line := _next_line(source, number + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise InputError(f"line {number} of the dump is longer than {MAX_LINE} characters")
        if line.strip():
            value = _parse(line, f"line {number} of the dump")
            if not isinstance(value, dict):
                raise InputError(f"line {number} of the dump is not a JSON object")
            yield number, value


def _next_line(source: TextIO, number: int) -> str:
    try:
        return source.readline(MAX_LINE + 1)
    except UnicodeDecodeError as error:
        raise InputError(
            f"line {number} of the dump, or one soon after it, is not UTF-8: {error.reason}"
        ) from error


def _parse(text: str, where: str) -> Any:
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InputError(f"{where} is not JSON that litdb writes: {reason:.200}") from error
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, list | dict)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    if level:
        raise InputError(f"{where} is nested more than {MAX_DEPTH} deep")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _batches(
    lines: Iterator[tuple[int, dict[str, Any]]], added: dict[str, dict[str, str | int]]
) -> Iterator[tuple[list[int], type[Base], list[PortableRow]]]:
    """Line numbers and rows of one table, some hundred at a time; rows that point to one another all at once."""
    order = {model: place for place, model in enumerate(NATURAL)}
    batch: list[PortableRow] = []
    where: list[int] = []
    for number, record in lines:
        row = _row(record, f"line {number} of the dump", added)
        if batch:
            table = batch[0].table
            if order[row.table] < order[table]:
                raise InputError(f"line {number} of the dump: {row.table.__tablename__} comes too late")
            whole = any(f.target is table for f in fields(table))
            if row.table is not table or (len(batch) >= _BATCH and not whole):
                yield where, table, batch
                batch, where = [], []
        batch.append(row)
        where.append(number)
    if batch:
        yield where, batch[0].table, batch


def _row(record: dict[str, Any], where: str, added: dict[str, dict[str, str | int]]) -> PortableRow:
    name, values = record.get("table"), record.get("row")
    model = models_by_name().get(name) if isinstance(name, str) else None
    if model is None or not isinstance(values, dict) or len(record) != 2:
        raise InputError(f"{where} is not a row of a table of this schema")
    values = {**added.get(model.__tablename__, {}), **values}
    expected = {f.name for f in fields(model)}
    if values.keys() != expected:
        odd = sorted(values.keys() ^ expected)[0]
        raise InputError(f"{where}: {name} has no field {odd!s:.60}, or lacks it")
    taken: dict[str, Value] = {}
    for f in fields(model):
        value = values[f.name]
        if f.target is not None:
            value = _key(value, f"{where}, {f.name}")
        elif isinstance(value, list | dict):
            raise InputError(f"{where}: {f.name} is not one value")
        taken[f.name] = value
        shape = _JSON_TEXTS.get(f"{name}.{f.name}")
        if shape is not None:
            parsed = _parse(value, f"{where}, {f.name}") if isinstance(value, str) else None
            if not isinstance(parsed, shape):
                raise InputError(f"{where}: {f.name} is not the JSON text of a {shape.__name__}")
    if model is ProtocolRow:
        _check_protocol(taken, where)
    return PortableRow(model, key_of(model, taken), taken)


def _key(value: Any, where: str) -> Any:
    if isinstance(value, list):
        return tuple(_key(part, where) for part in value)
    if value is not None and not isinstance(value, str | int):
        raise InputError(f"{where} is not the key of a row")
    return value


def _check_protocol(values: dict[str, Value], where: str) -> None:
    try:
        stored = Protocol.from_json(str(values["items"]))
        same = Protocol.of(stored.items).digest == values["digest"]
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{where}: the items of the protocol cannot be read") from error
    if not same:
        raise InputError(f"{where}: the digest of the protocol does not fit its items")
