"""A table, or the points of a figure, as JSON and back, with nothing lost: what a lock keeps."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from litdb.api import Plane
from litdb.report.figures.points import Earlier, Point, Points, RowFacts
from litdb.values.note import Note
from litdb.values.origin import Origin, Status
from litdb.values.table import Cell, Column, Provenance, Row, Table

_Made = TypeVar("_Made")


def table_to_json(table: Table) -> dict[str, Any]:
    """What JSON can hold; what is as usual is left out."""
    return _record(table)


def table_from_json(found: Any) -> Table:
    """The inverse of :func:`table_to_json`. Raises ValueError, TypeError or KeyError for anything else."""
    columns = tuple(Column(**one) for one in _records(found["columns"]))
    rows = tuple(_row(one) for one in _records(found["rows"]))
    if any(len(row.cells) != len(columns) for row in rows):
        raise ValueError("a row has not as many cells as there are columns")
    rest = {
        name: value for name, value in found.items() if name not in ("columns", "rows", "notes", "groups")
    }
    return Table(
        columns=columns, rows=rows, notes=_notes(found), groups=tuple(found.get("groups", ())), **rest
    )


def plane_from_json(found: Any) -> Plane:
    """Of what :func:`record` makes of a plane. Raises ValueError, TypeError or KeyError for anything else."""
    points = tuple(map(_point, _records(found["found"].get("points", []))))
    x, y = Column(**_mapping(found["x"])), Column(**_mapping(found["y"]))
    return Plane(Points(points, _notes(found["found"])), x, y, str(found["title"]))


def _point(found: Mapping[str, Any]) -> Point:
    rest = {name: value for name, value in found.items() if name not in ("facts", "notes")}
    return Point(facts=_facts(_mapping(found.get("facts", {}))), notes=_notes(found), **rest)


def _facts(found: Mapping[str, Any]) -> RowFacts:
    rest = {name: value for name, value in found.items() if name not in ("date", "earlier", "interval")}
    low_high = found.get("interval")
    return RowFacts(
        date=dt.date.fromisoformat(found["date"]) if "date" in found else None,
        earlier=tuple(Earlier(**one) for one in _records(found.get("earlier", []))),
        interval=None if low_high is None else (float(low_high[0]), float(low_high[1])), **rest,
    )  # fmt: skip


def record(value: object) -> dict[str, Any]:
    """A frozen value as JSON, without what is as usual."""
    return _record(value)


def from_record(kind: type[_Made], found: Any) -> _Made:
    """A flat value of texts and numbers. Raises TypeError for what it does not have or lacks."""
    return kind(
        **{
            name: tuple(value) if isinstance(value, list) else value
            for name, value in _mapping(found).items()
        }
    )


def _record(value: Any) -> dict[str, Any]:
    return {
        one.name: _plain(said)
        for one in dataclasses.fields(value)
        if (said := getattr(value, one.name)) != one.default
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Note):
        return [str(value), value.brief, value.cites]
    if isinstance(value, (Origin, Status)):
        return str(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if dataclasses.is_dataclass(value):
        return _record(value)
    return value


def _row(found: Mapping[str, Any]) -> Row:
    rest = {name: value for name, value in found.items() if name not in ("cells", "notes", "origin")}
    cells = tuple(_cell(one) for one in _records(found["cells"]))
    return Row(cells=cells, notes=_notes(found), origin=Origin(found["origin"]), **rest)


def _cell(found: Mapping[str, Any]) -> Cell:
    rest = {name: value for name, value in found.items() if name not in ("notes", "provenance", "earlier")}
    where = found.get("provenance")
    return Cell(
        notes=_notes(found), earlier=_notes(found, "earlier"),
        provenance=None if where is None else _provenance(_mapping(where)), **rest,
    )  # fmt: skip


def _provenance(found: Mapping[str, Any]) -> Provenance:
    kept = {"origin": Origin(found["origin"]), "corrections": tuple(found.get("corrections", ()))}
    if "status" in found:
        kept["status"] = Status(found["status"])
    return Provenance(**{**found, **kept})


def _notes(found: Mapping[str, Any], name: str = "notes") -> tuple[str, ...]:
    return tuple(one if isinstance(one, str) else Note(*one) for one in found.get(name, ()))


def _records(found: Any) -> list[Mapping[str, Any]]:
    if not isinstance(found, list):
        raise ValueError("a list stands there no more")
    return [_mapping(one) for one in found]


def _mapping(found: Any) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise ValueError("a record stands there no more")
    return found
