"""Whether the journal is whole: the chain over the headers of deeds, and the changes each header counts.

The chain covers headers only, no values, so that it holds after an erasure and after thinning. A deed's details are
whole when it has as many changes as its header says; those of a thinned one are gone on purpose.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from crm.models import Deed
from crm.store.journal import header_hash


def verify_chain(connection: Connection) -> int | None:
    """The first deed whose header was altered or whose predecessor is gone; None where the chain holds."""
    previous, last_change = "", 0
    headers = select(
        Deed.id,
        Deed.uid,
        Deed.kind,
        Deed.label,
        Deed.at,
        Deed.first_change,
        Deed.last_change,
        Deed.previous_hash,
        Deed.hash,
    ).order_by(Deed.id)
    for row in connection.execute(headers.execution_options(yield_per=1_000)):
        first, last = row.first_change or 0, row.last_change or 0
        expected = header_hash(previous, row.uid, row.kind, row.label, row.at, first, last)
        if row.previous_hash != previous or row.hash != expected or not last_change < first <= last + 1:
            return int(row.id)
        previous, last_change = row.hash, last
    return None


def first_gap(connection: Connection) -> int | None:
    """The first deed, of those not thinned, that has not all the changes its header counts; None where none has."""
    found = connection.exec_driver_sql(
        "SELECT d.id FROM deed d LEFT JOIN (SELECT deed_id, count(*) AS many FROM change GROUP BY deed_id) c "
        "ON c.deed_id = d.id WHERE d.thinned_at IS NULL "
        "AND coalesce(c.many, 0) <> d.last_change - d.first_change + 1 ORDER BY d.id LIMIT 1"
    ).scalar()
    return None if found is None else int(found)
