"""What happened with a person and to the store: conversations, timeline, profile, history."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest

from crm import clock as clocks
from crm.i18n import phrase, phrase_plural
from crm.models import Attendance, Consent, FeedbackItem, NeedOffer, Task
from crm.services import history, interactions, people_editing, timeline
from crm.services.event_words import kind_title
from crm.services.interactions import ConversationDraft
from crm.services.people_editing import PersonDraft, named_draft
from crm.services.person_errors import ConversationInFuture, ConversationNameless, PersonUnknown
from crm.services.profiles import profile
from tests.conftest import NOON
from tests.support import makers

TODAY = date(2026, 11, 12)


@pytest.fixture
def anna(deed, clock):
    return deed(lambda s: people_editing.add_person(s, named_draft("Анина Анна", PersonDraft()), clock))


def came(deed, person_id, day, **fields):
    def verb(session):
        event = makers.event(session, NOON - timedelta(days=(TODAY - day).days))
        row = Attendance(event_id=event.id, person_id=person_id, event_on=day, **{"status": "attended", **fields})
        session.add(row)

    deed(verb)


def test_a_conversation_is_logged_with_what_was_promised(workspace, deed, clock, anna) -> None:
    draft = ConversationDraft((anna, anna), "call", "Готова выступить", minutes=12, follow_up="Прислать тезисы",
                              follow_up_on=date(2026, 11, 20))  # fmt: skip
    deed(lambda s: interactions.log_conversation(s, draft, clock))
    entries = workspace.read(lambda s: timeline.timeline(s, anna).entries)
    talk = next(entry for entry in entries if entry.kind == "conversation")
    assert (talk.key, talk.text, talk.minutes, talk.on) == ("call", "Готова выступить", 12, TODAY)
    task = next(entry for entry in entries if entry.kind == "task")
    assert (task.key, task.title, task.on) == ("open", "Прислать тезисы", date(2026, 11, 20))
    assert workspace.read(lambda s: profile(s, anna, TODAY)).tasks[0].due_on == date(2026, 11, 20)
    deed(lambda s: interactions.delete_conversation(s, talk.id))
    assert "conversation" not in {entry.kind for entry in workspace.read(lambda s: timeline.timeline(s, anna).entries)}


def test_a_conversation_needs_somebody_and_has_taken_place(deed, clock, anna) -> None:
    with pytest.raises(ConversationNameless):
        deed(lambda s: interactions.log_conversation(s, ConversationDraft(()), clock))
    with pytest.raises(PersonUnknown):
        deed(lambda s: interactions.log_conversation(s, ConversationDraft((999,)), clock))
    tomorrow = ConversationDraft((anna,), at=NOON + timedelta(days=1))
    with pytest.raises(ConversationInFuture):
        deed(lambda s: interactions.log_conversation(s, tomorrow, clock))


def test_the_timeline_holds_everything_newest_first(workspace, deed, clock, anna) -> None:
    came(deed, anna, date(2026, 11, 5), first_in_at=NOON - timedelta(days=7))
    came(deed, anna, date(2026, 11, 20), status="registered")

    def idea(session):
        session.add(
            FeedbackItem(
                kind="idea", text="Больше практики", search_text="", person_id=anna, at=NOON - timedelta(days=2)
            )
        )
        session.add(
            Task(title="Позвонить", person_id=anna, created_at=NOON, due_on=TODAY, done_at=NOON - timedelta(days=3))
        )

    deed(idea)
    entries = workspace.read(lambda s: timeline.timeline(s, anna).entries)
    assert [(entry.kind, entry.key) for entry in entries] == [
        ("event", "registered"),
        ("change", "do"),
        ("feedback", "idea"),
        ("task", "done"),
        ("event", "attended"),
    ]
    assert entries[-1].text == "12:00"
    assert entries[-1].event_kind == kind_title("meeting")


def test_another_persons_past_is_not_shown(workspace, deed, clock, anna) -> None:
    boris = deed(lambda s: people_editing.add_person(s, named_draft("Борин Борис"), clock))
    deed(lambda s: interactions.log_conversation(s, ConversationDraft((boris,)), clock))
    assert {entry.kind for entry in workspace.read(lambda s: timeline.timeline(s, anna).entries)} == {"change"}


def test_a_profile_counts_the_last_twelve_months_and_who_was_brought(workspace, deed, clock, anna) -> None:
    came(deed, anna, date(2026, 10, 1))
    came(deed, anna, date(2026, 11, 1), role="speaker")
    came(deed, anna, date(2025, 10, 1))
    brought = named_draft("Борин Борис", PersonDraft(referred_by_id=anna))
    boris = deed(lambda s: people_editing.add_person(s, brought, clock))
    deed(lambda s: s.add(NeedOffer(person_id=anna, direction="offers", text="SQL", search_text="sql")))
    seen = workspace.read(lambda s: profile(s, anna, TODAY))
    assert (seen.visits, seen.brought, seen.brought_came, seen.since) == (2, 1, 0, date(2025, 10, 1))
    assert [(need.direction, need.text) for need in seen.person.needs if need.closed_on is None] == [("offers", "SQL")]
    came(deed, boris, date(2026, 11, 2))
    seen = workspace.read(lambda s: profile(s, anna, TODAY))
    assert seen.brought_came == 1
    # 3 for speaking and 3 for Борис this month, 2·0.9 a month ago, 2·0.9¹³ thirteen months ago.
    assert seen.love == pytest.approx(6 + 1.8 + 2 * 0.9**13, abs=0.01)
    assert seen.months[-1] == seen.love
    assert seen.months[-2] == pytest.approx(2 + 2 * 0.9**12, abs=0.01)
    assert len(seen.months) == 12


def test_the_consent_in_force_is_the_newest_not_entered_by_mistake(workspace, deed, anna) -> None:
    def consent(status, day, **fields):
        row = Consent(person_id=anna, purpose="photo", status=status, on=day, entered_at=NOON, **fields)
        return deed(lambda s: (s.add(row), s.flush(), row.id)[2])

    def in_force():
        lines = workspace.read(lambda s: profile(s, anna, TODAY)).consents
        return next((line.status, line.on) for line in lines if line.purpose == "photo")

    assert in_force() == ("", None)
    consent("given", date(2023, 3, 3))
    refused = consent("refused", date(2025, 9, 11))
    assert in_force() == ("refused", date(2025, 9, 11))
    consent("entered_by_mistake", date(2025, 9, 12), corrects_id=refused)
    assert in_force() == ("given", date(2023, 3, 3))


def test_history_tells_what_can_be_undone(workspace, clock, anna) -> None:
    city = phrase("City of {name}", name="Анна")
    first = workspace.write(city, lambda s: people_editing.change_field(s, anna, "city", "Томск", clock)).deed
    second = workspace.write(city, lambda s: people_editing.change_field(s, anna, "city", "Уфа", clock)).deed

    def rows():
        return {row.deed: row for row in workspace.read(history.deeds)}

    seen = rows()
    assert (seen[first].undoable, seen[second].undoable) == (False, True)
    assert seen[second].label.text() == "City of Анна"
    workspace.undo(second)
    assert (rows()[first].undoable, rows()[second].undoable) == (True, False)
    assert [row.kind for row in workspace.read(lambda s: history.deeds(s, limit=1))] == ["undo"]
    newest = max(rows())
    assert all(row.deed < newest for row in workspace.read(lambda s: history.deeds(s, before=newest)))


def test_what_hangs_onto_a_new_person_stands_in_the_way(workspace, deed, clock, anna) -> None:
    added = workspace.read(lambda s: history.deeds(s, person_id=anna))[0]
    assert added.undoable
    came(deed, anna, date(2026, 11, 5))
    assert not next(row for row in workspace.read(history.deeds) if row.deed == added.deed).undoable


def test_a_plural_label_comes_back_whole(workspace, clock, anna) -> None:
    label = phrase_plural("Deleted {count} person", "Deleted {count} people", 1)
    workspace.write(label, lambda s: people_editing.delete_people(s, [anna], clock))
    assert workspace.read(lambda s: history.deeds(s, limit=1))[0].label == label


def test_a_moment_is_shown_under_its_local_day(workspace, deed, anna, monkeypatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Moscow")
    time.tzset()
    late = NOON.replace(hour=22)
    deed(lambda s: interactions.log_conversation(s, ConversationDraft((anna,), at=late), clocks.fixed(late)))
    talk = next(e for e in workspace.read(lambda s: timeline.timeline(s, anna).entries) if e.kind == "conversation")
    assert talk.on == TODAY + timedelta(days=1)
