"""Passphrases in the window: asked for, set with the code typed back, and everything away when nobody is there."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from crm import paths
from crm.app import Desktop, make_window
from crm.app.keys import StoreKey
from crm.app.locking import ask_secret, offer_passphrase
from crm.app.offering import offer_when_calm
from crm.app.opened import Opened
from crm.clock import Clock
from crm.errors import Cancelled
from crm.i18n import phrase
from crm.models import Deed, Person
from crm.store import copies, key
from crm.store.errors import PassphraseMissing, StoreHeld, StoreLocked
from crm.store.key import Key, Secret
from crm.store.workspace import Workspace
from crm.ui import clipboard
from crm.ui.locking import sources
from crm.ui.locking.changing import Changing
from crm.ui.locking.dialogs import CodeDialog, OfferDialog, PassphraseDialog, TypeBackDialog
from crm.ui.locking.fields import PassphraseEdit
from crm.ui.locking.locker import Locker
from crm.ui.locking.patience import LONGEST, Patience
from crm.ui.locking.section import PassphraseSection
from crm.ui.locking.strength import strength_of
from crm.ui.locking.unlock_window import UnlockWindow
from crm.ui.people.page import PeoplePage
from crm.ui.preferences import Preferences
from crm.ui.theme import Theme
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import LineEdit
from crm.ui.widgets.labels import Label
from tests.conftest import NOON
from tests.support import makers


def quick(words: str) -> Secret:
    if not words:
        raise PassphraseMissing
    return lambda salt: Key(words.encode()[:32].ljust(32, b"."), salt)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The half second of Argon2id is proved elsewhere."""
    monkeypatch.setattr(key, "from_passphrase", quick)


@pytest.fixture
def secret_store(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "secret.krug", clock, secret=quick("раз")) as workspace:
        workspace.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
        yield workspace


@pytest.fixture
def opened(secret_store: Workspace, theme: Theme, qtbot: QtBot) -> Iterator[Opened]:
    made = make_window(secret_store, theme)
    made.window.show()
    yield made
    # What waits while the store is locked waits for ever; closing drops it.
    qtbot.waitUntil(lambda: secret_store.locked or not made.jobs.busy)
    made.close()


class Fake:
    """A source that speaks when the test does."""

    def start(self, tell: Callable[[str], object]) -> None:
        self.tell = tell

    def stop(self) -> None:
        self.tell = lambda _: None


@pytest.fixture
def source() -> Fake:
    return Fake()


@pytest.fixture
def locker(opened: Opened, theme: Theme, source: Fake) -> Iterator[Locker]:
    made = Locker(
        theme,
        StoreKey(opened.workspace),
        opened.jobs,
        "secret.krug",
        sources=[source],
        patience=Patience(lambda: 0),
    )
    yield made
    made.close()


def type_into(window: UnlockWindow, words: str, qtbot: QtBot) -> None:
    # On a busy machine what ran is still ending.
    qtbot.waitUntil(window.button.isEnabled)
    window.edit.setText(words)
    window.try_now()
    qtbot.waitUntil(lambda: not window._trying or window._done)


@pytest.mark.parametrize("reason", ["idle", "asleep", "session"])
def test_p12_ten_dialogs_and_a_draft_are_hidden_kept_and_back(
    opened: Opened, theme: Theme, locker: Locker, source: Fake, qtbot: QtBot, reason: str
) -> None:
    field = LineEdit(theme)
    dialogs: list[QDialog] = []
    layer = Dialog(theme, opened.window, "Черновик")
    layer.body.addWidget(field)
    layer.open()
    field.setText("не сохранено")
    for number in range(10):
        box = QDialog(opened.window if number % 2 else None)
        box.setModal(number > 5)
        QLineEdit(f"черновик {number}", box)
        box.show()
        dialogs.append(box)
    with qtbot.waitActive(dialogs[-1]):
        dialogs[-1].activateWindow()
    source.tell(reason)
    qtbot.waitUntil(lambda: opened.workspace.locked)
    handles = [widget.windowHandle() for widget in (opened.window, *dialogs)]
    assert not [handle for handle in handles if handle is not None and handle.isVisible()]
    shown = [one for one in QGuiApplication.topLevelWindows() if one.isVisible()]
    window = locker.window
    assert window is not None
    assert shown == [window.windowHandle()]
    with pytest.raises(StoreLocked):
        opened.operations.read(lambda s: s.connection())
    qtbot.wait(1)
    type_into(window, "два", qtbot)
    assert "Не подошёл" in window.error
    assert opened.workspace.locked
    type_into(window, "раз", qtbot)
    assert not opened.workspace.locked
    assert not locker.is_locked
    assert [handle for handle in handles if handle is not None and not handle.isVisible()] == []
    assert all(box.isVisible() for box in dialogs)
    assert layer.is_open
    assert field.text() == "не сохранено"
    assert dialogs[9].findChild(QLineEdit).text() == "черновик 9"
    for box in dialogs:
        box.close()
        box.deleteLater()


