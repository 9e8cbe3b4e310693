"""Organisations on the screen: found, sorted, changed in place, joined, each deed turned back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from crm.models import Person
from crm.services import organisation_editing, organisations
from crm.store.workspace import Workspace
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.organisations.adding import AddPeopleDialog
from crm.ui.organisations.merging import MergeDialog
from crm.ui.organisations.page import OrganisationsPage
from crm.ui.people.dialogs import InviteDialog
from crm.ui.people.exporting import ExportDialog
from crm.ui.theme import Theme
from tests.support import makers

EARLY = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def page(qtbot: QtBot, workspace: Workspace, theme: Theme) -> OrganisationsPage:
    jobs = Jobs()
    made = OrganisationsPage(Operations(workspace), jobs, theme)
    made.resize(1228, 868)
    qtbot.addWidget(made, before_close_func=lambda _: jobs.close())
    return made


@pytest.fixture
def community(deed: Any, clock: Any) -> dict[str, int]:
    """Two firms with people, their likely double, and one without anybody."""

    def write(session: Any) -> dict[str, int]:
        ids = {
            name: makers.organisation(session, EARLY, name).id for name in ("Ладога", "ООО «Ладога»", "Вега", "Ясень")
        }
        for number in range(3):
            makers.person(session, EARLY, f"Ладогин{number}", organisation_id=ids["Ладога"])
        coming = makers.person(session, EARLY, "Вегина", "Анна", organisation_id=ids["Вега"])
        for days in (300, 200, 120):
            event = makers.event(session, clock() - timedelta(days=days))
            makers.attendance(session, event, coming)
        for one, name in ids.items():
            organisation_editing.change_field(session, name, "name", one + " ")
            organisation_editing.change_field(session, name, "city", "Псков" if one == "Вега" else "")
        return ids

    made: dict[str, int] = deed(write)
    return made


def shown(qtbot: QtBot, page: OrganisationsPage, number: int = 4) -> OrganisationsPage:
    page.show()
    qtbot.waitExposed(page)
    settled(qtbot, page, number)
    return page


def settled(qtbot: QtBot, page: OrganisationsPage, number: int) -> None:
    qtbot.waitUntil(lambda: len(page._rows) == number and not page._jobs.busy)


def listed(page: OrganisationsPage) -> list[int]:
    return list(page._model.ids)


def test_nothing_yet_says_where_organisations_come_from(qtbot: QtBot, page: OrganisationsPage) -> None:
    page.show()
    qtbot.waitUntil(page._nothing.isVisible)
    with qtbot.waitSignal(page.navigate) as led:
        qtbot.mouseClick(page._nothing.main, Qt.MouseButton.LeftButton)
    assert led.args == ["people", None]


def test_the_list_is_by_name_and_a_column_sorts_it(
    qtbot: QtBot, page: OrganisationsPage, community: dict[str, int]
) -> None:
    shown(qtbot, page)
    assert page.header.note() == "4 организации"
    assert listed(page)[0] == community["Вега"]
    page._sort("people", False)
    assert listed(page)[0] == community["Ладога"]
    page._sort("people", False)
    assert listed(page)[-1] == community["Ладога"]


def test_filters_show_the_quiet_and_the_empty(qtbot: QtBot, page: OrganisationsPage, community: dict[str, int]) -> None:
    shown(qtbot, page)
    qtbot.mouseClick(page.chips["quiet"], Qt.MouseButton.LeftButton)
    assert listed(page) == [community["Вега"]]
    qtbot.mouseClick(page.chips["empty"], Qt.MouseButton.LeftButton)
    assert set(listed(page)) == {community["Ясень"], community["ООО «Ладога»"]}


def test_a_search_in_the_wrong_layout_finds_and_nothing_is_said(
    qtbot: QtBot, page: OrganisationsPage, community: dict[str, int]
) -> None:
    shown(qtbot, page)
    page.search.setText("dtuf")
    assert listed(page) == [community["Вега"]]
    page.search.setText("нет такой")
    assert page._none.isVisible()
    assert page.hints.left() == "Найдено 0 из 4"


def test_fields_are_kept_where_they_stand_and_undone(
    qtbot: QtBot, page: OrganisationsPage, community: dict[str, int], workspace: Workspace
) -> None:
    shown(qtbot, page)
    page.show_item(community["Вега"])
    assert (page.panel.name.text(), page.panel.city.text()) == ("Вега", "Псков")
    assert page.panel.quiet.isVisible()
    page.panel.city.setText("Тверь")
    qtbot.keyClick(page.panel.city, Qt.Key.Key_Return)
    fields = workspace.read(lambda s: organisation_editing.fields_of(s, community["Вега"]))
    assert fields["city"] == "Тверь"
    page._operations.undo()
    settled(qtbot, page, 4)
    assert page.panel.city.text() == "Псков"


def test_a_panel_that_was_closed_opens_again_and_a_search_keeps_the_keyboard(
    qtbot: QtBot, page: OrganisationsPage, community: dict[str, int]
) -> None:
    shown(qtbot, page)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.show_item(community["Вега"])
    assert page.escape()
    assert page.panel.isHidden()
    page.table.opened.emit(community["Вега"])
    assert page.panel.name.hasFocus()
    page.find()
    qtbot.keyClicks(page.search, "zzz")
    assert page.panel.isHidden()
    assert page.search.hasFocus()
    assert not page.escape()


def test_a_note_is_kept_when_another_organisation_is_chosen(
    qtbot: QtBot, page: OrganisationsPage, community: dict[str, int], workspace: Workspace
) -> None:
    shown(qtbot, page)
    page.show_item(community["Вега"])
    page.panel.note.set_text("Звонить утром")
    page.show_item(community["Ясень"])
    assert page.panel.note.text() == ""
    fields = workspace.read(lambda s: organisation_editing.fields_of(s, community["Вега"]))
    assert fields["note"] == "Звонить утром"


def test_an_emptied_name_is_refused_beside_it(qtbot: QtBot, page: OrganisationsPage, community: dict[str, int]) -> None:
    shown(qtbot, page)
    page.show_item(community["Вега"])
    page.panel.name.setText(" ")
    page.panel.keep("name")
    assert page.panel.name_trouble.text() == "У организации должно быть название."


def test_a_likely_double_is_joined_and_the_survivor_shown(
    qtbot: QtBot, page: OrganisationsPage, community: dict[str, int], workspace: Workspace
) -> None:
    shown(qtbot, page)
    assert page.same_button.isVisible()
    page.merge_likely()
    assert isinstance(page.dialog, MergeDialog)
    page.dialog.choose(community["ООО «Ладога»"])
    page.dialog.save()
    settled(qtbot, page, 3)
    assert page.table.current_id() == community["ООО «Ладога»"]
    assert page.panel.card is not None
    assert page.panel.card.row.people == 3
    assert page.panel.note.text() == "Другое название: Ладога"
    assert page.same_button.isHidden()
    page._operations.undo()
    settled(qtbot, page, 4)


def test_two_that_are_different_are_not_asked_of_again(
    qtbot: QtBot, page: OrganisationsPage, community: dict[str, int]
) -> None:
    shown(qtbot, page)
    page.merge_likely()
    assert isinstance(page.dialog, MergeDialog)
    page.dialog._tell_apart()
    assert page.same_button.isHidden()
    page.refresh()
    settled(qtbot, page, 4)
    assert page.same_button.isHidden()


def test_any_other_organisation_is_named_to_be_joined(
    qtbot: QtBot, page: OrganisationsPage, community: dict[str, int]
) -> None:
    shown(qtbot, page)
    page._ask_merge([community["Вега"]])
    assert isinstance(page.dialog, MergeDialog)
    page.dialog.other.setText("никто")
    page.dialog.save()
    assert "никто" in page.dialog.error
    page.dialog.other.setText("ясень")
    page.dialog.save()
    settled(qtbot, page, 3)
    assert community["Ясень"] not in listed(page)


def test_people_are_added_invited_and_exported(
    qtbot: QtBot, page: OrganisationsPage, community: dict[str, int], workspace: Workspace
) -> None:
    shown(qtbot, page)
    page.show_item(community["Ясень"])
    assert not page.panel.invite_button.isEnabled()
    page.add_people()
    dialog = page.dialog
    assert isinstance(dialog, AddPeopleDialog)
    vega = workspace.read(lambda s: s.scalar(select(Person.id).where(Person.organisation_id == community["Вега"])))
    dialog.person.set_person(vega, "Вегина Анна")
    assert dialog.chosen == (vega,)
    dialog.save()
    qtbot.waitUntil(page.panel.invite_button.isEnabled)
    page.invite()
    assert isinstance(page.dialog, InviteDialog)
    page.dialog.reject()
    page.export()
    assert isinstance(page.dialog, ExportDialog)
    page.dialog.reject()


def test_archive_and_delete_turn_back(qtbot: QtBot, page: OrganisationsPage, community: dict[str, int]) -> None:
    shown(qtbot, page)
    page.archive(page._by_id[community["Вега"]])
    qtbot.waitUntil(lambda: community["Вега"] not in listed(page))
    page.narrow("archived")
    assert listed(page) == [community["Вега"]]
    page.remove(page._by_id[community["Ясень"]])
    settled(qtbot, page, 3)
    page._operations.undo()
    settled(qtbot, page, 4)


def test_people_and_events_lead_to_their_pages(
    qtbot: QtBot, page: OrganisationsPage, community: dict[str, int]
) -> None:
    from crm.ui.organisations.lines import Line

    shown(qtbot, page)
    page.show_item(community["Вега"])
    lines = page.panel.findChildren(Line)
    led: list[Callable[..., Any] | tuple[str, Any]] = []
    page.navigate.connect(lambda where, item: led.append((where, item)))
    for line in lines:
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    assert {one[0] for one in led if isinstance(one, tuple)} == {"people", "events"}


def test_t06_a_name_of_markup_is_shown_as_it_is(qtbot: QtBot, page: OrganisationsPage, deed: Any, clock: Any) -> None:
    hostile = "<b>Фирма</b> =1+1 \u202eмоц"
    number = deed(lambda s: organisations.organisation_named(s, hostile, clock))
    shown(qtbot, page, 1)
    page.show_item(number)
    assert "<b>Фирма</b>" in page.panel.name.text()
