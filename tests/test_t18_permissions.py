"""T18: whatever Krug writes is its owner's alone, files 0600 and folders 0700, under the widest mask."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from crm import paths, temporary
from crm.cli import run
from crm.clock import Clock
from crm.i18n import phrase
from crm.services import importing
from crm.store.key import Key
from crm.store.workspace import Workspace
from crm.ui.preferences import Preferences
from tests.conftest import NOON
from tests.support import makers
from tests.torture.mixture import cards

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in lists of the profile")


@pytest.fixture(autouse=True)
def _widest_mask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """The rights of everything below a folder, and of itself."""
    return {
        str(each.relative_to(folder.parent)): stat.S_IMODE(each.stat().st_mode) for each in (folder, *folder.rglob("*"))
    }


def check(folder: Path) -> set[str]:
    found = modes(folder)
    for name, mode in found.items():
        wanted = 0o700 if (folder.parent / name).is_dir() else 0o600
        assert mode == wanted, f"{name}: {mode:o}"
    return {Path(name).name for name in found}


@pytest.mark.parametrize("secret", [None, lambda salt: Key(b"one".ljust(32, b"."), salt)], ids=["plain", "encrypted"])
@pytest.mark.parametrize("folder", ["Стол", "OneDrive"])
def test_t18_store_and_all_beside_it(tmp_path: Path, clock: Clock, secret, folder: str) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (60, 60), "red").save(picture, "PNG")
    store = tmp_path / "new" / folder / "c.krug"
    with Workspace.create(store, clock, secret=secret) as workspace:
        workspace.write(phrase("Add"), lambda session: makers.person(session, NOON))
        source = cards(2, 1, 1, picture.getvalue())
        workspace.write(phrase("Photo"), lambda session: importing.import_people(session, [source], clock))

        def look(session) -> None:
            session.connection().exec_driver_sql("DELETE FROM stale_person")
            beside = {"c.krug", "c.krug.lock", "c.krug.owner"}
            beside |= {"c.krug-wal", "c.krug-shm"} if folder == "Стол" else set()
            assert check(tmp_path / "new") >= beside

        workspace.maintain(look)
        workspace.rest()
        check(tmp_path / "new")
    check(tmp_path / "new")


@pytest.mark.parametrize("name", ["a.vcf", "a.csv", "a.xlsx", "a.json"])
def test_t18_exports(tmp_path: Path, clock: Clock, name: str, capsys) -> None:
    store = tmp_path / "new" / "c.krug"
    with Workspace.create(store, clock) as workspace:
        workspace.write(phrase("Add"), lambda session: makers.person(session, NOON))
    (tmp_path / "out").mkdir(mode=0o700)
    assert run(["--store", str(store), "export", "people", str(tmp_path / "out" / name)]) == 0
    assert check(tmp_path / "out") == {"out", name}
    check(paths.data_folder())


def test_t18_reports_and_a_folder_of_cards(tmp_path: Path, clock: Clock, capsys) -> None:
    store = tmp_path / "new" / "c.krug"
    with Workspace.create(store, clock) as workspace:
        workspace.write(phrase("Add"), lambda session: makers.person(session, NOON))
    (tmp_path / "out").mkdir(mode=0o700)
    assert run(["--store", str(store), "report", "month", str(tmp_path / "out" / "m.pdf")]) == 0
    assert run(["--store", str(store), "export", "people", str(tmp_path / "out" / "cards"), "--one-file-each"]) == 0
    assert check(tmp_path / "out") >= {"m.pdf", "cards"}


def test_t18_the_windows_own_settings(tmp_path: Path) -> None:
    preferences = Preferences(tmp_path / "a" / "b" / "window.ini")
    for language in ("en", "ru"):
        preferences.language = language
        assert preferences.keep()
        assert check(tmp_path / "a") == {"a", "b", "window.ini"}


def test_t17_temporary_files_lie_in_a_folder_of_our_own_and_go(tmp_path: Path) -> None:
    import tempfile

    left = paths.private_folder(paths.data_folder() / "temp" / "left-by-a-kill")
    (left / "openpyxl.x").write_text("Щёголев", "utf-8")
    with temporary.private_temporary_folder() as folder:
        assert not left.exists()
        handle, name = tempfile.mkstemp()
        os.close(handle)
        assert Path(name).parent == folder
        with temporary.private_temporary_folder() as second:
            assert folder.exists(), "whoever is alive keeps theirs"
            assert second != folder
        assert Path(name).exists()
        check(paths.data_folder())
    assert not list((paths.data_folder() / "temp").iterdir())
    assert tempfile.gettempdir() != str(folder)
