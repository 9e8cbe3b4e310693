"""What is gathered for search besides names and contacts: it follows each deed, and an older store catches up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from crm import text
from crm.clock import Clock
from crm.models import CustomValue, Language, Motive, NeedOffer, Skill
from crm.services import custom_fields
from crm.services.people_editing import add_person, delete_people, named_draft
from crm.store import health
from crm.store.driver import connect
from crm.store.search import find
from crm.store.workspace import Workspace
from tests.support.soundness import faults

Deed = Callable[[Callable[[Session], Any]], Any]
KINDS = ("language", "skill", "motive", "need", "custom")


def _row(session: Session, kind: str, person: int, said: str) -> Any:
    if kind == "need":
        return NeedOffer(person_id=person, direction="seeks", text=said, search_text=text.fold(said))
    if kind == "custom":
        known = custom_fields.field_named(session, "Поле")
        field = known.id if known else custom_fields.define_field(session, "Поле", "text")
        return CustomValue(person_id=person, field_id=field, value=said, search_value=text.fold(said))
    return {"language": Language, "skill": Skill, "motive": Motive}[kind](
        person_id=person, name=said, search_name=text.fold(said)
    )


def _model(kind: str) -> Any:
    return {"language": Language, "skill": Skill, "motive": Motive, "need": NeedOffer, "custom": CustomValue}[kind]


@pytest.fixture
def two(deed: Deed, clock: Clock) -> tuple[int, int]:
    return (
        deed(lambda s: add_person(s, named_draft("Первый Иван"), clock)),
        deed(lambda s: add_person(s, named_draft("Второй Пётр"), clock)),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_deed_says_of_a_person_is_found_until_it_is_undone(
    kind: str, workspace: Workspace, deed: Deed, two: tuple[int, int]
) -> None:
    def who(query: str) -> list[int]:
        return list(workspace.read(lambda s: find(s, query)).ids)

    first, second = two
    deed(lambda s: s.add(_row(s, kind, first, "Ёлочный суахили")))
    assert who("елочный") == who("суахили") == [first]
    deed(lambda s: s.execute(update(_model(kind)).values(person_id=second)))
    assert who("суахили") == [second], "whom it left is gathered anew, and whom it reached"
    workspace.undo()
    assert who("суахили") == [first]
    deed(lambda s: s.execute(delete(_model(kind))))
    assert who("суахили") == []
    workspace.undo()
    assert who("суахили") == [first]
    deed(lambda s: delete_people(s, [first], workspace.clock))
    assert who("суахили") == []
    assert faults(workspace) == []


def test_a_need_that_is_met_is_found_no_more(workspace: Workspace, deed: Deed, two: tuple[int, int]) -> None:
    deed(lambda s: s.add(_row(s, "need", two[0], "ищет дирижабль")))
    deed(lambda s: s.execute(update(NeedOffer).values(closed_on=date(2026, 11, 1))))
    assert not len(workspace.read(lambda s: find(s, "дирижабль")))


def test_yes_and_no_are_no_words_to_search_for(workspace: Workspace, deed: Deed, two: tuple[int, int]) -> None:
    def answer(session: Session) -> None:
        field = custom_fields.define_field(session, "Волонтёр", "yes_no")
        custom_fields.set_value(session, [two[0]], field, "да", workspace.clock)

    deed(answer)
    assert not len(workspace.read(lambda s: find(s, "yes")))
    assert not len(workspace.read(lambda s: find(s, "да")))


def test_a_store_of_before_catches_up_when_it_is_opened(workspace: Workspace, deed: Deed, two: tuple[int, int]) -> None:
    deed(lambda s: s.add(_row(s, "skill", two[0], "суахили")))
    workspace.close()
    with closing(connect(workspace.path)) as connection:
        # As the program before this one left it: gathered without skills, and nothing noted.
        connection.execute("DELETE FROM store_note WHERE key = 'search_gathered'")
        connection.execute("DELETE FROM person_search WHERE rowid = ?", (two[0],))
        connection.execute("INSERT INTO person_search (rowid, names) VALUES (?, 'первый иван')", (two[0],))
        connection.commit()
    with Workspace.open(workspace.path, workspace.clock) as opened:
        assert list(opened.read(lambda s: find(s, "суахили")).ids) == [two[0]]
        assert opened.read(lambda s: health.check(s.connection())).problems == ()
    before = workspace.path.read_bytes()
    Workspace.open(workspace.path, workspace.clock).close()
    assert workspace.path.read_bytes() == before, "a store that is in step is not written to"
