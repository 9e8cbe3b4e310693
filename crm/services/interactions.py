"""Conversations with people, and what was promised in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n, text
from crm.clock import Clock
from crm.models import Interaction, InteractionPerson, Person, Task, new_uid
from crm.services.person_columns import LONG_LIMIT
from crm.services.person_errors import ConversationInFuture, ConversationNameless, PersonUnknown
from crm.store.dialect import among

_TITLE_LIMIT = 500


@dataclass(frozen=True, slots=True)
class ConversationDraft:
    """A conversation as a form holds one. `follow_up` makes a task, due on `follow_up_on`."""

    person_ids: tuple[int, ...]
    kind: str = "call"
    summary: str = ""
    at: datetime | None = None
    minutes: int | None = None
    direction: str = ""
    channel: str = ""
    event_id: int | None = None
    follow_up: str = ""
    follow_up_on: date | None = None


def log_conversation(session: Session, draft: ConversationDraft, clock: Clock) -> int:
    """Note a conversation that took place (now, if `at` is not given), and the task that follows from it.

    Raises ConversationNameless, ConversationInFuture, PersonUnknown, TextTooLong.
    """
    people = tuple(dict.fromkeys(draft.person_ids))
    if not people:
        raise ConversationNameless
    now = clock()
    at = draft.at or now
    if clocks.local(at).date() > clocks.local(now).date():
        raise ConversationInFuture(day=i18n.date_long(clocks.local(at).date()))
    alive = set(session.scalars(select(Person.id).where(among(Person.id, people), Person.deleted_at.is_(None))))
    for person_id in people:
        if person_id not in alive:
            raise PersonUnknown(ref=f"#{person_id}")
    made = insert(Interaction).values(
        uid=new_uid(),
        kind=draft.kind,
        at=at,
        direction=draft.direction,
        channel=draft.channel,
        minutes=draft.minutes,
        summary=text.clean(draft.summary, LONG_LIMIT, multiline=True),
        event_id=draft.event_id,
    )
    interaction = int(session.execute(made.returning(Interaction.id)).scalar_one())
    session.execute(
        insert(InteractionPerson), [{"interaction_id": interaction, "person_id": person} for person in people]
    )
    title = text.clean(draft.follow_up, _TITLE_LIMIT)
    if title:
        add_follow_up(session, people[0], title, draft.follow_up_on, clock)
    return interaction


def add_follow_up(session: Session, person_id: int, title: str, due_on: date | None, clock: Clock) -> int:
    """A task about a person, to be done by a day. Raises TextTooLong."""
    made = insert(Task).values(
        uid=new_uid(),
        kind="follow_up",
        title=text.clean(title, _TITLE_LIMIT),
        note="",
        due_on=due_on,
        person_id=person_id,
        position=0,
        created_at=clock(),
    )
    return int(session.execute(made.returning(Task.id)).scalar_one())


def delete_conversation(session: Session, interaction_id: int) -> None:
    """Take a conversation away; the tasks that followed from it stay."""
    session.execute(delete(Interaction).where(Interaction.id == interaction_id))
