"""Lists: rows by windows of ids, a place that is kept, signals that carry ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from crm.ui.theme import Theme
from crm.ui.widgets.id_list import Column, IdListModel, PersonCell, StatusCell
from crm.ui.widgets.marks import initials
from crm.ui.widgets.tables import ListTable

TAGS = (("спикер", "plum"), ("BI", "blue"), ("причинный анализ", "teal"))


class Rows:
    """What a page would fetch, with a note of what was asked."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.gone: set[int] = set()

    def __call__(self, ids: Sequence[int]) -> Mapping[int, int]:
        self.asked.append(list(ids))
        return {one: one for one in ids if one not in self.gone}


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def model(rows: Rows) -> IdListModel[int]:
    columns = [
        Column("name", "Имя", "person", 200, lambda one: PersonCell(one, f"Анна {one}"), stretch=3),
        Column("tags", "Теги", "tags", 150, lambda one: TAGS[: one % 4]),
        Column("level", "Уровень", "level", 90, lambda one: ("core", "fading", "none")[one % 3]),
        Column("status", "Статус", "status", 120, lambda _: StatusCell("clock", "Ждём")),
        Column("score", "Оценка", "score", 60, lambda one: one % 11 or None),
        Column("events", "События", "number", 70, lambda one: one % 40, sortable=False),
    ]
    return IdListModel(columns, rows)


@pytest.fixture
def table(qtbot: QtBot, theme: Theme, model: IdListModel[int]) -> ListTable:
    made = ListTable(theme, model, name="Люди")
    made.resize(900, 500)
    qtbot.addWidget(made)
    made.show()
    return made


def test_only_the_windows_that_are_seen_are_fetched(model: IdListModel[int], rows: Rows) -> None:
    model.set_ids(range(1, 100_001))
    assert model.row_at(0) == 1
    assert model.row_at(199) == 200
    assert model.row_at(50_050) == 50_051
    assert [(len(asked), asked[0]) for asked in rows.asked] == [(200, 1), (200, 50_001)]


def test_rows_that_came_with_the_ids_are_not_fetched(model: IdListModel[int], rows: Rows) -> None:
    model.set_ids(range(1, 51))
    model.prime({one: one for one in range(1, 51)})
    assert [model.row_at(place) for place in range(50)] == list(range(1, 51))
    assert rows.asked == []


def test_a_row_gone_meanwhile_is_shown_empty_and_asked_for_once(model: IdListModel[int], rows: Rows) -> None:
    rows.gone = {2}
    model.set_ids([1, 2, 3])
    assert [model.row_at(place) for place in range(3)] == [1, None, 3]
    assert model.data(model.index(1, 0)) is None
    assert len(rows.asked) == 1


def test_invalid_rows_are_fetched_anew(model: IdListModel[int], rows: Rows) -> None:
    model.set_ids([1, 2, 3])
    model.row_at(0)
    model.invalidate([2])
    model.row_at(1)
    assert rows.asked == [[1, 2, 3], [2]]


def test_what_is_kept_of_rows_does_not_grow_without_end(model: IdListModel[int], rows: Rows) -> None:
    model.set_ids(range(1, 10_001))
    for place in range(0, 10_000, 200):
        model.row_at(place)
    model.row_at(0)
    assert len(rows.asked) == 51


def test_ids_that_only_follow_keep_place_and_selection(qtbot: QtBot, table: ListTable, model: IdListModel[int]) -> None:
    model.set_ids(range(1, 51))
    table.select_id(3)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.set_ids(range(1, 5_001))
    assert resets == []
    assert model.rowCount() == 5_000
    assert table.current_id() == 3


def test_another_order_keeps_the_current_person(qtbot: QtBot, table: ListTable, model: IdListModel[int]) -> None:
    model.set_ids([1, 2, 3])
    table.select_id(3)
    said: list[int | None] = []
    table.current_changed.connect(said.append)
    model.set_ids([3, 2, 1])
    assert table.current_id() == 3
    assert table.selected_ids() == [3]
    assert said == []
    model.set_ids([1, 2])
    assert table.current_id() is None
    assert said == [None]


