"""What the keys of a person are called on the page: kinds, channels, consents, entries of the timeline."""

from __future__ import annotations

from typing import Final

from crm import i18n
from crm.contact_points import KINDS, shown
from crm.i18n import mark
from crm.services.cards import PersonCard, PersonRow
from crm.services.timeline import Entry

CONTACT_ICONS: Final = {
    "phone": "phone",
    "email": "envelope-simple",
    "telegram": "paper-plane-tilt",
    "vk": "users",
    "whatsapp": "chat-circle-text",
    "max": "chat-circle-text",
    "site": "article",
    "other": "identification-badge",
}
_PERSON_KINDS: Final = {
    "member": mark("Member"),
    "partner": mark("Partner"),
    "media": mark("Media"),
    "client": mark("Client"),
    "team": mark("Team"),
}
_CHANNELS: Final = {
    "phone": mark("prefers a call"),
    "email": mark("prefers e-mail"),
    "telegram": mark("prefers Telegram"),
    "vk": mark("prefers VK"),
    "whatsapp": mark("prefers WhatsApp"),
    "max": mark("prefers MAX"),
}
_FORMS: Final = {"informal": mark("On first-name terms"), "formal": mark("Address formally")}
_PURPOSES: Final = {
    "data": mark("Keeping data"),
    "messages": mark("Invitations and news"),
    "photo": mark("Photo and video"),
}
_TALKS: Final = {
    "call": mark("Call"),
    "message": mark("Message"),
    "meeting": mark("Meeting"),
    "letter": mark("Letter"),
    "note": mark("Note"),
}
_ITEMS: Final = {
    "idea": mark("Idea"),
    "problem": mark("Problem"),
    "praise": mark("Praise"),
    "question": mark("Question"),
}
_EVENTS: Final = {
    "invited": mark("Invited: {what}"),
    "pending": mark("Awaits approval: {what}"),
    "waitlisted": mark("On the waiting list: {what}"),
    "registered": mark("Registered: {what}"),
    "attended": mark("Came: {what}"),
    "walk_in": mark("Came: {what}"),
    "no_show": mark("Did not come: {what}"),
    "cancelled": mark("Registration cancelled: {what}"),
    "rejected": mark("Not approved: {what}"),
    "transferred": mark("Ticket passed on: {what}"),
}
_REASONS: Final = {
    "layout": mark("other layout"),
    "translit": mark("other alphabet"),
    "similar": mark("similar"),
    "diminutive": mark("form of the name"),
    "note": mark("in the note"),
}
_REASON_ICONS: Final = {"phone": "phone", "handle": "envelope-simple", "city": "map-pin", "job": "buildings"}
ENTRY_ICONS: Final = {
    "conversation": "phone",
    "feedback": "star",
    "task": "check-square",
    "change": "pencil-simple",
    "event": "ticket",
}


def contact_kind(kind: str) -> str:
    """«Телефон», «Почта»; a kind of one's own as it is."""
    return i18n.text(KINDS[kind].label) if kind in KINDS else kind


def person_kind(kind: str) -> str:
    """«Участник», «Партнёр», «Медиа», «Клиент», «Команда»."""
    return i18n.in_context("kind of person", _PERSON_KINDS[kind])


def channel(kind: str) -> str:
    """«писать в Телеграм»."""
    return i18n.text(_CHANNELS[kind]) if kind in _CHANNELS else ""


def address_form(form: str) -> str:
    """«На „ты“», «На „вы“», or nothing."""
    return i18n.text(_FORMS[form]) if form in _FORMS else ""


def purpose(key: str) -> str:
    """What a consent is for."""
    return i18n.text(_PURPOSES.get(key, key))


def talk(kind: str) -> str:
    """«Звонок», «Сообщение», «Встреча», «Письмо», «Заметка»."""
    return i18n.in_context("conversation", _TALKS[kind])


def reason(row: PersonRow) -> tuple[str, str]:
    """Why a search found somebody, as an icon («» for none) and a word; two empty texts when the row shows it."""
    if row.reason in _REASON_ICONS:
        return _REASON_ICONS[row.reason], row.found_in
    if row.reason == "name":
        return "", row.found_in
    word = i18n.text(_REASONS[row.reason]) if row.reason in _REASONS else ""
    return "", word


def entry_title(entry: Entry, gender: str = "unknown") -> str:
    """The first line of an entry of the timeline."""
    if entry.kind == "event":
        what = i18n.text("{kind} «{title}»", kind=entry.event_kind, title=entry.title)
        if entry.role == "speaker" and entry.key in {"registered", "attended", "walk_in"}:
            return i18n.text("Speaks: {what}", what=what)
        return i18n.in_context(gender, _EVENTS[entry.key], what=what)
    if entry.kind == "conversation":
        said = talk(entry.key)
        if entry.minutes:
            said += ", " + i18n.plural("{count} minute", "{count} minutes", entry.minutes)
        return said
    if entry.kind == "feedback":
        if entry.score is not None:
            return i18n.text("Feedback: {score} out of 10", score=entry.score)
        return i18n.in_context("feedback", _ITEMS[entry.key]) if entry.key in _ITEMS else i18n.text("Feedback")
    if entry.kind == "task":
        return i18n.text("Done: {title}" if entry.key == "done" else "To do: {title}", title=entry.title)
    return _change(entry)


def _change(entry: Entry) -> str:
    label = entry.label.text() if entry.label is not None else ""
    if entry.key == "undo":
        return i18n.text("Undone: {label}", label=label)
    return i18n.text("Done again: {label}", label=label) if entry.key == "redo" else label


def entry_detail(entry: Entry) -> str:
    """The second line of an entry; empty when there is nothing to add."""
    if entry.kind == "event":
        return i18n.text("Checked in at {time}", time=entry.text) if entry.text else ""
    if entry.kind == "feedback":
        words = i18n.text("«{words}»", words=entry.text) if entry.text else ""
        return " · ".join(part for part in (entry.title, words) if part)
    return entry.text


def entry_icon(entry: Entry) -> str:
    """The sign of an entry."""
    if entry.kind == "event":
        return {"attended": "check-circle", "walk_in": "check-circle", "no_show": "x-circle"}.get(entry.key, "ticket")
    if entry.kind == "conversation":
        return {"call": "phone", "meeting": "users", "note": "note-pencil"}.get(entry.key, "chat-circle-text")
    if entry.kind == "feedback" and entry.score is None:
        return "lightbulb" if entry.key == "idea" else "chat-circle-text"
    return ENTRY_ICONS[entry.kind]


def contact_shown(kind: str, value: str) -> str:
    """A contact as people read it."""
    return shown(kind, value)


def terms(person: PersonCard) -> str:
    """How to address a person and where to write: «На „ты“ · писать в Телеграм»."""
    parts = (address_form(person.address_form), person.address_as, channel(person.preferred_channel))
    said = " · ".join(part for part in parts if part)
    return said[:1].upper() + said[1:]
