"""Feedback: enter an answer by keys, answer, move along the board; every deed can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.services import feedback, surveys
from crm.services.feedback_rows import FeedbackDraft, FeedbackRow
from crm.store.workspace import Workspace
from crm.ui.feedback.board import IdeaCard
from crm.ui.feedback.entry import EntryDialog
from crm.ui.feedback.page import FeedbackPage
from crm.ui.feedback.score_picker import ScorePicker
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.fields import LineEdit, TextArea
from crm.ui.widgets.labels import Label
from tests.support import makers

T = TypeVar("T")
Deed = Callable[[Callable[[Session], T]], T]
EARLY = datetime(2026, 10, 1, 15, tzinfo=UTC)


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace, theme: Theme) -> FeedbackPage:
    jobs = Jobs()
    made = FeedbackPage(Operations(workspace), jobs, theme)
    made.resize(1228, 900)
    qtbot.addWidget(made, before_close_func=lambda _: jobs.close())
    return made


def shown(qtbot: QtBot, page: FeedbackPage) -> FeedbackPage:
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def write(widget: QWidget, words: str) -> None:
    """Type `words` as a keyboard does, Cyrillic too (QTest knows Latin keys only)."""
    for char in words:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, char))


def items(workspace: Workspace) -> list[FeedbackRow]:
    return workspace.read(lambda session: feedback.feedback_rows(session, feedback.feedback_ids(session)))


def idea(deed: Deed, clock: Clock, text: str = "Чат попутчиков") -> int:
    return deed(lambda session: feedback.add_item(session, FeedbackDraft(text=text, kind="idea"), clock))


def test_nothing_yet_offers_two_ways_to_begin(qtbot: QtBot, page: FeedbackPage) -> None:
    shown(qtbot, page)
    assert page._nothing.isVisible()
    assert not page._content.isVisible()


def test_an_answer_is_entered_by_keys_alone(
    qtbot: QtBot, page: FeedbackPage, workspace: Workspace, deed: Deed, clock: Clock
) -> None:
    person = deed(lambda session: makers.person(session, EARLY, "Щёголев", "Пётр").id)
    shown(qtbot, page)
    qtbot.keyClick(page, Qt.Key.Key_N)
    (dialog,) = page.window().findChildren(EntryDialog)
    (picker,) = dialog.findChildren(ScorePicker)
    assert dialog.window().focusWidget() is picker
    qtbot.keyClicks(picker, "10")
    assert picker.score == 10
    write(dialog.findChildren(TextArea)[0], "Лучшая беседа за год")
    name = next(field for field in dialog.findChildren(LineEdit) if field.placeholderText().startswith("Имя"))
    write(name, "щего")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not dialog.is_open
    (row,) = items(workspace)
    assert (row.score, row.person_id, row.kind, row.text) == (10, person, "praise", "Лучшая беседа за год")
    assert page._content.isVisible()


def test_a_form_with_nothing_in_it_says_what_is_missing(qtbot: QtBot, page: FeedbackPage, workspace: Workspace) -> None:
    shown(qtbot, page)
    page.note_feedback()
    (dialog,) = page.window().findChildren(EntryDialog)
    next(button for button in dialog.findChildren(Button) if button.text() == "Сохранить").click()
    assert dialog.is_open
    assert dialog.error.startswith("Нет ни\u00a0оценки")
    assert items(workspace) == []


def test_a_name_that_was_not_chosen_is_not_dropped_in_silence(
    qtbot: QtBot, page: FeedbackPage, workspace: Workspace
) -> None:
    shown(qtbot, page)
    page.note_feedback()
    (dialog,) = page.window().findChildren(EntryDialog)
    write(dialog.findChildren(TextArea)[0], "Тесно")
    name = next(field for field in dialog.findChildren(LineEdit) if field.placeholderText().startswith("Имя"))
    write(name, "Никто Такой")
    next(button for button in dialog.findChildren(Button) if button.text() == "Сохранить").click()
    assert "Никто Такой" in dialog.error
    assert items(workspace) == []


def test_save_and_next_begins_a_new_form(qtbot: QtBot, page: FeedbackPage, workspace: Workspace) -> None:
    shown(qtbot, page)
    page.note_feedback()
    (dialog,) = page.window().findChildren(EntryDialog)
    (picker,) = dialog.findChildren(ScorePicker)
    following = next(button for button in dialog.findChildren(Button) if button.text().startswith("Сохранить и"))
    for score in ("7", "3"):
        qtbot.keyClicks(picker, score)
        following.click()
        assert picker.score is None
    head = workspace.read(lambda session: feedback.summary(session, page._operations.clock))
    assert (head.passives, head.detractors) == (1, 1)


@pytest.mark.parametrize(("keys", "score"), [("0", 0), ("7", 7), ("10", 10), ("17", 7), ("100", 0)], ids=str)
def test_scores_are_typed_as_numbers(qtbot: QtBot, theme: Theme, keys: str, score: int) -> None:
    picker = ScorePicker(theme)
    qtbot.addWidget(picker)
    qtbot.keyClicks(picker, keys)
    assert picker.score == score
    qtbot.keyClick(picker, Qt.Key.Key_Delete)
    assert picker.score is None


def test_an_item_is_answered_and_the_answer_undone(
    qtbot: QtBot, page: FeedbackPage, workspace: Workspace, deed: Deed, clock: Clock
) -> None:
    deed(lambda session: surveys.record_response(session, nps=4, text="<img src=x>Очередь", clock=clock))
    shown(qtbot, page)
    page._inbox.setFocus()
    qtbot.keyClick(page._inbox, Qt.Key.Key_Down)
    assert page._panel.isVisible()
    assert any(label.text() == "<img src=x>Очередь" for label in page._panel.findChildren(Label))
    page._panel.focus_reply()
    write(page._panel._reply, "Поставим вторую стойку")
    page._panel._answer.click()
    assert items(workspace)[0].reply == "Поставим вторую стойку"
    assert page._inbox.rows.rowCount() == 0
    page._operations.undo()
    assert items(workspace)[0].waiting
    assert page._inbox.rows.rowCount() == 1


def test_an_idea_moves_over_the_board_by_keys(
    qtbot: QtBot, page: FeedbackPage, workspace: Workspace, deed: Deed, clock: Clock
) -> None:
    idea(deed, clock)
    shown(qtbot, page)
    for expected in ("considering", "in_progress", "done", "told", "told"):
        (card,) = [card for card in page.findChildren(IdeaCard) if card.isVisible()]
        card.setFocus()
        qtbot.keyClick(card, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
        assert items(workspace)[0].status == expected
    page._operations.undo()
    assert items(workspace)[0].status == "done"


def test_a_card_opens_its_panel_and_esc_closes_it(qtbot: QtBot, page: FeedbackPage, deed: Deed, clock: Clock) -> None:
    item_id = idea(deed, clock)
    shown(qtbot, page)
    (card,) = [card for card in page.findChildren(IdeaCard) if card.isVisible()]
    card.click()
    assert page._panel.item_id == item_id
    assert page.escape()
    assert not page._panel.isVisible()
    assert not page.escape()


def test_show_item_opens_an_answered_item_too(qtbot: QtBot, page: FeedbackPage, deed: Deed, clock: Clock) -> None:
    item_id = idea(deed, clock)
    deed(lambda session: feedback.reply(session, item_id, "Сделаем", clock))
    shown(qtbot, page)
    page.show_item(item_id)
    assert page._panel.isVisible()
    assert page._panel._answered.isVisible()


def test_a_deleted_item_leaves_the_page(
    qtbot: QtBot, page: FeedbackPage, workspace: Workspace, deed: Deed, clock: Clock
) -> None:
    item_id = idea(deed, clock)
    idea(deed, clock, "Тихая зона")
    shown(qtbot, page)
    page.show_item(item_id)
    page._panel._remove()
    assert not page._panel.isVisible()
    assert len(items(workspace)) == 1
    page._operations.undo()
    assert len(items(workspace)) == 2


def test_topics_are_added_and_taken_away(
    qtbot: QtBot, page: FeedbackPage, workspace: Workspace, deed: Deed, clock: Clock
) -> None:
    item_id = idea(deed, clock)
    shown(qtbot, page)
    page.show_item(item_id)
    field = next(field for field in page._panel.findChildren(LineEdit) if field.placeholderText() == "Добавить тему")
    write(field, "нетворкинг")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert items(workspace)[0].topics == ("нетворкинг",)


def test_a_list_of_thousands_reads_only_what_is_seen(
    qtbot: QtBot, page: FeedbackPage, deed: Deed, clock: Clock
) -> None:
    def verb(session: Session) -> None:
        for number in range(500):
            feedback.add_item(session, FeedbackDraft(text=f"Вопрос {number}", kind="question"), clock)

    deed(verb)
    shown(qtbot, page)
    QApplication.processEvents()
    assert page._inbox.rows.rowCount() == 500
    assert len(page._inbox.rows._rows) <= 100
