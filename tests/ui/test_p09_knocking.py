"""P9: a second start of the window on an open store brings the first one forward, by a file and no socket."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from crm import paths
from crm.app import Desktop, knocking
from crm.clock import Clock
from crm.store.workspace import Workspace
from crm.ui.preferences import Preferences
from crm.ui.theme import Theme

SECOND = """
import sys
from crm.__main__ import main
sys.argv = ["krug", "--store", sys.argv[1]]
main()
"""


def test_p09_a_second_start_raises_the_first_window_and_ends_well(qtbot: QtBot, theme: Theme, clock: Clock) -> None:
    desktop = Desktop(theme, Preferences(paths.settings_file()), clock)
    store = paths.default_store()
    window = desktop.open(store)
    window.showMinimized()
    with subprocess.Popen([sys.executable, "-c", SECOND, str(store)]) as second:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
        assert second.returncode == 0
    assert not window.isMinimized()
    assert window.isVisible()
    assert not knocking.knock_file(store).exists()
    desktop.close()


def test_p09_where_nobody_answers_the_knock_is_taken_back(qtbot: QtBot, tmp_path: Path, clock: Clock) -> None:
    store = tmp_path / "community.krug"
    with Workspace.create(store, clock):
        assert not knocking.knock(store, patience=0.05)
    assert not knocking.knock_file(store).exists()
    assert not knocking.knock(tmp_path / "нет" / "c.krug", patience=0.05)


def test_p09_a_knock_left_by_a_kill_answers_nobody_and_is_gone(qtbot: QtBot, theme: Theme, clock: Clock) -> None:
    store = paths.default_store()
    paths.private_folder(store.parent)
    knocking.knock_file(store).touch()
    desktop = Desktop(theme, Preferences(paths.settings_file()), clock)
    window = desktop.open(store)
    keeper = window.findChild(knocking.Doorkeeper)
    assert keeper is not None
    assert keeper.answered == 0
    assert not knocking.knock_file(store).exists()
    keeper.look()
    assert keeper.answered == 0
    knocking.knock_file(store).touch(0o600)
    if sys.platform != "win32":
        assert stat.S_IMODE(knocking.knock_file(store).stat().st_mode) == 0o600
    qtbot.waitUntil(lambda: keeper.answered == 1)
    desktop.close()
