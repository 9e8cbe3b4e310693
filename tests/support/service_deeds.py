"""Deeds through the services of the program, chosen at random from what is in the store."""

from __future__ import annotations

import contextlib
import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.errors import CrmError
from crm.importing.rows import CARD, ImportedContact, ImportedPerson, Place, Source
from crm.models import (
    Attendance,
    Event,
    FeedbackItem,
    Interaction,
    Person,
    Segment,
    Tag,
    Task,
)
from crm.pictures import Picture
from crm.services import (
    attachments,
    attendance,
    community,
    consents,
    contacting,
    desk,
    events,
    feedback,
    importing,
    interactions,
    journal_keeping,
    people_editing,
    photos,
    relations,
    segment_editing,
    surveys,
    tags,
    tasks,
)
from crm.services.desk_rows import Guest
from crm.services.event_rows import EventDraft
from crm.services.feedback_rows import FeedbackDraft
from crm.services.feedback_words import STATUSES
from crm.services.people_editing import ContactDraft, PersonDraft

_CITIES = ("Тула", "Орёл", "Казань", "")
_STARTERS = ("fading", "silent_regulars")


class ServiceDeeds:
    """Each takes people, events and the rest from the store; where there are none it makes what it needs."""

    def __init__(self, chance: random.Random, clock: Clock, names: int = 0) -> None:
        self.random, self.clock, self.names = chance, clock, names

    def _name(self) -> str:
        self.names += 1
        return f"Ёж{self.names}"

    def _some(self, session: Session, table: type[Any], most: int = 3) -> list[int]:
        asked = select(table.id)
        if table is Person:
            asked = asked.where(Person.deleted_at.is_(None))
        found = list(session.scalars(asked.order_by(table.id)))
        return self.random.sample(found, min(most, len(found)))

    def _person(self, session: Session) -> int:
        found = self._some(session, Person, 1)
        return found[0] if found else self.add_person(session)

    def _event(self, session: Session) -> int:
        found = self._some(session, Event, 1)
        return found[0] if found else self.add_event(session)

    def _visit(self, session: Session) -> int:
        found = self._some(session, Attendance, 1)
        if found:
            return found[0]
        attendance.register_people(session, self._event(session), [self._person(session)], self.clock)
        return self._some(session, Attendance, 1)[0]

    def _item(self, session: Session) -> int:
        found = self._some(session, FeedbackItem, 1)
        return found[0] if found else self.add_item(session)

    def _segment(self, session: Session) -> int:
        found = self._some(session, Segment, 1)
        return found[0] if found else self.add_segment(session)

    def _draft(self) -> PersonDraft:
        phone = ContactDraft("phone", f"+7955{self.random.randrange(40):07}")
        return PersonDraft(
            family_name=self._name(),
            given_name=self.random.choice(("Анна", "Пётр")),
            organisation=self.random.choice(("", "Ладога", "Завод")),
            city=self.random.choice(_CITIES),
            contacts=(phone,) if self.random.random() < 0.5 else (),
            tags=("BI",) if self.random.random() < 0.3 else (),
        )

    # -- people ----------------------------------------------------------------------------------------------------

    def add_person(self, session: Session) -> int:
        return people_editing.add_person(session, self._draft(), self.clock)

    def change_person(self, session: Session) -> None:
        people_editing.change_person(session, self._person(session), self._draft(), self.clock)

    def change_field(self, session: Session) -> None:
        field, value = self.random.choice(
            (("city", self.random.choice(_CITIES)), ("organisation", self._name()), ("note", self._name()))
        )
        people_editing.change_field(session, self._person(session), field, value, self.clock)

    def archive(self, session: Session) -> None:
        people_editing.archive_people(session, self._some(session, Person), self.clock, archived=self._coin())

    def delete_people(self, session: Session) -> None:
        people_editing.delete_people(session, self._some(session, Person), self.clock)

    def add_tag(self, session: Session) -> None:
        people = self._some(session, Person)
        if people:
            tags.add_tag(session, people, self.random.choice(("BI", "спикер", self._name())))

    def remove_tag(self, session: Session) -> None:
        people = self._some(session, Person)
        if people:
            tags.remove_tag(session, people, "BI")

    def rename_tag(self, session: Session) -> None:
        for tag in self._some(session, Tag, 1):
            tags.rename_tag(session, tag, self.random.choice(("BI", self._name())))

    def delete_tag(self, session: Session) -> None:
        for tag in self._some(session, Tag, 1):
            tags.delete_tag(session, tag)

    def import_people(self, session: Session) -> None:
        rows = [
            ImportedPerson(
                Place(CARD, number),
                full_name=f"{self.random.choice(('Анна', 'Пётр'))} {self._name()}",
                city=self.random.choice(_CITIES),
                organisation=self.random.choice(("", "Ладога")),
                contacts=(ImportedContact("phone", f"+7955{self.random.randrange(40):07}"),),
                tags=("BI",) if self._coin() else (),
            )
            for number in range(1, 5)
        ]
        source = Source("гости.vcf", "vcard", "utf-8", "0" * 64, rows)
        importing.import_people(session, [source], self.clock)

    def _coin(self) -> bool:
        return self.random.random() < 0.5

    # -- events and visits -----------------------------------------------------------------------------------------

    def _event_draft(self) -> EventDraft:
        starts = datetime(2026, 11, self.random.randrange(1, 28), 19)  # noqa: DTZ001 - what the wall shows
        format_ = self.random.choice(("offline", "online"))
        return EventDraft(self._name(), starts, starts + timedelta(hours=2), "Europe/Moscow", format=format_)

    def add_event(self, session: Session) -> int:
        return events.add_event(session, self._event_draft(), self.clock)

    def edit_event(self, session: Session) -> None:
        events.edit_event(session, self._event(session), self._event_draft())

    def copy_event(self, session: Session) -> None:
        day = self._event_draft().starts.date()
        events.copy_event(session, self._event(session), day, self.clock)

    def turn_event(self, session: Session) -> None:
        event = self._event(session)
        turn = self.random.choice((events.open_event, events.close_event, None))
        if turn is None:
            self.random.choice((events.cancel_event, events.reopen_event))(session, event)
        else:
            turn(session, event, self.clock)

    def register(self, session: Session) -> None:
        attendance.register_people(session, self._event(session), self._some(session, Person), self.clock)

    def invite(self, session: Session) -> None:
        attendance.invite_people(session, self._event(session), self._some(session, Person), self.clock)

    def mark_visit(self, session: Session) -> None:
        visit = self._visit(session)
        if self._coin():
            attendance.mark_came(session, visit, self.clock())
        else:
            attendance.mark_not_come(session, visit)

    def turn_visit(self, session: Session) -> None:
        visit = self._visit(session)
        self.random.choice((attendance.cancel_attendance, attendance.restore_attendance))(session, visit, self.clock)

    def remove_visit(self, session: Session) -> None:
        attendance.remove_attendee(session, self._visit(session))

    def guests(self, session: Session) -> None:
        attendance.set_guest_count(session, self._visit(session), self.random.randrange(3))

    def change_role(self, session: Session) -> None:
        attendance.change_role(session, self._visit(session), self.random.choice(("guest", "speaker")))

    def check_in(self, session: Session) -> None:
        desk.check_in(session, self._event(session), self._person(session), self.clock, late=True, admit=self._coin())

    def check_in_guest(self, session: Session) -> None:
        desk.check_in_guest(session, self._event(session), Guest(f"Анна {self._name()}"), self.clock, late=True)

    def undo_check_in(self, session: Session) -> None:
        desk.undo_check_in(session, self._event(session), None, self.clock)

    # -- what people say -------------------------------------------------------------------------------------------

    def respond(self, session: Session) -> None:
        surveys.record_response(
            session,
            event_id=self._event(session),
            person_id=self._person(session),
            nps=self.random.randrange(11),
            text=self._name(),
            kind="praise",
            clock=self.clock,
        )

    def add_item(self, session: Session) -> int:
        draft = FeedbackDraft(self._name(), "idea", person_id=self._person(session))
        return feedback.add_item(session, draft, self.clock)

    def turn_item(self, session: Session) -> None:
        feedback.set_status(session, self._item(session), self.random.choice(STATUSES), self.clock)

    def reply(self, session: Session) -> None:
        feedback.reply(session, self._item(session), self._name(), self.clock)

    def vote(self, session: Session) -> None:
        feedback.vote(session, self._item(session), self._person(session), self.clock)

    def topics(self, session: Session) -> None:
        feedback.set_topics(session, self._item(session), self.random.sample(("приём", "звук", "еда"), 2))

    def remove_item(self, session: Session) -> None:
        feedback.remove_item(session, self._item(session))

    def talk(self, session: Session) -> None:
        draft = interactions.ConversationDraft((self._person(session),), summary=self._name(), follow_up=self._name())
        interactions.log_conversation(session, draft, self.clock)

    def remove_talk(self, session: Session) -> None:
        for number in self._some(session, Interaction, 1):
            interactions.delete_conversation(session, number)

    def turn_task(self, session: Session) -> None:
        for number in self._some(session, Task, 1):
            if self._coin():
                tasks.finish_task(session, number, self.clock)
            else:
                tasks.put_off_task(session, number, self.clock().date() + timedelta(days=7))

    # -- the life of people ----------------------------------------------------------------------------------------

    def relate(self, session: Session) -> None:
        pair = self._some(session, Person, 2)
        if len(pair) < 2:
            return
        lines = relations.relations_of(session, pair[0])
        side = self.random.choice(tuple(relations.OTHER_SIDE))
        with contextlib.suppress(CrmError):
            if lines and self._coin():
                relations.remove_relation(session, pair[0], self.random.choice(lines), self.clock)
            else:
                draft = relations.RelationDraft(pair[1], side, self._name())
                relations.add_relation(session, pair[0], draft, self.clock)

    def agree(self, session: Session) -> None:
        person = self._person(session)
        standing = [line for line in consents.consents_in_force(session, person) if line.id]
        act = self.random.randrange(3) if standing else 0
        if act == 0:
            answer: Any = self.random.choice(consents.ANSWERS)
            text_id = consents.keep_text(session, "data", self.random.choice("12"), "Согласен")
            draft = consents.ConsentDraft("data", status=answer, text_id=text_id)
            consents.record_consent(session, person, draft, self.clock)
        elif act == 1:
            consents.mark_mistaken(session, self.random.choice(standing).id, self.clock)
        else:
            line = self.random.choice(standing)
            with contextlib.suppress(consents.ConsentNotGiven):
                consents.withdraw_consent(session, person, line.purpose, line.channel, self.clock)

    def wish(self, session: Session) -> None:
        person = self._person(session)
        there = contacting.wishes(session, person)
        if there and self._coin():
            contacting.lift_wish(session, there[0].id)
        else:
            channel = self.random.choice(("", "telegram"))
            contacting.ask_not_to_contact(session, person, channel, None, self._name(), self.clock)

    def keep_file(self, session: Session) -> None:
        person = self._person(session)
        there = attachments.files_of(session, person)
        act = self.random.randrange(3) if there else 0
        if act == 0:
            content = b"file %d" % self.random.randrange(4)
            attachments.add_file(session, person, self._name(), content, self.clock)
        elif act == 1:
            attachments.remove_file(session, there[0].id)
        else:
            attachments.rename_file(session, there[0].id, self._name())

    def picture(self, session: Session) -> None:
        person = self._person(session)
        if photos.photo_of(session, person) is not None and self._coin():
            photos.remove_photo(session, person)
        else:
            made = Picture(b"picture %d" % self.random.randrange(4), "image/jpeg", 1, 1)
            photos.set_photo(session, person, made, self.clock)

    # -- segments and settings -------------------------------------------------------------------------------------

    def add_segment(self, session: Session) -> int:
        if self._coin():
            return segment_editing.add_segment(session, self._name(), segment_editing.empty_rule(), self.clock)
        return segment_editing.add_starter(session, self.random.choice(_STARTERS), self.clock)

    def freeze(self, session: Session) -> None:
        segment_editing.freeze_people(session, self._name(), self._some(session, Person), self.clock)

    def turn_segment(self, session: Session) -> None:
        segment = self._segment(session)
        act = self.random.randrange(4)
        if act == 0:
            segment_editing.rename_segment(session, segment, self._name())
        elif act == 1:
            segment_editing.pin_segment(session, segment, pinned=self._coin())
        elif act == 2:
            decision: Any = self.random.choice(("include", "exclude", None))
            segment_editing.decide_by_hand(session, segment, self._person(session), decision, self.clock)
        else:
            segment_editing.duplicate_segment(session, segment, self.clock)

    def remove_segment(self, session: Session) -> None:
        segment_editing.remove_segment(session, self._segment(session), self.clock)

    def settings(self, session: Session) -> None:
        if self._coin():
            community.rename_community(session, self._name())
        else:
            journal_keeping.keep(session, days=self.random.choice((365, 730, 1825)))


SERVICE_DEEDS = tuple(name for name in vars(ServiceDeeds) if not name.startswith("_"))
