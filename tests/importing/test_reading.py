"""What stops a whole file is said in words that name it; texts exist in both languages for every code."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path

import pytest

from crm import i18n
from crm.importing import errors, limits, reading, rows
from crm.importing.errors import FileUnreadable
from crm.importing.layout import FIELDS, field_title
from crm.importing.rows import ImportedContact, ImportedPerson, Notice, Place, Reject
from tests.importing.makers import NOW, card

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def zipped(folder: Path, **members: bytes) -> bytes:
    path = folder / "made.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.vcf", b"", "empty_file"),
        ("a.vcf", b"\xef\xbb\xbf \r\n", "empty_file"),
        ("photo.vcf", PNG, "not_contacts"),
        ("a.vcf", b"%PDF-1.7\n", "not_contacts"),
        ("a.vcf", b"just words\n", "not_contacts"),
        ("a.csv", bytes(range(256)) * 20, "not_contacts"),
        ("a.csv", b"<html><table><tr><td>1</td></tr></table></html>", "not_contacts"),
        ("a.csv", b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "not_contacts"),
        ("result.json", b'{"name": "x", "messages": []}', "not_contacts"),
        ("a.xls", OLE + "Workbook".encode("utf-16-le"), "old_excel"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "protected_file"),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), "not_contacts"),
        ("a.xlsx", b"PK\x03\x04 broken", "not_contacts"),
    ],
)
def test_a_file_that_holds_no_people_is_refused_by_its_content(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileUnreadable) as problem:
        reading.read_people(path, clock=NOW)
    assert (problem.value.code, problem.value.exit_code) == (code, 1)
    assert name in problem.value.text()


def test_zipped_files_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(zipped(tmp_path, mimetype=b"application/vnd.oasis.opendocument.spreadsheet"))
    assert reading.recognise(path) == "ods"
    path.write_bytes(zipped(tmp_path, word__document=b"x"))
    assert reading.recognise(path) == "document"
    with zipfile.ZipFile(path, "w") as apple:
        apple.writestr("Index/Document.iwa", b"x")
    assert reading.recognise(path) == "numbers"
    path.write_bytes(zipped(tmp_path, photo=b"x"))
    assert reading.recognise(path) == "archive"


def test_an_absent_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(errors.FileMissing):
        reading.read_people(tmp_path / "none.vcf")
    with pytest.raises(errors.IsFolder):
        reading.read_people(tmp_path)


def test_a_file_without_rights_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.vcf"
    path.write_bytes(card("FN:A"))

    def refuse(_self: Path) -> bytes:
        raise PermissionError

    # The tests may run as root, whom no mode keeps out.
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(errors.NoRights):
        reading.read_people(path)


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(limits.FILE + 1)
    with pytest.raises(errors.TooLarge):
        reading.read_people(path)


def test_content_goes_before_the_name(tmp_path: Path) -> None:
    path = tmp_path / "people.txt"
    path.write_bytes(card("FN:Анна"))
    assert reading.recognise(path) == reading.VCARD
    assert reading.read_people(path, clock=NOW).people[0].full_name == "Анна"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_code_has_a_text_in_every_language(language: str) -> None:
    details = (("value", "v"), ("field", "f"), ("limit", "1"), ("sheet", "s"))
    with i18n.using(language):
        texts = [Reject(Place("row", 1), code, details).text() for code in rows.REASONS]
        texts += [Notice(code, "f", "v").text() for code in rows.NOTICES]
        texts += [i18n.text(found) for found in errors.KINDS_FOUND.values()]
        texts += [i18n.text(kind.message) for kind in FileUnreadable.__subclasses__()]
        texts += [field_title(field) for field in FIELDS]
        texts += [
            Place("card", 1, 2).text(),
            Place("row", 1).text(),
            Place("row", 1, 0, "s").text(),
            Place("sheet", 0, 0, "s").text(),
        ]
    cyrillic = [
        any("а" <= char <= "я" for char in text.lower())
        for text in texts
        if text not in ("Telegram", "WhatsApp", "MAX")
    ]
    assert all(cyrillic) if language == "ru" else not any(cyrillic)


def test_rows_survive_pickling_by_position() -> None:
    person = ImportedPerson(
        place=Place("row", 2, 3, "Лист"),
        full_name="Анна",
        contacts=(ImportedContact("phone", "1", "home", preferred=True),),
        notices=(Notice("bad_date", "f", "v"),),
    )
    reject = Reject(Place("card", 1), "too_long", (("field", "FN"), ("limit", "1")))
    assert pickle.loads(pickle.dumps([person, reject])) == [person, reject]  # noqa: S301 - our own bytes
