"""The eleven reading rules of interop §3, each on a card of our own."""

from __future__ import annotations

import base64
import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import i18n
from crm.importing import limits
from crm.importing.rows import ExtraProperty, ImportedPerson, Reject
from crm.partial_date import PartialDate
from tests.importing.makers import card, codes, entries, person, raws, reject

NAME = "Ёлкина Мария"


def quoted(text: str, charset: str = "utf-8") -> str:
    return "".join(f"={byte:02X}" for byte in text.encode(charset))


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r\r\n", "\r"])
def test_every_sort_of_line_end_is_read(ends: str) -> None:
    data = card(f"FN:{NAME}", "TEL:+79000000001").decode().replace("\r\n", ends).encode()
    found = person(data)
    assert (found.full_name, raws(found, "phone")) == (NAME, ["+79000000001"])


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
    ],
)
def test_wide_and_marked_encodings_are_recognised(encoding: str, mark: bytes) -> None:
    data = mark + card(f"FN:{NAME}").decode().encode(encoding)
    assert person(data).full_name == NAME


def test_cards_are_found_in_any_case_with_groups_blank_lines_and_no_end() -> None:
    data = (
        b"begin:vcard\nFN:A\nend:vcard\n\n\nhome.BEGIN:vCard\nFN:B\nEND:VCARD\nBEGIN:VCARD\nFN:C\nBEGIN:VCARD\nFN:D\n"
    )
    found = entries(data)
    assert [one.full_name for one in found if isinstance(one, ImportedPerson)] == ["A", "B", "C", "D"]
    assert [one.place.line for one in found] == [1, 6, 9, 11]
    assert [codes(one) for one in found if isinstance(one, ImportedPerson)] == [
        [],
        [],
        ["unterminated"],
        ["unterminated"],
    ]


def test_text_between_cards_is_named_not_dropped() -> None:
    found = entries(card("FN:A") + b"some words\r\n" + card("FN:B"))
    assert [one.code for one in found if isinstance(one, Reject)] == ["outside_card"]
    assert found[1].place.key() == "card 2"
    assert found[1].place.line == 5


def test_a_fold_may_cut_a_character_in_two() -> None:
    raw = NAME.encode()
    data = b"BEGIN:VCARD\nFN:" + raw[:1] + b"\n " + raw[1:9] + b"\n\t" + raw[9:] + b"\nEND:VCARD\n"
    assert person(data).full_name == NAME


def test_quoted_printable_soft_breaks_join_lines_and_keep_their_blanks() -> None:
    text = quoted(NAME)
    data = card(
        f"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{text[:16]}=\r\n{text[16:]}",
        "NOTE;QUOTED-PRINTABLE:for all=\r\n to come=0D=0Aline two",
        version="2.1",
    )
    found = person(data)
    assert (found.full_name, found.note) == (NAME, "for all to come\nline two")


def test_a_soft_break_never_swallows_the_end_of_the_card() -> None:
    data = card("FN:A", "NOTE;ENCODING=QUOTED-PRINTABLE:text=", version="2.1") + card("FN:B")
    assert [one.full_name for one in entries(data) if isinstance(one, ImportedPerson)] == ["A", "B"]


def test_base64_that_ends_with_a_sign_of_equality_joins_nothing() -> None:
    photo = base64.b64encode(b"\xff\xd8\xff\xe0" + b"1").decode()
    assert photo.endswith("=")
    found = person(
        card(f"PHOTO;ENCODING=BASE64;JPEG:{photo}", "FN:A", "NOTE;ENCODING=QUOTED-PRINTABLE:b", version="2.1")
    )
    assert (found.photo, found.full_name) == (b"\xff\xd8\xff\xe01", "A")


def test_a_photo_in_unindented_or_blank_ended_lines_is_whole() -> None:
    photo = base64.b64encode(bytes(range(200))).decode()
    found = person(card(f"PHOTO;BASE64:\r\n  {photo[:70]}\r\n  {photo[70:]}\r\n", "FN:A", version="2.1"))
    assert found.photo == bytes(range(200))


def test_a_quoted_semicolon_is_a_letter_and_a_bare_one_a_separator() -> None:
    found = person(
        card("FN:x", "N;ENCODING=QUOTED-PRINTABLE:a=3Bb;c", r"ORG:Sales\; Dept;unit", version="2.1"),
    )
    assert (found.family_name, found.given_name) == ("a;b", "c")
    assert (found.organisation, found.department) == ("Sales; Dept", "unit")


