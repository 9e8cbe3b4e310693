"""The desk, which holds its list in memory, and the index of the store read a query by the same function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm import text
from crm.clock import Clock
from crm.services import attendance
from crm.services.desk_guests import find_people
from crm.services.desk_index import DeskIndex
from crm.services.desk_reading import load_desk
from crm.services.people_editing import add_person, named_draft
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers

NAMES = ("Иванов Александр", "Ёлкин Семён Александрович", "Щербакова Юлия", "Sergey Petrov", "Ким Лев", "Жэ Анна")


@pytest.mark.parametrize(
    "query",
    ["иванов", "bdfyjd", "ivanov", "саша", "cfif", "Елкин", "`krby", "щерб", "sherbakova", "julia", "юля щерб",
     "ыукпун", "петров сергей", "kim", "лев", "анна же", "никто", "ивпнов", "bdfyyjd", "ivnaov", "саща", "fktrcfylh`",
     "cfif bdfyjd", "sasha ivanov", "шмфтщм", "yulya sherbakva", "щерабкова юля", "семен елкни"],
)  # fmt: skip
def test_the_desk_finds_by_name_whom_the_search_of_people_finds(
    query: str, workspace: Workspace, clock: Clock, deed: Callable[[Callable[[Session], Any]], Any]
) -> None:
    def fill(session: Session) -> int:
        event = makers.event(session, NOON)
        for name in NAMES:
            attendance.add_attendee(session, event.id, add_person(session, named_draft(name), clock), clock)
        return event.id

    event = deed(fill)
    index = DeskIndex(workspace.read(lambda session: load_desk(session, event)))
    found = {hit.arrival.person_id for hit in index.find(query) or index.similar(query)}
    assert found == set(workspace.read(lambda session: find_people(session, query)))


def test_a_reading_that_says_nothing_new_is_left_out() -> None:
    readings = {reading.reason: reading.words for reading in text.other_readings("саша", ["саша"])}
    assert readings["diminutive"][0][:2] == ("саша", "александр")
    assert readings["layout"] == (("cfif",),)
    assert list(text.other_readings("12", ["12"])) == []
