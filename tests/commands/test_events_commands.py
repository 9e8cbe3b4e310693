"""`krug events`, `krug event`, `krug checkin`: one JSON document each, exit codes, nothing half done."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm import clock as clocks
from crm.cli import run
from crm.i18n import phrase
from crm.services import attendance, events
from crm.services.event_rows import EventDraft
from crm.services.people_editing import ContactDraft, PersonDraft, add_person
from crm.store.workspace import Workspace

PEOPLE = (("Тёмкина", "Ольга"), ("Фёдоров", "Пётр"), ("Фёдорова", "Анна"))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "a.krug"
    with Workspace.create(path) as workspace:

        def fill(session):
            starts = clocks.local(clocks.now(), "Europe/Moscow").replace(tzinfo=None, microsecond=0)
            draft = EventDraft("Вечер", starts, starts + timedelta(hours=2), "Europe/Moscow")
            event = events.add_event(session, draft, clocks.now)
            for number, (family, given) in enumerate(PEOPLE):
                contacts = (ContactDraft("phone", f"+7900000000{number}"),)
                person = PersonDraft(family_name=family, given_name=given, contacts=contacts)
                attendance.add_attendee(session, event, add_person(session, person, clocks.now), clocks.now)
            add_person(session, PersonDraft(family_name="Коваль", given_name="Илья"), clocks.now)

        workspace.write(phrase("Test"), fill)
    return path


@pytest.fixture
def krug(store, capsys):
    def call(*words: str) -> tuple[int, Any]:
        code = run(["--store", str(store), "--lang", "ru", *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return call


def test_events_lists_each_with_its_counts(krug):
    code, found = krug("events")
    assert code == 0
    assert [set(row) for row in found] == [
        {"id", "uid", "title", "kind", "format", "status", "starts_at", "ends_at", "zone", "registered", "came"}
    ]
    assert (found[0]["title"], found[0]["registered"], found[0]["came"]) == ("Вечер", 3, 0)
    assert found[0]["starts_at"].endswith("+03:00")


def test_event_adds_its_figures(krug):
    code, found = krug("event", "вечер")
    assert code == 0
    assert set(found["figures"]["attendance"]) == {"value", "n", "definition", "from", "to"}


def test_an_unknown_event_ends_with_one_and_says_so(krug):
    code, found = krug("event", "нет такого")
    assert (code, found["error"]) == (1, "event_not_found")


def test_a_check_in_answers_with_the_whole_document(krug):
    code, found = krug("checkin", "1", "тёмк")
    assert code == 0
    assert set(found) == {"result", "warnings", "person", "at", "first_at", "candidates", "counters"}
    assert (found["result"], found["person"]["name"], found["counters"]["came"]) == ("ok", "Ольга Тёмкина", 1)
    code, found = krug("checkin", "1", "тёмк")
    assert (code, found["result"]) == (1, "already")
    assert found["first_at"]
    code, found = krug("checkin", "1", "фёдор")
    assert (code, found["result"], len(found["candidates"])) == (1, "ambiguous", 2)
    code, found = krug("checkin", "1", "Сидоров")
    assert (code, found["result"]) == (1, "not_found")


def test_a_whole_name_with_walk_in_means_the_one_person_so_called_else_a_new_one(krug):
    code, found = krug("checkin", "1", "Илья Коваль", "--walk-in")
    assert (code, found["result"], found["person"]["id"]) == (0, "ok", 4)
    code, found = krug("checkin", "1", "Пётр Фёдоров", "--walk-in")
    assert (code, found["person"]["status"]) == (0, "attended")
    code, found = krug("checkin", "1", "Новая Анна", "--walk-in")
    assert (code, found["person"]["status"]) == (0, "walk_in")
    assert found["counters"]["walk_ins"] == 2
    assert krug("people", "новая")[1][0]["given_name"] == "Анна"


def test_undo_takes_the_last_arrival_or_the_named_one(krug):
    krug("checkin", "1", "тёмк")
    krug("checkin", "1", "Анна Фёдорова")
    assert krug("checkin", "1", "--undo", "тёмк")[1]["person"]["name"] == "Ольга Тёмкина"
    code, found = krug("checkin", "1", "--undo")
    assert (code, found["result"], found["person"]["name"]) == (0, "undone", "Анна Фёдорова")
    assert krug("checkin", "1", "--undo")[0] == 1


def test_a_time_in_the_past_is_kept_and_nonsense_is_a_usage_error(krug, store, capsys):
    code, found = krug("checkin", "1", "тёмк", "--at", "2026-01-05T18:42")
    assert (code, found["at"][:16], "outside_hours" in found["warnings"]) == (0, "2026-01-05T15:42", True)
    assert run(["--store", str(store), "checkin", "1", "фёд", "--at", "поздно"]) == 2
    assert run(["--store", str(store), "checkin", "1"]) == 2


def test_a_blocked_person_is_nobody_in_the_answer(krug, store):
    from crm.models import Person

    with Workspace.open(store) as workspace:
        workspace.write(phrase("Test"), lambda s: setattr(s.get(Person, 1), "blocked", True))
    code, found = krug("checkin", "1", "тёмк")
    assert (code, found["result"], found["person"]) == (1, "blocked", None)


def test_people_read_a_sentence(store, capsys):
    assert run(["--store", str(store), "--lang", "ru", "checkin", "1", "тёмк"]) == 0
    assert capsys.readouterr().out.startswith("Добро пожаловать\nОльга Тёмкина\n")
