"""Whether the journal is whole: the chain over the headers of deeds, and the changes each header counts.

The chain covers headers only, no values, so that it holds after an erasure and after thinning. A deed's details are
whole when it has just the changes its header says; those of a thinned one are gone on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from crm.models import Deed
from crm.store.journal import header_hash


def broken_links(connection: Connection) -> Iterator[int]:
    """The deeds whose header was altered, or whose predecessor is gone."""
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
        expected = header_hash(row.previous_hash, row.uid, row.kind, row.label, row.at, first, last)
        if row.previous_hash != previous or row.hash != expected or not last_change < first <= last + 1:
            yield int(row.id)
        previous, last_change = row.hash, last


def verify_chain(connection: Connection) -> int | None:
    """The first of the broken links; None where the chain holds."""
    return next(broken_links(connection), None)


def gaps(connection: Connection) -> list[int]:
    """The deeds that have not just the changes their header counts; a thinned one has none."""
    found = connection.exec_driver_sql(
        "SELECT d.id FROM deed d LEFT JOIN (SELECT deed_id, min(id) AS first, max(id) AS last, count(*) AS many "
        "FROM change GROUP BY deed_id) c ON c.deed_id = d.id WHERE CASE WHEN d.thinned_at IS NOT NULL "
        "THEN c.many IS NOT NULL ELSE coalesce(c.many, 0) IS NOT d.last_change - d.first_change + 1 "
        "OR c.first < d.first_change OR c.last > d.last_change END ORDER BY d.id"
    )
    return [int(row[0]) for row in found]


def first_gap(connection: Connection) -> int | None:
    """The first deed with a gap; None where there is none."""
    return next(iter(gaps(connection)), None)
