"""The page of the history: the list, its filters, a deed opened, its undo; where a fact of a profile comes from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from crm.app import journal_keeping as keeper
from crm.app import make_window
from crm.i18n import phrase
from crm.importing.rows import CARD, ImportedContact, ImportedPerson, Place, Source
from crm.models import Change
from crm.services import importing, journal_keeping, people_editing
from crm.store.workspace import Workspace
from crm.ui.history.page import HistoryPage
from crm.ui.jobs import Jobs
from crm.ui.people.origin import OriginDialog, origins_told
from crm.ui.theme import Theme
from crm.ui.widgets.labels import Label
from tests.conftest import NOON


@pytest.fixture
def brought(workspace: Workspace) -> int:
    """Two people of a file, one of them changed since; the number of the import's deed."""
    rows = [
        ImportedPerson(Place(CARD, 4), full_name="Анна Ким", contacts=(ImportedContact("phone", "+79000000041"),)),
        ImportedPerson(Place(CARD, 5), full_name="Пётр Ёлкин", city="Тула"),
    ]
    source = Source("гости.vcf", "vcard", "utf-8", "0" * 64, rows)
    label = phrase("Import of {file}", file="гости.vcf")
    done = workspace.write(label, lambda s: importing.import_people(s, [source], workspace.clock))
    workspace.write(
        phrase("City of {name}", name="Пётр"),
        lambda s: people_editing.change_field(s, 2, "city", "Уфа", workspace.clock),
    )
    return done.deed or 0


@pytest.fixture
def opened(qtbot, workspace: Workspace, brought: int):
    made = make_window(workspace, Theme(mode="light", calm=True))
    qtbot.addWidget(made.window)
    with qtbot.waitActive(made.window):
        made.window.show()
        made.window.activateWindow()
    yield made
    made.close()


@pytest.fixture
def page(opened) -> HistoryPage:
    QTest.keyClick(opened.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    shown = opened.window.current_page()
    assert isinstance(shown, HistoryPage)
    return shown


def labels(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(Label))


def test_deeds_stand_newest_first_with_their_state(page: HistoryPage, brought: int) -> None:
    model = page.table.rows
    assert list(model.ids) == [brought + 1, brought]
    said = [[model.index(row, column).data() for column in (0, 1, 2, 4)] for row in (0, 1)]
    assert said[0][1:] == ["Люди", "1 человек", "можно отменить"]
    assert said[1] == ["Импорт файла гости.vcf", "Импорт", "2 человека, 1 контакт", "менялось позже"]


def test_an_opened_deed_shows_before_and_after_and_is_undone_there(page: HistoryPage, brought: int, workspace) -> None:
    page.show_item(brought)
    assert "Пётр" in page.panel._reason.text()
    assert page.panel.undo_button.isHidden()
    page.show_item(brought + 1)
    assert "Город: Тула → Уфа" in labels(page.panel)
    page.panel.undo_button.click()
    assert workspace.read(lambda s: people_editing.draft_of(_card(s)).city) == "Тула"
    assert list(page.table.rows.ids) == [brought + 2, brought + 1, brought]
    assert page.table.rows.index(1, 4).data() == "отменено"
    assert "отменено" in page.panel._reason.text()


def _card(session):
    from crm.services import people

    return people.card(session, 2)


def test_filters_narrow_and_esc_takes_them_away(page: HistoryPage, brought: int) -> None:
    page.show_item(("person", 1))
    assert list(page.table.rows.ids) == [brought]
    page.filters.narrow(sort="feedback")
    assert not page.table.isVisible()
    assert page.escape()
    assert len(page.table.rows.ids) == 2
    page.filters.narrow(day=NOON.date() - timedelta(days=1))
    assert len(page.table.rows.ids) == 0
    assert page.escape()
    assert not page.escape()


def test_the_profile_leads_to_its_history_and_tells_where_a_fact_comes_from(opened, brought: int) -> None:
    people = opened.window.show_page("people")
    people.show_item(1)
    people.show_profile()
    fields = [fact.key for fact in origins_told(people.panel.profile)]
    assert fields == ["name", "contact:phone:+79000000041"]
    people.tell_origin("contact:0")
    dialog = opened.window.findChild(OriginDialog)
    assert "Файл гости.vcf, строка 4" in labels(dialog)
    dialog.deed_chosen.emit(brought)
    assert opened.window.current_key == "history"
    assert opened.window.current_page().panel.details.row.deed == brought
    opened.window.show_page("people")
    people.panel.history_requested.emit()
    assert list(opened.window.current_page().table.rows.ids) == [brought]


def test_how_long_the_journal_keeps_details_is_chosen_in_the_settings(opened, workspace) -> None:
    from crm.ui.history.keeping import JournalKeeping

    section = opened.window.show_page("settings").findChild(JournalKeeping)
    section._keep("365")
    assert workspace.read(journal_keeping.days_kept) == 365
    section.history_requested.emit()
    assert opened.window.current_key == "history"


def test_the_journal_is_thinned_in_the_background_slice_by_slice(qtbot, tmp_path) -> None:
    moment = [NOON]
    with Workspace.create(tmp_path / "old.krug", lambda: moment[0]) as store:
        rows = [ImportedPerson(Place(CARD, n), full_name=f"Человек {n}") for n in range(1_200)]
        source = Source("гости.vcf", "vcard", "utf-8", "0" * 64, rows)
        store.write(phrase("Import"), lambda s: importing.import_people(s, [source], store.clock))
        moment[0] += timedelta(days=800)
        jobs = Jobs()
        failures: list[BaseException] = []
        keeper.keep_in_background(store, jobs, failures.append)
        qtbot.waitUntil(lambda: not jobs.busy)
        assert failures == []
        assert store.read(lambda s: s.scalar(select(Change.id))) is None
        assert not keeper.is_due(store)
        keeper.keep_in_background(store, jobs, failures.append)
        assert not jobs.busy
        jobs.close()


def test_one_start_with_a_clock_years_ahead_costs_the_journal_nothing(qtbot, tmp_path) -> None:
    moment = [NOON]
    with Workspace.create(tmp_path / "leap.krug", lambda: moment[0]) as store:
        rows = [ImportedPerson(Place(CARD, 0), full_name="Иванов Иван")]
        source = Source("гости.vcf", "vcard", "utf-8", "0" * 64, rows)
        store.write(phrase("Import"), lambda s: importing.import_people(s, [source], store.clock))
        jobs = Jobs()
        failures: list[BaseException] = []

        def start_of_a_day() -> bool:
            keeper.keep_in_background(store, jobs, failures.append)
            qtbot.waitUntil(lambda: not jobs.busy)
            assert not keeper.is_due(store)
            return store.read(lambda s: s.scalar(select(Change.id).limit(1))) is not None

        assert start_of_a_day()
        moment[0] += timedelta(days=3650)
        assert start_of_a_day()
        moment[0] -= timedelta(days=3649)
        assert start_of_a_day()
        moment[0] += timedelta(days=3649)
        assert start_of_a_day()
        moment[0] += timedelta(days=1)
        assert not start_of_a_day()
        assert failures == []
        jobs.close()
