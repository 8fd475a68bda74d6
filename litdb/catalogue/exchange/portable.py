"""Rows without their row numbers: what a dump, a comparison and a merge work with.

A :class:`Row` names the row it is, and every row it points to, by natural key (`NATURAL` of the schema), so rows of
two catalogues, one on SQLite and one on PostgreSQL, are the same when they say the same. A key of one part is that
part, a key of several is a tuple.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    collate,
    select,
)
from sqlalchemy.orm import Session

from litdb.catalogue.database.schema import NATURAL, Base

Key: TypeAlias = "str | int | tuple[Key, ...]"
Value: TypeAlias = "str | int | float | bool | tuple[Key, ...] | None"
_T = TypeVar("_T")

_CHUNK = 1000
#: Row numbers must fit PostgreSQL's integer, and so must every whole number of a row.
_INTEGER = 2**31


@dataclass(frozen=True, slots=True)
class PortableField:
    """A column as it is written: a foreign key `paper_id` is the field `paper`, which holds the key of a paper."""

    name: str
    column: Column[Any]
    target: type[Base] | None

    @property
    def attribute(self) -> str:
        """The attribute of the ORM class, which is also the key of the column in `inserts`."""
        return self.name if self.target is None else f"{self.name}_id"


@dataclass(frozen=True, slots=True)
class PortableRow:
    """A row of `table`: its natural key, and the value of every field in the order of the schema."""

    table: type[Base]
    key: Key
    values: dict[str, Value]


def table_of(model: type[Base]) -> Table:
    """The table behind an ORM class."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


@cache
def models_by_name() -> dict[str, type[Base]]:
    """The ORM classes that are dumped, by the name of their table."""
    return {model.__tablename__: model for model in NATURAL}


@cache
def fields(model: type[Base]) -> tuple[PortableField, ...]:
    """The fields of a table: every column but its own row number."""
    found = []
    for attribute in model.__mapper__.column_attrs:
        column = attribute.columns[0]
        assert isinstance(column, Column)
        if column.name == "id":
            continue
        target = None
        for foreign in column.foreign_keys:
            target = models_by_name()[foreign.column.table.name]
        name = attribute.key.removesuffix("_id") if target is not None else attribute.key
        found.append(PortableField(name, column, target))
    order = {column.name: place for place, column in enumerate(table_of(model).columns)}
    return tuple(sorted(found, key=lambda field: order[field.column.name]))


@cache
def field(model: type[Base], name: str) -> PortableField:
    """One field of a table by the name it has in a row."""
    return next(f for f in fields(model) if f.name == name)


@cache
def key_fields(model: type[Base]) -> tuple[PortableField, ...]:
    """The fields of a table's natural key, in order."""
    by_attribute = {f.attribute: f for f in fields(model)}
    return tuple(by_attribute[name] for name in NATURAL[model])


def key_of(model: type[Base], values: dict[str, Value]) -> Key:
    """The natural key within the values of a row."""
    parts = tuple(values[f.name] for f in key_fields(model))
    return parts[0] if len(parts) == 1 else parts  # type: ignore[return-value]


def has_number(model: type[Base]) -> bool:
    """Whether rows of the table have a row number `id`."""
    return "id" in table_of(model).columns


def _natural(model: type[Base], source: FromClause, joined: FromClause) -> tuple[FromClause, list[Any]]:
    """The columns of a natural key, those of the rows it points to joined on."""
    columns: list[Any] = []
    for part in key_fields(model):
        column = source.c[part.column.name]
        if part.target is None:
            columns.append(column)
        else:
            parent = table_of(part.target).alias()
            joined = joined.outerjoin(parent, column == parent.c.id)
            joined, inner = _natural(part.target, parent, joined)
            columns.extend(inner)
    return joined, columns


def _take(model: type[Base], values: Iterator[Any]) -> Key | None:
    parts: list[Any] = [_take(f.target, values) if f.target else next(values) for f in key_fields(model)]
    if all(part is None for part in parts):
        return None
    key: Key = parts[0] if len(parts) == 1 else tuple(parts)
    return key