def test_p12_a_dialog_that_is_waited_for_ends_as_by_escape(opened: Opened, locker: Locker, qtbot: QtBot) -> None:
    box = QDialog(opened.window)
    QTimer.singleShot(0, locker.lock)
    assert box.exec() == QDialog.DialogCode.Rejected.value
    qtbot.waitUntil(lambda: opened.workspace.locked)
    assert not box.isVisible()
    box.deleteLater()


def test_p12_the_focus_is_where_it_was(opened: Opened, locker: Locker, qtbot: QtBot) -> None:
    with qtbot.waitActive(opened.window):
        opened.window.activateWindow()
    field = opened.window.show_page("settings").findChild(LineEdit)
    field.setFocus()
    locker.lock()
    assert locker.window is not None
    type_into(locker.window, "раз", qtbot)
    qtbot.waitUntil(field.hasFocus)


def test_p12_a_fact_that_is_being_typed_is_kept_and_back(opened: Opened, locker: Locker, qtbot: QtBot) -> None:
    with qtbot.waitActive(opened.window):
        opened.window.activateWindow()
    page = opened.window.show_page("people")
    assert isinstance(page, PeoplePage)
    page.show_item(1)
    page.show_profile()
    page.panel.facts.edit("city")
    field = QApplication.focusWidget()
    assert isinstance(field, LineEdit)
    field.setText("Красно")
    deeds = opened.operations.read(lambda s: s.scalar(select(func.count(Deed.id))))
    locker.lock()
    qtbot.waitUntil(lambda: opened.workspace.locked)
    assert not field.isVisible()
    assert locker.window is not None
    type_into(locker.window, "раз", qtbot)
    assert not locker.is_locked
    assert (field.text(), field.isVisible()) == ("Красно", True)
    assert opened.operations.read(lambda s: s.scalar(select(func.count(Deed.id)))) == deeds
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert opened.operations.read(lambda s: s.get(Person, 1)).city == "Красно"  # type: ignore[union-attr]


def test_p12_only_our_own_clipboard_is_cleared(opened: Opened, locker: Locker, qtbot: QtBot) -> None:
    clipboard.copy("+7 900 000-00-07")
    locker.lock()
    assert QGuiApplication.clipboard().text() == ""
    assert locker.window is not None
    type_into(locker.window, "раз", qtbot)
    clipboard.copy("+7 900 000-00-07")
    QGuiApplication.clipboard().setText("чужое")
    locker.lock()
    assert QGuiApplication.clipboard().text() == "чужое"
    type_into(locker.window, "раз", qtbot)


def test_p12_what_runs_is_stopped_what_waits_goes_on_and_no_timer_asks(
    opened: Opened, locker: Locker, qtbot: QtBot
) -> None:
    running, outcomes = threading.Event(), []

    def long(report: Callable[[int, int], None]) -> None:
        running.set()
        while True:
            report(1, 2)

    opened.jobs.start(phrase("Counting"), long, None, outcomes.append)
    opened.jobs.start(phrase("Counting"), lambda _: opened.workspace.read(lambda _: 7), outcomes.append)
    running.wait(5)
    asks = QTimer(opened.window)
    asks.timeout.connect(lambda: opened.operations.read(lambda s: s.connection()))
    asks.start(0)
    locker.lock()
    qtbot.waitUntil(lambda: opened.workspace.locked)
    assert [type(outcome) for outcome in outcomes] == [Cancelled]
    qtbot.wait(20)
    assert locker.window is not None
    type_into(locker.window, "раз", qtbot)
    qtbot.waitUntil(lambda: len(outcomes) == 2)
    assert outcomes[1] == 7
    assert asks.isActive()
    asks.stop()


