"""Lists as services and programs give them, through the wizard by Enter alone; and what each sample file comes to.

Counts are golden: (read, added, updated, unchanged, reasons of what was not taken) into an empty store, in the order of
its own rows. The second import of the same file adds nobody and changes nobody.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from crm import clock as clocks
from crm.i18n import phrase
from crm.importing.sources import open_sources
from crm.models import Person
from crm.services import importing
from crm.services.importing_rows import ImportOutcome
from crm.store.workspace import Workspace
from crm.ui.importing.page import DONE, ImportPage
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations
from crm.ui.theme import Theme
from tests.importing.makers import SAMPLES, outside
from tests.support.hands import Hands

TABLES = [
    path
    for folder in ("csv", "forms")
    for path in (sorted((SAMPLES / folder).iterdir()) if SAMPLES.is_dir() else [])
    if path.name != "README.md"
]
CARDS = sorted((SAMPLES / "vcard").glob("*.vcf"))
OWN = {
    "регистрация.csv": "Отметка времени;Как вас зовут?;Ваш e-mail;Телефон для связи;Согласие на рассылку\n"
    "01.11.2026 10:00;Ёлкина Анна;anna@pochta.example;8 900 000-00-41;Да\n"
    "01.11.2026 10:05;Ким Пётр;kim@pochta.example;;Нет\n",
    "guests.csv": 'Name,Email,Phone Number,Company\n"Doe, Jane",jane@mail.example,+7 900 000 00 42,Acme\n',
    "без заголовка.csv": "Ёлкина Анна;anna@pochta.example;+79000000041\nКим Пётр;kim@pochta.example;+79000000042\n",
    "с отчётом.csv": "Выгрузка за ноябрь\n\nФИО;Тел.;Почта\nЛи Вера;89000000043;li@pochta.example\nИтого;1;\n",
}
GOLDEN: dict[str, tuple[int, int, int, int, tuple[str, ...]]] = {
    "android-21-qp.vcf": (6, 6, 0, 0, ()),
    "eds-broken-bytes-30.vcf": (1, 0, 0, 0, ("no_name_or_contact",)),
    "evolution-qp-softbreak.vcf": (1, 0, 0, 0, ("no_name_or_contact",)),
    "german-5-cards-30.vcf": (5, 5, 0, 0, ()),
    "gmail-list-30.vcf": (3, 3, 0, 0, ()),
    "made-android-ru-qp-21.vcf": (2, 2, 0, 0, ()),
    "made-duplicates-ru-40.vcf": (3, 1, 2, 0, ()),
    "nec-sjis-multi-21.vcf": (3, 3, 0, 0, ()),
    "rfc2426-30.vcf": (2, 2, 0, 0, ()),
    "made-eventbrite-attendees.csv": (4, 4, 0, 0, ()),
    "made-excel-ru-semicolon-cp1251.csv": (4, 3, 0, 0, ("total_row",)),
    "made-excel-unicode-text-utf16.txt": (2, 2, 0, 0, ()),
    "made-google-new-layout-ru.csv": (3, 3, 0, 0, ()),
    "made-libreoffice.xlsx": (2, 2, 0, 0, ()),
    "made-list-title-rows.xlsx": (5, 3, 0, 0, ("title_row", "sheet_without_list")),
    "made-luma-guests.csv": (3, 3, 0, 0, ()),
    "made-meetup-attendees.xls": (3, 3, 0, 0, ()),
    "made-outlook-ru-cp1251.csv": (2, 2, 0, 0, ()),
    "made-timepad-orders.csv": (3, 3, 0, 0, ()),
    "made-timepad-participants.csv": (3, 3, 0, 0, ()),
    "thunderbird-basic.csv": (2, 2, 0, 0, ()),
    "thunderbird-semicolon.csv": (2, 2, 0, 0, ()),
    "made-google-forms-en.csv": (2, 2, 0, 0, ()),
    "made-google-forms-ru.csv": (3, 3, 0, 0, ()),
    "made-yandex-forms-ru.csv": (2, 1, 0, 0, ("no_name_or_contact",)),
}
"""Files of one person who is taken are not named here."""


def bring(workspace: Workspace, path: Path) -> ImportOutcome:
    def verb(session):  # type: ignore[no-untyped-def]
        return importing.import_people(
            session, open_sources([path], None, importing.silent, workspace.clock), workspace.clock
        )

    return workspace.write(phrase("Import"), verb).value


def counts(outcome: ImportOutcome) -> tuple[int, int, int, int, tuple[str, ...]]:
    (file,) = outcome.files
    return file.read, file.added, file.updated, file.unchanged, tuple(row.code for row in file.rejected)


def by_enter(qtbot: QtBot, workspace: Workspace, theme: Theme, path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The wizard from its first page to the last, as a person with the Enter key goes; the columns mapped by hand."""
    jobs = Jobs()
    page = ImportPage(Operations(workspace), jobs, theme)
    qtbot.addWidget(page, before_close_func=lambda _: jobs.close())
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    page.show()
    qtbot.waitExposed(page)
    page.home().setFocus()
    hands = Hands(page)
    with hands.at_most(8):
        for _ in range(4):
            if page.step == DONE:
                break
            hands.press(Qt.Key.Key_Return)
            qtbot.waitUntil(lambda: not jobs.busy, timeout=30_000)
            QApplication.processEvents()
    assert page.step == DONE
    return page.columns.changed_by_hand


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("name", OWN)
def test_an_unknown_registration_file_is_imported_in_eight_actions(
    qtbot: QtBot, workspace: Workspace, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    theme = Theme("light")
    theme.apply(qapp)
    path = tmp_path / name
    path.write_text(OWN[name], encoding="utf-8")
    assert by_enter(qtbot, workspace, theme, path, monkeypatch) == 0
    assert workspace.read(lambda s: s.scalar(select(func.count()).select_from(Person))) == {
        "регистрация.csv": 2, "guests.csv": 1, "без заголовка.csv": 2, "с отчётом.csv": 1,
    }[name]  # fmt: skip


@outside
@pytest.mark.outside
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_every_sample_table_is_imported_in_eight_actions_with_no_mapping_by_hand(
    qtbot: QtBot, tmp_path: Path, qapp: QApplication, clock: clocks.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = Theme("light")
    theme.apply(qapp)
    by_hand = []
    for number, path in enumerate(TABLES):
        store = Workspace.create(tmp_path / f"{number}.krug", clock)
        by_hand.append(by_enter(qtbot, store, theme, path, monkeypatch))
        assert store.read(lambda s: s.scalar(select(func.count()).select_from(Person))), path.name
        qapp.processEvents()
        store.close()
    assert median(by_hand) == 0


@outside
@pytest.mark.outside
@pytest.mark.parametrize("path", [*CARDS, *TABLES], ids=lambda path: path.name)
def test_every_sample_file_comes_to_its_golden_counts_and_twice_to_nothing_more(
    workspace: Workspace, path: Path
) -> None:
    first = counts(bring(workspace, path))
    assert first == GOLDEN.get(path.name, (1, 1, 0, 0, ()))
    again = counts(bring(workspace, path))
    assert (again[1], again[2]) == (0, 0), again
