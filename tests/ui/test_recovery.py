"""The recovery: what it offers, that the safe default is chosen, and that the window comes back with the data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from crm import clock as clocks
from crm import paths
from crm.app import Desktop, recovering
from crm.clock import Clock
from crm.errors import CrmError
from crm.i18n import phrase
from crm.store import key
from crm.store.copies import folder_of, list_copies, make_copy
from crm.store.errors import StoreDamaged, StoreError, StoreForeign, StoreNewer
from crm.store.key import PAGE, Key, secret_of
from crm.store.workspace import Workspace
from crm.ui.locking.unlock_window import UnlockWindow
from crm.ui.preferences import Preferences
from crm.ui.recovery import words
from crm.ui.recovery.question import CopyQuestion, RescueQuestion
from crm.ui.recovery.rows import CopyChoice, Found, Part, Trouble
from crm.ui.recovery.window import RecoveryWindow
from crm.ui.theme import Theme
from tests.conftest import NOON
from tests.support import makers
from tests.support.vandal import digest


@pytest.fixture
def desktop(qtbot: QtBot, theme: Theme, clock: Clock) -> Iterator[Desktop]:
    made = Desktop(theme, Preferences(paths.settings_file()), clock)
    yield made
    if made.recovery is not None:
        made.recovery.close()
    made.close()


@pytest.fixture
def path(clock: Clock) -> Path:
    """A store of 61 people that does not read in one place; a sound copy of it has 60."""
    target = paths.default_store()
    with Workspace.create(target, clock) as workspace:
        workspace.write(phrase("Add"), lambda s: [makers.person(s, NOON, f"Ф{n}").id for n in range(60)])
        make_copy(workspace, "by_hand")
    with Workspace.open(target, clocks.fixed(NOON + timedelta(minutes=9))) as workspace:
        workspace.write(phrase("Add"), lambda s: makers.person(s, NOON, "Новый").id)
        root = workspace.read(
            lambda s: s.execute(text("SELECT rootpage FROM sqlite_schema WHERE name = 'name_word'")).scalar_one()
        )
    content = bytearray(target.read_bytes())
    content[(root - 1) * PAGE : root * PAGE] = b"\xff" * PAGE
    target.write_bytes(content)
    return target


def refusal(desktop: Desktop, path: Path) -> StoreError:
    with pytest.raises(StoreError) as refused:
        desktop.open(path)
    return refused.value


def recovered(desktop: Desktop, path: Path, qtbot: QtBot) -> RecoveryWindow:
    assert desktop.recover(path, refusal(desktop, path))
    window = desktop.recovery
    assert isinstance(window, RecoveryWindow)
    assert isinstance(window.question, CopyQuestion)
    return window


def people(desktop: Desktop) -> int:
    opened = desktop.opened
    assert opened is not None
    return opened.workspace.read(lambda s: int(s.execute(text("SELECT count(*) FROM person")).scalar_one()))


def said(window: RecoveryWindow) -> str:
    return " ".join(label.text() for label in window.findChildren(QLabel))


def test_p04_the_newest_sound_copy_is_chosen_and_comes_back_with_enter(
    desktop: Desktop, path: Path, qtbot: QtBot
) -> None:
    before = digest(path)
    window = recovered(desktop, path, qtbot)
    assert "База повреждена, но данные целы в копии" in said(window)
    assert digest(path) == before
    question = window.question
    assert isinstance(question, CopyQuestion)
    assert question.chosen == str(list_copies(folder_of(path))[0].path)
    told = "60 человек · 0 событий · без последнего 1 изменения. проверена"
    qtbot.waitUntil(lambda: told in question._cards[question.chosen].accessibleName())
    QTest.keyClick(question._cards[question.chosen], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desktop.opened is not None, timeout=20_000)
    assert people(desktop) == 60
    assert desktop.recovery is None
    kept = [file for file in folder_of(path).iterdir() if ".damaged-" in file.name]
    assert [digest(file) for file in kept] == [before]


def test_p04_what_reads_is_saved_shown_with_numbers_and_opened(desktop: Desktop, path: Path, qtbot: QtBot) -> None:
    before = digest(path)
    window = recovered(desktop, path, qtbot)
    assert isinstance(window.question, CopyQuestion)
    window.question.rescue.emit()
    qtbot.waitUntil(lambda: isinstance(window.question, RescueQuestion), timeout=20_000)
    assert "61 человек" in said(window)
    assert digest(path) == before
    question = window.question
    assert isinstance(question, RescueQuestion)
    question.taken.emit()
    qtbot.waitUntil(lambda: desktop.opened is not None, timeout=20_000)
    assert people(desktop) == 61
    assert not list(path.parent.glob("*.rescued-*"))
    assert any(digest(file) == before for file in folder_of(path).iterdir())


def test_p04_to_leave_it_changes_nothing_and_opens_nothing(desktop: Desktop, path: Path, qtbot: QtBot) -> None:
    before = digest(path)
    window = recovered(desktop, path, qtbot)
    assert window.question is not None
    QTest.keyClick(window.question, Qt.Key.Key_Escape)
    assert window.question.is_open
    window.question.reject()
    assert desktop.recovery is None
    assert desktop.opened is None
    assert digest(path) == before


def test_p04_another_community_that_does_not_open_gives_the_first_one_back(
    desktop: Desktop, path: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.krug"
    desktop.open(mine)
    desktop._change_store(path)
    window = desktop.recovery
    assert isinstance(window, RecoveryWindow)
    assert desktop.opened is None
    assert window.question is not None
    window.question.reject()
    assert desktop.opened is not None
    assert desktop.opened.workspace.path == mine


def test_p08_a_newer_store_is_only_named(desktop: Desktop, path: Path) -> None:
    assert not recovering.helps(path, StoreNewer(path=str(path), found=9, known=1))
    assert not recovering.helps(path.with_name("none.txt"), StoreForeign(path="none.txt"))
    assert recovering.helps(path, StoreForeign(path=str(path)))
    assert recovering.helps(path, StoreDamaged(path=str(path)))


class Shelf:
    """Copies without files."""

    def __init__(self, kind: str, *choices: CopyChoice) -> None:
        self.trouble = Trouble(kind, Path("community.krug"), "…")  # type: ignore[arg-type]  # one of its three words
        self.choices = choices
        self.brought: list[str] = []

    def copies(self) -> tuple[CopyChoice, ...]:
        return self.choices

    def add(self, file: Path) -> CopyChoice:
        raise StoreForeign(path=str(file))

    def count_deeds(self, report: object) -> None:
        self.choices = tuple(choice for choice in self.choices)

    def check(self, key: str, report: object) -> CopyChoice:
        return next(choice for choice in self.choices if choice.key == key)

    def bring_back(self, key: str, report: object) -> None:
        self.brought.append(key)

    def rescue(self, report: object) -> Found:
        raise CrmError

    def use(self, found: Found, report: object) -> None:
        raise CrmError

    def forget(self, found: Found) -> None:
        raise CrmError


def copy(key: str, verdict: str = "sound", minutes: int = 38, deeds: int | None = None) -> CopyChoice:
    away = timedelta(minutes=minutes)
    return CopyChoice(key, NOON - away, 1284, 96, 48_200_000, verdict, away, deeds)  # type: ignore[arg-type]  # as above


def shown(qtbot: QtBot, theme: Theme, shelf: Shelf) -> CopyQuestion:
    window = RecoveryWindow(theme, shelf, NOON.date())
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    qtbot.waitUntil(lambda: not window._jobs.busy)
    assert isinstance(window.question, CopyQuestion)
    return window.question


def test_a_damaged_copy_is_never_chosen(qtbot: QtBot, theme: Theme) -> None:
    assert shown(qtbot, theme, Shelf("damaged", copy("a", "damaged"), copy("b"))).chosen == "b"
    assert shown(qtbot, theme, Shelf("damaged", copy("a", "unchecked"), copy("b"))).chosen == "b"
    assert shown(qtbot, theme, Shelf("damaged", copy("a", "unchecked"))).chosen == "a"
    assert shown(qtbot, theme, Shelf("damaged", copy("a", "damaged"))).chosen == ""


def test_with_no_copy_what_reads_is_the_way_on_and_of_an_empty_file_there_is_none(qtbot: QtBot, theme: Theme) -> None:
    question = shown(qtbot, theme, Shelf("damaged"))
    with qtbot.waitSignal(question.rescue):
        question._back.click()
    question = shown(qtbot, theme, Shelf("empty"))
    assert question._back.isHidden()
    assert question._rescue.isHidden()


def test_a_copy_that_is_refused_says_why(qtbot: QtBot, theme: Theme) -> None:
    question = shown(qtbot, theme, Shelf("damaged", copy("a")))
    window = question.window()
    assert isinstance(window, RecoveryWindow)
    window.add(Path("/x/notes.txt"))
    assert "/x/notes.txt" in question.error


@pytest.mark.parametrize(
    ("choice", "lacks"),
    [
        (copy("a", deeds=8), "без последних 8 изменений"),
        (copy("a", deeds=1), "без последнего 1 изменения"),
        (copy("a", deeds=0), "без потерь"),
        (copy("a", minutes=38), "без последних 38 минут"),
        (copy("a", minutes=61), "без последнего 1 часа"),
        (copy("a", minutes=60 * 24 * 5), "без последних 5 дней"),
        (copy("a", minutes=0), ""),
    ],
)
def test_what_a_copy_lacks_is_told_in_deeds_or_in_time(choice: CopyChoice, lacks: str) -> None:
    assert words.lacks(choice) == lacks


def test_what_was_rescued_is_told_kind_by_kind_the_lossy_ones_first() -> None:
    parts = (Part("person", 9, 0), Part("attendance", 90, 3), Part("tag", 2, 0), Part("gift", 0, None))
    assert words.lines(Found("x", 9, 1, parts)) == [
        ("Участия", "90", "потеряно 3"),
        ("Остальное", "2", "сколько потеряно, неизвестно"),
        ("Люди", "9", "полностью"),
    ]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The half second of Argon2id is proved elsewhere."""
    monkeypatch.setattr(
        key, "from_passphrase", lambda words: lambda salt: Key(words.encode()[:32].ljust(32, b"."), salt)
    )