def test_p12_a_layer_that_news_opened_while_locking_is_away_too(
    opened: Opened, theme: Theme, locker: Locker, qtbot: QtBot
) -> None:
    running = threading.Event()
    layers: list[QDialog] = []

    def work(report: Callable[[int, int], None]) -> None:
        running.set()
        try:
            while True:
                report(0, 0)
        except Cancelled:
            return

    def tell(_: object) -> None:
        for layer in (Dialog(theme, opened.window, "Иванов и ещё двое"), QDialog()):
            layer.open()
            layers.append(layer)

    opened.jobs.start(phrase("Work"), work, tell)
    assert running.wait(5)
    locker.lock()
    qtbot.waitUntil(lambda: opened.workspace.locked)
    assert [layer.isVisible() for layer in layers] == [False, False]
    window = locker.window
    assert window is not None
    type_into(window, "раз", qtbot)
    qtbot.waitUntil(lambda: all(layer.isVisible() for layer in layers))
    for layer in layers:
        layer.close()


def test_p12_no_key_is_left_in_memory(desktop: Desktop, secret_store: Workspace, qtbot: QtBot) -> None:
    path, salt = secret_store.path, secret_store.salt
    assert salt is not None
    secret_store.close()

    def known() -> Secret:
        derived = quick("раз")(salt)
        return lambda _: derived

    # What other tests left is not ours.
    gc.collect()
    before = {id(one) for one in gc.get_objects() if isinstance(one, Key)}
    desktop.open(path, known())
    assert desktop.opened is not None
    desktop.lock()
    qtbot.waitUntil(lambda: desktop.opened is not None and desktop.opened.workspace.locked)
    gc.collect()
    left = [one for one in gc.get_objects() if isinstance(one, Key) and id(one) not in before]
    assert left == [], [gc.get_referrers(one) for one in left]


def test_p12_a_copy_that_was_ready_when_the_window_locked_comes_back_after_it(
    desktop: Desktop, secret_store: Workspace, qtbot: QtBot
) -> None:
    path = secret_store.path
    assert copies.make_copy(secret_store, "by_hand") is not None
    secret_store.write(phrase("Add"), lambda s: makers.person(s, NOON).id)
    secret_store.close()
    desktop.open(path, quick("раз"))
    one = desktop.opened
    assert one is not None
    (copy,) = copies.list_copies(copies.folder_of(path))
    ready = one.keeper.get_ready(copy.path.name, lambda _, __: None)
    desktop.lock()
    qtbot.waitUntil(lambda: one.workspace.locked)
    one.keeper.bring_back(ready)
    qtbot.wait(1)
    assert desktop.opened is one
    assert desktop.locker is not None
    assert desktop.locker.window is not None
    type_into(desktop.locker.window, "раз", qtbot)
    qtbot.waitUntil(lambda: desktop.opened is not None and desktop.opened is not one, timeout=10_000)
    again = desktop.opened
    assert again is not None
    assert again.workspace.read(lambda s: s.query(Person).count()) == 1
    qtbot.waitUntil(lambda: not again.jobs.busy)


def test_p12_idleness_waits_for_work_that_somebody_asked_for(opened: Opened, locker: Locker, qtbot: QtBot) -> None:
    go = threading.Event()
    job = opened.jobs.start(phrase("Counting"), lambda _: go.wait(5))
    locker.heed("idle")
    assert not locker.is_locked
    go.set()
    qtbot.waitSignal(job.finished, raising=False)
    qtbot.waitUntil(lambda: not opened.jobs.busy)
    locker.heed("idle")
    assert locker.is_locked


def test_p12_a_store_without_a_passphrase_never_locks(
    workspace: Workspace, theme: Theme, qtbot: QtBot, source: Fake
) -> None:
    made = make_window(workspace, theme)
    made.window.show()
    locker = Locker(theme, StoreKey(workspace), made.jobs, "plain", sources=[source])
    assert not hasattr(source, "tell"), "nothing is listened to while there is nothing to lock"
    locker.lock()
    assert made.window.isVisible()
    assert not locker.is_locked
    locker.close()
    qtbot.waitUntil(lambda: not made.jobs.busy)
    made.close()


@pytest.mark.parametrize("letter", [Qt.Key.Key_L, ord("Д")])
def test_p12_a_key_locks_over_a_dialog_and_in_the_russian_layout(
    opened: Opened, theme: Theme, locker: Locker, qtbot: QtBot, letter: int
) -> None:
    with qtbot.waitActive(opened.window):
        opened.window.activateWindow()
    Dialog(theme, opened.window, "Вопрос").open()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    press = QKeyEvent(QEvent.Type.KeyPress, int(letter), both, "")
    QApplication.sendEvent(opened.window.windowHandle(), press)
    qtbot.waitUntil(lambda: locker.is_locked)


