"""What we write, our own importer reads back: nothing is lost between two computers with Krug."""

from dataclasses import replace

import pytest

from crm.export.people import write_people
from crm.export.vcard import write_vcards
from crm.importing.reading import read_people
from crm.partial_date import PartialDate
from crm.services.cards import ContactLine, ExtraProperty, PersonCard

PERSON = PersonCard(
    id=1,
    uid="urn:krug:1",
    kind="member",
    family_name="'=Ёлкина-Щукина",
    given_name="Алёна",
    additional_name="Ильинична",
    display_name="Алёна Ёлкина-Щукина",
    nickname="=cmd|'/c calc'!A1",
    organisation="ООО «Ёлка; и, Ко»",
    job_title="-аналитик",
    birthday=PartialDate(2, 29),
    note="@первая\nвторая; с точкой",
    contacts=(
        ContactLine("phone", "+79000000041", "", "mobile", preferred=True),
        ContactLine("email", "a@example.com", "", "work"),
        ContactLine("telegram", "alena_k", ""),
    ),
    tags=(("аналитик", ""), ("спикер", "")),
    extra=(ExtraProperty("item1", "X-SPOUSE", "", "Иван"),),
)
FIELDS = ("uid", "family_name", "given_name", "additional_name", "nickname", "organisation", "job_title")


def check(path):
    reading = read_people(path)
    assert not reading.rejects
    (found,) = reading.people
    for field in (*FIELDS, "note", "birthday"):
        assert getattr(found, field) == getattr(PERSON, field), field
    assert found.tags == ("аналитик", "спикер")
    assert {contact.kind: contact.raw.removeprefix("https://t.me/") for contact in found.contacts} == {
        "phone": "+79000000041",
        "email": "a@example.com",
        "telegram": "alena_k",
    }
    return found


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_card_comes_back(tmp_path, version):
    write_vcards([PERSON], tmp_path / "a.vcf", version)
    found = check(tmp_path / "a.vcf")
    assert [replace(line) for line in PERSON.extra] == [
        ExtraProperty(line.group, line.name, line.parameters, line.value) for line in found.extra
    ]
    assert [(contact.label, contact.preferred) for contact in found.contacts if contact.kind == "phone"] == [
        ("mobile", True)
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_t12_a_row_comes_back(tmp_path, kind):
    write_people([PERSON], tmp_path / f"a.{kind}", kind)
    check(tmp_path / f"a.{kind}")
