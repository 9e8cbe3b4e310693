"""How people are connected: one row, seen from both sides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm.models import Person, Relationship
from crm.services import people_editing, relations
from crm.services.people_editing import PersonDraft, named_draft
from crm.services.person_errors import PersonUnknown, ReferralLoop
from crm.services.relations import OTHER_SIDE, RelationDraft

DAY = date(2026, 11, 12)


@pytest.fixture
def two(deed, clock):
    def add(name, **fields):
        return deed(lambda s: people_editing.add_person(s, named_draft(name, PersonDraft(**fields)), clock))

    return add("Анина Анна", gender="female"), add("Борин Борис")


def seen(workspace, person):
    return [(line.side, line.other_id) for line in workspace.read(lambda s: relations.relations_of(s, person))]


@pytest.mark.parametrize("side", OTHER_SIDE)
def test_a_relation_is_seen_from_both_sides(workspace, deed, clock, two, side) -> None:
    anna, boris = two
    deed(lambda s: relations.add_relation(s, anna, RelationDraft(boris, side), clock))
    assert seen(workspace, anna) == [(side, boris)]
    assert seen(workspace, boris) == [(OTHER_SIDE[side], anna)]
    (line,) = workspace.read(lambda s: relations.relations_of(s, boris))
    assert (line.name, line.initials, line.gender) == ("Анна Анина", "АА", "female")
    deed(lambda s: relations.remove_relation(s, boris, line, clock))
    assert seen(workspace, anna) == seen(workspace, boris) == []
    workspace.undo()
    assert seen(workspace, anna) == [(side, boris)]


@pytest.mark.parametrize("side", OTHER_SIDE)
def test_the_same_relation_is_refused_from_either_end(deed, clock, two, side) -> None:
    anna, boris = two
    deed(lambda s: relations.add_relation(s, anna, RelationDraft(boris, side), clock))
    with pytest.raises(relations.RelationThere):
        deed(lambda s: relations.add_relation(s, anna, RelationDraft(boris, side), clock))
    with pytest.raises(relations.RelationThere):
        deed(lambda s: relations.add_relation(s, boris, RelationDraft(anna, OTHER_SIDE[side]), clock))


def test_who_brought_whom_is_the_field_of_the_person_and_no_row(workspace, deed, clock, two) -> None:
    anna, boris = two
    deed(lambda s: relations.add_relation(s, anna, RelationDraft(boris, "brought"), clock))
    assert workspace.read(lambda s: s.get(Person, boris).referred_by_id) == anna
    assert workspace.read(lambda s: s.scalar(select(func.count(Relationship.id)))) == 0
    with pytest.raises(ReferralLoop):
        deed(lambda s: relations.add_relation(s, boris, RelationDraft(anna, "brought"), clock))


def test_a_relation_is_changed_from_the_side_it_is_looked_at(workspace, deed, clock, two) -> None:
    anna, boris = two
    row = deed(lambda s: relations.add_relation(s, anna, RelationDraft(boris, "mentor"), clock))
    changed = RelationDraft(anna, "child", "усыновлена", date(2001, 2, 3))
    deed(lambda s: relations.change_relation(s, row, boris, changed, clock))
    (line,) = workspace.read(lambda s: relations.relations_of(s, anna))
    assert (line.id, line.side, line.note, line.since_on) == (row, "parent", "усыновлена", date(2001, 2, 3))


def test_what_cannot_be_is_refused(deed, clock, two) -> None:
    anna, boris = two
    with pytest.raises(relations.RelationToSelf):
        deed(lambda s: relations.add_relation(s, anna, RelationDraft(anna), clock))
    draft = RelationDraft(boris, since_on=DAY + timedelta(days=1))
    with pytest.raises(relations.RelationInFuture):
        deed(lambda s: relations.add_relation(s, anna, draft, clock))
    with pytest.raises(PersonUnknown):
        deed(lambda s: relations.add_relation(s, anna, RelationDraft(999), clock))


def test_who_was_deleted_is_no_relation_and_comes_back_with_them(workspace, deed, clock, two) -> None:
    anna, boris = two
    deed(lambda s: relations.add_relation(s, anna, RelationDraft(boris), clock))
    deed(lambda s: people_editing.delete_people(s, [boris], clock))
    assert seen(workspace, anna) == []
    workspace.undo()
    assert seen(workspace, anna) == [("friend", boris)]


def test_a_kind_from_elsewhere_stays_what_it_is(workspace, deed, two) -> None:
    anna, boris = two
    deed(lambda s: s.add(Relationship(person_id=anna, other_id=boris, kind="neighbor")))
    assert seen(workspace, anna) == [("neighbor", boris)]
    assert seen(workspace, boris) == [("neighbor", anna)]
