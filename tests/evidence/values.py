"""Values to build cases from."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from litdb.values.origin import Kind, Origin, Status, TableKind
from litdb.values.value import RERUN, Checkpoint, Document, Model, SourceRow, Value
from litdb.vocabulary import parse_number, vocabulary
from litdb.vocabulary.protocol import Protocol


def value(model: str, metric: str, printed: str, **more: Any) -> Value:
    """A value as read from `printed`; protocol items are given as `protocol=dict(...)`, the date as ISO text."""
    name = vocabulary().metric_name(metric)
    quantity = vocabulary().metric(name.quantity)
    assert quantity is not None
    number = parse_number(printed, quantity)
    origin, place = more.pop("origin", "self"), more.pop("place", "arXiv:2401.00001v1, table 1")
    stated = Protocol.stated(**more.pop("protocol", {}))
    date = more.pop("date", None)
    dataset = more.pop("dataset", "" if quantity.per_model else "vbd")
    given = {field: more.pop(field) for field in ("version", "paper", "url") if field in more}
    document = Document(
        key=more.pop("document", place),
        kind=more.pop("document_kind", ""),
        uri=given.get("url") or place.partition(", table ")[0],
        paper=given.get("paper", ""),
        version=given.get("version"),
        date=dt.date.fromisoformat(date) if date else None,
    )
    checkpoint = more.pop("checkpoint", "")
    table = more.pop("table", place.partition(", table ")[2])
    row = SourceRow(
        key=more.pop("row", ""),
        model=Model(model, more.pop("name", model), Kind(more.pop("kind", "system")), more.pop("own", False)),
        document=document,
        origin=Origin(origin),
        label=more.pop("label", model),
        table=table,
        table_kind=TableKind(more.pop("table_kind", "comparison")),
        checkpoint=Checkpoint(checkpoint) if checkpoint else None,
        named=model,
    )
    if more.pop("rerun", False):
        more["remark"] = RERUN
    fields: dict[str, Any] = {
        "key": f"{model}-{metric}-{printed}-{origin}-{place}",
        "resolution": number.resolution if number else 0.0,
        "approximate": number.approximate if number else "",
        "protocol": name.protocol().merged(stated),
    } | more
    fields["status"] = Status(fields.get("status", "accepted"))
    return Value(
        row=row, metric=str(name), quantity=name.quantity, dataset=dataset,
        value=number.value if number else None, printed=printed, **fields,
    )  # fmt: skip


def moved(one: Value, **document: Any) -> Value:
    """The same value in a document that differs in these fields."""
    row = one.row
    return replace(one, row=replace(row, document=replace(row.document, **document)))
