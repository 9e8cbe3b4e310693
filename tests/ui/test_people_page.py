"""The People page by its keys: find, open, add, edit, log, tag, invite, delete, undo."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from sqlalchemy import func, select

from crm.i18n import phrase
from crm.models import Attendance, Deed, Interaction, Person, Task
from crm.services import people, people_editing
from crm.services.people_editing import ContactDraft, PersonDraft, named_draft
from crm.services.people_order import PeopleFilter
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.people import table
from crm.ui.people.dialogs import ConversationDialog, InviteDialog, TagsDialog
from crm.ui.people.editor import PersonEditor
from crm.ui.people.exporting import ExportDialog
from crm.ui.people.page import PeoplePage
from crm.ui.people.qr import CodeDialog
from tests.conftest import NOON
from tests.support import makers

Key = Qt.Key


def press(key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    """A key, to whatever has the focus."""
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


def write(words: str) -> None:
    """Letters, to whatever has the focus."""
    for letter in words:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
            QApplication.sendEvent(QApplication.focusWidget(), event)


@pytest.fixture
def add(deed, clock):
    def run(name, **fields):
        return deed(lambda s: people_editing.add_person(s, named_draft(name, PersonDraft(**fields)), clock))

    return run


@pytest.fixture
def community(add):
    return {
        "Аникин": add("Аникин Пётр", organisation="Вектор", tags=("BI",)),
        "Ёлкин": add("Ёлкин Семён", contacts=(ContactDraft("phone", "8 900 000-41-17"),)),
        "Ивченко": add("Ивченко Анна Петровна", organisation="Ладога"),
        "Яшин": add("Яшин Лев"),
    }


@pytest.fixture
def operations(workspace):
    return Operations(workspace)


@pytest.fixture
def show(qtbot, operations, theme):
    """Show the page in a window of its own and wait until it has the keyboard."""
    jobs = Jobs()

    def run(width=1240, height=800):
        page = PeoplePage(operations, jobs, theme)
        qtbot.addWidget(page)
        page.resize(width, height)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.table.setFocus()
        return page

    yield run
    jobs.close()


def listed(page):
    return list(page._model.ids)


def shown_person(qtbot, page, person_id):
    qtbot.waitUntil(lambda: page.panel.person is not None and page.panel.person.id == person_id)


def dialog(page, kind):
    return next(one for one in page.findChildren(kind) if one.is_open)


def words_of(widget):
    """Everything a widget says: labels and accessible names."""
    said = [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]
    from PySide6.QtWidgets import QWidget

    said += [one.accessibleName() for one in widget.findChildren(QWidget) if not one.isHidden()]
    return "\n".join(said)


def test_everyone_is_listed_by_surname_and_the_first_is_shown(qtbot, show, community) -> None:
    page = show()
    assert listed(page) == list(community.values())
    shown_person(qtbot, page, community["Аникин"])
    assert page.header.note() == "4 человека"


def test_the_slash_leads_into_the_search_and_letters_find(qtbot, show, community) -> None:
    page = show()
    press(Key.Key_Slash)
    assert page.filters.search.hasFocus()
    write("`krby")
    assert listed(page) == [community["Ёлкин"]]
    assert page.hints.left() == "Найдено 1 из 4"
    cell = table.columns(date(2026, 11, 12))[0].value(page._model.row_at(0))
    assert (cell.hits, cell.reason) == (((6, 11),), "раскладка")
    shown_person(qtbot, page, community["Ёлкин"])
    press(Key.Key_Escape)
    assert listed(page) == list(community.values())


def test_the_words_of_names_are_made_ready_while_nobody_types(qtbot, show, community) -> None:
    page = show()
    names, readying = page._memory.names, page._readying
    assert not names.words
    page.find()
    write("ёл")
    assert readying._timer.remainingTime() > readying._timer.interval() // 2, "a key puts it off"
    readying._timer.setInterval(1)
    write("к")
    qtbot.waitUntil(lambda: not readying._parts)
    assert "елкин" in names.words
    assert names._sounds
    page.hide()
    page.show()
    assert not readying._parts, "what is known is not read again"


def test_a_hit_that_the_row_does_not_show_says_where_it_is(show, community) -> None:
    page = show()
    page.find()
    write("4117")
    cell = table.columns(date(2026, 11, 12))[0].value(page._model.row_at(0))
    assert (cell.reason, cell.reason_icons) == ("…41-17", ("phone",))


def test_rows_forget_why_another_search_found_them(show, community) -> None:
    page = show()
    page.find()
    write("пет")
    assert listed(page) == [community["Аникин"], community["Ивченко"]]
    assert page._model.row_at(1).reason == "name"
    page.filters.search.clear()
    assert [page._model.row_at(place).reason for place in range(4)] == [""] * 4


def test_arrows_in_the_search_move_the_list_and_enter_opens(qtbot, show, community) -> None:
    page = show()
    page.find()
    press(Key.Key_Down)
    assert page.table.current_id() == community["Ёлкин"]
    press(Key.Key_Return)
    assert page.panel.log_button.hasFocus()
    assert page.panel.person.id == community["Ёлкин"]
    assert page.escape()
    assert page.table.hasFocus()


def test_a_person_with_phone_and_tag_is_added_in_six_actions(workspace, show, community) -> None:
    page = show()
    press(Key.Key_N)  # 1
    editor = dialog(page, PersonEditor)
    assert editor.name.hasFocus()
    write("Щёголев Пётр Ильич")  # 2
    editor.contacts.rows[0].value.setFocus()
    write("8 900 000-41-18")  # 3
    editor.tags.line.setFocus()
    write("спикер")  # 4
    press(Key.Key_Return)  # 5
    press(Key.Key_Return)  # 6
    assert not page.findChildren(PersonEditor) or not editor.is_open
    card = workspace.read(lambda s: people.card(s, page.table.current_id()))
    assert (card.family_name, card.given_name, card.additional_name) == ("Щёголев", "Пётр", "Ильич")
    assert (card.first("phone").value, card.gender) == ("+79000004118", "male")
    assert [name for name, _ in card.tags] == ["спикер"]
    assert len(listed(page)) == 5


def test_n_is_a_letter_while_one_types(show, community) -> None:
    page = show()
    page.find()
    write("n")
    assert page.filters.search.text() == "n"
    assert not page.findChildren(PersonEditor)


def test_who_was_searched_in_vain_is_the_name_to_add(show, community) -> None:
    page = show()
    page.find()
    write("Кузьмина Яна")
    assert listed(page) == []
    page.add()
    editor = dialog(page, PersonEditor)
    assert (editor.family.text(), editor.given.text()) == ("Кузьмина", "Яна")


def test_a_possible_double_is_told_and_can_be_looked_at(qtbot, show, community) -> None:
    page = show()
    page.add()
    editor = dialog(page, PersonEditor)
    write("Кто-то")
    editor.contacts.rows[0].value.setFocus()
    write("+7 900 000 41 17")
    qtbot.waitUntil(lambda: not editor._note.isHidden())
    assert "Семён Ёлкин" in editor._note_words.text()
    editor._note_open.click()
    assert page.table.current_id() == community["Ёлкин"]


def test_what_cannot_be_kept_is_said_and_nothing_is_lost(workspace, show, community) -> None:
    page = show()
    page.add()
    editor = dialog(page, PersonEditor)
    press(Key.Key_Return)
    assert "имя" in editor.error
    write("Ким Вера")
    editor.birthday.setText("31.02.1990")
    editor.save()
    assert "31.02.1990" in editor._birthday_field.error
    assert editor.is_open
    editor.birthday.setText("8.03")
    editor.referred_by.setText("Никто Никакой")
    editor.save()
    assert editor._referrer_field.error
    editor.referred_by.set_person(community["Ёлкин"], "Семён Ёлкин")
    editor.save()
    card = workspace.read(lambda s: people.card(s, page.table.current_id()))
    assert (card.display_name, card.birthday.iso(), card.referred_by) == ("Вера Ким", "--03-08", "Семён Ёлкин")


def test_an_edit_is_one_deed_and_one_undo(workspace, operations, show, community) -> None:
    page = show()
    press(Key.Key_Down)
    press(Key.Key_E)
    editor = dialog(page, PersonEditor)
    deeds = workspace.read(lambda s: s.scalar(select(func.count(Deed.id))))
    editor.city.setText("Томск")
    editor.tags.set_names(["BI", "SQL"])
    editor.contacts.add(ContactDraft("telegram", "@yolkin"))
    said = []
    operations.said.connect(said.append)
    editor.save()
    assert [one.what.text() for one in said] == ["Изменение: Семён Ёлкин"]
    assert workspace.read(lambda s: s.scalar(select(func.count(Deed.id)))) == deeds + 1
    card = workspace.read(lambda s: people.card(s, community["Ёлкин"]))
    assert (card.city, len(card.tags), len(card.contacts)) == ("Томск", 2, 2)
    operations.undo(said[0].deed)
    card = workspace.read(lambda s: people.card(s, community["Ёлкин"]))
    assert (card.city, len(card.tags), len(card.contacts)) == ("", 0, 1)


def test_an_edit_that_changes_nothing_leaves_no_deed(workspace, show, community) -> None:
    page = show()
    press(Key.Key_Down)
    deeds = workspace.read(lambda s: s.scalar(select(func.max(Deed.id))))
    page.edit()
    dialog(page, PersonEditor).save()
    assert workspace.read(lambda s: s.scalar(select(func.max(Deed.id)))) == deeds


def test_a_conversation_with_a_follow_up_takes_five_actions(workspace, qtbot, show, community) -> None:
    page = show()
    press(Key.Key_L, Qt.KeyboardModifier.ControlModifier)  # 1
    talk = dialog(page, ConversationDialog)
    assert talk.summary.hasFocus()
    write("Готов выступить")  # 2
    talk.follow_up.setFocus()
    write("Прислать тезисы")  # 3
    talk._quick[1].click()  # 4
    talk.follow_up.setFocus()
    press(Key.Key_Return)  # 5
    task = workspace.read(lambda s: s.scalars(select(Task)).one())
    assert (task.title, task.due_on, task.person_id) == ("Прислать тезисы", date(2026, 11, 13), community["Аникин"])
    assert workspace.read(lambda s: s.scalars(select(Interaction)).one()).summary == "Готов выступить"
    qtbot.waitUntil(lambda: "Прислать тезисы" in words_of(page.panel))
    page.actions_of_people.finish_task(task.id)
    assert workspace.read(lambda s: s.get(Task, task.id)).done_at == NOON


def test_a_conversation_of_tomorrow_is_refused_in_the_dialog(workspace, show, community) -> None:
    page = show()
    page.actions_of_people.log()
    talk = dialog(page, ConversationDialog)
    talk.day.set_day(date(2026, 11, 14))
    talk.save()
    assert "14 ноября" in talk.error
    assert workspace.read(lambda s: s.scalar(select(func.count(Interaction.id)))) == 0


def test_delete_takes_away_and_undo_brings_back(operations, show, community) -> None:
    page = show()
    press(Key.Key_Down)
    press(Key.Key_Delete)
    assert listed(page) == [community["Аникин"], community["Ивченко"], community["Яшин"]]
    assert page.table.current_id() == community["Ивченко"]
    operations.undo()
    assert listed(page) == list(community.values())


def test_delete_while_typing_only_deletes_letters(show, community) -> None:
    page = show()
    page.find()
    write("я")
    press(Key.Key_Delete)
    assert len(page._listing.ids) == 1
    page.filters.search.clear()
    assert len(listed(page)) == 4


def test_several_people_are_tagged_archived_and_invited_at_once(workspace, deed, show, community) -> None:
    event = deed(lambda s: makers.event(s, NOON + timedelta(days=3), "Осень").id)
    page = show()
    press(Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    page.actions_of_people.edit_tags()
    tags = dialog(page, TagsDialog)
    write("новые")
    tags.save()
    both = [community["Аникин"], community["Ёлкин"]]
    assert all(("новые" in dict(row.tags)) for row in workspace.read(lambda s: people.rows(s, both)))
    page.actions_of_people.invite()
    invite = dialog(page, InviteDialog)
    assert len(invite._rows) == 1
    invite.save()
    invited = workspace.read(
        lambda s: s.scalars(select(Attendance.person_id).where(Attendance.event_id == event)).all()
    )
    assert sorted(invited) == sorted(both)
    page.archive()
    assert listed(page) == [community["Ивченко"], community["Яшин"]]
    page.filters.narrow(archived=True)
    assert listed(page) == both
    page.table.selectAll()
    page.archive()
    page.filters.clear()
    assert len(listed(page)) == 4


def test_filters_sort_and_their_chips(deed, show, community) -> None:
    def verb(session):
        event = makers.event(session, NOON - timedelta(days=5))
        day = date(2026, 11, 7)
        session.add(Attendance(event_id=event.id, person_id=community["Яшин"], status="attended", event_on=day))

    deed(verb)
    page = show()
    page.filters.recent.click()
    assert listed(page) == [community["Яшин"]]
    page.filters.recent.click()
    page.sort_by("visit", False)
    assert page.table.sort == ("visit", True)
    assert listed(page)[0] == community["Яшин"]
    page.filters.show_tag("BI")
    assert listed(page) == [community["Аникин"]]
    assert not page.filters.tag.isHidden()
    page.filters.tag.cleared.emit()
    level = next(action for action in page.filters.level_menu().actions() if "Новичок" in action.text())
    level.trigger()
    assert listed(page) == [community["Яшин"]]
    kind = page.filters.more_menu()
    assert [action.text() for action in kind.actions()] == [
        "Тег", "Кто это", "Контакты", "Месяц рождения", "Добавлен", "Без согласия на рассылку", "В архиве", "В корзине",
    ]  # fmt: skip
    assert page.escape()
    assert page.filters.only == PeopleFilter()


def test_the_list_follows_what_others_change(workspace, clock, show, add, community) -> None:
    page = show()
    new = add("Бубнова Вера")
    assert new in listed(page)
    page.table.select_id(community["Ёлкин"])
    workspace.write(
        phrase("Test"), lambda s: people_editing.change_field(s, community["Ёлкин"], "family_name", "Ящеров", clock)
    )
    assert listed(page)[-1] == community["Ёлкин"]
    assert page.table.current_id() == community["Ёлкин"]
    assert page._model.row_at(4).display_name == "Семён Ящеров"


def test_a_hidden_page_catches_up_when_it_is_shown(show, add, community) -> None:
    page = show()
    page.hide()
    new = add("Бубнова Вера")
    assert new not in listed(page)
    page.show()
    assert new in listed(page)


def test_an_empty_store_offers_three_ways_to_begin(qtbot, show, add) -> None:
    page = show()
    assert page._stack.currentWidget() is page._empty
    assert page.header.note() == "пока никого"
    with qtbot.waitSignal(page.navigate) as asked:
        QTest.keyClick(page, Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == ["demo", None]
    with qtbot.waitSignal(page.navigate) as asked:
        QTest.keyClick(page.home(), Key.Key_Space)
    assert asked.args == ["import", None]
    add("Первый Человек")
    assert page._stack.currentWidget() is page._body


def test_a_search_without_hits_is_not_the_first_run(show, community) -> None:
    page = show()
    page.find()
    write("щщщщщ")
    assert page._stack.currentWidget() is page._body
    assert page._lists.currentWidget() is page._nobody
    assert "Esc снимет поиск и фильтры" in words_of(page._nobody)
    assert page.hints.left() == "Найдено 0 из 4"


def test_the_profile_shows_what_is_known(qtbot, deed, show, add) -> None:
    anna = add("Анина Анна", referred_by_id=None)
    one = add(
        "Ёлкин Семён",
        organisation="Ладога",
        job_title="аналитик",
        city="Томск",
        address_form="informal",
        preferred_channel="telegram",
        note="ждёт тезисы",
        care_note="бережно",
        referred_by_id=anna,
        tags=("BI",),
        contacts=(ContactDraft("phone", "89000004117"), ContactDraft("telegram", "yolkin")),
    )

    def verb(session):
        event = makers.event(session, NOON - timedelta(days=5), "Осень")
        session.add(Attendance(event_id=event.id, person_id=one, status="attended", event_on=date(2026, 11, 7)))

    deed(verb)
    page = show()
    page.show_item(one)
    said = words_of(page.panel)
    for part in ("Семён Ёлкин", "Новичок", "Ладога — аналитик", "+7 900 000-41-17", "@yolkin", "Томск", "ждёт тезисы",
                 "На «ты» · писать в Телеграм", "По приглашению: Анна Анина", "BI", "Осень"):  # fmt: skip
        assert part in said
    assert "бережно" not in said
    with qtbot.waitSignal(page.panel.copied):
        page.panel.facts._copy("+7 900 000-41-17")
    assert QGuiApplication.clipboard().text() == "+7 900 000-41-17"
    page.panel.past.narrow("event")
    assert [entry.kind for entry in page.panel.past.shown] == ["event"]
    with qtbot.waitSignal(page.navigate) as asked:
        page.panel.past.entries.chosen.emit(page.panel.past.shown[0])
    assert asked.args == ["events", page.panel.past.shown[0].id]


@pytest.mark.parametrize("payload", ["<b>жирный</b>", "<img src='file:///etc/hostname'>", "<table><tr><td>" * 13 + "x"])
def test_user_text_is_text(qtbot, show, add, payload) -> None:
    one = add("Анина Анна", note=payload, organisation=payload, city=payload, tags=(payload,))
    page = show()
    page.show_item(one)
    # A word longer than a line may break where nothing shows.
    note = next(label for label in page.panel.findChildren(QLabel) if label.text().replace("\u200b", "") == payload)
    assert note.textFormat() == Qt.TextFormat.PlainText
    page.grab()


def test_the_list_is_written_to_a_file(qtbot, monkeypatch, tmp_path, operations, show, community) -> None:
    target = tmp_path / "круг.vcf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), "(*.vcf)"))
    page = show()
    with qtbot.waitSignal(operations.said, timeout=20_000) as said:
        page.export()
        press(Key.Key_Return)
    assert said.args[0].what.text() == "Выгружены 4 человека: круг.vcf"
    assert target.read_text("utf-8").count("BEGIN:VCARD") == 4


def test_a_file_that_cannot_be_written_is_told(qtbot, monkeypatch, tmp_path, operations, show, community) -> None:
    target = tmp_path / "нет такой папки" / "круг.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), "(*.csv)"))
    page = show()
    with qtbot.waitSignal(operations.refused, timeout=20_000):
        answer_export(page, "csv")
    assert not target.exists()


def answer_export(page, kind, **columns) -> ExportDialog:
    """Ask for an export as a table of this kind; with columns, only those."""
    page.export()
    dialog = page.window().findChildren(ExportDialog)[-1]
    dialog.kind.select(kind)
    if columns:
        dialog.which.select("own")
        for key, box in dialog.columns.items():
            box.setChecked(columns.get(key, False))
    dialog.answer()
    return dialog


def test_only_the_chosen_columns_are_written_and_the_choice_is_remembered(
    qtbot, monkeypatch, tmp_path, operations, show, community
) -> None:
    target = tmp_path / "круг.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    page = show()
    with qtbot.waitSignal(operations.said, timeout=20_000):
        answer_export(page, "csv", family_name=True, city=True)
    assert target.read_text("utf-8-sig").splitlines()[0] == "Фамилия;Город"
    page.export()
    again = page.window().findChildren(ExportDialog)[-1]
    assert (again.kind.current, again.which.current) == ("csv", "own")
    assert [key for key, box in again.columns.items() if box.isChecked()] == ["family_name", "city"]
    again.which.select("all")
    assert all(box.isChecked() for box in again.columns.values())
    for box in again.columns.values():
        box.setChecked(False)
    again.which.select("own")
    again.answer()
    assert again.error == "Выберите хотя бы один столбец."
    again.reject()


def test_cards_go_into_a_folder_one_for_each_without_what_was_left_off(
    qtbot, monkeypatch, tmp_path, operations, show, community
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "карточки"))
    page = show()
    page.export()
    dialog = page.window().findChildren(ExportDialog)[-1]
    dialog.files.select("each")
    dialog.version.select("4.0")
    dialog.parts["phones"].setChecked(False)
    with qtbot.waitSignal(operations.said, timeout=20_000):
        dialog.answer()
    cards = [path.read_text("utf-8") for path in sorted((tmp_path / "карточки").iterdir())]
    assert len(cards) == 4
    assert all("VERSION:4.0" in card and "\nTEL" not in card for card in cards)


def test_a_code_for_a_phone_holds_the_name_and_stays_small(qtbot, show, community, operations) -> None:
    page = show()
    shown_person(qtbot, page, community["Аникин"])
    page.panel.code_requested.emit()
    (dialog,) = page.window().findChildren(CodeDialog)
    rows = dialog.square._code.rows
    assert 21 <= len(rows) <= 81
    assert all(len(row) == len(rows) for row in rows)
    page.grab()
    dialog.reject()


def test_a_name_without_an_ending_gets_that_of_the_chosen_kind(
    qtbot, monkeypatch, tmp_path, operations, show, community
) -> None:
    chosen = {}

    def choose(*arguments):
        filters = arguments[3].split(";;")
        chosen["filter"] = next(one for one in filters if "csv" in one)
        return str(tmp_path / "люди"), chosen["filter"]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    page = show()
    with qtbot.waitSignal(operations.said, timeout=20_000):
        answer_export(page, "csv")
    assert Path(tmp_path / "люди.csv").exists()


def test_in_a_narrow_window_the_profile_lies_over_the_list(qtbot, show, community) -> None:
    page = show(width=900)
    assert page.panel.isHidden()
    press(Key.Key_Return)
    assert not page.panel.isHidden()
    assert page.panel.geometry().right() == page._body.width() - 1
    assert page.escape()
    assert page.panel.isHidden()
    assert page.table.hasFocus()
    page.resize(1240, 800)
    qtbot.waitUntil(lambda: page.table.width() < 900)


def test_a_closed_profile_stays_closed_until_it_is_opened(qtbot, show, community) -> None:
    page = show()
    shown_person(qtbot, page, community["Аникин"])
    page.close_panel()
    press(Key.Key_Down)
    page.show_profile()
    assert page.panel.isHidden()
    press(Key.Key_Space)
    assert not page.panel.isHidden()
    press(Key.Key_Space)
    assert page.panel.isHidden()


def test_everything_that_can_be_pressed_has_a_name(qtbot, show, community) -> None:
    from PySide6.QtWidgets import QAbstractButton

    page = show()
    shown_person(qtbot, page, community["Аникин"])
    nameless = [one for one in page.findChildren(QAbstractButton) if one.isVisible() and not one.accessibleName()]
    nameless = [one for one in nameless if type(one).__name__ != "QTableCornerButton"]
    assert nameless == []
    assert page.table.accessibleName() == "Люди"


def test_a_profile_and_the_page_lead_to_organisations(qtbot, show, community, deed) -> None:
    there = deed(lambda s: makers.organisation(s, NOON).id)

    def place(session):
        session.get(Person, community["Аникин"]).organisation_id = there

    deed(place)
    page = show()
    shown_person(qtbot, page, community["Аникин"])
    led = []
    page.navigate.connect(lambda where, item: led.append((where, item)))
    page.organisations_button.click()
    next(action for action in page.panel.menu().actions() if action.text() == "Организация").trigger()
    assert led == [("organisations", None), ("organisations", there)]
