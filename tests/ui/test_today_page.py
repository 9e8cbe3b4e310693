"""Today: figures, lists and their ways out, done and undone by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.models import Task
from crm.services.surveys import record_response
from crm.store.workspace import Workspace
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.people.dialogs import ConversationDialog
from crm.ui.theme import Theme
from crm.ui.today.page import TodayPage
from crm.ui.today.rows import Row
from crm.ui.today.strip import PulseFigure
from crm.ui.today.who import WhoDialog
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.fields import LineEdit
from crm.ui.widgets.labels import ElidedLabel, Label
from tests.support import makers

T = TypeVar("T")
Deed = Callable[[Callable[[Session], T]], T]
EARLY = datetime(2024, 1, 1, tzinfo=UTC)
TODAY = date(2026, 11, 12)


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace, theme: Theme) -> TodayPage:
    operations, jobs = Operations(workspace), Jobs()
    made = TodayPage(operations, jobs, theme)
    made.resize(1228, 900)
    qtbot.addWidget(made, before_close_func=lambda _: jobs.close())
    return made


def shown(qtbot: QtBot, page: TodayPage) -> TodayPage:
    page.show()
    qtbot.waitExposed(page)
    qtbot.waitUntil(lambda: not page._jobs.busy)
    return page


def words(page: QWidget) -> list[str]:
    labels = [label.text() for label in page.findChildren(Label) if label.isVisible()]
    return labels + [label.text() for label in page.findChildren(ElidedLabel) if label.isVisible()]


def rows(page: TodayPage) -> list[Row]:
    return [row for row in page.findChildren(Row) if row.isVisible()]


@pytest.fixture
def task_id(deed: Deed) -> int:
    def verb(session: Session) -> int:
        who = makers.person(session, EARLY, "Берёзкин", "Артём")
        made = Task(title="Прислать <b>запись</b>", due_on=TODAY, person_id=who.id, created_at=EARLY)
        session.add(made)
        session.flush()
        return made.id

    return deed(verb)


def test_an_empty_community_is_told_what_will_be_here(qtbot: QtBot, page: TodayPage) -> None:
    shown(qtbot, page)
    assert rows(page) == []
    assert "Никто не\u00a0ждёт" in words(page)
    assert "четверг, 12 ноября" in words(page)


def test_a_task_is_done_and_undone_by_keys(qtbot: QtBot, page: TodayPage, task_id: int) -> None:
    shown(qtbot, page)
    (row,) = rows(page)
    done = next(button for button in row.findChildren(IconButton) if "Отметить" in button.accessibleName())
    done.setFocus()
    with qtbot.waitSignal(page._operations.said):
        qtbot.keyClick(done, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rows(page) == [])
    page._operations.undo()
    qtbot.waitUntil(lambda: len(rows(page)) == 1)


def test_a_row_opens_its_person_and_shows_text_as_it_is(qtbot: QtBot, page: TodayPage, task_id: int) -> None:
    shown(qtbot, page)
    assert "Прислать <b>запись</b>" in words(page)
    (row,) = rows(page)
    row.setFocus()
    with qtbot.waitSignal(page.navigate) as asked:
        qtbot.keyClick(row, Qt.Key.Key_Return)
    assert asked.args[0] == "people"


def test_what_changes_while_the_page_is_hidden_is_read_when_it_is_shown(
    qtbot: QtBot, page: TodayPage, deed: Deed, task_id: int
) -> None:
    shown(qtbot, page)
    page.hide()
    deed(lambda session: session.get_one(Task, task_id).__setattr__("done_at", EARLY))
    shown(qtbot, page)
    assert rows(page) == []


def test_the_figures_come_with_their_base_and_open_into_people(
    qtbot: QtBot, page: TodayPage, deed: Deed, clock: Clock
) -> None:
    def verb(session: Session) -> int:
        who = makers.person(session, EARLY)
        event = makers.event(session, datetime(2026, 11, 5, 15, tzinfo=UTC), status="closed")
        makers.attendance(session, event, who)
        record_response(session, event_id=event.id, nps=9, person_id=who.id, clock=clock)
        return who.id

    person = deed(verb)
    shown(qtbot, page)
    figures = page.findChildren(PulseFigure)
    assert [figure.accessibleName().split(", ")[1] for figure in figures] == ["1", "1", "—", "100"]
    assert "ответы за\u00a090\u00a0дней, n\u00a0=\u00a01, ±0" in words(page)
    figures[0].setFocus()
    with qtbot.waitSignal(page.navigate) as asked:
        qtbot.keyClick(figures[0], Qt.Key.Key_Return)
    assert asked.args == ["people", ([person], "Активны за\u00a090\u00a0дней")]


def test_the_next_event_leads_to_its_desk(qtbot: QtBot, page: TodayPage, deed: Deed) -> None:
    moment = datetime(2026, 11, 12, 15, 30, tzinfo=UTC)
    event = deed(lambda session: makers.event(session, moment, "Как измерять удержание", place="Лофт «Заря»").id)
    shown(qtbot, page)
    assert "Сегодня, 18:30 · Лофт «Заря»" in words(page)
    desk = next(button for button in page.findChildren(Button) if button.text() == "Открыть стойку")
    with qtbot.waitSignal(page.navigate) as asked:
        desk.click()
    assert asked.args == ["desk", event]


def test_arrows_walk_from_row_to_row(qtbot: QtBot, page: TodayPage, deed: Deed) -> None:
    def verb(session: Session) -> None:
        for day in (12, 13):
            makers.person(session, EARLY, birth_month=11, birth_day=day)

    deed(verb)
    shown(qtbot, page)
    first, second = rows(page)
    page.activateWindow()
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert page.focusWidget() is second
    qtbot.keyClick(second, Qt.Key.Key_Up)
    assert page.focusWidget() is first


def test_everything_fits_in_a_small_window(qtbot: QtBot, page: TodayPage, task_id: int) -> None:
    page.resize(900 - 56, 600)
    shown(qtbot, page)
    assert page.width() == 900 - 56
    assert page.minimumSizeHint().width() <= 900 - 56


def test_put_off_moves_the_task(qtbot: QtBot, page: TodayPage, workspace: Workspace, task_id: int) -> None:
    shown(qtbot, page)
    (row,) = rows(page)
    later = next(button for button in row.findChildren(IconButton) if "Отложить" in button.accessibleName())
    menu: Any = next(child for child in later.children() if hasattr(child, "actions"))
    menu.actions()[2].trigger()
    assert workspace.read(lambda session: session.get_one(Task, task_id).due_on) == TODAY + timedelta(days=7)
    qtbot.waitUntil(lambda: rows(page) == [])


def test_many_deeds_in_a_row_are_one_reading_and_rows_that_stay_the_same_are_not_made_again(
    qtbot: QtBot, page: TodayPage, deed: Deed, task_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(qtbot, page)
    (row,) = rows(page)
    read = 0
    refresh = page.refresh

    def counted() -> None:
        nonlocal read
        read += 1
        refresh()

    monkeypatch.setattr(page, "refresh", counted)
    for number in range(5):
        deed(partial(makers.person, at=EARLY, family=f"Новый{number}"))
    qtbot.waitUntil(lambda: read == 1)
    assert rows(page) == [row]


def test_show_all_opens_everybody_who_is_to_be_welcomed(qtbot: QtBot, page: TodayPage, deed: Deed) -> None:
    def verb(session: Session) -> list[int]:
        event = makers.event(session, datetime(2026, 11, 5, 15, tzinfo=UTC), status="closed")
        people = [makers.person(session, EARLY, birth_month=5, birth_day=1) for _ in range(7)]
        for who in people:
            makers.attendance(session, event, who)
        return [who.id for who in people]

    people = deed(verb)
    shown(qtbot, page)
    everyone = [button for button in page.findChildren(Button) if button.text() == "Показать всех"]
    (link,) = [button for button in everyone if button.isVisible()]
    with qtbot.waitSignal(page.navigate) as asked:
        link.click()
    assert asked.args == ["people", (people, "Ещё не\u00a0говорили")]


def test_a_conversation_begins_with_whom(qtbot: QtBot, page: TodayPage, deed: Deed) -> None:
    deed(lambda session: makers.person(session, EARLY, "Щёголев", "Пётр"))
    shown(qtbot, page)
    page.log()
    (dialog,) = page.window().findChildren(WhoDialog)
    field = dialog.findChildren(LineEdit)[0]
    field.setText("щего")
    field.textEdited.emit("щего")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not dialog.is_open
    (conversation,) = page.window().findChildren(ConversationDialog)
    assert conversation.is_open
