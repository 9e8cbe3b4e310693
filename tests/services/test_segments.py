"""Segments: who is inside, why, what was decided by hand, freezing, references, movement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm.clock import Clock
from crm.i18n import phrase
from crm.models import Person, Segment
from crm.services import rules, segment_editing, segment_movement, segments
from crm.services.segment_rows import (
    SegmentAmbiguous,
    SegmentFrozen,
    SegmentNameless,
    SegmentNameTaken,
    SegmentUnknown,
)
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers

Deed = Callable[[Callable[[Session], Any]], Any]
FROM_KAZAN = {"version": 1, "match": "all", "rules": [{"field": "city", "operator": "is", "value": "КАЗАНЬ"}]}
CAME = {"version": 1, "match": "all", "rules": [{"field": "attended", "operator": "ever", "days": 30}]}


def citizen(session: Session, family: str, city: str = "Казань", **fields: object) -> int:
    return makers.person(session, NOON, family, city=city, search_city=city.casefold(), **fields).id


@pytest.fixture
def kazan(deed: Deed, clock: Clock) -> int:
    def fill(session: Session) -> int:
        citizen(session, "Якимов")
        citizen(session, "Абрамов")
        citizen(session, "Москвич", "Москва")
        citizen(session, "Удалённый", deleted_at=NOON)
        citizen(session, "Архивный", archived_at=NOON)
        return segment_editing.add_segment(session, "Казань", FROM_KAZAN, clock, pinned=True)

    return deed(fill)


def names(workspace: Workspace, ids: list[int]) -> list[str]:
    return workspace.read(lambda s: [s.get_one(Person, one).family_name for one in ids])


def test_members_come_in_the_order_of_lists_without_the_deleted_and_archived(
    workspace: Workspace, kazan: int, clock: Clock
) -> None:
    assert names(workspace, workspace.read(lambda s: segments.members(s, kazan, clock))) == ["Абрамов", "Якимов"]
    found = workspace.read(lambda s: segments.first_members(s, kazan, clock, limit=1))
    assert (found.count, found.community, [row.family_name for row in found.first]) == (2, 3, ["Абрамов"])
    [row] = workspace.read(lambda s: segments.list_segments(s, clock))
    assert (row.key, row.name, row.count, row.pinned) == (("segment", kazan), "Казань", 2, True)
    assert row.note == "Живут в городе «КАЗАНЬ»"
    assert workspace.read(lambda s: segments.pinned_segments(s, clock)) == [row]


def test_what_is_decided_by_hand_beats_the_rule_and_is_shown(
    workspace: Workspace, deed: Deed, kazan: int, clock: Clock
) -> None:
    deed(lambda s: segment_editing.decide_by_hand(s, kazan, 3, "include", clock))
    deed(lambda s: segment_editing.decide_by_hand(s, kazan, 1, "exclude", clock))
    assert workspace.read(lambda s: segments.members(s, kazan, clock)) == [2, 3]
    assert workspace.read(lambda s: segments.contains(s, kazan, 3, clock))
    assert not workspace.read(lambda s: segments.contains(s, kazan, 1, clock))
    card = workspace.read(lambda s: segments.segment_card(s, kazan, clock))
    assert (card.included, card.excluded) == (1, 1)
    kept_out = workspace.read(lambda s: segments.why(s, kazan, 1, clock))
    assert (kept_out.inside, kept_out.by_hand, kept_out.reasons[0].holds) == (False, "exclude", True)
    edited = workspace.read(lambda s: segments.first_people(s, segment_editing.empty_rule(), clock, segment_id=kazan))
    assert [row.id for row in edited.first] == [2, 3]
    deed(lambda s: segment_editing.decide_by_hand(s, kazan, 1, None, clock))
    assert workspace.read(lambda s: segments.members(s, kazan, clock)) == [2, 3, 1]


def test_why_names_the_rows_that_matched(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    rule = {
        "version": 1,
        "match": "any",
        "rules": [
            {"field": "attended", "operator": "at_least", "value": 2, "days": 30},
            {"field": "contact_point", "operator": "any_of", "value": ["phone"]},
            {"field": "tag", "operator": "is_empty"},
        ],
    }

    def fill(session: Session) -> int:
        who = makers.person(session, NOON)
        makers.phone(session, who)
        for days in (1, 5, 100):
            at = NOON - timedelta(days=days)
            makers.attendance(session, makers.event(session, at, f"Встреча {days}"), who)
        return segment_editing.add_segment(session, "Есть за что", rule, clock)

    made = deed(fill)
    told = workspace.read(lambda s: segments.why(s, made, 1, clock))
    visits, phone, untagged = told.reasons
    assert told.inside
    assert visits.rule == "приходили хотя бы 2 раза за последние 30 дней"
    assert [(row.table, row.text, row.on) for row in visits.rows] == [
        ("attendance", "Встреча 1", date(2026, 11, 11)),
        ("attendance", "Встреча 5", date(2026, 11, 7)),
    ]
    assert [row.text for row in phone.rows] == ["+79000000001"]
    assert (untagged.holds, untagged.rows) == (True, ())


def test_a_frozen_list_stays_as_it_was(workspace: Workspace, deed: Deed, kazan: int, clock: Clock) -> None:
    frozen = deed(lambda s: segment_editing.freeze_segment(s, kazan, clock))
    deed(lambda s: citizen(s, "Новый"))
    assert len(workspace.read(lambda s: segments.members(s, kazan, clock))) == 3
    assert names(workspace, workspace.read(lambda s: segments.members(s, frozen, clock))) == ["Абрамов", "Якимов"]
    card = workspace.read(lambda s: segments.segment_card(s, frozen, clock))
    assert (card.kind, card.frozen_at, card.name) == (
        "frozen",
        NOON,
        "Казань, 12 ноя 2026",
    )
    with pytest.raises(SegmentFrozen):
        deed(lambda s: segment_editing.change_rule(s, frozen, FROM_KAZAN, clock))
    deed(lambda s: segment_editing.decide_by_hand(s, frozen, 3, "include", clock))
    deed(lambda s: segment_editing.decide_by_hand(s, frozen, 1, "exclude", clock))
    assert workspace.read(lambda s: segments.members(s, frozen, clock)) == [2, 3]


def test_a_rule_is_changed_as_one_deed_that_can_be_undone(workspace: Workspace, deed: Deed, kazan: int) -> None:
    later = clocks.fixed(NOON + timedelta(days=3))
    before = workspace.read(lambda s: segments.segment_card(s, kazan, later))
    done = workspace.write(phrase("Change"), lambda s: segment_editing.change_rule(s, kazan, CAME, later))
    assert done.tables == {"segment"}
    after = workspace.read(lambda s: segments.segment_card(s, kazan, later))
    assert (after.rule, after.changed_at) == (CAME, NOON + timedelta(days=3))
    assert workspace.write(phrase("Again"), lambda s: segment_editing.change_rule(s, kazan, CAME, later)).deed is None
    workspace.undo()
    assert workspace.read(lambda s: segments.segment_card(s, kazan, later)) == before


def test_a_removed_segment_comes_back_with_its_past(workspace: Workspace, deed: Deed, kazan: int, clock: Clock) -> None:
    made_of_it = {"version": 1, "match": "all", "rules": [{"field": "segment", "operator": "in", "value": kazan}]}
    user = deed(lambda s: segment_editing.add_segment(s, "Внутри", made_of_it, clock))
    assert workspace.read(lambda s: segments.segment_card(s, kazan, clock)).used_in == ("Внутри",)
    workspace.maintain(lambda s: segment_movement.take_snapshots(s, clock))
    deed(lambda s: segment_editing.remove_segment(s, kazan, clock))
    assert [row.id for row in workspace.read(lambda s: segments.list_segments(s, clock))] == [user]
    assert workspace.read(lambda s: segments.list_segments(s, clock))[0].problem
    with pytest.raises(SegmentUnknown):
        workspace.read(lambda s: segments.segment_card(s, kazan, clock))
    workspace.undo()
    row = workspace.read(lambda s: segments.list_segments(s, clock))[0]
    assert (row.id, row.pinned, row.count) == (kazan, True, 2)
    assert workspace.read(lambda s: len(s.connection().exec_driver_sql("SELECT * FROM segment_snapshot").all())) == 2


def test_names_are_needed_and_told_apart(deed: Deed, kazan: int, clock: Clock) -> None:
    with pytest.raises(SegmentNameless):
        deed(lambda s: segment_editing.add_segment(s, " \u202e ", {}, clock))
    with pytest.raises(SegmentNameTaken):
        deed(lambda s: segment_editing.add_segment(s, "казань", {}, clock))
    deed(lambda s: segment_editing.rename_segment(s, kazan, "КАЗАНЬ"))
    copy = deed(lambda s: segment_editing.duplicate_segment(s, kazan, clock))
    with pytest.raises(SegmentNameTaken):
        deed(lambda s: segment_editing.rename_segment(s, copy, "казань"))
    assert deed(lambda s: s.get_one(Segment, copy).name) == "КАЗАНЬ 2"


def test_a_copy_keeps_what_was_decided_by_hand(workspace: Workspace, deed: Deed, kazan: int, clock: Clock) -> None:
    deed(lambda s: segment_editing.decide_by_hand(s, kazan, 3, "include", clock))
    copy = deed(lambda s: segment_editing.duplicate_segment(s, kazan, clock))
    assert workspace.read(lambda s: segments.members(s, copy, clock)) == [2, 3, 1]


def test_a_starter_becomes_ones_own_once(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    ready = workspace.read(lambda s: segments.list_starters(s, clock))
    made = deed(lambda s: segment_editing.add_starter(s, "fading", clock, pinned=True))
    left = workspace.read(lambda s: segments.list_starters(s, clock))
    assert {row.starter for row in ready} - {row.starter for row in left} == {"fading"}
    card = workspace.read(lambda s: segments.segment_card(s, made, clock))
    assert (card.starter, card.name, card.glyph, card.pinned) == ("fading", "Затихающие", "fading", True)
    assert (
        workspace.read(lambda s: segments.starter_card(s, "birthdays", clock)).rule == rules.starter("birthdays").rule
    )
    with pytest.raises(SegmentUnknown):
        workspace.read(lambda s: segments.starter_card(s, "none_such", clock))


def test_a_reference_is_a_number_a_uid_or_an_unambiguous_name(
    workspace: Workspace, deed: Deed, kazan: int, clock: Clock
) -> None:
    other = deed(lambda s: segment_editing.add_segment(s, "Ещё не были", {}, clock))
    deed(lambda s: segment_editing.add_segment(s, "Ещё придут", {}, clock))
    uid = workspace.read(lambda s: segments.segment_card(s, kazan, clock)).uid

    def find(ref: str) -> int:
        return workspace.read(lambda s: segments.resolve_segment(s, ref))

    assert [find(ref) for ref in (f"#{kazan}", str(kazan), uid, "казань", "КАЗ")] == [kazan] * 5
    assert find("еще НЕ были") == other
    with pytest.raises(SegmentAmbiguous) as many:
        find("ещё")
    assert "Ещё придут" in many.value.text()
    for unknown in ("#99", "нет такого", "", "%"):
        with pytest.raises(SegmentUnknown):
            find(unknown)


def test_movement_is_what_changed_between_daily_pictures(
    workspace: Workspace, deed: Deed, kazan: int, clock: Clock
) -> None:
    def on(days: int) -> Clock:
        return clocks.fixed(NOON + timedelta(days=days))

    def moved(days: int) -> object:
        return workspace.read(lambda s: segment_movement.movement(s, kazan, (NOON + timedelta(days=days)).date()))

    def picture(days: int) -> int:
        return workspace.maintain(lambda s: segment_movement.take_snapshots(s, on(days)))

    assert moved(0) is None
    assert (picture(0), picture(0)) == (1, 0)
    assert moved(0) is None
    picture(1)
    newcomer = deed(lambda s: citizen(s, "Новый"))
    deed(lambda s: setattr(s.get_one(Person, 1), "archived_at", NOON))
    picture(2)
    told = moved(2)
    assert (told.entered, told.left, told.entered_ids) == (1, 1, {newcomer})
    assert told.days == ((date(2026, 11, 14), 1, 1),)
    assert told.since == date(2026, 11, 14)
    deed(lambda s: setattr(s.get_one(Person, 1), "archived_at", None))
    picture(5)
    assert (moved(5).entered, moved(5).left, moved(5).entered_ids) == (2, 1, {newcomer, 1})
    assert moved(32).days == ((date(2026, 11, 17), 1, 0),)


def test_a_changed_rule_is_no_movement(workspace: Workspace, deed: Deed, kazan: int, clock: Clock) -> None:
    for days in (0, 1, 2):
        workspace.maintain(lambda s, d=days: segment_movement.take_snapshots(s, clocks.fixed(NOON + timedelta(days=d))))
    everyone = segment_editing.empty_rule()
    later = clocks.fixed(NOON + timedelta(days=3))
    workspace.write(phrase("Change"), lambda s: segment_editing.change_rule(s, kazan, everyone, later))
    workspace.maintain(lambda s: segment_movement.take_snapshots(s, later))
    assert workspace.read(lambda s: segment_movement.movement(s, kazan, (NOON + timedelta(days=3)).date())) is None
    for days in (4, 5):
        moment: datetime = NOON + timedelta(days=days)
        workspace.maintain(lambda s, m=moment: segment_movement.take_snapshots(s, clocks.fixed(m)))
    told = workspace.read(lambda s: segment_movement.movement(s, kazan, (NOON + timedelta(days=5)).date()))
    assert (told.entered, told.left, told.since) == (0, 0, date(2026, 11, 17))


def test_a_broken_segment_is_passed_over_by_the_pictures(
    workspace: Workspace, deed: Deed, kazan: int, clock: Clock
) -> None:
    deed(lambda s: setattr(s.get_one(Segment, kazan), "rule", {"version": 9}))
    assert workspace.maintain(lambda s: segment_movement.take_snapshots(s, clock)) == 0
    [row] = workspace.read(lambda s: segments.list_segments(s, clock))
    assert row == replace(row, count=None)
    assert "9" in row.problem


def test_the_builder_chooses_from_what_the_store_has(
    workspace: Workspace, deed: Deed, kazan: int, clock: Clock
) -> None:
    deed(lambda s: segment_editing.add_segment(s, "Другой", {}, clock))
    found = workspace.read(lambda s: segments.choices(s, clock))
    assert [name for _, name in found["segments"]] == ["Казань", "Другой"]
    assert [key for key, _ in found["kinds"]] == ["meeting", "webinar", "talk"]
    assert found["cities"] == [("Казань", "Казань"), ("Москва", "Москва")]
