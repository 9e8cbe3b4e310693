"""Filling an empty store with the demo community, as one deed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n
from crm.clock import Clock
from crm.errors import CrmError
from crm.models import Event, FeedbackItem, Interaction, Organisation, Person, Segment, Tag, Task
from crm.services.community import rename_community
from crm.services.demo import personas, programme
from crm.services.demo.attending import Attending, write_events, write_preparation
from crm.services.demo.conversations import Conversations
from crm.services.demo.membership import Membership
from crm.services.demo.opinions import Opinions
from crm.services.demo.scale import Scale
from crm.services.demo.turnout import Lists
from crm.services.demo.writing import Writer
from crm.services.segment_editing import add_starter

COMMUNITY_NAME: Final = "Данные и люди"
FEWEST: Final = 50
_SEGMENTS: Final = (
    ("ambassadors", True),
    ("fading", True),
    ("new_this_month", True),
    ("speakers", False),
    ("came_once", False),
    ("promoters", False),
)
"""Ready segments the demo has made its own, and whether they stand in the navigation."""
MOST: Final = 200_000


class StoreNotEmpty(CrmError):
    """The demo was asked into a store that holds something."""

    code = "store_not_empty"
    message: ClassVar[str] = i18n.mark(
        "This store already holds people or events, so the demo community was not added. "
        "Choose another file: krug --store demo.krug demo."
    )


class DemoSizeWrong(CrmError):
    """A demo community of a size that makes no sense."""

    code = "demo_size_wrong"
    message: ClassVar[str] = i18n.mark(
        "A demo community has from {fewest} to {most} people, {people} were asked for. Choose a number in between."
    )


@dataclass(frozen=True, slots=True)
class DemoCounts:
    """How much the demo wrote; `feedback` are ideas, problems, praise and questions."""

    people: int
    events: int
    attendance: int
    feedback: int


def _nobody_listens(step: int, of: int) -> None:
    """For callers that show no progress."""


def fill_demo(
    session: Session,
    clock: Clock,
    people: int = 300,
    seed: int = 7,
    report: Callable[[int, int], None] = _nobody_listens,
) -> DemoCounts:
    """Write an invented Russian community of `people`, two years of events up to a month ahead of today.

    The same `seed` on the same day gives the same community. `report(step, of)` may raise Cancelled.
    Raises StoreNotEmpty, DemoSizeWrong.
    """
    if not FEWEST <= people <= MOST:
        raise DemoSizeWrong(people=people, fewest=FEWEST, most=MOST)
    holding = (Person, Event, FeedbackItem, Interaction, Organisation, Segment, Tag, Task)
    if any(session.scalar(select(exists(select(model.id)))) for model in holding):
        raise StoreNotEmpty
    # The community is Russian, whatever language the window speaks.
    with i18n.using("ru"):
        return _fill(session, clock, Scale(people), random.Random(seed), report)


def _fill(
    session: Session, clock: Clock, scale: Scale, rng: random.Random, report: Callable[[int, int], None]
) -> DemoCounts:
    now, today = clock(), clocks.today(clock)
    of = scale.people + scale.attendance + scale.feedback + scale.interactions
    writer = Writer(session, rng)
    rename_community(session, COMMUNITY_NAME)

    community = personas.invent(scale, today, rng)
    gatherings = programme.plan(scale, clock, rng)
    lists = Lists(community, gatherings, scale, now, rng)
    membership = Membership(writer, scale, today, now, rng)
    for step in membership.write(community):
        report(step, of)
    event_ids = write_events(session, writer, gatherings, now)
    upcoming = next(place for place, gathering in enumerate(gatherings) if gathering.next)
    write_preparation(writer, gatherings[upcoming], event_ids[upcoming], now)
    attending = Attending(writer, community, membership.ids, lists, gatherings, now, rng)
    opinions = Opinions(session, writer, community, membership.ids, scale, clock, rng)
    held = [number for number, gathering in zip(event_ids, gatherings, strict=True) if gathering.past]
    opinions.expect_quotes(held[-1])
    done = scale.people
    for step in attending.write(event_ids, opinions.collect):
        report(done + step, of)
    done += scale.attendance
    for step in opinions.write():
        report(done + step, of)
    done += scale.feedback
    for step in Conversations(writer, community, membership.ids, scale, today, now, rng).write():
        report(done + step, of)
    for key, pinned in _SEGMENTS:
        add_starter(session, key, clock, pinned=pinned)
    return DemoCounts(len(community), len(gatherings), attending.written, scale.feedback)
