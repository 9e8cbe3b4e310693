"""The window as a whole: it opens on any store, follows deeds, undoes them, switches store and language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from crm import i18n, paths
from crm.app import Desktop, make_window
from crm.clock import Clock
from crm.i18n import phrase
from crm.store.workspace import Workspace
from crm.ui.preferences import Preferences
from crm.ui.theme import Theme
from crm.ui.widgets.fields import LineEdit
from tests.conftest import NOON
from tests.support import makers


@pytest.fixture
def desktop(qtbot: QtBot, theme: Theme, clock: Clock) -> Iterator[Desktop]:
    made = Desktop(theme, Preferences(paths.settings_file()), clock)
    yield made
    made.close()


def test_a_new_store_opens_on_people_with_three_ways_to_begin(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.open(paths.default_store())
    assert window.current_key == "people"
    assert paths.default_store().exists()


def test_every_page_opens_in_both_languages_and_looks(qtbot: QtBot, theme: Theme, workspace: Workspace) -> None:
    for language in i18n.LANGUAGES:
        with i18n.using(language):
            opened = make_window(workspace, theme)
            qtbot.addWidget(opened.window)
            opened.window.show()
            for key in ("today", "people", "segments", "events", "feedback", "reports", "import", "copies", "settings"):
                page = opened.window.show_page(key)
                assert isinstance(page, QWidget)
                assert not opened.window.grab().isNull()
            qtbot.waitUntil(lambda jobs=opened.jobs: not jobs.busy)
            opened.jobs.close()


class Windows(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(type(watched).__name__)
        return False


def test_no_part_of_a_page_is_a_window_for_a_moment_and_takes_the_keyboard(
    qtbot: QtBot, qapp: QApplication, theme: Theme, workspace: Workspace
) -> None:
    windows = Windows()
    qapp.installEventFilter(windows)
    opened = make_window(workspace, theme)
    qtbot.addWidget(opened.window)
    opened.window.show()
    for key in opened.window.places:
        opened.window.show_page(key)
    qtbot.waitUntil(lambda: not opened.jobs.busy)
    qapp.removeEventFilter(windows)
    opened.jobs.close()
    assert windows.shown == ["MainWindow"]


def test_control_z_undoes_wherever_one_stands(qtbot: QtBot, theme: Theme, workspace: Workspace) -> None:
    opened = make_window(workspace, theme)
    qtbot.addWidget(opened.window)
    with qtbot.waitActive(opened.window):
        opened.window.show()
    opened.window.show_page("settings")
    opened.operations.perform(phrase("Add"), lambda s: makers.person(s, NOON).id)
    QTest.keyClick(opened.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert workspace.read(lambda s: s.connection().exec_driver_sql("SELECT count(*) FROM person").scalar()) == 0
    QTest.keyClick(opened.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert workspace.read(lambda s: s.connection().exec_driver_sql("SELECT count(*) FROM person").scalar()) == 1
    qtbot.waitUntil(lambda: not opened.jobs.busy)
    opened.jobs.close()


def test_the_demo_is_a_store_of_its_own_and_leaving_it_deletes_its_file(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.open(paths.default_store())
    desktop.open_demo()
    opened = desktop.opened
    assert opened is not None
    assert opened.workspace.path == paths.demo_store()
    qtbot.waitUntil(lambda: not opened.jobs.busy, timeout=20_000)
    people = opened.workspace.read(lambda s: s.connection().exec_driver_sql("SELECT count(*) FROM person").scalar())
    assert people == 300
    desktop.leave_demo()
    assert not paths.demo_store().exists()
    assert desktop.opened is not None
    assert desktop.opened.workspace.path == paths.default_store()


def test_a_closed_window_is_gone_at_once_so_no_timer_of_it_asks_a_closed_store(desktop: Desktop, qtbot: QtBot) -> None:
    window = desktop.open(paths.default_store())
    page = window.page("people")
    assert page is not None
    desktop.close()
    assert not isValid(window)
    assert not isValid(page)


def test_another_language_builds_the_window_anew_on_the_same_store(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.open(paths.default_store())
    desktop.reopen("en")
    assert desktop.opened is not None
    assert desktop.opened.window.current_key == "settings"
    assert i18n.current() == "en"
    assert Preferences(paths.settings_file()).language == "en"


def test_a_file_that_is_no_store_is_refused_and_the_old_store_comes_back(
    desktop: Desktop, qtbot: QtBot, tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign.krug"
    foreign.write_text("не база", encoding="utf-8")
    desktop.open(paths.default_store())
    desktop._change_store(foreign)
    assert desktop.opened is not None
    assert desktop.opened.workspace.path == paths.default_store()
    assert foreign.read_text("utf-8") == "не база"
    assert isinstance(QApplication.instance(), QApplication)


def test_control_z_in_a_field_takes_back_typing_first(qtbot: QtBot, theme: Theme, workspace: Workspace) -> None:
    opened = make_window(workspace, theme)
    qtbot.addWidget(opened.window)
    with qtbot.waitActive(opened.window):
        opened.window.show()
    field = opened.window.show_page("settings").findChild(LineEdit)
    assert isinstance(field, LineEdit)
    opened.operations.perform(phrase("Add"), lambda s: makers.person(s, NOON).id)
    field.setFocus()
    QTest.keyClicks(field, "abc")
    typed = field.text()
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() != typed
    assert workspace.read(lambda s: s.connection().exec_driver_sql("SELECT count(*) FROM person").scalar()) == 1
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert workspace.read(lambda s: s.connection().exec_driver_sql("SELECT count(*) FROM person").scalar()) == 0
    qtbot.waitUntil(lambda: not opened.jobs.busy)
    opened.jobs.close()


def test_t22_a_setting_that_the_disk_does_not_take_is_said(
    desktop: Desktop, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = desktop.open(paths.default_store())
    said: list[str] = []
    monkeypatch.setattr(window, "say", lambda words, *_: said.append(words))
    page = window.show_page("settings")
    page._set_contrast(contrast=False)
    assert said == []
    monkeypatch.setattr(Preferences, "keep", lambda _: False)
    page._set_contrast(contrast=False)
    assert desktop.opened is not None
    desktop.opened.keeper.set_place(None)
    assert said == ["Диск не принял настройку: она действует до закрытия «Круга». Освободите место на диске."] * 2
