"""Makes a small store with a little of everything, to be kept in tests/files before the schema moves on.

`python -m tests.support.old_store OUT.krug`, run by the program of the schema that is to be kept.
"""

from __future__ import annotations

import io
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.i18n import phrase
from crm.importing.rows import CARD, ImportedContact, ImportedPerson, Place, Source
from crm.models import Attendance, Consent, ConsentText
from crm.partial_date import PartialDate
from crm.services import attendance, community, events, importing, interactions, segment_editing, surveys, tags
from crm.services.desk import check_in
from crm.services.event_rows import EventDraft
from crm.services.people_editing import (
    ContactDraft,
    PersonDraft,
    add_person,
    change_field,
    delete_people,
)
from crm.store.driver import connect
from crm.store.workspace import Workspace

BEGAN = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
_NAMES = (("Ёлкин", "Пётр"), ("Королёва", "Алёна"), ("Ким", "Анна"), ("Щёголев", "Семён"), ("O’Neill", "Seán"))


class Passing:
    """A clock that moves on by a minute whenever it is asked."""

    def __init__(self) -> None:
        self._now = BEGAN

    def __call__(self) -> datetime:
        """The next minute."""
        self._now += timedelta(minutes=1)
        return self._now


def make(path: Path) -> None:
    """Fill a new store at `path` through the services, undo some of it, close it and pack it tight."""
    clock = Passing()
    with Workspace.create(path, clock) as workspace:
        _fill(workspace, clock)
    with closing(connect(path, shared=True)) as connection:
        connection.execute("VACUUM")


def _fill(workspace: Workspace, clock: clocks.Clock) -> None:
    write = workspace.write
    write(phrase("Community renamed to {name}", name="Ёж"), lambda s: community.rename_community(s, "Клуб «Ёж»"))
    people = [
        write(
            phrase("{name} added", name=given), partial(add_person, draft=_draft(n, family, given), clock=clock)
        ).value
        for n, (family, given) in enumerate(_NAMES)
    ]
    write(phrase("Tag added"), lambda s: tags.add_tag(s, people[:3], "спикер"))
    write(phrase("City changed"), lambda s: change_field(s, people[1], "city", "Орёл", clock))
    draft = EventDraft("Вечер BI", _wall(19), _wall(21), "Europe/Moscow", place="Кафе «Приём»")
    event = write(phrase("Event added"), lambda s: events.add_event(s, draft, clock)).value
    write(phrase("Registered"), lambda s: attendance.register_people(s, event, people, clock))
    write(
        phrase("Checked in"),
        lambda s: check_in(s, event, people[0], clock, at=BEGAN + timedelta(days=9, hours=7)),
    )
    write(phrase("Came"), lambda s: attendance.mark_came(s, _visit(s, people[2]), BEGAN + timedelta(days=9)))
    write(
        phrase("Answer"),
        lambda s: surveys.record_response(
            s, event_id=event, person_id=people[0], nps=9, text="Ещё бы!", kind="praise", clock=clock
        ),
    )
    write(
        phrase("Conversation"),
        lambda s: interactions.log_conversation(
            s,
            interactions.ConversationDraft(
                (people[1],), summary="Звонила", follow_up="Перезвонить", follow_up_on=date(2026, 9, 20)
            ),
            clock,
        ),
    )
    write(phrase("Segment"), lambda s: segment_editing.add_starter(s, "fading", clock))
    write(phrase("Frozen"), lambda s: segment_editing.freeze_people(s, "Наши", people[:2], clock))
    write(phrase("Consent"), lambda s: _consent(s, people[0]))
    write(phrase("Import of {file}", file="гости.vcf"), lambda s: importing.import_people(s, [_source()], clock))
    write(phrase("Deleted"), lambda s: delete_people(s, [people[4]], clock))
    write(phrase("Tag to be undone"), lambda s: tags.add_tag(s, people[3:4], "лишний"))
    workspace.undo()
    write(phrase("Mistaken consent"), lambda s: _consent(s, people[1]))
    workspace.undo()


def _wall(hour: int) -> datetime:
    return datetime(2026, 9, 10, hour)  # noqa: DTZ001 - what the clock on the wall shows


def _draft(number: int, family: str, given: str) -> PersonDraft:
    return PersonDraft(
        family_name=family,
        given_name=given,
        organisation="ООО «Ладога»" if number % 2 else "",
        city="Тула",
        birthday=PartialDate(2, 29),
        note="любит чёрный кофе",
        contacts=(
            ContactDraft("phone", f"+7 900 000-00-0{number}"),
            ContactDraft("email", f"guest{number}@example.com"),
        ),
    )


def _visit(session: Session, person: int) -> int:
    return session.scalars(select(Attendance.id).where(Attendance.person_id == person)).one()


def _consent(session: Session, person: int) -> None:
    agreed = ConsentText(purpose="messages", version=str(person), text="Согласен на письма", sha256="0" * 64)
    session.add(agreed)
    session.flush()
    given = {"status": "given", "on": BEGAN.date(), "entered_at": BEGAN, "text_id": agreed.id}
    session.add(Consent(person_id=person, purpose="messages", **given))


def _source() -> Source:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), (90, 60, 200)).save(picture, "PNG")
    rows = [
        ImportedPerson(
            Place(CARD, 1),
            full_name="Фёдор Зверев",
            contacts=(ImportedContact("phone", "+79000000091"),),
            photo=picture.getvalue(),
        ),
        ImportedPerson(
            Place(CARD, 2),
            full_name="Ёлкин Пётр",
            contacts=(ImportedContact("phone", "+79000000000"),),
            job_title="директор",
        ),
        ImportedPerson(Place(CARD, 3), full_name="Соня Ярцева", organisation="Ладога", tags=("новые",)),
    ]
    return Source("гости.vcf", "vcard", "utf-8", "0" * 64, tuple(rows))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
