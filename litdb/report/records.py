"""Values as flat records, for JSON and DataFrames: everything that is known of each, under plain names."""

from __future__ import annotations

from litdb.values.value import Value


def listed(value: Value) -> dict[str, object]:
    """A value as a list of all that is known shows it: `litdb why`, `litdb show`, `Catalogue.results_frame`.

    `model` is the model as its row names it, `source` the place in short text, `row` and `column` places in the table.
    """
    row, checkpoint = value.row, value.row.checkpoint
    return {
        "key": value.key,
        "model": row.named,
        "label": row.label,
        "metric": value.metric,
        "dataset": value.dataset,
        "value": value.value,
        "printed": value.printed,
        "origin": row.origin,
        "status": value.status,
        "source": row.place,
        "url": row.document.url,
        "paper": row.document.paper,
        "version": row.document.version,
        "table_kind": row.table_kind,
        "protocol": value.protocol,
        "confidence": value.confidence,
        "reasons": value.reasons,
        "flags": value.flags,
        "remark": value.remark,
        "entry": value.entry,
        "corrections": [str(made) for made in value.corrections],
        "contested": value.contested,
        "withdrawn": value.withdrawn,
        "grid_id": value.cell.grid,
        "row": value.cell.row,
        "column": value.cell.column,
        "declared": checkpoint is not None and checkpoint.declared_on is not None,
    }


def sourced(value: Value) -> dict[str, object]:
    """A value as one source of a conflict: `model` is the key of the model it counts for, `row` that of its source row."""
    row, document = value.row, value.row.document
    return {
        "key": value.key,
        "model": row.model.key,
        "name": row.model.name,
        "label": row.label,
        "metric": value.metric,
        "quantity": value.quantity,
        "dataset": value.dataset,
        "value": value.value,
        "printed": value.printed,
        "origin": row.origin,
        "place": row.place,
        "url": document.url,
        "kind": row.model.kind,
        "own": row.model.own,
        "resolution": value.resolution,
        "approximate": value.approximate,
        "status": value.status,
        "protocol": value.protocol,
        "paper": document.paper,
        "version": document.version,
        "date": document.date,
        "table": row.table,
        "table_kind": row.table_kind,
        "document": document.key,
        "document_kind": document.kind,
        "checkpoint": value.checkpoint,
        "row": row.key,
        "remark": value.remark,
        "flags": value.flags,
        "rerun": value.rerun,
        "entry": value.entry,
        "corrections": [str(made) for made in value.corrections],
        "contested": value.contested,
        "withdrawn": value.withdrawn,
    }
