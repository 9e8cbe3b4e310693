"""Reading, comparing and linking contacts."""

from __future__ import annotations

import email_validator
import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm import contact_points, i18n, text
from crm.contact_points import emails, phones


@pytest.mark.parametrize(
    ("raw", "e164", "extension"),
    [
        ("8 (900) 000-00-61", "+79000000061", ""),
        ("89000000061", "+79000000061", ""),
        ("9000000063", "+79000000063", ""),
        ("+7 900 000\u201141\u201117", "+79000004117", ""),
        ("8\u00a0900\u00a0000\u00a000\u00a061", "+79000000061", ""),
        ("8 (900) 000-00-61 доб. 12", "+79000000061", "12"),
        ("8 800 000-00-61, доб.12", "+78000000061", "12"),
        ("tel:+7-900-000-00-61;ext=5", "+79000000061", "5"),
        ("79000000031.0", "+79000000031", ""),
        ("9000000003,0", "+79000000003", ""),
        ("7.9000000031E10", "+79000000031", ""),
        ("+44 20 7946 0018", "+442079460018", ""),
        ("+375 29 000-00-00", "+375290000000", ""),
        ("12-34-56", None, ""),
        ("позвонить маме", None, ""),
        ("", None, ""),
        ("9" * 5000, None, ""),
    ],
)
def test_a_phone_however_typed(raw, e164, extension):
    phone = contact_points.normal_phone(raw)
    assert (phone.e164, phone.extension, phone.raw, phone.spoiled) == (e164, extension, raw, False)


@pytest.mark.parametrize("raw", ["7,90E+10", "7.90E+10", "7,9Е+10", "8E10"])
def test_digits_a_spreadsheet_ate_are_never_made_up(raw):
    phone = contact_points.normal_phone(raw)
    assert phone.e164 is None
    assert phone.spoiled


def _by_the_library(raw: str) -> str | None:
    try:
        number = phonenumbers.parse(raw, "RU")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@st.composite
def _typed_mobiles(draw: st.DrawFn) -> str:
    prefix = draw(st.sampled_from(("+7", "7", "8", "", "+ 7")))
    gap = st.sampled_from(("", "", " ", "-", " (", ") ", "\u00a0", "\u2011", "--"))
    number = "9" + draw(st.text("0123456789", min_size=8, max_size=10))
    return prefix + "".join(draw(gap) + digit for digit in number)


@given(_typed_mobiles())
@example("(900) 000-00-61")
@example("+7(900)0000061")
@settings(max_examples=500)
def test_the_short_way_for_mobiles_agrees_with_phonenumbers(raw):
    plain = phones._plain_mobile(text.clean(raw))
    if plain is not None:
        assert plain == _by_the_library(raw)


@given(st.text(alphabet="+78900123456- ().доб", max_size=20))
def test_the_short_way_never_takes_what_the_library_reads_otherwise(raw):
    plain = phones._plain_mobile(text.clean(raw))
    assert plain is None or plain == _by_the_library(raw)


def test_a_plain_mobile_goes_the_short_way():
    assert phones._plain_mobile("8 (900) 000-00-61") == "+79000000061"


@pytest.mark.parametrize(
    ("cell", "parted"),
    [
        ("8 900 000-00-61, +7 900 000 00 62", ["8 900 000-00-61", "+7 900 000 00 62"]),
        ("89000000061;89000000062/89000000063\n89000000064",
         ["89000000061", "89000000062", "89000000063", "89000000064"]),
        ("89000000061 ::: 89000000062", ["89000000061", "89000000062"]),
        ("8 (900, моб.) 000-00-61", ["8 (900, моб.) 000-00-61"]),
        ("8 495 000-00-61, доб. 12", ["8 495 000-00-61, доб. 12"]),
        ("tel:+79000000061;ext=5", ["tel:+79000000061;ext=5"]),
        ("45-67-89/90", ["45-67-89/90"]),
        ("7,90E+10", ["7,90E+10"]),
        ("79000000031,0", ["79000000031,0"]),
        (" ; ", []),
        ("", []),
    ],
)  # fmt: skip
def test_several_phones_of_a_cell(cell, parted):
    assert contact_points.possible_phones(cell) == parted


def test_phones_are_shown_in_groups():
    assert contact_points.shown_phone("+79000004117") == "+7 900 000-41-17"
    assert contact_points.shown_phone("+442079460018") == "+44 20 7946 0018"
    assert contact_points.shown_phone("12-34-56") == "12-34-56"


