"""Conditions on days, on one event, and on the last score a person gave."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date, timedelta
from typing import Final, cast

from sqlalchemy import ColumnElement, and_, false, not_, select

from crm import i18n
from crm.models import Answer, Attendance, Event, Person, PersonScore, Response
from crm.models.events import CAME
from crm.services.rules.context import Context, KnownEvent
from crm.services.rules.counts import SIGNED_UP
from crm.services.rules.node import Field, Leaf, Operator, WhyRow
from crm.services.rules.wording import day, period, quoted

DAY_OPERATORS: Final = (
    Operator("in_last", i18n.mark("within"), "days"),
    Operator("not_in_last", i18n.mark("not within"), "days"),
    Operator("older_than", i18n.mark("longer ago than"), "days"),
    Operator("before", i18n.mark("before"), "date"),
    Operator("after", i18n.mark("after"), "date"),
    Operator("between", i18n.mark("from and to"), "dates"),
    Operator("is_empty", i18n.mark("is empty"), "none"),
    Operator("is_not_empty", i18n.mark("is filled in"), "none"),
)


class OnDay(Field):
    """A day of a person that may be unknown; `found` narrows the people by it."""

    operators = DAY_OPERATORS

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        column = self.column()
        match leaf.operator:
            case "in_last":
                return self.found(column.between(context.since(cast("int", leaf.value)), context.today))
            case "not_in_last":
                return not_(self.found(column.between(context.since(cast("int", leaf.value)), context.today)))
            case "older_than":
                return self.found(column < context.today - timedelta(days=cast("int", leaf.value)))
            case "before":
                return self.found(column < cast("date", leaf.value))
            case "after":
                return self.found(column > cast("date", leaf.value))
            case "between":
                first, last = cast("tuple[date, date]", leaf.value)
                return self.found(column.between(first, last))
            case "is_empty":
                return not_(self.found(column.is_not(None)))
            case _:
                return self.found(column.is_not(None))

    @abstractmethod
    def column(self) -> ColumnElement[date | None]:
        """The day."""

    @abstractmethod
    def found(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        """People whose day fulfils `condition`, never NULL."""

    def days(self, leaf: Leaf) -> str:
        """« in the last 30 days»."""
        return period(cast("int", leaf.value))

    def ago(self, leaf: Leaf) -> str:
        """«more than 45 days ago»."""
        return i18n.plural("more than {count} day ago", "more than {count} days ago", cast("int", leaf.value))

    def ends(self, leaf: Leaf) -> dict[str, str]:
        """Both ends of the range, in words."""
        first, last = cast("tuple[date, date]", leaf.value)
        return {"first": day(first), "last": day(last)}


class VisitDay(OnDay):
    """A day out of what the store keeps of a person's visits."""

    def found(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        return Person.id.in_(select(PersonScore.person_id).where(condition))

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        on = context.session.execute(select(self.column()).where(PersonScore.person_id == person_id)).scalar()
        if on is None:
            return ()
        row = context.session.execute(
            select(Attendance.id, Event.title)
            .join(Event, Event.id == Attendance.event_id)
            .where(Attendance.person_id == person_id, Attendance.status.in_(CAME), Attendance.event_on == on)
            .order_by(Attendance.id)
        ).first()
        return () if row is None else (WhyRow("attendance", row.id, row.title, on),)


class LastVisit(VisitDay):
    """The day of the last visit."""

    key = "last_visit"
    title = i18n.mark("Last visit")

    def column(self) -> ColumnElement[date | None]:
        return PersonScore.last_visit_on.expression

    def says(self, context: Context, leaf: Leaf) -> str:
        match leaf.operator:
            case "in_last":
                return i18n.text("came{when}", when=self.days(leaf))
            case "not_in_last":
                return i18n.plural(
                    "did not come for {count} day", "did not come for {count} days", cast("int", leaf.value)
                )
            case "older_than":
                return i18n.text("came last {ago}", ago=self.ago(leaf))
            case "before":
                return i18n.text("came last before {day}", day=day(cast("date", leaf.value)))
            case "after":
                return i18n.text("came last after {day}", day=day(cast("date", leaf.value)))
            case "between":
                return i18n.text("came last from {first} to {last}", **self.ends(leaf))
            case "is_empty":
                return i18n.text("never came")
            case _:
                return i18n.text("came at least once")


class FirstVisit(VisitDay):
    """The day of the first visit."""

    key = "first_visit"
    title = i18n.mark("First visit")

    def column(self) -> ColumnElement[date | None]:
        return PersonScore.first_visit_on.expression

    def says(self, context: Context, leaf: Leaf) -> str:
        match leaf.operator:
            case "in_last":
                return i18n.text("came for the first time{when}", when=self.days(leaf))
            case "not_in_last":
                return i18n.text("did not come for the first time{when}", when=self.days(leaf))
            case "older_than":
                return i18n.text("came for the first time {ago}", ago=self.ago(leaf))
            case "before":
                return i18n.text("came for the first time before {day}", day=day(cast("date", leaf.value)))
            case "after":
                return i18n.text("came for the first time after {day}", day=day(cast("date", leaf.value)))
            case "between":
                return i18n.text("came for the first time from {first} to {last}", **self.ends(leaf))
            case "is_empty":
                return i18n.text("never came")
            case _:
                return i18n.text("came at least once")


class Joined(OnDay):
    """The day a person joined the community, where it is known."""

    key = "joined"
    title = i18n.mark("Joined")

    def column(self) -> ColumnElement[date | None]:
        return Person.joined_on.expression

    def found(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        return and_(Person.joined_on.is_not(None), condition)

    def says(self, context: Context, leaf: Leaf) -> str:
        match leaf.operator:
            case "in_last":
                return i18n.text("joined{when}", when=self.days(leaf))
            case "not_in_last":
                return i18n.text("did not join{when}", when=self.days(leaf))
            case "older_than":
                return i18n.text("joined {ago}", ago=self.ago(leaf))
            case "before":
                return i18n.text("joined before {day}", day=day(cast("date", leaf.value)))
            case "after":
                return i18n.text("joined after {day}", day=day(cast("date", leaf.value)))
            case "between":
                return i18n.text("joined from {first} to {last}", **self.ends(leaf))
            case "is_empty":
                return i18n.text("have no day of joining")
            case _:
                return i18n.text("have a day of joining")

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        on = context.session.execute(select(Person.joined_on).where(Person.id == person_id)).scalar_one()
        return () if on is None else (WhyRow("person", person_id, "", on),)


class AtEvent(Field):
    """What a person was to one event, or to the last one held."""

    key = "event"
    title = i18n.mark("Event")
    operators = (
        Operator("came", i18n.mark("came"), "event"),
        Operator("first_time", i18n.mark("came for the first time"), "event"),
        Operator("signed_up", i18n.mark("signed up"), "event"),
        Operator("missed", i18n.mark("signed up and did not come"), "event"),
        Operator("not_came", i18n.mark("did not come"), "event"),
    )

    def _event(self, context: Context, leaf: Leaf) -> KnownEvent | None:
        return context.event(None if leaf.value == "last" else cast("int", leaf.value))

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        event = self._event(context, leaf)
        if event is None:
            return not_(false()) if leaf.operator == "not_came" else false()
        statuses = {"signed_up": SIGNED_UP, "missed": ("no_show",)}.get(leaf.operator, CAME)
        found = Person.id.in_(
            select(Attendance.person_id).where(Attendance.event_id == event.id, Attendance.status.in_(statuses))
        )
        if leaf.operator == "not_came":
            return not_(found)
        if leaf.operator == "first_time":
            first = select(PersonScore.person_id).where(
                PersonScore.person_id == Person.id, PersonScore.first_visit_on >= event.on
            )
            return and_(found, first.correlate(Person).exists())
        return found

    def says(self, context: Context, leaf: Leaf) -> str:
        if leaf.value == "last":
            what = i18n.text("the last event")
        else:
            event = cast("KnownEvent", self._event(context, leaf))
            what = i18n.text("{event} on {day}", event=quoted(event.title), day=day(event.on))
        match leaf.operator:
            case "came":
                return i18n.text("came to {event}", event=what)
            case "first_time":
                return i18n.text("came for the first time to {event}", event=what)
            case "signed_up":
                return i18n.text("signed up for {event}", event=what)
            case "missed":
                return i18n.text("signed up for {event} and did not come", event=what)
            case _:
                return i18n.text("did not come to {event}", event=what)

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        event = self._event(context, leaf)
        if event is None:
            return ()
        row = context.session.execute(
            select(Attendance.id).where(Attendance.event_id == event.id, Attendance.person_id == person_id)
        ).first()
        return () if row is None else (WhyRow("attendance", row.id, event.title, event.on),)


class LastScore(Field):
    """The last answer to «would you recommend us», 0 to 10; two of one day go by the later form."""

    key = "last_nps"
    title = i18n.mark("Last NPS score")
    operators = (
        Operator("at_most", i18n.mark("at most"), "score"),
        Operator("at_least", i18n.mark("at least"), "score"),
        Operator("equals", i18n.mark("exactly"), "score"),
        Operator("between", i18n.mark("from and to"), "scores"),
        Operator("is_empty", i18n.mark("is empty"), "none"),
        Operator("is_not_empty", i18n.mark("is filled in"), "none"),
    )

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        if leaf.operator == "is_empty":
            return not_(self._ever(0, 10))
        lowest, highest = self._bounds(leaf)
        ever = self._ever(lowest, highest)
        if leaf.operator == "is_not_empty":
            return ever
        last = (
            select(Answer.number)
            .join(Response, Response.id == Answer.response_id)
            .where(Response.person_id == Person.id, Answer.kind == "nps")
            .order_by(Response.on.desc(), Response.id.desc(), Answer.id.desc())
            .limit(1)
            .correlate(Person)
            .scalar_subquery()
        )
        return and_(ever, last.between(lowest, highest))

    def _bounds(self, leaf: Leaf) -> tuple[int, int]:
        match leaf.operator:
            case "at_most":
                return 0, cast("int", leaf.value)
            case "at_least":
                return cast("int", leaf.value), 10
            case "equals":
                return cast("int", leaf.value), cast("int", leaf.value)
            case "between":
                return cast("tuple[int, int]", leaf.value)
            case _:
                return 0, 10

    def _ever(self, lowest: int, highest: int) -> ColumnElement[bool]:
        scored = (
            select(Response.person_id)
            .join(Answer, Answer.response_id == Response.id)
            .where(
                Answer.kind == "nps",
                Answer.number.between(lowest, highest),
                Response.person_id.is_not(None),
            )
        )
        return Person.id.in_(scored)

    def says(self, context: Context, leaf: Leaf) -> str:
        lowest, highest = self._bounds(leaf)
        match leaf.operator:
            case "at_most":
                return i18n.text("scored us {score} or lower last", score=highest)
            case "at_least":
                return i18n.text("scored us {score} or higher last", score=lowest)
            case "equals":
                return i18n.text("scored us {score} last", score=lowest)
            case "between":
                return i18n.text("scored us from {lowest} to {highest} last", lowest=lowest, highest=highest)
            case "is_empty":
                return i18n.text("never scored us")
            case _:
                return i18n.text("scored us at least once")

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        row = context.session.execute(
            select(Answer.id, Answer.number, Response.on)
            .join(Response, Response.id == Answer.response_id)
            .where(Response.person_id == person_id, Answer.kind == "nps")
            .order_by(Response.on.desc(), Response.id.desc(), Answer.id.desc())
        ).first()
        return () if row is None else (WhyRow("answer", row.id, str(row.number), row.on),)
