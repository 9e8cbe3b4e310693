"""The timeline of a person: every sort of thing, by kind, by words, a page at a time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from crm.i18n import phrase
from crm.models import Attendance, FeedbackItem, ImportFile, MergedPerson, Person, Task
from crm.services import (
    attachments,
    consents,
    contacting,
    interactions,
    people_editing,
    relations,
    tags,
)
from crm.services.consents import ConsentDraft
from crm.services.interactions import ConversationDraft
from crm.services.people_editing import named_draft
from crm.services.relations import RelationDraft
from crm.services.timeline import KINDS, PAGE, timeline
from tests.conftest import NOON
from tests.support import makers


@pytest.fixture
def do(workspace):
    return lambda said, verb: workspace.write(phrase(said), verb).value


@pytest.fixture
def anna(do, clock):
    return do("Added", lambda s: people_editing.add_person(s, named_draft("Анина Анна"), clock))


@pytest.fixture
def past(workspace, anna):
    return lambda **how: workspace.read(lambda s: timeline(s, anna, **how))


@pytest.fixture
def everything(do, clock, anna):
    """One deed and one row of every sort."""
    boris = do("Added", lambda s: people_editing.add_person(s, named_draft("Борин Борис"), clock))
    do("Visit", lambda s: makers.attendance(s, makers.event(s, NOON, "Осенний сбор"), s.get_one(Person, anna)))
    draft = ConversationDraft((anna,), summary="Про доклад", follow_up="Прислать тезисы")
    do("Talk", lambda s: interactions.log_conversation(s, draft, clock))
    tea = {"kind": "idea", "about": "event", "title": "Зелёный чай", "text": "Завести", "at": NOON}
    do("Idea", lambda s: s.add(FeedbackItem(person_id=anna, **tea)))
    do("Tagged", lambda s: tags.set_tags(s, anna, ("BI",)))
    do("Agreed", lambda s: consents.record_consent(s, anna, ConsentDraft("photo", source="анкета"), clock))
    do("Wished", lambda s: contacting.ask_not_to_contact(s, anna, "phone", None, "", clock))
    do("Connected", lambda s: relations.add_relation(s, boris, RelationDraft(anna, "mentor"), clock))
    do("Filed", lambda s: attachments.add_file(s, anna, "a.pdf", b"a", clock))
    do("Moved", lambda s: people_editing.change_field(s, anna, "city", "Томск", clock))
    do("Merged", lambda s: s.add(MergedPerson(old_uid="x", old_id=boris, person_id=anna, merged_at=NOON)))
    return boris


def test_every_sort_of_thing_has_its_kind(past, everything) -> None:
    kinds = {}
    for entry in past(limit=100).entries:
        kinds.setdefault(entry.kind, []).append(entry.label.text() if entry.label else entry.title or entry.text)
    assert kinds == {
        "event": ["Осенний сбор"],
        "conversation": ["Про доклад"],
        "feedback": ["Зелёный чай"],
        "task": ["Прислать тезисы"],
        "tag": ["Tagged"],
        "consent": ["Wished", "photo"],
        "relation": ["Connected"],
        "file": ["Filed"],
        "merge": ["Merged"],
        "change": ["Moved", "Added"],
    }
    assert past().counts == {kind: len(kinds[kind]) for kind in KINDS if kind in kinds}


def test_what_an_import_brought_is_an_import(workspace, do, clock, past, anna) -> None:
    def verb(session):
        people_editing.change_field(session, anna, "city", "Омск", clock)

    done = workspace.write(phrase("Imported"), verb)
    words = {"name": "a.csv", "sha256": "0" * 64, "kind": "people", "encoding": "utf-8", "at": NOON}
    counts = {"read": 1, "added": 0, "updated": 1, "unchanged": 0, "rejected": 0}
    workspace.maintain(lambda s: s.add(ImportFile(deed_id=done.deed, **words, **counts)))
    assert [entry.label.message for entry in past(kind="import").entries] == ["Imported"]


def test_a_relation_that_is_gone_stays_in_the_past_of_both(workspace, do, clock, past, anna, everything) -> None:
    (line,) = workspace.read(lambda s: relations.relations_of(s, everything))
    do("Parted", lambda s: relations.remove_relation(s, everything, line, clock))
    told = [entry.label.message for entry in past(kind="relation").entries]
    assert told[0] == "Parted"
    of_boris = workspace.read(lambda s: timeline(s, everything, kind="relation")).entries
    assert [entry.label.message for entry in of_boris] == ["Parted", "Connected"]


@pytest.mark.parametrize(
    ("query", "found"),
    [("зеленый", ["Зелёный чай"]), ("СБОР осен", ["Осенний сбор"]), ("tezisy", []), ("moved", [""])],
)
def test_words_are_found_in_what_was_said_and_done(past, everything, query, found) -> None:
    page = past(query=query)
    assert [entry.title or entry.text for entry in page.entries] == found
    assert not page.more
    assert past(query=query, kind="task").entries == ()


def test_entries_lead_to_where_they_can_be_seen(past, everything) -> None:
    leads = {(entry.kind, entry.leads) for entry in past(limit=100).entries}
    assert leads == {
        ("event", True), ("conversation", False), ("feedback", True), ("task", False), ("tag", True),
        ("consent", True), ("consent", False), ("relation", True), ("file", True), ("merge", True), ("change", True),
    }  # fmt: skip


def test_pages_follow_each_other_without_a_gap_or_a_double(workspace, do, clock, past, anna) -> None:
    def many(session):
        autumn = [makers.event(session, NOON - timedelta(days=n), f"Встреча {n}") for n in range(60)]
        for n, one in enumerate(autumn):
            session.add(Attendance(event_id=one.id, person_id=anna, status="attended", event_on=one.on))
            session.add(Task(title=f"Дело {n}", person_id=anna, created_at=NOON - timedelta(days=n)))

    do("Years", many)
    page = past()
    seen, entries = page.seen, list(page.entries)
    assert (len(page.entries), page.more) == (PAGE, True)
    while page.more:
        page = past(seen=seen)
        assert len(page.entries) <= PAGE
        seen = page.seen
        entries += page.entries
    moments = [entry.moment for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert len({(entry.kind, entry.id, entry.title) for entry in entries}) == len(entries)
    assert len(entries) == sum(past().counts.values())
    assert [entry.on for entry in past(kind="task", limit=2).entries] == [date(2026, 11, 12), date(2026, 11, 11)]


def test_a_page_of_a_long_past_reads_a_page_of_rows(workspace, do, clock, past, anna) -> None:
    def many(session):
        for n in range(400):
            one = makers.event(session, NOON - timedelta(days=n), f"Встреча {n}")
            session.add(Attendance(event_id=one.id, person_id=anna, status="attended", event_on=one.on))

    do("Years", many)
    fetched = []

    def read(session):
        connection = session.connection()

        @event.listens_for(connection, "after_cursor_execute")
        def follow(_connection, cursor, statement, *_):
            fetched.append(statement)

        page = timeline(session, anna)
        return page, len(fetched)

    page, statements = workspace.read(read)
    assert (len(page.entries), page.counts["event"]) == (PAGE, 400)
    assert statements <= 20
