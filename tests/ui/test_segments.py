"""The Segments page: sentence and count follow every edit, one deed saves it, nothing unfinished means everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.clock import Clock
from crm.i18n import phrase
from crm.models import Attendance, Person, SegmentSnapshot, Tag
from crm.services import rules, segment_editing, segments
from crm.store.workspace import Workspace
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.people.dialogs import InviteDialog
from crm.ui.segments.builder import Builder
from crm.ui.segments.chooser import Chooser
from crm.ui.segments.condition import Condition
from crm.ui.segments.page import SegmentsPage
from crm.ui.segments.sentence import Sentence
from crm.ui.segments.values import Surroundings
from crm.ui.segments.why import WhyDialog
from crm.ui.theme import Theme
from crm.ui.widgets.fields import Select
from tests.conftest import NOON
from tests.services.test_rules import every_leaf
from tests.support import makers

Deed = Callable[[Callable[[Session], Any]], Any]


@dataclass
class Window:
    """A page on a real store, with what it said."""

    page: SegmentsPage
    operations: Operations
    workspace: Workspace
    wait: Callable[[], None]
    said: list[Any] = field(default_factory=list)
    went: list[tuple[str, Any]] = field(default_factory=list)

    def listed(self) -> list[str]:
        """Names in the list, headings in brackets."""
        return [line if isinstance(line, str) else line.name for line in self.page.list.lines.lines]

    def names(self) -> list[str]:
        """Who stands in «Who is inside»."""
        people = self.page.preview.people.people
        rows = [people.row_at(place) for place in range(people.rowCount())]
        return [row.family_name for row in rows if row is not None]


@pytest.fixture
def tag(deed: Deed, clock: Clock) -> int:
    def fill(session: Session) -> int:
        made = makers.tag(session, "Спикер <b>")
        for number, (family, city) in enumerate((("Абрамов", "Казань"), ("Борисов", "Орёл"), ("Власов", "Казань"))):
            who = makers.person(session, NOON, family, city=city, search_city=city.casefold().replace("ё", "е"))
            for days in range(number + 1):
                at = NOON - timedelta(days=days + 1)
                makers.attendance(session, makers.event(session, at, f"Встреча {number}-{days}"), who)
        rule = {"version": 1, "match": "all", "rules": [{"field": "city", "operator": "is", "value": "казань"}]}
        segment_editing.add_segment(session, "Казанцы", rule, clock, description="Кто рядом", glyph="core")
        return made.id

    return deed(fill)


@pytest.fixture
def window(qtbot: QtBot, workspace: Workspace, theme: Theme, tag: int) -> Iterator[Window]:
    operations, jobs = Operations(workspace), Jobs()
    page = SegmentsPage(operations, jobs, theme)
    qtbot.addWidget(page)
    page.resize(1228, 840)

    def wait() -> None:
        qtbot.waitUntil(lambda: not jobs.busy and not page.counting.waiting, timeout=5000)
        QApplication.processEvents()

    made = Window(page, operations, workspace, wait)
    operations.said.connect(made.said.append)
    page.navigate.connect(lambda key, item: made.went.append((key, item)))
    page.show()
    qtbot.waitExposed(page)
    wait()
    yield made
    jobs.close()


def conditions(page: QWidget) -> list[Condition]:
    return [one for one in page.findChildren(Condition) if one.isVisibleTo(page)]


def test_the_list_has_ones_own_and_the_ready_ones_with_their_counts(window: Window) -> None:
    assert window.listed()[:3] == ["Мои", "Казанцы", "Готовые"]
    counts = {line.name: line.count for line in window.page.list.lines.lines if not isinstance(line, str)}
    assert counts["Казанцы"] == 2
    assert counts["Новые за 30 дней"] == 3
    assert None not in counts.values()
    model = window.page.list.lines
    assert model.data(model.index(1)) == "Казанцы, Кто рядом, Ядро, 2 человека"
    assert window.page.header.note() == "1 сегмент"


def test_the_first_segment_is_open_with_its_sentence_and_its_people(window: Window) -> None:
    assert window.page.editor.name() == "Казанцы"
    assert window.page.editor.sentence() == "Люди, которые живут в городе «казань»."
    assert (window.page.preview.number(), window.names()) == ("2", ["Абрамов", "Власов"])
    assert not window.page.editor.save_button.isVisible()


def test_sentence_and_count_follow_an_edit_and_one_deed_keeps_it(window: Window, qtbot: QtBot) -> None:
    page = window.page
    page.editor.builder.add_condition()
    added = page.editor.builder._root._parts[-1]
    added._field.set_value("attended")
    added._field_chosen("attended")
    qtbot.keyClick(added.stops()[2], Qt.Key.Key_Up)
    window.wait()
    assert page.editor.sentence() == ("Люди, которые живут в городе «казань» и приходили хотя бы 2 раза.")
    assert (page.preview.number(), window.names()) == ("1", ["Власов"])
    page.editor.set_name("Казанцы, что ходят")
    qtbot.mouseClick(page.editor.save_button, Qt.MouseButton.LeftButton)
    window.wait()
    assert [said.what.text() for said in window.said] == ["Сегмент «Казанцы, что ходят» изменён"]
    assert window.listed()[1] == "Казанцы, что ходят"
    assert not page.editor.edited
    window.operations.undo(window.said[0].deed)
    window.wait()
    assert (page.editor.name(), page.preview.number()) == ("Казанцы", "2")


def test_an_unfinished_condition_is_nobody_s_and_is_not_saved(window: Window, qtbot: QtBot) -> None:
    page = window.page
    page.editor.builder.add_condition()
    window.wait()
    assert page.editor.trouble() == "В условии «Уровень» пока нет значения. Заполните его или уберите."
    assert page.editor.sentence() == ""
    assert not page.preview.invite_button.isEnabled()
    qtbot.mouseClick(page.editor.save_button, Qt.MouseButton.LeftButton)
    assert page.editor.refusal() == page.editor.trouble()
    assert window.said == []
    assert page.escape()
    window.wait()
    assert (page.editor.trouble(), page.preview.number(), len(conditions(page))) == ("", "2", 1)
    assert not page.escape()


def test_a_segment_is_begun_named_and_kept_by_keys_alone(window: Window, qtbot: QtBot) -> None:
    page = window.page
    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_N)
    window.wait()
    name = page.editor._name
    assert page.window().focusWidget() is name
    assert page.editor.sentence() == "Все люди."
    assert page.preview.number() == "3"
    qtbot.keyClicks(name, "All")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    window.wait()
    assert window.listed()[1:3] == ["Казанцы", "All"]
    assert page.list.current_key() == ("segment", 2)
    assert page.editor.refusal() == ""


def test_a_name_that_is_taken_is_said_at_the_name(window: Window) -> None:
    window.page.add()
    window.page.save()
    assert window.page.editor.refusal() == "Сегменту нужно название. Введите его."
    window.page.editor.set_name("КАЗАНЦЫ")
    window.page.save()
    assert window.page.editor.refusal() == "Сегмент «КАЗАНЦЫ» уже есть. Выберите другое название."
    assert window.said == []


def test_a_ready_segment_is_made_ones_own(window: Window, qtbot: QtBot) -> None:
    page = window.page
    page._choose(("starter", "new_this_month"))
    window.wait()
    assert page.editor.sentence() == "Люди, которые впервые пришли за последние 30 дней."
    assert page.preview.number() == "3"
    assert page.editor.save_button.text() == "Сделать своим"
    qtbot.mouseClick(page.editor.save_button, Qt.MouseButton.LeftButton)
    window.wait()
    assert window.listed()[:4] == ["Мои", "Казанцы", "Новые за 30 дней", "Готовые"]
    assert window.listed().count("Новые за 30 дней") == 1
    window.operations.undo()
    window.wait()
    assert window.listed()[1:3] == ["Казанцы", "Готовые"]


def test_deleting_asks_nothing_and_can_be_undone(window: Window) -> None:
    page = window.page
    card = window.operations.read(lambda s: segments.segment_card(s, 1, window.operations.clock))
    page.remove(card)
    window.wait()
    assert "Казанцы" not in window.listed()
    assert [said.what.text() for said in window.said] == ["Сегмент «Казанцы» удалён"]
    window.operations.undo(window.said[0].deed)
    window.wait()
    assert window.listed()[1] == "Казанцы"


def test_a_broken_rule_says_so_and_counts_nobody(window: Window, tag: int) -> None:
    rule = {"version": 1, "match": "all", "rules": [{"field": "tag", "operator": "none_of", "value": [tag]}]}
    clock = window.operations.clock
    made = window.workspace.write(
        phrase("Add"), lambda s: segment_editing.add_segment(s, "Не спикеры", rule, clock)
    ).value
    window.workspace.write(phrase("Delete"), lambda s: s.delete(s.get_one(Tag, tag)))
    window.page.show_item(made)
    window.wait()
    assert window.page.preview.number() == "—"
    assert window.page.editor.trouble().startswith("Метку из этого правила удалили.")
    chooser = window.page.editor.findChildren(Chooser)[0]
    assert chooser.accessibleDescription() == "удалено"
    row = next(line for line in window.page.list.lines.lines if not isinstance(line, str) and line.id == made)
    assert (row.count, row.problem) == (None, window.page.editor.trouble())
    window.operations.undo()
    window.wait()
    assert window.page.preview.number() == "3"


def test_the_page_follows_deeds_made_elsewhere(window: Window) -> None:
    window.workspace.write(phrase("Move"), lambda s: setattr(s.get_one(Person, 1), "search_city", "орел"))
    window.wait()
    assert (window.page.preview.number(), window.names()) == ("1", ["Власов"])
    assert next(line.count for line in window.page.list.lines.lines if not isinstance(line, str)) == 1


def test_an_edit_survives_a_deed_made_elsewhere(window: Window) -> None:
    window.page.editor.builder.add_condition()
    window.workspace.write(phrase("Tag"), lambda s: makers.tag(s, "Новая"))
    window.wait()
    assert window.page.editor.edited
    assert len(conditions(window.page)) == 2


def test_a_hidden_page_reads_nothing_until_it_is_shown(window: Window) -> None:
    window.page.hide()
    window.workspace.write(phrase("Archive"), lambda s: setattr(s.get_one(Person, 1), "archived_at", NOON))
    window.wait()
    assert window.page.preview.number() == "2"
    window.page.show()
    window.wait()
    assert window.page.preview.number() == "1"


def test_everyone_inside_is_invited_as_one_deed(window: Window) -> None:
    def plan(session: Session) -> int:
        at = NOON + timedelta(days=7)
        return makers.event(session, at, "Скоро").id

    event = window.workspace.write(phrase("Plan"), plan).value
    window.wait()
    window.page.invite()
    dialog = window.page.window().findChildren(InviteDialog)[0]
    dialog.save()
    invited = window.operations.read(
        lambda s: sorted(s.scalars(select(Attendance.person_id).where(Attendance.event_id == event)))
    )
    assert invited == [1, 3]
    window.operations.undo()
    assert (
        window.operations.read(
            lambda s: s.scalars(select(Attendance.person_id).where(Attendance.event_id == event)).all()
        )
        == []
    )


def test_enter_opens_the_profile_and_space_says_why(window: Window, qtbot: QtBot) -> None:
    people = window.page.preview.people
    people.setFocus()
    people.setCurrentIndex(people.people.index(0, 0))
    qtbot.keyClick(people, Qt.Key.Key_Return)
    assert window.went == [("people", 1)]
    qtbot.keyClick(people, Qt.Key.Key_Space)
    dialog = window.page.window().findChildren(WhyDialog)[0]
    assert dialog.accessibleName() == "Почему Иван Абрамов здесь"
    dialog.keep_out_requested.emit()
    dialog.reject()
    window.wait()
    assert window.names() == ["Власов"]
    assert [said.what.text() for said in window.said] == ["Иван Абрамов: вне сегмента «Казанцы»"]


def test_who_came_and_went_is_shown_once_there_are_two_pictures(window: Window) -> None:
    def picture(days: int, entered: list[int], left: list[int], count: int) -> None:
        taken = SegmentSnapshot(
            segment_id=1, taken_on=NOON.date() - timedelta(days=days), count=count, entered=entered, left=left
        )
        window.workspace.maintain(lambda s: s.add(taken))

    preview = window.page.preview
    picture(40, [1, 2], [], 2)
    window.page.refresh()
    assert preview._entered.isHidden()
    assert preview._still.text().startswith("Кто вошёл и вышел")
    picture(3, [3], [], 3)
    picture(1, [], [2], 2)
    picture(0, [2], [1, 2], 1)
    window.page.refresh()
    window.wait()
    assert (preview._entered.text(), preview._left.text(), preview._net.text()) == ("вошли 2", "вышли 3", "на 1 меньше")
    assert preview._still.isHidden()
    assert preview.people.newcomers == {3}
    assert preview._chart.accessibleName() == "За 30 дней вошли: 2, вышли: 3"


def test_search_narrows_the_list_and_keeps_the_choice(window: Window, qtbot: QtBot) -> None:
    page = window.page
    page.find()
    page.search.setText("ДНИ")
    assert window.listed() == ["Готовые", "Дни рождения скоро"]
    qtbot.keyClick(page.search, Qt.Key.Key_Down)
    window.wait()
    assert page.editor.name() == "Дни рождения скоро"
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert window.listed()[1] == "Казанцы"
    assert page.list.current_key() == ("starter", "birthdays")


def test_in_a_narrow_window_the_preview_stands_under_the_rules(window: Window) -> None:
    page = window.page
    assert not page.editor.isAncestorOf(page.preview)
    page.resize(900, 700)
    assert page.editor.isAncestorOf(page.preview)
    page.resize(1228, 840)
    assert not page.editor.isAncestorOf(page.preview)


def test_every_condition_is_shown_and_read_back_unchanged(
    qtbot: QtBot, workspace: Workspace, theme: Theme, tag: int, clock: Clock
) -> None:
    builder = Builder(theme)
    qtbot.addWidget(builder)
    event = workspace.read(lambda s: segments.choices(s, clock)["events"][0][0])
    leaves = every_leaf(tag, 1, int(event))
    tree = {
        "version": 1,
        "match": "any",
        "rules": [*leaves[:40], {"match": "none", "rules": [*leaves[40:90], {"match": "all", "rules": leaves[90:]}]}],
    }
    around = Surroundings(NOON.date(), workspace.read(lambda s: segments.choices(s, clock)))
    builder.set_rule(tree, around)
    assert builder.rule() == rules.dump_rule(rules.parse_rule(tree))


def test_a_segment_cannot_be_chosen_as_a_condition_of_itself(window: Window) -> None:
    clock = window.operations.clock
    window.workspace.write(phrase("Add"), lambda s: segment_editing.add_segment(s, "Другой", {}, clock))
    window.wait()
    window.page.editor.builder._root.add({"field": "segment", "operator": "in"})
    choice = window.page.editor.builder.stops()[-4]
    assert isinstance(choice, Select)
    assert [choice.itemText(place) for place in range(choice.count())] == ["Выбрать", "Другой"]


def test_tab_visits_the_rule_in_reading_order_after_rows_came_and_went(window: Window) -> None:
    builder = window.page.editor.builder
    builder.add_condition()
    builder._root._group_wanted()
    builder._root._remove(builder._root._parts[0])
    stops = [one for one in builder.stops() if one.isVisibleTo(builder)]
    at: QWidget = stops[0]
    visited = [at]
    for _ in range(200):
        at = at.nextInFocusChain()
        if at in stops:
            if at is stops[0]:
                break
            visited.append(at)
    assert visited == stops


def test_everything_that_takes_the_focus_has_a_name(window: Window) -> None:
    window.page.editor.builder.add_condition()
    unnamed = [
        one
        for one in window.page.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and not one.accessibleName()
        and one.objectName() != "qt_spinbox_lineedit"
    ]  # fmt: skip
    assert unnamed == []


def test_a_name_with_markup_is_only_text(qtbot: QtBot, theme: Theme) -> None:
    said = Sentence(theme)
    qtbot.addWidget(said)
    said.set_parts((rules.Part("Люди, которые отмечены "), rules.Part("<b>Спикер</b> 🎤 & co", strong=True)))
    said.resize(200, 100)
    assert said.text() == said.accessibleName() == "Люди, которые отмечены <b>Спикер</b> 🎤 & co"
    assert said.heightForWidth(100) > said.heightForWidth(600)
    assert not said.grab().isNull()
