"""The month one picks a day from."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crm.ui.theme import Theme
from crm.ui.widgets.labels import Label
from crm.ui.widgets.month_grid import MonthGrid


@pytest.fixture
def grid(qtbot: QtBot, theme: Theme) -> MonthGrid:
    made = MonthGrid(theme, date(2026, 1, 31))
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    ("key", "day"),
    [
        (Qt.Key.Key_Right, date(2026, 2, 1)),
        (Qt.Key.Key_Up, date(2026, 1, 24)),
        (Qt.Key.Key_PageDown, date(2026, 2, 28)),
        (Qt.Key.Key_PageUp, date(2025, 12, 31)),
    ],
)
def test_keys_move_by_days_weeks_and_months(qtbot: QtBot, grid: MonthGrid, key: Qt.Key, day: date) -> None:
    qtbot.keyClick(grid, key)
    assert grid.day == day


def test_enter_picks_the_day_one_stands_on(qtbot: QtBot, grid: MonthGrid) -> None:
    with qtbot.waitSignal(grid.picked) as picked:
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert picked.args == [date(2026, 1, 31)]


def test_a_click_picks_the_day_below_it(qtbot: QtBot, grid: MonthGrid) -> None:
    days = next(one for one in grid.findChildren(QWidget) if one.width() == 7 * 32 and one.height() == 7 * 32)
    with qtbot.waitSignal(grid.picked) as picked:
        # The first week of January 2026 begins with Monday, 29 December.
        qtbot.mouseClick(days, Qt.MouseButton.LeftButton, pos=QPoint(3 * 32 + 5, 32 + 5))
    assert picked.args == [date(2026, 1, 1)]


def test_the_month_is_named_in_the_language_of_the_program(grid: MonthGrid) -> None:
    assert grid.findChild(Label).text() == "Январь 2026"
