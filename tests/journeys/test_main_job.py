"""The main job in the whole window, from a store that is not there to a report on the disk, every deed turned back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.app import Desktop
from crm.i18n import NBSP
from crm.models import Attendance, Interaction, Person, Response, Segment, Task
from crm.models import Event as EventRecord
from crm.services import people as people_service
from crm.ui.desk.page import DeskPage
from crm.ui.events.editor import EventEditor
from crm.ui.events.page import EventsPage
from crm.ui.events.pickers import AddAttendee, InviteSegment
from crm.ui.feedback.entry import EntryDialog
from crm.ui.feedback.page import FeedbackPage
from crm.ui.importing.page import ImportPage
from crm.ui.people.dialogs import ConversationDialog
from crm.ui.people.editor import PersonEditor
from crm.ui.people.page import PeoplePage
from crm.ui.preferences import Preferences
from crm.ui.reports.page import ReportsPage
from crm.ui.segments.condition import Condition
from crm.ui.segments.page import SegmentsPage
from crm.ui.theme import Theme
from crm.ui.widgets.dialogs import Dialog
from tests.support.hands import CTRL, SHIFT, Hands

Key = Qt.Key
D = TypeVar("D", bound=Dialog)
MORNING = datetime.fromisoformat("2026-11-12T08:00:00+00:00")
LIST = """ФИО;Телефон;E-mail;Город;Теги;Дата рождения
Ёлкин Семён Ильич;8 (900) 000-41-17;yolkin@pochta.example;Казань;SQL, спикер;14.03.1990
Иванова Анна;+7 900 000-41-18;anna@pochta.example;Казань;BI;
Гараев Тимур;89000004119;;Казань;SQL;02.09
Тёмкина Ольга;8 900 000 41 20;olga@pochta.example;Самара;;
Иванова А.;8-900-000-41-18;anna@pochta.example;;новичок;
;;;Тверь;SQL;
"""
CARDS = """BEGIN:VCARD
VERSION:3.0
N:Щукин;Фёдор;Львович;;
FN:Фёдор Щукин
TEL;TYPE=CELL:+7 900 000-41-21
ADR:;;;Казань;;;
END:VCARD
BEGIN:VCARD
VERSION:3.0
N:;;;;
NOTE:пустая карточка
END:VCARD
"""


class Walk:
    """The open window, its store, and hands on it."""

    def __init__(self, qtbot: QtBot, desktop: Desktop, hands: Hands, now: list[datetime]) -> None:
        opened = desktop.opened
        assert opened is not None
        self.qtbot, self.hands, self.now = qtbot, hands, now
        self.window, self.workspace, self.jobs = opened.window, opened.workspace, opened.jobs

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.jobs.busy, timeout=20_000)
        QApplication.processEvents()

    def section(self, place: int) -> QWidget:
        """Ctrl and a digit."""
        self.hands.press(Key(Key.Key_0.value + place), CTRL)
        page = self.window.current_page()
        assert page is not None
        return page

    def dialog(self, kind: type[D]) -> D:
        return next(one for one in self.window.findChildren(kind) if one.is_open)

    def count(self, model: type) -> int:
        return self.workspace.read(lambda session: session.scalar(select(func.count()).select_from(model)) or 0)

    def turned_back(self, there: Callable[[], bool]) -> None:
        """One Ctrl+Z takes a deed away, Ctrl+Shift+Z brings it again."""
        assert there()
        with self.hands.at_most(1):
            self.hands.press(Key.Key_Z, CTRL)
        self.settle()
        assert not there(), (self.window.toast.text, QApplication.focusWidget())
        assert self.window.toast.text.startswith("Отменено")
        self.hands.press(Key.Key_Z, CTRL | SHIFT)
        self.settle()
        assert there()


def told(walk: Walk) -> str:
    return walk.window.toast.text.replace(NBSP, " ")


def said(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]


@pytest.fixture
def walk(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Walk]:
    theme = Theme("light")
    theme.apply(qapp)
    now = [MORNING]
    desktop = Desktop(theme, Preferences(tmp_path / "settings.ini"), lambda: now[0])
    window = desktop.open(tmp_path / "нет ещё" / "community.krug")
    window.showNormal()
    window.resize(1366, 768)
    with qtbot.waitActive(window):
        window.activateWindow()
    yield Walk(qtbot, desktop, Hands(window), now)
    desktop.close()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_main_job_from_an_empty_store_to_a_report(
    walk: Walk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_people_in(walk, tmp_path, monkeypatch)
    find_and_add(walk)
    log_a_conversation(walk)
    make_a_segment(walk)
    plan_an_event(walk)
    let_people_in(walk)
    close_the_event(walk)
    enter_feedback(walk)
    save_the_month(walk, tmp_path, monkeypatch)


def bring_people_in(walk: Walk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """First run: Enter on the first way, Enter on the button, every row is accounted for."""
    files = [folder / "Список гостей.csv", folder / "контакты.vcf"]
    files[0].write_bytes(LIST.encode("cp1251"))
    files[1].write_text(CARDS, encoding="utf-8", newline="\r\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(file) for file in files], ""))
    assert walk.window.current_key == "people"
    walk.hands.press(Key.Key_Return)
    page = walk.window.current_page()
    assert isinstance(page, ImportPage)
    walk.hands.press(Key.Key_Return)
    walk.settle()
    assert walk.count(Person) == 0, "nothing is written before the last step"
    walk.hands.press(Key.Key_Return)
    walk.settle()
    words = said(page)
    read, added, updated, unchanged, refused = (int(words[words.index(word) - 1]) for word in (
        "прочитано", "добавлено", "обновлено", "без изменений", "не взято"
    ))  # fmt: skip
    assert (read, added, updated, unchanged, refused) == (8, 5, 1, 0, 2)
    assert walk.count(Person) == added
    named = "\n".join(words)
    assert named.count("Здесь нет ни имени, ни контакта.") == 2
    walk.turned_back(lambda: walk.count(Person) == added)
    walk.hands.press(Key.Key_Return)
    assert isinstance(walk.window.current_page(), PeoplePage)


def find_and_add(walk: Walk) -> None:
    """Somebody typed in the wrong layout is found; somebody new is added in six actions."""
    page = walk.window.current_page()
    assert isinstance(page, PeoplePage)
    walk.hands.press(Key.Key_K, CTRL)
    walk.hands.write("tkrby")
    assert [row.display_name for row in shown(walk, page)] == ["Семён Ёлкин"]
    walk.hands.press(Key.Key_Escape)
    walk.hands.press(Key.Key_Escape)
    # The third: the list is no longer of those alone whom the import added.
    walk.hands.press(Key.Key_Escape)
    with walk.hands.at_most(6):
        walk.hands.press(Key.Key_N)
        editor = walk.dialog(PersonEditor)
        walk.hands.write("Ким Лев")
        walk.hands.fill(editor.contacts.rows[0].value, "8 900 000-41-22")
        walk.hands.fill(editor.tags.line, "волонтёр")
        walk.hands.press(Key.Key_Return)
        walk.hands.press(Key.Key_Return)
    assert told(walk) == "Новый человек: Лев Ким"
    walk.turned_back(lambda: walk.count(Person) == 6)


def shown(walk: Walk, page: PeoplePage) -> list[people_service.PersonRow]:
    ids = list(page._model.ids)
    return walk.workspace.read(lambda session: people_service.rows(session, ids))


def log_a_conversation(walk: Walk) -> None:
    """What was said and what follows, in five actions; the task stands on Today."""
    page = walk.window.current_page()
    assert isinstance(page, PeoplePage)
    with walk.hands.at_most(5):
        walk.hands.press(Key.Key_L, CTRL)
        talk = walk.dialog(ConversationDialog)
        walk.hands.write("Готов прийти и помочь у входа")
        walk.hands.fill(talk.follow_up, "Прислать программу")
        walk.hands.press(Key.Key_Return)
    walk.turned_back(lambda: (walk.count(Interaction), walk.count(Task)) == (1, 1))


def make_a_segment(walk: Walk) -> None:
    """Two rules; the sentence and the count follow; Enter at the name keeps it."""
    page = walk.section(3)
    assert isinstance(page, SegmentsPage)
    hands = walk.hands
    hands.press(Key.Key_N)
    walk.settle()
    hands.write("Казань, ещё не были")
    name = QApplication.focusWidget()
    assert name is not None
    hands.click(page.editor.builder._root._add)
    city = page.findChildren(Condition)[-1]
    hands.choose(city.stops()[0], "Город")
    hands.fill(city.stops()[2], "Казань")
    counted(walk, page)
    assert page.preview.number() == "4"
    hands.click(page.editor.builder._root._add)
    level = next(one for one in page.findChildren(Condition) if one is not city and one.isVisible())
    hands.go(level.stops()[2])
    hands.press(Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    wanted = next(place for place, action in enumerate(menu.actions()) if "Ещё не был" in action.text())
    for _ in range(wanted + 1):
        hands.press(Key.Key_Down)
    hands.press(Key.Key_Return)
    counted(walk, page)
    assert page.editor.sentence() == "Люди, которые живут в городе «Казань» и ещё ни разу не были."
    assert page.preview.number() == "4"
    name.setFocus()
    hands.press(Key.Key_Return)
    walk.settle()
    page.list.setFocus()
    walk.turned_back(lambda: walk.count(Segment) == 1)


def counted(walk: Walk, page: SegmentsPage) -> None:
    walk.qtbot.waitUntil(lambda: not walk.jobs.busy and not page.counting.waiting, timeout=20_000)
    QApplication.processEvents()


def plan_an_event(walk: Walk) -> None:
    """A title is enough; the segment is invited, two of them put on the list."""
    page = walk.section(4)
    assert isinstance(page, EventsPage)
    hands = walk.hands
    hands.press(Key.Key_N)
    editor = walk.dialog(EventEditor)
    hands.write("Как измерять удержание")
    hands.fill(editor.day, "12.11.2026")
    hands.press(Key.Key_Return)
    walk.settle()
    walk.turned_back(lambda: walk.count(EventRecord) == 1)
    hands.press(Key.Key_Return)
    assert page.view.card is not None
    hands.click(page.view.invite)
    invite = walk.dialog(InviteSegment)
    assert "Казань, ещё не были · 4 человека" in [choice.text() for choice in invite._choices if choice.isChecked()]
    hands.press(Key.Key_Return)
    walk.settle()
    walk.turned_back(lambda: statuses(walk) == {"invited": 4})
    hands.click(page.view.add)
    add = walk.dialog(AddAttendee)
    for words in ("tkrby", "щукин", "ким лев"):
        hands.write(words)
        hands.press(Key.Key_Return)
    hands.press(Key.Key_Escape)
    assert not add.isVisible()
    walk.turned_back(lambda: statuses(walk) == {"invited": 2, "registered": 3})


def statuses(walk: Walk) -> dict[str, int]:
    def read(session: Session) -> dict[str, int]:
        counts = select(Attendance.status, func.count()).group_by(Attendance.status)
        return dict(session.execute(counts).all())  # type: ignore[arg-type]  # a row of two is a pair

    return walk.workspace.read(read)


def let_people_in(walk: Walk) -> None:
    """Letters and Enter are green; Ctrl+Z takes the last one back."""
    page = walk.window.current_page()
    assert isinstance(page, EventsPage)
    walk.now[0] = datetime.fromisoformat("2026-11-12T15:20:00+00:00")
    walk.hands.go(page.view.header.desk)
    walk.hands.press(Key.Key_Return)
    desk = walk.window.findChild(DeskPage)
    assert desk is not None
    walk.qtbot.waitUntil(desk.field.edit.hasFocus)
    for letters, name in (("ёл", "Семён Ёлкин"), ("oer", "Фёдор Щукин")):
        with walk.hands.at_most(2):
            walk.hands.write(letters)
            walk.hands.press(Key.Key_Return)
        assert (desk.banner.said.look, desk.banner.said.name) == ("ok", name)
    with walk.hands.at_most(1):
        walk.hands.press(Key.Key_Z, CTRL)
    assert desk.banner.said.title == "Отметка снята"
    walk.hands.write("щу")
    walk.hands.press(Key.Key_Return)
    assert statuses(walk) == {"invited": 2, "registered": 1, "attended": 2}
    walk.hands.press(Key.Key_W, CTRL)
    walk.qtbot.waitUntil(page.isVisible)


def close_the_event(walk: Walk) -> None:
    """«⋯», «Close the event»: who did not come is settled, and unsettled again by one undo."""
    page = walk.window.current_page()
    assert isinstance(page, EventsPage)
    walk.now[0] += timedelta(hours=5)
    with walk.hands.at_most(6):
        walk.hands.click(page.view.header.more)
        menu = QApplication.activePopupWidget()
        assert menu is not None
        actions = [action.text() for action in menu.actions() if not action.isSeparator()]
        for _ in range(actions.index("Закрыть событие") + 1):
            QTest.keyClick(menu, Key.Key_Down)
        walk.hands.press(Key.Key_Return)
    assert told(walk) == "Событие закрыто: пришли 2, не пришли 1"
    walk.turned_back(lambda: statuses(walk) == {"invited": 2, "no_show": 1, "attended": 2})


def enter_feedback(walk: Walk) -> None:
    """A score, a line, whose it is: the event that was last is proposed."""
    page = walk.section(5)
    assert isinstance(page, FeedbackPage)
    walk.now[0] += timedelta(days=1)
    hands = walk.hands
    hands.press(Key.Key_N)
    entry = walk.dialog(EntryDialog)
    hands.press(Key.Key_9)
    hands.fill(entry._words, "Впервые понял, зачем считать удержание")
    hands.fill(entry._person, "Семен")
    hands.press(Key.Key_Return)
    hands.go(entry._words)
    hands.press(Key.Key_Return, CTRL)
    walk.settle()
    walk.turned_back(lambda: walk.count(Response) == 1)
    response = walk.workspace.read(lambda session: session.scalars(select(Response)).one())
    assert response.event_id == 1


def save_the_month(walk: Walk, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports, «save», Enter in the system's dialog; the words on the page are the words that were put in."""
    walk.now[0] = datetime.fromisoformat("2026-12-02T08:00:00+00:00")
    target = folder / "Итоги.pdf"

    def system_dialog(*_: object) -> tuple[str, str]:
        walk.hands.actions += 1
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", system_dialog)
    with walk.hands.at_most(4):
        page = walk.section(6)
        walk.hands.press(Key.Key_P, CTRL)
    assert isinstance(page, ReportsPage)
    walk.qtbot.waitUntil(target.exists, timeout=20_000)
    walk.settle()
    words = "\n".join(sheet.extract_text() for sheet in PdfReader(target).pages)
    assert "Итоги ноября" in words
    assert "Как измерять удержание" in words
    assert "67 %" in words.replace(NBSP, " ")
    assert "n = 1," in words.replace(NBSP, " ")
    assert told(walk) == "Сохранено: Итоги.pdf"
