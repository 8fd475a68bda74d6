"""The view `value`: one row a result, for litdb and for whoever reads the file with other tools"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: The items of a protocol, each a column: its JSON is a list of [item, value, basis, note].
_ITEMS = (
    "band",
    "mapping",
    "rate",
    "condition",
    "statistic",
    "scale",
    "files",
    "files_expected",
    "selected_on",
    "training",
    "extra_data",
    "causal",
    "reverb",
    "counting",
    "audio_length",
)
_ITEM = {
    "sqlite": (
        "(SELECT json_extract(item.value, '$[1]') FROM json_each(protocol.items) AS item "
        "WHERE json_extract(item.value, '$[0]') = '{name}')"
    ),
    "postgresql": (
        "(SELECT item.value ->> 1 FROM json_array_elements(protocol.items::json) AS item (value) "
        "WHERE item.value ->> 0 = '{name}')"
    ),
}

# Everything but reading and source row is an outer join, so that a query pays for the columns it names only.
_VIEW = """
CREATE VIEW value AS
SELECT
    reading.key AS result,
    coalesce(stays.key, model.key) AS model,
    coalesce(stays.name, model.name) AS model_name,
    model.name AS named,
    coalesce(stays.kind, model.kind) AS kind,
    coalesce(stays.own, model.own) AS own,
    paper.key AS paper,
    paper_version.version AS version,
    document.key AS document,
    document.kind AS document_kind,
    document.uri AS uri,
    source_row.table_no AS "table",
    source_row.table_kind AS table_kind,
    source_row.label AS "row",
    result.metric AS metric,
    result.quantity AS quantity,
    result.dataset AS dataset,
    result.printed AS printed,
    result.value AS value,
    reading.unit AS unit,
    result.resolution AS resolution,
    reading.approximate AS approximate,
    reading.uncertainty AS uncertainty,
    reading.uncertainty_kind AS uncertainty_kind,
    source_row.origin AS origin,
    result.status AS status,
    reading.confidence AS confidence,
    reading.reasons AS reasons,
    reading.flags AS flags,
    reading.remark AS remark,
    reading.by AS entry,
    {items},
    protocol.items AS protocol,
    run.key AS run,
    checkpoint.key AS checkpoint,
    reading.row_no AS grid_row,
    reading.column_no AS grid_column,
    reading.slot AS slot,
    reading.span AS span,
    reading.page AS page,
    result.id AS result_id,
    source_row.key AS row_key,
    source_row.model_id AS model_id,
    coalesce(model.unified_id, model.id) AS owner_id,
    source_row.document_id AS document_id,
    result.protocol_id AS protocol_id,
    source_row.checkpoint_id AS checkpoint_id,
    reading.grid_id AS grid_id
FROM result
JOIN reading ON reading.id = result.reading_id
JOIN source_row ON source_row.id = result.source_row_id
LEFT JOIN model ON model.id = source_row.model_id
LEFT JOIN model AS stays ON stays.id = model.unified_id
LEFT JOIN document ON document.id = source_row.document_id
LEFT JOIN paper ON paper.id = document.paper_id
LEFT JOIN paper_version ON paper_version.id = document.version_id
LEFT JOIN protocol ON protocol.id = result.protocol_id
LEFT JOIN checkpoint ON checkpoint.id = source_row.checkpoint_id
LEFT JOIN run ON run.id = checkpoint.run_id
"""


def upgrade() -> None:
    item = _ITEM[op.get_bind().dialect.name]
    op.execute(_VIEW.format(items=",\n    ".join(f"{item.format(name=name)} AS {name}" for name in _ITEMS)))


def downgrade() -> None:
    op.execute("DROP VIEW value")
