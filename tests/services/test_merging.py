"""Two people become one: nothing is lost, the stricter and the fuller stand, and one undo gives both back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from crm.importing.rows import CARD, ImportedContact, ImportedPerson, Place, Source
from crm.models import (
    Act,
    Attendance,
    Consent,
    DoNotContact,
    FeedbackItem,
    MergedPerson,
    NotDuplicate,
    Person,
    PossibleDuplicate,
    Relationship,
    metadata,
)
from crm.partial_date import PartialDate
from crm.services import consents, custom_fields, duplicates, importing, people, people_editing
from crm.services.merging import BY_HAND, RULES, MergeOfOne, field_choices, merge_people
from crm.services.people_editing import ContactDraft, PersonDraft
from tests.support import makers

EMAIL = ContactDraft("email", "a@example.com")
SPRING = date(2026, 5, 1)
EARLY = datetime(2024, 1, 1, tzinfo=UTC)


def facts(workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of facts."""

    def read(session):
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.info.get("nature") == "fact"
        }

    return workspace.read(read)


@pytest.fixture
def two(deed, clock):
    """A member with half of what is known, and the same one entered again with the other half."""

    def make(session):
        size = custom_fields.define_field(session, "Размер", "text")
        first = people_editing.add_person(
            session,
            PersonDraft(
                family_name="Ёлкина",
                given_name="Анна",
                city="Омск",
                note="Первая заметка",
                care_note="Бережно",
                contacts=(
                    ContactDraft("phone", "+79000000041", preferred=True),
                    EMAIL,
                ),
                tags=("спикер",),
                languages=("русский",),
                offers=("проектор",),
            ),
            clock,
        )
        second = people_editing.add_person(
            session,
            PersonDraft(
                family_name="Yolkina",
                given_name="Аня",
                additional_name="Петровна",
                birthday=PartialDate(3, 14, 1990),
                organisation="Ладога",
                note="Вторая заметка",
                contacts=(
                    ContactDraft("phone", "+79000000042", preferred=True),
                    EMAIL,
                ),
                tags=("Спикер", "клуб"),
                languages=("Русский", "сербский"),
                offers=("Проектор", "зал"),
            ),
            clock,
        )
        third = people_editing.add_person(session, PersonDraft(family_name="Третий", referred_by_id=second), clock)
        custom_fields.set_value(session, [second], size, "L", clock)
        for number, (mine, theirs) in enumerate((("registered", "attended"), ("attended", "no_show"), ("", "invited"))):
            event = makers.event(session, EARLY, f"Встреча {number}")
            for person, status, ticket in ((first, mine, f"10{number}"), (second, theirs, f"20{number}")):
                if status:
                    session.add(
                        Attendance(
                            event_id=event.id, person_id=person, status=status, ticket_code=ticket,
                            guest_count=number, event_on=EARLY.date(),
                        )
                    )  # fmt: skip
        session.add_all(
            [
                Act(person_id=first, kind="chat", month=date(2026, 1, 1), count=3),
                Act(person_id=second, kind="chat", month=date(2026, 1, 1), count=4),
                DoNotContact(person_id=first, until_on=date(2026, 6, 1), reason="отпуск", since_on=SPRING),
                DoNotContact(person_id=second, reason="просила", since_on=date(2026, 4, 1)),
                Consent(person_id=first, purpose="messages", status="given", on=SPRING, entered_at=EARLY),
                Consent(person_id=second, purpose="messages", status="withdrawn", on=EARLY.date(), entered_at=EARLY),
                FeedbackItem(kind="praise", text="Спасибо", search_text="спасибо", person_id=second, at=EARLY),
                Relationship(person_id=first, other_id=third, kind="friend"),
                Relationship(person_id=second, other_id=third, kind="friend"),
                Relationship(person_id=second, other_id=first, kind="colleague"),
                PossibleDuplicate(person_id=first, other_id=second, reason="same_email", found_at=EARLY),
                NotDuplicate(person_id=second, other_id=third),
            ]
        )  # fmt: skip
        return first, second, third

    return deed(make)


