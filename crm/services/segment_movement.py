"""Who came into a segment and who left it: a small picture a day, as what changed since the one before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.clock import Clock
from crm.models import Segment, SegmentSnapshot
from crm.services.rules import InvalidRule
from crm.services.segment_rows import Movement
from crm.services.segments import members

MOVEMENT_DAYS: Final = 30


def take_snapshots(session: Session, clock: Clock) -> int:
    """Record who is in each live segment today, once a day; runs in `maintain`. Gives how many were recorded.

    A picture holds what changed since the one before. The first, and the first after the rule was changed, holds
    everyone and nobody left: that is no movement. A broken segment is passed over until it is mended.
    """
    taken = 0
    today = clocks.today(clock)
    living = session.execute(
        select(Segment.id, Segment.changed_at).where(Segment.archived_at.is_(None), Segment.kind == "live")
    ).all()
    for segment_id, changed_at in living:
        past = _pictures(session, segment_id)
        if past and past[-1][0] >= today:
            continue
        try:
            inside = set(members(session, segment_id, clock))
        except InvalidRule:
            continue
        before = _inside_after(past)
        if before is None or clocks.local(changed_at).date() >= past[-1][0]:
            entered, left = sorted(inside), []
        else:
            entered, left = sorted(inside - before), sorted(before - inside)
        session.execute(
            insert(SegmentSnapshot).values(
                segment_id=segment_id, taken_on=today, count=len(inside), entered=entered, left=left
            )
        )
        taken += 1
    return taken


def movement(session: Session, segment_id: int, today: date, days: int = MOVEMENT_DAYS) -> Movement | None:
    """Who entered and left over the last `days` days, today counted; None while there is nothing to compare.

    Where pictures began later, or the rule was changed within the time, `since` says from which day on it counts.
    """
    first_day = today - timedelta(days=days - 1)
    pictures = _pictures(session, segment_id)
    since: date | None = None
    moved: list[tuple[date, list[int], list[int]]] = []
    before = 0
    for place, (day, count, entered, left) in enumerate(pictures):
        whole = _is_whole(place, before, count, entered, left)
        before = count
        if whole:
            since, moved = day + timedelta(days=1), []
        elif day >= first_day and day <= today:
            moved.append((day, entered, left))
    if since is None or pictures[-1][0] < since:
        return None
    ever_entered: set[int] = set()
    for _, entered, left in moved:
        ever_entered.update(entered)
        ever_entered.difference_update(left)
    return Movement(
        since=max(since, first_day),
        until=today,
        entered=sum(len(entered) for _, entered, _ in moved),
        left=sum(len(left) for _, _, left in moved),
        days=tuple((day, len(entered), len(left)) for day, entered, left in moved if entered or left),
        entered_ids=frozenset(ever_entered),
    )


Picture = tuple[date, int, list[int], list[int]]


def _pictures(session: Session, segment_id: int) -> list[Picture]:
    rows = session.execute(
        select(SegmentSnapshot.taken_on, SegmentSnapshot.count, SegmentSnapshot.entered, SegmentSnapshot.left)
        .where(SegmentSnapshot.segment_id == segment_id)
        .order_by(SegmentSnapshot.taken_on)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _is_whole(place: int, before: int, count: int, entered: list[int], left: list[int]) -> bool:
    """A picture of everyone: the first, or one in which all entered though none of those before left."""
    return place == 0 or (before > 0 and not left and len(entered) == count)


def _inside_after(pictures: Iterable[Picture]) -> set[int] | None:
    """Who was inside after the last of `pictures`; None where there are none."""
    inside: set[int] | None = None
    before = 0
    for place, (_, count, entered, left) in enumerate(pictures):
        if inside is None or _is_whole(place, before, count, entered, left):
            inside = set(entered)
        else:
            inside |= set(entered)
            inside -= set(left)
        before = count
    return inside
