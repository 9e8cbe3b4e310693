"""`krug people`, `history`, `undo`, `redo`."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.orm import Session

from crm import clock as clocks
from crm import i18n
from crm.commands.front import Front, columns
from crm.errors import CrmError
from crm.services import history as deeds
from crm.services import people as service
from crm.services.cards import PersonCard
from crm.services.level_words import level_word
from crm.store.search import find


def as_json(person: PersonCard) -> dict[str, Any]:
    """A person as `krug people --json` gives one."""

    def of_kind(*kinds: str) -> list[str]:
        return [one.value for one in person.contacts if one.kind in kinds]

    return {
        "id": person.id,
        "uid": person.uid,
        "name": person.display_name,
        "family_name": person.family_name,
        "given_name": person.given_name,
        "additional_name": person.additional_name,
        "nickname": person.nickname,
        "kind": person.kind,
        "organisation": person.organisation,
        "job_title": person.job_title,
        "city": person.city,
        "birthday": person.birthday.iso() if person.birthday else None,
        "emails": of_kind("email"),
        "phones": of_kind("phone"),
        "handles": [one.value for one in person.contacts if one.kind not in {"email", "phone"}],
        "tags": [name for name, _ in person.tags],
        "level": person.level,
    }


@click.command()
@click.argument("query", required=False, default="")
@click.option("--segment", "segment_ref", help="Only people of this segment.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=50, show_default=True, help="At most so many.")
@click.pass_obj
def people(front: Front, query: str, segment_ref: str | None, limit: int) -> None:
    """Find people: by name in any layout or alphabet, phone, handle, organisation, tag, city."""

    def verb(session: Session) -> list[PersonCard]:
        within = None
        if segment_ref is not None:
            from crm.services import segments

            segment = segments.resolve_segment(session, segment_ref)
            within = segments.members(session, segment, front.clock)
        return list(service.cards(session, find(session, query, within=within, limit=limit).ids))

    with front.workspace() as workspace:
        found = workspace.read(verb)
    front.emit([as_json(person) for person in found], lambda: _listed(found))


def _listed(found: list[PersonCard]) -> str:
    if not found:
        return i18n.text("Nobody found.")
    rows = []
    for person in found:
        phone, email = person.first("phone"), person.first("email")
        contact = phone.value if phone else email.value if email else ""
        rows.append((f"#{person.id}", person.display_name, person.organisation, contact, level_word(person.level)))
    return columns(rows)


@click.command()
@click.option("--person", "person_ref", help="Only what touched this person.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="At most so many.")
@click.pass_obj
def history(front: Front, person_ref: str | None, limit: int) -> None:
    """What was done, newest first, and what can be undone."""

    def verb(session: Session) -> tuple[deeds.DeedRow, ...]:
        person = None if person_ref is None else service.resolve_person(session, person_ref)
        return deeds.deeds(session, person_id=person, limit=limit)

    with front.workspace() as workspace:
        rows = workspace.read(verb)
    front.emit(
        [{"deed": row.deed, "label": _label(row), "at": row.at.isoformat(), "undoable": row.undoable} for row in rows],
        lambda: columns([(f"#{row.deed}", _moment(row), _label(row)) for row in rows]) or i18n.text("Nothing yet."),
    )


def _label(row: deeds.DeedRow) -> str:
    label = row.label.text()
    if row.kind == "undo":
        return i18n.text("Undone: {label}", label=label)
    return i18n.text("Done again: {label}", label=label) if row.kind == "redo" else label


def _moment(row: deeds.DeedRow) -> str:
    return clocks.local(row.at).strftime("%Y-%m-%d %H:%M")


@click.command()
@click.pass_obj
def undo(front: Front) -> None:
    """Turn back the newest deed that stands."""
    _turn(front, redo=False)


@click.command()
@click.pass_obj
def redo(front: Front) -> None:
    """Do again what was undone last."""
    _turn(front, redo=True)


def _turn(front: Front, *, redo: bool) -> None:
    with front.workspace() as workspace:
        try:
            turned = workspace.redo() if redo else workspace.undo()
        except CrmError as error:
            front.emit({"deed": None, "label": None, "refused": error.code})
            front.message(error.text())
            click.get_current_context().exit(error.exit_code)
    label = turned.label.text()
    said = i18n.text("Done again: {label}", label=label) if redo else i18n.text("Undone: {label}", label=label)
    front.emit({"deed": turned.deed, "label": label, "refused": None}, said)
