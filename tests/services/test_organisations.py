"""Organisations: their figures are one, a search finds them however typed, joining two loses nothing and turns back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from crm import i18n
from crm.models import Organisation, Person
from crm.services import interactions, organisation_card, organisation_editing, organisation_rows, organisations
from crm.services.interactions import ConversationDraft
from crm.services.organisation_errors import (
    OrganisationMergedWithItself,
    OrganisationNameless,
    OrganisationNotEmpty,
    OrganisationUnknown,
)
from tests.support import makers

EARLY = datetime(2024, 1, 1, tzinfo=UTC)


def made(session, clock, name, people=0, visits=(), **fields):
    """An organisation, its people, and the days (before today) on which the first of them came."""
    number = organisations.organisation_named(session, name, clock)
    for field, value in fields.items():
        organisation_editing.change_field(session, number, field, value)
    ids = [makers.person(session, EARLY, f"{name}{one}", organisation_id=number).id for one in range(people)]
    for days in visits:
        event = makers.event(session, clock() - timedelta(days=days))
        makers.attendance(session, event, session.get(Person, ids[0]), status="attended")
    return number


def rows(workspace, today):
    return {row.name: row for row in workspace.read(lambda s: organisation_rows.organisation_rows(s, today))}


@pytest.fixture
def today(clock):
    return clock().date()


def test_figures_count_people_visits_and_the_newest_contact(workspace, deed, clock, today) -> None:
    deed(lambda s: made(s, clock, "Ладога", 4, (200, 100, 10)))
    deed(lambda s: made(s, clock, "Пустая"))
    found = rows(workspace, today)
    ladoga, nobody = found["Ладога"], found["Пустая"]
    assert (ladoga.people, ladoga.came, ladoga.visits, ladoga.attendance) == (4, 1, 3, 25.0)
    assert (today - ladoga.last_contact).days == 10
    assert (nobody.people, nobody.attendance, nobody.last_contact, nobody.quiet) == (0, None, None, False)


def test_people_in_the_trash_and_the_archive_do_not_count(workspace, deed, clock, today) -> None:
    number = deed(lambda s: made(s, clock, "Ладога", 3))

    def put_away(session):
        there = session.scalars(select(Person).where(Person.organisation_id == number)).all()
        there[0].deleted_at, there[1].archived_at = clock(), clock()

    deed(put_away)
    assert rows(workspace, today)["Ладога"].people == 1


@pytest.mark.parametrize(
    ("visits", "days", "quiet"), [(3, 91, True), (3, 90, False), (2, 91, False), (3, None, False), (50, 400, True)]
)
def test_quiet_is_three_visits_and_more_than_ninety_days(visits, days, quiet) -> None:
    today = date(2026, 11, 12)
    last = None if days is None else today - timedelta(days=days)
    assert organisation_rows.is_quiet(visits, last, today) is quiet


def test_a_conversation_wakes_a_quiet_organisation(workspace, deed, clock, today) -> None:
    number = deed(lambda s: made(s, clock, "Ладога", 1, (300, 200, 120)))
    assert rows(workspace, today)["Ладога"].quiet
    person = workspace.read(lambda s: s.scalar(select(Person.id).where(Person.organisation_id == number)))
    deed(lambda s: interactions.log_conversation(s, ConversationDraft((person,), "call", "Договорились"), clock))
    assert not rows(workspace, today)["Ладога"].quiet
    card = workspace.read(lambda s: organisation_card.organisation_card(s, number, today))
    assert [talk.summary for talk in card.talks] == ["Договорились"]
    assert [occasion.came for occasion in card.events] == [1, 1, 1]
    assert card.row == rows(workspace, today)["Ладога"]


@pytest.mark.parametrize("typed", ["ладога", "ЛАД", "банк лад", "kflju", "ladoga", "ООО Ладога", "ёжск", "ежск"])
def test_a_search_finds_an_organisation_however_typed(workspace, deed, clock, today, typed) -> None:
    deed(lambda s: made(s, clock, "Ладога Банк", city="Ёжск"))
    deed(lambda s: made(s, clock, "Сбер"))
    listed = list(rows(workspace, today).values())
    assert [row.name for row in organisation_rows.found(listed, typed)] == ["Ладога Банк"]


def test_a_column_orders_and_what_has_no_value_comes_last(workspace, deed, clock, today) -> None:
    for name, people in (("Берёза", 1), ("Астра", 3), ("Вега", 0)):
        deed(lambda s, name=name, people=people: made(s, clock, name, people))
    listed = list(rows(workspace, today).values())

    def names(key, **how):
        return [row.name for row in organisation_rows.arranged(listed, key, **how)]

    assert names("name") == ["Астра", "Берёза", "Вега"]
    assert names("name", descending=True) == ["Вега", "Берёза", "Астра"]
    assert names("people", descending=True) == ["Астра", "Берёза", "Вега"]
    assert names("attendance", descending=True)[-1] == names("attendance")[-1] == "Вега"
    assert [row.name for row in organisation_rows.narrowed(listed, "empty")] == ["Вега"]


def test_merging_moves_people_keeps_what_differs_and_is_one_undo(workspace, deed, clock, today) -> None:
    one = deed(lambda s: made(s, clock, "Ладога", 2, city="Псков", note="Старая"))
    other = deed(lambda s: made(s, clock, "Ладога Плюс", 1, city="Тверь", site="ladoga.example", note="Новая"))
    before = rows(workspace, today)
    with i18n.using("ru"):
        moved = deed(lambda s: organisation_editing.merge(s, one, [other], clock))
    assert moved == 1
    assert list(rows(workspace, today)) == ["Ладога"]
    assert rows(workspace, today)["Ладога"].people == 3
    fields = workspace.read(lambda s: organisation_editing.fields_of(s, one))
    assert (fields["city"], fields["site"]) == ("Псков", "ladoga.example")
    assert fields["note"].splitlines() == ["Старая", "Другое название: Ладога Плюс", "Город: Тверь", "Новая"]
    workspace.undo()
    assert rows(workspace, today) == before


def test_an_organisation_is_not_merged_with_itself(deed, clock) -> None:
    one = deed(lambda s: made(s, clock, "Ладога"))
    with pytest.raises(OrganisationMergedWithItself):
        deed(lambda s: organisation_editing.merge(s, one, [one], clock))


def test_only_an_empty_organisation_is_deleted(workspace, deed, clock, today) -> None:
    full = deed(lambda s: made(s, clock, "Ладога", 1))
    empty = deed(lambda s: made(s, clock, "Пустая"))
    with pytest.raises(OrganisationNotEmpty):
        deed(lambda s: organisation_editing.remove(s, full))
    deed(lambda s: organisation_editing.remove(s, empty))
    assert list(rows(workspace, today)) == ["Ладога"]
    with pytest.raises(OrganisationUnknown):
        deed(lambda s: organisation_editing.remove(s, empty))
    workspace.undo()
    assert sorted(rows(workspace, today)) == ["Ладога", "Пустая"]


def test_a_new_name_brings_a_new_key(workspace, deed, clock) -> None:
    one = deed(lambda s: made(s, clock, "Ладога"))
    assert deed(lambda s: organisation_editing.change_field(s, one, "name", "ООО «Вега»"))
    assert deed(lambda s: organisations.organisation_named(s, "вега", clock)) == one
    with pytest.raises(OrganisationNameless):
        deed(lambda s: organisation_editing.change_field(s, one, "name", "  "))


def test_an_organisation_kept_under_a_former_key_is_found_not_doubled(workspace, deed, clock) -> None:
    one = deed(lambda s: made(s, clock, "ФГАОУ ВО «Ладога»"))

    def age(session):
        session.get(Organisation, one).match_key = "фгаоу во ладога"

    deed(age)
    assert deed(lambda s: organisations.organisation_named(s, "фгаоу во ладога", clock)) == one


def test_likely_same_organisations_are_offered_the_fuller_first(workspace, deed, clock) -> None:
    small = deed(lambda s: makers.organisation(s, EARLY, "ооо ладога").id)
    full = deed(lambda s: made(s, clock, "Ладога", 2))
    away = deed(lambda s: makers.organisation(s, EARLY, "ЗАО Ладога").id)
    deed(lambda s: organisation_editing.archive(s, away, clock))
    assert workspace.read(organisation_editing.suggestions) == [(full, small)]


def test_people_are_placed_once(workspace, deed, clock, today) -> None:
    one = deed(lambda s: made(s, clock, "Ладога", 1))
    other = deed(lambda s: made(s, clock, "Вега", 2))
    ids = workspace.read(lambda s: organisation_card.people_of(s, other))
    assert deed(lambda s: organisation_editing.place_people(s, one, ids, clock)) == 2
    assert deed(lambda s: organisation_editing.place_people(s, one, ids, clock)) == 0
    assert rows(workspace, today)["Ладога"].people == 3
