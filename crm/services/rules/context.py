"""What a rule needs to know to be understood: the day, and the names behind the numbers in it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.clock import Clock
from crm.models import Event, EventKind, EventTotals, Person, Segment, SegmentMember, Tag
from crm.services.rules.errors import RuleCycle, RuleEventGone, RuleKindGone, RuleSegmentGone, RuleTagGone, RuleTooLarge

LEAF_LIMIT: Final = 500
"""Conditions in one rule, those of the segments it names included (reference reliability, T15)."""


@dataclass(frozen=True, slots=True)
class KnownSegment:
    """A segment as a rule sees it; `by_hand` says that people were put in or kept out."""

    id: int
    name: str
    kind: str
    rule: dict[str, object]
    by_hand: bool


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event as a rule sees it."""

    id: int
    title: str
    on: date


@dataclass(frozen=True, slots=True)
class KnownKind:
    """A kind of event; `name` is empty for the built-in ones, which are translated by `key`."""

    id: int
    key: str
    name: str


def alive() -> tuple[ColumnElement[bool], ...]:
    """Who can be in a segment at all: neither deleted nor archived."""
    return (Person.deleted_at.is_(None), Person.archived_at.is_(None))


class Context:
    """Read once for one question, inside its transaction, and thrown away with it."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.session = session
        self.now = clock()
        self.today = clocks.today(clock)
        self._inside: list[int] = []
        self._leaves = 0

    def since(self, days: int) -> date:
        """The first of the last `days` days, today counted: for 30 days it is today − 29."""
        return self.today - timedelta(days=days - 1)

    def midnight(self, day: date) -> datetime:
        """The moment at which `day` begins on this laptop."""
        local = datetime.combine(day, datetime.min.time(), tzinfo=clocks.local(self.now).tzinfo)
        return local.astimezone(UTC)

    def day_of(self, moment: datetime) -> date:
        """The day on this laptop's calendar that `moment` falls on."""
        return clocks.local(moment).date()

    def count_leaf(self) -> None:
        """Raises RuleTooLarge where the rule, with the segments it names, grows past the limit."""
        self._leaves += 1
        if self._leaves > LEAF_LIMIT:
            raise RuleTooLarge(limit=LEAF_LIMIT)

    @contextlib.contextmanager
    def inside(self, segment_id: int) -> Iterator[None]:
        """While `segment_id` is being understood; raises RuleCycle where it is already."""
        if segment_id in self._inside:
            raise RuleCycle(name=self.segment(segment_id).name)
        self._inside.append(segment_id)
        try:
            yield
        finally:
            self._inside.pop()

    @cached_property
    def tags(self) -> dict[int, str]:
        """Names of all tags."""
        return {row.id: row.name for row in self.session.execute(select(Tag.id, Tag.name))}

    @cached_property
    def segments(self) -> dict[int, KnownSegment]:
        """Every segment that was not removed."""
        touched = set(
            self.session.scalars(select(SegmentMember.segment_id).where(SegmentMember.state != "frozen").distinct())
        )
        rows = self.session.execute(
            select(Segment.id, Segment.name, Segment.kind, Segment.rule).where(Segment.archived_at.is_(None))
        )
        return {row.id: KnownSegment(row.id, row.name, row.kind, row.rule, row.id in touched) for row in rows}

    @cached_property
    def kinds(self) -> dict[str, KnownKind]:
        """Every kind of event by its key."""
        rows = self.session.execute(select(EventKind.id, EventKind.key, EventKind.name))
        return {row.key: KnownKind(row.id, row.key, row.name) for row in rows}

    @cached_property
    def last_event(self) -> KnownEvent | None:
        """The event held last: begun, not cancelled, and somebody came."""
        row = self.session.execute(
            select(Event.id, Event.title, Event.on)
            .join(EventTotals, EventTotals.event_id == Event.id)
            .where(
                Event.starts_at <= self.now,
                Event.status != "cancelled",
                EventTotals.came_registered + EventTotals.walk_ins > 0,
            )
            .order_by(Event.starts_at.desc(), Event.id.desc())
            .limit(1)
        ).first()
        return None if row is None else KnownEvent(row.id, row.title, row.on)

    def tag(self, tag_id: int) -> str:
        """The name of a tag; raises RuleTagGone."""
        if tag_id not in self.tags:
            raise RuleTagGone
        return self.tags[tag_id]

    def segment(self, segment_id: int) -> KnownSegment:
        """A segment; raises RuleSegmentGone."""
        if segment_id not in self.segments:
            raise RuleSegmentGone
        return self.segments[segment_id]

    def kind(self, key: str) -> KnownKind:
        """A kind of event; raises RuleKindGone."""
        if key not in self.kinds:
            raise RuleKindGone
        return self.kinds[key]

    def event(self, event_id: int | None) -> KnownEvent | None:
        """An event, or for None the last one held, which may not exist yet; raises RuleEventGone."""
        if event_id is None:
            return self.last_event
        row = self.session.execute(select(Event.id, Event.title, Event.on).where(Event.id == event_id)).first()
        if row is None:
            raise RuleEventGone
        return KnownEvent(row.id, row.title, row.on)

    def people(self) -> int:
        """How many people the community has."""
        return self.session.execute(select(func.count()).select_from(Person).where(*alive())).scalar_one()
