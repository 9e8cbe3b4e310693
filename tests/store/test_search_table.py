"""The table of queries, and names mistyped twice: whoever is meant is found, and stands first."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import text
from crm.i18n import phrase
from crm.services.people_editing import PersonDraft, add_person
from crm.store.search import NameWords, find
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import mistakes, search_cases

FAMILIES = (
    "Иванов", "Смирнов", "Кузнецов", "Попов", "Васильев", "Петров", "Соколов", "Михайлов", "Новиков", "Фёдоров",
    "Морозов", "Волков", "Алексеев", "Лебедев", "Семёнов", "Егоров", "Павлов", "Козлов", "Степанов", "Николаев",
    "Орлов", "Андреев", "Макаров", "Никитин", "Захаров", "Зайцев", "Соловьёв", "Борисов", "Яковлев", "Григорьев",
    "Щербаков", "Ёлкин", "Цветков", "Чайковский", "Хрущёв", "Жуков", "Юсупов", "Эрнст", "Ким", "Белых", "Шевченко",
    "Ткачук", "Саакян", "Гогоберидзе", "Мамедов", "Подъяпольский", "Рабинович", "Вяземский", "Бухгольц", "Хабибуллин",
)  # fmt: skip
SAMPLE = 150


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    clock = clocks.fixed(NOON)
    path: Path = tmp_path_factory.mktemp("search") / "community.krug"
    with Workspace.create(path, clock) as workspace:

        def fill(session: Session) -> None:
            dice = random.Random(4)
            for family in FAMILIES:
                for given in dice.sample(sorted(mistakes.DIMINUTIVES), 8):
                    add_person(session, PersonDraft(family_name=family, given_name=given), clock)

        workspace.write(phrase("Fill"), fill)
        yield workspace


@pytest.fixture(scope="module")
def meant(store: Workspace) -> dict[str, int]:
    return store.write(phrase("Add"), lambda s: search_cases.fill(s, store.clock)).value


@pytest.fixture(scope="module")
def who(store: Workspace) -> Callable[[str], list[int]]:
    names = NameWords()
    return lambda query: list(store.read(lambda s: find(s, query, names=names)).ids)


@pytest.mark.parametrize(("how", "query", "name"), search_cases.CASES)
def test_who_is_meant_stands_first(how: str, query: str, name: str, meant: dict[str, int], who: Any) -> None:
    assert who(query)[:1] == [meant[name]]


def test_the_table_has_every_class_and_eighty_cases() -> None:
    assert len(search_cases.CASES) >= 80
    classes = {"name", "initials", "phone", "handle", "field", "layout", "translit", "typo", "diminutive", "two"}
    assert {how for how, _, _ in search_cases.CASES} == classes


@pytest.mark.parametrize("query", [search_cases.CARE, search_cases.CARE[:6], f"хвощинский {search_cases.CARE}"])
def test_a_care_note_is_never_searched(query: str, meant: dict[str, int], who: Any) -> None:
    assert who(query) == []


def test_names_with_two_mistakes_are_found_first_nineteen_times_in_twenty(store: Workspace, who: Any) -> None:
    def read(session: Session) -> dict[int, tuple[str, str]]:
        rows = session.connection().exec_driver_sql("SELECT id, family_name, given_name FROM person")
        return {row[0]: (row[1], row[2]) for row in rows}

    names = store.read(read)
    people = sorted({(family, given) for family, given in names.values() if family in FAMILIES})
    first, near, told = 0, 0, []
    for one in islice(mistakes.two_mistakes(people, random.Random(20)), SAMPLE):
        shown = [names[found] for found in who(one.query)[:3]]
        first += shown[:1] == [(one.family, one.given)]
        near += (one.family, one.given) in shown
        if (one.family, one.given) not in shown:
            told.append(f"{one.query} ({one.how}): {one.family} {one.given}, not {shown}")
    assert first >= 0.95 * SAMPLE, told
    assert near >= 0.99 * SAMPLE, told


def test_the_generator_makes_two_mistakes_of_every_kind() -> None:
    made = list(islice(mistakes.two_mistakes([("Иванов", "Александр")], random.Random(1)), 200))
    assert len({one.how for one in made}) == 5
    assert all(text.fold(one.query) not in {"иванов александр", "александр иванов"} for one in made)
    assert len({one.query for one in made}) > 100
