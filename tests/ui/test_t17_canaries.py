"""T17: people's data is in the store and in what was exported, and in no other file or report that Krug writes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from crm import paths
from crm.app import Desktop
from crm.app.opening import _report_trouble
from crm.cli import run
from crm.clock import Clock
from crm.errors import CrmError
from crm.i18n import phrase
from crm.services import people_editing
from crm.services.people_editing import ContactDraft, PersonDraft
from crm.store.workspace import Workspace
from crm.ui.preferences import Preferences
from crm.ui.theme import Theme

CANARIES = [f"Канарейкина{number:02}ж" for number in range(20)]
KILLED = """
import os, signal, sys, tempfile
from crm.cli import run
from crm.export import tables
write = tables._XlsxCells.cell

def killed(self, value, row, place):
    made = write(self, value, row, place)
    if row > 12:
        os.kill(os.getpid(), signal.SIGKILL)
    return made

tables._XlsxCells.cell = killed
run(sys.argv[1:])
"""


def forms(word: str) -> list[bytes]:
    """A canary as bytes, however it may have been written."""
    words = {word, word.casefold(), word.upper()}
    return [each.encode(code) for each in words for code in ("utf-8", "utf-16-le", "cp1251", "unicode_escape")]


def sung(content: bytes) -> list[str]:
    """The canaries found in some bytes."""
    return [word for word in CANARIES if any(form in content for form in forms(word))]


@pytest.fixture
def store(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "system-temp"))
    (tmp_path / "system-temp").mkdir()
    path = paths.default_store()
    with Workspace.create(path, clock) as workspace:
        for word in CANARIES:
            draft = PersonDraft(
                family_name=word, note=word, city=word, organisation=word, tags=(word,), care_note=word,
                contacts=(ContactDraft("email", f"{word}@example.com"),),
            )  # fmt: skip
            workspace.write(
                phrase("Added {name}", name=word), lambda s, d=draft: people_editing.add_person(s, d, clock)
            )
    return path


def test_t17_no_canary_sings_outside_the_store_and_the_exports(
    tmp_path: Path, store: Path, clock: Clock, theme: Theme, qtbot: QtBot, capfd: pytest.CaptureFixture[str]
) -> None:
    given, out = tmp_path / "given", tmp_path / "out"
    given.mkdir()
    out.mkdir()
    (given / "bad.vcf").write_text(f"BEGIN:VCARD\nN:{CANARIES[0]}\nFN;A={CANARIES[1]}\n x\nEND", "utf-8")
    (given / "bad.xlsx").write_bytes(b"PK\x03\x04" + CANARIES[2].encode())
    (given / "bad.csv").write_text(f'Имя;Телефон\n"{CANARIES[3]};{CANARIES[4]}\n' * 30, "cp1251")
    words = ["--store", str(store)]
    for name in ("bad.vcf", "bad.xlsx", "bad.csv"):
        run([*words, "import", str(given / name)])
    for kind in ("vcf", "csv", "xlsx", "json"):
        assert run([*words, "export", "people", str(out / f"people.{kind}")]) == 0
    run([*words, "report", "month", str(out / "month.pdf")])
    run([*words, "people", CANARIES[0]])
    assert run([*words, "export", "people", str(tmp_path / "нет" / "a.vcf")]) == 1
    capfd.readouterr()
    told = _in_the_window(store, theme, clock)
    told += capfd.readouterr().err.encode()
    assert b"ValueError" in told
    assert b"OperationalError" in told
    assert sung(told) == []
    if sys.platform != "win32":
        # Killed in the middle of a workbook: what openpyxl put aside lies in our folder, and the next start wipes it.
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        command = [sys.executable, "-c", KILLED, *words, "export", "people", str(out / "killed.xlsx")]
        assert subprocess.run(command, env=environment, check=False).returncode == -9
        assert not list((tmp_path / "system-temp").iterdir())
        assert list((paths.data_folder() / "temp").rglob("openpyxl*"))
        run([*words, "people"])
    kept = {given, out}
    for file in tmp_path.rglob("*"):
        own = file.name.startswith(store.name) and file.suffix in ("", ".krug", ".krug-wal", ".krug-shm")
        if file.is_file() and not own and not kept & set(file.parents):
            assert sung(file.read_bytes()) == [], file
            assert sung(file.name.encode()) == []
    assert sung(store.read_bytes()) == CANARIES


def _in_the_window(store: Path, theme: Theme, clock: Clock) -> bytes:
    """A mistake of ours and an error of SQL with a canary in each, in the window; gives all that was said of them."""
    desktop = Desktop(theme, Preferences(paths.settings_file()), clock)
    window = desktop.open(store)
    for page in ("people", "reports", "segments", "settings"):
        window.show_page(page)
    opened = desktop.opened
    assert opened is not None
    said = []

    def mistake() -> None:
        int(CANARIES[5])

    def wrong_sql() -> None:
        statement = text("INSERT INTO nothing (name) VALUES (:name)")
        opened.operations.write(phrase("Wrong"), lambda s: s.execute(statement, {"name": CANARIES[6]}))

    for wrong in (mistake, wrong_sql):
        try:
            wrong()
        except CrmError as error:
            said.append(error.text())
        except Exception as error:  # noqa: BLE001 - as the program's own hook takes it
            _report_trouble(desktop)(type(error), error, error.__traceback__)
            said.append(str(error) if wrong is wrong_sql else "")
    said += [area.toPlainText() for area in window.findChildren(QPlainTextEdit) if area.isReadOnly()]
    opened.jobs.close()
    desktop.close()
    return "\n".join(said).encode()
