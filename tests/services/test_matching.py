"""Which names contradict each other, and whom a row is when several people share its contact."""

from __future__ import annotations

import pytest

from crm.services.matching import FEW, Known, Name, names_contradict

PHONE = (("phone", "+79000000001"),)


def known(*names: Name) -> Known:
    found = Known()
    for number, name in enumerate(names, 1):
        found.names[number] = name
        found.remember_key(*PHONE[0], number)
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Name.of("Петров", "Иван"), Name.of("Петров", "Ваня")),
        (Name.of("Петров", "Иван"), Name.of("Petrov", "Ivan")),
        (Name.of("Петров", "Иван"), Name.of("Иван", "Петров")),
        (Name.of("Петров", "Иван"), Name.of("Петров", "И.")),
        (Name.of("Петров", "Иван"), Name.of("", "Иван")),
        (Name.of("Петров", ""), Name.of("", "Петров")),
        (Name.of("Щёголев", "Пётр"), Name.of("Щеголев", "Петр")),
        (Name.of("", ""), Name.of("Петров", "Иван")),
    ],
)
def test_names_of_one_person_do_not_contradict_either_way(one: Name, other: Name) -> None:
    assert not names_contradict(one, other)
    assert not names_contradict(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Name.of("Петров", "Иван"), Name.of("Петрова", "Мария")),
        (Name.of("Петров", "Иван"), Name.of("Сидоров", "Иван")),
        (Name.of("Петров", "Иван", "Ильич"), Name.of("Петров", "Иван", "Сергеевич")),
        (Name.of("Петров", "Иван"), Name.of("Петров", "М.")),
        (Name.of("", "Иван"), Name.of("", "Мария")),
    ],
)
def test_names_of_two_people_contradict_either_way(one: Name, other: Name) -> None:
    assert names_contradict(one, other)
    assert names_contradict(other, one)


def test_the_one_whose_name_is_written_the_same_is_taken() -> None:
    there = known(Name.of("Петров", ""), Name.of("Петров", "Иван"))
    assert there.find(Name.of("Петров", "Иван"), PHONE) == (2, [])


def test_one_who_shares_a_contact_and_contradicts_is_a_possible_double() -> None:
    there = known(Name.of("Петров", "Иван"))
    assert there.find(Name.of("Сидорова", "Мария"), PHONE) == (None, [(1, "same_phone")])


def test_a_contact_of_many_joins_by_name_and_makes_no_doubles() -> None:
    surnames = ("Петров", "Сидоров", "Кузнецов", "Волков", "Зайцев", "Орлов", "Бобров")
    there = known(*(Name.of(surname, "Иван") for surname in surnames))
    assert len(surnames) > FEW
    assert there.find(Name.of("Лисицын", "Иван"), PHONE) == (None, [])
    assert there.find(Name.of("Орлов", "Ваня"), PHONE) == (6, [])
