"""What the fields of a person are called, and the label of the deed that changes one: «Город: Анна Иванова»."""

from __future__ import annotations

from typing import Final

from crm import i18n
from crm.i18n import Phrase, mark, phrase

_TITLES: Final = {
    "name": mark("Name"),
    "phone": mark("Phone"),
    "email": mark("E-mail"),
    "telegram": mark("Telegram"),
    "vk": mark("VK"),
    "whatsapp": mark("WhatsApp"),
    "max": mark("MAX"),
    "site": mark("Website"),
    "other": mark("Other contact"),
    "contact": mark("Contact"),
    "address": mark("Address"),
    "work": mark("Work"),
    "organisation": mark("Organisation"),
    "job_title": mark("Job title"),
    "terms": mark("How to address"),
    "address_as": mark("Address as"),
    "address_form": mark("Form"),
    "preferred_channel": mark("Preferred channel"),
    "gender": mark("Gender"),
    "city": mark("City"),
    "birthday": mark("Birthday"),
    "kind": mark("Who it is"),
    "joined_on": mark("In the community since"),
    "source": mark("Source"),
    "referred_by_id": mark("Came through"),
    "languages": mark("Languages"),
    "skills": mark("Skills"),
    "motives": mark("Why they come"),
    "offers": mark("Can help"),
    "seeks": mark("Looks for"),
    "care_note": mark("Care note"),
}
_LABELS: Final = {
    "name": mark("Name: {name}"),
    "family_name": mark("Name: {name}"),
    "given_name": mark("Name: {name}"),
    "additional_name": mark("Name: {name}"),
    "nickname": mark("Name: {name}"),
    "prefix": mark("Name: {name}"),
    "suffix": mark("Name: {name}"),
    "phone": mark("Phone: {name}"),
    "email": mark("E-mail: {name}"),
    "telegram": mark("Telegram: {name}"),
    "vk": mark("VK: {name}"),
    "whatsapp": mark("WhatsApp: {name}"),
    "max": mark("MAX: {name}"),
    "site": mark("Website: {name}"),
    "address": mark("Address: {name}"),
    "work": mark("Work: {name}"),
    "organisation": mark("Organisation: {name}"),
    "job_title": mark("Job title: {name}"),
    "terms": mark("How to address: {name}"),
    "address_as": mark("How to address: {name}"),
    "address_form": mark("Form: {name}"),
    "preferred_channel": mark("Preferred channel: {name}"),
    "gender": mark("Gender: {name}"),
    "city": mark("City: {name}"),
    "birthday": mark("Birthday: {name}"),
    "kind": mark("Who it is: {name}"),
    "joined_on": mark("In the community since: {name}"),
    "source": mark("Source: {name}"),
    "referred_by_id": mark("Came through: {name}"),
    "tags": mark("Tags: {name}"),
    "languages": mark("Languages: {name}"),
    "skills": mark("Skills: {name}"),
    "motives": mark("Why they come: {name}"),
    "offers": mark("Can help: {name}"),
    "seeks": mark("Looks for: {name}"),
    "note": mark("Note: {name}"),
    "care_note": mark("Care note: {name}"),
}


def field_title(field: str) -> str:
    """«Город», «День рождения»: a name of `PersonDraft`, a kind of contact, «work», «terms», «address», «name»."""
    if field == "tags":
        return i18n.in_context("people", "Tags")
    if field == "note":
        return i18n.in_context("people", "Note")
    return i18n.text(_TITLES.get(field, field))


def field_label(field: str, name: str) -> Phrase:
    """The label of the deed that changes `field` of the person called `name`; contacts of own kinds are «Contact»."""
    return phrase(_LABELS.get(field, mark("Contact: {name}")), name=name)


def custom_label(field: str, name: str) -> Phrase:
    """The label of the deed that changes a field of the manager's own."""
    return phrase("{field}: {name}", field=field, name=name)


def need_label(act: str, what: str, name: str) -> Phrase:
    """The label of the deed that settles («settled») or opens again («open») an offer or a need."""
    if act == "settled":
        return phrase("Settled «{what}»: {name}", what=what, name=name)
    return phrase("Open again «{what}»: {name}", what=what, name=name)
