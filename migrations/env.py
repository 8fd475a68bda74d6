"""Alembic's environment. litdb hands it an open connection; it is never run on its own."""

from __future__ import annotations

from alembic import context

from litdb.catalogue.database.schema import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
