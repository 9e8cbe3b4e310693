"""Schema 1: every table of the first release, as it was then, and what every store has from the start."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

EVENT_KINDS = (("meeting", "blue"), ("webinar", "teal"), ("talk", "plum"))


def upgrade() -> None:
    """Make the tables, the search index and the rows every store begins with."""
    frozen = Path(__file__).with_name("0001.sql").read_text("utf-8")
    for statement in frozen.removesuffix(";\n").split(";\n\n"):
        op.get_bind().exec_driver_sql(statement)
    for position, (key, colour) in enumerate(EVENT_KINDS):
        op.get_bind().exec_driver_sql(
            "INSERT INTO event_kind (key, name, colour, position) VALUES (?, '', ?, ?)", (key, colour, position)
        )
    op.get_bind().exec_driver_sql("INSERT INTO open_deed (id, deed_id) VALUES (1, NULL)")
