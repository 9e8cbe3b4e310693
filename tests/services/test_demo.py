"""The demo community: believable, whole, the same for the same seed, and nobody real."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n
from crm.clock import Clock
from crm.errors import Cancelled
from crm.i18n import phrase
from crm.models import (
    Attendance,
    ContactPoint,
    Event,
    EventTotals,
    FeedbackItem,
    Interaction,
    Organisation,
    Person,
    PersonScore,
    PersonTag,
    Tag,
    Task,
    metadata,
)
from crm.models.events import CAME
from crm.models.people import PERSON_KINDS
from crm.models.records import LEVELS
from crm.services import community, event_lists, today
from crm.services.demo import DemoCounts, StoreNotEmpty, fill_demo, tables
from crm.services.demo.filling import DemoSizeWrong
from crm.services.demo.membership import contact_row
from crm.services.people_editing import PersonDraft, add_person
from crm.services.person_columns import contact_columns, name_columns, note_columns, organisation_columns
from crm.store.search import find
from crm.store.workspace import Workspace
from tests.conftest import NOON

EXAMPLES = re.compile(r"@(?:[a-z0-9-]+\.example|example\.(?:org|com))$")
PHONES = re.compile(r"\+7900000\d{4}|\+7000\d{7}")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One community for all tests that only look at it."""
    clock = clocks.fixed(NOON)
    with Workspace.create(tmp_path_factory.mktemp("demo") / "demo.krug", clock) as store:
        counts = store.write(phrase("Demo community"), lambda session: fill_demo(session, clock)).value
        yield store, counts


@pytest.fixture
def ask(demo: tuple[Workspace, DemoCounts]) -> Callable[[Callable[[Session], Any]], Any]:
    return demo[0].read


def every(session: Session, *columns: Any) -> list[Any]:
    return list(session.execute(select(*columns)).all())


def test_it_holds_three_hundred_people_and_tells_what_it_wrote(
    demo: tuple[Workspace, DemoCounts], ask: Callable[..., Any]
) -> None:
    written = DemoCounts(
        *(
            ask(lambda s, m=model: s.scalar(select(func.count(m.id))))
            for model in (Person, Event, Attendance, FeedbackItem)
        )
    )
    assert demo[1] == written
    assert written.people == 300
    assert 13 * written.people < written.attendance <= 14 * written.people


def test_every_level_kind_and_status_is_there(ask: Callable[..., Any]) -> None:
    levels = Counter(ask(lambda s: s.scalars(select(PersonScore.level)).all()))
    assert set(levels) == set(LEVELS)
    assert min(levels.values()) >= 5
    assert set(ask(lambda s: s.scalars(select(Person.kind)).all())) == set(PERSON_KINDS)
    statuses = set(ask(lambda s: s.scalars(select(Attendance.status)).all()))
    assert {"invited", "registered", "attended", "walk_in", "no_show", "cancelled", "waitlisted"} <= statuses
    assert {"guest", "speaker", "organiser", "volunteer"} == set(
        ask(lambda s: s.scalars(select(Attendance.role)).all())
    )
    assert {"idea", "problem", "praise", "question"} == set(ask(lambda s: s.scalars(select(FeedbackItem.kind)).all()))


def test_names_are_of_many_origins_and_nobody_has_a_famous_one(ask: Callable[..., Any]) -> None:
    people = ask(lambda s: every(s, Person.family_name, Person.given_name, Person.additional_name))
    names = {(family, given) for family, given, _ in people}
    families = {family for family, _ in names}
    assert sum("ё" in family.casefold() for family in families) >= 15
    assert sum("-" in family for family in families) >= 5
    assert sum(family.isascii() for family in families) >= 1
    assert any(family.endswith(("ян", "янц", "яни")) for family in families)
    assert any(family in {"Цой", "Ким", "Пак", "Тен", "Югай"} for family in families)
    assert {"Ёлкин", "Иванов", "Юсупова"} <= families
    assert sum(not additional for _, _, additional in people) >= 60
    assert not names & tables.known_names()
    # One pair of namesakes, so that the desk has to ask.
    assert len(people) - len(names) == 1


