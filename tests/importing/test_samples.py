"""Every sample file beside the project: each card and row taken or named, and the ones we know read right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crm.importing import charsets, reading
from crm.importing.rows import ImportedPerson
from crm.partial_date import PartialDate
from tests.importing.makers import NOW, SAMPLES, outside, raws

pytestmark = [outside, pytest.mark.outside]
CARDS = sorted((SAMPLES / "vcard").glob("*.vcf"))
TABLES = [path for path in sorted((SAMPLES / "csv").iterdir()) if path.name != "README.md"] if SAMPLES.is_dir() else []
ROWS = {
    "google-old-layout.csv": (1, []),
    "made-eventbrite-attendees.csv": (4, []),
    "made-excel-ru-semicolon-cp1251.csv": (3, ["total_row"]),
    "made-excel-unicode-text-utf16.txt": (2, []),
    "made-google-new-layout-ru.csv": (3, []),
    "made-libreoffice.xlsx": (2, []),
    "made-list-title-rows.xlsx": (3, ["title_row", "sheet_without_list"]),
    "made-luma-guests.csv": (3, []),
    "made-meetup-attendees.xls": (3, []),
    "made-outlook-ru-cp1251.csv": (2, []),
    "made-timepad-orders.csv": (3, []),
    "made-timepad-participants.csv": (3, []),
    "outlook-webmail-all-fields-bom.csv": (1, []),
    "thunderbird-basic.csv": (2, []),
    "thunderbird-plain.csv": (1, []),
    "thunderbird-semicolon.csv": (2, []),
}


def people(folder: str, name: str) -> tuple[ImportedPerson, ...]:
    return reading.read_people(SAMPLES / folder / name, clock=NOW).people


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_every_card_of_the_samples_is_taken_or_named(path: Path) -> None:
    read = reading.read_people(path, clock=NOW)
    text = charsets.unwide(path.read_bytes())[0].decode("utf-8", errors="replace")
    assert read.read == len(re.findall(r"^(?:home\.)?begin:vcard", text, re.IGNORECASE | re.MULTILINE))
    nobody = {"eds-broken-bytes-30.vcf", "evolution-qp-softbreak.vcf"}
    assert [one.code for one in read.rejects] == (["no_name_or_contact"] if path.name in nobody else [])


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_row_of_the_samples_is_taken_or_named(path: Path) -> None:
    read = reading.read_people(path, clock=NOW)
    assert (len(read.people), [one.code for one in read.rejects]) == ROWS[path.name]


def test_cyrillic_of_every_producer_reads_right() -> None:
    outlook = people("vcard", "made-outlook-ru-cp1251-21.vcf")[0]
    assert (outlook.full_name, outlook.organisation, outlook.city) == (
        "Мария Игоревна Ёлкина",
        "ООО «Ромашка»",
        "Москва",
    )
    android = people("vcard", "made-android-ru-qp-21.vcf")
    assert android[0].organisation == "Клуб любителей настольных игр «Кубик»"
    assert android[1].nickname == "Мамуля"
    iphone = people("vcard", "made-iphone-ru-30.vcf")[0]
    assert (iphone.birthday, raws(iphone, "telegram")) == (PartialDate(7, 14), ["https://t.me/primer_anna"])
    assert people("vcard", "made-utf16le-bom-ru-30.vcf")[0].full_name == "Пётр Тестов"
    assert people("vcard", "thebat-21-iso8859-2.vcf")[0].full_name == "Piotr Iksiński"
    assert people("vcard", "qp-cp1252-21.vcf")[0].note.endswith("Reid’s place :\n364 3rd St. in Jersey City")
    assert people("vcard", "owncloud-cyrillic-note-30.vcf")[0].note.startswith("Длинный комментарий на русском")
    assert people("vcard", "docomo-sjis-qp-21.vcf")[0].family_name == "安藤"


def test_tables_of_every_producer_read_right() -> None:
    excel = people("csv", "made-excel-ru-semicolon-cp1251.csv")
    assert excel[2].full_name == "Мамедов Али Гасан оглы"
    assert excel[2].birthday == PartialDate(12, 31, 1988)
    assert raws(excel[1], "phone") == ["+7(900)0000042", "84950000043"]
    google = people("csv", "made-google-new-layout-ru.csv")
    assert raws(google[0], "telegram") == ["@primer_anna"]
    assert raws(google[0], "email") == ["anna.p@example.org", "a.primerova@example.com", "ap@example.com"]
    assert (google[0].tags, google[1].kind, google[2].full_name) == (("Клуб",), "company", "Пётр Иванович")
    assert raws(google[2], "phone") == ["+79000000034"]
    outlook = people("csv", "made-outlook-ru-cp1251.csv")
    assert (outlook[0].note, outlook[0].tags) == ("Помогает с залом,\nзвонить после 18:00", ("Волонтёры", "Лекторы"))
    assert (outlook[1].birthday, outlook[1].extra_columns[0][0]) == (None, "Адрес эл. почты")
    meetup = people("csv", "made-meetup-attendees.xls")
    assert (meetup[0].job_title, ("Title", "Organizer") in meetup[0].extra_columns) == ("", True)
    assert people("csv", "made-timepad-participants.csv")[2].nickname == "kisa_2000"
    assert raws(people("csv", "made-list-title-rows.xlsx")[0], "phone") == ["79000000031"]
    assert people("csv", "thunderbird-plain.csv")[0].birthday == PartialDate(11, 15, 1970)


@pytest.mark.parametrize("name", ["made-google-forms-en.csv", "made-google-forms-ru.csv", "made-yandex-forms-ru.csv"])
def test_form_answers_are_never_lost_as_people(name: str) -> None:
    read = reading.read_people(SAMPLES / "forms" / name, clock=NOW)
    assert read.people
    assert all(one.extra_columns for one in read.people)
