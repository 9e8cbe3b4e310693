"""Columns of the list: each is shown, orders, groups and filters; who has no value stands last either way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from crm.partial_date import PartialDate
from crm.services import custom_fields, list_columns, people, people_editing, people_order
from crm.services.list_columns import MORE, OWN
from crm.services.people_editing import ContactDraft, PersonDraft
from crm.services.people_order import PeopleFilter, PeopleMemory, Sort
from tests.conftest import NOON

TODAY = NOON.date()


@pytest.fixture
def three(deed, clock):
    def make(session):
        size = custom_fields.define_field(session, "Размер", "choice", ("S", "L"))
        first = people_editing.add_person(
            session,
            PersonDraft(
                family_name="Аникин",
                city="Ёлкино",
                job_title="врач",
                source="чат",
                birthday=PartialDate(3, 14),
                joined_on=date(2024, 1, 1),
                kind="partner",
                languages=("сербский",),
                contacts=(
                    ContactDraft("phone", "+79000000041"),
                    ContactDraft("phone", "+79000000040", preferred=True),
                    ContactDraft("email", "a@example.com"),
                ),
            ),
            clock,
        )
        second = people_editing.add_person(
            session,
            PersonDraft(family_name="Борисов", city="Елец", birthday=PartialDate(3, 2), referred_by_id=first),
            clock,
        )
        third = people_editing.add_person(session, PersonDraft(family_name="Власов"), clock)
        custom_fields.set_value(session, [first], size, "L", clock)
        custom_fields.set_value(session, [second], size, "S", clock)
        return first, second, third, size

    return deed(make)


def listed(workspace, **asked):
    return list(workspace.read(lambda s: people_order.list_people(s, PeopleMemory(), TODAY, **asked)).ids)


def test_every_column_gives_its_values_and_an_order_in_which_nothing_comes_last(workspace, three) -> None:
    first, second, third, size = three
    fields = workspace.read(custom_fields.fields)
    keys = (*MORE, f"{OWN}{size}")
    values = {
        row.id: row.more for row in workspace.read(lambda s: people.rows(s, [first, second, third], None, keys, fields))
    }
    assert values[first]["phone"] == "+7 900 000-00-40"
    assert values[first]["birthday"] == (3, 14)
    assert values[first][f"{OWN}{size}"] == "L"
    assert values[second]["referred"] == "Аникин"
    assert set(values[third]) == {"kind", "created", "changed"}
    for key in keys:
        for descending in (False, True):
            ids = listed(workspace, sort=Sort(key, descending))
            assert set(ids) == {first, second, third}
            without = [one for one in (first, second, third) if key not in values[one]]
            assert ids[len(ids) - len(without) :] == without, key
    assert listed(workspace, sort=Sort("city")) == [second, first, third]
    assert listed(workspace, sort=Sort("birthday", descending=True)) == [first, second, third]
    assert listed(workspace, sort=Sort(f"{OWN}{size}")) == [second, first, third]


def test_groups_stand_under_their_value_with_their_number_and_the_rest_last(workspace, three) -> None:
    first, second, third, size = three
    found = workspace.read(lambda s: people_order.list_people(s, PeopleMemory(), TODAY, group="birthday"))
    assert (list(found.ids), found.heads) == ([first, second, third], ((0, (3, 0), 2), (2, None, 1)))
    assert list_columns.heading("birthday", (3, 0)) == "Март"
    found = workspace.read(
        lambda s: people_order.list_people(s, PeopleMemory(), TODAY, group=f"{OWN}{size}", query="власов")
    )
    assert [value for _, value, _ in found.heads] == [None]
    assert list(found.ids) == [third]


@pytest.mark.parametrize(
    ("only", "who"),
    [
        (PeopleFilter(city="елкино"), (0,)),
        (PeopleFilter(source="чат"), (0,)),
        (PeopleFilter(reach="phone"), (0,)),
        (PeopleFilter(reach="telegram"), ()),
        (PeopleFilter(reach="nobody"), (1, 2)),
        (PeopleFilter(birth_month=3), (0, 1)),
        (PeopleFilter(added_within_days=1), (0, 1, 2)),
        (PeopleFilter(without_consent=True), (0, 1, 2)),
        (PeopleFilter(kind="partner", birth_month=3), (0,)),
    ],
)
def test_a_filter_lets_through_those_and_no_others(workspace, three, only, who) -> None:
    assert listed(workspace, only=only) == [three[place] for place in who]
    if only.added_within_days:
        later = TODAY + timedelta(days=1)
        assert list(workspace.read(lambda s: people_order.list_people(s, PeopleMemory(), later, only=only)).ids) == []


def test_a_filter_by_an_own_field_and_by_consent(workspace, deed, clock, three) -> None:
    from crm.models import Consent

    first, second, third, size = three
    assert listed(workspace, only=PeopleFilter(own=(size, "L"))) == [first]

    def consent(session, status, corrects=None):
        made = Consent(
            person_id=second, purpose="messages", status=status, on=TODAY, corrects_id=corrects,
            entered_at=datetime(2026, 1, 1, tzinfo=UTC),
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made.id

    given = deed(lambda s: consent(s, "given"))
    assert listed(workspace, only=PeopleFilter(without_consent=True)) == [first, third]
    deed(lambda s: consent(s, "entered_by_mistake", given))
    assert listed(workspace, only=PeopleFilter(without_consent=True)) == [first, second, third]
