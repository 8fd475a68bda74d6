"""The bibliographies of documents, with the sentences that cite"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from litdb.catalogue.database.seal import triggers

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "citation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("arxiv_id", sa.Text(), nullable=False),
        sa.Column("doi", sa.Text(), nullable=False),
        sa.Column("sentences", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_citation_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation")),
        sa.UniqueConstraint("document_id", "place", name=op.f("uq_citation_document_id_place")),
    )
    for name in ("document_id", "arxiv_id", "doi"):
        op.create_index(op.f(f"ix_citation_{name}"), "citation", [name])
    if op.get_bind().dialect.name == "sqlite":
        for statement in triggers("citation").values():
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("citation")