def test_the_end_of_a_phone_is_the_beginning_of_its_reversed_digits():
    assert contact_points.reversed_digits("+7 900 000-41-17").startswith(contact_points.reversed_digits("41-17"))
    assert contact_points.digits("٣ доб. 12") == "12"


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("Anna.Petrova@Example.COM", "Anna.Petrova@example.com"),
        ("  mailto:anna@club.test?subject=x ", "anna@club.test"),
        ("Анна Петрова <anna@mail.example>", "anna@mail.example"),
        ("anna@krug.local,", "anna@krug.local"),
        ("почта@пример.рф", "почта@пример.рф"),
        ("INFO@example.org", "info@example.org"),
        ("anna@localhost", None),
        ("anna@", None),
        ("anna", None),
        ("anna petrova@example.com", None),
        ("a@b@example.com", None),
        (".anna@example.com", None),
        ("/o=ORG/ou=First/cn=Recipients/cn=anna", None),
        ("a" * 5000 + "@example.com", None),
    ],
)
def test_an_address_however_typed(raw, normal):
    read = contact_points.normal_email(raw)
    assert (read.normal, read.raw) == (normal, raw)
    assert read.key == (normal.casefold() if normal else None)


_PART = st.text(alphabet="abcXYZ019._-+'", min_size=1, max_size=12)
_DOMAIN = st.text(alphabet="abcXYZ019.-", min_size=1, max_size=24)


