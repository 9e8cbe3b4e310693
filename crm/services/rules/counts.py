"""Conditions that count what a person did: visits, sign-ups, talks, answers, contacts, newcomers brought."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Final, TypeVarTuple, cast

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from crm import i18n
from crm.models import (
    Attendance,
    Event,
    FeedbackItem,
    Interaction,
    InteractionPerson,
    Person,
    PersonScore,
    Response,
)
from crm.models.events import CAME
from crm.services.rules.context import Context
from crm.services.rules.node import Field, Leaf, Operator, WhyRow
from crm.services.rules.wording import frequency, period, quoted

SIGNED_UP: Final = ("registered", "attended", "no_show")
"""Registered and not cancelled; walk-ins did not register (reference metrics §3.2)."""
ON_STAGE: Final = ("speaker", "organiser")
ROWS_SHOWN: Final = 50

Rows = TypeVarTuple("Rows")

COUNT_OPERATORS: Final = (
    Operator("at_least", i18n.mark("at least"), "number"),
    Operator("at_most", i18n.mark("at most"), "number"),
    Operator("equals", i18n.mark("exactly"), "number"),
    Operator("between", i18n.mark("from and to"), "numbers"),
    Operator("ever", i18n.mark("happened"), "none"),
    Operator("never", i18n.mark("never happened"), "none"),
)


def bounds(leaf: Leaf) -> tuple[int, int | None]:
    """The lowest and the highest count that fit, the highest None where it is open."""
    match leaf.operator:
        case "at_least":
            return cast("int", leaf.value), None
        case "at_most":
            return 0, cast("int", leaf.value)
        case "equals":
            return cast("int", leaf.value), cast("int", leaf.value)
        case "between":
            return cast("tuple[int, int]", leaf.value)
        case "ever":
            return 1, None
        case _:
            return 0, 0


class Counted(Field):
    """A count of rows: `counted` gives the rows of the person at hand, the bounds do the rest."""

    operators = COUNT_OPERATORS
    has_period = True

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        lowest, highest = bounds(leaf)
        if highest is None:
            return self.reaches(context, leaf, lowest)
        if lowest == 0:
            return not_(self.reaches(context, leaf, highest + 1))
        return self.counts(context, leaf).between(lowest, highest)

    def reaches(self, context: Context, leaf: Leaf, lowest: int) -> ColumnElement[bool]:
        """The count is `lowest` or more."""
        if lowest == 0:
            return Person.id.is_not(None)
        if lowest == 1:
            return or_(*(rows.exists() for rows in self.counted(context, leaf)))
        return self.counts(context, leaf) >= lowest

    def counts(self, context: Context, leaf: Leaf) -> ColumnElement[int]:
        """The count itself."""
        parts = [
            rows.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery()
            for rows in self.counted(context, leaf)
        ]
        total: ColumnElement[Any] = parts[0]
        for part in parts[1:]:
            total = total + part
        return total

    @abstractmethod
    def counted(self, context: Context, leaf: Leaf) -> tuple[Select[Any], ...]:
        """The rows of `Person` that count, correlated; several selects are added up."""

    def says(self, context: Context, leaf: Leaf) -> str:
        lowest, highest = bounds(leaf)
        often = "" if highest == 0 else frequency(lowest, highest)
        return self.phrase(context, leaf, often, period(leaf.days))

    @abstractmethod
    def phrase(self, context: Context, leaf: Leaf, often: str, when: str) -> str:
        """The predicate; `often` is empty for «never», `when` begins with a blank or is empty."""


class Visits(Counted):
    """A count over attendance rows with some statuses; the period is of the event's local day."""

    has_event_kind = True
    statuses: tuple[str, ...]

    role: tuple[str, ...] = ()

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        if leaf.event_kind is None and not self.role:
            return super().where(context, leaf)
        # Neither kind nor role stands in the index of the person: by the event it is a tenth of the work.
        lowest, highest = bounds(leaf)
        visits = self._narrowed(context, leaf, select(Attendance.person_id)).group_by(Attendance.person_id)
        if highest is None:
            return Person.id.in_(visits.having(func.count() >= lowest)) if lowest else Person.id.is_not(None)
        if lowest == 0:
            return Person.id.not_in(visits.having(func.count() > highest))
        return Person.id.in_(visits.having(func.count().between(lowest, highest)))

    def counted(self, context: Context, leaf: Leaf) -> tuple[Select[Any], ...]:
        rows = self._narrowed(context, leaf, select(Attendance.id).where(Attendance.person_id == Person.id))
        return (rows.correlate(Person),)

    def _narrowed(self, context: Context, leaf: Leaf, rows: Select[*Rows]) -> Select[*Rows]:
        rows = rows.where(Attendance.status.in_(self.statuses))
        if self.role:
            rows = rows.where(Attendance.role.in_(self.role))
        since = None if leaf.days is None else context.since(leaf.days)
        if leaf.event_kind is None and not self.role:
            return rows if since is None else rows.where(Attendance.event_on.between(since, context.today))
        events = select(Event.id)
        if since is not None:
            events = events.where(Event.on.between(since, context.today))
        if leaf.event_kind is not None:
            events = events.where(Event.kind_id == context.kind(leaf.event_kind).id)
        return rows.where(Attendance.event_id.in_(events))

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        query = self._narrowed(
            context,
            leaf,
            select(Attendance.id, Attendance.event_on, Event.title)
            .join(Event, Event.id == Attendance.event_id)
            .where(Attendance.person_id == person_id),
        )
        found = context.session.execute(query.order_by(Attendance.event_on.desc(), Attendance.id).limit(ROWS_SHOWN))
        return tuple(WhyRow("attendance", row.id, row.title, row.event_on) for row in found)

    def to_kind(self, context: Context, leaf: Leaf) -> str:
        """« to meetings» with its blank before, nothing where every kind counts."""
        if leaf.event_kind is None:
            return ""
        kind = context.kind(leaf.event_kind)
        match kind.key:
            case "meeting" if not kind.name:
                return " " + i18n.text("to meetings")
            case "webinar" if not kind.name:
                return " " + i18n.text("to webinars")
            case "talk" if not kind.name:
                return " " + i18n.text("to talks")
            case _:
                return " " + i18n.text("to events of the kind {name}", name=quoted(kind.name or kind.key))