def test_p12_the_clock_tells_idleness_and_sleep(opened: Opened, qtbot: QtBot) -> None:
    now, told, minutes = [1000.0], [], [15]
    source = sources.ClockSource(lambda: minutes[0], lambda: now[0])
    with qtbot.waitActive(opened.window):
        opened.window.activateWindow()
    source.start(told.append)

    def pass_time(seconds: float, step: float = 5) -> None:
        for _ in range(int(seconds / step)):
            now[0] += step
            source.look()

    pass_time(14 * 60)
    assert told == []
    at = QPointF(5, 5)
    move = QMouseEvent(
        QEvent.Type.MouseMove, at, at, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(opened.window.windowHandle(), move)
    pass_time(14 * 60)
    assert told == []
    pass_time(60)
    assert told == ["idle"]
    minutes[0] = 0
    pass_time(3600)
    assert told == ["idle"]
    pass_time(3600, 3600)
    assert told == ["idle", "asleep"]
    source.stop()
    pass_time(3600, 3600)
    assert told == ["idle", "asleep"]


def test_p12_the_bus_and_windows_speak_of_sleep_and_lock(qtbot: QtBot) -> None:
    told: list[str] = []
    bus = sources.BusSource()
    bus.start(told.append)
    bus.sleeping(False)
    bus.covered(False)
    assert told == []
    bus.sleeping(True)
    bus.locked()
    bus.covered(True)
    assert told == ["asleep", "session", "session"]
    bus.stop()
    assert sources.reason_of_message(0x0218, 4) == "asleep"
    assert sources.reason_of_message(0x02B1, 7) == "session"
    assert sources.reason_of_message(0x02B1, 8) == ""


def test_p12_minutes_are_kept_with_the_laptop(tmp_path: Path, qapp: QApplication) -> None:
    preferences = Preferences(tmp_path / "window.ini")
    assert preferences.lock_after == 15
    preferences.lock_after = 0
    assert Preferences(tmp_path / "window.ini").lock_after == 0


def test_wrong_ones_slow_down_and_a_right_one_begins_anew() -> None:
    now = [0.0]
    patience = Patience(lambda: now[0])
    waits = []
    for _ in range(10):
        patience.failed()
        waits.append(patience.left)
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, LONGEST, LONGEST]
    now[0] = 59.0
    assert patience.left == 1
    patience.fitted()
    assert patience.left == 0


def test_a_wrong_passphrase_counts_down_without_freezing_the_window(
    secret_store: Workspace, theme: Theme, qtbot: QtBot
) -> None:
    now = [0.0]
    keeping = StoreKey(secret_store)
    keeping.lock()
    window = UnlockWindow(theme, "a.krug", keeping.derive, keeping.unlock, Patience(lambda: now[0]))
    qtbot.addWidget(window)
    window.show()
    for _ in range(4):
        now[0] += 60
        window._tick()
        type_into(window, "два", qtbot)
    assert not window.button.isEnabled()
    assert window.button.text() == "Через 2 с"
    window.edit.setText("раз")
    window.try_now()
    assert keeping._workspace.locked
    now[0] += 3
    window._tick()
    with qtbot.waitSignal(window.unlocked):
        window.try_now()
    assert not keeping._workspace.locked
    assert window.edit.text() == ""


def answer(words: str, qtbot: QtBot) -> None:
    """Type into the unlock window that is about to come, None closes it."""
    window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, UnlockWindow) and one.isVisible())
    if words:
        window.edit.setText(words)
        window.try_now()
    else:
        window.close()


def test_p14_a_store_opens_by_its_code_and_giving_up_opens_nothing(
    secret_store: Workspace, theme: Theme, qtbot: QtBot
) -> None:
    path, code = secret_store.path, secret_store.fresh_key(quick("раз")).recovery_code()
    with pytest.raises(StoreHeld):
        ask_secret(theme, path, Patience())
    secret_store.close()
    for words in ("раз", code):
        QTimer.singleShot(0, lambda words=words: answer(words, qtbot))
        secret = ask_secret(theme, path, Patience())
        assert secret is not None
        Workspace.open(path, secret=secret).close()
    QTimer.singleShot(0, lambda: answer("", qtbot))
    with pytest.raises(Cancelled):
        ask_secret(theme, path, Patience())
    assert ask_secret(theme, path.with_name("absent.krug"), Patience()) is None


