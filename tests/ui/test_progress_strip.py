"""The strip of work: what, how far, and a Stop that is pressed once."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crm.ui.progress_strip import ProgressStrip
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.labels import Label


def test_it_says_what_and_how_far_and_stops_once(qtbot: QtBot, theme: Theme) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    stopped: list[int] = []
    strip = ProgressStrip(theme)
    strip.setParent(host)
    host.show()
    assert strip.isHidden()
    strip.show_job("Собираем отчёт", lambda: stopped.append(1))
    strip.set_progress(14, 32)
    said = [label.text() for label in strip.findChildren(Label)]
    assert strip.title == "Собираем отчёт"
    assert "14 из 32" in said
    button = strip.findChild(Button)
    button.click()
    button.click()
    assert stopped == [1]
    strip.finish()
    assert strip.isHidden()


def test_a_job_that_cannot_be_stopped_offers_no_stop(qtbot: QtBot, theme: Theme) -> None:
    strip = ProgressStrip(theme)
    qtbot.addWidget(strip)
    strip.show_job("Проверяем копию")
    assert strip.findChild(Button).isHidden()
