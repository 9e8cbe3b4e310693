"""Buttons, choices, chips, fields: what they say, when they show a ring, which keys they take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.chips import FilterChip, FlowLayout, TagChip, ToneChip
from crm.ui.widgets.date_fields import DateField, TimeField
from crm.ui.widgets.fields import Field, LineEdit, NumberField, SearchField, Select
from crm.ui.widgets.labels import ElidedLabel, Label, plain_tooltip
from crm.ui.widgets.tabs import Segmented, Tab, Tabs

Show = Callable[..., None]
MARKUP = "<b>Пётр</b> & <img src=x>"


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Callable[..., None]]:
    """Put widgets into an active window that lives as long as the test."""
    windows: list[QWidget] = []

    def show(*widgets: QWidget) -> None:
        host = QWidget()
        column = QVBoxLayout(host)
        for widget in widgets:
            column.addWidget(widget)
        qtbot.addWidget(host)
        windows.append(host)
        host.show()
        host.activateWindow()
        qtbot.waitUntil(host.isActiveWindow, timeout=2000)

    yield show
    windows.clear()


def test_text_of_people_is_never_markup(theme: Theme) -> None:
    label = Label(theme, MARKUP)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == MARKUP
    assert plain_tooltip(MARKUP) == "<span>&lt;b&gt;Пётр&lt;/b&gt; &amp; &lt;img src=x&gt;</span>"
    assert Button(theme, "Р&К").accessibleName() == "Р&К"


def test_an_elided_label_never_widens_its_place_and_tells_the_rest(qtbot: QtBot, theme: Theme) -> None:
    label = ElidedLabel(theme, "Константинопольская-Ржевская Алёна Викторовна")
    assert label.minimumSizeHint().width() == 24
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.toolTip() == label.text()
    label.resize(600, 20)
    assert label.toolTip() == ""


def test_a_ring_is_for_the_keyboard_and_not_for_the_mouse(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    button = Button(theme, "Сохранить", "primary")
    shown(button)
    button.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not button.ringed
    button.clearFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.ringed


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_button_is_pressed_by_enter_and_by_space(qtbot: QtBot, theme: Theme, key: Qt.Key, shown: Show) -> None:
    button = Button(theme, "Сохранить")
    shown(button)
    button.setFocus()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, key)


def test_an_icon_button_has_a_name_and_is_large_enough(theme: Theme) -> None:
    button = IconButton(theme, "x", "Закрыть")
    assert button.accessibleName() == button.toolTip() == "Закрыть"
    assert button.sizeHint().width() >= 24


def test_the_cross_of_a_filter_clears_it_and_the_rest_is_a_click(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    chip = FilterChip(theme, "был за 90 дней", removable=True)
    shown(chip)
    chip.set_active(True)
    chip.resize(chip.sizeHint())
    heard: list[str] = []
    chip.clicked.connect(lambda: heard.append("clicked"))
    chip.cleared.connect(lambda: heard.append("cleared"))
    middle = chip.height() // 2
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(20, middle))
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 12, middle))
    qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert heard == ["clicked", "cleared", "cleared"]


def test_a_chip_refuses_a_tint_that_is_not_in_the_tokens(theme: Theme) -> None:
    with pytest.raises(KeyError):
        ToneChip(theme, "встреча", "pink")


def test_chips_wrap_instead_of_widening_their_place(qtbot: QtBot, theme: Theme) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    flow = FlowLayout(host)
    chips = [TagChip(theme, f"тег номер {number}") for number in range(8)]
    for chip in chips:
        flow.addWidget(chip)
    host.resize(260, flow.heightForWidth(260))
    host.show()
    assert all(chip.geometry().right() <= 260 for chip in chips)
    assert flow.heightForWidth(260) > flow.heightForWidth(2000)
    assert chips[-1].geometry().bottom() <= host.height()


def test_tabs_and_segments_are_moved_by_the_arrows(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    tabs = Tabs(theme)
    tabs.set_tabs([Tab("people", "Участники", "178"), Tab("notes", "Заметки", "2")])
    segments = Segmented(theme, [("ru", "Русский"), ("en", "English")])
    shown(tabs, segments)
    with qtbot.waitSignal(tabs.changed) as moved:
        qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert moved.args == ["notes"]
    qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert tabs.current == "notes"
    segments.select("en")
    assert segments.current == "en"
    with pytest.raises(ValueError, match="de"):
        segments.select("de")


def test_a_tab_that_went_gives_way_to_the_first(theme: Theme) -> None:
    tabs = Tabs(theme)
    tabs.set_tabs([Tab("people", "Участники"), Tab("notes", "Заметки")])
    tabs.select("notes")
    tabs.set_tabs([Tab("people", "Участники"), Tab("talks", "Доклады")])
    assert tabs.current == "people"


def test_an_error_is_a_sentence_a_border_and_a_description(theme: Theme) -> None:
    field = Field(theme, "Почта", LineEdit(theme))
    field.set_error("Не хватает домена")
    assert field.error == "Не хватает домена"
    assert field.widget.property("wrong") is True
    assert field.widget.accessibleName() == "Почта"
    assert field.widget.accessibleDescription() == "Не хватает домена"
    field.set_error("")
    assert field.error == ""
    assert field.widget.property("wrong") is False


def test_a_search_field_steps_the_list_and_clears_before_it_lets_go(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    search = SearchField(theme, "Имя")
    shown(search)
    search.setFocus()
    with qtbot.waitSignal(search.stepped) as stepped:
        qtbot.keyClick(search, Qt.Key.Key_Down)
    assert stepped.args == [1]
    qtbot.keyClicks(search, "ivanov")
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""
    with qtbot.waitSignal(search.escaped):
        qtbot.keyClick(search, Qt.Key.Key_Escape)


def test_a_select_gives_values_and_says_only_what_a_person_chose(qtbot: QtBot, theme: Theme) -> None:
    select = Select(theme, [(None, "Любой"), ("msk", "Москва")])
    heard: list[object] = []
    select.chosen.connect(heard.append)
    select.set_value("msk")
    assert select.value() == "msk"
    assert heard == []
    select.activated.emit(0)
    assert heard == [None]
    select.set_options([("msk", "Москва"), ("kzn", "Казань")])
    assert select.value() == "msk"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("12.11.2026", date(2026, 11, 12)),
        ("12.11", date(2026, 11, 12)),
        ("12/11/26", date(2026, 11, 12)),
        ("2026-11-12", date(2026, 11, 12)),
        ("31.02.2026", None),
        ("завтра", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_it_is_usually_written(theme: Theme, written: str, day: date | None) -> None:
    field = DateField(theme, today=date(2026, 1, 1))
    field.setText(written)
    assert field.day() == day
    assert field.is_wrong == (day is None and bool(written))


def test_a_day_that_changes_is_said_once(qtbot: QtBot, theme: Theme) -> None:
    field = DateField(theme, today=date(2026, 1, 1))
    heard: list[date | None] = []
    field.day_changed.connect(heard.append)
    field.set_day(date(2026, 11, 12))
    field.setText("12.11")
    field.set_day(None)
    assert heard == [date(2026, 11, 12), None]


@pytest.mark.parametrize(
    ("written", "moment"),
    [("18:30", time(18, 30)), ("1830", time(18, 30)), ("9", time(9)), ("18.05", time(18, 5)), ("25:00", time(10))],
)
def test_a_time_is_read_as_it_is_usually_written(
    qtbot: QtBot, theme: Theme, written: str, moment: time, shown: Show
) -> None:
    field = TimeField(theme)
    shown(field)
    field.set_clock_time(time(10))
    field.selectAll()
    # "25:00" passes through "2" and "25": what is no time gives way to the last one that was.
    field.setText("")
    field.textEdited.emit(written)
    field.editingFinished.emit()
    assert field.clock_time() == moment
    assert field.text() == moment.strftime("%H:%M")


def test_arrows_move_a_time_by_quarters_round_the_clock(qtbot: QtBot, theme: Theme, shown: Show) -> None:
    field = TimeField(theme)
    shown(field)
    field.set_clock_time(time(23, 50))
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.clock_time() == time(0, 0)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert field.clock_time() == time(23, 45)


def test_fields_stand_at_one_height(theme: Theme) -> None:
    fields = [
        LineEdit(theme),
        Select(theme, [(1, "Москва")]),
        DateField(theme),
        TimeField(theme),
        NumberField(theme, 0, 9),
    ]
    assert {field.sizeHint().height() for field in fields} == {32}
