"""Who fits, asked of the worker while one edits: the newest question is answered, older answers are dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from crm.errors import Cancelled
from crm.i18n import phrase
from crm.services import segments
from crm.services.rules import InvalidRule
from crm.services.segment_rows import Matching, SegmentCard, SegmentUnknown
from crm.ui.jobs import Job, Jobs, Report
from crm.ui.operations import Operations
from crm.ui.segments.segment_list import Key

FIRST: Final = 50
COUNT_AFTER: Final = 90
"""Milliseconds without an edit until the count follows."""

Question = tuple[SegmentCard, dict[str, Any]]


class Counting(QObject):
    """`found` brings the count with the first people, `completed` everyone where there are more, `refused` a sentence;
    `counted` the counts of the whole list."""

    found = Signal(object)
    completed = Signal(object)
    refused = Signal(str)
    counted = Signal(object)

    def __init__(self, operations: Operations, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._operations, self._jobs = operations, jobs
        self._asked = 0
        self._next: Question | None = None
        self._listing: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COUNT_AFTER)
        self._timer.timeout.connect(self._go)

    def ask(self, card: SegmentCard, rule: dict[str, Any], *, at_once: bool = False) -> None:
        """Count this; `at_once` does not wait for another edit."""
        self._asked += 1
        self._next = (card, rule)
        if at_once:
            self._timer.stop()
            self._go()
        else:
            self._timer.start()

    @property
    def waiting(self) -> bool:
        """An edit was made and its count is yet to be asked for."""
        return self._timer.isActive()

    def forget(self) -> None:
        """Whatever was asked is of no use any more."""
        self._asked += 1
        self._timer.stop()

    def everyone(self, card: SegmentCard, rule: dict[str, Any]) -> list[int]:
        """All who fit, now: for a deed that cannot wait for the worker."""
        return self._operations.read(lambda session: _everyone(session, card, rule, self._operations))

    def count_list(self, keys: Sequence[Key]) -> None:
        """Count every segment of the list."""
        operations = self._operations

        def work(report: Report) -> dict[Key, tuple[int | None, str]]:
            counts: dict[Key, tuple[int | None, str]] = {}
            for place, key in enumerate(keys):
                report(place, len(keys))
                answer = operations.read(lambda session, key=key: _count(session, key, operations))  # type: ignore[misc]
                if answer is not None:
                    counts[key] = answer
            return counts

        if self._listing is not None:
            self._listing.cancel()
        self._listing = self._jobs.start(
            phrase("Counting segments"), work, self.counted.emit, _unless_cancelled, quiet=True
        )

    def _go(self) -> None:
        if self._next is None:
            return
        (card, rule), asked, operations = self._next, self._asked, self._operations

        def first(_: Report) -> Matching:
            return operations.read(lambda session: _first(session, card, rule, operations))

        def rest(_: Report) -> list[int]:
            return operations.read(lambda session: _everyone(session, card, rule, operations))

        def shown(matching: Matching) -> None:
            if asked == self._asked:
                self.found.emit(matching)
                if matching.count > len(matching.first):
                    self._jobs.start(phrase("Counting segments"), rest, completed, failed, quiet=True)

        def completed(ids: list[int]) -> None:
            if asked == self._asked:
                self.completed.emit(ids)

        def failed(error: BaseException) -> None:
            if isinstance(error, InvalidRule | SegmentUnknown):
                if asked == self._asked:
                    self.refused.emit(error.text())
            else:
                _unless_cancelled(error)

        self._jobs.start(phrase("Counting segments"), first, shown, failed, quiet=True)


def _first(session: Any, card: SegmentCard, rule: dict[str, Any], operations: Operations) -> Matching:
    if card.kind == "frozen" and card.id is not None:
        return segments.first_members(session, card.id, operations.clock, FIRST)
    return segments.first_people(session, rule, operations.clock, FIRST, segment_id=card.id)


def _everyone(session: Any, card: SegmentCard, rule: dict[str, Any], operations: Operations) -> list[int]:
    if card.kind == "frozen" and card.id is not None:
        return segments.members(session, card.id, operations.clock)
    return segments.matching_ids(session, rule, operations.clock, segment_id=card.id)


def _count(session: Any, key: Key, operations: Operations) -> tuple[int | None, str] | None:
    try:
        return segments.count_segment(session, key, operations.clock), ""
    except InvalidRule as error:
        return None, error.text()
    except SegmentUnknown:
        return None


def _unless_cancelled(error: BaseException) -> None:
    if not isinstance(error, Cancelled):
        raise error
