"""Every field of a person by itself: kept, changed, emptied, refused with a reason, undone, and where it comes from."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select, update

from crm import i18n
from crm.i18n import phrase
from crm.models import Change, ContactPoint, Deed, Person
from crm.partial_date import PartialDate
from crm.services import (
    custom_fields,
    history_details,
    history_words,
    needs,
    origins,
    people,
    people_editing,
    person_lists,
    profiles,
)
from crm.services.cards import AddressLine
from crm.services.custom_fields import NotANumber
from crm.services.people_editing import ContactDraft, PersonDraft, named_draft
from crm.services.person_errors import (
    ContactTwice,
    FieldGone,
    NeedEmpty,
    NeedTwice,
    PersonNameless,
    PersonUnknown,
    ReferralLoop,
)
from crm.services.person_fields import custom_label, field_label, field_title, need_label
from crm.text import TextTooLong
from tests.conftest import NOON

HOME = AddressLine("ул. Примерная, 7", "Томск", "", "634050", "Россия", "домашний")


@pytest.fixture
def anna(deed, clock):
    draft = PersonDraft(city="Томск", contacts=(ContactDraft("phone", "89000004117"),), tags=("BI",))
    return deed(lambda s: people_editing.add_person(s, named_draft("Иванова Анна", draft), clock))


@pytest.fixture
def card(workspace):
    return lambda person_id: workspace.read(lambda s: people.card(s, person_id))


@pytest.fixture
def change(deed, clock):
    return lambda person_id, **fields: deed(lambda s: people_editing.change_fields(s, person_id, fields, clock))


def test_a_whole_draft_is_kept_and_read_back(deed, clock, card) -> None:
    def verb(session):
        shirt = custom_fields.define_field(session, "Футболка", "choice", ("S", "M"))
        years = custom_fields.define_field(session, "Стаж", "number")
        draft = PersonDraft(
            family_name="Ким",
            given_name="Вера",
            languages=("русский", "Русский", "финский"),
            skills=("SQL",),
            motives=("друзья",),
            offers=("ревью",),
            seeks=("наставника",),
            addresses=(HOME, AddressLine(city="Уфа")),
            custom=((shirt, "m"), (years, "12,5")),
        )
        return people_editing.add_person(session, draft, clock)

    one = card(deed(verb))
    assert (one.languages, one.skills, one.motives) == (("русский", "финский"), ("SQL",), ("друзья",))
    assert [(need.direction, need.text) for need in one.needs] == [("offers", "ревью"), ("seeks", "наставника")]
    assert one.addresses == (HOME, AddressLine(city="Уфа"))
    assert [value for _, value in one.custom] == ["M", "12.5"]
    draft = people_editing.draft_of(one)
    assert not deed(lambda s: people_editing.change_person(s, one.id, draft, clock))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("city", "Уфа"),
        ("job_title", "аналитик"),
        ("organisation", "Ладога"),
        ("birthday", PartialDate(3, 14)),
        ("birthday", PartialDate(3, 14, 1990)),
        ("gender", "female"),
        ("kind", "partner"),
        ("address_as", "Аня"),
        ("address_form", "informal"),
        ("preferred_channel", "telegram"),
        ("joined_on", date(2023, 3, 3)),
        ("source", "конференция"),
        ("note", "строка\nвторая"),
        ("care_note", "бережно"),
        ("nickname", "Нюта"),
        ("languages", ("русский",)),
        ("skills", ("SQL", "Excel")),
        ("motives", ("друзья",)),
        ("offers", ("SQL",)),
        ("seeks", ("наставника",)),
        ("addresses", (HOME,)),
        ("tags", ("BI", "SQL")),
    ],
)
def test_one_field_is_one_deed_with_its_name_and_goes_back_whole(workspace, anna, card, clock, field, value) -> None:
    before = card(anna)
    label = field_label(field, before.display_name)
    done = workspace.write(label, lambda s: people_editing.change_fields(s, anna, {field: value}, clock))
    assert done.deed is not None
    assert label.text().endswith(": Анна Иванова")
    after = people_editing.draft_of(card(anna))
    assert getattr(after, field) == value
    changed = [
        name for name in PersonDraft.__slots__ if getattr(after, name) != getattr(people_editing.draft_of(before), name)
    ]
    assert changed == [field]
    again = workspace.write(label, lambda s: people_editing.change_fields(s, anna, {field: value}, clock))
    assert again.deed is None
    workspace.undo(done.deed)
    assert card(anna) == before


def test_what_was_not_changed_is_not_written_again(workspace, deed, anna, change, card) -> None:
    """An import may have left what a form would clean: a contact whose kind reads otherwise today, an odd blank."""
    deed(lambda s: s.execute(update(ContactPoint).values(typed="8 900", value="8-900-x", valid=False)))
    deed(lambda s: s.execute(update(Person).values(source="от\u00a0 руки")))
    last = workspace.read(lambda s: s.scalar(select(func.max(Change.id))))
    change(anna, city="Уфа")
    tables = workspace.read(lambda s: set(s.scalars(select(Change.table_name).where(Change.id > last))))
    assert tables == {"person"}
    assert (card(anna).contacts[0].value, card(anna).source) == ("8-900-x", "от\u00a0 руки")


def test_the_columns_that_follow_from_a_field_follow(workspace, anna, change) -> None:
    change(anna, family_name="Ёлкина")
    change(anna, note="Любит SQL")
    row = workspace.read(lambda s: s.get(Person, anna))
    assert row.search_names.startswith("елкина")
    assert (row.search_note, row.search_city) == ("любит sql", "томск")


def test_what_cannot_be_kept_is_refused_with_its_reason(deed, clock, anna, change) -> None:
    boris = deed(
        lambda s: people_editing.add_person(s, named_draft("Борин Борис", PersonDraft(referred_by_id=anna)), clock)
    )
    for fields, error in (
        ({"city": "x" * 201}, TextTooLong),
        ({"referred_by_id": boris}, ReferralLoop),
        ({"referred_by_id": 999}, PersonUnknown),
    ):
        with pytest.raises(error):
            change(anna, **fields)
    lone = deed(lambda s: people_editing.add_person(s, PersonDraft(given_name="Ян"), clock))
    with pytest.raises(PersonNameless):
        change(lone, given_name=" ")


def test_a_contact_is_added_changed_and_emptied(deed, clock, anna, card) -> None:
    def put(kind, raw, label="", *, preferred=False, instead_of=None):
        draft = ContactDraft(kind, raw, label, preferred)
        return deed(lambda s: people_editing.put_contact(s, anna, draft, clock, instead_of=instead_of))

    assert put("phone", "8 900 000-41-18", "рабочий", preferred=True)
    assert put("max", "@anna")
    assert put("phone", "+79000004119", preferred=True)
    one = card(anna)
    assert [(c.kind, c.value, c.label, c.preferred) for c in one.contacts] == [
        ("phone", "+79000004117", "", False),
        ("phone", "+79000004118", "рабочий", False),
        ("max", "anna", "", False),
        ("phone", "+79000004119", "", True),
    ]
    assert one.first("phone").value == "+79000004119"
    assert put("telegram", "@anna_i", instead_of=("max", "anna"))
    assert not put("telegram", "anna_i", instead_of=("telegram", "anna_i"))
    with pytest.raises(ContactTwice) as refused:
        put("phone", "8 (900) 000-41-17", instead_of=("phone", "+79000004118"))
    assert "+7 900 000-41-17" in refused.value.text()
    with pytest.raises(FieldGone):
        put("phone", "1", instead_of=("phone", "+70000000000"))
    assert put("phone", " ", instead_of=("phone", "+79000004118"))
    assert [c.value for c in card(anna).contacts] == ["+79000004117", "anna_i", "+79000004119"]


def test_an_odd_contact_is_kept_as_typed_and_marked(deed, clock, anna, card) -> None:
    deed(lambda s: people_editing.put_contact(s, anna, ContactDraft("email", "анна собака почта"), clock))
    assert [(c.value, c.valid) for c in card(anna).contacts[1:]] == [("анна собака почта", False)]


def test_the_last_trace_of_a_nameless_person_stays(deed, clock) -> None:
    draft = PersonDraft(contacts=(ContactDraft("phone", "89000004117"),))
    one = deed(lambda s: people_editing.add_person(s, draft, clock))
    empty = ContactDraft("phone", "")
    with pytest.raises(PersonNameless):
        deed(lambda s: people_editing.put_contact(s, one, empty, clock, instead_of=("phone", "+79000004117")))


def test_addresses_are_several_and_each_by_itself(deed, clock, anna, workspace) -> None:
    deed(lambda s: person_lists.put_address(s, anna, HOME, clock))
    deed(lambda s: person_lists.put_address(s, anna, AddressLine(city="Уфа", label="рабочий"), clock))
    first, second = workspace.read(lambda s: profiles.profile(s, anna, NOON.date())).addresses
    assert (first.line, second.line.city) == (HOME, "Уфа")
    assert not deed(lambda s: person_lists.put_address(s, anna, HOME, clock, first.id))
    assert deed(lambda s: person_lists.put_address(s, anna, AddressLine(label="без адреса"), clock, first.id))
    assert [row.id for row in workspace.read(lambda s: person_lists.addresses_of(s, anna))] == [second.id]
    with pytest.raises(FieldGone):
        deed(lambda s: person_lists.put_address(s, anna, HOME, clock, first.id))
    assert not deed(lambda s: person_lists.put_address(s, anna, AddressLine(label="пусто"), clock))


def test_a_need_is_added_changed_settled_opened_again_and_removed(deed, clock, anna, card) -> None:
    sql = deed(lambda s: needs.add_need(s, anna, "offers", " SQL ", clock))
    with pytest.raises(NeedTwice):
        deed(lambda s: needs.add_need(s, anna, "offers", "sql", clock))
    with pytest.raises(NeedEmpty):
        deed(lambda s: needs.add_need(s, anna, "seeks", "\u200b", clock))
    deed(lambda s: needs.add_need(s, anna, "seeks", "sql", clock))
    assert deed(lambda s: needs.close_need(s, sql, date(2026, 11, 1), clock))
    assert not deed(lambda s: needs.close_need(s, sql, date(2026, 11, 2), clock))
    assert card(anna).needs[0].closed_on == date(2026, 11, 1)
    assert people_editing.draft_of(card(anna)).offers == ()
    assert deed(lambda s: needs.add_need(s, anna, "offers", "sql", clock)) == sql
    assert deed(lambda s: needs.close_need(s, sql, date(2026, 11, 1), clock))
    assert deed(lambda s: needs.reopen_need(s, sql, clock))
    assert deed(lambda s: needs.change_need(s, sql, "SQL и Excel", clock))
    assert deed(lambda s: needs.remove_need(s, sql, clock))
    assert [need.text for need in card(anna).needs] == ["sql"]
    with pytest.raises(FieldGone):
        deed(lambda s: needs.reopen_need(s, sql, clock))


def test_a_profile_shows_every_field_of_the_manager_and_refuses_what_does_not_fit(deed, clock, anna, workspace) -> None:
    years = deed(lambda s: custom_fields.define_field(s, "Стаж", "number"))
    lines = workspace.read(lambda s: profiles.profile(s, anna, NOON.date())).custom
    assert [(line.field.name, line.value) for line in lines] == [("Стаж", "")]
    with pytest.raises(NotANumber):
        deed(lambda s: people_editing.change_fields(s, anna, {"custom": ((years, "много"),)}, clock))
    deed(lambda s: people_editing.change_fields(s, anna, {"custom": ((years, "3"),)}, clock))
    lines = workspace.read(lambda s: profiles.profile(s, anna, NOON.date())).custom
    assert [line.value for line in lines] == ["3"]


def test_labels_are_translated_when_they_are_shown(workspace, anna, clock) -> None:
    done = workspace.write(
        field_label("city", "Анна Иванова"), lambda s: people_editing.change_fields(s, anna, {"city": "Уфа"}, clock)
    )
    stored = workspace.read(lambda s: s.get(Deed, done.deed).label)
    assert stored == "City: {name}"
    with i18n.using("en"):
        assert field_label("city", "Анна Иванова").text() == "City: Анна Иванова"
        assert field_title("languages") == "Languages"
    assert custom_label("Стаж {name}", "Анна").text() == "Стаж {name}: Анна"
    assert need_label("settled", "SQL", "Анна").text() == "Закрыто «SQL»: Анна"
    assert field_label("икс", "Анна").text() == "Контакт: Анна"


def test_every_new_field_tells_where_it_comes_from(workspace, anna, clock) -> None:
    def write(words, verb):
        return workspace.write(phrase(words), verb)

    made = write("Сведения", lambda s: people_editing.change_fields(s, anna, {
        "languages": ("финский",), "skills": ("SQL",), "motives": ("друзья",), "addresses": (HOME,),
    }, clock)).deed  # fmt: skip
    need = write("Ищет", lambda s: needs.add_need(s, anna, "seeks", "наставника", clock))
    field = write("Поле", lambda s: custom_fields.define_field(s, "Стаж", "number")).value
    first = write("Стаж", lambda s: custom_fields.set_value(s, [anna], field, "3", clock)).deed
    second = write("Стаж", lambda s: custom_fields.set_value(s, [anna], field, "4", clock)).deed
    settled = write("Закрыто", lambda s: needs.close_need(s, need.value, date(2026, 11, 1), clock)).deed
    address = workspace.read(lambda s: person_lists.addresses_of(s, anna))[0].id

    def origin(key):
        return workspace.read(lambda s: origins.origin_of(s, anna, key))

    for key in ("language:финский", "skill:SQL", "motive:друзья", f"address:{address}"):
        assert (origin(key).deed, origin(key).first) == (made, True)
    assert origin(f"need:{need.value}").deed == settled
    assert (origin(f"custom:{field}").deed, origin(f"custom:{field}").before) == (second, "3")
    workspace.undo(second)
    assert origin(f"custom:{field}").deed == first
    assert origin("language:русский").deed is None
    with pytest.raises(KeyError):
        origin("nonsense:1")


def test_the_history_says_what_was_done_to_the_new_fields(workspace, anna, clock) -> None:
    need = workspace.write(phrase("Ищет"), lambda s: needs.add_need(s, anna, "seeks", "наставника", clock)).value
    settled = workspace.write(phrase("Закрыто"), lambda s: needs.close_need(s, need, date(2026, 11, 1), clock)).deed
    made = workspace.write(
        phrase("Языки"), lambda s: people_editing.change_fields(s, anna, {"languages": ("финский",)}, clock)
    ).deed
    told = workspace.read(lambda s: history_details.what_changed(s, settled)).rows
    fields = [(field.field, field.before) for row in told for field in row.fields]
    assert ("Закрыто", "") in fields
    told = workspace.read(lambda s: history_details.what_changed(s, made)).rows
    assert [(history_words.table_title(row.table), row.title) for row in told if row.table == "language"] == [
        ("Язык", "финский")
    ]