def test_every_table_of_facts_about_people_has_a_rule() -> None:
    about = {
        table.name
        for table in metadata.sorted_tables
        if table.info.get("nature") == "fact"
        and any(key.column.table.name == "person" for column in table.columns for key in column.foreign_keys)
    }
    assert about == set(RULES) | BY_HAND


def test_a_merge_keeps_all_of_both_and_one_undo_gives_both_back(workspace, deed, clock, two) -> None:
    first, second, third = two
    before = facts(workspace)
    deed(lambda s: merge_people(s, first, [second], {}, clock))
    after = facts(workspace)
    card = workspace.read(lambda s: people.card(s, first))
    assert (card.family_name, card.given_name, card.additional_name) == ("Ёлкина", "Анна", "Петровна")
    assert (card.city, card.organisation, card.birthday) == ("Омск", "Ладога", PartialDate(3, 14, 1990))
    assert card.note == "Первая заметка\n\nВторая заметка"
    assert card.care_note == "Бережно"
    assert [(one.value, one.preferred) for one in card.contacts] == [
        ("+79000000041", True), ("a@example.com", False), ("+79000000042", False),
    ]  # fmt: skip
    assert {name for name, _ in card.tags} == {"спикер", "клуб"}
    assert set(card.languages) == {"русский", "сербский"}
    assert {need.text for need in card.needs} == {"проектор", "зал"}
    assert [value for _, value in card.custom] == ["L"]

    def read(session):
        listed = session.execute(
            select(Attendance.event_id, Attendance.status, Attendance.guest_count, Attendance.desk_note)
            .where(Attendance.person_id == first)
            .order_by(Attendance.event_id)
        ).all()
        acts = session.execute(select(Act.person_id, Act.count)).all()
        wish = session.scalars(select(DoNotContact)).one()
        kin = session.execute(select(Relationship.person_id, Relationship.other_id, Relationship.kind)).all()
        return listed, acts, (wish.until_on, wish.since_on, wish.reason), kin

    listed, acts, wish, kin = workspace.read(read)
    assert [(status, guests) for _, status, guests, _ in listed] == [("attended", 0), ("attended", 1), ("invited", 2)]
    assert [note for *_, note in listed] == ["№ 100", "№ 201", ""]
    assert [tuple(row) for row in acts] == [(first, 7)]
    assert wish == (None, date(2026, 4, 1), "отпуск\nпросила")
    assert [tuple(row) for row in kin] == [(first, third, "friend")]
    assert workspace.read(lambda s: people.card(s, third)).referred_by_id == first
    in_force = workspace.read(lambda s: consents.consents_in_force(s, first, date(2026, 11, 12)))
    assert next(line for line in in_force if line.purpose == "messages").status == "withdrawn"
    assert workspace.read(lambda s: s.scalar(select(FeedbackItem.person_id))) == first
    assert workspace.read(lambda s: s.scalar(select(func.count()).select_from(PossibleDuplicate))) == 0
    assert workspace.read(lambda s: s.execute(select(NotDuplicate.person_id, NotDuplicate.other_id)).one()) == (
        first,
        third,
    )
    assert workspace.read(lambda s: people.resolve_person(s, f"#{second}")) == first
    workspace.undo()
    assert facts(workspace) == before
    workspace.redo()
    assert facts(workspace) == after


def test_chosen_fields_win_over_the_suggestion(workspace, deed, clock, two) -> None:
    first, second, _ = two
    cards = workspace.read(lambda s: [people.card(s, first), people.card(s, second)])
    suggested = {choice.field: (choice.suggested, choice.why) for choice in field_choices(cards)}
    assert suggested["family_name"] == (0, "fuller")
    assert suggested["given_name"] == (0, "fuller")
    assert suggested["birthday"] == (1, "filled")
    assert "kind" not in suggested
    deed(lambda s: merge_people(s, first, [second], {"given_name": second, "city": second}, clock))
    card = workspace.read(lambda s: people.card(s, first))
    assert (card.given_name, card.city) == ("Аня", "")


