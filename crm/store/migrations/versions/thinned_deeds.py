"""Schema 2: the journal is thinned, and a deed says when its changes were taken out."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add `deed.thinned_at`, empty: nothing was thinned before."""
    op.get_bind().exec_driver_sql("ALTER TABLE deed ADD COLUMN thinned_at DATETIME")
