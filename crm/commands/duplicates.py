"""`krug duplicates`: who may be in the store twice."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.orm import Session

from crm import i18n
from crm.commands.front import Front, columns
from crm.services import duplicates as service
from crm.services import people
from crm.services.cards import PersonRow
from crm.services.duplicates import Pair


@click.command()
@click.option("--sure", "only_sure", is_flag=True, help="Only pairs that are beyond doubt.")
@click.pass_obj
def duplicates(front: Front, only_sure: bool) -> None:
    """Look through everybody for people who are there twice; nothing is changed."""

    def verb(session: Session) -> tuple[list[Pair], dict[int, PersonRow]]:
        pairs = service.find_pairs(session, lambda _, __: None)
        if only_sure:
            pairs = [pair for pair in pairs if pair.likeness.sure]
        ids = list(dict.fromkeys(one for pair in pairs for one in (pair.person_id, pair.other_id)))
        return pairs, {row.id: row for row in people.rows(session, ids)}

    with front.workspace() as workspace:
        pairs, rows = workspace.read(verb)
    front.emit([_as_json(pair, rows) for pair in pairs], lambda: _listed(pairs, rows))


def _as_json(pair: Pair, rows: dict[int, PersonRow]) -> dict[str, Any]:
    found = pair.likeness
    return {
        "people": [{"id": one, "name": rows[one].display_name} for one in (pair.person_id, pair.other_id)],
        "score": found.score,
        "sure": found.sure,
        "reasons": list(found.reasons),
        "against": list(found.against),
    }


def _listed(pairs: list[Pair], rows: dict[int, PersonRow]) -> str:
    if not pairs:
        return i18n.text("Nobody is here twice, as far as is known")
    told = []
    for pair in pairs:
        how = i18n.text("beyond doubt") if pair.likeness.sure else i18n.text("maybe")
        named = [f"#{one} {rows[one].display_name}" for one in (pair.person_id, pair.other_id)]
        told.append((*named, i18n.number(pair.likeness.score), how))
    return columns(told)
