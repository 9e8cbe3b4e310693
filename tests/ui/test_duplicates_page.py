"""Doubles by keys alone: found, compared, made one, told apart; each undone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from crm.services import people, people_editing
from crm.services.people_editing import ContactDraft, PersonDraft
from crm.store.copies import folder_of, list_copies
from crm.ui.duplicates.comparing import CompareDialog
from crm.ui.duplicates.page import DuplicatesPage
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations

Key = Qt.Key


@pytest.fixture
def pairs(deed, clock):
    """Two sure pairs, and two namesakes who are not."""

    def make(session):
        def add(family, given, email="", **more):
            contacts = (ContactDraft("email", email),) if email else ()
            draft = PersonDraft(family_name=family, given_name=given, contacts=contacts, **more)
            return people_editing.add_person(session, draft, clock)

        return (
            add("Ёлкина", "Анна", "a@example.com", city="Омск"),
            add("Yolkina", "Анна", "A@EXAMPLE.COM", job_title="врач"),
            add("Иванов", "Саша", "s@example.com"),
            add("Иванов", "Александр", "s@example.com"),
            add("Петров", "Пётр", "one@example.com"),
            add("Петров", "Пётр"),
        )

    return deed(make)


@pytest.fixture
def page(qtbot: QtBot, workspace, theme) -> DuplicatesPage:
    operations, jobs = Operations(workspace), Jobs()
    made = DuplicatesPage(operations, jobs, theme)
    made.resize(1228, 800)
    qtbot.addWidget(made, before_close_func=lambda _: jobs.close())
    made.show()
    qtbot.waitExposed(made)
    return made


def scan(qtbot: QtBot, page: DuplicatesPage) -> None:
    with qtbot.waitSignal(page._operations.said, timeout=20_000):
        page.scan()


def names(page: DuplicatesPage) -> list[tuple[str, str]]:
    return [row.names for row in page._rows.values()]


def test_an_empty_page_leads_to_the_scan(page) -> None:
    assert page.home() is page.scan_button
    assert page.merge_button.isHidden()
    page.grab()


def test_a_pair_is_compared_and_made_one_by_keys_and_one_undo_gives_both_back(qtbot, page, workspace, pairs) -> None:
    scan(qtbot, page)
    assert len(page._rows) == 3
    assert page.home() is page.table
    page.table.setFocus()
    page.table.select_id(next(one for one, row in page._rows.items() if "Ёлкина" in row.names[0]))
    qtbot.keyClick(page.table, Key.Key_Return)
    (dialog,) = page.window().findChildren(CompareDialog)
    assert dialog.people[0].id == pairs[0]
    dialog.grab()
    with qtbot.waitSignal(page._operations.said, timeout=20_000):
        qtbot.keyClick(dialog.merge_button, Key.Key_Return)
    qtbot.waitUntil(lambda: len(page._rows) == 2)
    assert [copy.reason for copy in list_copies(folder_of(workspace.path))] == ["before_merge"]
    card = workspace.read(lambda s: people.card(s, pairs[0]))
    assert (card.city, card.job_title, card.family_name) == ("Омск", "врач", "Ёлкина")
    page._operations.undo()
    qtbot.waitUntil(lambda: len(page._rows) == 3)
    assert workspace.read(lambda s: people.card(s, pairs[1])).family_name == "Yolkina"


def test_another_field_may_be_chosen(qtbot, page, workspace, pairs) -> None:
    scan(qtbot, page)
    page.table.select_id(next(one for one, row in page._rows.items() if "Саша" in row.names[0]))
    dialog = page.compare()
    assert dialog is not None
    assert dialog.groups["given_name"].checkedId() == 1
    dialog.groups["given_name"].button(0).click()
    with qtbot.waitSignal(page._operations.said, timeout=20_000):
        dialog.merge_button.click()
    assert workspace.read(lambda s: people.card(s, pairs[2])).given_name == "Саша"


def test_two_who_are_two_are_never_asked_about_again(qtbot, page, workspace, pairs) -> None:
    scan(qtbot, page)
    page.table.setFocus()
    page.table.select_id(next(one for one, row in page._rows.items() if "Петров" in row.names[0]))
    qtbot.keyClick(page.table, Key.Key_Delete)
    qtbot.waitUntil(lambda: len(page._rows) == 2)
    scan(qtbot, page)
    assert len(page._rows) == 2


def test_all_that_is_beyond_doubt_is_made_one_after_a_copy_as_one_deed(qtbot, page, workspace, pairs) -> None:
    scan(qtbot, page)
    assert not page.merge_button.isHidden()
    with qtbot.waitSignal(page._operations.said, timeout=20_000) as said:
        page.merge_sure()
    assert said.args[0].what.text() == "Объединены 2 группы дублей"
    assert workspace.read(people.people_count) == 4
    assert [copy.reason for copy in list_copies(folder_of(workspace.path))] == ["before_merge"]
    workspace.undo()
    assert workspace.read(people.people_count) == 6
