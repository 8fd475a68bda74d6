"""What papers say of their models in words, longer than a component's id"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from litdb.catalogue.database.seal import triggers

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TOPICS = ("approach", "parts", "recipe", "training-set", "sampling-rate", "causal", "seeds", "hardware")


def upgrade() -> None:
    _retype(sa.String(64), sa.Text())


def downgrade() -> None:
    fact = sa.table("model_fact", sa.column("item"))
    op.execute(sa.delete(fact).where(fact.c.item.in_(_TOPICS)))
    _retype(sa.Text(), sa.String(64))


def _retype(before: sa.types.TypeEngine[str], after: sa.types.TypeEngine[str]) -> None:
    with op.batch_alter_table("model_fact") as batch:
        batch.alter_column("value", existing_type=before, type_=after, existing_nullable=False)
    if (
        op.get_bind().dialect.name == "sqlite"
    ):  # the table is another now, with the same rows, without its triggers
        for statement in triggers("model_fact").values():
            op.execute(statement)
