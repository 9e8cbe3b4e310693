"""vCards we write: valid by RFC 2426 and 6350, read by programs not ours, nothing lost on the way."""

import base64
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import clock
from crm.export import vcard as room
from crm.export.vcard import vcard, write_vcards
from crm.partial_date import PartialDate
from crm.services.cards import AddressLine, ContactLine, ExtraProperty, PersonCard

MOMENT = clock.fixed(datetime(2026, 11, 12, 9, 0, tzinfo=UTC))
REVISED = "20261112T090000Z"
VERSIONS = ("3.0", "4.0")


def person(**changes):
    card = PersonCard(
        id=1,
        uid="urn:krug:щ-1",
        kind="member",
        family_name="Константинопольская-Ржевская",
        given_name="Алёна",
        additional_name="Ильинична",
        display_name="Алёна Константинопольская-Ржевская",
        nickname="Алёнка; она же «А,К»",
        organisation="ООО «Ёлка; и, Ко»",
        job_title="Старший\\младший аналитик",
        birthday=PartialDate(3, 15, 1990),
        note="Первая строка\nвторая, с запятой; и точкой\\n",
        contacts=(
            ContactLine("phone", "+79000000041", "8 900 000-00-41", "mobile", preferred=True),
            ContactLine("phone", "12-34-56", "12-34-56", "дача", valid=False),
            ContactLine("email", "a@example.com", "a@example.com", "work"),
            ContactLine("telegram", "alena_k", "@alena_k"),
            ContactLine("site", "https://example.com/?a=1;b=2,3", "https://example.com/?a=1;b=2,3"),
        ),
        addresses=(AddressLine("ул. Правды, 24; кв. 5", "Казань", "", "420000", "Россия", "home"),),
        tags=(("аналитик", "blue"), ("спикер, 2026; новый", "teal")),
        extra=(
            ExtraProperty("item1", "X-SPOUSE", "", "Иван\\, муж"),
            ExtraProperty("", "X-Own", 'TYPE=a;X-B="c;d"', "один;два\\;три"),
        ),
        changed_at=datetime(2026, 10, 1, 12, 30, tzinfo=UTC),
    )
    return replace(card, **changes)


def lines(content):
    """Logical lines, unfolded by octets as RFC 6350 says."""
    return content.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")


def read(content):
    return vobject.readOne(content.decode("utf-8"))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_field_is_read_back_by_vobject(version):
    card = read(vcard(person(), version, REVISED))
    assert card.version.value == version
    assert card.fn.value == "Алёна Константинопольская-Ржевская"
    name = card.n.value
    assert (name.family, name.given) == ("Константинопольская-Ржевская", "Алёна")
    assert name.additional == "Ильинична"
    assert card.nickname.value == "Алёнка; она же «А,К»"
    assert card.org.value == ["ООО «Ёлка; и, Ко»"]
    assert card.title.value == "Старший\\младший аналитик"
    assert card.note.value == "Первая строка\nвторая, с запятой; и точкой\\n"
    assert [tel.value for tel in card.tel_list] == ["+79000000041", "12-34-56"]
    assert card.email.value == "a@example.com"
    assert card.adr.value.street == "ул. Правды, 24; кв. 5"
    assert card.adr.value.code == "420000"
    assert card.uid.value == "urn:krug:щ-1"
    assert card.rev.value == "20261001T123000Z"
    # vobject takes a comma for the end of any value; a web address is not escaped (RFC 6350 §6.7.8).
    assert "URL:https://example.com/?a=1;b=2,3" in lines(vcard(person(), version, REVISED))