def test_three_become_one_and_chains_lead_to_the_last(workspace, deed, clock) -> None:
    def make(session):
        return [
            people_editing.add_person(session, PersonDraft(family_name="Ким", given_name=name), clock)
            for name in ("Ян", "Яна", "Яник", "Янек")
        ]

    one, two, three, four = deed(make)
    uid = workspace.read(lambda s: people.card(s, three)).uid
    deed(lambda s: merge_people(s, two, [three], {}, clock))
    deed(lambda s: merge_people(s, one, [two, four], {}, clock))
    assert workspace.read(people.people_count) == 1
    assert workspace.read(lambda s: people.resolve_person(s, uid)) == one
    assert workspace.read(lambda s: set(s.scalars(select(MergedPerson.person_id)))) == {one}
    with pytest.raises(MergeOfOne):
        deed(lambda s: merge_people(s, one, [one], {}, clock))


def test_after_a_merge_the_same_files_add_nobody(workspace, deed, clock) -> None:
    rows = [
        ImportedPerson(Place(CARD, 1), uid="u1", family_name="Ёлкина", given_name="Анна"),
        ImportedPerson(
            Place(CARD, 2),
            family_name="Ёлкина",
            given_name="Аня",
            contacts=(ImportedContact("email", "a@example.com"),),
        ),
        ImportedPerson(Place(CARD, 3), family_name="Ёлкина", given_name="Анечка", city="Омск"),
    ]

    def take():
        source = Source("гости.vcf", "vcard", "utf-8", "0" * 64, rows)
        (outcome,) = deed(lambda s: importing.import_people(s, [source], clock)).files
        return outcome.added, outcome.updated, outcome.unchanged

    assert take() == (3, 0, 0)
    ids = workspace.read(lambda s: list(s.scalars(select(Person.id).order_by(Person.id))))
    deed(lambda s: merge_people(s, ids[1], [ids[0], ids[2]], {}, clock))
    added, _, _ = take()
    assert added == 0
    assert workspace.read(people.people_count) == 1
    workspace.undo()
    workspace.undo()
    assert workspace.read(people.people_count) == 3
    assert take() == (0, 0, 3)


def test_after_a_merge_the_name_of_before_leads_to_the_survivor(workspace, deed, clock) -> None:
    """Somebody who took another surname: the old list has the old one, and the old phone."""
    rows = [
        ImportedPerson(
            Place(CARD, 1),
            family_name="Петрова",
            given_name="Мария",
            contacts=(ImportedContact("phone", "8 900 000-00-01"),),
        ),
        ImportedPerson(
            Place(CARD, 2),
            uid="u2",
            family_name="Петрова",
            given_name="Мария",
            contacts=(ImportedContact("email", "p@example.com"),),
        ),
        ImportedPerson(
            Place(CARD, 3),
            family_name="Смирнова",
            given_name="Мария",
            contacts=(ImportedContact("email", "s@example.com"),),
        ),
    ]

    def take():
        source = Source("гости.vcf", "vcard", "utf-8", "0" * 64, rows)
        (outcome,) = deed(lambda s: importing.import_people(s, [source], clock)).files
        return outcome.added

    assert take() == 3
    old, card, new = workspace.read(lambda s: list(s.scalars(select(Person.id).order_by(Person.id))))
    deed(lambda s: merge_people(s, new, [old, card], {"family_name": new}, clock))
    assert workspace.read(lambda s: people.card(s, new)).family_name == "Смирнова"
    assert take() == 0
    assert workspace.read(people.people_count) == 1


def test_a_scan_finds_the_two_and_asks_no_more_of_those_who_are_two(workspace, deed, clock, two) -> None:
    first, second, _ = two
    found = workspace.read(lambda s: duplicates.find_pairs(s, lambda _, __: None))
    (pair,) = [one for one in found if one.person_id == first]
    assert (pair.other_id, pair.likeness.sure) == (second, True)
    assert pair.likeness.reasons[0] == "same_email"
    deed(lambda s: duplicates.keep_pairs(s, found, clock))
    assert workspace.read(duplicates.count_pairs) == len(found)
    deed(lambda s: duplicates.say_two(s, [first, second]))
    assert workspace.read(duplicates.count_pairs) == len(found) - 1
    again = workspace.read(lambda s: duplicates.find_pairs(s, lambda _, __: None))
    assert all((one.person_id, one.other_id) != (first, second) for one in again)
    workspace.undo()
    assert workspace.read(duplicates.count_pairs) == len(found)
