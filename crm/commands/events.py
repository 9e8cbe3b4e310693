"""`krug events`, `krug event`, `krug checkin`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import click
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n
from crm.commands.front import Front, columns
from crm.i18n import phrase
from crm.services import desk, desk_lookup, desk_words, event_lists
from crm.services.desk_index import DeskIndex
from crm.services.desk_reading import load_desk
from crm.services.desk_rows import CheckIn, Counters
from crm.services.event_rows import EventRow
from crm.services.event_words import kind_title, status_title

_DONE: Final = frozenset(("ok", "undone", "over_capacity"))


@click.command("events")
@click.pass_obj
def events(front: Front) -> None:
    """All events, the latest first."""
    with front.workspace() as workspace:
        rows = workspace.read(lambda session: _all_rows(session, front))
    front.emit([_event_json(row) for row in rows], lambda: columns([_line(row) for row in rows]))


@click.command("event")
@click.argument("ref")
@click.pass_obj
def event(front: Front, ref: str) -> None:
    """One event with its figures."""
    from crm.services.changes import shown
    from crm.services.figures import all_figures
    from crm.services.figures.words import label

    with front.workspace() as workspace:

        def verb(session: Session) -> tuple[EventRow, Any]:
            row = event_lists.event_row(session, event_lists.resolve_event(session, ref))
            return row, all_figures(session, row.on, row.on + timedelta(days=1), front.clock, event_id=row.id)

        row, figures = workspace.read(verb)
    front.emit(
        {**_event_json(row), "figures": figures_json(figures)},
        lambda: "\n".join(
            (columns([_line(row)]), "", columns([(label(figure.key), shown(figure)) for figure in figures]))
        ),
    )


@click.command("checkin")
@click.argument("ref", metavar="EVENT")
@click.argument("text", required=False, default="")
@click.option("--walk-in", is_flag=True, help="Let in somebody who is not on the list.")
@click.option("--at", "at_text", help="When: 18:42 on the day of the event, or 2026-11-12T18:42.")
@click.option("--undo", "undoing", is_flag=True, help="Take the last arrival back, or that of TEXT.")
@click.pass_obj
def checkin(front: Front, ref: str, text: str, walk_in: bool, at_text: str | None, undoing: bool) -> int:
    """Let somebody in by ticket, name, phone or handle."""
    if not text and not undoing:
        raise click.UsageError(i18n.text("Say whom to check in: a ticket number, a name, a phone."))
    if undoing and (walk_in or at_text):
        raise click.UsageError(i18n.text("--undo takes neither --walk-in nor --at."))
    with front.workspace() as workspace:
        row = workspace.read(lambda s: event_lists.event_row(s, event_lists.resolve_event(s, ref)))
        at = None if at_text is None else _moment(at_text, row)

        def verb(session: Session) -> CheckIn:
            if undoing:
                return desk_lookup.undo_text(session, row.id, text, front.clock)
            if walk_in:
                return desk_lookup.check_in_anybody(session, row.id, text, front.clock, at=at)
            return desk.check_in(session, row.id, text, front.clock, at=at)

        label = phrase("Check-in at «{event}»", event=row.title)
        check = workspace.write(label, verb).value
        counters = workspace.read(lambda s: DeskIndex(load_desk(s, row.id))).counters(front.clock())
    front.emit(_check_json(check, counters), lambda: _told(check, counters, row))
    return 0 if check.result in _DONE and check.recorded else 1


def figures_json(figures: Any) -> dict[str, dict[str, Any]]:
    """Figures as the command line prints them, by key."""
    return {
        figure.key: {
            "value": figure.value,
            "n": figure.n,
            "definition": figure.definition,
            "from": figure.start,
            "to": figure.end,
        }
        for figure in figures
    }


def _all_rows(session: Session, front: Front) -> list[EventRow]:
    return event_lists.event_rows(session, event_lists.event_ids(session, "all", front.clock))


def _event_json(row: EventRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "uid": row.uid,
        "title": row.title,
        "kind": row.kind_name or row.kind,
        "format": row.format,
        "status": row.status,
        "starts_at": clocks.local(row.starts_at, row.zone),
        "ends_at": clocks.local(row.ends_at, row.zone),
        "zone": row.zone,
        "registered": row.registered,
        "came": row.came,
    }


def _line(row: EventRow) -> tuple[str, ...]:
    return (
        f"#{row.id}",
        i18n.day(row.on),
        i18n.time(row.starts_at, row.zone),
        kind_title(row.kind, row.kind_name),
        status_title(row.status),
        f"{row.came}/{row.registered}",
        row.title,
    )


def _check_json(check: CheckIn, counters: Counters) -> dict[str, Any]:
    return {
        "result": check.result,
        "warnings": list(check.warnings),
        "person": check.person.as_json() if check.person and check.result != "blocked" else None,
        "at": check.at,
        "first_at": check.first_at,
        "candidates": [person.as_json() for person in check.candidates],
        "counters": counters.as_json(),
    }


def _told(check: CheckIn, counters: Counters, row: EventRow) -> str:
    lines = [
        desk_words.headline(check, row.zone),
        desk_words.subject(check, counters.expected),
        desk_words.detail(check, counters, row.zone),
    ]
    lines += [f"  #{person.person_id} {person.name}  {person.organisation}".rstrip() for person in check.candidates]
    return "\n".join(line for line in lines if line)


def _moment(text: str, row: EventRow) -> datetime:
    try:
        if len(text) <= len("18:42:00"):
            wall = datetime.combine(row.on, datetime.strptime(text, "%H:%M").time())  # noqa: DTZ007 - a wall clock
        else:
            wall = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            i18n.text("«{text}» is no time: write 18:42 or 2026-11-12T18:42.", text=text)
        ) from error
    if wall.tzinfo is None:
        wall = wall.replace(tzinfo=clocks.zone(row.zone))
    return wall.astimezone(UTC)