@pytest.mark.parametrize("version", VERSIONS)
def test_lines_are_what_the_rfcs_ask(version):
    content = vcard(person(note="щ" * 400), version, REVISED)
    assert content.endswith(b"END:VCARD\r\n")
    assert not content.startswith(b"\xef\xbb\xbf")
    physical = content.split(b"\r\n")
    assert max(map(len, physical)) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in physical:
        line.decode("utf-8")
    names = [re.split("[:;]", line)[0] for line in lines(content)]
    for name in ("VERSION", "FN", "N", "UID", "REV"):
        assert names.count(name) == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_profiles_tags_labels_and_kept_lines(version):
    found = lines(vcard(person(), version, REVISED))
    assert "X-SOCIALPROFILE;TYPE=telegram:https://t.me/alena_k" in found
    semicolon = "\\;" if version == "3.0" else ";"
    assert f"CATEGORIES:аналитик,спикер\\, 2026{semicolon} новый" in found
    assert "item1.X-SPOUSE:Иван\\, муж" in found
    assert 'X-Own;TYPE=a;X-B="c;d":один;два\\;три' in found
    assert "item2.TEL:12-34-56" in found
    assert "item2.X-ABLabel:дача" in found


def test_the_preferred_phone_says_so_in_the_words_of_its_version():
    assert "TEL;TYPE=CELL,PREF:+79000000041" in lines(vcard(person(), "3.0", REVISED))
    assert "TEL;PREF=1;TYPE=cell:+79000000041" in lines(vcard(person(), "4.0", REVISED))


@pytest.mark.parametrize(
    ("version", "birthday", "line"),
    [
        ("3.0", PartialDate(3, 15, 1990), "BDAY:1990-03-15"),
        ("4.0", PartialDate(3, 15, 1990), "BDAY:19900315"),
        ("3.0", PartialDate(2, 29), "BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29"),
        ("4.0", PartialDate(2, 29), "BDAY:--0229"),
    ],
)
def test_a_birthday_with_and_without_a_year(version, birthday, line):
    assert line in lines(vcard(person(birthday=birthday), version, REVISED))


def test_a_birthday_that_is_no_date_stays_text():
    found = lines(vcard(person(birthday=None, birthday_text="весной; кажется"), "4.0", REVISED))
    assert "BDAY;VALUE=text:весной; кажется" in found


@pytest.mark.parametrize("version", VERSIONS)
def test_a_photo_comes_back_byte_for_byte(version):
    photo = b"\xff\xd8\xff" + bytes(range(256)) * 20
    content = vcard(person(photo=photo), version, REVISED)
    assert max(map(len, content.split(b"\r\n"))) <= 75
    card = read(content)
    if version == "3.0":
        assert card.photo.value == photo
    else:
        assert card.photo.value.startswith("data:image/jpeg;base64")
        encoded = next(line for line in lines(content) if line.startswith("PHOTO:"))
        assert base64.b64decode(encoded.partition(",")[2]) == photo


def test_a_city_without_an_address_is_not_lost():
    bare = person(addresses=(), city="Набережные Челны; центр")
    assert read(vcard(bare, "3.0", REVISED)).adr.value.city == "Набережные Челны; центр"
    assert len(read(vcard(person(city="Казань"), "3.0", REVISED)).adr_list) == 1


def test_a_person_without_names_is_still_a_card():
    bare = PersonCard(id=2, uid="u2", kind="member", contacts=(ContactLine("email", "b@example.com", ""),))
    card = read(vcard(bare, "3.0", REVISED))
    assert card.fn.value == "b@example.com"
    assert card.rev.value == REVISED


@pytest.mark.parametrize("value", ["a\r\nEND:VCARD\r\nBEGIN:VCARD", "a\nX-EVIL:1", "a\u2028b\x85c\x00d\x1fe"])
def test_no_value_can_break_out_of_its_line(value):
    extra = (ExtraProperty("", "X-A", "TYPE=x\r\nX-EVIL:1", value), ExtraProperty("", "X\r\nEVIL", "", "1"))
    guest = person(note=value, given_name=value, extra=extra)
    content = vcard(guest, "3.0", REVISED)
    assert lines(content).count("BEGIN:VCARD") == lines(content).count("END:VCARD") == 1
    assert not [line for line in lines(content) if line.startswith(("X-EVIL", "EVIL"))]
    assert len(list(vobject.readComponents(content.decode("utf-8")))) == 1


WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029"), max_size=120)
LINES = st.lists(WORDS, max_size=4).map("\n".join)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(family=WORDS, given=WORDS, middle=WORDS, note=LINES, tag=WORDS, version=st.sampled_from(VERSIONS))
def test_any_text_survives_escaping_and_folding(family, given, middle, note, tag, version):
    guest = person(family_name=family, given_name=given, additional_name=middle, note=note, extra=())
    guest = replace(guest, organisation=tag or "-", tags=((tag or "-", ""),))
    content = vcard(guest, version, REVISED)
    card = read(content)
    assert [card.n.value.family, card.n.value.given, card.n.value.additional] == [family, given, middle]
    assert card.org.value == [tag or "-"]
    if note:
        assert card.note.value == note
    assert max(map(len, content.split(b"\r\n"))) <= 75


def test_half_of_a_character_does_not_stop_the_file(tmp_path):
    assert write_vcards([person(note="a\ud800b")], tmp_path / "a.vcf", clock=MOMENT) == 1
    assert "a?b" in (tmp_path / "a.vcf").read_text("utf-8")


def test_one_file_holds_all_and_tells_how_far_it_is(tmp_path):
    told = []
    people = [person(uid=f"u{number}") for number in range(450)]
    written = write_vcards(
        people, tmp_path / "все.vcf", "4.0", report=lambda step, of: told.append((step, of)), clock=MOMENT
    )
    assert written == 450
    assert told == [(0, 450), (200, 450), (400, 450)]
    content = (tmp_path / "все.vcf").read_text("utf-8")
    assert [card.uid.value for card in vobject.readComponents(content)] == [f"u{n}" for n in range(450)]


def test_two_processes_write_the_same_file(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "_WORTH_PROCESSES", 10)
    monkeypatch.setattr(room, "_PART", 7)
    people = [person(uid=f"u{number}") for number in range(30)]
    for processes in (1, 2):
        write_vcards(people, tmp_path / f"{processes}.vcf", processes=processes, clock=MOMENT)
    assert (tmp_path / "1.vcf").read_bytes() == (tmp_path / "2.vcf").read_bytes()


def test_one_file_each_never_writes_a_name_twice(tmp_path):
    names = ["Анна Ёлкина", "анна ёлкина", "Анна Ёлкина 2", "Анна Ёлкина", "CON", "../../etc/passwd", "a/b:c?", ""]
    people = [person(uid=f"u{number}", display_name=name) for number, name in enumerate(names)]
    assert write_vcards(people, tmp_path / "cards", one_file_each=True, clock=MOMENT) == len(names)
    files = sorted((tmp_path / "cards").iterdir())
    assert len(files) == len(names)
    assert len({file.name.casefold() for file in files}) == len(names)
    assert {read(file.read_bytes()).uid.value for file in files} == {f"u{n}" for n in range(len(names))}
    assert [path.name for path in tmp_path.iterdir()] == ["cards"]


@pytest.mark.parametrize("version", VERSIONS)
def test_khard_lists_and_shows_every_card(tmp_path, version):
    people = [
        person(uid=f"u{number}", family_name=f"Ёлкин{number}", display_name=f"Семён Ёлкин{number}")
        for number in range(3)
    ]
    write_vcards(people, tmp_path / "book", version, one_file_each=True, clock=MOMENT)
    config = tmp_path / "khard.conf"
    config.write_text(f"[addressbooks]\n[[book]]\npath = {tmp_path / 'book'}\n")

    def khard(*words):
        command = [sys.executable, "-m", "khard", "-c", str(config), *words]
        ran = subprocess.run(command, capture_output=True, check=True, encoding="utf-8", env={"PYTHONUTF8": "1"})
        return ran.stdout

    listed = khard("list", "--parsable")
    assert listed.count("\n") == 3
    for number in range(3):
        assert f"Ёлкин{number}" in listed
        shown = khard("show", f"uid:u{number}")
        assert "+79000000041" in shown
        assert "ООО «Ёлка; и, Ко»" in shown
        assert "спикер, 2026; новый" in shown


def test_another_version_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"2\.1"):
        write_vcards([person()], tmp_path / "a.vcf", "2.1", clock=MOMENT)
