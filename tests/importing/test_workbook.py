"""XLSX: lists found on their sheets, cells as people see them, bombs refused (T13, T14)."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import openpyxl
import pytest

from crm.importing import limits, reading
from crm.importing.errors import FileUnreadable, SuspiciousArchive
from crm.importing.rows import FileReading
from crm.partial_date import PartialDate
from tests.importing.makers import NOW, raws


def book(folder: Path, **sheets: list[list[Any]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / "list.xlsx"
    made.save(path)
    return path


def read(path: Path) -> FileReading:
    return reading.read_people(path, clock=NOW)


def with_member(path: Path, name: str, content: bytes) -> Path:
    """The workbook with one member replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    path.write_bytes(target.getvalue())
    return path


def test_cells_are_read_as_people_see_them(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        Лист=[
            ["Список участников", None],
            [],
            ["№", "Фамилия", "Имя", "Телефон", "Дата рождения", "Вес", "Придёт"],
            [1, "Примерова", "Анна", 79000000031, datetime(1990, 7, 14), 61.5, True],  # noqa: DTZ001 - as Excel keeps it
            [2, "Тестов", "Кирилл", 9000000003.0, "05.03.1985", None, None],
        ],
    )
    found = read(path)
    first, second = found.people
    assert (raws(first, "phone"), raws(second, "phone")) == (["79000000031"], ["9000000003"])
    assert (first.birthday, second.birthday) == (PartialDate(7, 14, 1990), PartialDate(3, 5, 1985))
    assert first.extra_columns == (("Вес", "61.5"), ("Придёт", "TRUE"))
    assert [(one.place.key(), one.code) for one in found.rejects] == [("row 1", "title_row")]
    assert first.place.number == 4


def test_every_list_of_a_workbook_is_read_and_other_sheets_are_named(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        Клуб=[["ФИО", "Телефон"], ["Иванов Иван", "89000000001"]],
        Справка=[["не контакты"]],
        Пусто=[],
        Гости=[["Имя", "Почта"], ["Анна", "a@example.com"]],
    )
    found = read(path)
    assert [one.place.key() for one in found.people] == ["Клуб row 2", "Гости row 2"]
    assert [(one.code, one.place.part) for one in found.rejects] == [("sheet_without_list", "Справка")]


def test_t14_a_far_cell_costs_nothing_and_is_named(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet["A1"], sheet["A2"], sheet["XFD1048576"] = "ФИО", "Иванов Иван", "x"
    path = tmp_path / "far.xlsx"
    made.save(path)
    started = monotonic()
    found = read(path)
    assert monotonic() - started < 2
    assert [one.full_name for one in found.people] == ["Иванов Иван"]
    assert [(one.code, one.place.number) for one in found.rejects] == [("too_many_columns", 1_048_576)]


def test_t14_a_workbook_that_unpacks_into_too_much_is_not_opened(tmp_path: Path) -> None:
    path = book(tmp_path, Лист=[["ФИО"], ["Иванов Иван"]])
    with_member(path, "xl/worksheets/sheet1.xml", b"<a>" + b"0" * (20 * 1_048_576))
    assert path.stat().st_size < 50_000 * 2
    with pytest.raises(SuspiciousArchive):
        read(path)


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_t13_entities_are_refused_and_named(tmp_path: Path, doctype: bytes) -> None:
    path = book(tmp_path, Лист=[["ФИО"], ["Иванов Иван"]])
    sheet = (
        b'<?xml version="1.0"?>'
        + doctype
        + b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>'
    )
    with_member(path, "xl/worksheets/sheet1.xml", sheet)
    with pytest.raises(FileUnreadable):
        read(path)


def test_a_sheet_that_breaks_off_keeps_what_was_read(tmp_path: Path) -> None:
    rows = [["ФИО", "Телефон"], *([f"Иванов Иван {n}", f"8900000{n:04}"] for n in range(500))]
    path = book(tmp_path, Лист=rows)
    with zipfile.ZipFile(path) as archive:
        whole = archive.read("xl/worksheets/sheet1.xml")
    with_member(path, "xl/worksheets/sheet1.xml", whole[: whole.index(b'<row r="300"')] + b"<row r=")
    found = read(path)
    assert len(found.people) == 298
    assert [one.code for one in found.rejects] == ["broken_sheet"]


def test_a_damaged_workbook_is_refused_in_words(tmp_path: Path) -> None:
    path = book(tmp_path, Лист=[["ФИО"]])
    with_member(path, "xl/workbook.xml", b"<broken")
    with pytest.raises(FileUnreadable) as problem:
        read(path)
    assert "list.xlsx" in problem.value.text()


def test_a_row_wider_than_the_limit_is_named(tmp_path: Path) -> None:
    path = book(tmp_path, Лист=[["ФИО"], ["Иванов Иван"], ["Широкий Ряд", *["x"] * limits.COLUMNS]])
    assert [one.code for one in read(path).rejects] == ["too_many_columns"]
