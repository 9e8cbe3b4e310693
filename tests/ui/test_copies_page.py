"""The page of copies and who keeps them: what is shown, made by itself, brought back, and said in the navigation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from crm import paths
from crm.app import Desktop, Opened, make_window
from crm.app.keys import StoreKey
from crm.errors import Cancelled, CrmError
from crm.i18n import NBSP
from crm.services import community
from crm.store.copies import Copy, check_copy, folder_of, list_copies, make_copy
from crm.store.copy_errors import CopyDiskFull
from crm.store.workspace import Workspace, look
from crm.ui.copies.page import CopiesPage
from crm.ui.locking.keeping import Prepared
from crm.ui.preferences import Preferences
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from tests.conftest import NOON
from tests.support.aged import Hands, add, families, flip, other, quick


@pytest.fixture
def hands() -> Hands:
    return Hands(NOON)


@pytest.fixture
def desktop(qtbot: QtBot, theme: Theme, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    # The upkeep of a day writes too, a moment after the start: on a busy machine it would fall between two copies.
    monkeypatch.setattr(Desktop, "_keep_levels", lambda _: None)
    monkeypatch.setattr(Desktop, "_thin_journal", lambda _: None)
    made = Desktop(theme, Preferences(paths.settings_file()), hands)
    yield made
    made.close()


def opened(desktop: Desktop) -> Opened:
    assert desktop.opened is not None
    return desktop.opened


def page_of(qtbot: QtBot, one: Opened) -> CopiesPage:
    page = one.window.show_page("copies")
    assert isinstance(page, CopiesPage)
    rest(qtbot, one)
    return page


def rest(qtbot: QtBot, one: Opened) -> None:
    qtbot.waitUntil(lambda: not one.jobs.busy, timeout=10_000)


def safety(one: Opened) -> str:
    return one.window.navigation._safety.accessibleName()


def copied(one: Opened) -> tuple[Copy, ...]:
    return list_copies(folder_of(one.workspace.path))


def start(qtbot: QtBot, desktop: Desktop, path: Path) -> Opened:
    desktop.open(path)
    one = opened(desktop)
    qtbot.waitExposed(one.window)
    return one


def test_p05_a_copy_is_made_by_itself_when_something_changed(qtbot: QtBot, desktop: Desktop, hands: Hands) -> None:
    one = start(qtbot, desktop, paths.default_store())
    assert one.keeper._timer.isActive()
    add(one.workspace, "Иванов")
    one.keeper.look()
    rest(qtbot, one)
    (copy,) = copied(one)
    assert (copy.reason, copy.people) == ("scheduled", 1)
    assert safety(one).endswith("Копия проверена в 12:00")
    hands.on(minutes=30)
    one.keeper.look()
    rest(qtbot, one)
    assert copied(one) == (copy,)


def test_p05_the_desk_is_not_disturbed_but_not_for_ever(qtbot: QtBot, desktop: Desktop) -> None:
    one = start(qtbot, desktop, paths.default_store())
    add(one.workspace, "Иванов")
    one.keeper.desk_open = lambda: True
    tries = 0
    while not copied(one):
        one.keeper.look()
        rest(qtbot, one)
        tries += 1
        assert tries < 50
    assert tries == 16


def test_p05_leaving_makes_a_last_copy_if_something_changed(qtbot: QtBot, desktop: Desktop) -> None:
    path = paths.default_store()
    one = start(qtbot, desktop, path)
    add(one.workspace, "Иванов")
    desktop.close(last=True)
    assert [copy.people for copy in list_copies(folder_of(path))] == [1]
    start(qtbot, desktop, path)
    desktop.close(last=True)
    assert len(list_copies(folder_of(path))) == 1


def test_p05_the_demo_leaves_no_copies(qtbot: QtBot, desktop: Desktop) -> None:
    desktop.open_demo()
    one = opened(desktop)
    rest(qtbot, one)
    assert not one.keeper._timer.isActive()
    make_copy(one.workspace, "by_hand")
    desktop.leave_demo()
    assert not folder_of(paths.demo_store()).exists()


def test_p05_a_full_disk_is_said_and_the_work_goes_on(
    qtbot: QtBot, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = start(qtbot, desktop, paths.default_store())
    add(one.workspace, "Иванов")

    def full(*_: object) -> None:
        raise CopyDiskFull(folder="here")

    monkeypatch.setattr("crm.app.keeping.make_copy", full)
    said: list[CrmError] = []
    one.keeper.tell = said.append
    one.keeper.look()
    rest(qtbot, one)
    assert [error.code for error in said] == ["copy_disk_full"]
    add(one.workspace, "Петров")


def test_p06_a_test_that_fails_is_said_loudly(
    qtbot: QtBot, desktop: Desktop, monkeypatch: pytest.MonkeyPatch, hands: Hands
) -> None:
    one = start(qtbot, desktop, paths.default_store())
    add(one.workspace, "Иванов")
    said: list[CrmError] = []
    one.keeper.tell = said.append
    one.keeper.look()
    rest(qtbot, one)
    assert said == []
    (copy,) = copied(one)
    hands.on(days=7)
    # Not checked for a day, it would be found out before; here only the test can tell.
    monkeypatch.setattr(one.keeper, "_check_newest", lambda _: None)
    flip(copy.path, 9000)
    one.keeper.look()
    rest(qtbot, one)
    assert [error.code for error in said] == ["copy_test_failed"]
    assert safety(one).endswith("Копия не прошла пробу")


def test_p05_old_copies_are_thinned_by_the_setting(qtbot: QtBot, desktop: Desktop, hands: Hands) -> None:
    one = start(qtbot, desktop, paths.default_store())
    for name in ("Иванов", "Петров"):
        add(one.workspace, name)
        make_copy(one.workspace, "scheduled")
        hands.on(days=200)
    add(one.workspace, "Сидоров")
    one.keeper.look()
    rest(qtbot, one)
    assert len(copied(one)) == 2
    page = page_of(qtbot, one)
    page.side.months.chosen.emit(3)
    assert one.operations.read(community.months_of_copies) == 3
    one.keeper.look()
    rest(qtbot, one)
    assert {copy.made_at for copy in copied(one)} == {hands.now}


def test_p05_the_safety_line_warns(qtbot: QtBot, desktop: Desktop, hands: Hands) -> None:
    one = start(qtbot, desktop, paths.default_store())
    add(one.workspace, "Иванов")
    copy = make_copy(one.workspace, "scheduled")
    assert copy is not None

    def line() -> str:
        one.keeper.refresh_safety()
        rest(qtbot, one)
        return safety(one).partition(". ")[2]

    assert line() == "Копия проверена в 12:00"
    hands.on(days=4)
    assert line() == f"Копия проверена 12{NBSP}ноя"
    add(one.workspace, "Петров")
    assert line() == "Копии уже 4 дня"
    flip(copy.path, 9000)
    check_copy(copy, None, hands)
    assert line() == "Последняя копия повреждена"


def test_the_safety_line_leads_to_the_copies_by_the_keyboard_too(qtbot: QtBot, desktop: Desktop) -> None:
    one = start(qtbot, desktop, paths.default_store())
    line = one.window.navigation._safety
    assert line.focusPolicy() & Qt.FocusPolicy.TabFocus
    line.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert one.window.current_key == "copies"
    rest(qtbot, one)


def test_p05_the_page_makes_checks_and_saves_copies(
    qtbot: QtBot, desktop: Desktop, tmp_path: Path, hands: Hands
) -> None:
    one = start(qtbot, desktop, paths.default_store())
    add(one.workspace, "Иванов")
    page = page_of(qtbot, one)
    assert page.chosen() is None
    page.make()
    rest(qtbot, one)
    row = page.chosen()
    assert row is not None
    assert (row.reason, row.people, row.verdict) == ("by_hand", 1, "sound")
    said: list[str] = []
    one.operations.said.connect(lambda word: said.append(word.what.text()))
    page.check()
    rest(qtbot, one)
    page.save_to(tmp_path / "mine.krug")
    rest(qtbot, one)
    assert (tmp_path / "mine.krug").exists()
    page.test()
    rest(qtbot, one)
    assert said == ["Копия цела", "Копия сохранена: mine.krug", "Последняя копия восстановилась целиком"]
    (copy,) = copied(one)
    flip(copy.path, 9000)
    page.check()
    rest(qtbot, one)
    assert said[-1] == "Копия повреждена; сделайте новую"
    assert not page.side._back.isEnabled()
    page.test()
    rest(qtbot, one)
    assert said[-1] == "Нет целой копии для пробы"


def test_p05_a_stopped_copy_says_nothing(qtbot: QtBot, desktop: Desktop) -> None:
    one = start(qtbot, desktop, paths.default_store())
    page = page_of(qtbot, one)
    refused: list[object] = []
    one.operations.refused.connect(refused.append)
    page._failed(Cancelled())
    rest(qtbot, one)
    assert refused == []
    with pytest.raises(ZeroDivisionError):
        page._failed(ZeroDivisionError())
    rest(qtbot, one)


def test_p05_the_second_place_is_filled_and_remembered(
    qtbot: QtBot, desktop: Desktop, tmp_path: Path, hands: Hands
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    one = start(qtbot, desktop, paths.default_store())
    add(one.workspace, "Иванов")
    page = page_of(qtbot, one)
    page.make()
    rest(qtbot, one)
    page.side.place_chosen.emit(stick)
    rest(qtbot, one)
    assert len(list_copies(next(stick.glob("community.krug-*.copies")))) == 1
    desktop.close()
    one = start(qtbot, desktop, paths.default_store())
    page = page_of(qtbot, one)
    place = one.keeper.overview().place
    assert place is not None
    assert (place.folder, place.there, place.used_at, place.overdue) == (stick, True, NOON, False)
    stick.rename(tmp_path / "pulled out")
    hands.on(days=8)
    one.keeper.changed.emit()
    rest(qtbot, one)
    assert safety(one).endswith("Вставьте флешку")
    assert "Вставьте флешку" in page._notice.text()
    page.mirror()
    rest(qtbot, one)
    page.side.place_chosen.emit(None)
    rest(qtbot, one)
    assert one.keeper.overview().place is None
    assert safety(one).endswith(f"Копия проверена 12{NBSP}ноя")


def test_t20_the_second_place_follows_a_new_key_when_it_is_back(qtbot: QtBot, desktop: Desktop, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    one = start(qtbot, desktop, paths.default_store())
    add(one.workspace, "Иванов")
    one.keeper.set_place(stick)
    one.keeper.make(lambda _, __: None)
    [there] = stick.iterdir()
    keeping = StoreKey(one.workspace, one.keeper.mirror)
    stick.rename(tmp_path / "pulled out")
    keeping.change(Prepared("", one.workspace.fresh_key(quick)), lambda _, __: None, delete_copies=False)
    (tmp_path / "pulled out").rename(stick)
    assert [copy.encrypted for copy in list_copies(there)] == [False]
    one.keeper.mirror(lambda _, __: None)
    assert [copy.encrypted for copy in list_copies(there)] == [True]
    keeping.change(Prepared("", one.workspace.fresh_key(other)), lambda _, __: None, delete_copies=False)
    assert all(look(copy.path, other) for copy in list_copies(there))
    (folder_of(one.workspace.path) / "community.krug.damaged-2026-11-12T09-00-00Z").write_bytes(b"?")
    assert keeping.kept == ("community.krug.damaged-2026-11-12T09-00-00Z",)
    rest(qtbot, one)


def press(dialog: Dialog, text: str) -> None:
    next(button for button in dialog.findChildren(Button) if button.accessibleName() == text).click()


def ask_back(page: CopiesPage) -> Dialog:
    page.restore()
    return page.window().findChildren(Dialog)[-1]


def test_p06_a_copy_comes_back_from_the_page_and_copies_rest(
    qtbot: QtBot, desktop: Desktop, hands: Hands, tmp_path: Path
) -> None:
    one = start(qtbot, desktop, paths.default_store())
    add(one.workspace, "Иванов")
    page = page_of(qtbot, one)
    page.make()
    rest(qtbot, one)
    add(one.workspace, "Петров")
    hands.on(minutes=5)
    press(ask_back(page), "Отмена")
    assert families(one.workspace) == ["Иванов", "Петров"]
    press(ask_back(page), "Вернуть")
    qtbot.waitUntil(lambda: desktop.opened is not None and desktop.opened is not one, timeout=10_000)
    again = opened(desktop)
    assert again.window.current_key == "copies"
    assert families(again.workspace) == ["Иванов"]
    kept, _ = copied(again)
    assert (kept.reason, kept.people) == ("before_restore", 2)
    rest(qtbot, again)
    # Until the next start no copy is made by itself.
    add(again.workspace, "Сидоров")
    again.keeper.look()
    rest(qtbot, again)
    assert len(copied(again)) == 2
    desktop.close()
    assert len(list_copies(folder_of(paths.default_store()))) == 2


def test_p06_what_is_saved_while_a_copy_gets_ready_is_not_lost(qtbot: QtBot, desktop: Desktop) -> None:
    one = start(qtbot, desktop, paths.default_store())
    add(one.workspace, "Иванов")
    page = page_of(qtbot, one)
    page.make()
    rest(qtbot, one)
    row = page.chosen()
    assert row is not None
    ready = one.keeper.get_ready(row.key, lambda _, __: None)
    add(one.workspace, "Петров")
    one.keeper.bring_back(ready)
    qtbot.waitUntil(lambda: desktop.opened is not None and desktop.opened is not one, timeout=10_000)
    again = opened(desktop)
    assert families(again.workspace) == ["Иванов", "Петров"]
    rest(qtbot, again)


def test_p05_nobody_works_in_a_copy_that_is_thinned_away(qtbot: QtBot, desktop: Desktop) -> None:
    one = start(qtbot, desktop, paths.default_store())
    copy = make_copy(one.workspace, "by_hand")
    assert copy is not None
    before, said = copy.path.read_bytes(), []
    one.window.say = lambda text, *_: said.append(text)  # type: ignore[method-assign]
    desktop._change_store(copy.path)
    assert desktop.opened is one
    assert [copy.path.name in text for text in said] == [True]
    assert copy.path.read_bytes() == before
    rest(qtbot, one)


def test_p06_without_a_desktop_nothing_is_exchanged(qtbot: QtBot, theme: Theme, workspace: Workspace) -> None:
    add(workspace, "Иванов")
    copy = make_copy(workspace, "by_hand")
    assert copy is not None
    one = make_window(workspace, theme)
    qtbot.addWidget(one.window)
    one.keeper.bring_back(one.keeper.get_ready(copy.path.name, lambda _, __: None))
    assert families(workspace) == ["Иванов"]
    assert not list(workspace.path.parent.glob("*.restoring*"))
    rest(qtbot, one)
    one.jobs.close()


def test_p05_deleting_several_people_is_copied_first(qtbot: QtBot, desktop: Desktop) -> None:
    one = start(qtbot, desktop, paths.default_store())
    for name in ("Иванов", "Петров", "Сидоров"):
        add(one.workspace, name)
    page = one.window.show_page("people")
    rest(qtbot, one)
    said: list[object] = []
    one.operations.said.connect(lambda word: said.append(word.deed))
    actions = page.actions_of_people  # type: ignore[attr-defined]
    actions._chosen = lambda: [1]
    actions.delete()
    assert copied(one) == ()
    actions._chosen = lambda: [2, 3]
    actions.delete()
    rest(qtbot, one)
    (copy,) = copied(one)
    assert (copy.reason, copy.people) == ("before_bulk_delete", 2)
    assert len(said) == 2
    assert None not in said