def test_phones_addresses_and_handles_belong_to_nobody(ask: Callable[..., Any]) -> None:
    contacts = ask(lambda s: every(s, ContactPoint.kind, ContactPoint.value))
    values = {kind: [value for found, value in contacts if found == kind] for kind, _ in contacts}
    assert all(PHONES.fullmatch(value) for value in values["phone"])
    assert all(EXAMPLES.search(value) for value in values["email"])
    assert all(value.endswith("primer") for value in [*values["telegram"], *values["vk"]])
    for kind in ("phone", "email", "telegram"):
        assert len(set(values[kind])) == len(values[kind]) > 100
    sites = ask(lambda s: s.scalars(select(Organisation.site).where(Organisation.site != "")).all())
    assert all(site.endswith(".example") for site in sites)


def test_what_follows_from_other_columns_is_what_services_would_write(ask: Callable[..., Any]) -> None:
    fields = ("family_name", "given_name", "additional_name", "nickname", "address_as", "note", "job_title", "city")
    for person in ask(lambda s: s.scalars(select(Person)).all()):
        given = {field: getattr(person, field) for field in fields}
        expected = name_columns(given) | note_columns(given)
        assert {column: getattr(person, column) for column in expected} == expected
    for kind, value in ask(lambda s: every(s, ContactPoint.kind, ContactPoint.value)):
        as_read = contact_columns(kind, value)
        assert as_read["valid"]
        row = contact_row(kind, value)
        assert {column: as_read[column] for column in row} == row
    row = contact_row("phone", "+70000012345")
    assert {column: contact_columns("phone", "+70000012345")[column] for column in row} == row
    for organisation in ask(lambda s: s.scalars(select(Organisation)).all()):
        expected = organisation_columns(organisation.name)
        assert {column: getattr(organisation, column) for column in expected} == expected


def test_two_years_have_their_seasons(ask: Callable[..., Any]) -> None:
    days = ask(lambda s: s.scalars(select(Event.on).where(Event.status != "planned")).all())
    by_month = Counter(day.month for day in days)
    assert by_month[10] + by_month[9] > 2 * (by_month[1] + by_month[7])
    assert (NOON.date() - min(days)).days > 600
    ahead = ask(lambda s: s.scalars(select(Event.on).where(Event.status == "planned")).all())
    assert max(ahead) <= datetime(2026, 12, 13, tzinfo=UTC).date()
    assert {"offline", "online", "hybrid"} == set(ask(lambda s: s.scalars(select(Event.format)).all()))


def test_the_past_is_settled_and_the_future_is_open(ask: Callable[..., Any]) -> None:
    rows = ask(
        lambda s: every_joined(
            s,
            select(Event.status, Attendance.status, Attendance.first_in_at, Attendance.registered_at, Event.starts_at),
        )
    )
    for event, status, first_in, registered, starts in rows:
        if event == "closed":
            assert status != "registered"
            assert (first_in is not None) is (status in CAME)
        else:
            assert status not in {*CAME, "no_show"}
        assert registered is None or registered <= min(starts, NOON)
    over = ask(
        lambda s: s.scalars(
            select(Event.title)
            .join(EventTotals, EventTotals.event_id == Event.id)
            .where(EventTotals.registered > Event.capacity + 5)
        ).all()
    )
    assert not over


def every_joined(session: Session, statement: Any) -> list[Any]:
    return list(session.execute(statement.join(Attendance, Attendance.event_id == Event.id)).all())


def test_today_has_life_in_it(ask: Callable[..., Any]) -> None:
    clock = clocks.fixed(NOON)
    page = ask(lambda s: today.today(s, clock))
    assert page.next_event is not None
    assert page.next_event.event.on == NOON.date()
    assert page.next_event.event.registered == 90
    assert page.next_event.steps == 12
    assert page.contact_count >= 5
    assert 4 <= page.waiting_count <= 25
    assert page.quiet_count >= 10
    assert page.newcomer_count >= 5
    assert page.birthdays[0].on == NOON.date()
    assert ask(community.community_name) == "Данные и люди"


def test_late_in_the_evening_the_next_event_is_tomorrow(tmp_path: Path) -> None:
    clock = clocks.fixed(datetime(2026, 3, 31, 18, 30, tzinfo=UTC))
    with Workspace.create(tmp_path / "late.krug", clock) as store:
        store.write(phrase("Demo community"), lambda session: fill_demo(session, clock, 60))
        event = store.read(lambda session: event_lists.next_event(session, clock))
    assert event is not None
    assert event.on.isoformat() == "2026-04-01"


def test_the_same_seed_gives_the_same_community(tmp_path: Path) -> None:
    i18n.use("en")
    contents = []
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        with Workspace.create(tmp_path / f"{name}.krug", clocks.fixed(NOON)) as store:
            store.write(
                phrase("Demo community"), lambda session, seed=seed: fill_demo(session, clocks.fixed(NOON), 80, seed)
            )
            contents.append(store.read(facts))
    assert contents[0] == contents[1]
    assert contents[0] != contents[2]