@pytest.fixture
def desktop(qtbot: QtBot, theme: Theme, clock: Clock) -> Iterator[Desktop]:
    made = Desktop(theme, Preferences(paths.settings_file()), clock)
    yield made
    made.close()


def test_another_community_asks_first_and_giving_up_leaves_the_old_one_open(
    desktop: Desktop, secret_store: Workspace, qtbot: QtBot
) -> None:
    secret_store.close()
    desktop.open(paths.default_store())
    QTimer.singleShot(0, lambda: answer("", qtbot))
    desktop._change_store(secret_store.path)
    assert desktop.opened is not None
    assert desktop.opened.workspace.path == paths.default_store()
    QTimer.singleShot(0, lambda: answer("раз", qtbot))
    desktop._change_store(secret_store.path)
    assert desktop.opened.workspace.path == secret_store.path
    desktop.reopen("en")
    assert desktop.opened.workspace.encrypted
    desktop.lock()
    assert desktop.opened.workspace.locked
    desktop.close()


def test_p13_a_passphrase_is_offered_once_and_chosen_for_nobody(
    workspace: Workspace, theme: Theme, qtbot: QtBot
) -> None:
    made = make_window(workspace, theme)
    made.window.show()
    assert made.window.findChild(OfferDialog) is None
    dialog = offer_passphrase(made, theme)
    assert dialog is not None
    QTest.keyClick(made.window.focusWidget() or made.window, Qt.Key.Key_Return)
    assert dialog.is_open
    assert not workspace.encrypted
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.is_open
    assert offer_passphrase(made, theme) is None
    qtbot.waitUntil(lambda: not made.jobs.busy)
    made.close()


def test_the_demo_is_offered_none(tmp_path: Path, clock: Clock, theme: Theme, qtbot: QtBot) -> None:
    with Workspace.create(tmp_path / "demo.krug", clock, demo=True) as demo:
        made = make_window(demo, theme)
        assert offer_passphrase(made, theme) is None
        qtbot.waitUntil(lambda: not made.jobs.busy)
        made.close()


def test_p13_nobody_is_asked_over_the_first_run_nor_while_typing(
    workspace: Workspace, theme: Theme, qtbot: QtBot
) -> None:
    made = make_window(workspace, theme)
    with qtbot.waitActive(made.window):
        made.window.show()
    timer = offer_when_calm(made, theme)
    timer.setInterval(1)
    timer.start()
    qtbot.waitUntil(lambda: not timer.isActive())
    assert made.window.findChild(OfferDialog) is None
    field = made.window.show_page("settings").findChild(LineEdit)
    field.setFocus()
    made.operations.perform(phrase("Add"), lambda s: makers.person(s, NOON).id)
    qtbot.wait(20)
    assert made.window.findChild(OfferDialog) is None
    made.window.setFocus()
    qtbot.waitUntil(lambda: made.window.findChild(OfferDialog) is not None)
    assert not timer.isActive()
    qtbot.waitUntil(lambda: not made.jobs.busy)
    made.close()


def layer(made: Opened, kind: type) -> Any:
    return next(one for one in made.window.findChildren(kind) if one.is_open)


