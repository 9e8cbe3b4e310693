"""The import wizard: nothing written before its last step, columns and rows as a person wishes, hostile files named."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from crm.importing.layout import Layout
from crm.models import Person
from crm.ui.importing.mending import MendDialog
from crm.ui.importing.page import CHECK, COLUMNS, DONE, FILE, ImportPage
from crm.ui.jobs import Jobs
from crm.ui.operations import Operations

Key = Qt.Key
TABLE = """ФИО;Телефон;Город;Отдел продаж
Ёлкина Анна;8 900 000-00-41;Тула;первый
Ким Пётр;8 900 000-00-42;;второй
;;Псков;третий
"""
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Вера Ли\r\nTEL:+79000000043\r\nEND:VCARD\r\n"


@pytest.fixture
def page(qtbot: QtBot, workspace, theme) -> ImportPage:
    operations, jobs = Operations(workspace), Jobs()
    made = ImportPage(operations, jobs, theme)
    made.resize(1154, 768)
    qtbot.addWidget(made, before_close_func=lambda _: jobs.close())
    made.show()
    qtbot.waitExposed(made)
    return made


def settle(qtbot: QtBot, page: ImportPage) -> None:
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not page._jobs.busy, timeout=20_000)
    QApplication.processEvents()


def take(qtbot: QtBot, page: ImportPage, folder: Path, content: str | bytes, name: str = "list.csv") -> None:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    page.take([path])
    settle(qtbot, page)


def press(qtbot: QtBot, page: ImportPage, key: Qt.Key = Key.Key_Return) -> None:
    qtbot.keyClick(page.window().focusWidget() or page.home(), key)
    settle(qtbot, page)


def people(workspace) -> int:
    return workspace.read(lambda s: s.scalar(select(func.count()).select_from(Person)))


def fields(page: ImportPage) -> list[str]:
    return [str(select.value()) for select in page.columns.selects]


def test_a_table_goes_by_enter_through_every_step_and_is_written_by_the_last(
    qtbot: QtBot, page: ImportPage, workspace, tmp_path: Path
) -> None:
    take(qtbot, page, tmp_path, TABLE)
    assert (page.step, fields(page)) == (COLUMNS, ["full_name:family", "phone", "city", "extra"])
    page.home().setFocus()
    press(qtbot, page)
    assert (page.step, people(workspace)) == (CHECK, 0)
    assert dict(page._checked.counts) == {"added": 2, "rejected": 1}
    press(qtbot, page)
    assert (page.step, people(workspace)) == (DONE, 2)
    told = [label.text() for label in page.result.findChildren(QLabel)]
    assert "Здесь нет ни имени, ни контакта." in told


def test_the_second_file_of_a_shape_goes_straight_to_the_check_as_it_was_read_then(
    qtbot: QtBot, page: ImportPage, workspace, tmp_path: Path
) -> None:
    take(qtbot, page, tmp_path, TABLE)
    page.columns._choose(3, "skills")
    page.columns.next_wanted.emit()
    settle(qtbot, page)
    page.write()
    settle(qtbot, page)
    take(qtbot, page, tmp_path, TABLE.replace("0-41", "0-51").replace("Ёлкина Анна", "Ли Вера"), "next.csv")
    assert page.step == CHECK
    assert dict(page._checked.counts) == {"added": 1, "unchanged": 1, "rejected": 1}
    page.back()
    assert fields(page)[3] == "skills"


def test_cards_and_several_files_ask_for_no_columns(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    take(qtbot, page, tmp_path, CARD, "a.vcf")
    assert page.step == CHECK
    page.take([tmp_path / "a.vcf", tmp_path / "a.vcf"])
    settle(qtbot, page)
    assert dict(page._checked.counts) == {"added": 1, "unchanged": 1}


def test_encoding_delimiter_and_header_are_switched_and_read_anew(
    qtbot: QtBot, page: ImportPage, tmp_path: Path
) -> None:
    take(qtbot, page, tmp_path, TABLE.encode("cp1251"))
    page.columns.encoding.chosen.emit("koi8-r")
    settle(qtbot, page)
    assert page._looks[0].layout.encoding == "koi8-r"
    page.columns.encoding.chosen.emit("cp1251")
    settle(qtbot, page)
    assert fields(page)[0] == "full_name:family"
    page.columns.header.click()
    settle(qtbot, page)
    assert (page._looks[0].layout.header_row, len(page._looks[0].sample)) == (0, 4)
    page.columns.delimiter.chosen.emit("|")
    settle(qtbot, page)
    assert (page.step, page._looks[0].layout.delimiter, page.columns.delimiter.value()) == (COLUMNS, ";", ";")
    assert "list.csv" in page.columns.trouble


def test_a_pasted_table_comes_as_a_file_does(qtbot: QtBot, page: ImportPage, workspace) -> None:
    QApplication.clipboard().setText(TABLE.replace(";", "\t"))
    page.start.paste()
    settle(qtbot, page)
    page.columns.next_button.click()
    settle(qtbot, page)
    page.write()
    settle(qtbot, page)
    assert people(workspace) == 2
    QApplication.clipboard().setText("")
    page.start_over()
    page.start.paste()
    assert "буфер" in page.start.trouble.text().casefold()


def test_a_row_is_left_out_and_another_put_right_in_place(
    qtbot: QtBot, page: ImportPage, workspace, tmp_path: Path
) -> None:
    take(qtbot, page, tmp_path, TABLE)
    page.columns.next_button.click()
    settle(qtbot, page)
    page.check.leave_out()
    settle(qtbot, page)
    assert dict(page._checked.counts) == {"added": 1, "rejected": 1, "left_out": 1}
    page.check.tabs.select("rejected")
    dialog = page.check.mend()
    assert isinstance(dialog, MendDialog)
    dialog.fields[0].setText("Щукин Олег")
    dialog.accept()
    settle(qtbot, page)
    assert dict(page._checked.counts) == {"added": 2, "left_out": 1}
    page.write()
    settle(qtbot, page)
    names = workspace.read(lambda s: set(s.scalars(select(Person.family_name))))
    assert names == {"Ким", "Щукин"}


def test_what_was_not_taken_is_saved_mended_and_imported_again(
    qtbot: QtBot, page: ImportPage, workspace, tmp_path: Path
) -> None:
    take(qtbot, page, tmp_path, TABLE)
    page.columns.next_button.click()
    settle(qtbot, page)
    page.write()
    settle(qtbot, page)
    target = tmp_path / "не взято.csv"
    page.result.write_rejects(target)
    saved = target.read_text("utf-8-sig")
    place = saved.splitlines()[1].split(";")[4]
    assert place.startswith("строка")
    assert saved.splitlines() == [
        "ФИО;Телефон;Город;Отдел продаж;Где стояло;Почему не взято",
        f";;Псков;третий;{place};Здесь нет ни имени, ни контакта.",
    ]
    take(qtbot, page, tmp_path, saved.replace("\n;;Псков", "\nЩукин Олег;;Псков"), "mended.csv")
    assert fields(page) == ["full_name:family", "phone", "city", "extra", "ignored", "ignored"]
    page.columns.next_button.click()
    settle(qtbot, page)
    assert dict(page._checked.counts) == {"added": 1}


def test_those_added_are_shown_and_the_import_is_undone(
    qtbot: QtBot, page: ImportPage, workspace, tmp_path: Path
) -> None:
    take(qtbot, page, tmp_path, CARD, "a.vcf")
    page.write()
    settle(qtbot, page)
    with qtbot.waitSignal(page.navigate) as went:
        page.home().click()
    assert went.args == ["people", ([1], "Добавлены импортом")]
    page.result.undo_wanted.emit()
    assert (page.step, people(workspace)) == (FILE, 0)


def test_wishes_of_one_file_are_not_those_of_the_next(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    take(qtbot, page, tmp_path, CARD, "a.vcf")
    page.check.matches.set_value("update")
    page.check.leave_out()
    settle(qtbot, page)
    take(qtbot, page, tmp_path, CARD, "b.vcf")
    assert (page.check.matches.value(), dict(page._checked.counts)) == ("fill", {"added": 1})


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        # A fixed day: the bytes stand in the names of the tests, which every worker must give alike.
        entry = zipfile.ZipInfo("xl/workbook.xml", (2026, 1, 1, 0, 0, 0))
        archive.writestr(entry, b"0" * 3_000_000, zipfile.ZIP_DEFLATED)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le")),
        ("scan.pdf", b"%PDF-1.7\n"),
        ("photo.vcf", b"\x89PNG\r\n\x1a\n"),
        ("bomb.xlsx", bomb()),
        ("cut.xlsx", bomb()[:100]),
        ("noise.csv", bytes(range(256)) * 40),
        ("words.vcf", b"just words\n"),
    ],
    ids=["empty", "old workbook", "pdf", "picture", "bomb", "cut", "noise", "words"],
)
def test_t06_to_t15_a_hostile_file_gets_one_sentence_and_nothing_is_written(
    qtbot: QtBot, page: ImportPage, workspace, tmp_path: Path, name: str, content: bytes
) -> None:
    take(qtbot, page, tmp_path, content, name)
    assert page.step == FILE
    assert name in page.start.trouble.text()
    assert page.start.choose_button.isEnabled()
    assert people(workspace) == 0


def test_t12_t24_markup_and_formulas_are_shown_as_they_are(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    rows = "ФИО;Телефон;Примечание\n<b>Ёлка</b> Анна;89000000041;=HYPERLINK(1)\n;;<img src=x>\n"
    take(qtbot, page, tmp_path, rows)
    page.columns.next_button.click()
    settle(qtbot, page)
    page.check.tabs.select("rejected")
    for label in page.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText
    assert page._checked.rows[0].name == "<b>Ёлка</b> Анна"


def test_a_check_that_was_overtaken_is_dropped(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    path.write_text(CARD, encoding="utf-8")
    page.take([path])
    page.start_over()
    settle(qtbot, page)
    assert page.step == FILE


def test_two_columns_with_one_header_follow_the_choice(qtbot: QtBot, page: ImportPage, tmp_path: Path) -> None:
    take(qtbot, page, tmp_path, "ФИО;Прочее;Прочее\nЁлкина Анна;один;два\n")
    page.columns._choose(1, "note")
    wanted = page.columns.layout_wanted()
    assert isinstance(wanted, Layout)
    assert dict(wanted.columns)["Прочее"] == "note"