def _email_by_the_library(raw: str) -> str | None:
    try:
        read = email_validator.validate_email(raw, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None
    return read.normalized


@pytest.fixture(autouse=True)
def no_special_domains(monkeypatch):
    monkeypatch.setattr(email_validator, "SPECIAL_USE_DOMAIN_NAMES", [])


def _compared(raw: str) -> None:
    found = emails._plain_email(raw)
    assert found is None or found == _email_by_the_library(raw)
    assert emails._plain_email(raw) or emails._checked_email(raw) == _email_by_the_library(raw)


@given(st.builds("{}@{}".format, _PART, _DOMAIN))
@example("a@b.c")
@example("Postmaster@example.com")
@example("a@xn--e1afmkfd.xn--p1ai")
@example("a@ab--c.com")
@example("a@b.c0m")
@example("a@b.com1")
@example("x" * 64 + "@example.com")
@example("x" * 65 + "@example.com")
@example("a@" + "b" * 63 + ".com")
@example("a@" + "b" * 64 + ".com")
@example("a@" + "b.c" * 90 + ".com")
def test_both_ways_for_addresses_agree_with_email_validator(raw):
    _compared(raw)


def test_a_plain_address_goes_the_short_way():
    assert emails._plain_email("Anna.P+news@Club-42.Example.com") == "Anna.P+news@club-42.example.com"


def test_several_addresses_of_a_cell():
    assert contact_points.possible_emails("a@x.test, b@x.test ::: c@x.test") == ["a@x.test", "b@x.test", "c@x.test"]
    assert contact_points.possible_emails("Анна П <a@x.test>") == ["Анна П <a@x.test>"]
    assert contact_points.possible_emails(" ") == []


@pytest.mark.parametrize(
    ("kind", "raw", "handle"),
    [
        ("telegram", "@Anna_K", "Anna_K"),
        ("telegram", "anna_k", "anna_k"),
        ("telegram", "https://t.me/anna_k", "anna_k"),
        ("telegram", "t.me/anna_k?start=1", "anna_k"),
        ("telegram", "http://www.telegram.me/@anna_k/", "anna_k"),
        ("telegram", "https://t.me/s/anna_k", "anna_k"),
        ("telegram", "anna.t.me", "anna"),
        ("telegram", "https://annak.t.me", "annak"),
        ("telegram", "tg://resolve?domain=anna_k&start=x", "anna_k"),
        ("telegram", "tg://user?id=123", None),
        ("telegram", "https://t.me/+AbCdEf", None),
        ("telegram", "https://t.me/joinchat/AbCdEf", None),
        ("telegram", "https://evil.example/anna_k", None),
        ("telegram", "Анна", None),
        ("telegram", "+79000000061", None),
        ("telegram", "anna k", None),
        ("telegram", "https://t.me/anna?" + "a=1&" * 50, None),
        ("telegram", "https://[t.me/anna", None),
        ("vk", "https://vk.com/id123", "id123"),
        ("vk", "m.vk.com/anna.k", "anna.k"),
        ("vk", "vk.ru/anna_k", "anna_k"),
        ("vk", "123", "id123"),
        ("vk", "https://vk.com/wall-1_2", None),
        ("vk", "https://vk.com/club123", None),
        ("vk", "https://vk.com.evil.example/id1", None),
        ("whatsapp", "https://wa.me/79000000061", "+79000000061"),
        ("whatsapp", "https://api.whatsapp.com/send?phone=79000000061&text=x", "+79000000061"),
        ("whatsapp", "whatsapp://send?phone=79000000061", "+79000000061"),
        ("whatsapp", "8 900 000-00-61", "+79000000061"),
        ("whatsapp", "anna", None),
        ("max", "https://max.ru/anna_k", "anna_k"),
        ("max", "https://max.ru/u/f9LHodD0", "u/f9LHodD0"),
        ("max", "@anna_k", "anna_k"),
        ("max", "https://other.ru/anna_k", None),
        ("phone", "89000000061", None),
        ("unknown", "x", None),
    ],
)
def test_a_handle_however_typed(kind, raw, handle):
    assert contact_points.normal_handle(kind, raw) == handle


@pytest.mark.parametrize(
    ("kind", "value", "link"),
    [
        ("phone", "+79000000061", "tel:+79000000061"),
        ("email", "anna+x@club.test", "mailto:anna+x@club.test"),
        ("telegram", "anna_k", "https://t.me/anna_k"),
        ("vk", "id123", "https://vk.com/id123"),
        ("whatsapp", "+79000000061", "https://wa.me/79000000061"),
        ("max", "u/f9LHodD0", "https://max.ru/u/f9LHodD0"),
        ("site", "krug.example/a?b=1", "https://krug.example/a?b=1"),
        ("site", "javascript:alert(1)", None),
        ("site", "file:///etc/passwd", None),
        ("site", "https://user@evil.example/", None),
        ("phone", "12-34-56", None),
        ("telegram", "anna/../x", None),
        ("email", "a?cc=b", None),
        ("other", "дверь", None),
        ("unknown", "x", None),
    ],
)
def test_links_are_composed_from_checked_values_only(kind, value, link):
    assert contact_points.link(kind, value) == link


@given(st.sampled_from(sorted(contact_points.KINDS)), st.text(max_size=40))
def test_no_text_becomes_a_link_of_another_sort(kind, value):
    link = contact_points.link(kind, value)
    starts = ("tel:+", "mailto:", "https://", "http://")
    assert link is None or (link.startswith(starts) and not set(link) & set(' <>"\n\r\t'))


@given(st.sampled_from(sorted(contact_points.KINDS)), st.text(max_size=40))
@example("telegram", "https://t.me/Anna_K")
@example("site", "HTTP://Krug.Example:80/A")
@example("max", "https://max.ru/u/f9LHodD0")
def test_reading_what_was_stored_changes_nothing(kind, raw):
    once = contact_points.read(kind, raw)
    again = contact_points.read(kind, once.value)
    assert (again.value, again.key, again.valid) == (once.value, once.key, once.valid)


def test_the_same_contact_has_one_key():
    assert contact_points.key("phone", "8 (900) 000-00-61") == contact_points.key("phone", "+79000000061")
    assert contact_points.key("email", "Anna@Club.test") == contact_points.key("email", "anna@club.TEST")
    assert contact_points.key("telegram", "https://t.me/Anna_K") == contact_points.key("telegram", "@anna_k")
    assert contact_points.key("site", "https://www.Krug.example/") == contact_points.key("site", "krug.example")
    assert contact_points.key("phone", "12-34-56") is None


def test_a_contact_that_fails_its_check_is_kept_as_typed():
    read = contact_points.read("phone", " 12-34-56 ")
    assert (read.value, read.typed, read.valid, read.key) == ("12-34-56", "12-34-56", False, None)
    assert contact_points.read("phone", "7,90E+10").spoiled
    assert contact_points.read("other", "дверь слева").valid


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("8 900 000-00-61", "phone"), ("anna@club.test", "email"), ("@anna_k", "telegram"), ("t.me/anna_k", "telegram"),
        ("https://vk.com/anna", "vk"), ("wa.me/79000000061", "whatsapp"), ("https://max.ru/anna_k", "max"),
        ("https://krug.example/x", "site"), ("krug.example", "site"), ("дверь слева", "other"), ("", "other"),
    ],
)  # fmt: skip
def test_the_kind_of_a_pasted_contact(raw, kind):
    assert contact_points.guessed_kind(raw) == kind


def test_every_kind_has_words_in_both_languages():
    for kind in contact_points.KINDS.values():
        with i18n.using("en"):
            assert i18n.text(kind.label)
        with i18n.using("ru"):
            assert i18n.text(kind.label)
    with i18n.using("ru"):
        assert i18n.text(contact_points.KINDS["phone"].label) == "Телефон"


def test_values_are_shown_as_people_read_them():
    assert contact_points.shown("phone", "+79000004117") == "+7 900 000-41-17"
    assert contact_points.shown("telegram", "anna_k") == "@anna_k"
    assert contact_points.shown("site", "https://krug.example") == "krug.example"
    assert contact_points.shown("phone", "12-34-56") == "12-34-56"
