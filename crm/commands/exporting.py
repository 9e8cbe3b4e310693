"""`krug export`: people, attendees and feedback as files other programs open."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy.orm import Session

from crm import i18n
from crm.commands.front import Front
from crm.commands.reports import export_feedback
from crm.export.people import OWN, write_people
from crm.export.people import columns as people_columns
from crm.export.tables import Column, write_table
from crm.export.vcard import PARTS, VERSIONS, CardChoice, write_vcards
from crm.services import attendees, custom_fields, event_lists, event_words, people, segments
from crm.services.cards import PersonCard
from crm.services.custom_fields import FieldDefinition
from crm.services.event_rows import AttendeeRow
from crm.store.search import find

EVERYONE = 10_000_000


@click.group()
def export() -> None:
    """Write people, attendees or feedback to a file."""


@export.command("people")
@click.argument("out", type=click.Path(readable=False, path_type=Path))
@click.option("--segment", "segment_ref", help="Only people of this segment.")
@click.option("--vcard-version", "version", type=click.Choice(VERSIONS), default="3.0", show_default=True)
@click.option("--one-file-each", is_flag=True, help="A folder of cards, one file for each person.")
@click.option("--without", multiple=True, type=click.Choice(PARTS), help="Leave this off the cards; may be repeated.")
@click.option("--columns", "keys", help="Columns of the table by their keys in JSON, with commas between them.")
@click.option("--delimiter", type=click.Choice((";", ",", "tab")), default=";", show_default=True, help="In CSV.")
@click.pass_obj
def export_people(
    front: Front,
    out: Path,
    segment_ref: str | None,
    version: str,
    one_file_each: bool,
    without: tuple[str, ...],
    keys: str | None,
    delimiter: str,
) -> None:
    """Write people to OUT.vcf, .csv, .xlsx or .json."""
    kind = "vcf" if one_file_each else _kind(out, ("vcf", "csv", "xlsx", "json"))

    def verb(session: Session) -> tuple[list[PersonCard], tuple[FieldDefinition, ...]]:
        within = None
        if segment_ref is not None:
            within = segments.members(session, segments.resolve_segment(session, segment_ref), front.clock)
        found = list(people.cards(session, find(session, "", within=within, limit=EVERYONE).ids))
        return found, custom_fields.fields(session)

    with front.workspace() as workspace:
        cards, fields = workspace.read(verb)
    if kind == "vcf":
        choice = CardChoice(frozenset(PARTS) - set(without), {field.id: field for field in fields})
        written = write_vcards(cards, out, version, choice=choice, one_file_each=one_file_each, clock=front.clock)
    else:
        written = write_people(
            cards,
            out,
            kind,
            keys=None if keys is None else _known_keys(keys, fields),
            fields=fields,
            delimiter="\t" if delimiter == "tab" else delimiter,
            title=i18n.text("People"),
        )
    _tell(front, out, written)


def _known_keys(keys: str, fields: tuple[FieldDefinition, ...]) -> list[str]:
    """The keys in the order asked for; a field of the manager's own may be called by its name."""
    by_name = {field.name.casefold(): f"{OWN}{field.id}" for field in fields}
    known = [one.key for one in people_columns(fields)]
    chosen = [by_name.get(key.strip().casefold(), key.strip()) for key in keys.split(",") if key.strip()]
    for key in chosen:
        if key not in known:
            raise click.BadParameter(
                i18n.text("There is no column “{key}”. There are: {known}.", key=key, known=", ".join(known)),
                param_hint="--columns",
            )
    if not chosen:
        raise click.BadParameter(i18n.text("Name at least one column."), param_hint="--columns")
    return chosen


@export.command("attendees")
@click.argument("event_ref", metavar="EVENT")
@click.argument("out", type=click.Path(readable=False, path_type=Path))
@click.pass_obj
def export_attendees(front: Front, event_ref: str, out: Path) -> None:
    """Write everyone on an event's list to OUT.csv, .xlsx or .json."""
    kind = _kind(out, ("csv", "xlsx", "json"))

    def verb(session: Session) -> tuple[str, list[AttendeeRow], dict[int, PersonCard]]:
        event = event_lists.resolve_event(session, event_ref)
        ids = attendees.attendee_ids(session, event, "all")
        rows = attendees.attendee_rows(session, ids)
        cards = {card.id: card for card in people.cards(session, [row.person_id for row in rows])}
        return event_lists.event_row(session, event).title, rows, cards

    with front.workspace() as workspace:
        title, rows, cards = workspace.read(verb)
    columns = (
        Column("name", i18n.text("Name"), 28),
        Column("organisation", i18n.text("Organisation"), 24),
        Column("phone", i18n.text("Phone"), 18),
        Column("email", i18n.text("E-mail"), 26),
        Column("role", i18n.text("Role"), 14),
        Column("status", i18n.text("Status"), 18),
        Column("came_at", i18n.text("Came at"), 20),
        Column("ticket", i18n.text("Ticket"), 12),
    )
    table = []
    for row in rows:
        card = cards[row.person_id]
        phone, email = card.first("phone"), card.first("email")
        table.append(
            (
                row.name,
                row.organisation,
                phone.value if phone else "",
                email.value if email else "",
                event_words.role_title(row.role),
                event_words.attendance_title(row.status),
                row.first_in_at,
                row.ticket_code,
            )
        )
    _tell(front, out, write_table(columns, table, out, kind, title=title))


export.add_command(export_feedback)


def _kind(out: Path, allowed: tuple[str, ...]) -> str:
    kind = out.suffix.lower().lstrip(".")
    if kind not in allowed:
        listed = ", ".join(f".{each}" for each in allowed)
        raise click.UsageError(i18n.text("The file must end in one of {kinds}.", kinds=listed))
    return kind


def _tell(front: Front, out: Path, written: int) -> None:
    front.emit(
        {"file": str(out), "written": written},
        lambda: i18n.plural("{file}: {count} row", "{file}: {count} rows", written, file=str(out)),
    )
