"""Making a report: what was chosen, and the way from the store to a file. Runs on the worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from crm import i18n
from crm.export.pdf.month import write_month
from crm.export.pdf.register import write_register
from crm.services import reports, segments
from crm.services.report_contents import MonthReport
from crm.services.reports import Sections
from crm.ui.operations import Operations


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything a report depends on. `segment_id` None: the whole community."""

    kind: str
    month: date
    segment_id: int | None = None
    compare_months: int = 1
    comment: str = ""
    sections: Sections = field(default_factory=Sections)
    hide_names: bool = False
    language: str = "ru"
    event_id: int | None = None
    signatures: bool = False

    @property
    def is_whole(self) -> bool:
        """Nothing it needs is missing."""
        return self.kind != reports.REGISTER or self.event_id is not None

    def for_the_record(self) -> dict[str, Any]:
        """What is noted of a report that was saved."""
        if self.kind == reports.REGISTER:
            return {"event": self.event_id, "language": self.language}
        return {
            "month": self.month.isoformat(),
            "segment": self.segment_id,
            "hide_names": self.hide_names,
            "language": self.language,
        }


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was written."""

    choice: Choice
    file: Path
    title: str
    pages: int


def make(operations: Operations, choice: Choice, target: Path) -> Made:
    """Write the report to `target`. Raises NotWritten, EventNotFound, SegmentUnknown."""
    clock = operations.clock
    with i18n.using(choice.language):
        if choice.kind == reports.REGISTER:
            event_id = choice.event_id or 0
            sheet = operations.read(
                lambda session: reports.register_sheet(
                    session, event_id, clock, language=choice.language, signatures=choice.signatures
                )
            )
            return Made(choice, target, sheet.title, write_register(sheet, target))

        def read(session: Any) -> MonthReport:
            people = None if choice.segment_id is None else segments.members(session, choice.segment_id, clock)
            return reports.month_report(
                session,
                choice.month,
                clock,
                people=people,
                comment=choice.comment,
                hide_names=choice.hide_names,
                language=choice.language,
                sections=choice.sections,
                compare_months=choice.compare_months,
            )

        contents = operations.read(read)
        return Made(choice, target, contents.title, write_month(contents, target))