def test_commas_of_2_1_are_letters_and_of_3_0_part_several_names() -> None:
    assert person(card("N:Doe;John;Richter,James", version="2.1")).additional_name == "Richter,James"
    assert person(card("N:Doe;John;Richter,James;;jr,M.Sc.")).additional_name == "Richter James"
    assert person(card("N:Doe;John;Richter,James;;jr,M.Sc.")).suffix == "jr, M.Sc."


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-8"])
def test_a_named_charset_is_used_raw_and_quoted(charset: str) -> None:
    head = f"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET={charset}:".encode()
    data = head + NAME.encode(charset) + f"\nTITLE;CHARSET={charset};ENCODING=QUOTED-PRINTABLE:".encode()
    data += quoted("Ведущая", charset).encode() + b"\nEND:VCARD\n"
    found = person(data)
    assert (found.full_name, found.job_title, codes(found)) == (NAME, "Ведущая", [])


def test_shift_jis_with_a_backslash_inside_a_letter_is_read() -> None:
    data = b"BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=SHIFT_JIS:" + "表;ソ".encode("shift_jis") + b"\nEND:VCARD\n"
    found = person(data)
    assert (found.family_name, found.given_name) == ("表", "ソ")


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r"])
def test_an_unnamed_charset_is_guessed_by_the_whole_file_and_said(charset: str) -> None:
    data = card(f"FN:{NAME}", "ORG:Библиотека номер семь").decode().encode(charset) + card("FN:Анна").decode().encode(
        charset
    )
    found = [one for one in entries(data) if isinstance(one, ImportedPerson)]
    assert [one.full_name for one in found] == [NAME, "Анна"]
    assert codes(found[0]) == ["charset_guessed"]


def test_a_person_can_switch_the_guessed_charset() -> None:
    data = card("N;ENCODING=QUOTED-PRINTABLE:Iksi=F1ski;Piotr", version="2.1")
    assert person(data).family_name == "Iksiński"
    assert person(data, "windows-1252").family_name == "Iksiñski"


def test_utf8_under_a_false_one_byte_charset_stays_utf8() -> None:
    assert person(card(f"FN;CHARSET=windows-1251:{NAME}", version="2.1")).full_name == NAME


def test_bytes_of_no_charset_lose_nobody() -> None:
    found = person(b"BEGIN:VCARD\nFN:A\nX-A\xff:b\nNOTE:br\xffoken \xe0\x80\nEND:VCARD\n")
    assert found.full_name == "A"
    assert "charset_guessed" in codes(found)


@pytest.mark.parametrize(
    ("line", "label", "preferred"),
    [
        ("TEL;HOME:1234567", "home", False),
        ("TEL;TYPE=HOME,PREF:1234567", "home", True),
        ('TEL;TYPE="WORK,VOICE":1234567', "work", False),
        ("tel;type=CELL;type=pref:1234567", "mobile", True),
        ("TEL;PREF=1:1234567", "", True),
        ("TEL;WORK;FAX:1234567", "fax", False),
        ('TEL;TYPE="COMMA,SEPARATED:INSIDE.DQUOTE",PREF:1234567', "", True),
        ("item1.TEL:1234567\r\nitem1.X-ABLabel:Дача", "Дача", False),
        ("item1.TEL:1234567\r\nITEM1.X-ABLABEL:_$!<Mobile>!$_", "mobile", False),
        ("workPhone.TEL:1234567\r\nworkPhone.X-ABLabel:", "", False),
    ],
)
def test_types_and_labels_in_all_their_spellings(line: str, label: str, preferred: bool) -> None:
    (contact,) = person(card("FN:A", line)).contacts
    assert (contact.raw, contact.label, contact.preferred) == ("1234567", label, preferred)


def test_the_preferred_contact_comes_first() -> None:
    found = person(card("FN:A", "EMAIL:b@example.com", "EMAIL;PREF=2:c@example.com", "EMAIL;PREF=1:a@example.com"))
    assert raws(found, "email") == ["a@example.com", "c@example.com", "b@example.com"]


