"""Ablations, and what models are made of"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ablation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grid_id", sa.Integer(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("base_row_no", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("components", sa.Text(), nullable=False),
        sa.Column("replacement", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("fk_ablation_grid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ablation")),
        sa.UniqueConstraint(
            "grid_id", "row_no", "base_row_no", name=op.f("uq_ablation_grid_id_row_no_base_row_no")
        ),
    )
    op.create_table(
        "model_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["model.id"], name=op.f("fk_model_fact_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_fact")),
        sa.UniqueConstraint("model_id", "item", "value", name=op.f("uq_model_fact_model_id_item_value")),
    )


def downgrade() -> None:
    op.drop_table("model_fact")
    op.drop_table("ablation")