def test_keys_open_look_and_step(qtbot: QtBot, table: ListTable, model: IdListModel[int]) -> None:
    model.set_ids([11, 12, 13])
    table.select_id(11)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [12]
    with qtbot.waitSignal(table.quick_look) as looked:
        qtbot.keyClick(table, Qt.Key.Key_Space)
    assert looked.args == [12]
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert table.current_id() == 13
    table.step(-10)
    assert table.current_id() == 11


def test_a_range_is_selected_with_shift_and_read_in_order(
    qtbot: QtBot, table: ListTable, model: IdListModel[int]
) -> None:
    model.set_ids([11, 12, 13, 14])
    table.select_id(13)
    qtbot.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert table.selected_ids() == [12, 13]


def test_a_double_click_opens(qtbot: QtBot, table: ListTable, model: IdListModel[int]) -> None:
    model.set_ids([11, 12])
    at = QPoint(60, table.rowViewportPosition(1) + 10)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert opened.args == [12]


def test_a_click_on_a_title_asks_for_an_order_and_the_second_for_the_other(qtbot: QtBot, table: ListTable) -> None:
    asked: list[tuple[str, bool]] = []
    table.sort_requested.connect(lambda key, descending: asked.append((key, descending)))
    table.sort_requested.connect(table.set_sort)
    header = table.horizontalHeader()
    for section in (0, 0, 1, 5):
        header.sectionClicked.emit(section)
    assert asked == [("name", False), ("name", True), ("tags", False)]


@pytest.mark.parametrize("width", [640, 900, 1600])
def test_columns_fill_their_room_exactly(qtbot: QtBot, table: ListTable, width: int) -> None:
    table.resize(width, 400)
    header = table.horizontalHeader()
    widths = [header.sectionSize(place) for place in range(header.count())]
    assert sum(widths) == table.viewport().width()
    assert min(widths) >= 60


def test_widths_that_a_person_chose_come_back(qtbot: QtBot, table: ListTable) -> None:
    table.horizontalHeader().resizeSection(1, 260)
    chosen = table.widths()
    assert chosen["tags"] == 260
    table.set_widths({"tags": 180, "nowhere": 5})
    assert table.widths() == {"tags": 180}
    assert table.horizontalHeader().sectionSize(1) == 180


def test_a_row_says_itself_in_one_sentence(model: IdListModel[int]) -> None:
    model.set_ids([2])
    said = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    expected = "Анна 2, Теги: спикер, BI, Уровень: Ещё не был, Статус: Ждём, Оценка: 2, События: 2"
    assert said == expected


def test_initials_are_of_the_first_and_the_last_word() -> None:
    names = ("Семён Ёлкин", "Анна-Мария Фёдорова-Штольц", "Тимофей", "  ", "НИИ «Вектор»")
    assert [initials(name) for name in names] == ["СЁ", "АФ", "Т", "", "НВ"]


def test_a_jump_in_a_hundred_thousand_asks_for_what_is_seen_and_no_more(
    qtbot: QtBot, table: ListTable, model: IdListModel[int], rows: Rows
) -> None:
    table.resize(1100, 32 + 20 * 36)
    model.set_ids(range(1, 100_001))
    table.viewport().repaint()
    rows.asked.clear()
    for turn in range(1, 15):
        table.verticalScrollBar().setValue(turn * 36 * 6000)
        table.viewport().repaint()
    # One screen lies in one window of rows, or across the border of two.
    assert 14 <= len(rows.asked) <= 28
    assert all(len(asked) <= 200 for asked in rows.asked)
    asked = [one for window in rows.asked for one in window]
    assert len(asked) == len(set(asked))