class Attended(Visits):
    """How often a person came."""

    key = "attended"
    title = i18n.mark("Visits")
    statuses = CAME

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        if leaf.days is not None or leaf.event_kind is not None:
            return super().where(context, leaf)
        # Over all time the store keeps the count in step.
        lowest, highest = bounds(leaf)
        scored = select(PersonScore.person_id)
        if highest is None:
            return self._at_least(lowest)
        if lowest == 0:
            return not_(self._at_least(highest + 1))
        return Person.id.in_(scored.where(PersonScore.attended.between(lowest, highest)))

    def _at_least(self, lowest: int) -> ColumnElement[bool]:
        if lowest == 0:
            return Person.id.is_not(None)
        return Person.id.in_(select(PersonScore.person_id).where(PersonScore.attended >= lowest))

    def phrase(self, context: Context, leaf: Leaf, often: str, when: str) -> str:
        what = self.to_kind(context, leaf)
        if not often:
            return i18n.text("never came{what}{when}", what=what, when=when)
        return i18n.text("came{what} {often}{when}", what=what, often=often, when=when)


class SignedUp(Visits):
    """How often a person registered and did not cancel; events to come count where no period is set."""

    key = "registered"
    title = i18n.mark("Sign-ups")
    statuses = SIGNED_UP

    def phrase(self, context: Context, leaf: Leaf, often: str, when: str) -> str:
        what = self.to_kind(context, leaf)
        if not often:
            return i18n.text("never signed up{what}{when}", what=what, when=when)
        return i18n.text("signed up{what} {often}{when}", what=what, often=often, when=when)


