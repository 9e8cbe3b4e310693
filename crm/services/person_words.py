"""What the keys of a person are called in the language in use: one place for pages, files and the command line."""

from __future__ import annotations

from typing import Final

from crm import i18n
from crm.contact_points import KINDS
from crm.i18n import mark

FORMS: Final = {"informal": mark("On first-name terms"), "formal": mark("Address formally")}
GENDERS: Final = {"unknown": mark("Not stated"), "female": mark("Female"), "male": mark("Male")}


def person_kind(kind: str) -> str:
    """«Участник», «Партнёр», «Медиа», «Клиент», «Команда»."""
    return {
        "member": i18n.in_context("kind of person", "Member"),
        "partner": i18n.in_context("kind of person", "Partner"),
        "media": i18n.in_context("kind of person", "Media"),
        "client": i18n.in_context("kind of person", "Client"),
        "team": i18n.in_context("kind of person", "Team"),
    }.get(kind, kind)


def contact_kind(kind: str) -> str:
    """«Телефон», «Почта»; a kind of one's own as it is."""
    return i18n.text(KINDS[kind].label) if kind in KINDS else kind


def address_form(form: str) -> str:
    """«На „ты“», «На „вы“», or nothing."""
    return i18n.text(FORMS[form]) if form in FORMS else ""


def gender(key: str) -> str:
    """«Женский», «Мужской», or nothing where it is not known."""
    return i18n.text(GENDERS[key]) if key in GENDERS and key != "unknown" else ""
