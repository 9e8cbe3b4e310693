"""Whether a person may be reached: what they agreed to, and their wish not to be, which is stronger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n, text
from crm.clock import Clock
from crm.errors import CrmError
from crm.i18n import mark
from crm.models import DoNotContact, Person
from crm.services.consents import consents_in_force
from crm.services.person_columns import LONG_LIMIT
from crm.services.person_errors import PersonUnknown

Why = Literal["", "gone", "blocked", "asked_not", "data_withdrawn", "withdrawn", "refused", "expired", "not_asked"]
_CHANNEL_LIMIT: Final = 40


class WishOver(CrmError):
    """A wish that would be over before it began."""

    code = "wish_over"
    message = mark("{day} has passed already. Choose a later day, or none for good.")


@dataclass(frozen=True, slots=True)
class DoNotContactLine:
    """A wish not to be reached in a channel («»: in any), until a day («None»: for good)."""

    id: int
    channel: str
    until_on: date | None
    reason: str
    since_on: date


@dataclass(frozen=True, slots=True)
class MayContact:
    """The answer: yes, or no and why; `until_on` is the last day of a wish, `reason` the person's own words."""

    allowed: bool
    why: Why = ""
    until_on: date | None = None
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


def may_contact(session: Session, person_id: int, channel: str, on: date, *, purpose: str = "") -> MayContact:
    """Whether the person may be reached in `channel` on the day `on`; «» asks about any channel at all.

    For a `purpose` («messages», «photo») they must have agreed to it besides; without one only what they forbade
    counts: who wrote to us may be answered.
    """
    row = session.execute(select(Person.deleted_at, Person.blocked).where(Person.id == person_id)).first()
    if row is None or row.deleted_at is not None:
        return MayContact(False, "gone")
    if row.blocked:
        return MayContact(False, "blocked")
    for wish in wishes(session, person_id, on):
        if wish.channel in {"", channel}:
            return MayContact(False, "asked_not", wish.until_on, wish.reason)
    standing = {(line.purpose, line.channel): line.status for line in consents_in_force(session, person_id, on)}
    if standing.get(("data", "")) == "withdrawn":
        return MayContact(False, "data_withdrawn")
    if not purpose:
        return MayContact(True)
    answer = standing.get((purpose, channel)) or standing.get((purpose, ""), "")
    if answer == "given":
        return MayContact(True)
    whys: dict[str, Why] = {"withdrawn": "withdrawn", "refused": "refused", "expired": "expired"}
    return MayContact(False, whys.get(answer, "not_asked"))


def wishes(session: Session, person_id: int, on: date | None = None) -> tuple[DoNotContactLine, ...]:
    """The wishes not to be reached, «any channel» first; with a day only those in force then."""
    statement = select(
        DoNotContact.id, DoNotContact.channel, DoNotContact.until_on, DoNotContact.reason, DoNotContact.since_on
    ).where(DoNotContact.person_id == person_id)
    if on is not None:
        statement = statement.where(or_(DoNotContact.until_on.is_(None), DoNotContact.until_on >= on))
    return tuple(DoNotContactLine(*row) for row in session.execute(statement.order_by(DoNotContact.channel)))


def ask_not_to_contact(
    session: Session, person_id: int, channel: str, until_on: date | None, reason: str, clock: Clock
) -> int:
    """Note the wish; one there for the channel already is made as this one. Raises WishOver, PersonUnknown."""
    today = clocks.today(clock)
    if until_on is not None and until_on < today:
        raise WishOver(day=i18n.date_long(until_on))
    alive = session.scalar(select(Person.id).where(Person.id == person_id, Person.deleted_at.is_(None)))
    if alive is None:
        raise PersonUnknown(ref=f"#{person_id}")
    channel = text.clean(channel, _CHANNEL_LIMIT)
    values = {"until_on": until_on, "reason": text.clean(reason, LONG_LIMIT, multiline=True)}
    there = session.scalar(
        select(DoNotContact.id).where(DoNotContact.person_id == person_id, DoNotContact.channel == channel)
    )
    if there is not None:
        session.execute(update(DoNotContact).where(DoNotContact.id == there).values(**values))
        return int(there)
    made = insert(DoNotContact).values(person_id=person_id, channel=channel, since_on=today, **values)
    return int(session.execute(made.returning(DoNotContact.id)).scalar_one())


def lift_wish(session: Session, wish_id: int) -> None:
    """The person may be reached again."""
    session.execute(delete(DoNotContact).where(DoNotContact.id == wish_id))
