"""Lines of a chat become people: each line is a person or a reject, and no word of one is lost."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.importing import free_lines, limits
from crm.importing.free_lines import FreeLine, is_table, read_line, read_lines
from crm.importing.rows import ROW, Place, Reject
from crm.text import clean

HERE = Place(ROW, 1, 1)
NAMES = (
    "Иван Петров",
    "Щёголева Анна Ильинична",
    "Кузнецова-Водкина Е. А.",
    "Рашид Алиев оглы",
    "John Smith",
    "олег ким",
)
CONTACTS = {
    "@ivan_p": ("telegram", "@ivan_p"),
    "https://t.me/ivan_p": ("telegram", "https://t.me/ivan_p"),
    "vk.com/id123": ("vk", "vk.com/id123"),
    "ivan@example.org": ("email", "ivan@example.org"),
    "8 900 000-00-41": ("phone", "8 900 000-00-41"),
    "+7 (900) 000 00 41": ("phone", "+7 (900) 000 00 41"),
    "8(900)0000041": ("phone", "8(900)0000041"),
    "9000000041": ("phone", "9000000041"),
    "+1 212 555 0123": ("phone", "+1 212 555 0123"),
}
COMPANY = {"": 0, "+1": 1, "плюс один": 1, "+ 2": 2, "+двое": 2}


def read(line: str) -> FreeLine:
    found = read_line(line, HERE)
    assert isinstance(found, FreeLine), found
    return found


@given(
    st.sampled_from(("", "1. ", "12) ", "№3 ", "- ", "• ", "— ", "[x] ", "✅ ")),
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(sorted(CONTACTS)), max_size=3, unique=True),
    st.sampled_from(sorted(COMPANY)),
    st.sampled_from((", ", "; ", " ", " — ")),
    st.sampled_from(("", "придёт позже", "(вегетарианец)")),
)
@settings(max_examples=300, deadline=None)
def test_a_line_as_people_write_it_is_read_whole(lead, name, contacts, company, between, comment) -> None:
    if between == " " and comment.startswith("п") and name[0].islower() and not (contacts or company):
        comment = ""  # «олег ким придёт позже» says nowhere where the name ends
    if between == " " and company == "+1" and contacts[:1] == ["9000000041"]:
        company = ""  # «+1 9000000041» is a phone in America as well
    line = lead + between.join(part for part in (name, company, *contacts, comment) if part)
    found = read(line)
    assert found.person.full_name == name
    assert sorted((one.kind, one.raw) for one in found.person.contacts) == sorted(CONTACTS[one] for one in contacts)
    assert found.guests == COMPANY[company]
    assert found.person.note == comment.strip("()")


PIECES = st.sampled_from(
    ["— ", " - ", ", ", "; ", " ", "Иван", "Петров", "@ivan_p", "+1", " +12", "8 900 000-00-41", "\n", "a@b.ru", "\x00",
     "https://t.me/ivan_p", "12.05", "(", ")", "|", "\u2028", "\u202e", "=1+1", "\t", "vk.com/id1", "+7", " Ладога"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=14).map("".join))
@settings(max_examples=400, deadline=None)
def test_no_line_and_no_letter_of_it_is_lost(pasted) -> None:
    found = list(read_lines(pasted))
    filled = [number for number, line in enumerate(pasted.splitlines(), 1) if line.strip()]
    places = [one.place if isinstance(one, Reject) else one.person.place for one in found]
    assert [place.number for place in places] == filled
    for one in found:
        if isinstance(one, Reject):
            assert one.cells or not clean(pasted.splitlines()[one.place.number - 1])
            continue
        person, said = one.person, free_lines._without_lead(one.line)
        # A contact written twice is kept once; guests are kept as their number.
        contacts = "".join(each.raw * max(1, said.count(each.raw)) for each in person.contacts)
        kept = f"{person.full_name}{person.nickname}{person.organisation}{person.note}{contacts}"
        lost = Counter(filter(str.isalpha, said)) - Counter(kept) - Counter("".join(free_lines._COUNTED))
        assert not lost - Counter("гостьячел")
        figures = Counter(filter(str.isdecimal, said)) - Counter(kept)
        assert not figures if not one.guests else figures.total() <= 2 * said.count("+")


@pytest.mark.parametrize(
    ("line", "name", "organisation", "note"),
    [
        ("1. Иван Петров — Ладога", "Иван Петров", "Ладога", ""),
        ("Петров Иван, ООО «Ромашка», директор", "Петров Иван", "ООО «Ромашка»", "директор"),
        ("Иван Петров - буду к восьми", "Иван Петров", "", "буду к восьми"),
        ("Иван Петров буду к восьми", "Иван Петров", "", "буду к восьми"),
        ("Иван Петров 14.03.1990", "Иван Петров", "", "14.03.1990"),
    ],
)
def test_a_company_is_told_from_a_comment(line, name, organisation, note) -> None:
    person = read(line).person
    assert (person.full_name, person.organisation, person.note) == (name, organisation, note)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Итого: 15 человек", "total_row"),
        ("Список на пятницу:", "title_row"),
        ("---", "no_name_or_contact"),
        ("3.", "no_name_or_contact"),
        ("\u202e\u200b\x00", "no_name_or_contact"),
        ("Всем привет кто идёт завтра на встречу", "no_name_or_contact"),
        ("=cmd|'/c calc'!A1", "no_name_or_contact"),
        ("А" * (limits.NAME + 1), "too_long"),
        ("x" * 1_048_576, "too_long"),
    ],
)
def test_t24_what_is_no_person_is_named(line, code) -> None:
    found = read_line(line, HERE)
    assert isinstance(found, Reject)
    assert found.code == code
    assert found.text()


@pytest.mark.parametrize(
    ("pasted", "table"),
    [
        ("Имя\tТелефон\nИван\t8 900 000-00-41", True),
        ("Иван Петров\t89000000041\nАнна Ли\t89000000042", True),
        ("ФИО;Телефон\nИван;1", True),
        ("ФИО\nИван Петров\nАнна Ли", True),
        ("BEGIN:VCARD\nFN:Иван\nEND:VCARD", True),
        ("1.\tИван Петров\n2.\tАнна Ли", False),
        ("1. Иван Петров @ivan +1, 8 900 000-00-41", False),
        ("Иван Петров, Ладога\nАнна Ли, Невская", False),
        ("", False),
    ],
)
def test_a_range_of_a_table_is_told_from_lines(pasted, table) -> None:
    assert is_table(pasted) is table


def test_t06_ten_thousand_lines_and_long_ones_are_read_in_line_with_their_length() -> None:
    # A pattern that went back and forth would take minutes here, not a second.
    hostile = (
        "1" * 5_000,
        "+" * 5_000,
        "8 (" * 2_000,
        "a@" * 2_000,
        "- " * 2_000,
        "т." * 2_000,
        "(" * 5_000,
        "@a" * 2_000,
    )
    lines = [f"{number}. Иван Петров @ivan{number} +1, 8 900 000-00-41" for number in range(10_000)]
    found = list(read_lines("\n".join((*lines, *hostile))))
    assert len(found) == len(lines) + len(hostile)
    assert all(isinstance(one, FreeLine) for one in found[: len(lines)])
