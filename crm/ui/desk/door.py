"""The desk's memory and hands: the list held in memory, every act a deed of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from crm.errors import CrmError
from crm.i18n import phrase
from crm.services import desk
from crm.services.desk_index import DeskIndex
from crm.services.desk_reading import in_community, load_desk
from crm.services.desk_rows import Arrival, CheckIn, Counters, Guest
from crm.ui.operations import Operations

_TABLES: Final = frozenset(("attendance", "event", "person", "organisation", "contact_point"))


class Door(QObject):
    """One desk at one event. Its list follows every deed: its own at once, others by reading anew.

    `reloaded` says that the list was read anew; `failed` carries a CrmError: nothing was recorded.
    """

    reloaded = Signal()
    failed = Signal(object)

    def __init__(self, operations: Operations, event_id: int, device: str = "1") -> None:
        super().__init__()
        self._operations = operations
        self._device = device
        self._acting = False
        self._seen = True
        self._stale = False
        self.event_id = event_id
        self.index = operations.read(lambda session: DeskIndex(load_desk(session, event_id)))
        operations.changed.connect(self._follow)

    @property
    def zone(self) -> str:
        """The zone of the event."""
        return self.index.event.zone

    def now(self) -> datetime:
        """The present moment, UTC."""
        return self._operations.clock()

    def counters(self) -> Counters:
        """What the desk shows of itself now."""
        return self.index.counters(self.now())

    def community(self, text: str, limit: int = 9) -> list[Arrival]:
        """People of the whole community whom `text` finds and who are not on the list."""
        return self._operations.read(lambda session: in_community(session, self.event_id, text, limit))

    def open(self) -> None:
        """Begin letting people in, if nobody has yet."""
        from crm.services.events import open_event

        if self.index.event.status == "planned":
            self._operations.perform(
                phrase("Opened the desk at «{event}»", event=self.index.event.title),
                lambda session: open_event(session, self.event_id, self._operations.clock),
                quiet=True,
            )

    def arrive(
        self, who: str | Arrival, *, admit: bool = False, late: bool = False, over: bool = True
    ) -> CheckIn | None:
        """Let in whom a text or a choice means; None where nothing could be recorded."""
        if isinstance(who, Arrival):
            label = phrase("Checked in {name}", name=who.name)
            target: str | int = who.attendance_id or 0
        else:
            label = phrase("Check-in at «{event}»", event=self.index.event.title)
            target = who
        return self._act(
            label,
            lambda session: desk.check_in(
                session,
                self.event_id,
                target,
                self._operations.clock,
                device=self._device,
                admit=admit,
                late=late,
                allow_over_capacity=over,
                index=self.index,
            ),
        )

    def arrive_guest(self, guest: Guest, *, name: str = "", over: bool = False) -> CheckIn | None:
        """Let in somebody who is not on the list; None where nothing could be recorded."""
        return self._act(
            phrase("Checked in {name}", name=name or guest.name),
            lambda session: desk.check_in_guest(
                session,
                self.event_id,
                guest,
                self._operations.clock,
                device=self._device,
                allow_over_capacity=over,
            ),
        )

    def take_back(self, person: Arrival) -> CheckIn | None:
        """Take an arrival back; None where nothing could be recorded."""
        return self._act(
            phrase("Took back the check-in of {name}", name=person.name),
            lambda session: desk.undo_check_in(
                session, self.event_id, person.attendance_id, self._operations.clock, device=self._device
            ),
        )

    def _act(self, label: Any, verb: Any) -> CheckIn | None:
        self._acting = True
        try:
            check: CheckIn = self._operations.write(label, verb).value
        except CrmError as error:
            self.reload()
            self.failed.emit(error)
            return None
        finally:
            self._acting = False
        self._keep(check)
        return check

    def _keep(self, check: CheckIn) -> None:
        if check.person is not None and check.recorded:
            if check.person.attendance_id is None:
                self.index.drop(check.person.person_id)
            else:
                self.index.put(check.person)
        if not check.bounce:
            self.index.last_scan_at = self.now()

    def reload(self) -> None:
        """Read the whole list anew."""
        self._stale = False
        self.index = self._operations.read(lambda session: DeskIndex(load_desk(session, self.event_id)))

    def watch(self, *, seen: bool) -> None:
        """Follow other people's deeds while the desk is seen; catch up when it is seen again."""
        self._seen = seen
        if seen and self._stale:
            self._catch_up()

    def _follow(self, tables: frozenset[str]) -> None:
        if self._acting or not tables & _TABLES:
            return
        self._stale = True
        if self._seen:
            self._catch_up()

    def _catch_up(self) -> None:
        try:
            self.reload()
        except CrmError as error:
            self.failed.emit(error)
            return
        self.reloaded.emit()
