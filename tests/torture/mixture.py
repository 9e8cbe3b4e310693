"""A manager's day as a mixture of deeds through the real services; the same seed and store give the same deeds."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import CrmError
from crm.i18n import phrase
from crm.importing.rows import CARD, ImportedContact, ImportedPerson, Place, Source
from crm.models import Attendance, Event, Person
from crm.services import attendance, desk, feedback, importing, interactions, people_editing, tags
from crm.services.feedback_rows import FeedbackDraft
from crm.services.people_editing import ContactDraft, PersonDraft
from crm.store.workspace import Workspace
from tests.torture.stores import CLOCK

_NAMES = ("Щёголева", "Подъяпольский", "Иванов", "Öztürk", "Нгуен", "Гогоберишвили")
_TAGS = ("клуб", "спикер", "новичок", "волонтёр")


class Mixture:
    """Deeds chosen by chance from what the store holds. `step` performs one and says what it was."""

    def __init__(self, workspace: Workspace, seed: int) -> None:
        self.workspace = workspace
        self.chance = random.Random(seed)
        self._seed = seed
        self._number = 0

    def step(self) -> str:
        """One deed, committed when this returns; a refusal of a service is an answer like any."""
        self._number += 1
        kind, verb = self.chance.choice(self._deeds())
        try:
            if verb is None:
                self.workspace.undo()
            else:
                self.workspace.write(phrase("Torture"), verb)
        except CrmError as error:
            if error.exit_code == 3:
                raise
            return f"{kind}: {error.code}"
        return kind

    def _deeds(self) -> tuple[tuple[str, Callable[[Session], object] | None], ...]:
        return (
            ("add", self.add),
            ("add", self.add),
            ("edit", self.edit),
            ("tag", self.tag),
            ("register", self.register),
            ("check in", self.check_in),
            ("check in", self.check_in),
            ("feedback", self.give_feedback),
            ("conversation", self.talk),
            ("import", self.import_cards),
            ("archive", self.archive),
            ("undo", None),
        )

    def _some(self, session: Session, count: int) -> list[int]:
        people = Person.__table__.c
        # By the connection: of twenty thousand rows the session would make a slow list.
        asked = select(people.id).where(people.deleted_at.is_(None)).order_by(people.id)
        found = session.connection().execute(asked).scalars().all()
        return self.chance.sample(found, min(count, len(found)))

    def add(self, session: Session) -> None:
        """A person with a phone, an e-mail and a tag."""
        word = f"{self.chance.choice(_NAMES)}-{self._seed}-{self._number}"
        contacts = (
            ContactDraft("phone", f"+7900{self.chance.randrange(10**7):07}"),
            ContactDraft("email", f"p{self._seed}.{self._number}@example.com"),
        )
        draft = PersonDraft(family_name=word, given_name="Ян", contacts=contacts, tags=(self.chance.choice(_TAGS),))
        people_editing.add_person(session, draft, CLOCK)

    def edit(self, session: Session) -> None:
        """Another note and city."""
        for person in self._some(session, 1):
            people_editing.change_field(session, person, "note", f"Заметка {self._number} " * 20, CLOCK)
            people_editing.change_field(session, person, "city", "Ладога", CLOCK)

    def tag(self, session: Session) -> None:
        """A tag on five people."""
        tags.add_tag(session, self._some(session, 5), self.chance.choice(_TAGS))

    def archive(self, session: Session) -> None:
        """Three people put away."""
        people_editing.archive_people(session, self._some(session, 3), CLOCK)

    def register(self, session: Session) -> None:
        """Five people on a list, with tickets."""
        found = session.scalars(select(Event.id).where(Event.status == "planned").order_by(Event.id)).all()
        if found:
            attendance.register_people(session, self.chance.choice(found), self._some(session, 5), CLOCK)

    def check_in(self, session: Session) -> None:
        """Somebody comes in at the desk."""
        visits = Attendance.__table__.c
        expected = select(visits.id, visits.event_id).where(visits.status == "registered").order_by(visits.id)
        found = session.connection().execute(expected).all()
        if found:
            one = self.chance.choice(found)
            desk.check_in(session, one.event_id, one.id, CLOCK)

    def give_feedback(self, session: Session) -> None:
        """An idea of somebody's."""
        for person in self._some(session, 1):
            draft = FeedbackDraft(f"Мысль {self._number}", kind="idea", about="community", person_id=person)
            feedback.add_item(session, draft, CLOCK)

    def talk(self, session: Session) -> None:
        """A call with what follows from it."""
        draft = interactions.ConversationDraft(
            tuple(self._some(session, 2)),
            summary=f"О встрече {self._number}",
            follow_up="Перезвонить",
            follow_up_on=date(2026, 11, 12) + timedelta(days=self.chance.randrange(30)),
        )
        interactions.log_conversation(session, draft, CLOCK)

    def import_cards(self, session: Session) -> None:
        """Ten cards, half of them known."""
        importing.import_people(session, [cards(10, self._seed, self._number % 3)], CLOCK)


def cards(count: int, seed: int, batch: int, photo: bytes | None = None) -> Source:
    """A file of `count` cards."""
    rows = [
        ImportedPerson(
            Place(CARD, row),
            uid=f"torture-{seed}-{batch}-{row // 2}",
            family_name=f"Карточкин{seed}",
            given_name=f"Имя{row // 2}",
            tags=("импорт",),
            contacts=(ImportedContact("email", f"c{seed}.{batch}.{row // 2}@example.com"),),
            note=f"из файла {batch}",
            photo=photo,
        )
        for row in range(count)
    ]
    return Source("list.vcf", "vcard", "utf-8", f"{seed:032x}{batch:032x}", rows)
