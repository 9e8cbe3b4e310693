"""People into a file: vCard for phones and other programs, tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QFileDialog, QWidget

from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.i18n import phrase, phrase_plural
from crm.services import people
from crm.services.cards import PersonCard
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations, Said

_EVERY: Final = 1_000
_KINDS: Final = (
    ("vcf", i18n.mark("Contacts (vCard)")),
    ("csv", i18n.mark("Table (CSV)")),
    ("xlsx", i18n.mark("Table (Excel)")),
    ("json", i18n.mark("Data (JSON)")),
)


def ask_and_export(host: QWidget, operations: Operations, jobs: Jobs, ids: Sequence[int], name: str = "") -> None:
    """Ask for a file and write these people into it, in the background."""
    filters = {f"{i18n.text(word)} (*.{kind})": kind for kind, word in _KINDS}
    suggested = Path.home() / f"{name or i18n.text('people')}.vcf"
    chosen, chosen_filter = QFileDialog.getSaveFileName(
        host, i18n.text("Export people"), str(suggested), ";;".join(filters)
    )
    if not chosen:
        return
    target = Path(chosen)
    kind = target.suffix.lower().removeprefix(".")
    if kind not in filters.values():
        kind = filters.get(chosen_filter, "vcf")
        target = target.with_name(f"{target.name}.{kind}")
    export(operations, jobs, list(ids), target, kind)


def export(operations: Operations, jobs: Jobs, ids: Sequence[int], target: Path, kind: str) -> None:
    """Write people to `target` as a job; how many is said, a refusal too."""

    def work(report: Report) -> int:
        def read(session: Any) -> list[PersonCard]:
            found = []
            for place, card in enumerate(people.cards(session, ids)):
                if place % _EVERY == 0:
                    report(place, 2 * len(ids))
                found.append(card)
            return found

        cards = operations.read(read)

        def written(step: int, of: int) -> None:
            report(of + step, 2 * of)

        if kind == "vcf":
            from crm.export.vcard import write_vcards

            return write_vcards(cards, target, report=written, clock=operations.clock)
        from crm.export.people import write_people

        return write_people(cards, target, kind, title=i18n.text("People"), report=written)

    def done(count: int) -> None:
        what = phrase_plural(
            "Exported {count} person to {file}", "Exported {count} people to {file}", count, file=target.name
        )
        operations.said.emit(Said(what, None, "file-arrow-down"))

    def failed(error: BaseException) -> None:
        if isinstance(error, CrmError):
            operations.refused.emit(error)
        elif not isinstance(error, Cancelled):
            raise error

    jobs.start(phrase("Exporting people"), work, done, failed)
