"""The community of the pictures: the demo, and two days of somebody working with it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from crm.i18n import phrase, phrase_plural
from crm.models import Person
from crm.services import desk, event_lists, people_editing, person_cards, tags
from crm.services.demo import fill_demo
from crm.services.desk_index import DeskIndex
from crm.services.desk_reading import load_desk
from crm.store.copies import folder_of, list_copies, make_copy
from crm.store.copy_notes import seal
from crm.store.workspace import Workspace

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
"""The morning of the pictures in the design: the same community, the same day, so that two runs can be compared."""


class Hands:
    """A clock that stands where it was put."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def at(self, day: int, hour: int, minute: int) -> None:
        """Put it to a moment of that November."""
        self.now = NOW.replace(day=day, hour=hour, minute=minute)


def make_store(path: Path) -> AbstractContextManager[Workspace]:
    """Make it at `path`: three copies, one of them never checked, and deeds of which one was undone."""
    hands = Hands(NOW)
    workspace = Workspace.create(path, hands)
    hands.at(10, 16, 40)
    workspace.write(phrase("Demo community"), lambda session: fill_demo(session, lambda: NOW))
    hands.at(10, 17, 5)
    make_copy(workspace, "scheduled")
    people = workspace.read(lambda s: s.execute(select(Person.id).order_by(Person.id.desc()).limit(3)).scalars().all())
    hands.at(11, 7, 30)
    _edit(workspace, people[0], hands)
    hands.at(11, 7, 45)
    make_copy(workspace, "scheduled")
    hands.at(12, 8, 10)
    label = phrase_plural("Tags added to {count} person", "Tags added to {count} people", 2)
    workspace.write(label, lambda s: tags.add_tag(s, people[1:], "Слайды"))
    hands.at(12, 8, 20)
    _let_in_by_mistake(workspace, hands)
    hands.at(12, 8, 50)
    make_copy(workspace, "by_hand")
    oldest = list_copies(folder_of(path))[-1]
    # As one that came from another computer, without the note of its check.
    seal(replace(oldest, verdict="unchecked", checked_at=None))
    hands.now = NOW
    return workspace


def _edit(workspace: Workspace, person: int, hands: Hands) -> None:
    card = workspace.read(lambda s: person_cards.card(s, person))
    draft = replace(people_editing.draft_of(card), city="Казань", job_title="Аналитик")
    workspace.write(
        phrase("Changed {name}", name=card.display_name),
        lambda s: people_editing.change_person(s, person, draft, hands),
    )


def _let_in_by_mistake(workspace: Workspace, hands: Hands) -> None:
    event = workspace.read(lambda s: event_lists.next_event(s, hands))
    if event is None:
        raise LookupError("the demo has an event to come")
    index = workspace.read(lambda s: DeskIndex(load_desk(s, event.id)))
    guest = next(one for one in index.people() if one.status == "registered" and one.attendance_id)
    workspace.write(
        phrase("Checked in {name}", name=guest.name),
        lambda s: desk.check_in(s, event.id, guest.attendance_id or "", hands, late=True),
    )
    hands.at(12, 8, 21)
    workspace.undo()