def test_names_are_taken_as_they_are_and_never_swapped() -> None:
    both = person(card("N:Примерова;Анна;Сергеевна;;", "FN:Анна Примерова"))
    assert (both.family_name, both.given_name, both.additional_name) == ("Примерова", "Анна", "Сергеевна")
    only_full = person(card("FN:Мария Петрова-Водкина"))
    assert (only_full.full_name, only_full.family_name, only_full.given_name) == ("Мария Петрова-Водкина", "", "")
    only_parts = person(card("N:Смит;Джон"))
    assert (only_parts.full_name, only_parts.shown_name()) == ("", "Джон Смит")
    assert person(card("EMAIL:a@example.com")).shown_name() == "a@example.com"


def test_an_organisation_card_says_so() -> None:
    assert person(card("N:;;;;", "FN:Ромашка", "ORG:Ромашка;")).kind == "company"
    assert person(card("N:;;;;", "ORG:Ромашка")).kind == "company"
    assert person(card("FN:Кто-то", "N:;Имя", "ORG:Ромашка", "X-ABShowAs:COMPANY")).kind == "company"
    assert person(card("FN:Ромашка", "KIND:org", version="4.0")).kind == "company"
    assert person(card("FN:Анна", "ORG:Ромашка")).kind == "person"


def test_of_two_alternatives_the_language_in_use_wins_and_the_other_is_kept() -> None:
    data = card("FN;ALTID=1;LANGUAGE=en:Anna", "FN;ALTID=1;LANGUAGE=ru:Анна", version="4.0")
    with i18n.using("ru"):
        assert person(data).full_name == "Анна"
    with i18n.using("en"):
        found = person(data)
    assert (found.full_name, found.extra[0].value) == ("Anna", "Анна")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("19850415", PartialDate(4, 15, 1985)),
        ("1985-04-15", PartialDate(4, 15, 1985)),
        ("1955-07-19T00:00:00Z", PartialDate(7, 19, 1955)),
        ("2019-02-10T23:59:33-0900", PartialDate(2, 10, 2019)),
        ("--0203", PartialDate(2, 3)),
        ("--02-03", PartialDate(2, 3)),
        ("1604-07-14", PartialDate(7, 14)),
        ("15.04.1985", PartialDate(4, 15, 1985)),
    ],
)
def test_birthdays_in_all_their_spellings(value: str, expected: PartialDate) -> None:
    assert person(card("FN:A", f"BDAY:{value}")).birthday == expected


def test_a_birthday_that_is_no_day_is_kept_as_text() -> None:
    words = person(card("FN:A", "BDAY;VALUE=text:circa 1800", version="4.0"))
    assert (words.birthday, words.birthday_text, codes(words)) == (None, "circa 1800", [])
    wrong = person(card("FN:A", "BDAY:1990-02-31"))
    assert (wrong.birthday_text, codes(wrong)) == ("1990-02-31", ["bad_date"])


def test_phones_come_from_addresses_and_odd_signs() -> None:
    found = person(card("FN:A", "TEL;VALUE=uri:tel:+7-900-000-00-01;ext=5", "TEL:8 900 000‑00‑02", "TEL:спросить"))
    assert raws(found, "phone") == ["+7-900-000-00-01 ext. 5", "8 900 000‑00‑02", "спросить"]


def test_an_exchange_address_is_no_email() -> None:
    found = person(card("FN:A", "EMAIL;EX:/o=Org/cn=anna", "EMAIL;INTERNET:a@example.com", version="2.1"))
    assert raws(found, "email") == ["a@example.com"]
    assert found.extra[0].value == "/o=Org/cn=anna"


def test_an_agent_does_not_leak_into_its_owner() -> None:
    inline = person(card("FN:A", r"AGENT:BEGIN:VCARD\nFN:Другой\nTEL:111\nEND:VCARD", "TEL:1234567"))
    below = person(
        card("FN:A", "AGENT:\r\nBEGIN:VCARD\r\nFN:Другой\r\nTEL:111\r\nEND:VCARD", "TEL:1234567", version="2.1")
    )
    for found in (inline, below):
        assert (found.full_name, raws(found, "phone")) == ("A", ["1234567"])
        assert found.extra[0].name == "AGENT"
        assert "Другой" in found.extra[0].value


def test_what_is_not_understood_is_kept_word_for_word() -> None:
    found = person(card("FN:A", "item3.X-ROLE;X-SINCE=2021:вол\\;он\\nтёр", "item3.X-ABLabel:Роль", "ORG:A", "ORG:B;C"))
    assert found.extra == (
        ExtraProperty("item3", "X-ROLE", "X-SINCE=2021", "вол\\;он\\nтёр"),
        ExtraProperty("item3", "X-ABLABEL", "", "Роль"),
        ExtraProperty("", "ORG", "", "B;C"),
    )


