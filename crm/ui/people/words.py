"""What the keys of a person are called on the page: kinds, channels, consents, entries of the timeline."""

from __future__ import annotations

from datetime import date
from typing import Final

from crm import i18n
from crm.contact_points import KINDS, shown
from crm.i18n import mark
from crm.services.cards import NeedLine, PersonCard
from crm.services.profiles import Profile
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
PERSON_KINDS: Final = ("member", "partner", "media", "client", "team")
TALKS: Final = ("call", "message", "meeting", "letter", "note")
_CHANNELS: Final = {
    "phone": mark("prefers a call"),
    "email": mark("prefers e-mail"),
    "telegram": mark("prefers Telegram"),
    "vk": mark("prefers VK"),
    "whatsapp": mark("prefers WhatsApp"),
    "max": mark("prefers MAX"),
}
_FORMS: Final = {"informal": mark("On first-name terms"), "formal": mark("Address formally")}
_GENDERS: Final = {
    "unknown": mark("Not stated"),
    "female": mark("Female"),
    "male": mark("Male"),
}
_PURPOSES: Final = {
    "data": mark("Keeping data"),
    "messages": mark("Invitations and news"),
    "photo": mark("Photo and video"),
}
ENTRY_ICONS: Final = {
    "conversation": "phone",
    "feedback": "chat-circle-text",
    "answer": "star",
    "task": "check-square",
    "change": "pencil-simple",
    "event": "ticket",
    "consent": "handshake",
    "tag": "tag",
    "relation": "users",
    "file": "paperclip",
    "import": "download-simple",
    "merge": "arrows-in-simple",
}


def contact_kind(kind: str) -> str:
    """«Телефон», «Почта»; a kind of one's own as it is."""
    return i18n.text(KINDS[kind].label) if kind in KINDS else kind


def contact_icon(kind: str) -> str:
    """The sign of a kind of contact."""
    return CONTACT_ICONS.get(kind, "identification-badge")


def contact_odd(kind: str) -> str:
    """What is said of a contact that did not pass its kind's check: it is kept as typed."""
    return {
        "phone": i18n.text("does not look like a phone"),
        "email": i18n.text("does not look like an e-mail address"),
        "site": i18n.text("does not look like an address"),
    }.get(kind, i18n.text("does not look like a name there"))


def address_parts() -> dict[str, str]:
    """What the parts of an address are called."""
    return {
        "street": i18n.text("Street, house, flat"),
        "city": i18n.in_context("address", "Town"),
        "postcode": i18n.text("Postcode"),
        "region": i18n.text("Region"),
        "country": i18n.text("Country"),
        "label": i18n.text("Label: work, home"),
    }


def need(line: NeedLine) -> str:
    """«может помочь: SQL», «ищет: наставника»; a closed one says so."""
    said = i18n.text("looks for: {what}", what=line.text)
    if line.direction == "offers":
        said = i18n.text("can help: {what}", what=line.text)
    return i18n.text("{need}, settled", need=said) if line.closed_on is not None else said


def gender(key: str) -> str:
    """«Женский», «Мужской», or nothing."""
    return i18n.text(_GENDERS[key]) if key in _GENDERS and key != "unknown" else ""


def referral(profile: Profile) -> str:
    """Who brought the person and how many came through them: «По приглашению: Семён Ёлкин · следом пришли 4»."""
    said = []
    if profile.person.referred_by:
        said.append(i18n.text("Came through {name}", name=profile.person.referred_by))
    if profile.brought:
        said.append(i18n.plural("brought {count} person", "brought {count} people", profile.brought))
    whole = " · ".join(said)
    return whole[:1].upper() + whole[1:]


def person_kind(kind: str) -> str:
    """«Участник», «Партнёр», «Медиа», «Клиент», «Команда»."""
    return {
        "member": i18n.in_context("kind of person", "Member"),
        "partner": i18n.in_context("kind of person", "Partner"),
        "media": i18n.in_context("kind of person", "Media"),
        "client": i18n.in_context("kind of person", "Client"),
        "team": i18n.in_context("kind of person", "Team"),
    }[kind]


def channel(kind: str) -> str:
    """«писать в Телеграм»."""
    return i18n.text(_CHANNELS[kind]) if kind in _CHANNELS else ""


def address_form(form: str) -> str:
    """«На „ты“», «На „вы“», or nothing."""
    return i18n.text(_FORMS[form]) if form in _FORMS else ""


def forms() -> list[tuple[str, str]]:
    """How a person may be addressed, to choose from."""
    return [("unknown", i18n.text("Not stated")), *((form, i18n.text(word)) for form, word in _FORMS.items())]


def genders() -> list[tuple[str, str]]:
    """Genders to choose from."""
    return [(gender, i18n.text(word)) for gender, word in _GENDERS.items()]


def channels() -> list[tuple[str, str]]:
    """Channels a person may prefer, to choose from."""
    return [("", i18n.text("Not stated")), *((kind, contact_kind(kind)) for kind in _CHANNELS)]


def purpose(key: str) -> str:
    """What a consent is for."""
    return i18n.text(_PURPOSES.get(key, key))


