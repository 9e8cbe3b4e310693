"""The desk's screen, driven by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from crm.i18n import phrase
from crm.models import Attendance, Event, Person, Scan
from crm.services import attendance, events
from crm.services.event_rows import EventDraft
from crm.services.people_editing import ContactDraft, PersonDraft, add_person
from crm.store.workspace import Workspace
from crm.ui.desk.page import DeskPage
from crm.ui.operations import Operations
from crm.ui.theme import Theme

PEOPLE = (
    ("Тёмкина", "Ольга", "Берёзка Ритейл", "female"),
    ("Щукин", "Фёдор", "Ладога Банк", "male"),
    ("Фёдорова", "Мария", "Южный Порт", "female"),
    ("Гаджиева", "Марьям", "Берёзка Ритейл", "female"),
    ("Новиков", "Павел", "Мосметрика", "male"),
    ("Новиков", "Павел", "Южный Порт", "male"),
)


class Desk:
    """A desk on the screen and the keyboard before it."""

    def __init__(self, workspace: Workspace, page: DeskPage, event: int, rows: list[int], now: list[datetime]) -> None:
        self.workspace, self.page, self.event, self.rows, self.now = workspace, page, event, rows, now

    def type(self, text: str) -> None:
        for char in text:
            self._send(ord(char.upper()), Qt.KeyboardModifier.NoModifier, char)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self._send(int(key), modifier, "\r" if key == Qt.Key.Key_Return else "")

    def enter(self, text: str) -> None:
        self.type(text)
        self.press(Qt.Key.Key_Return)

    def _send(self, key: int, modifier: Qt.KeyboardModifier, text: str) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            target = QApplication.focusWidget()
            assert target is not None
            assert self.page.isAncestorOf(target)
            QApplication.sendEvent(target, QKeyEvent(kind, key, modifier, text))
        QApplication.processEvents()

    def status(self, row: int) -> str | None:
        return self.workspace.read(lambda s: s.scalar(select(Attendance.status).where(Attendance.id == row)))

    def code(self, row: int) -> str:
        return self.workspace.read(
            lambda s: s.scalars(select(Attendance.ticket_code).where(Attendance.id == row)).one()
        )

    def scans(self) -> list[str]:
        return self.workspace.read(lambda s: list(s.scalars(select(Scan.result).order_by(Scan.id))))

    @property
    def text(self) -> str:
        return self.page.field.edit.text()

    @property
    def said(self) -> tuple[str, str, str]:
        said = self.page.banner.said
        return said.look, said.title, said.name


@pytest.fixture
def desk(qtbot, tmp_path, theme) -> Desk:
    now = [datetime.fromisoformat("2026-11-12T15:30:00+00:00")]
    clock: Callable[[], datetime] = lambda: now[0]  # noqa: E731
    workspace = Workspace.create(tmp_path / "community.krug", clock)

    def fill(session):
        starts = datetime.combine(date(2026, 11, 12), time(18, 30))
        event = events.add_event(
            session, EventDraft("Вечер", starts, starts + timedelta(hours=2), "Europe/Moscow", capacity=7), clock
        )
        ids = []
        for number, (family, given, organisation, gender) in enumerate(PEOPLE):
            contacts = (ContactDraft("phone", f"+7900000000{number}"),)
            draft = PersonDraft(
                family_name=family, given_name=given, organisation=organisation, gender=gender, contacts=contacts
            )
            ids.append(add_person(session, draft, clock))
        return event, [attendance.add_attendee(session, event, who, clock) for who in ids]

    event, rows = workspace.write(phrase("Test"), fill).value
    page = DeskPage(Operations(workspace), theme, event)
    qtbot.addWidget(page)
    page.resize(1366, 768)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    page.field.edit.setFocus()
    yield Desk(workspace, page, event, rows, now)
    workspace.close()


def test_a_code_and_enter_turn_green_and_the_field_is_empty_again(desk):
    desk.enter(desk.code(desk.rows[0]))
    assert desk.said == ("ok", "Добро пожаловать", "Ольга Тёмкина")
    assert desk.status(desk.rows[0]) == "attended"
    assert desk.text == ""


def test_two_letters_an_arrow_and_enter_let_the_chosen_one_in(desk):
    desk.type("фё")
    assert len(desk.page.list.rows) == 2
    assert desk.page.list.current is None, "nobody is chosen among several"
    desk.press(Qt.Key.Key_Down)
    chosen = desk.page.list.current
    desk.press(Qt.Key.Key_Return)
    assert desk.said[::2] == ("ok", chosen.name)
    assert desk.status(chosen.attendance_id) == "attended"


def test_letters_that_leave_one_person_and_enter_let_that_person_in(desk):
    desk.enter("га")
    assert desk.said == ("ok", "Добро пожаловать", "Марьям Гаджиева")


def test_the_other_keyboard_layout_works_as_well(desk):
    desk.enter("ntv")
    assert desk.said[2] == "Ольга Тёмкина"


def test_enter_among_namesakes_takes_nobody_and_shows_what_tells_them_apart(desk):
    desk.enter("новиков")
    assert desk.scans() == []
    assert desk.page.state == "matches"
    details = [row.detail for row in desk.page.list.rows]
    assert len(set(details)) == 2
    assert "0004" in details[0]
    desk.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert desk.said[0] == "ok"


def test_the_second_scan_is_amber_and_says_since_when(desk):
    code = desk.code(desk.rows[0])
    desk.enter(code)
    desk.now[0] += timedelta(minutes=2)
    desk.enter(code)
    assert desk.said == ("warn", "Уже отмечена в\N{NO-BREAK SPACE}18:30", "Ольга Тёмкина")
    assert desk.scans() == ["ok", "already"]


def test_the_echo_of_a_scanner_leaves_the_green_standing(desk):
    code = desk.code(desk.rows[0])
    desk.enter(code)
    desk.now[0] += timedelta(seconds=1)
    desk.enter(code)
    assert desk.said[0] == "ok"
    assert desk.scans() == ["ok"]


def test_ctrl_z_takes_the_last_arrival_back_and_writes_it_down(desk):
    desk.enter("га")
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.said == ("quiet", "Отметка снята", "Марьям Гаджиева")
    assert desk.status(desk.rows[3]) == "registered"
    assert desk.scans() == ["ok", "undone"]


def test_ctrl_z_works_in_the_russian_layout_too(desk):
    desk.enter("га")
    desk.press(Qt.Key(ord("Я")), Qt.KeyboardModifier.ControlModifier)
    assert desk.status(desk.rows[3]) == "registered"


def test_an_unknown_name_becomes_a_guest_by_enter_alone(desk):
    desk.enter("семёнова анна")
    assert desk.said[:2] == ("warn", "Пока нет в\N{NO-BREAK SPACE}списке")
    desk.press(Qt.Key.Key_Return)
    assert desk.page.state == "guest"
    assert desk.page.guest_form.name.text() == "Семёнова Анна"
    desk.press(Qt.Key.Key_Return)
    assert desk.said == ("ok", "Добро пожаловать", "Анна Семёнова")
    assert desk.page.door.counters().walk_ins == 1
    desk.enter("га")
    assert desk.said[2] == "Марьям Гаджиева", "the field has the focus again"


def test_a_scan_after_an_unknown_name_is_read_as_a_scan(desk):
    desk.enter("семёнова")
    desk.enter(desk.code(desk.rows[0]))
    assert desk.said == ("ok", "Добро пожаловать", "Ольга Тёмкина")


def test_a_scan_while_a_colleague_is_chosen_lets_the_holder_of_the_ticket_in(desk):
    desk.enter("тём")
    desk.press(Qt.Key.Key_Down)
    desk.enter(desk.code(desk.rows[1]))
    assert desk.said[2] == "Фёдор Щукин"
    assert desk.status(desk.rows[3]) == "registered"


def test_a_name_typed_while_a_colleague_is_chosen_means_that_name(desk):
    desk.enter("тём")
    desk.press(Qt.Key.Key_Down)
    desk.enter("щук")
    assert desk.said[2] == "Фёдор Щукин"


def test_a_second_enter_of_a_scanner_does_nothing(desk):
    desk.enter(desk.code(desk.rows[0]))
    desk.press(Qt.Key.Key_Return)
    assert desk.scans() == ["ok"]


def test_a_full_house_asks_before_a_guest_comes_in(desk):
    desk.workspace.write(phrase("Test"), lambda s: setattr(s.get(Event, desk.event), "capacity", 6))
    desk.page.open_guest()
    desk.enter("Анна Новая")
    assert desk.said[:2] == ("warn", "Мест не осталось")
    assert desk.page.door.counters().walk_ins == 0
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.said[0] == "ok"
    assert desk.page.door.counters().walk_ins == 1


@pytest.mark.parametrize("status", ["cancelled", "waitlisted", "pending"])
def test_a_refused_place_is_amber_until_ctrl_enter_gives_it_back(desk, status):
    row = desk.rows[0]
    desk.workspace.write(phrase("Test"), lambda s: setattr(s.get(Attendance, row), "status", status))
    desk.enter("тём")
    assert desk.said[0] == "warn"
    assert desk.status(row) == status
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.said[0] == "ok"
    assert desk.status(row) == "attended"


def test_a_closed_door_shows_a_ticket_and_no_name(desk):
    who = desk.page.door.index.by_attendance(desk.rows[0])
    desk.workspace.write(phrase("Test"), lambda s: setattr(s.get(Person, who.person_id), "blocked", True))
    desk.enter(desk.code(desk.rows[0]))
    look, title, name = desk.said
    assert (look, title, name) == ("bad", "Вход закрыт", "Позовите организатора")
    assert "Тёмкина" not in desk.page.banner.accessibleName() + desk.page.banner.said.detail
    assert desk.page.banner.said.detail == f"Билет {desk.code(desk.rows[0])[-4:]}"


def test_after_a_welcome_colleagues_come_in_by_arrow_and_enter(desk):
    desk.enter("тём")
    assert [row.arrival.name for row in desk.page.list.rows] == ["Марьям Гаджиева"]
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Return)
    assert desk.said[2] == "Марьям Гаджиева"


def test_escape_clears_and_never_leaves_the_desk(desk, qtbot):
    desk.type("фё")
    with qtbot.assertNotEmitted(desk.page.folded):
        desk.press(Qt.Key.Key_Escape)
        desk.press(Qt.Key.Key_Escape)
    assert (desk.text, desk.page.state) == ("", "idle")


def test_ctrl_w_puts_the_desk_away(desk, qtbot):
    with qtbot.waitSignal(desk.page.folded):
        desk.press(Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)


def test_typing_goes_to_the_field_wherever_the_focus_is(desk):
    desk.page.side.guest.setFocus()
    desk.type("га")
    assert desk.text == "га"
    assert desk.page.field.edit.hasFocus()


def test_hidden_data_shows_initials_and_tickets_only(desk):
    desk.press(Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    desk.enter("тём")
    shown = " ".join(desk.said) + desk.page.banner.said.detail
    assert "Тёмкина" not in shown
    assert "Берёзка" not in shown
    assert "О. Т." in shown


def test_the_community_is_searched_by_a_key_and_its_people_come_in_as_guests(desk):
    desk.workspace.write(
        phrase("Test"),
        lambda s: add_person(s, PersonDraft(family_name="Коваль", given_name="Илья"), lambda: desk.now[0]),
    )
    desk.type("кова")
    desk.press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Return)
    assert desk.said[::2] == ("ok", "Илья Коваль")
    people = desk.workspace.read(lambda s: s.scalar(select(func.count()).select_from(Person)))
    assert people == len(PEOPLE) + 1


def test_a_change_made_elsewhere_is_seen_at_once(desk):
    row = desk.rows[0]
    desk.workspace.write(phrase("Test"), lambda s: attendance.mark_came(s, row, desk.now[0]))
    assert desk.page.door.counters().came == 1
    desk.type("тём")
    assert desk.page.list.rows[0].status.startswith("Здесь с")


def test_markup_in_a_name_is_shown_as_it_is(desk):
    desk.page.open_guest()
    desk.enter("<b>Анна</b> <img src=x>")
    assert desk.said[0] == "ok"
    assert "<b>" in desk.said[2]


def test_the_desk_opens_the_event_and_reopens_with_the_same_counters(desk, qtbot):
    desk.enter("тём")
    again = DeskPage(Operations(desk.workspace), Theme("dark"), desk.event)
    qtbot.addWidget(again)
    assert again.door.counters() == desk.page.door.counters()
    assert again.door.index.event.status == "open"


@pytest.mark.parametrize("size", [(900, 600), (1366, 768), (1920, 1080)])
def test_nothing_is_wider_than_the_window(desk, size):
    desk.page.resize(*size)
    desk.enter("тём")
    QApplication.processEvents()
    assert desk.page.width() == size[0]
    assert desk.page.banner.height() >= 150
    assert desk.page.list.geometry().bottom() <= desk.page.height()


def test_a_long_name_shrinks_before_it_is_cut(desk):
    desk.page.open_guest()
    desk.enter("Константин Константинопольский-Новорождественский")
    banner = desk.page.banner
    font, shown = banner._fitted(banner.said.name, 42, 22, 600, -0.8, 700)
    assert shown == banner.said.name
    assert 22 <= font.pixelSize() < 42
    font, shown = banner._fitted(banner.said.name, 42, 22, 600, -0.8, 200)
    assert font.pixelSize() == 22
    assert shown.endswith("…")
