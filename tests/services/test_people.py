"""Reading people: rows, cards, order, filters, references."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm.models import Attendance, Person
from crm.partial_date import PartialDate
from crm.services import people, people_editing, tags
from crm.services.people_editing import ContactDraft, PersonDraft, named_draft
from crm.services.people_order import PeopleFilter, PeopleMemory, Sort, level_counts, list_people
from crm.services.person_errors import PersonAmbiguous, PersonUnknown
from crm.store.search import find
from tests.conftest import NOON
from tests.support import makers, search_cases

TODAY = date(2026, 11, 12)


@pytest.fixture
def add(deed, clock):
    def run(name, **fields):
        return deed(lambda s: people_editing.add_person(s, named_draft(name, PersonDraft(**fields)), clock))

    return run


def visits(deed, person_id, days):
    """`person_id` came to an event on each of `days`."""

    def verb(session):
        for day in days:
            at = NOON - timedelta(days=(TODAY - day).days)
            event = makers.event(session, at)
            session.add(Attendance(event_id=event.id, person_id=person_id, status="attended", event_on=day))

    deed(verb)


def listed(workspace, **asked):
    return list(workspace.read(lambda s: list_people(s, PeopleMemory(), TODAY, **asked)).ids)


def test_a_row_shows_what_a_list_needs(workspace, deed, add) -> None:
    one = add("Ёлкин Семён Ильич", organisation="Осминог", job_title="аналитик", city="Томск", tags=("BI", "спикер"))
    visits(deed, one, [date(2026, 11, 10)])
    row = workspace.read(lambda s: people.rows(s, [one]))[0]
    assert (row.display_name, row.initials, row.organisation, row.city) == ("Семён Ёлкин", "СЁ", "Осминог", "Томск")
    assert [name for name, _ in row.tags] == ["BI", "спикер"]
    assert (row.level, row.last_visit, row.attended) == ("new", date(2026, 11, 10), 1)


def test_rows_come_in_the_order_asked_and_miss_nobody_known(workspace, add) -> None:
    one, two = add("Аникин Пётр"), add("Яшин Лев")
    assert [row.id for row in workspace.read(lambda s: people.rows(s, [two, 999, one]))] == [two, one]


def test_a_person_of_whom_only_a_contact_is_known_is_shown_by_it(workspace, deed, clock) -> None:
    draft = PersonDraft(contacts=(ContactDraft("phone", "89000004117"),))
    one = deed(lambda s: people_editing.add_person(s, draft, clock))
    assert workspace.read(lambda s: people.rows(s, [one]))[0].display_name == "+7 900 000-41-17"
    assert workspace.read(lambda s: people.card(s, one)).display_name == "+7 900 000-41-17"


@pytest.mark.parametrize(
    ("query", "reason", "found_in"),
    [
        ("щёголев", "", ""),
        ("4117", "phone", "+7 900 000-41-17"),
        ("primer", "handle", "@primer_petr"),
        ("ильич", "name", "Ильич"),
        ("томск", "city", "Томск"),
        ("аналитик", "job", "ведущий аналитик"),
        ("тезисы", "note", ""),
        ("ладога", "", ""),
        ("спикер", "", ""),
        ("o`ujktd", "layout", "Щёголев"),
    ],
)
def test_a_row_says_why_it_was_found_when_it_does_not_show(workspace, add, query, reason, found_in) -> None:
    one = add(
        "Щёголев Пётр Ильич",
        organisation="Ладога",
        city="Томск",
        job_title="ведущий аналитик",
        note="ждёт тезисы",
        tags=("спикер",),
        contacts=(ContactDraft("phone", "89000004117"), ContactDraft("telegram", "primer_petr")),
    )
    row = workspace.read(lambda s: people.rows(s, [one], find(s, query)))[0]
    assert (row.reason, row.found_in) == (reason, found_in)


@pytest.mark.parametrize(
    ("query", "reason", "found_in"),
    [
        ("макраме", "skill", "макраме"),
        ("суахили", "language", "суахили"),
        ("признание", "motive", "признание"),
        ("дирижабли", "offers", "прочтёт лекцию про дирижабли"),
        ("керамике", "seeks", "наставника по керамике"),
        ("особый", "custom", "Размер футболки: XXL-особый"),
        ("хвощинский суахили", "language", "суахили"),
        ("bkmbx", "layout", "Ильич"),
        ("ильчи", "similar", "Ильич"),
    ],
)
def test_a_row_says_which_field_was_hit(workspace, deed, clock, query, reason, found_in) -> None:
    one = deed(lambda s: search_cases.fill(s, clock))["Хвощинский"]
    row = workspace.read(lambda s: people.rows(s, [one], find(s, query)))[0]
    assert (row.reason, row.found_in) == (reason, found_in)


def test_a_layout_hit_tells_the_word_it_hit(workspace, add) -> None:
    one = add("Иванов Пётр")
    row = workspace.read(lambda s: people.rows(s, [one], find(s, "bdfyjd")))[0]
    assert (row.reason, row.found_in, row.matched) == ("layout", "Иванов", ("иванов",))


def test_a_card_is_whole(workspace, deed, clock, add) -> None:
    semyon = add("Ёлкин Семён")
    draft = PersonDraft(
        family_name="Щёголев",
        given_name="Пётр",
        additional_name="Ильич",
        nickname="petr",
        kind="partner",
        organisation="ООО «Ладога Банк»",
        job_title="аналитик",
        city="Томск",
        birthday=PartialDate(2, 29),
        address_as="Пётр Ильич",
        address_form="formal",
        gender="male",
        preferred_channel="telegram",
        source="сайт",
        joined_on=date(2023, 3, 3),
        referred_by_id=semyon,
        note="первая\nвторая",
        care_note="бережно",
        contacts=(
            ContactDraft("phone", "8 900 000-41-17", "рабочий", preferred=True),
            ContactDraft("email", "P@X.Example"),
        ),
        tags=("BI", "спикер"),
    )
    one = deed(lambda s: people_editing.add_person(s, draft, clock))
    card = workspace.read(lambda s: people.card(s, one))
    assert (card.organisation, card.referred_by, card.birthday) == (
        "ООО «Ладога Банк»",
        "Семён Ёлкин",
        PartialDate(2, 29),
    )
    assert (card.first("phone").value, card.first("phone").label) == ("+79000004117", "рабочий")
    assert card.first("email").value == "P@x.example"
    assert people_editing.draft_of(card) == draft


def test_cards_come_in_order_and_without_deleted_people(workspace, deed, clock, add) -> None:
    one, two, three = add("А Б"), add("В Г"), add("Д Е")
    deed(lambda s: people_editing.delete_people(s, [two], clock))
    assert [card.id for card in workspace.read(lambda s: list(people.cards(s, [three, two, one])))] == [three, one]
    with pytest.raises(PersonUnknown):
        workspace.read(lambda s: people.card(s, two))


def test_lists_are_ordered_by_surname_with_yo_beside_ye(workspace, add) -> None:
    ids = [add(name) for name in ("Smith John", "Ель Анна", "Ёлкин Семён", "Елкин Семён", "Ежов Лев", "Жуков Пётр")]
    smith, el, yolkin, elkin, ezhov, zhukov = ids
    assert listed(workspace) == [ezhov, elkin, yolkin, el, zhukov, smith]
    assert listed(workspace, sort=Sort("name", descending=True)) == [smith, zhukov, el, yolkin, elkin, ezhov]


def test_other_orders_put_equal_people_by_name_and_those_without_a_value_last(workspace, deed, add) -> None:
    anna, boris, vera, gleb = add("Анина Анна"), add("Борин Борис"), add("Верина Вера"), add("Глебов Глеб")
    visits(deed, vera, [date(2026, 11, 1), date(2026, 10, 1)])
    visits(deed, anna, [date(2026, 11, 1)])
    visits(deed, boris, [date(2026, 11, 5)])
    assert listed(workspace, sort=Sort("visit", descending=True)) == [boris, anna, vera, gleb]
    assert listed(workspace, sort=Sort("visit")) == [anna, vera, boris, gleb]
    assert listed(workspace, sort=Sort("events", descending=True)) == [vera, anna, boris, gleb]
    assert listed(workspace, sort=Sort("level"))[-1] == gleb


def test_ordering_by_organisation_leaves_those_without_one_last(workspace, add) -> None:
    one, two, three = add("Анин Лев"), add("Борин Лев", organisation="Осминог"), add("Верин Лев", organisation="Вектор")
    assert listed(workspace, sort=Sort("organisation")) == [three, two, one]
    assert listed(workspace, sort=Sort("organisation", descending=True)) == [two, three, one]


def test_filters_narrow_and_join(workspace, deed, clock, add) -> None:
    anna = add("Анина Анна", tags=("BI",))
    boris = add("Борин Борис", tags=("BI",), kind="partner", organisation="Вектор")
    vera = add("Верина Вера")
    visits(deed, anna, [TODAY - timedelta(days=89)])
    visits(deed, boris, [TODAY - timedelta(days=90)])
    tag = workspace.read(tags.all_tags)[0]
    vector = workspace.read(lambda s: s.get(Person, boris).organisation_id)
    assert (tag.name, tag.people) == ("BI", 2)
    assert listed(workspace, only=PeopleFilter(tag_id=tag.id)) == [anna, boris]
    assert listed(workspace, only=PeopleFilter(seen_within_days=90)) == [anna]
    assert listed(workspace, only=PeopleFilter(seen_within_days=91, kind="partner")) == [boris]
    assert listed(workspace, only=PeopleFilter(level="none")) == [vera]
    assert listed(workspace, only=PeopleFilter(organisation_id=vector)) == [boris]
    assert listed(workspace, only=PeopleFilter(within=frozenset((vera, boris)), tag_id=tag.id)) == [boris]
    assert listed(workspace, only=PeopleFilter(tag_id=tag.id), query="анна") == [anna]
    deed(lambda s: people_editing.archive_people(s, [vera], clock))
    assert listed(workspace) == [anna, boris]
    assert listed(workspace, only=PeopleFilter(archived=True)) == [vera]


def test_memory_forgets_what_a_change_makes_wrong(workspace, deed, clock, add) -> None:
    memory = PeopleMemory()
    only = PeopleFilter(level="new")
    one = add("Анина Анна")

    def ids(**asked):
        return list(workspace.read(lambda s: list_people(s, memory, TODAY, **asked)).ids)

    assert ids() == [one]
    assert ids(only=only) == []
    visits(deed, one, [TODAY])
    memory.forget(["attendance"])
    assert ids(only=only) == [one]
    two = add("Борин Борис")
    assert ids() == [one]
    memory.forget(["person"])
    assert ids() == [one, two]


def test_levels_are_counted_over_the_people_of_the_list(workspace, deed, clock, add) -> None:
    anna, boris, vera = add("Анина Анна"), add("Борин Борис"), add("Верина Вера")
    visits(deed, anna, [TODAY])
    deed(lambda s: people_editing.archive_people(s, [vera], clock))
    assert workspace.read(level_counts) == {"new": 1, "none": 1}
    assert workspace.read(people.people_count) == 2
    assert boris


def test_a_reference_is_a_number_a_uid_or_an_unambiguous_name(workspace, deed, clock, add) -> None:
    ivan = add("Иванов Иван Петрович")
    sergey = add("Иванов Сергей")
    anna = add("Иванова Анна")

    def who(ref):
        return workspace.read(lambda s: people.resolve_person(s, ref))

    uid = workspace.read(lambda s: people.card(s, ivan)).uid
    assert who(f"#{ivan}") == who(str(ivan)) == who(uid) == ivan
    assert who("Иванов Сергей") == who("сергей иванов") == who("Cthutq") == sergey
    assert who("Иванов Иван") == who("Иван Петрович Иванов") == ivan
    assert who("анна") == anna
    with pytest.raises(PersonAmbiguous) as caught:
        who("иванов")
    assert "Сергей Иванов" in caught.value.text()
    for unknown in ("#99", "", "Иваноа", "Петров"):
        with pytest.raises(PersonUnknown):
            who(unknown)
    deed(lambda s: people_editing.delete_people(s, [sergey], clock))
    with pytest.raises(PersonUnknown):
        who(f"#{sergey}")