@pytest.fixture
def shut(quick: None, clock: Clock) -> Path:
    """An encrypted store whose first page does not read,, with a copy of one person."""
    target = paths.default_store()
    with Workspace.create(target, clock, secret=secret_of("раз")) as workspace:
        workspace.write(phrase("Add"), lambda s: makers.person(s, NOON, "Иванов").id)
        make_copy(workspace, "by_hand")
    with Workspace.open(target, clocks.fixed(NOON + timedelta(minutes=9)), secret_of("раз")) as workspace:
        workspace.write(phrase("Add"), lambda s: makers.person(s, NOON, "Петров").id)
    content = bytearray(target.read_bytes())
    content[100:200] = b"\xff" * 100
    target.write_bytes(content)
    return target


def doubted(desktop: Desktop, path: Path, words: str, qtbot: QtBot) -> RecoveryWindow:
    """Type `words`, see them refused, and go to the copies as who is sure of them."""

    def doubt(window: UnlockWindow) -> None:
        assert window.doubt.isHidden()
        window.edit.setText(words)
        window.try_now()
        qtbot.waitUntil(lambda: not window.doubt.isHidden())
        assert "Не подошёл" in window.error
        QTest.mouseClick(window.doubt, Qt.MouseButton.LeftButton)

    before = digest(path)
    waiting(UnlockWindow, doubt)
    error = refusal(desktop, path)
    assert error.code == "store_doubted"
    assert desktop.recover(path, error)
    assert digest(path) == before
    assert isinstance(desktop.recovery, RecoveryWindow)
    return desktop.recovery


