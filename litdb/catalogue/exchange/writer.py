"""Putting portable rows into a catalogue: keys become row numbers, what a row points to must be there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import Base
from litdb.catalogue.exchange.portable import (
    Key,
    PortableRow,
    Value,
    decode,
    fields,
    has_number,
    numbers,
    table_of,
)
from litdb.catalogue.exchange.portable import field as field_of


class RowError(ValueError):
    """A row that cannot be inserted; `place` is its place among the rows given."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(reason)
        self.place = place


@dataclass
class Writer:
    """Inserts and changes rows in one transaction; call :meth:`finish` before anything else inserts."""

    session: Session
    _numbers: dict[type[Base], dict[Key, int]] = field(default_factory=dict)
    _next: dict[type[Base], int] = field(default_factory=dict)

    def numbers(self, model: type[Base]) -> dict[Key, int]:
        """The row number of every key of a table, the inserted ones included."""
        if model not in self._numbers:
            self._numbers[model] = numbers(self.session, model)
        return self._numbers[model]

    def forget(self, model: type[Base], keys: Sequence[Key]) -> None:
        """Rows that were deleted."""
        for key in keys:
            self.numbers(model).pop(key, None)

    def number(self, model: type[Base], key: Value) -> int:
        """The row number of a key. Raises ValueError when there is no such row."""
        found = self.numbers(model).get(key)  # type: ignore[arg-type]
        if found is None:
            raise ValueError(f"it points to {model.__tablename__} {key!r}, which is not there")
        return found

    def record(self, model: type[Base], values: dict[str, Value]) -> dict[str, Any]:
        """Column values for these fields. Raises ValueError saying what is wrong with them."""
        record: dict[str, Any] = {}
        for name, value in values.items():
            f = field_of(model, name)
            if f.target is None:
                record[f.column.name] = decode(f, value)
            elif value is None:
                record[f.column.name] = decode(f, None)
            else:
                record[f.column.name] = self.number(f.target, value)
        return record

    def insert(self, model: type[Base], rows: Sequence[PortableRow]) -> None:
        """Insert rows of one table. Raises RowError for a key that is there already or a bad value.

        Where rows of a table point to one another the pointers are set when all of them are in.
        """
        if not rows:
            return
        inward = [f.name for f in fields(model) if f.target is model]
        records = []
        for place, row in enumerate(rows):
            try:
                record = self.record(model, {k: None if k in inward else v for k, v in row.values.items()})
                if has_number(model):
                    record["id"] = self._new_number(row)
            except ValueError as error:
                raise RowError(place, str(error)) from error
            records.append(record)
        self.session.execute(insert(table_of(model)), records)
        for place, row in enumerate(rows):
            pointers = {name: row.values[name] for name in inward if row.values[name] is not None}
            if pointers:
                try:
                    self.change(model, row.key, pointers)
                except ValueError as error:
                    raise RowError(place, str(error)) from error

    def change(self, model: type[Base], key: Key, values: dict[str, Value]) -> None:
        """Set fields of one row that has a number."""
        table = table_of(model)
        record = self.record(model, values)
        self.session.execute(update(table).where(table.c.id == self.numbers(model)[key]).values(record))

    def finish(self) -> None:
        """Let PostgreSQL count on from the row numbers given here; SQLite does so by itself."""
        if self.session.get_bind().dialect.name == "postgresql":
            for model, following in self._next.items():
                self.session.execute(
                    text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
                    {"name": model.__tablename__, "last": following - 1},
                )
        self._next.clear()

    def _new_number(self, row: PortableRow) -> int:
        model, known = row.table, self.numbers(row.table)
        if row.key in known:
            raise ValueError(f"{model.__tablename__} {row.key!r} is there twice")
        if model not in self._next:
            self._next[model] = (self.session.scalar(select(func.max(table_of(model).c.id))) or 0) + 1
        known[row.key] = self._next[model]
        self._next[model] += 1
        return known[row.key]