def test_p14_the_key_changes_only_when_the_code_was_typed_back(
    workspace: Workspace, theme: Theme, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies.make_copy(workspace, "by_hand")
    made = make_window(workspace, theme)
    made.window.show()
    made.window.show_page("settings")
    section = made.window.findChild(PassphraseSection)
    assert section.set_button.isVisibleTo(made.window)
    said: list[str] = []
    made.operations.said.connect(lambda word: said.append(word.what.text()))
    section.set_button.click()
    dialog = layer(made, PassphraseDialog)
    dialog.button.click()
    assert dialog.is_open
    dialog._new.setText("кошка на окне")
    dialog._again.setText("кошка")
    dialog.button.click()
    assert dialog.is_open
    dialog._again.setText("кошка на окне")
    dialog.button.click()
    qtbot.waitUntil(lambda: not dialog.is_open)
    code_dialog = layer(made, CodeDialog)
    sheet = tmp_path / "sheet.pdf"
    monkeypatch.setattr("crm.ui.locking.changing.QFileDialog.getSaveFileName", lambda *_: (str(sheet), ""))
    other = workspace.fresh_key(quick("кошка на крыше")).recovery_code()
    next(button for button in code_dialog.findChildren(type(dialog.button)) if button.text() == "Сохранить PDF").click()
    assert sheet.read_bytes().startswith(b"%PDF")
    code_dialog.accept()
    typing = layer(made, TypeBackDialog)
    assert not typing.button.isEnabled()
    typing.area.set_text(other)
    assert not typing.button.isEnabled()
    assert "не такая" in typing._field.error
    assert not workspace.encrypted
    typing.reject()
    assert not workspace.encrypted
    qtbot.waitUntil(lambda: not made.jobs.busy)
    made.close()


def test_p14_set_changed_and_removed_through_the_dialogs(workspace: Workspace, theme: Theme, qtbot: QtBot) -> None:
    copies.make_copy(workspace, "by_hand")
    made = make_window(workspace, theme)
    made.window.show()
    keeping = StoreKey(workspace)
    changing = Changing(theme, made.window, made.operations, made.jobs, keeping)
    done: list[bool] = []
    changing.changed.connect(lambda: done.append(keeping.encrypted))

    def lead(old: str, new: str) -> None:
        dialog = changing.set_passphrase()
        if old:
            dialog._old.setText("не тот")
            dialog._new.setText(new)
            dialog._again.setText(new)
            dialog.button.click()
            qtbot.waitUntil(lambda: dialog._old_field.error != "")
            dialog._old.setText(old)
        dialog._new.setText(new)
        dialog._again.setText(new)
        dialog.button.click()
        qtbot.waitUntil(lambda: not dialog.is_open)
        shown = layer(made, CodeDialog)
        texts = [label.text() for label in shown.findChildren(Label)]
        groups = [text for text in texts if len(text) == 5 and text.isascii()]
        assert len(groups) == 13
        shown.accept()
        typing = layer(made, TypeBackDialog)
        wrong = list(groups)
        wrong[4] = "00000" if wrong[4] != "00000" else "11111"
        typing.area.set_text(" ".join(wrong[:6]))
        assert typing._field.error == "Группа 5 не такая, как на листе"
        assert not typing.button.isEnabled()
        typing.area.set_text(" ".join(groups[:6]))
        assert typing._field.error == ""
        typing.area.set_text("-".join(groups).lower())
        typing.button.click()
        wanted = len(done) + 1
        qtbot.waitUntil(lambda: len(done) == wanted, timeout=10_000)

    lead("", "раз два три")
    assert done == [True]
    assert workspace.fits(quick("раз два три"))
    lead("раз два три", "четыре пять")
    assert workspace.fits(quick("четыре пять"))
    remove = changing.remove_passphrase()
    remove._edit.setText("раз два три")
    remove.button.click()
    qtbot.waitUntil(lambda: remove._field.error != "")
    assert workspace.encrypted
    remove._edit.setText("четыре пять")
    remove.button.click()
    qtbot.waitUntil(lambda: len(done) == 3, timeout=10_000)
    assert done == [True, True, False]
    assert not workspace.encrypted
    assert not copies.list_copies(copies.folder_of(workspace.path))[0].encrypted
    qtbot.waitUntil(lambda: not made.jobs.busy)
    made.close()


def test_a_hidden_text_tells_its_letters_and_caps_lock(theme: Theme, qtbot: QtBot) -> None:
    edit = PassphraseEdit(theme, "Пароль")
    qtbot.addWidget(edit)
    QTest.keyClick(edit, Qt.Key.Key_A)
    assert edit.remark == "Латинские буквы"
    QTest.keyClick(edit, "A", Qt.KeyboardModifier.NoModifier)
    assert "Caps Lock" in edit.remark
    edit.setText("пароль")
    assert "Русские буквы" in edit.remark
    assert edit.echoMode() == QLineEdit.EchoMode.Password
    edit._eye.click()
    assert edit.shown
    edit.forget()
    assert edit.text() == ""
    assert not edit.isUndoAvailable()


def test_length_makes_strength() -> None:
    words = ("", "кот", "аааааааааааааааа", "кошка на", "кошка на окне", "кошка на окне спит")
    assert [strength_of(word).level for word in words] == [0, 0, 0, 1, 2, 3]


def test_p12_a_watcher_that_was_closed_locks_nothing_later(
    opened: Opened, locker: Locker, source: Fake, qtbot: QtBot
) -> None:
    heed = source.tell
    locker.close()
    heed("idle")
    locker.lock()
    assert not locker.is_locked
    assert not opened.workspace.locked
