"""Ctrl+V on the list: every line is shown with what becomes of it, nothing is written before «Add», one deed."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from crm.models import Attendance, Deed, Person
from crm.services import events, people, people_editing
from crm.services.events import EventDraft
from crm.services.people_editing import ContactDraft, PersonDraft
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.people.page import PeoplePage

START, END = datetime(2030, 1, 2, 19, 0), datetime(2030, 1, 2, 21, 0)  # noqa: DTZ001 - wall-clock times
LINES = "1. Анна Ёлкина @anna_e — Ладога\n2. Пётр Ким +2, 8 900 000-00-42\n\n3. +1\n"


@pytest.fixture
def anna(deed, clock) -> int:
    draft = PersonDraft(family_name="Ёлкина", given_name="Анна", contacts=(ContactDraft("telegram", "@anna_e"),))
    return deed(lambda s: people_editing.add_person(s, draft, clock))


@pytest.fixture
def page(qtbot: QtBot, workspace, theme, anna) -> PeoplePage:
    operations, jobs = Operations(workspace), Jobs()
    made = PeoplePage(operations, jobs, theme)
    made.resize(1340, 800)
    qtbot.addWidget(made, before_close_func=lambda _: jobs.close())
    made.show()
    qtbot.waitExposed(made)
    return made


def paste(qtbot: QtBot, page: PeoplePage, words: str):
    QGuiApplication.clipboard().setText(words)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.pasting.dialog is not None)
    return page.pasting.dialog


def stands(workspace) -> tuple[int, int]:
    return workspace.read(
        lambda s: (s.scalar(select(func.count()).select_from(Person)), s.scalar(select(func.count()).select_from(Deed)))
    )


def test_free_lines_are_shown_and_then_taken_by_one_deed(qtbot, page, workspace, anna) -> None:
    before = stands(workspace)
    dialog = paste(qtbot, page, LINES)
    assert stands(workspace) == before
    assert [row.result for row in dialog._found.rows] == ["updated", "added", "rejected"]
    assert dialog._found.rows[0].person == anna
    assert dialog.told(dialog._found.rows[0]) == "уже есть: Анна Ёлкина; добавит: организация"
    dialog.grab()
    dialog.add.click()
    qtbot.waitUntil(lambda: stands(workspace) == (2, before[1] + 1))
    assert workspace.read(lambda s: people.card(s, anna)).organisation == "Ладога"
    page._operations.undo()
    assert stands(workspace)[0] == 1


def test_a_range_goes_to_an_event_with_those_already_there(qtbot, page, workspace, deed, clock, anna) -> None:
    event = deed(lambda s: events.add_event(s, EventDraft("Встреча", START, END, "Europe/Moscow"), clock))
    dialog = paste(qtbot, page, "ФИО\tТелеграм\tГород\nАнна Ёлкина\t@anna_e\t\nПётр Ким\t@petr_k\tТула\n")
    assert [row.result for row in dialog._found.rows] == ["unchanged", "added"]
    dialog.event_choice.set_value(event)
    dialog.add.click()
    here = select(func.count()).select_from(Attendance).where(Attendance.status == "registered")
    qtbot.waitUntil(lambda: workspace.read(lambda s: s.scalar(here)) == 2)


def test_a_line_s_companions_come_to_the_event(qtbot, page, workspace, deed, clock) -> None:
    event = deed(lambda s: events.add_event(s, EventDraft("Встреча", START, END, "Europe/Moscow"), clock))
    dialog = paste(qtbot, page, LINES)
    dialog.event_choice.set_value(event)
    dialog.add.click()
    guests = select(Attendance.guest_count).order_by(Attendance.guest_count)
    qtbot.waitUntil(lambda: workspace.read(lambda s: list(s.scalars(guests))) == [0, 2])
