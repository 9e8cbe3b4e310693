"""Our export, imported again into an empty store, gives the same people, field by field (vCard 3.0 and 4.0)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import text
from crm.export.vcard import CardChoice, write_vcards
from crm.i18n import phrase
from crm.importing.reading import read_people
from crm.importing.rows import Source
from crm.models import Person
from crm.partial_date import PartialDate
from crm.services import custom_fields, importing, people, people_editing
from crm.services.cards import AddressLine, PersonCard
from crm.services.people_editing import ContactDraft, PersonDraft
from crm.store.workspace import Workspace

CLOCK = clocks.fixed(datetime(2026, 11, 12, 9, 0, tzinfo=UTC))
FIELDS = (
    ("Размер; футболки", "choice", ("S", "L, узкая")),
    ("Взнос", "number", ()),
    ("Вступил в совет", "date", ()),
    ("Ест мясо", "yes_no", ()),
    ("О себе", "text", ()),
)
LEFT_OUT = {
    "id", "organisation_id", "referred_by_id", "referred_by", "care_note", "changed_at", "level", "attended",
    "last_visit", "blocked", "archived_at", "photo", "custom", "contacts", "tags", "addresses", "needs",
}  # fmt: skip
"""Not on a card, or compared in a way of its own below."""

NASTY = (
    "=1+1",
    "a;b,c\\d",
    "«Ёлка»",
    "O’Нил",
    "<b>жирный</b>",
    "\\n",
    "item1",
    "* звезда",
    "Contacts",
    "ё́",
    "مرحبا",
    ":",
    "-",
)
words = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12),
)
some = st.one_of(st.just(""), words)
several = st.lists(words, max_size=3).map(tuple)
days = st.dates(date(1930, 1, 1), date(2026, 1, 1))
birthdays = st.one_of(
    st.none(),
    days.map(lambda day: PartialDate(day.month, day.day, day.year)),
    days.map(lambda day: PartialDate(day.month, day.day)),
)
contacts = st.one_of(
    st.integers(0, 9_999_999).map(lambda n: ContactDraft("phone", f"+7900{n:07}", "mobile")),
    st.builds(ContactDraft, st.just("phone"), st.sampled_from(("12-34-56", "нет")), some),
    st.integers(0, 999).map(lambda n: ContactDraft("email", f"p{n}@example.com", "work", preferred=True)),
    st.sampled_from(("telegram", "vk")).map(lambda kind: ContactDraft(kind, "alena_kk1")),
    st.just(ContactDraft("whatsapp", "+79000000041", "дача")),
    st.just(ContactDraft("site", "https://example.com/?a=1;b=2,3")),
    st.builds(ContactDraft, st.just("other"), words, some),
)
addresses = st.lists(
    st.builds(AddressLine, some, some, some, some, some, some),
    max_size=2,
    unique_by=lambda one: text.fold(f"{one.street}|{one.city}|{one.region}|{one.postcode}|{one.country}"),
).map(tuple)
people_drafts = st.builds(
    PersonDraft,
    family_name=some,
    given_name=some,
    additional_name=some,
    nickname=some,
    prefix=some,
    suffix=some,
    kind=st.sampled_from(("member", "partner", "media", "client", "team")),
    organisation=some,
    job_title=some,
    city=some,
    birthday=birthdays,
    address_as=some,
    address_form=st.sampled_from(("unknown", "informal", "formal")),
    gender=st.sampled_from(("unknown", "female", "male")),
    preferred_channel=st.sampled_from(("", "telegram", "phone")),
    source=some,
    joined_on=st.one_of(st.none(), days),
    note=st.one_of(some, st.lists(words, max_size=3).map("\n".join)),
    contacts=st.lists(contacts, max_size=4).map(tuple),
    tags=st.lists(words.filter(lambda word: text.fold(text.clean(word).removeprefix("#"))), max_size=3).map(tuple),
    addresses=addresses,
    languages=several,
    skills=several,
    motives=several,
    offers=several,
    seeks=several,
)
values = st.tuples(
    st.sampled_from(("", "S", "L, узкая")),
    st.sampled_from(("", "1500.5", "-3")),
    st.sampled_from(("", "2024-03-14")),
    st.sampled_from(("", "yes", "no")),
    some,
)


class RolledBack(Exception):
    """Takes back everything a store was given for one example."""


@pytest.fixture(scope="module")
def stores() -> Iterator[tuple[Workspace, Workspace]]:
    with tempfile.TemporaryDirectory() as folder:
        one = Workspace.create(Path(folder) / "one.krug", CLOCK)
        other = Workspace.create(Path(folder) / "other.krug", CLOCK)
        yield one, other
        one.close()
        other.close()


def within(workspace: Workspace, verb: Any) -> Any:
    """What `verb` gives, in a deed that is taken back."""
    found: list[Any] = []

    def run(session: Session) -> None:
        found.append(verb(session))
        raise RolledBack

    with pytest.raises(RolledBack):
        workspace.write(phrase("Round trip"), run)
    return found[0]


def told(card: PersonCard, names: dict[int, str]) -> dict[str, Any]:
    """A person as what must come back; sets where no order is promised."""
    shown = {name: getattr(card, name) for name in PersonCard.__slots__ if name not in LEFT_OUT}
    for name in ("languages", "skills", "motives", "extra"):
        shown[name] = set(shown[name])
    shown["custom"] = {names[field_id]: value for field_id, value in card.custom if value}
    # A card has no order between its phones and its e-mails; among those of one kind it has.
    kept = sorted(card.contacts, key=lambda one: one.kind)
    shown["contacts"] = [(one.kind, one.value, one.label, one.preferred, one.valid) for one in kept]
    shown["addresses"] = list(card.addresses)
    shown["tags"] = [name for name, _ in card.tags]
    shown["needs"] = {(need.direction, need.text) for need in card.needs if need.closed_on is None}
    return shown


def trip(stores: tuple[Workspace, Workspace], drafts: list[tuple[PersonDraft, tuple[str, ...]]], version: str) -> None:
    def make(session: Session) -> tuple[list[PersonCard], dict[int, Any]]:
        made = [custom_fields.define_field(session, *field) for field in FIELDS]
        ids = []
        for draft, held in drafts:
            person = people_editing.add_person(session, draft, CLOCK)
            for field_id, value in zip(made, held, strict=True):
                custom_fields.set_value(session, [person], field_id, value, CLOCK)
            ids.append(person)
        return list(people.cards(session, ids)), {one.id: one for one in custom_fields.fields(session)}

    before, fields = within(stores[0], make)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "people.vcf"
        write_vcards(before, target, version, choice=CardChoice(fields=fields), clock=CLOCK)
        assert max(map(len, target.read_bytes().split(b"\r\n"))) <= 75
        reading = read_people(target)
    assert not reading.rejects

    def take(session: Session) -> tuple[list[PersonCard], dict[int, str]]:
        source = Source("people.vcf", "vcard", "utf-8", "0" * 64, reading.people)
        (outcome,) = importing.import_people(session, [source], CLOCK).files
        assert (outcome.added, outcome.rejected) == (len(before), [])
        ids = list(session.scalars(select(Person.id).order_by(Person.id)))
        named = {one.id: one.name for one in custom_fields.fields(session)}
        return list(people.cards(session, ids)), named

    after, names = within(stores[1], take)
    former = {field_id: field.name for field_id, field in fields.items()}
    assert [told(card, names) for card in after] == [told(card, former) for card in before]


def is_named(draft: PersonDraft) -> bool:
    named = (draft.family_name, draft.given_name, draft.additional_name, draft.nickname)
    return any(text.clean(part) for part in named)


BARE = ("", "", "", "", "")


@pytest.mark.parametrize("version", ["3.0", "4.0"])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(drafts=st.lists(st.tuples(people_drafts.filter(is_named), values), min_size=1, max_size=3))
@example(drafts=[(PersonDraft(nickname="Кот", city="Омск"), BARE)])
@example(drafts=[(PersonDraft(given_name="A", city="", addresses=(AddressLine(city="Томск"),)), BARE)])
@example(drafts=[(PersonDraft(given_name="A", city="Омск", addresses=(AddressLine(city="Томск"),)), BARE)])
@example(drafts=[(PersonDraft(given_name="A", tags=("* звезда", "Contacts", "a;b,c")), BARE)])
def test_people_come_back_field_by_field(
    stores: tuple[Workspace, Workspace], version: str, drafts: list[tuple[PersonDraft, tuple[str, ...]]]
) -> None:
    trip(stores, drafts, version)


def test_somebody_known_by_a_phone_alone_comes_back(stores: tuple[Workspace, Workspace]) -> None:
    phone = ContactDraft("phone", "+79000000041")
    trip(stores, [(PersonDraft(contacts=(phone,), organisation="ООО «Ёлка»"), BARE)], "3.0")
