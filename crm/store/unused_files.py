"""Bytes of files that nothing leads to any more: neither a row nor an undo that would bring one back.

They are facts, and facts change in deeds only; but a deed would write twenty megabytes into the journal as forty of
text to say that nobody has them. So this one deletion is done while no deed can be noted at all: in its transaction
the row that the journal's triggers read is away.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

_UNUSED: Final = (
    "SELECT id FROM attachment_content WHERE NOT EXISTS "
    "(SELECT 1 FROM attachment a WHERE a.content_id = attachment_content.id) AND id NOT IN "
    "(SELECT before ->> 'content_id' FROM change WHERE table_name = 'attachment' AND before IS NOT NULL) LIMIT ?"
)
MOST: Final = 4
"""Files taken out in one transaction: with overwritten pages some dozens of milliseconds for each of the largest."""


def drop_unused(connection: Connection, most: int = MOST) -> int:
    """Take out the bytes nothing leads to, of at most so many files, inside the open transaction; returns how many."""
    unused = list(connection.exec_driver_sql(_UNUSED, (most,)).scalars())
    if unused:
        connection.exec_driver_sql("DELETE FROM open_deed")
        connection.exec_driver_sql("DELETE FROM attachment_content WHERE id = ?", [(one,) for one in unused])
        connection.exec_driver_sql("INSERT INTO open_deed (id, deed_id) VALUES (1, NULL)")
    return len(unused)
