"""Rules mean in SQL what a plain-Python oracle says they mean: random trees over a small community, the same people."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import text
from crm.i18n import phrase
from crm.models import (
    Answer,
    Attendance,
    ContactPoint,
    Event,
    EventKind,
    FeedbackItem,
    Interaction,
    InteractionPerson,
    Organisation,
    Person,
    PersonTag,
    Question,
    Response,
    SegmentMember,
    Survey,
    Tag,
)
from crm.services import segment_editing, segments
from crm.store.workspace import Workspace

NOON = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
TODAY = NOON.date()
CLOCK = clocks.fixed(NOON)
TAGS = ("Спикер", "Аналитик", "Ёлка", "Редкая")
CITIES = ("", "Москва", "Орёл", "Нижний Новгород", "100%_го")
ORGANISATIONS = ("Ладога Банк", "Мосметрика", "ООО «Ромашка»")
CONTACTS = ("phone", "email", "telegram", "vk")
STATUSES = ("registered", "attended", "walk_in", "no_show", "cancelled", "waitlisted", "invited")
DAYS = (1, 2, 7, 14, 30, 60, 90, 400)


@dataclass
class Gathering:
    """An event as the oracle knows it."""

    kind: str
    on: date
    id: int = 0


@dataclass
class Human:
    """A person as the oracle knows them: plain facts."""

    names: str
    kind: str
    city: str
    organisation: str
    tags: set[int]
    contacts: set[str]
    birthday: tuple[int, int] | None
    joined: date | None
    gone: bool
    visits: list[tuple[int, str, str]] = field(default_factory=list)
    forms: list[tuple[date, int | None]] = field(default_factory=list)
    items: list[datetime] = field(default_factory=list)
    talks: list[tuple[datetime, str]] = field(default_factory=list)
    referrer: int | None = None
    level: str = "none"
    by_hand: str = ""
    id: int = 0


@dataclass
class Community:
    """What both sides look at: the store for the rules, the plain facts for the oracle."""

    workspace: Workspace
    humans: list[Human]
    gatherings: list[Gathering]
    tags: list[int]
    segment: int
    segment_rule: dict[str, Any]


def invent() -> tuple[list[Human], list[Gathering]]:
    chance = random.Random(20261112)
    gatherings = [
        Gathering(chance.choice(("meeting", "webinar")), TODAY - timedelta(days=days))
        for days in (-9, 0, 1, 6, 7, 13, 14, 29, 30, 59, 60, 61, 89, 90, 91, 200, 399, 400)
    ]
    humans = []
    for number in range(48):
        day = TODAY + timedelta(days=chance.choice((-1, 0, 1, 6, 7, 13, 29, 30, 100)))
        birthday = chance.choice((None, (2, 29), (day.month, day.day)))
        joined = chance.choice((None, TODAY - timedelta(days=chance.choice((0, 1, 6, 7, 29, 30, 90, 400)))))
        human = Human(
            names=f"{chance.choice(('Иванов', 'Ёжикова', 'Smith', 'Ким'))} {chance.choice(('Пётр', 'Анна'))}",
            kind=chance.choice(("member", "member", "partner", "team")),
            city=chance.choice(CITIES),
            organisation=chance.choice(("", *ORGANISATIONS)),
            tags={place for place in range(4) if chance.random() < 0.3},
            contacts={kind for kind in CONTACTS if chance.random() < 0.4},
            birthday=birthday,
            joined=joined,
            gone=number % 11 == 0,
            by_hand=chance.choice(("", "", "", "include", "exclude")),
        )
        for place in chance.sample(range(len(gatherings)), chance.randint(0, 9)):
            past = gatherings[place].on <= TODAY
            status = chance.choice(STATUSES) if past else chance.choice(("registered", "cancelled", "invited"))
            human.visits.append((place, status, chance.choice(("guest", "guest", "speaker", "organiser", "volunteer"))))
        for _ in range(chance.choice((0, 0, 1, 3))):
            day = TODAY - timedelta(days=chance.choice((0, 1, 6, 7, 13, 29, 30, 89, 90, 400)))
            human.forms.append((day, chance.choice((None, 0, 5, 6, 7, 8, 9, 10))))
        for _ in range(chance.choice((0, 0, 1))):
            human.items.append(NOON - timedelta(days=chance.choice((0, 13, 14, 90)), hours=1))
        for _ in range(chance.choice((0, 0, 1, 3))):
            moment = NOON - timedelta(days=chance.choice((0, 13, 14, 29, 30, 90)), minutes=1)
            human.talks.append((moment, chance.choice(("call", "meeting", "note"))))
        if humans and chance.random() < 0.4:
            human.referrer = chance.randrange(len(humans))
        humans.append(human)
    # On the edge of a day: 00:00 in Moscow is 21:00 UTC of the day before.
    humans[1].talks = [(datetime(2026, 10, 29, 21, 0, tzinfo=UTC), "call")]
    humans[2].talks = [(datetime(2026, 10, 29, 20, 59, tzinfo=UTC), "call")]
    return humans, gatherings


def fill(session: Session, humans: list[Human], gatherings: list[Gathering]) -> list[int]:
    kinds = {row.key: row.id for row in session.execute(select(EventKind.key, EventKind.id))}
    for number, gathering in enumerate(gatherings):
        at = datetime.combine(gathering.on, datetime.min.time(), tzinfo=UTC) + timedelta(hours=8)
        row = Event(
            title=f"Встреча {number}", search_title=f"встреча {number}", kind_id=kinds[gathering.kind], starts_at=at,
            ends_at=at, zone="Europe/Moscow", on=gathering.on, created_at=NOON,
        )  # fmt: skip
        session.add(row)
        session.flush()
        gathering.id = row.id
    tags = [Tag(name=name, search_name=text.fold(name)) for name in TAGS]
    organisations = {
        name: Organisation(
            name=name, match_key=text.fold(name), search_name=text.fold(name), sort_key=name, created_at=NOON
        )
        for name in ORGANISATIONS
    }
    survey = Survey(title="Отзыв", created_at=NOON)
    session.add_all([*tags, *organisations.values(), survey])
    session.flush()
    question = Question(survey_id=survey.id, kind="nps", text="Посоветуете?")
    session.add(question)
    session.flush()
    for human in humans:
        person = Person(
            kind=human.kind, family_name=human.names.split()[0], given_name=human.names.split()[1],
            search_names=text.fold(human.names), sort_key=text.sort_key(human.names),
            city=human.city, search_city=text.fold(human.city), joined_on=human.joined,
            birth_month=human.birthday[0] if human.birthday else None,
            birth_day=human.birthday[1] if human.birthday else None,
            organisation_id=organisations[human.organisation].id if human.organisation else None,
            referred_by_id=None if human.referrer is None else humans[human.referrer].id,
            created_at=NOON, changed_at=NOON, archived_at=NOON if human.gone and human.kind == "member" else None,
            deleted_at=NOON if human.gone and human.kind != "member" else None,
        )  # fmt: skip
        session.add(person)
        session.flush()
        human.id = person.id
        session.add_all(PersonTag(person_id=person.id, tag_id=tags[place].id) for place in human.tags)
        human.tags = {tags[place].id for place in human.tags}
        session.add_all(ContactPoint(person_id=person.id, kind=kind, value=kind) for kind in human.contacts)
        session.add_all(
            Attendance(
                event_id=gatherings[place].id, person_id=person.id, status=status, role=role,
                event_on=gatherings[place].on,
            )
            for place, status, role in human.visits
        )  # fmt: skip
        for day, score in human.forms:
            form = Response(survey_id=survey.id, person_id=person.id, at=NOON, on=day)
            session.add(form)
            session.flush()
            if score is not None:
                session.add(Answer(response_id=form.id, question_id=question.id, kind="nps", number=score))
        for moment in human.items:
            session.add(FeedbackItem(kind="idea", text="мысль", person_id=person.id, at=moment))
        for moment, kind in human.talks:
            talk = Interaction(kind=kind, at=moment)
            session.add(talk)
            session.flush()
            session.add(InteractionPerson(interaction_id=talk.id, person_id=person.id))
    session.flush()
    return [tag.id for tag in tags]


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Community]:
    folder: Path = tmp_path_factory.mktemp("oracle")
    humans, gatherings = invent()
    with Workspace.create(folder / "community.krug", CLOCK) as workspace:
        tags = workspace.write(phrase("Fill"), lambda s: fill(s, humans, gatherings)).value
        rule = {"version": 1, "match": "all", "rules": [{"field": "attended", "operator": "at_least", "value": 2}]}

        def add(session: Session) -> int:
            made = segment_editing.add_segment(session, "Частые", rule, CLOCK)
            for human in humans:
                if human.by_hand:
                    session.add(SegmentMember(segment_id=made, person_id=human.id, state=human.by_hand, added_at=NOON))
            return made

        segment = workspace.write(phrase("Add"), add).value
        levels = workspace.read(
            lambda s: dict(s.connection().exec_driver_sql("SELECT person_id, level FROM person_score").all())
        )
        for human in humans:
            human.level = levels.get(human.id, "none")
        yield Community(workspace, humans, gatherings, tags, segment, rule)


# -- the oracle -------------------------------------------------------------------------------------------------------


def came(community: Community, human: Human) -> list[date]:
    return sorted(
        community.gatherings[place].on for place, status, _ in human.visits if status in ("attended", "walk_in")
    )


def within(rule: dict[str, Any], day: date) -> bool:
    days = rule.get("days")
    return days is None or TODAY - timedelta(days=days - 1) <= day <= TODAY


def moscow(moment: datetime) -> date:
    return (moment + timedelta(hours=3)).date()


def fits_count(rule: dict[str, Any], count: int) -> bool:
    value = rule.get("value")
    return {
        "at_least": lambda: count >= value,
        "at_most": lambda: count <= value,
        "equals": lambda: count == value,
        "between": lambda: value[0] <= count <= value[1],
        "ever": lambda: count > 0,
        "never": lambda: count == 0,
    }[rule["operator"]]()


def fits_text(rule: dict[str, Any], held: str) -> bool:
    held, value = text.fold(held), rule.get("value")
    asked = [text.fold(one) for one in value] if isinstance(value, list) else text.fold(value or "")
    return {
        "is": lambda: held == asked,
        "is_not": lambda: held != asked,
        "is_one_of": lambda: held in asked,
        "contains": lambda: asked in held,
        "does_not_contain": lambda: asked not in held,
        "starts_with": lambda: held.startswith(asked),
        "is_empty": lambda: held == "",
        "is_not_empty": lambda: held != "",
    }[rule["operator"]]()


def fits_day(rule: dict[str, Any], day: date | None) -> bool:
    value = rule.get("value")
    match rule["operator"]:
        case "is_empty":
            return day is None
        case "is_not_empty":
            return day is not None
        case "not_in_last":
            return day is None or not TODAY - timedelta(days=value - 1) <= day <= TODAY
        case _ if day is None:
            return False
        case "in_last":
            return TODAY - timedelta(days=value - 1) <= day <= TODAY
        case "older_than":
            return day < TODAY - timedelta(days=value)
        case "before":
            return day < date.fromisoformat(value)
        case "after":
            return day > date.fromisoformat(value)
        case _:
            return date.fromisoformat(value[0]) <= day <= date.fromisoformat(value[1])


def fits_set(rule: dict[str, Any], held: set[Any]) -> bool:
    value = rule.get("value")
    asked = set(value) if isinstance(value, list) else {value}
    return {
        "any_of": lambda: bool(held & asked),
        "is": lambda: bool(held & asked),
        "all_of": lambda: asked <= held,
        "none_of": lambda: not held & asked,
        "is_empty": lambda: not held,
    }[rule["operator"]]()


def fits_birthday(rule: dict[str, Any], birthday: tuple[int, int] | None) -> bool:
    if rule["operator"] != "in_next":
        return (birthday is None) == (rule["operator"] == "is_empty")
    if birthday is None:
        return False
    for ahead in range(rule["value"]):
        day = TODAY + timedelta(days=ahead)
        leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
        kept = (2, 28) if birthday == (2, 29) and not leap else birthday
        if kept == (day.month, day.day):
            return True
    return False


def fits_event(community: Community, rule: dict[str, Any], human: Human) -> bool:
    if rule["value"] == "last":
        begun = [
            gathering for place, gathering in enumerate(community.gatherings)
            if gathering.on <= TODAY and any(
                visit[0] == place and visit[1] in ("attended", "walk_in")
                for one in community.humans for visit in one.visits
            )
        ]  # fmt: skip
        event = max(begun, key=lambda gathering: gathering.on)
    else:
        event = next(gathering for gathering in community.gatherings if gathering.id == rule["value"])
    status = next((s for place, s, _ in human.visits if community.gatherings[place] is event), "")
    here = status in ("attended", "walk_in")
    return {
        "came": lambda: here,
        "first_time": lambda: here and came(community, human)[0] == event.on,
        "signed_up": lambda: status in ("registered", "attended", "no_show"),
        "missed": lambda: status == "no_show",
        "not_came": lambda: not here,
    }[rule["operator"]]()


def count_of(community: Community, rule: dict[str, Any], human: Human) -> int:
    statuses = {
        "attended": ("attended", "walk_in"),
        "registered": ("registered", "attended", "no_show"),
        "no_show": ("no_show",),
        "spoke": ("attended", "walk_in"),
    }.get(rule["field"])
    if statuses:
        return sum(
            status in statuses
            and within(rule, community.gatherings[place].on)
            and rule.get("event_kind") in (None, community.gatherings[place].kind)
            and (rule["field"] != "spoke" or role in ("speaker", "organiser"))
            for place, status, role in human.visits
        )
    match rule["field"]:
        case "brought":
            brought = [
                one for one in community.humans
                if one.referrer is not None and community.humans[one.referrer] is human
                and not (one.gone and one.kind != "member")
            ]  # fmt: skip
            return sum(bool(days := came(community, one)) and within(rule, days[0]) for one in brought)
        case "feedback":
            return sum(within(rule, day) for day, _ in human.forms) + sum(
                within(rule, moscow(moment)) for moment in human.items
            )
        case _:
            return sum(kind != "note" and within(rule, moscow(moment)) for moment, kind in human.talks)


def fits_score(rule: dict[str, Any], human: Human) -> bool:
    scored = [(day, place, score) for place, (day, score) in enumerate(human.forms) if score is not None]
    if rule["operator"] in ("is_empty", "is_not_empty"):
        return bool(scored) == (rule["operator"] == "is_not_empty")
    return bool(scored) and fits_count(rule, max(scored)[2])


def fits_name(rule: dict[str, Any], human: Human) -> bool:
    if rule["operator"] != "starts_with":
        return fits_text(rule, human.names)
    asked, names = text.fold(rule["value"]), text.fold(human.names)
    return names.startswith(asked) or f" {asked}" in names


def fits_segment(community: Community, rule: dict[str, Any], human: Human) -> bool:
    inside = bool(holds(community, community.segment_rule, human))
    inside = human.by_hand == "include" or (inside and human.by_hand != "exclude")
    return inside == (rule["operator"] == "in")


def fits(community: Community, rule: dict[str, Any], human: Human) -> bool:
    visits = came(community, human)
    answers: dict[str, Callable[[], bool]] = {
        "tag": lambda: fits_set(rule, human.tags),
        "contact_point": lambda: fits_set(rule, human.contacts),
        "kind": lambda: fits_set(rule, {human.kind}),
        "level": lambda: fits_set(rule, {human.level}),
        "city": lambda: fits_text(rule, human.city),
        "organisation": lambda: fits_text(rule, human.organisation),
        "name": lambda: fits_name(rule, human),
        "birthday": lambda: fits_birthday(rule, human.birthday),
        "joined": lambda: fits_day(rule, human.joined),
        "last_visit": lambda: fits_day(rule, visits[-1] if visits else None),
        "first_visit": lambda: fits_day(rule, visits[0] if visits else None),
        "event": lambda: fits_event(community, rule, human),
        "last_nps": lambda: fits_score(rule, human),
        "segment": lambda: fits_segment(community, rule, human),
    }
    counted = lambda: fits_count(rule, count_of(community, rule, human))  # noqa: E731 - one of the answers
    return answers.get(rule["field"], counted)()


def holds(community: Community, rule: dict[str, Any], human: Human) -> bool | None:
    """True or false, None for a group that asks for nothing."""
    if "match" not in rule:
        return fits(community, rule, human)
    answers = [answer for one in rule["rules"] if (answer := holds(community, one, human)) is not None]
    if not answers:
        return None
    return {"all": all, "any": any, "none": lambda found: not any(found)}[rule["match"]](answers)


# -- random rules -----------------------------------------------------------------------------------------------------

TEXTS = st.sampled_from(("москва", "МОСКВА", "орел", "Орёл", "о", "%", "_", "100%", "ладога", "новгород", "ро", "'"))
COUNTS = st.one_of(
    st.fixed_dictionaries({"operator": st.sampled_from(("at_least", "at_most", "equals")), "value": st.integers(0, 5)}),
    st.fixed_dictionaries(
        {"operator": st.just("between"), "value": st.tuples(st.integers(0, 3), st.integers(3, 6)).map(list)}
    ),
    st.fixed_dictionaries({"operator": st.sampled_from(("ever", "never"))}),
)
ISO = st.sampled_from([(TODAY - timedelta(days=days)).isoformat() for days in (0, 1, 30, 90, 400)])
ON_DAYS = st.one_of(
    st.fixed_dictionaries(
        {"operator": st.sampled_from(("in_last", "not_in_last", "older_than")), "value": st.sampled_from(DAYS)}
    ),
    st.fixed_dictionaries({"operator": st.sampled_from(("before", "after")), "value": ISO}),
    st.fixed_dictionaries({"operator": st.just("between"), "value": st.tuples(ISO, ISO).map(sorted)}),
    st.fixed_dictionaries({"operator": st.sampled_from(("is_empty", "is_not_empty"))}),
)
ON_TEXT = st.one_of(
    st.fixed_dictionaries(
        {
            "operator": st.sampled_from(("is", "is_not", "contains", "does_not_contain", "starts_with")),
            "value": TEXTS,
        }
    ),
    st.fixed_dictionaries({"operator": st.just("is_one_of"), "value": st.lists(TEXTS, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"operator": st.sampled_from(("is_empty", "is_not_empty"))}),
)


def some(values: tuple[Any, ...] | list[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


def leaf(community: Community) -> st.SearchStrategy[dict[str, Any]]:
    def of(names: str | tuple[str, ...], body: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        named = st.sampled_from((names,) if isinstance(names, str) else names)
        return st.tuples(named, body).map(lambda pair: {"field": pair[0], **pair[1]})

    def sets(values: tuple[Any, ...] | list[Any], *operators: str) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({"operator": st.sampled_from(operators), "value": some(values)})

    period = st.fixed_dictionaries({}, optional={"days": st.sampled_from(DAYS)})
    kind = st.fixed_dictionaries({}, optional={"event_kind": st.sampled_from(("meeting", "webinar"))})

    def joined(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        return st.tuples(*parts).map(lambda dicts: {name: value for one in dicts for name, value in one.items()})

    empty = st.just({"operator": "is_empty"})
    scores = COUNTS.filter(lambda rule: rule["operator"] not in ("ever", "never"))
    return st.one_of(
        of("tag", st.one_of(sets(community.tags, "any_of", "all_of", "none_of"), empty)),
        of("tag", st.fixed_dictionaries({"operator": st.just("is"), "value": st.sampled_from(community.tags)})),
        of(("city", "organisation"), ON_TEXT),
        of("name", ON_TEXT.filter(lambda one: one["operator"] in ("contains", "does_not_contain", "starts_with"))),
        of("kind", sets(("member", "partner", "team", "media"), "any_of", "none_of")),
        of("level", sets(("core", "active", "member", "new", "fading", "none"), "any_of", "none_of")),
        of("contact_point", st.one_of(sets(CONTACTS, "any_of", "all_of", "none_of"), empty)),
        of(("attended", "registered", "no_show"), joined(COUNTS, period, kind)),
        of(("attended", "spoke", "brought", "feedback", "interaction"), joined(COUNTS, period)),
        of(("last_visit", "first_visit", "joined"), ON_DAYS),
        of("birthday", st.one_of(st.fixed_dictionaries({"operator": st.just("in_next"), "value": st.integers(1, 370)}),
                                 empty, st.just({"operator": "is_not_empty"}))),
        of("last_nps", st.one_of(scores, empty, st.just({"operator": "is_not_empty"}))),
        of("segment", st.fixed_dictionaries(
            {"operator": st.sampled_from(("in", "not_in")), "value": st.just(community.segment)})),
        of("event", st.fixed_dictionaries({
            "operator": st.sampled_from(("came", "first_time", "signed_up", "missed", "not_came")),
            "value": st.sampled_from(["last", *(gathering.id for gathering in community.gatherings)])})),
    )  # fmt: skip


def trees(community: Community) -> st.SearchStrategy[dict[str, Any]]:
    leaves = leaf(community)
    match = st.sampled_from(("all", "any", "none"))

    def group(inner: st.SearchStrategy[dict[str, Any]], most: int) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({"match": match, "rules": st.lists(inner, max_size=most)})

    third = group(leaves, 3)
    second = group(st.one_of(leaves, third), 3)
    return group(st.one_of(leaves, second), 4)


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_a_rule_finds_whom_the_oracle_finds(community: Community, data: st.DataObject) -> None:
    rule = data.draw(trees(community))
    whole = {"version": 1, **rule}
    expected = {one.id for one in community.humans if not one.gone and holds(community, rule, one) is not False}
    found, many, said = community.workspace.read(
        lambda s: (
            segments.matching_ids(s, whole, CLOCK),
            segments.first_people(s, whole, CLOCK, limit=5),
            segments.describe(s, whole, CLOCK),
        )
    )
    assert set(found) == expected
    assert len(found) == len(expected) == many.count
    assert [row.id for row in many.first] == found[:5]
    assert said[-1].text.endswith(".")


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_single_condition_finds_whom_the_oracle_finds(community: Community, data: st.DataObject) -> None:
    rule = data.draw(leaf(community))
    whole = {"version": 1, "match": "all", "rules": [rule]}
    expected = {one.id for one in community.humans if not one.gone and fits(community, rule, one)}
    assert set(community.workspace.read(lambda s: segments.matching_ids(s, whole, CLOCK))) == expected
