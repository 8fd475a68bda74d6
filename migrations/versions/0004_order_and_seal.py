"""Withdrawn papers, the order of decisions, the priors of a reading, and a seal that shows a flipped bit"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from litdb.catalogue.database.numbering import number_decisions
from litdb.catalogue.database.seal import triggers, unseal

revision = "0004"
down_revision = "0003"
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
    reading.grid_id AS grid_id{withdrawn}
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

_WITHDRAWN = """,
    (SELECT newest.withdrawn FROM paper_version AS newest WHERE newest.paper_id = document.paper_id
     ORDER BY newest.version DESC LIMIT 1) AS withdrawn"""

#: The tables whose rows are sealed.
_SEALED = (
    "meta",
    "paper",
    "paper_version",
    "document",
    "grid",
    "protocol",
    "model",
    "model_name",
    "run",
    "checkpoint",
    "utterance_score",
    "reading",
    "source_row",
    "result",
    "ablation",
    "model_fact",
    "absence",
    "decision",
)


def _view(withdrawn: str = "") -> str:
    item = _ITEM[op.get_bind().dialect.name]
    items = ",\n    ".join(f"{item.format(name=name)} AS {name}" for name in _ITEMS)
    return _VIEW.format(items=items, withdrawn=withdrawn)


def upgrade() -> None:
    # Every row that is there already is given the default.
    text, short, number = sa.Text(), sa.String(length=64), sa.Integer()
    op.add_column("paper_version", sa.Column("withdrawn", text, nullable=False, server_default=""))
    op.add_column("document", sa.Column("priors", short, nullable=False, server_default=""))
    op.add_column("decision", sa.Column("sequence", number, nullable=False, server_default="0"))
    op.add_column("decision", sa.Column("after", text, nullable=False, server_default="[]"))
    op.create_index(op.f("ix_decision_sequence"), "decision", ["sequence"])
    number_decisions(op.get_bind())
    op.create_table(
        "seal",
        sa.Column("table_name", sa.String(length=32), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "block", name=op.f("pk_seal")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in (*triggers(*_SEALED).values(), *map(unseal, _SEALED)):
            op.execute(statement)
    op.execute("DROP VIEW value")
    op.execute(_view(_WITHDRAWN))


def downgrade() -> None:
    op.execute("DROP VIEW value")
    if op.get_bind().dialect.name == "sqlite":
        for name in triggers(*_SEALED):
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table("seal")
    op.drop_index(op.f("ix_decision_sequence"), "decision")
    for table, name in (
        ("decision", "after"),
        ("decision", "sequence"),
        ("document", "priors"),
        ("paper_version", "withdrawn"),
    ):
        op.drop_column(table, name)
    op.execute(_view())
