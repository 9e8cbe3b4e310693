"""Choosing one person in a form: the few that a typed text most likely means."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crm.services import people
from crm.services.cards import PersonRow
from crm.store.search import find


def suggestions(session: Session, text: str, limit: int = 6) -> list[PersonRow]:
    """The first `limit` people found by `text`, the same way as everywhere; nobody for an empty one."""
    if not text.strip():
        return []
    return people.rows(session, list(find(session, text, limit=limit).ids[:limit]))
