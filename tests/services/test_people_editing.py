"""Changing people: what is derived follows, only what differs is touched, an undo brings it back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from crm.i18n import phrase
from crm.models import Change, ContactPoint, Organisation, Person
from crm.partial_date import PartialDate
from crm.services import people, people_editing, tags
from crm.services.organisations import organisation_names
from crm.services.people_editing import ContactDraft, PersonDraft, named_draft
from crm.services.person_errors import PersonNameless, PersonUnknown, ReferralLoop, TagNameless
from crm.services.tag_colours import colour_of
from crm.text import TextTooLong


@pytest.fixture
def add(deed, clock):
    def run(name="Иванов Иван", **fields):
        return deed(lambda s: people_editing.add_person(s, named_draft(name, PersonDraft(**fields)), clock))

    return run


@pytest.fixture
def change(deed, clock):
    def run(person_id, **fields):
        def verb(session):
            draft = people_editing.draft_of(people.card(session, person_id))
            return people_editing.change_person(session, person_id, replace(draft, **fields), clock)

        return deed(verb)

    return run


def contacts(workspace, person_id):
    return [(one.kind, one.value) for one in workspace.read(lambda s: people.card(s, person_id)).contacts]


def test_folded_columns_follow_the_name(workspace, add, change) -> None:
    one = add("Ёлкин Семён")
    change(one, family_name="Щёголев", nickname="ЩП")
    person = workspace.read(lambda s: s.get(Person, one))
    assert person.search_names == "щеголев семен щп"
    assert person.sort_key > ""


def test_nobody_is_added_without_a_name_and_a_contact(deed, clock) -> None:
    for draft in (
        PersonDraft(),
        PersonDraft(family_name=" \u200b "),
        PersonDraft(contacts=(ContactDraft("phone", " "),)),
    ):
        with pytest.raises(PersonNameless):
            deed(lambda s, d=draft: people_editing.add_person(s, d, clock))


def test_a_name_too_long_is_refused_not_cut(workspace, add) -> None:
    with pytest.raises(TextTooLong):
        add(note="я" * 200_001)
    with pytest.raises(TextTooLong):
        add("Я" * 201)
    assert workspace.read(people.people_count) == 0


def test_contacts_are_brought_to_one_form_and_kept_as_typed(workspace, add) -> None:
    one = add(contacts=(ContactDraft("phone", "8 (900) 000-41-17"), ContactDraft("telegram", "https://t.me/Petr_P")))
    assert contacts(workspace, one) == [("phone", "+79000004117"), ("telegram", "Petr_P")]
    rows = workspace.read(lambda s: s.scalars(select(ContactPoint).order_by(ContactPoint.position)).all())
    assert rows[0].typed == "8 (900) 000-41-17"
    assert rows[0].search_text == "71140000097"
    assert rows[1].key == "petr_p"


def test_the_same_contact_twice_is_one(workspace, add) -> None:
    one = add(contacts=(ContactDraft("phone", "89000004117"), ContactDraft("phone", "+7 900 000 41 17")))
    assert contacts(workspace, one) == [("phone", "+79000004117")]


def test_changing_touches_only_what_differs(workspace, add, change) -> None:
    one = add(contacts=(ContactDraft("phone", "89000004117"), ContactDraft("email", "a@x.example")), tags=("BI", "SQL"))
    last = workspace.read(lambda s: s.scalar(select(func.max(Change.id))))
    assert change(one) is False
    assert workspace.read(lambda s: s.scalar(select(func.max(Change.id)))) == last
    assert change(one, city="Томск") is True
    touched = workspace.read(
        lambda s: s.execute(select(Change.table_name, Change.action).where(Change.id > last)).all()
    )
    assert [tuple(row) for row in touched] == [("person", "U")]


def test_contacts_and_tags_become_what_the_draft_says(workspace, add, change) -> None:
    one = add(contacts=(ContactDraft("phone", "89000004117"), ContactDraft("email", "a@x.example")), tags=("BI", "SQL"))
    change(one, contacts=(ContactDraft("email", "a@x.example"), ContactDraft("vk", "id7")), tags=("SQL", "спикер"))
    assert contacts(workspace, one) == [("email", "a@x.example"), ("vk", "id7")]
    assert [name for name, _ in workspace.read(lambda s: people.card(s, one)).tags] == ["SQL", "спикер"]


def test_an_undo_brings_back_the_whole_person(workspace, clock, add) -> None:
    one = add(contacts=(ContactDraft("phone", "89000004117"),), tags=("BI",), birthday=PartialDate(2, 29))
    before = workspace.read(lambda s: people.card(s, one))
    draft = PersonDraft(nickname="никто")
    workspace.write(phrase("Test"), lambda s: people_editing.change_person(s, one, draft, clock))
    assert workspace.read(lambda s: people.card(s, one)).contacts == ()
    workspace.undo()
    assert workspace.read(lambda s: people.card(s, one)) == before
    workspace.write(phrase("Test"), lambda s: people_editing.delete_people(s, [one], clock))
    workspace.undo()
    assert workspace.read(lambda s: people.card(s, one)) == before


def test_one_field_can_be_changed_alone(workspace, deed, clock, add) -> None:
    one = add(note="старое", city="Томск")
    deed(lambda s: people_editing.change_field(s, one, "care_note", "бережно", clock))
    card = workspace.read(lambda s: people.card(s, one))
    assert (card.note, card.care_note, card.city) == ("старое", "бережно", "Томск")


def test_an_organisation_is_found_without_quotes_and_legal_form(workspace, add) -> None:
    add("Анин Лев", organisation="ООО «Ладога Банк»")
    add("Борин Лев", organisation="ладога банк")
    add("Верин Лев", organisation="Ладога Порт")
    assert workspace.read(lambda s: s.scalars(select(Organisation.name).order_by(Organisation.id)).all()) == [
        "ООО «Ладога Банк»",
        "Ладога Порт",
    ]
    assert workspace.read(lambda s: organisation_names(s, "ладо")) == ("ООО «Ладога Банк»", "Ладога Порт")


def test_nobody_brought_themselves_in_any_number_of_steps(add, change) -> None:
    anna = add("Анина Анна")
    boris = add("Борин Борис", referred_by_id=anna)
    vera = add("Верина Вера", referred_by_id=boris)
    with pytest.raises(ReferralLoop):
        change(anna, referred_by_id=vera)
    with pytest.raises(ReferralLoop):
        change(anna, referred_by_id=anna)
    with pytest.raises(PersonUnknown):
        change(anna, referred_by_id=999)


def test_possible_doubles_are_told_by_contact_and_by_whole_name(workspace, add) -> None:
    one = add("Иванов Иван Петрович", contacts=(ContactDraft("phone", "89000004117"),))

    def doubles(draft):
        return [(d.person_id, d.reason) for d in workspace.read(lambda s: people_editing.possible_doubles(s, draft))]

    phone = (ContactDraft("phone", "+7 900 000 4117"),)
    assert doubles(PersonDraft(family_name="Петров", contacts=phone)) == [(one, "same_phone")]
    assert doubles(named_draft("Иван Иванов")) == [(one, "same_name")]
    assert doubles(named_draft("Иванов Иван Сергеевич")) == []
    assert doubles(named_draft("Иванов Игорь")) == []
    assert doubles(PersonDraft(family_name="Иванов")) == []
    draft = named_draft("Иван Иванов")
    assert workspace.read(lambda s: people_editing.possible_doubles(s, draft, one)) == ()


def test_archiving_and_deleting_count_whom_they_move(deed, clock, add) -> None:
    one, two = add("А Б"), add("В Г")
    assert deed(lambda s: people_editing.archive_people(s, [one, two], clock)) == 2
    assert deed(lambda s: people_editing.archive_people(s, [one], clock)) == 0
    assert deed(lambda s: people_editing.archive_people(s, [one], clock, archived=False)) == 1
    assert deed(lambda s: people_editing.delete_people(s, [one, two], clock)) == 2
    assert deed(lambda s: people_editing.delete_people(s, [one], clock)) == 0


def test_two_tags_never_differ_by_case_or_yo_alone(workspace, deed, add) -> None:
    one, two = add("А Б", tags=("Учёба",)), add("В Г", tags=("УЧЕБА",))
    rows = workspace.read(tags.all_tags)
    assert [(row.name, row.people, row.colour) for row in rows] == [("Учёба", 2, colour_of("учеба"))]
    assert deed(lambda s: tags.add_tag(s, [one, two], "#Новый")) == 2
    assert deed(lambda s: tags.add_tag(s, [one, two], "новый")) == 0
    assert deed(lambda s: tags.remove_tag(s, [one], "НОВЫЙ")) == 1
    assert deed(lambda s: tags.remove_tag(s, [one], "нет такого")) == 0
    with pytest.raises(TagNameless):
        deed(lambda s: tags.add_tag(s, [one], " # "))


def test_a_tag_renamed_to_another_becomes_it(workspace, deed, add) -> None:
    add("А Б", tags=("старый", "новый"))
    add("В Г", tags=("старый",))
    old = next(row.id for row in workspace.read(tags.all_tags) if row.name == "старый")
    deed(lambda s: tags.rename_tag(s, old, "НОВЫЙ"))
    assert [(row.name, row.people) for row in workspace.read(tags.all_tags)] == [("новый", 2)]
    new = workspace.read(tags.all_tags)[0].id
    deed(lambda s: tags.rename_tag(s, new, "Свежий"))
    assert workspace.read(tags.tag_names) == (("Свежий", colour_of("новый")),)
    deed(lambda s: tags.delete_tag(s, new))
    assert workspace.read(tags.all_tags) == ()
