"""Is the journal whole: every deed has the changes it says, and the headers hang on each other as they were written."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from crm.models import Deed
from crm.store.journal import header_hash

_CHANGES: Final = """
SELECT d.id FROM deed d LEFT JOIN (
  SELECT deed_id, min(id) AS first, max(id) AS last, count(*) AS many FROM change GROUP BY deed_id
) c ON c.deed_id = d.id
WHERE {kept} AND (c.first IS NOT d.first_change OR c.last IS NOT d.last_change
  OR c.many IS NOT d.last_change - d.first_change + 1)"""


def deeds_with_gaps(connection: Connection) -> int:
    """How many deeds lack changes they made, or have changes of nobody's; thinned deeds have none and are whole."""
    kept = "d.thinned_at IS NULL" if _thins(connection) else "1"
    gaps = connection.exec_driver_sql(f"SELECT count(*) FROM ({_CHANGES.format(kept=kept)})").scalar_one()
    if kept != "1":
        gaps += connection.exec_driver_sql(
            "SELECT count(DISTINCT deed_id) FROM change WHERE deed_id IN "
            "(SELECT id FROM deed WHERE thinned_at IS NOT NULL)"
        ).scalar_one()
    return int(gaps)


def broken_links(connection: Connection) -> int:
    """How many deeds have a header that is not as it was written, or do not hang on the one before."""
    broken, previous = 0, ""
    headers = connection.execute(
        select(
            Deed.uid, Deed.kind, Deed.label, Deed.at, Deed.first_change, Deed.last_change, Deed.previous_hash, Deed.hash
        ).order_by(Deed.id)
    )
    for uid, kind, label, at, first, last, before, own in headers:
        broken += before != previous or own != _expected(before, uid, kind, label, at, first, last)
        previous = own
    return broken


def _expected(
    before: str, uid: str, kind: str, label: str, at: datetime, first: int | None, last: int | None
) -> str | None:
    return None if first is None or last is None else header_hash(before, uid, kind, label, at, first, last)


def _thins(connection: Connection) -> bool:
    columns = connection.exec_driver_sql("SELECT name FROM pragma_table_info('deed')").scalars().all()
    return "thinned_at" in columns
