"""The window: pages built when first shown, keys that work everywhere, a rail in a narrow window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.window import MainWindow, PageEntry, Pinned

CTRL = Qt.KeyboardModifier.ControlModifier


class Page(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        column = QVBoxLayout(self)
        column.addWidget(QLineEdit())
        column.addWidget(QLineEdit())

    def escape(self) -> bool:
        self.heard.append("escape")
        return True

    def find(self) -> None:
        self.heard.append("find")

    def home(self) -> QWidget:
        return self.findChildren(QLineEdit)[-1]


@pytest.fixture
def built() -> list[str]:
    return []


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, built: list[str]) -> MainWindow:
    def factory(key: str) -> object:
        def make() -> QWidget:
            built.append(key)
            return Page()

        return make

    names = (("today", "sun-horizon"), ("people", "users"), ("events", "calendar-blank"))
    titles = {"today": "Первый", "people": "Второй", "events": "Третий"}
    entries = [PageEntry(key, icon, titles[key], factory(key)) for key, icon in names]
    entries.append(PageEntry("settings", "gear", "Нижний", factory("settings"), below=True))
    made = MainWindow(theme, entries, "Данные и люди")
    qtbot.addWidget(made)
    made.show_page("today")
    made.show()
    made.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.isActiveWindow, timeout=2000)
    return made


def test_a_page_is_built_once_when_it_is_first_shown(window: MainWindow, built: list[str]) -> None:
    assert built == ["today"]
    page = window.show_page("people")
    window.show_page("today")
    assert window.show_page("people") is page
    assert built == ["today", "people"]
    assert window.page("events") is None


def test_ctrl_and_a_digit_goes_to_a_section(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.page_shown) as shown:
        qtbot.keyClick(window, Qt.Key.Key_3, CTRL)
    assert shown.args == ["events"]
    assert window.current_key == "events"


def test_the_keyboard_goes_to_the_page_one_comes_to(qtbot: QtBot, window: MainWindow) -> None:
    for key in (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_2):
        qtbot.keyClick(window, key, CTRL)
        page = window.current_page()
        assert isinstance(page, Page)
        assert window.focusWidget() is page.home()


def test_a_click_in_the_navigation_goes_there(qtbot: QtBot, window: MainWindow) -> None:
    item = next(one for one in window.navigation.findChildren(QWidget) if one.accessibleName() == "Нижний")
    qtbot.mouseClick(item, Qt.MouseButton.LeftButton)
    assert window.current_key == "settings"


@pytest.mark.parametrize(
    ("key", "modifiers", "signal"),
    [
        (Qt.Key.Key_K, CTRL, "find_requested"),
        (Qt.Key.Key_I, CTRL, "import_requested"),
        (Qt.Key.Key_Comma, CTRL, "settings_requested"),
        (Qt.Key.Key_Z, CTRL, "undo_requested"),
        (Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier, "redo_requested"),
    ],
)
def test_keys_that_work_everywhere(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier, signal: str
) -> None:
    with qtbot.waitSignal(getattr(window, signal)):
        qtbot.keyClick(window, key, modifiers)


def test_search_here_and_an_esc_that_nobody_took_are_the_pages(qtbot: QtBot, window: MainWindow) -> None:
    page = window.current_page()
    assert isinstance(page, Page)
    qtbot.keyClick(window, Qt.Key.Key_F, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_Slash)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert page.heard == ["find", "find", "escape"]


def test_counts_are_shown_only_for_what_waits(window: MainWindow) -> None:
    window.set_count("people", 0)
    window.set_count("today", 5)
    named = {one.accessibleName() for one in window.navigation.findChildren(QWidget)}
    assert {"Первый, 5", "Второй"} <= named
    with pytest.raises(KeyError):
        window.set_count("nowhere", 1)


def test_a_pinned_segment_is_chosen_by_its_id(qtbot: QtBot, window: MainWindow) -> None:
    window.set_pinned([Pinned(7, "Амбассадоры", "core", 24), Pinned(9, "Затихающие", "fading", 11)])
    item = next(one for one in window.navigation.findChildren(QWidget) if "Затихающие" in one.accessibleName())
    with qtbot.waitSignal(window.pinned_chosen) as chosen:
        qtbot.mouseClick(item, Qt.MouseButton.LeftButton)
    assert chosen.args == [9]
    assert item.accessibleName() == "Затихающие, Затихает, 11"


def test_a_narrow_window_has_a_rail_with_tooltips(window: MainWindow) -> None:
    window.resize(1366, 768)
    assert not window.navigation.is_rail
    window.resize(1200, 700)
    assert window.navigation.is_rail
    assert window.navigation.width() < 60
    item = next(one for one in window.navigation.findChildren(QWidget) if one.accessibleName() == "Второй")
    assert item.toolTip() == "Второй"


def test_a_full_page_covers_the_navigation_and_gives_the_window_back(window: MainWindow) -> None:
    full = Page()
    window.show_full(full)
    assert full.geometry() == window.rect()
    assert not window.navigation.isVisible()
    assert window.current_page() is full
    window.close_full()
    assert window.navigation.isVisible()
    assert window.current_page() is window.page("today")
    full.deleteLater()


def test_keys_behind_a_dialog_rest_until_it_closes(qtbot: QtBot, window: MainWindow, theme: Theme) -> None:
    heard: list[str] = []
    window.undo_requested.connect(lambda: heard.append("undo"))
    dialog = Dialog(theme, window, "Новый человек")
    dialog.body.addWidget(QLineEdit())
    dialog.add_button(Button(theme, "Сохранить", "primary"), "accept")
    dialog.open()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_3, CTRL)
    assert heard == []
    assert window.current_key == "today"
    dialog.reject()
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert heard == ["undo"]


def test_the_window_of_keys_opens_and_closes_by_keys(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog = window.findChild(Dialog)
    assert dialog.is_open
    qtbot.keyClick(window.focusWidget() or dialog, Qt.Key.Key_Escape)
    assert not dialog.is_open


def test_the_toast_stands_within_the_content_not_below_the_navigation(window: MainWindow) -> None:
    window.say("Готово", undo=lambda: None)
    left = window.navigation.mapTo(window, QPoint(window.navigation.width(), 0)).x()
    middle = window.toast.geometry().center().x()
    assert abs(middle - (left + window.width()) // 2) <= 1


def test_a_page_with_nothing_to_find_in_is_not_asked(qtbot: QtBot, theme: Theme) -> None:
    made = MainWindow(theme, [PageEntry("today", "sun-horizon", "Первый", QWidget)], "Данные и люди")
    qtbot.addWidget(made)
    made.show_page("today")
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    QTest.keyClick(made, Qt.Key.Key_Slash)
    made._find_here()
