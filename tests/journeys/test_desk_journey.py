"""An evening at the door in the whole window, by keys: from the event to the desk, arrivals, a guest, back, closed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from crm import clock as clocks
from crm.app import make_window
from crm.i18n import phrase
from crm.models import Attendance, Scan
from crm.services import attendance, event_lists, events
from crm.services.event_rows import EventDraft
from crm.services.people_editing import PersonDraft, add_person
from crm.store.workspace import Workspace
from crm.ui.desk.page import DeskPage
from crm.ui.events.page import EventsPage
from crm.ui.theme import Theme

START = datetime.fromisoformat("2026-11-12T15:20:00+00:00")


@pytest.fixture
def theme(qapp) -> Theme:
    made = Theme("light")
    made.apply(qapp)
    return made


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, text: str = "") -> None:
    target = QApplication.focusWidget()
    assert target is not None
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, int(key), modifier, text))
    QApplication.processEvents()


def type_(text: str) -> None:
    for char in text:
        press(Qt.Key(ord(char.upper())) if char.isascii() else Qt.Key.Key_unknown, text=char)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_an_evening_at_the_door(qtbot, theme, tmp_path):
    now = [START]
    workspace = Workspace.create(tmp_path / "community.krug", lambda: now[0])

    def fill(session):
        clock = clocks.fixed(now[0])
        starts = datetime.combine(date(2026, 11, 12), time(18, 30))
        event = events.add_event(
            session, EventDraft("Вечер", starts, starts + timedelta(hours=2), "Europe/Moscow"), clock
        )
        people = [
            add_person(session, PersonDraft(family_name=family, given_name=given), clock)
            for family, given in (("Тёмкина", "Ольга"), ("Щукин", "Фёдор"), ("Фёдорова", "Мария"), ("Ким", "Лев"))
        ]
        return event, [attendance.add_attendee(session, event, who, clock) for who in people]

    event, rows = workspace.write(phrase("Test"), fill).value
    code = workspace.read(lambda s: s.get_one(Attendance, rows[0]).ticket_code)
    opened = make_window(workspace, theme)
    window = opened.window
    window.resize(1366, 768)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()

    page = window.show_page("events")
    assert isinstance(page, EventsPage)
    page.show_item(event)
    page.view.header.desk.setFocus()
    press(Qt.Key.Key_Return)
    desk = window.findChild(DeskPage)
    assert desk is not None
    qtbot.waitUntil(desk.field.edit.hasFocus)

    type_(code)
    press(Qt.Key.Key_Return)
    assert (desk.banner.said.look, desk.banner.said.name) == ("ok", "Ольга Тёмкина")

    type_("фё")
    press(Qt.Key.Key_Down)
    chosen = desk.list.current.attendance_id
    press(Qt.Key.Key_Return)
    assert desk.banner.said.look == "ok"

    now[0] += timedelta(minutes=3)
    type_(code)
    press(Qt.Key.Key_Return)
    assert desk.banner.said.look == "warn"

    type_("ким")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.banner.said.title == "Отметка снята"

    type_("новая анна")
    for _ in range(3):
        press(Qt.Key.Key_Return)
    assert desk.banner.said.name == "Анна Новая"

    statuses = {row: workspace.read(lambda s, row=row: s.get_one(Attendance, row).status) for row in rows}
    assert statuses[rows[0]] == statuses[chosen] == "attended"
    assert statuses[rows[3]] == "registered"
    log = workspace.read(lambda s: list(s.scalars(select(Scan.result).order_by(Scan.id))))
    assert log == ["ok", "ok", "already", "ok", "undone", "not_found", "ok"]

    press(Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.isVisible)
    assert (page.view.card.row.came, page.view.card.row.walk_ins) == (3, 1)

    now[0] += timedelta(hours=5)
    page._acts.close(page.view.card.row)
    closed = workspace.read(lambda s: event_lists.event_row(s, event))
    assert (closed.status, closed.no_shows) == ("closed", 2)
    opened.close()
    workspace.close()
