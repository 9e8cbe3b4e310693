"""`krug figures`, `krug report`, `krug export feedback`: numbers with their definitions, on screen and on paper."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n
from crm.clock import Clock
from crm.commands.front import Front, columns
from crm.export.pdf.month import write_month
from crm.export.pdf.register import write_register
from crm.export.tables import Column, write_table
from crm.services import event_lists, feedback_table, reports, segments
from crm.services.changes import shown
from crm.services.figures import all_figures, words
from crm.services.figures_rows import Figure
from crm.services.periods import month_start

_DAY = click.DateTime(["%Y-%m-%d"])
_PERIOD_DAYS = 30


@click.command("figures")
@click.option("--from", "start", type=_DAY, help="First day of the period (30 days up to today where none is given).")
@click.option("--to", "end", type=_DAY, help="The day after the last day of the period.")
@click.option("--segment", help="Only people of this segment.")
@click.option("--event", help="Only this event.")
@click.pass_obj
def figures(front: Front, start: datetime | None, end: datetime | None, segment: str | None, event: str | None) -> None:
    """Every figure with its base, definition and period."""
    first, last = _period(front, start, end)

    def verb(session: Session) -> list[Figure]:
        people = _people(session, segment, front.clock)
        event_id = None if event is None else event_lists.resolve_event(session, event)
        return all_figures(session, first, last, front.clock, people, event_id)

    with front.workspace() as workspace:
        found = workspace.read(verb)
    front.emit(
        {figure.key: _plain(figure) for figure in found},
        lambda: columns([(words.label(each.key), shown(each), words.explained(each)) for each in found]),
    )


@click.command("report")
@click.argument("kind", required=False, type=click.Choice([kind.key for kind in reports.KINDS]))
@click.argument("out", required=False, type=click.Path(readable=False, path_type=Path))
@click.option("--list", "listed", is_flag=True, help="Which reports there are and what each needs.")
@click.option("--event", help="The event of a registration sheet.")
@click.option("--segment", help="Only people of this segment.")
@click.option("--from", "start", type=_DAY, help="A day of the month (last month where none is given).")
@click.option("--to", "end", type=_DAY, help="The day after the last day; within the same month.")
@click.option("--comment", default="", help="The manager's comment under the title.")
@click.option("--hide-names", is_flag=True, help="Figures and organisations only.")
@click.pass_obj
def report(front: Front, /, kind: str | None, out: Path | None, *, listed: bool, **options: Any) -> None:
    """Write a report as PDF: `krug report month out.pdf`."""
    if listed:
        front.emit(
            [{"kind": each.key, "title": i18n.text(each.title), "needs": list(each.needs)} for each in reports.KINDS],
            lambda: columns([(each.key, i18n.text(each.title), ", ".join(each.needs)) for each in reports.KINDS]),
        )
        return
    if kind is None or out is None:
        raise click.UsageError(i18n.text("Say which report and where to: krug report month out.pdf"))
    pages = _write_month(front, out, **options) if kind == reports.MONTH else _write_register(front, out, **options)
    front.emit(
        {"file": str(out), "pages": pages},
        lambda: i18n.plural("{file}: {count} page", "{file}: {count} pages", pages, file=str(out)),
    )


@click.command("feedback")
@click.argument("out", type=click.Path(readable=False, path_type=Path))
@click.pass_obj
def export_feedback(front: Front, out: Path) -> None:
    """Write every feedback item to OUT.csv, .xlsx or .json."""
    kind = out.suffix.lower().lstrip(".")
    if kind not in {"csv", "xlsx", "json"}:
        raise click.UsageError(i18n.text("The file must end in .csv, .xlsx or .json."))
    with front.workspace() as workspace:
        rows = workspace.read(lambda session: feedback_table.feedback_table(session, worded=kind != "json"))
    written = write_table(_headings(), rows, out, kind, title=i18n.text("Feedback"))
    front.emit(
        {"file": str(out), "written": written},
        lambda: i18n.plural("{file}: {count} row", "{file}: {count} rows", written, file=str(out)),
    )


def _write_month(front: Front, out: Path, *, segment: str | None, event: str | None, **options: Any) -> int:
    if event is not None:
        raise click.UsageError(i18n.text("This report takes no event."))
    month = _month(front, options["start"], options["end"])
    with front.workspace() as workspace:
        contents = workspace.read(
            lambda session: reports.month_report(
                session,
                month,
                front.clock,
                people=_people(session, segment, front.clock),
                comment=options["comment"],
                hide_names=options["hide_names"],
                language=i18n.current(),
            )
        )
        pages = write_month(contents, out)
        choices = {"month": month.isoformat(), "segment": segment, "hide_names": options["hide_names"]}
        workspace.maintain(lambda session: reports.note_run(session, reports.MONTH, choices, pages, front.clock))
    return pages


def _write_register(front: Front, out: Path, *, event: str | None, segment: str | None, **options: Any) -> int:
    if event is None:
        raise click.UsageError(i18n.text("This report needs an event: --event REF"))
    if segment is not None or options["start"] or options["end"] or options["hide_names"]:
        raise click.UsageError(i18n.text("This report takes an event and nothing else."))
    with front.workspace() as workspace:
        contents = workspace.read(
            lambda session: reports.register_sheet(
                session, event_lists.resolve_event(session, event), front.clock, language=i18n.current()
            )
        )
        pages = write_register(contents, out)
        workspace.maintain(
            lambda session: reports.note_run(session, reports.REGISTER, {"event": event}, pages, front.clock)
        )
    return pages


def _people(session: Session, ref: str | None, clock: Clock) -> list[int] | None:
    return None if ref is None else segments.members(session, segments.resolve_segment(session, ref), clock)


def _period(front: Front, start: datetime | None, end: datetime | None) -> tuple[date, date]:
    last = end.date() if end else clocks.today(front.clock) + timedelta(days=1)
    first = start.date() if start else last - timedelta(days=_PERIOD_DAYS)
    if first >= last:
        raise click.UsageError(i18n.text("The period ends before it begins."))
    return first, last


def _month(front: Front, start: datetime | None, end: datetime | None) -> date:
    if start is None:
        day = end.date() - timedelta(days=1) if end else month_start(clocks.today(front.clock), -1)
        return month_start(day)
    month = month_start(start.date())
    if end is not None and not month < end.date() <= month_start(month, 1):
        raise click.UsageError(i18n.text("This report is about one month: --to must lie in the month of --from."))
    return month


def _plain(figure: Figure) -> dict[str, object]:
    value = round(figure.value, 4) if isinstance(figure.value, float) else figure.value
    answer: dict[str, object] = {
        "value": value,
        "n": figure.n,
        "definition": figure.definition,
        "from": figure.start,
        "to": figure.end,
    }
    if figure.margin is not None:
        answer["margin"] = round(figure.margin, 4)
    return answer


def _headings() -> tuple[Column, ...]:
    titles = {
        "date": i18n.in_context("table", "Date"),
        "kind": i18n.in_context("table", "Kind"),
        "about": i18n.in_context("table", "About"),
        "title": i18n.in_context("table", "Title"),
        "text": i18n.in_context("table", "Text"),
        "person": i18n.in_context("table", "From"),
        "event": i18n.in_context("table", "Event"),
        "nps": "NPS",
        "topics": i18n.in_context("table", "Topics"),
        "votes": i18n.in_context("table", "Votes"),
        "status": i18n.in_context("table", "Status"),
        "reply": i18n.in_context("table", "Reply"),
        "replied_on": i18n.in_context("table", "Replied on"),
    }
    return tuple(Column(key, titles[key], 40 if key in {"text", "reply"} else 18) for key in feedback_table.KEYS)