class NoShows(Visits):
    """How often a person registered and did not come."""

    key = "no_show"
    title = i18n.mark("Missed sign-ups")
    statuses = ("no_show",)

    def phrase(self, context: Context, leaf: Leaf, often: str, when: str) -> str:
        what = self.to_kind(context, leaf)
        if not often:
            return i18n.text("never signed up{what} without coming{when}", what=what, when=when)
        return i18n.text("signed up{what} and did not come {often}{when}", what=what, often=often, when=when)


class OnStage(Visits):
    """How often a person was a speaker or an organiser."""

    key = "spoke"
    title = i18n.mark("Talks given")
    statuses = CAME
    role = ON_STAGE
    has_event_kind = False

    def phrase(self, context: Context, leaf: Leaf, often: str, when: str) -> str:
        if not often:
            return i18n.text("never spoke or organised{when}", when=when)
        return i18n.text("spoke or organised {often}{when}", often=often, when=when)


class Brought(Counted):
    """How many people whom this person brought came; the period is of their first visit."""

    key = "brought"
    title = i18n.mark("Brought along")

    def counted(self, context: Context, leaf: Leaf) -> tuple[Select[Any], ...]:
        newcomer = Person.__table__.alias("newcomer")
        rows = (
            select(newcomer.c.id)
            .join(PersonScore, PersonScore.person_id == newcomer.c.id)
            .where(
                newcomer.c.referred_by_id == Person.id,
                newcomer.c.deleted_at.is_(None),
                PersonScore.attended > 0,
            )
        )
        if leaf.days is not None:
            rows = rows.where(PersonScore.first_visit_on.between(context.since(leaf.days), context.today))
        return (rows.correlate(Person),)

    def phrase(self, context: Context, leaf: Leaf, often: str, when: str) -> str:
        if not often:
            return i18n.text("brought nobody{when}", when=when)
        lowest, highest = bounds(leaf)
        if highest is None:
            return (
                i18n.plural("brought at least {count} person", "brought at least {count} people", max(lowest, 1)) + when
            )
        if lowest == highest:
            return i18n.plural("brought exactly {count} person", "brought exactly {count} people", highest) + when
        if lowest == 0:
            return i18n.plural("brought at most {count} person", "brought at most {count} people", highest) + when
        return (
            i18n.plural(
                "brought from {lowest} to {count} person",
                "brought from {lowest} to {count} people",
                highest,
                lowest=lowest,
            )
            + when
        )

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        query = (
            select(Person.id, Person.given_name, Person.family_name, PersonScore.first_visit_on)
            .join(PersonScore, PersonScore.person_id == Person.id)
            .where(Person.referred_by_id == person_id, Person.deleted_at.is_(None), PersonScore.attended > 0)
        )
        if leaf.days is not None:
            query = query.where(PersonScore.first_visit_on.between(context.since(leaf.days), context.today))
        found = context.session.execute(query.order_by(PersonScore.first_visit_on.desc(), Person.id).limit(ROWS_SHOWN))
        return tuple(
            WhyRow("person", row.id, f"{row.given_name} {row.family_name}".strip(), row.first_visit_on) for row in found
        )


