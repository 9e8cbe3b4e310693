"""Alembic's environment: it is handed an open connection and its transaction, and opens none."""

from __future__ import annotations

from alembic import context

from crm.models import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