def facts(session: Session) -> dict[str, list[Any]]:
    """Every fact but the uids that services give by themselves."""
    kept = [table for table in metadata.sorted_tables if table.info.get("nature") == "fact"]
    named = {table.name: ", ".join(c.name for c in table.columns if c.name != "uid") for table in kept}
    return {
        name: list(session.execute(text(f"SELECT {columns} FROM {name} ORDER BY id")))
        for name, columns in named.items()
    }


def test_it_is_one_deed_that_can_be_undone_whole(workspace: Workspace, clock: Clock) -> None:
    done = workspace.write(phrase("Demo community"), lambda session: fill_demo(session, clock, 60))
    assert done.deed is not None
    workspace.undo()
    assert workspace.read(facts) == {name: rows for name, rows in workspace.read(facts).items() if not rows} | {
        "event_kind": workspace.read(facts)["event_kind"]
    }
    # The ids of what was undone are not given again.
    last = workspace.read(lambda s: s.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'person'")))
    workspace.write(phrase("Demo community"), lambda session: fill_demo(session, clock, 60))
    assert workspace.read(lambda s: s.scalar(select(func.min(Person.id)))) == last + 1


def test_a_store_with_anything_in_it_is_refused(
    workspace: Workspace, clock: Clock, deed: Callable[[Callable[[Session], Any]], Any]
) -> None:
    deed(lambda s: add_person(s, PersonDraft(family_name="Полынин"), clock))
    with pytest.raises(StoreNotEmpty):
        deed(lambda s: fill_demo(s, clock, 60))
    assert workspace.read(lambda s: s.scalar(select(func.count(Person.id)))) == 1


@pytest.mark.parametrize("people", [-1, 0, 49, 200_001])
def test_a_size_that_makes_no_sense_is_refused(
    deed: Callable[[Callable[[Session], Any]], Any], clock: Clock, people: int
) -> None:
    with pytest.raises(DemoSizeWrong):
        deed(lambda s: fill_demo(s, clock, people))


def test_stop_leaves_an_empty_store(workspace: Workspace, clock: Clock) -> None:
    steps: list[tuple[int, int]] = []

    def report(step: int, of: int) -> None:
        steps.append((step, of))
        if len(steps) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        workspace.write(phrase("Demo community"), lambda s: fill_demo(s, clock, 60, report=report))
    assert all(0 < step <= of for step, of in steps)
    assert workspace.read(lambda s: s.scalar(select(func.count(Person.id)))) == 0


def test_people_are_found_as_anybody_else(ask: Callable[..., Any]) -> None:
    named = {
        (family, given): person_id
        for person_id, family, given in ask(lambda s: every(s, Person.id, Person.family_name, Person.given_name))
    }
    yolkin, ivanov = named["Ёлкин", "Семён"], named["Иванов", "Савелий"]
    for query, wanted in (
        ("елкин", yolkin),
        ("`krby", yolkin),
        ("bdfyjd", ivanov),
        ("ivanov", ivanov),
        ("ивонов", ivanov),
    ):
        assert wanted in ask(lambda s, query=query: list(find(s, query).ids)), query


def test_texts_vary_and_tags_are_used(ask: Callable[..., Any]) -> None:
    said = Counter(ask(lambda s: s.scalars(select(FeedbackItem.text)).all()))
    assert len(said) >= 70
    assert said.most_common(1)[0][1] <= 6
    assert len(set(ask(lambda s: s.scalars(select(Interaction.summary)).all()))) >= 25
    used = set(ask(lambda s: s.scalars(select(PersonTag.tag_id)).all()))
    assert len(used) >= 15
    assert used <= set(ask(lambda s: s.scalars(select(Tag.id)).all()))
    assert ask(lambda s: s.scalar(select(func.count(Task.id)).where(Task.done_at.is_not(None)))) >= 20


def test_whoever_brought_somebody_was_there_before(ask: Callable[..., Any]) -> None:
    joined = dict(ask(lambda s: every(s, Person.id, Person.joined_on)))
    pairs = ask(lambda s: every(s, Person.id, Person.referred_by_id))
    brought = [(person, host) for person, host in pairs if host is not None]
    assert len(brought) >= 30
    assert all(host < person and joined[host] <= joined[person] for person, host in brought)