def talk(kind: str) -> str:
    """«Звонок», «Сообщение», «Встреча», «Письмо», «Заметка»."""
    return {
        "call": i18n.in_context("conversation", "Call"),
        "message": i18n.in_context("conversation", "Message"),
        "meeting": i18n.in_context("conversation", "Meeting"),
        "letter": i18n.in_context("conversation", "Letter"),
        "note": i18n.in_context("conversation", "Note"),
    }[kind]


def _item(kind: str) -> str:
    return {
        "idea": i18n.in_context("feedback", "Idea"),
        "problem": i18n.in_context("feedback", "Problem"),
        "praise": i18n.in_context("feedback", "Praise"),
        "question": i18n.in_context("feedback", "Question"),
    }.get(kind, i18n.text("Feedback"))


def _attendance(status: str, gender: str, what: str) -> str:
    """What became of a registration; «пришла» and «пришёл» only where the gender is known."""
    came = {
        "female": i18n.in_context("female", "Came: {what}"),
        "male": i18n.in_context("male", "Came: {what}"),
    }.get(gender, i18n.text("Came: {what}"))
    missed = {
        "female": i18n.in_context("female", "Did not come: {what}"),
        "male": i18n.in_context("male", "Did not come: {what}"),
    }.get(gender, i18n.text("Did not come: {what}"))
    return {
        "invited": i18n.text("Invited: {what}"),
        "pending": i18n.text("Awaits approval: {what}"),
        "waitlisted": i18n.text("On the waiting list: {what}"),
        "registered": i18n.text("Registered: {what}"),
        "attended": came,
        "walk_in": came,
        "no_show": missed,
        "cancelled": i18n.text("Registration cancelled: {what}"),
        "rejected": i18n.text("Not approved: {what}"),
        "transferred": i18n.text("Ticket passed on: {what}"),
    }[status].format(what=what)


def entry_title(entry: Entry, gender: str = "unknown") -> str:
    """The first line of an entry of the timeline."""
    if entry.kind == "event":
        what = i18n.text("{kind} «{title}»", kind=entry.event_kind, title=entry.title)
        if entry.role == "speaker" and entry.key in {"registered", "attended", "walk_in"}:
            return i18n.text("Speaks: {what}", what=what)
        return _attendance(entry.key, gender, what)
    if entry.kind == "conversation":
        said = talk(entry.key)
        if entry.minutes:
            said += ", " + i18n.plural("{count} minute", "{count} minutes", entry.minutes)
        return said
    if entry.kind in {"feedback", "answer"}:
        if entry.score is not None:
            return i18n.text("Feedback: {score} out of 10", score=entry.score)
        return _item(entry.key)
    if entry.kind == "consent" and entry.label is None:
        return _consent(entry)
    if entry.kind == "task":
        if entry.key == "done":
            return i18n.text("Done: {title}", title=entry.title)
        return i18n.text("To do: {title}", title=entry.title)
    return _change(entry)


def _consent(entry: Entry) -> str:
    """«Согласие „Приглашения и новости“: дано»."""
    said = {
        "given": i18n.in_context("consent", "given"),
        "refused": i18n.in_context("consent", "refused"),
        "withdrawn": i18n.in_context("consent", "withdrawn"),
    }.get(entry.key, i18n.in_context("consent", "entered by mistake"))
    return i18n.text("Consent «{what}»: {answer}", what=purpose(entry.title), answer=said)


def _change(entry: Entry) -> str:
    label = entry.label.text() if entry.label is not None else ""
    if entry.key == "undo":
        return i18n.text("Undone: {label}", label=label)
    return i18n.text("Done again: {label}", label=label) if entry.key == "redo" else label


def entry_detail(entry: Entry) -> str:
    """The second line of an entry; empty when there is nothing to add."""
    if entry.kind == "event":
        return i18n.text("Checked in at {time}", time=entry.text) if entry.text else ""
    if entry.kind in {"feedback", "answer"}:
        words = i18n.text("«{words}»", words=entry.text) if entry.text else ""
        return " · ".join(part for part in (entry.title, words) if part)
    return entry.text


def entry_icon(entry: Entry) -> str:
    """The sign of an entry."""
    if entry.kind == "event":
        return {"attended": "check-circle", "walk_in": "check-circle", "no_show": "x-circle"}.get(entry.key, "ticket")
    if entry.kind == "conversation":
        return {"call": "phone", "meeting": "users", "note": "note-pencil"}.get(entry.key, "chat-circle-text")
    if entry.key == "idea" and entry.kind == "feedback":
        return "lightbulb"
    if entry.kind == "answer" and entry.score is None:
        return "chat-circle-text"
    return ENTRY_ICONS[entry.kind]


def contact_shown(kind: str, value: str) -> str:
    """A contact as people read it."""
    return shown(kind, value)


def terms(person: PersonCard) -> str:
    """How to address a person and where to write: «На „ты“ · писать в Телеграм»."""
    parts = (address_form(person.address_form), person.address_as, channel(person.preferred_channel))
    said = " · ".join(part for part in parts if part)
    return said[:1].upper() + said[1:]


def birthday(person: PersonCard) -> str:
    """A birthday as people say it, or as it was written; «» where there is none."""
    known = person.birthday
    if known is None:
        return person.birthday_text
    if known.year is None:
        return i18n.birthday(known.month, known.day)
    return i18n.date_long(date(known.year, known.month, known.day))
