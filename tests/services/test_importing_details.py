"""What an imported row tells besides names and contacts: what is empty is filled, nothing typed is overwritten."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from crm.importing.rows import CARD, ImportedContact, ImportedPerson, Place, Source, field_detail
from crm.models import CustomValue, NeedOffer, Person, Skill
from crm.services import custom_fields, importing

DETAILS = (
    ("kind", "partner"),
    ("address_form", "formal"),
    ("gender", "female"),
    ("preferred_channel", "telegram"),
    ("joined_on", "2024-03-14"),
    ("source", "чат"),
    ("address_as", "Аня"),
    ("skills", "монтаж"),
    ("skills", "МОНТАЖ"),
    ("skills", "звук"),
    ("offers", "проектор"),
    (field_detail("Размер", "choice"), "L"),
    (field_detail("Взнос", "number"), "1 500,50"),
    (field_detail("Чего нет"), "осталось в заметке"),
)


def row(number: int = 1, **fields: Any) -> ImportedPerson:
    told: dict[str, Any] = {
        "family_name": "Иванова",
        "given_name": "Анна",
        "contacts": (ImportedContact("email", "anna@example.com"),),
        "details": DETAILS,
    }
    return ImportedPerson(Place(CARD, number), **{**told, **fields})


@pytest.fixture
def take(deed, clock):
    def run(*rows: ImportedPerson, file: str = "гости.vcf"):
        source = Source(file, "vcard", "utf-8", "0" * 64, rows)
        (outcome,) = deed(lambda s: importing.import_people(s, [source], clock)).files
        return outcome.added, outcome.updated, outcome.unchanged

    return run


def test_details_fill_a_new_person_and_the_same_file_adds_nothing(workspace, take) -> None:
    assert take(row()) == (1, 0, 0)

    def read(session):
        person = session.scalars(select(Person)).one()
        skills = set(session.scalars(select(Skill.name)))
        needs = [tuple(found) for found in session.execute(select(NeedOffer.direction, NeedOffer.text))]
        return person, skills, needs, {named.name: custom_fields.values_of(session, [person.id])[person.id][named.id]
                                       for named in custom_fields.fields(session)}  # fmt: skip

    person, skills, needs, values = workspace.read(read)
    assert (person.kind, person.address_form, person.gender) == ("partner", "formal", "female")
    assert (person.preferred_channel, person.joined_on, person.source) == ("telegram", date(2024, 3, 14), "чат")
    assert person.address_as == "Аня"
    assert skills == {"монтаж", "звук"}
    assert needs == [("offers", "проектор")]
    assert values == {"Размер": "L", "Взнос": "1500.5"}
    assert person.note == "Чего нет: осталось в заметке"
    assert take(row()) == (0, 0, 1)
    assert take(row(), row(2)) == (0, 0, 2)


def test_what_contradicts_stays_beside_and_is_told_once(workspace, take) -> None:
    take(row())
    other = row(details=(("kind", "media"), (field_detail("Размер", "choice"), "S"), ("gender", "женский")))
    assert take(other, file="список.csv") == (0, 1, 0)
    person = workspace.read(lambda s: s.scalars(select(Person)).one())
    assert person.kind == "partner"
    assert person.note.splitlines()[1:] == [
        "Пол: женский",
        "Кто это: media (список.csv)",
        "Размер: S (список.csv)",
    ]
    assert workspace.read(lambda s: set(s.scalars(select(CustomValue.value)))) == {"L", "1500.5"}
    assert take(other, file="список.csv") == (0, 0, 1)


def test_two_rows_of_one_file_fill_one_person(workspace, take) -> None:
    first = row(details=((field_detail("Размер", "choice"), "L"), ("languages", "сербский")))
    second = row(2, details=((field_detail("Город детства", "text"), "Омск"), ("languages", "Сербский")))
    assert take(first, second) == (1, 1, 0)
    assert workspace.read(lambda s: set(s.scalars(select(CustomValue.value)))) == {"L", "Омск"}


def test_a_row_that_is_refused_leaves_no_detail_behind(workspace, take) -> None:
    kept = row(note="я" * 199_999)
    assert take(kept) == (0, 0, 0)
    assert workspace.read(lambda s: list(s.scalars(select(Skill.name)))) == []
    assert take(row()) == (1, 0, 0)
