"""Spellings of one organisation share a key, whatever the legal form, the quotes, the case; others do not."""

from __future__ import annotations

import pytest

from crm.services.organisation_keys import alike, keys_of, organisation_key

LADOGA = (
    "Ладога", "ладога", "ЛАДОГА", "ООО «Ладога»", "Ладога, ООО", "Ладога ООО", 'ООО "Ладога"', "ооо „Ладога“",
    "ООО “Ладога”", "ООО ‹Ладога›", "АО Ладога", "ПАО «Ладога»", "ЗАО Ладога", "ОАО Ладога", "ИП Ладога",
    "НКО Ладога", "АНО «Ладога»", "ТОО Ладога", "ГК «Ладога»", "Группа компаний «Ладога»",
    "Общество с ограниченной ответственностью «Ладога»", "Публичное акционерное общество «Ладога»",
    "Акционерное общество Ладога", "ФГУП Ладога", "МУП «Ладога»", "Ладога LLC", "Ладога, Ltd.", "Ладога Inc.",
    "Ладога GmbH", "Ладога Co., Ltd.", "  Ладога  ", "ФГБОУ ВО «Ладога»", "ФГБОУ «Ладога»", "ФГАОУ ВО Ладога",
    "МБОУ Ладога", "ГБОУ ДПО «Ладога»", "МАОУ «Ладога»", "ГБПОУ Ладога",
)  # fmt: skip


@pytest.mark.parametrize("name", LADOGA)
def test_spellings_of_one_organisation_share_a_key(name: str) -> None:
    assert organisation_key(name) == "ладога"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Берёза", "Береза"), ("Горький «Ёлка»", "ГОРЬКИЙ ЕЛКА"), ("Acme, Inc", "ACME"), ("НИИ Точмаш", "нии  точмаш")],
)
def test_case_and_yo_do_not_matter(one: str, other: str) -> None:
    assert organisation_key(one) == organisation_key(other)


@pytest.mark.parametrize(
    "name", ["Аорта", "Ипотека", "Ладога Банк", "Институт во имя", "Уфа Коктейль", "Агат", "Омский ГАУ"]
)
def test_a_legal_form_within_a_word_is_no_legal_form(name: str) -> None:
    assert organisation_key(name) == name.casefold()


@pytest.mark.parametrize("name", ["ООО", "Ltd", "«»", "..."])
def test_a_name_of_nothing_else_keeps_a_key(name: str) -> None:
    assert organisation_key(name)


def test_a_key_written_before_the_forms_were_complete_is_still_looked_for() -> None:
    assert keys_of("ФГАОУ ВО «Ладога»") == ("ладога", "фгаоу во ладога")
    assert keys_of("ООО «Ладога»") == ("ладога",)


def test_likely_same_names_are_paired_the_likeliest_first() -> None:
    names = [(1, "ООО «Ладога»"), (2, "Ладога, АО"), (3, "Ладога Банк"), (4, "Ладога Банкъ"), (5, "Сбер")]
    assert [(one, other) for one, other, _ in alike(names)] == [(1, 2), (3, 4)]


def test_numbers_tell_organisations_apart() -> None:
    schools = [(1, "Лицей информатики 12"), (2, "Лицей информатики 112"), (3, "«Лицей информатки 12»")]
    assert [pair[:2] for pair in alike(schools)] == [(1, 3)]
