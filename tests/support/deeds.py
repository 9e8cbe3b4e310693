"""Deeds chosen at random, by rows and through the services; undoing all of them must bring back the rows there were."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, delete, insert, select, text, update
from sqlalchemy.orm import Session

from crm.models import (
    Attachment,
    AttachmentContent,
    Attendance,
    Consent,
    ConsentText,
    ContactPoint,
    Deed,
    Event,
    Organisation,
    Person,
    PersonTag,
    Tag,
)
from crm.store.errors import UndoRefused
from crm.store.schema import fact_tables
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers

Verb = Callable[[Session], Any]
Facts = dict[str, list[tuple[Any, ...]]]
_STATUSES = ("registered", "attended", "walk_in", "no_show", "cancelled")
_APPENDED = ("consent", "consent_text")


class RowDeeds:
    """Deeds on rows, as no service makes them: bulk, cascades, REPLACE, exchanges. Each takes rows that are there."""

    def __init__(self, chance: random.Random) -> None:
        self.random = chance
        self.names = 0

    def _name(self) -> str:
        self.names += 1
        return f"Имя{self.names}"

    def _phone(self) -> str:
        self.names += 1
        return f"+7900{self.names:07}"

    def _one(self, session: Session, table: type[Any]) -> int | None:
        found = session.scalars(select(table.id)).all()
        return self.random.choice(found) if found else None

    def add_person(self, session: Session) -> None:
        organisation = self._one(session, Organisation) if self.random.random() < 0.5 else None
        made = makers.person(session, NOON, self._name(), "Ян", organisation_id=organisation)
        if self.random.random() < 0.4:
            makers.phone(session, made, self._phone())
        if self.random.random() < 0.3:
            self._consent(session, made.id)

    def add_many(self, session: Session) -> None:
        names = [self._name() for _ in range(5)]
        rows = [
            {"uid": name, "family_name": name, "search_names": name.casefold(), "created_at": NOON, "changed_at": NOON}
            for name in names
        ]
        session.execute(insert(Person), rows)

    def change_people(self, session: Session) -> None:
        session.execute(update(Person).where(Person.id % 3 == self.random.randrange(3)).values(city=self._name()))

    def refer(self, session: Session) -> None:
        one, other = self._one(session, Person), self._one(session, Person)
        if one != other:
            session.execute(update(Person).where(Person.id == one).values(referred_by_id=other))

    def delete_person(self, session: Session) -> None:
        chosen = self._one(session, Person)
        # Newest first, as anything must that takes consents away: a correction holds what it corrects.
        for number in session.scalars(select(Consent.id).where(Consent.person_id == chosen).order_by(-Consent.id)):
            session.execute(delete(Consent).where(Consent.id == number))
        session.execute(delete(Person).where(Person.id == chosen))

    def delete_organisation(self, session: Session) -> None:
        session.execute(delete(Organisation).where(Organisation.id == self._one(session, Organisation)))

    def name_organisation(self, session: Session) -> None:
        if self.random.random() < 0.5:
            makers.organisation(session, NOON, self._name())
        else:
            name = self._name()
            session.execute(
                update(Organisation)
                .where(Organisation.id == self._one(session, Organisation))
                .values(name=name, search_name=name.casefold())
            )

    def add_phone(self, session: Session) -> None:
        chosen = self._one(session, Person)
        if chosen is not None:
            makers.phone(session, session.get_one(Person, chosen), self._phone())

    def replace_phone(self, session: Session) -> None:
        session.execute(
            text(
                "INSERT OR REPLACE INTO contact_point "
                "(id, person_id, kind, value, typed, label, preferred, valid, search_text, position) "
                "SELECT (SELECT max(seq) + 1 FROM sqlite_sequence), person_id, kind, value, 'иначе', label, 0, 1, "
                "search_text, 0 FROM contact_point WHERE id = :id"
            ),
            {"id": self._one(session, ContactPoint)},
        )

    def move_contacts(self, session: Session) -> None:
        one, other = self._one(session, Person), self._one(session, Person)
        if one != other:
            session.execute(update(ContactPoint).where(ContactPoint.person_id == one).values(person_id=other))

    def tag_person(self, session: Session) -> None:
        person = self._one(session, Person)
        known = self._one(session, Tag) if self.random.random() < 0.7 else None
        chosen = known or makers.tag(session, self._name()).id
        there = select(PersonTag.id).where(PersonTag.person_id == person, PersonTag.tag_id == chosen)
        if person is not None and session.scalar(there) is None:
            session.add(PersonTag(person_id=person, tag_id=chosen))

    def rename_tag(self, session: Session) -> None:
        name = self._name()
        session.execute(
            update(Tag).where(Tag.id == self._one(session, Tag)).values(name=name, search_name=name.casefold())
        )

    def swap_tags(self, session: Session) -> None:
        found = session.execute(select(Tag.id, Tag.search_name).order_by(-Tag.id).limit(2)).all()
        if len(found) == 2:
            (one, first), (other, second) = found
            for number, name in ((one, "между"), (other, first), (one, second)):
                session.execute(update(Tag).where(Tag.id == number).values(search_name=name))

    def delete_tag(self, session: Session) -> None:
        session.execute(delete(Tag).where(Tag.id == self._one(session, Tag)))

    def add_event(self, session: Session) -> None:
        makers.event(session, NOON, self._name())

    def change_format(self, session: Session) -> None:
        format_ = self.random.choice(("online", "offline"))
        session.execute(update(Event).where(Event.id == self._one(session, Event)).values(format=format_))

    def delete_event(self, session: Session) -> None:
        session.execute(delete(Event).where(Event.id == self._one(session, Event)))

    def attend(self, session: Session) -> None:
        event = self._one(session, Event)
        if event is None:
            event = makers.event(session, NOON, self._name()).id
        there = set(session.scalars(select(Attendance.person_id).where(Attendance.event_id == event)))
        for person in session.scalars(select(Person.id)).all()[:6]:
            if person not in there:
                status = self.random.choice(_STATUSES)
                session.add(Attendance(event_id=event, person_id=person, status=status, event_on=NOON.date()))

    def change_visits(self, session: Session) -> None:
        status = self.random.choice(_STATUSES)
        session.execute(
            update(Attendance).where(Attendance.event_id == self._one(session, Event)).values(status=status)
        )

    def move_visit(self, session: Session) -> None:
        visit, person = self._one(session, Attendance), self._one(session, Person)
        event = session.scalar(select(Attendance.event_id).where(Attendance.id == visit))
        there = session.scalars(select(Attendance.person_id).where(Attendance.event_id == event)).all()
        if person not in there:
            session.execute(update(Attendance).where(Attendance.id == visit).values(person_id=person))

    def consent(self, session: Session) -> None:
        person = self._one(session, Person)
        if person is not None:
            self._consent(session, person)

    def _consent(self, session: Session, person: int) -> None:
        agreed = ConsentText(purpose="messages", version=self._name(), text="Согласен", sha256="0" * 64)
        session.add(agreed)
        session.flush()
        given = {"status": "given", "on": NOON.date(), "entered_at": NOON, "text_id": agreed.id}
        session.add(Consent(person_id=person, purpose="messages", **given))

    def attach(self, session: Session) -> None:
        person = self._one(session, Person)
        sha256 = f"{self.random.randrange(3):064}"
        content = session.scalar(select(AttachmentContent.id).where(AttachmentContent.sha256 == sha256))
        if content is None:
            made = AttachmentContent(sha256=sha256, content=self.random.randbytes(40))
            session.add(made)
            session.flush()
            content = made.id
        owner = {"owner_table": "person", "owner_id": person or 0, "person_id": person}
        kept = {"purpose": "photo", "media_type": "image/png", "size": 40, "content_id": content, "added_at": NOON}
        session.add(Attachment(**owner, **kept))

    def upsert_tag(self, session: Session) -> None:
        found = session.execute(select(Tag.search_name).order_by(Tag.id).limit(1)).scalar()
        statement = (
            "INSERT INTO tag (name, search_name, colour) VALUES (:name, :word, 'grey') "
            "ON CONFLICT (search_name) DO UPDATE SET name = excluded.name"
        )
        session.execute(text(statement), {"name": self._name(), "word": found or self._name()})

    def copy_people(self, session: Session) -> None:
        listed = ", ".join(column.name for column in Person.__table__.columns if column.name not in ("id", "uid"))
        session.execute(
            text(f"INSERT INTO person (uid, {listed}) SELECT :name || '-' || id, {listed} FROM person LIMIT 3"),
            {"name": self._name()},
        )

    def add_phones(self, session: Session) -> None:
        people = session.scalars(select(Person.id).limit(4)).all()
        rows = [{"person_id": one, "kind": "phone", "value": self._phone(), "typed": ""} for one in people]
        if rows:
            session.execute(insert(ContactPoint), rows)

    def detach(self, session: Session) -> None:
        session.execute(delete(Attachment).where(Attachment.id == self._one(session, Attachment)))
        used = select(Attachment.content_id)
        session.execute(delete(AttachmentContent).where(AttachmentContent.id.not_in(used)))


ROW_DEEDS = (
    "add_person",
    "add_many",
    "change_people",
    "refer",
    "delete_person",
    "delete_organisation",
    "add_phone",
    "replace_phone",
    "move_contacts",
    "tag_person",
    "rename_tag",
    "delete_tag",
    "swap_tags",
    "add_event",
    "change_format",
    "delete_event",
    "attend",
    "change_visits",
    "move_visit",
    "consent",
    "attach",
    "detach",
    "name_organisation",
    "upsert_tag",
    "copy_people",
    "add_phones",
)


def facts(session: Session) -> Facts:
    """Every row of every fact table; of consents those in force, told by what they say; of bytes those in use."""
    found = {table.name: rows(session, table) for table in fact_tables() if table.name not in _APPENDED}
    mistaken = select(Consent.corrects_id).where(Consent.corrects_id.is_not(None))
    in_force = select(Consent.person_id, Consent.purpose, Consent.status, Consent.on, Consent.text_id).where(
        Consent.status != "entered_by_mistake", Consent.id.not_in(mistaken)
    )
    found["consent"] = sorted(map(tuple, session.execute(in_force)))
    used = set(session.scalars(select(Attachment.content_id)))
    found["attachment_content"] = [row for row in found["attachment_content"] if row[0] in used]
    return found


def rows(session: Session, table: Table) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.execute(select(table).order_by(table.c.id))]


def standing(workspace: Workspace) -> list[int]:
    """Deeds that stand, the newest first."""
    stands = select(Deed.id).where(Deed.root_id.is_(None), Deed.in_force).order_by(-Deed.id)
    return workspace.read(lambda s: list(s.scalars(stands)))


def undo_whatever_goes(workspace: Workspace) -> None:
    """Undo the newest deed that can be; raises the last refusal when none can."""
    refused: UndoRefused | None = None
    for number in standing(workspace):
        try:
            workspace.undo(number)
        except UndoRefused as error:
            refused = error
        else:
            return
    if refused is not None:
        raise refused
