"""What a rule may be, what it says, and that no input is anything but a value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from crm import i18n
from crm.clock import Clock
from crm.models import Person
from crm.services import rules, segment_editing, segments
from crm.services.rules.personal import birthday_windows
from crm.store.workspace import Workspace
from tests.conftest import NOON
from tests.support import makers

Deed = Callable[[Callable[[Session], Any]], Any]


def rule(*leaves: dict[str, Any], match: str = "all") -> dict[str, Any]:
    return {"version": 1, "match": match, "rules": list(leaves)}


def leaf(field: str, operator: str, value: object = None, **more: object) -> dict[str, Any]:
    made: dict[str, Any] = {"field": field, "operator": operator, **more}
    return made if value is None else {**made, "value": value}


def nested(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"match": "any", "rules": [leaf("city", "is_empty")]}
    for _ in range(depth - 2):
        inner = {"match": "all", "rules": [inner]}
    return rule(inner)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ([], "rule_invalid"),
        ("everyone", "rule_invalid"),
        ({"match": "all", "rules": []}, "rule_version_unknown"),
        ({"version": 2, "match": "all", "rules": []}, "rule_version_unknown"),
        ({"version": True, "match": "all", "rules": []}, "rule_version_unknown"),
        ({"version": 1, "match": "some", "rules": []}, "rule_invalid"),
        ({"version": 1, "match": "all"}, "rule_invalid"),
        ({"version": 1, "match": "all", "rules": [], "more": 1}, "rule_invalid"),
        (rule("city"), "rule_invalid"),  # type: ignore[arg-type]
        (rule(leaf("id); DROP TABLE person;--", "is", "x")), "rule_field_unknown"),
        (rule({"operator": "is", "value": "x"}), "rule_field_unknown"),
        (rule(leaf("city", "is OR 1=1", "x")), "rule_operator_unknown"),
        (rule(leaf("city", "is")), "rule_value_empty"),
        (rule(leaf("city", "is", "")), "rule_value_empty"),
        (rule(leaf("city", "is", " \u200b ")), "rule_value_empty"),
        (rule(leaf("city", "is_one_of", [])), "rule_value_empty"),
        (rule(leaf("tag", "any_of", [])), "rule_value_empty"),
        (rule(leaf("attended", "at_least")), "rule_value_empty"),
        (rule(leaf("attended", "between", [1, None])), "rule_value_empty"),
        (rule(leaf("attended", "at_least", -1)), "rule_value_wrong"),
        (rule(leaf("attended", "at_least", "3")), "rule_value_wrong"),
        (rule(leaf("attended", "at_least", True)), "rule_value_wrong"),
        (rule(leaf("attended", "between", [3, 1])), "rule_value_wrong"),
        (rule(leaf("attended", "ever", days=0)), "rule_value_wrong"),
        (rule(leaf("attended", "ever", 3)), "rule_value_wrong"),
        (rule(leaf("city", "is", "x" * 201)), "rule_value_wrong"),
        (rule(leaf("level", "any_of", ["gold"])), "rule_value_wrong"),
        (rule(leaf("last_nps", "at_most", 11)), "rule_value_wrong"),
        (rule(leaf("last_visit", "before", "2026-02-30")), "rule_value_wrong"),
        (rule(leaf("city", "is", "x", days=30)), "rule_invalid"),
        (nested(6), "rule_too_deep"),
        (rule(*[leaf("city", "is", "x")] * 5000), "rule_too_large"),
    ],
)
def test_what_means_nothing_is_refused_and_never_everyone(raw: object, code: str) -> None:
    with pytest.raises(rules.InvalidRule) as refusal:
        rules.parse_rule(raw)
    assert refusal.value.code == code
    assert "{" not in refusal.value.text()


def test_five_levels_are_read_and_written_back() -> None:
    assert rules.dump_rule(rules.parse_rule(nested(5))) == nested(5)


def test_a_rule_is_written_back_as_it_was_read() -> None:
    raw = rule(
        leaf("attended", "between", [1, 3], days=30, event_kind="meeting"),
        leaf("last_visit", "between", ["2026-01-01", "2026-02-01"]),
        {"match": "none", "rules": [leaf("city", "is_one_of", ["Казань", "Орёл"]), leaf("event", "came", "last")]},
    )
    assert rules.dump_rule(rules.parse_rule(raw)) == raw


@pytest.mark.parametrize("empty", [{}, rule(), rule({"match": "any", "rules": []}), rule(match="none")])
def test_an_empty_rule_is_everyone(workspace: Workspace, deed: Deed, clock: Clock, empty: dict[str, Any]) -> None:
    deed(lambda s: makers.person(s, NOON).id)
    assert workspace.read(lambda s: segments.count(s, empty, clock)) == 1


def test_negatives_include_people_with_no_value(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    def fill(session: Session) -> None:
        makers.person(session, NOON, "Первый", city="Казань", search_city="казань")
        makers.person(session, NOON, "Второй")

    deed(fill)
    for one in (
        leaf("city", "is_not", "Казань"),
        leaf("city", "does_not_contain", "каз"),
        leaf("organisation", "is_not", "Ладога"),
        leaf("last_visit", "not_in_last", 30),
        leaf("contact_point", "none_of", ["phone"]),
    ):
        found = workspace.read(lambda s, one=one: segments.first_people(s, rule(one), clock))
        assert "Второй" in {row.family_name for row in found.first}, one


@pytest.mark.parametrize("hostile", ["') OR 1=1;--", "%", "_", "/", "\\", '"', "NEAR(*", "a' OR 'a'='a"])
@pytest.mark.parametrize("operator", ["is", "contains", "starts_with", "is_not", "does_not_contain"])
def test_t15_text_of_a_rule_is_only_ever_text(
    workspace: Workspace, deed: Deed, clock: Clock, hostile: str, operator: str
) -> None:
    deed(lambda s: makers.person(s, NOON, city="Казань", search_city="казань").id)
    for field in ("city", "organisation", "name"):
        if field == "name" and operator in {"is", "is_not"}:
            continue
        count = workspace.read(lambda s, field=field: segments.count(s, rule(leaf(field, operator, hostile)), clock))
        assert count == (1 if operator in {"is_not", "does_not_contain"} else 0)
    assert workspace.read(lambda s: s.scalars(select(Person.id)).all()) == [1]


def test_t15_five_hundred_conditions_are_answered(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    deed(lambda s: makers.person(s, NOON, city="г499", search_city="г499").id)
    many = rule(*(leaf("city", "is", f"г{number}") for number in range(500)), match="any")
    assert workspace.read(lambda s: segments.count(s, many, clock)) == 1


def test_the_last_thirty_days_begin_at_midnight_twenty_nine_days_ago(
    workspace: Workspace, deed: Deed, clock: Clock
) -> None:
    def fill(session: Session) -> None:
        for day in (date(2026, 10, 13), date(2026, 10, 14), date(2026, 11, 12)):
            who = makers.person(session, NOON, day.isoformat())
            makers.attendance(session, makers.event(session, NOON), who, on=day)

    deed(fill)
    found = workspace.read(lambda s: segments.first_people(s, rule(leaf("attended", "ever", days=30)), clock))
    assert [row.family_name for row in found.first] == ["2026-10-14", "2026-11-12"]


def test_a_leap_birthday_is_kept_on_the_28th_of_a_common_year() -> None:
    def kept(today: date, days: int) -> bool:
        return any(month == 2 and first <= 29 <= last for month, first, last in birthday_windows(today, days))

    assert kept(date(2027, 2, 28), 1)
    assert not kept(date(2027, 3, 1), 1)
    assert not kept(date(2028, 2, 28), 1)
    assert kept(date(2028, 2, 28), 2)
    assert birthday_windows(date(2026, 12, 30), 4) == [(12, 30, 31), (1, 1, 2)]


def test_a_deleted_tag_breaks_the_rule_and_never_means_everyone(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    tag = deed(lambda s: makers.tag(s, "Спикер").id)
    made = deed(lambda s: segment_editing.add_segment(s, "Спикеры", rule(leaf("tag", "none_of", [tag])), clock))
    deed(lambda s: s.connection().exec_driver_sql("DELETE FROM tag"))
    with pytest.raises(rules.BrokenRule) as refusal:
        workspace.read(lambda s: segments.members(s, made, clock))
    assert refusal.value.code == "rule_tag_gone"
    [row] = workspace.read(lambda s: segments.list_segments(s, clock))
    assert row.count is None
    assert "удалили" in row.problem
    assert workspace.read(lambda s: segments.segment_card(s, made, clock)).problem == row.problem
    workspace.undo()
    assert workspace.read(lambda s: segments.members(s, made, clock)) == []


def test_a_segment_made_of_itself_is_refused(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    first = deed(lambda s: segment_editing.add_segment(s, "Первый", rule(), clock))
    second = deed(lambda s: segment_editing.add_segment(s, "Второй", rule(leaf("segment", "in", first)), clock))
    for target in (first, second):
        with pytest.raises(rules.InvalidRule) as refusal:
            deed(
                lambda s, target=target: segment_editing.change_rule(
                    s, first, rule(leaf("segment", "not_in", target)), clock
                )
            )
        assert refusal.value.code == "rule_cycle"
    assert workspace.read(lambda s: segments.members(s, second, clock)) == []


def test_segments_within_segments_cannot_grow_without_end(deed: Deed, clock: Clock) -> None:
    made = deed(lambda s: segment_editing.add_segment(s, "0", rule(leaf("city", "is_empty")), clock))
    for number in range(1, 8):
        twice = rule(leaf("segment", "in", made), leaf("segment", "in", made))
        made = deed(lambda s, n=number, r=twice: segment_editing.add_segment(s, f"{n}", r, clock))
    with pytest.raises(rules.InvalidRule) as refusal:
        deed(lambda s: segment_editing.add_segment(s, "8", rule(*[leaf("segment", "in", made)] * 2), clock))
    assert refusal.value.code == "rule_too_large"


SENTENCES = [
    (rule(), "Все люди.", "Everyone."),
    (
        rule(leaf("level", "any_of", ["fading", "member"]), leaf("last_visit", "not_in_last", 45)),
        "Люди, которые сейчас затихают или просто участники и не приходили 45 дней.",
        "People who now are going quiet or simply take part and did not come for 45 days.",
    ),
    (
        rule(
            leaf("attended", "at_least", 3, days=180, event_kind="meeting"),
            leaf("feedback", "never", days=90),
            {"match": "any", "rules": [leaf("brought", "at_least", 2), leaf("spoke", "ever", days=365)]},
            {"match": "none", "rules": [leaf("kind", "any_of", ["team", "partner"])]},
        ),
        "Люди, которые приходили на встречи хотя бы 3 раза за последние 180 дней, не оставляли отзывов за последние "
        "90 дней и при этом привели хотя бы 2 человек или выступали или проводили хотя бы раз за последние 365 дней. "
        "Кроме людей, которые числятся командой или партнёрами.",
        "People who came to meetings at least 3 times in the last 180 days, gave no feedback in the last 90 days and "
        "also brought at least 2 people or spoke or organised at least once in the last 365 days. "
        "Except people who are listed as the team or as partners.",
    ),
    (
        rule(leaf("contact_point", "none_of", ["phone", "email"]), match="none"),
        "Все, кроме людей, которые не оставили ни телефона, ни почты.",
        "Everyone except people who left no phone, no e-mail address.",
    ),
    (
        rule(
            {"match": "all", "rules": [leaf("city", "is", "Орёл"), leaf("attended", "equals", 1)]},
            leaf("attended", "at_most", 21),
            match="any",
        ),
        "Люди, которые (живут в городе «Орёл» и приходили ровно 1 раз) или приходили не больше 21 раза.",
        "People who (live in “Орёл” and came exactly 1 time) or came at most 21 times.",
    ),
]


@pytest.mark.parametrize(("raw", "russian", "english"), SENTENCES)
def test_a_rule_says_itself_in_both_languages(
    workspace: Workspace, clock: Clock, raw: dict[str, Any], russian: str, english: str
) -> None:
    def said(language: str) -> str:
        with i18n.using(language):
            return workspace.read(lambda s: rules.plain(segments.describe(s, raw, clock)))

    assert (said("ru"), said("en")) == (russian, english)


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (21, "21 день"), (22, "22 дня"), (101, "101 день")],
)
def test_the_sentence_counts_days_as_russian_does(workspace: Workspace, clock: Clock, count: int, words: str) -> None:
    said = workspace.read(lambda s: segments.describe(s, rule(leaf("last_visit", "not_in_last", count)), clock))
    assert rules.plain(said) == f"Люди, которые не приходили {words}."


def test_the_meaning_is_strong_and_the_frame_is_not(workspace: Workspace, clock: Clock) -> None:
    said = workspace.read(
        lambda s: segments.describe(s, rule(leaf("city", "is_empty"), leaf("last_nps", "is_empty")), clock)
    )
    assert [part.text for part in said if part.strong] == ["не назвали города", "ещё не ставили оценку"]


def every_leaf(tag: int, segment: int, event: int) -> list[dict[str, Any]]:
    """One condition for each operator of each field."""
    values: dict[str, object] = {
        "none": None, "text": "каз", "texts": ["каз"], "number": 3, "numbers": [1, 3], "score": 6, "scores": [3, 8],
        "days": 30, "date": "2026-11-01", "dates": ["2026-01-01", "2026-11-01"], "tag": tag, "tags": [tag],
        "kinds": ["member"], "levels": ["fading"], "contacts": ["phone", "email"], "segment": segment, "event": event,
    }  # fmt: skip
    made = []
    for field in rules.FIELDS.values():
        for operator in field.operators:
            one = leaf(field.key, operator.key, values[operator.editor])
            made.append(one)
            if field.has_period:
                made.append({**one, "days": 180})
            if field.has_event_kind:
                made.append({**one, "days": 180, "event_kind": "meeting"})
    return made


def test_every_condition_looks_up_attendance_by_an_index(workspace: Workspace, deed: Deed, clock: Clock) -> None:
    def fill(session: Session) -> tuple[int, int, int]:
        who = makers.person(session, NOON)
        event = makers.event(session, NOON)
        makers.attendance(session, event, who)
        segment = segment_editing.add_segment(session, "Частые", rule(leaf("attended", "at_least", 3, days=90)), clock)
        return makers.tag(session, "Спикер").id, segment, event.id

    leaves = every_leaf(*deed(fill))
    assert len(leaves) > 100

    def plans(session: Session) -> list[tuple[object, str]]:
        context = rules.Context(session, clock)
        found = []
        for tree in [*(rules.parse_rule(rule(one)) for one in leaves), *(one.tree for one in rules.STARTERS)]:
            query = select(Person.id).where(*rules.alive(), tree.where(rules.Context(session, clock)))
            compiled = query.compile(session.connection(), compile_kwargs={"literal_binds": True})
            steps = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").all()
            assert rules.plain(rules.sentence(context, tree))
            assert "%(" in str(query.compile(dialect=postgresql.dialect())) or not compiled.params
            found.extend((tree.dump(), step[3]) for step in steps)
        return found

    for asked, step in workspace.read(plans):
        assert "SCAN attendance" not in step, asked


def test_every_starter_can_be_asked_on_an_empty_store(workspace: Workspace, clock: Clock) -> None:
    rows = workspace.read(lambda s: segments.list_starters(s, clock))
    assert [row.count for row in rows] == [0] * len(rules.STARTERS)
    assert all(not row.problem and row.name and row.note for row in rows)