def waiting(kind: type[UnlockWindow], do: Callable[[UnlockWindow], object]) -> None:
    """Do it with the next window of that kind as soon as it is there."""
    old = QApplication.topLevelWidgets()

    def look() -> None:
        found = [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one not in old]
        found = [one for one in found if one.isVisible()]
        if found:
            do(found[0])
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)


def test_p04_a_damaged_first_page_looks_like_a_wrong_passphrase_and_its_copies_are_reached(
    desktop: Desktop, shut: Path, qtbot: QtBot
) -> None:
    before = digest(shut)
    window = doubted(desktop, shut, "раз", qtbot)
    question = window.question
    assert isinstance(question, CopyQuestion)
    qtbot.waitUntil(lambda: "Пароль верный: база повреждена, но данные целы в копии" in said(window))
    assert digest(shut) == before
    assert question._rescue.isHidden()
    question.bring_back.emit(question.chosen)
    qtbot.waitUntil(lambda: desktop.opened is not None, timeout=20_000)
    assert people(desktop) == 1
    assert desktop.opened is not None
    assert desktop.opened.workspace.encrypted
    kept = [file for file in folder_of(shut).iterdir() if ".unopened-" in file.name]
    assert [digest(file) for file in kept] == [before]


def test_p04_a_wrong_passphrase_opens_no_copy_condemns_none_and_can_be_typed_again(
    desktop: Desktop, shut: Path, qtbot: QtBot
) -> None:
    (copy,) = list_copies(folder_of(shut))
    before = digest(shut)
    window = doubted(desktop, shut, "два", qtbot)
    question = window.question
    assert isinstance(question, CopyQuestion)
    qtbot.waitUntil(lambda: "другой пароль" in question._cards[str(copy.path)].accessibleName())
    assert question.chosen == ""
    assert question._back.isHidden()
    assert "База не открылась этим паролем" in said(window)
    assert list_copies(folder_of(shut)) == (copy,)
    waiting(UnlockWindow, lambda again: again.close())
    question._leave.click()
    qtbot.waitUntil(lambda: desktop.recovery is None)
    assert desktop.opened is None
    assert digest(shut) == before


def test_p04_where_the_file_no_longer_tells_of_its_passphrase_the_copies_ask_for_it(
    desktop: Desktop, shut: Path, qtbot: QtBot
) -> None:
    content = shut.read_bytes()
    shut.write_bytes(bytes(PAGE) + content[PAGE:])

    def enter(window: UnlockWindow) -> None:
        window.edit.setText("раз")
        window.try_now()

    error = refusal(desktop, shut)
    waiting(UnlockWindow, enter)
    assert desktop.recover(shut, error)
    window = desktop.recovery
    assert isinstance(window, RecoveryWindow)
    question = window.question
    assert isinstance(question, CopyQuestion)
    question.bring_back.emit(question.chosen)
    qtbot.waitUntil(lambda: desktop.opened is not None, timeout=20_000)
    assert people(desktop) == 1
    assert desktop.opened is not None
    assert desktop.opened.workspace.encrypted
