"""Which word of a name is what, and how a name is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm import text
from crm.text import NameParts


@pytest.mark.parametrize(
    ("full", "family", "given_name", "additional"),
    [
        ("Иванов Иван Иванович", "Иванов", "Иван", "Иванович"),
        ("Иван Иванов", "Иванов", "Иван", ""),
        ("Иванова Катя", "Иванова", "Катя", ""),
        ("Иван Иванович Иванов", "Иванов", "Иван", "Иванович"),
        ("Мамедов Али Гасан оглы", "Мамедов", "Али", "Гасан оглы"),
        ("Али Гасан оглы Мамедов", "Мамедов", "Али", "Гасан оглы"),
        ("Петрова-Водкина Мария", "Петрова-Водкина", "Мария", ""),
        ("Анна-Мария Иванова", "Иванова", "Анна-Мария", ""),
        ("John Smith", "Smith", "John", ""),
        ("John Quincy Smith", "Smith", "John", "Quincy"),
        ("Ivanov Ivan", "Ivanov", "Ivan", ""),
        ("Sergey Ivanovich Petrov", "Petrov", "Sergey", "Ivanovich"),
        ("Катя", "", "Катя", ""),
        ("Иванов", "Иванов", "", ""),
        ("Иванов И. И.", "Иванов", "И.", "И."),
        ("Иванов И.И.", "Иванов", "И.", "И."),
        ("И. И. Иванов", "Иванов", "И.", "И."),
        ("Саша К.", "К.", "Саша", ""),
        ("Иван Петрович", "", "Иван", "Петрович"),
        ("Роман Абрамович", "Абрамович", "Роман", ""),
        ("Рабинович Иван Петрович", "Рабинович", "Иван", "Петрович"),
        ("Иван Петрович Рабинович", "Рабинович", "Иван", "Петрович"),
        ("Людвиг ван Бетховен", "ван Бетховен", "Людвиг", ""),
        ("Anna de la Cruz", "de la Cruz", "Anna", ""),
        ("Smith, John", "Smith", "John", ""),
        ("Иванова (Петрова) Анна", "Иванова (Петрова)", "Анна", ""),
        ("Иванов Пётр Сергеевич мл.", "Иванов мл.", "Пётр", "Сергеевич"),
        ("Салтыков Щедрин Михаил Евграфович", "Салтыков Щедрин", "Михаил", "Евграфович"),
        ("Цой Виктор", "Цой", "Виктор", ""),
        ("Тулегенов Абай", "Тулегенов", "Абай", ""),
        ("Абай Тулегенов", "Тулегенов", "Абай", ""),
        ("Пак Чан", "Пак", "Чан", ""),
        ("  ", "", "", ""),
    ],
)
def test_a_name_in_one_field_is_split(full, family, given_name, additional):
    assert text.split_name(full) == NameParts(family, given_name, additional)


def test_the_order_can_be_told():
    assert text.split_name("Марк Роман", "given_first") == NameParts("Роман", "Марк")
    assert text.split_name("John Smith", "family_first") == NameParts("John", "Smith")
    assert text.split_name("Иван Иванович Иванов", "family_first") == NameParts("Иванов", "Иван", "Иванович")


_WORD = st.sampled_from(
    [
        "Иванов",
        "Иван",
        "Ивановна",
        "оглы",
        "кызы",
        "ван",
        "de",
        "(Петрова)",
        "И.",
        "А.Б.",
        "мл.",
        "John",
        "Smith",
        "Саша",
        "Рабинович",
        ",",
        "-",
        "Ли",
    ]
)


@given(st.lists(_WORD, max_size=8), st.sampled_from(("auto", "family_first", "given_first")))
def test_no_word_of_a_name_is_lost(name, order):
    parts = text.split_name(" ".join(name), order)
    told = f"{parts.family}{parts.given}{parts.additional}".replace(" ", "")
    expected = "".join(name)
    if parts.family and "," not in told:
        expected = expected.replace(",", "", 1)
    assert sorted(told) == sorted(expected)


@given(st.text(max_size=60))
def test_any_text_can_be_split_and_shown(name):
    parts = text.split_name(name)
    for show in (text.display_name, text.list_name, text.full_name, text.short_name, text.initials):
        assert isinstance(show(parts), str)


class TestShown:
    whole = NameParts("Щёголев", "Пётр", "Ильич", "Петя")

    def test_ways_to_show_a_name(self):
        assert text.display_name(self.whole) == "Пётр Щёголев"
        assert text.list_name(self.whole) == "Щёголев Пётр Ильич"
        assert text.full_name(self.whole) == "Пётр Ильич Щёголев"
        assert text.short_name(self.whole) == "Щёголев\u00a0П.\u00a0И."
        assert text.initials(self.whole) == "ПЩ"

    def test_what_is_missing_leaves_no_gap(self):
        assert text.display_name(NameParts(given="Иван", additional="Петрович")) == "Иван Петрович"
        assert text.display_name(NameParts(family="Иванов")) == "Иванов"
        assert text.short_name(NameParts(family="Иванов")) == "Иванов"
        assert text.display_name(NameParts(nickname="anna_k")) == "anna_k"
        assert text.display_name(NameParts()) == ""

    @pytest.mark.parametrize(
        ("name", "letters"),
        [
            (NameParts("Ковалёва", "анна"), "АК"),
            (NameParts("ван Бетховен", "Людвиг"), "ЛБ"),
            (NameParts(given="Иван", additional="Петрович"), "ИП"),
            (NameParts("Иванов"), "И"),
            (NameParts(nickname="@anna_k"), "AK"),
            (NameParts(nickname="кот"), "К"),
            (NameParts(given="\U0001f600", nickname="Рыжий Кот"), "РК"),
            (NameParts("«Ромашка»", "(Аня)"), "АР"),
            (NameParts(), ""),
        ],
    )
    def test_initials_fall_back_on_what_there_is(self, name, letters):
        assert text.initials(name) == letters


@pytest.mark.parametrize(
    ("additional", "gender"),
    [
        ("Иванович", "male"), ("Ильич", "male"), ("Никитич", "male"), ("Гасан оглы", "male"), ("Ivanovich", "male"),
        ("Ивановна", "female"), ("Ильинична", "female"), ("Никитична", "female"), ("Гасан кызы", "female"),
        ("Юрьевна", "female"), ("", None), ("Quincy", None), ("Мария", None), ("И.", None),
    ],
)  # fmt: skip
def test_a_patronymic_suggests_a_gender(additional, gender):
    assert text.suggested_gender(additional) == gender


def test_diminutives_lead_to_full_names_and_back():
    assert text.name_variants("Саша") == ("александр", "александра")
    assert {"саша", "шура"} <= set(text.name_variants("александр"))
    assert "петр" in text.name_variants("Петя")
    assert text.name_variants("Ктулху") == ()


@pytest.mark.parametrize(
    ("name", "screen", "listed", "short"),
    [
        (NameParts("Щёголев", "Пётр", "Ильич"), "Пётр Щёголев", "Щёголев Пётр Ильич", "Щёголев\u00a0П.\u00a0И."),
        (NameParts("Щёголев", "Пётр"), "Пётр Щёголев", "Щёголев Пётр", "Щёголев\u00a0П."),
        (NameParts("", "Пётр", "Ильич"), "Пётр Ильич", "Пётр Ильич", "Пётр Ильич"),
        (NameParts("", "", "", "Петя"), "Петя", "Петя", "Петя"),
        (NameParts("Щёголев"), "Щёголев", "Щёголев", "Щёголев"),
        (NameParts("Ёлкина-Ким", "Анна-Мария", "Львовна", "Аня"), "Анна-Мария Ёлкина-Ким",
         "Ёлкина-Ким Анна-Мария Львовна", "Ёлкина-Ким\u00a0А.\u00a0Л."),
        (NameParts(), "", "", ""),
    ],
)  # fmt: skip
def test_every_output_has_its_order_of_names(name: NameParts, screen: str, listed: str, short: str) -> None:
    assert text.name_for("screen", name) == text.name_for("badge", name) == screen
    assert text.name_for("list", name) == text.name_for("sign_in", name) == listed
    assert text.name_for("short", name) == short
