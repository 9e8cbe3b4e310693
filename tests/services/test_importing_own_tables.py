"""Tables that a Krug wrote, and the samples of other programs: everything taken once, nothing taken twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crm import contact_points, i18n
from crm.export import people as tables
from crm.importing import layout
from crm.importing.detail_words import key_of
from crm.importing.sources import open_sources
from crm.models import CustomValue, NeedOffer, Person, Skill
from crm.services import custom_fields, importing, person_words
from crm.services.importing_rows import ImportOutcome
from crm.ui.importing.rejects import write_rejects
from tests.importing.makers import SAMPLES, outside


@pytest.fixture
def take(deed, clock):
    def run(*files: Path) -> ImportOutcome:
        def verb(session: Any) -> ImportOutcome:
            return importing.import_people(session, open_sources(files, None, lambda _at, _of: None, clock), clock)

        return deed(verb)

    return run


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_column_our_own_table_writes_is_known_again(language: str) -> None:
    i18n.use(language)
    headers = [one.column.title for one in tables.columns()]
    unknown = {one.header for one in layout.columns_of(headers) if one.field == "extra"}
    assert unknown == {i18n.text("Came through")}


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("field", ["gender", "address_form", "kind", "preferred_channel"])
def test_words_our_own_table_writes_become_their_keys_again(field: str, language: str) -> None:
    i18n.use(language)
    told = {
        "gender": {key: person_words.gender(key) for key in ("female", "male")},
        "address_form": {key: person_words.address_form(key) for key in person_words.FORMS},
        "kind": {key: person_words.person_kind(key) for key in ("member", "partner", "media", "client", "team")},
        "preferred_channel": {
            key: person_words.contact_kind(key)
            for key in contact_points.KINDS
            if key in ("phone", "email", "telegram", "vk", "whatsapp", "max", "site")
        },
    }[field]
    assert {key: key_of(field, word) for key, word in told.items()} == {key: key for key in told}


def test_details_and_own_fields_of_a_table_reach_the_person(workspace, deed, take, tmp_path: Path) -> None:
    size = deed(lambda s: custom_fields.define_field(s, "Размер", "choice", ("M", "L")))
    file = tmp_path / "люди.csv"
    file.write_text(
        "Фамилия;Имя;Эл. почта;Пол;На «ты» или на «вы»;Вступление;Навыки;Может помочь;размер\n"
        "Ким;Анна;anna@example.com;жен.;На «вы»;14.03.2024;звук, монтаж;проектор;L\n"
        "Цой;Тимур;timur@example.com;не скажу;;весной;;;XXL\n",
        encoding="utf-8",
    )
    assert (take(file).added, take(file).unchanged) == (2, 2)

    def kept(session: Any) -> None:
        anna, timur = session.scalars(select(Person).order_by(Person.family_name)).all()
        assert (anna.gender, anna.address_form, anna.joined_on.isoformat()) == ("female", "formal", "2024-03-14")
        assert set(session.scalars(select(Skill.name).where(Skill.person_id == anna.id))) == {"звук", "монтаж"}
        assert session.scalars(select(NeedOffer.text)).all() == ["проектор"]
        assert [(one.person_id, one.field_id, one.value) for one in session.scalars(select(CustomValue))] == [
            (anna.id, size, "L")
        ]
        assert anna.note == ""
        assert timur.gender == "unknown"
        for word in ("не скажу", "весной", "размер: XXL"):
            assert word in timur.note

    workspace.read(kept)


def test_a_field_made_later_makes_nobody_of_the_same_file_another_person(deed, take, tmp_path: Path) -> None:
    file = tmp_path / "люди.csv"
    file.write_text("Фамилия;Имя;Рост\nКим;Анна;170\n", encoding="utf-8")
    assert take(file).added == 1
    deed(lambda s: custom_fields.define_field(s, "Рост", "number"))
    assert (again := take(file)).added == 0
    assert again.updated == 1
    assert take(file).unchanged == 1


def test_what_krug_counts_itself_is_not_kept_from_its_own_table_but_is_from_others() -> None:
    figures = ["Уровень", "Визиты", "Последний визит"]
    assert {one.field for one in layout.columns_of([*figures, "UID"])} == {"ignored", "uid"}
    assert {one.field for one in layout.columns_of(figures)} == {"extra"}
    assert layout.columns_of(["Уровень", "UID"])[0].field == "extra"


def test_rows_not_taken_are_saved_mended_and_brought_in(take, tmp_path: Path) -> None:
    file = tmp_path / "гости.csv"
    file.write_text("№;ФИО;Почта;Размер\n1;Анна Ким;anna@example.com;M\n2;;;L\n", encoding="utf-8")
    outcome = take(file)
    assert (outcome.added, outcome.rejected) == (1, 1)
    saved = tmp_path / "невзятые.csv"
    assert write_rejects(outcome.files, saved) == 1
    text = saved.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "№;ФИО;Почта;Размер;Где стояло;Почему не взято"
    assert text.splitlines()[1].startswith("2;;;L;")
    assert take(saved).rejected == 1
    saved.write_text(text.replace("2;;;L", "2;Тимур Цой;timur@example.com;L"), encoding="utf-8")
    again = take(saved)
    assert (again.added, again.rejected) == (1, 0)


def test_saved_rows_of_cards_tell_where_and_why(take, tmp_path: Path) -> None:
    file = tmp_path / "карточки.vcf"
    file.write_text("BEGIN:VCARD\nVERSION:3.0\nNOTE:?\nEND:VCARD\n", encoding="utf-8")
    saved = tmp_path / "невзятые.csv"
    assert write_rejects(take(file).files, saved) == 1
    assert "Здесь нет ни имени, ни контакта." in saved.read_text(encoding="utf-8-sig")


@outside
@pytest.mark.outside
@pytest.mark.parametrize("folder", ["vcard", "csv", "forms"])
def test_samples_are_accounted_for_and_add_nobody_the_second_time(take, folder: str) -> None:
    files = [path for path in sorted((SAMPLES / folder).iterdir()) if path.name != "README.md"]
    first = {one.file: (one.read, one.added, len(one.rejected)) for one in take(*files).files}
    assert first == GOLDEN[folder]
    second = take(*files)
    assert (second.added, sum(one.read for one in second.files)) == (0, sum(read for read, _, _ in first.values()))


GOLDEN = {
    "vcard": {
        "android-21-qp.vcf": (6, 6, 0),
        "android-complicated-21.vcf": (1, 1, 0),
        "android-simple-30.vcf": (1, 1, 0),
        "apple-21.vcf": (1, 1, 0),
        "apple-company-30.vcf": (1, 1, 0),
        "apple-converted-30.vcf": (1, 1, 0),
        "caret-encoding-40.vcf": (1, 1, 0),
        "docomo-sjis-qp-21.vcf": (1, 1, 0),
        "eds-broken-bytes-30.vcf": (1, 0, 1),
        "evolution-30.vcf": (1, 1, 0),
        "evolution-qp-softbreak.vcf": (1, 0, 1),
        "evolution-ximian-nocolon.vcf": (1, 1, 0),
        "fullcontact-40.vcf": (1, 1, 0),
        "german-5-cards-30.vcf": (5, 5, 0),
        "gmail-30.vcf": (1, 0, 0),
        "gmail-list-30.vcf": (3, 3, 0),
        "gmail-single-30.vcf": (1, 1, 0),
        "iphone-ios5-30.vcf": (1, 0, 0),
        "kaddressbook-old-30.vcf": (1, 1, 0),
        "kaddressbook-rich-30.vcf": (1, 1, 0),
        "khard-altid-40.vcf": (1, 1, 0),
        "khard-korean-40.vcf": (1, 1, 0),
        "khard-labels-40.vcf": (1, 1, 0),
        "khard-no-fn-30.vcf": (1, 1, 0),
        "khard-tel-uri-30.vcf": (1, 1, 0),
        "khard-text-bday-40.vcf": (1, 1, 0),
        "khard-unterminated-40.vcf": (1, 1, 0),
        "label-empty-30.vcf": (1, 1, 0),
        "lotus-notes-30.vcf": (1, 1, 0),
        "made-android-ru-qp-21.vcf": (2, 2, 0),
        "made-duplicates-ru-40.vcf": (3, 1, 0),
        "made-iphone-ru-30.vcf": (1, 1, 0),
        "made-outlook-ru-cp1251-21.vcf": (1, 1, 0),
        "made-utf16le-bom-ru-30.vcf": (1, 1, 0),
        "meister-berger-group-30.vcf": (1, 1, 0),
        "mixed-im-30.vcf": (1, 1, 0),
        "mozilla-21-lowercase.vcf": (1, 1, 0),
        "nec-sjis-multi-21.vcf": (3, 3, 0),
        "newline-capital-n-30.vcf": (1, 1, 0),
        "nextcloud-30.vcf": (1, 1, 0),
        "notes-escapes-30.vcf": (1, 1, 0),
        "outlook-2003-21.vcf": (1, 1, 0),
        "outlook-generic-21.vcf": (1, 0, 0),
        "owncloud-cyrillic-note-30.vcf": (1, 1, 0),
        "param-quotes-30.vcf": (1, 1, 0),
        "qp-address-21.vcf": (1, 1, 0),
        "qp-cp1252-21.vcf": (1, 1, 0),
        "qp-param-order-21.vcf": (1, 1, 0),
        "rfc2426-30.vcf": (2, 1, 0),
        "rfc6350-40.vcf": (1, 1, 0),
        "sabre-photo-30.vcf": (1, 1, 0),
        "sonyericsson-qp-21.vcf": (1, 1, 0),
        "thebat-21-iso8859-2.vcf": (1, 1, 0),
        "vobject-full-40.vcf": (1, 1, 0),
        "vobject-multilang-40.vcf": (1, 1, 0),
        "winmobile-65-21.vcf": (1, 1, 0),
    },
    "csv": {
        "google-old-layout.csv": (1, 1, 0),
        "made-eventbrite-attendees.csv": (4, 4, 0),
        "made-excel-ru-semicolon-cp1251.csv": (4, 3, 1),
        "made-excel-unicode-text-utf16.txt": (2, 2, 0),
        "made-google-new-layout-ru.csv": (3, 2, 0),
        "made-libreoffice.xlsx": (2, 1, 0),
        "made-list-title-rows.xlsx": (5, 1, 2),
        "made-luma-guests.csv": (3, 2, 0),
        "made-meetup-attendees.xls": (3, 3, 0),
        "made-outlook-ru-cp1251.csv": (2, 0, 0),
        "made-timepad-orders.csv": (3, 2, 0),
        "made-timepad-participants.csv": (3, 1, 0),
        "outlook-webmail-all-fields-bom.csv": (1, 1, 0),
        "thunderbird-basic.csv": (2, 2, 0),
        "thunderbird-plain.csv": (1, 1, 0),
        "thunderbird-semicolon.csv": (2, 0, 0),
    },
    "forms": {
        "made-google-forms-en.csv": (2, 2, 0),
        "made-google-forms-ru.csv": (3, 3, 0),
        "made-yandex-forms-ru.csv": (2, 0, 1),
    },
}
"""Rows read, people added, rows not taken, by file; the files of a folder come in together."""