class InTouch(Counted):
    """Calls, messages, meetings and letters with a person, up to now."""

    key = "interaction"
    title = i18n.mark("Contacts with us")

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        if leaf.days is not None and bounds(leaf) in {(1, None), (0, 0)}:
            # By the time, not by the person: a few recent contacts against a look at everyone.
            recent = self._narrowed(context, leaf, select(InteractionPerson.person_id))
            found = Person.id.in_(recent)
            return found if bounds(leaf) == (1, None) else not_(found)
        return super().where(context, leaf)

    def counted(self, context: Context, leaf: Leaf) -> tuple[Select[Any], ...]:
        rows = select(InteractionPerson.id).where(InteractionPerson.person_id == Person.id)
        return (self._narrowed(context, leaf, rows).correlate(Person),)

    def _narrowed(self, context: Context, leaf: Leaf, rows: Select[*Rows]) -> Select[*Rows]:
        rows = rows.join(Interaction, Interaction.id == InteractionPerson.interaction_id)
        rows = rows.where(Interaction.kind != "note", Interaction.at <= context.now)
        if leaf.days is not None:
            rows = rows.where(Interaction.at >= context.midnight(context.since(leaf.days)))
        return rows

    def phrase(self, context: Context, leaf: Leaf, often: str, when: str) -> str:
        if not often:
            return i18n.text("were not in touch with us{when}", when=when)
        return i18n.text("were in touch with us {often}{when}", often=often, when=when)

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        query = self._narrowed(
            context,
            leaf,
            select(Interaction.id, Interaction.summary, Interaction.at).where(InteractionPerson.person_id == person_id),
        )
        found = context.session.execute(query.order_by(Interaction.at.desc(), Interaction.id).limit(ROWS_SHOWN))
        return tuple(WhyRow("interaction", row.id, row.summary, context.day_of(row.at)) for row in found)


class GaveFeedback(Counted):
    """Forms filled in and feedback told otherwise; what was told in a form counts once, as the form."""

    key = "feedback"
    title = i18n.mark("Feedback given")

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        if bounds(leaf) in {(1, None), (0, 0)}:
            forms = self._forms(context, leaf, select(Response.person_id)).where(Response.person_id.is_not(None))
            items = self._items(context, leaf, select(FeedbackItem.person_id)).where(
                FeedbackItem.person_id.is_not(None)
            )
            if bounds(leaf) == (0, 0):
                return and_(Person.id.not_in(forms), Person.id.not_in(items))
            return or_(Person.id.in_(forms), Person.id.in_(items))
        return super().where(context, leaf)

    def counted(self, context: Context, leaf: Leaf) -> tuple[Select[Any], ...]:
        forms = select(Response.id).where(Response.person_id == Person.id)
        items = select(FeedbackItem.id).where(FeedbackItem.person_id == Person.id)
        return (
            self._forms(context, leaf, forms).correlate(Person),
            self._items(context, leaf, items).correlate(Person),
        )

    def _forms(self, context: Context, leaf: Leaf, rows: Select[*Rows]) -> Select[*Rows]:
        if leaf.days is None:
            return rows
        return rows.where(Response.on.between(context.since(leaf.days), context.today))

    def _items(self, context: Context, leaf: Leaf, rows: Select[*Rows]) -> Select[*Rows]:
        rows = rows.where(FeedbackItem.response_id.is_(None), FeedbackItem.at <= context.now)
        if leaf.days is None:
            return rows
        return rows.where(FeedbackItem.at >= context.midnight(context.since(leaf.days)))

    def phrase(self, context: Context, leaf: Leaf, often: str, when: str) -> str:
        if not often:
            return i18n.text("gave no feedback{when}", when=when)
        return i18n.text("gave feedback {often}{when}", often=often, when=when)

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        forms = self._forms(
            context,
            leaf,
            select(Response.id, Response.on, Event.title)
            .outerjoin(Event, Event.id == Response.event_id)
            .where(Response.person_id == person_id),
        ).order_by(Response.on.desc(), Response.id)
        items = self._items(
            context,
            leaf,
            select(FeedbackItem.id, FeedbackItem.at, FeedbackItem.text).where(FeedbackItem.person_id == person_id),
        ).order_by(FeedbackItem.at.desc(), FeedbackItem.id)
        session = context.session
        return (
            *(WhyRow("response", row.id, row.title or "", row.on) for row in session.execute(forms.limit(ROWS_SHOWN))),
            *(
                WhyRow("feedback_item", row.id, row.text, context.day_of(row.at))
                for row in session.execute(items.limit(ROWS_SHOWN))
            ),
        )