def _ordered(column: Any, dialect: str) -> Any:
    # SQLite compares bytes; PostgreSQL does too under "C", and both then agree with Python.
    return collate(column, "C") if dialect == "postgresql" and isinstance(column.type, String) else column


def rows(session: Session, model: type[Base], *where: Any) -> Iterator[PortableRow]:
    """The rows of a table in the order of their natural keys, streamed; `where` are conditions on its columns."""
    query = _in_order(model, session.get_bind().dialect.name)
    for record in session.execute(query.where(*where), execution_options={"yield_per": _CHUNK}):
        taken = iter(record)
        values: dict[str, Value] = {
            f.name: _take(f.target, taken) if f.target else encode(next(taken)) for f in fields(model)
        }
        yield PortableRow(model, key_of(model, values), values)


@cache
def _in_order(model: type[Base], dialect: str) -> Select[Any]:
    """The query behind `rows`. Made once a table: with all its joins it takes longer to put together than to carry out."""
    table = table_of(model)
    joined, natural = _natural(model, table, table)
    columns: list[Any] = []
    for f in fields(model):
        if f.target is None:
            columns.append(table.c[f.column.name])
        else:
            parent = table_of(f.target).alias()
            joined = joined.outerjoin(parent, table.c[f.column.name] == parent.c.id)
            joined, inner = _natural(f.target, parent, joined)
            columns.extend(inner)
    query = select(*columns).select_from(joined)
    return query.order_by(*(_ordered(column, dialect) for column in natural))


def numbers(session: Session, model: type[Base]) -> dict[Key, int]:
    """The row number of each natural key of a table."""
    found: dict[Key, int] = {}
    for record in session.execute(_numbered(model), execution_options={"yield_per": _CHUNK}):
        taken = iter(record[1:])
        key = _take(model, taken)
        assert key is not None
        found[key] = record[0]
    return found


@cache
def _numbered(model: type[Base]) -> Select[Any]:
    """The query behind `numbers`."""
    table = table_of(model)
    joined, natural = _natural(model, table, table)
    return select(table.c.id, *natural).select_from(joined)


def chunks(items: Sequence[_T], size: int = 500) -> Iterator[Sequence[_T]]:
    """The items in pieces small enough for one statement's parameters."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def encode(value: Any) -> Value:
    """A database value as JSON can hold it: dates in ISO, times in UTC, infinities in words, no NaN."""
    if isinstance(value, dt.datetime):
        # SQLite gives times back without a zone; litdb writes UTC only.
        aware = value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
        return aware.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value  # type: ignore[no-any-return]


def decode(field: PortableField, value: object) -> Any:
    """The database value of a field that is no foreign key. Raises ValueError with what is wrong."""
    column = field.column
    if value is None:
        if not column.nullable:
            raise ValueError(f"{field.name} is empty")
        return None
    kind = column.type
    if isinstance(kind, Boolean):
        return _typed(field, value, bool)
    if isinstance(kind, Integer):
        number = _typed(field, value, int)
        if isinstance(value, bool) or not -_INTEGER <= number < _INTEGER:
            raise ValueError(f"{field.name} is not a whole number of 32 bits")
        return number
    if isinstance(kind, Float):
        if value in ("inf", "-inf"):
            return float(str(value))
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError(f"{field.name} is not a number")
        return float(value)
    text = _typed(field, value, str)
    if isinstance(kind, DateTime):
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError(f"{field.name} is a time without its zone")
        return moment.astimezone(dt.UTC)
    if isinstance(kind, Date):
        return dt.date.fromisoformat(text)
    if "\x00" in text or not _is_utf8(text):
        raise ValueError(f"{field.name} holds a character no text may hold")
    if isinstance(kind, String) and kind.length is not None and len(text) > kind.length:
        raise ValueError(f"{field.name} is longer than {kind.length} characters")
    return text


def _typed(field: PortableField, value: object, kind: type[_T]) -> _T:
    if not isinstance(value, kind):
        raise ValueError(f"{field.name} is a {type(value).__name__}, not a {kind.__name__}")
    return value


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True