def test_a_kept_2_1_line_is_ready_for_3_0() -> None:
    found = person(card("FN:A", "LABEL;WORK;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:ул.=0D=0A=D0=90", version="2.1"))
    assert found.extra == (ExtraProperty("", "LABEL", "TYPE=WORK", "ул.\\nА"),)


def test_messenger_pages_become_handles_and_a_linked_photo_is_not_loaded() -> None:
    found = person(
        card(
            "FN:A",
            "X-SOCIALPROFILE;type=telegram:https://t.me/anna",
            "URL:https://vk.com/id1",
            "IMPP:xmpp:a@b.example",
            "URL:https://example.com/",
            "PHOTO;VALUE=uri:http://example.com/a.png",
        )
    )
    assert [(one.kind, one.raw) for one in found.contacts] == [
        ("telegram", "https://t.me/anna"),
        ("vk", "https://vk.com/id1"),
        ("site", "https://example.com/"),
    ]
    assert [one.name for one in found.extra] == ["IMPP", "PHOTO"]
    assert (found.photo, codes(found)) == (None, ["photo_not_loaded"])


def test_escapes_newlines_tags_and_address() -> None:
    found = person(
        card(
            "FN:A",
            r"NOTE:one\, two\; three\nfour\Nfive http\://x",
            r"CATEGORIES:Клуб\, чай,Гости,myContacts",
            "ADR;TYPE=work:п/я 1;;ул. Лесная\\, 5;Москва;;125000;Россия",
        )
    )
    assert found.note == "one, two; three\nfour\nfive http://x"
    assert found.tags == ("Клуб, чай", "Гости")
    assert (found.city, found.addresses[0].street, found.addresses[0].label) == (
        "Москва",
        "п/я 1\nул. Лесная, 5",
        "work",
    )


def test_the_label_of_an_address_is_kept_with_its_carets_undone() -> None:
    found = person(card("FN:A", "ADR;TYPE=work;LABEL=Street 1^n^'City^':;;Street 1;City;;;", version="4.0"))
    assert found.extra == (ExtraProperty("", "LABEL", "TYPE=work", 'Street 1\\n"City"'),)
    assert found.addresses[0].city == "City"


def test_a_line_without_a_colon_goes_on_the_note_or_is_named() -> None:
    found = person(card("FN", "N:A", "NOTE:one", "two"))
    assert (found.note, codes(found)) == ("one\ntwo", ["line_without_colon"])


def test_invisible_and_turning_signs_go_out_of_names() -> None:
    assert person(card("FN:Ан\u202eна\u200b\x00 \ufeff")).full_name == "Анна"


def test_t10_a_bad_card_costs_itself_only() -> None:
    good = [card(f"FN:Человек {n}") for n in range(93)]
    data = b"".join(good[:50]) + card("X-ONLY:1") * 7 + b"".join(good[50:])
    found = entries(data)
    assert sum(isinstance(one, ImportedPerson) for one in found) == 93
    assert [(one.code, one.place.number) for one in found if isinstance(one, Reject)] == [
        ("no_name_or_contact", n) for n in range(51, 58)
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("FN:" + "я" * (limits.NAME + 1), "too_long"),
        ("FN:A\r\nNOTE:" + "n" * (limits.NOTE + 1), "too_long"),
        ("FN:A\r\nX-BIG:" + "n" * (limits.LINE + 1), "line_too_long"),
    ],
)
def test_over_a_limit_is_a_named_reject_never_a_cut(line: str, code: str) -> None:
    assert reject(card(line)).code == code


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "BEGIN:VCARD\n",
                "END:VCARD\n",
                "FN:A\n",
                "AGENT:\n",
                " ",
                "=\n",
                '"',
                ";",
                ":",
                "\\",
                "TEL",
                "N;ENCODING=QUOTED-PRINTABLE:=D0=\n",
                "\xff",
                "PHOTO;ENCODING=b:",
                "CHARSET=x;",
                "\r",
                "\0",
            ]
        )
    )
)
def test_any_mixture_of_pieces_is_read_without_a_traceback(pieces: list[str]) -> None:
    for one in entries("".join(["BEGIN:VCARD\n", *pieces]).encode("latin-1")):
        assert one.place.number > 0


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_a_traceback(data: bytes) -> None:
    entries(b"BEGIN:VCARD\nFN:" + data + b"\nEND:VCARD\n")
