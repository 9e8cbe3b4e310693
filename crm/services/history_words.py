"""What the journal's tables, fields and values are called, in the language in use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Boolean, Column, Date

from crm import clock as clocks
from crm import contact_points, i18n
from crm.models import UtcDateTime
from crm.services import event_words, feedback_words

_SHOWN: Final = 3
_LONGEST: Final = 300


def sort_title(sort: str) -> str:
    """What a sort of deeds is called in a filter."""
    return {
        "import": i18n.in_context("sort of deed", "Import"),
        "feedback": i18n.in_context("sort of deed", "Feedback"),
        "visits": i18n.in_context("sort of deed", "Registration and check-in"),
        "talks": i18n.in_context("sort of deed", "Conversations and tasks"),
        "consents": i18n.in_context("sort of deed", "Consents"),
        "segments": i18n.in_context("sort of deed", "Segments"),
        "events": i18n.in_context("sort of deed", "Events"),
        "people": i18n.in_context("sort of deed", "People"),
        "settings": i18n.in_context("sort of deed", "Settings"),
    }.get(sort, i18n.in_context("sort of deed", "Other"))


def counted(table: str, count: int) -> str:
    """«3 человека»; «» for a table that people have no word for."""
    return {
        "person": i18n.plural("{count} person", "{count} people", count),
        "contact_point": i18n.plural("{count} contact", "{count} contacts", count),
        "organisation": i18n.plural("{count} organisation", "{count} organisations", count),
        "tag": i18n.plural("{count} tag", "{count} tags", count),
        "person_tag": i18n.plural("{count} tag on people", "{count} tags on people", count),
        "event": i18n.plural("{count} event", "{count} events", count),
        "attendance": i18n.plural("{count} attendance", "{count} attendances", count),
        "feedback_item": i18n.plural("{count} feedback item", "{count} feedback items", count),
        "response": i18n.plural("{count} answer", "{count} answers", count),
        "segment": i18n.plural("{count} segment", "{count} segments", count),
        "interaction": i18n.plural("{count} conversation", "{count} conversations", count),
        "task": i18n.plural("{count} task", "{count} tasks", count),
        "consent": i18n.plural("{count} consent", "{count} consents", count),
        "setting": i18n.plural("{count} setting", "{count} settings", count),
        "attachment": i18n.plural("{count} file", "{count} files", count),
    }.get(table, "")


def amount(counts: Iterable[tuple[str, int]], changes: int) -> str:
    """«3 человека, 2 контакта»; of a deed too large, or of tables without words, «1 200 строк»."""
    said = [words for table, count in counts if (words := counted(table, count))]
    return ", ".join(said[:_SHOWN]) or i18n.plural("{count} row", "{count} rows", changes)


def table_title(table: str) -> str:
    """What a row of a table is called: «Человек», «Контакт»."""
    return {
        "person": i18n.in_context("row of the journal", "Person"),
        "contact_point": i18n.in_context("row of the journal", "Contact"),
        "address": i18n.in_context("row of the journal", "Address"),
        "language": i18n.in_context("row of the journal", "Language"),
        "skill": i18n.in_context("row of the journal", "Skill"),
        "motive": i18n.in_context("row of the journal", "Why somebody comes"),
        "need_offer": i18n.in_context("row of the journal", "Offer or need"),
        "custom_value": i18n.in_context("row of the journal", "Value of an own field"),
        "custom_field": i18n.in_context("row of the journal", "Own field"),
        "organisation": i18n.in_context("row of the journal", "Organisation"),
        "tag": i18n.in_context("row of the journal", "Tag"),
        "person_tag": i18n.in_context("row of the journal", "Tag of a person"),
        "event": i18n.in_context("row of the journal", "Event"),
        "attendance": i18n.in_context("row of the journal", "Attendance"),
        "feedback_item": i18n.in_context("row of the journal", "Feedback"),
        "response": i18n.in_context("row of the journal", "Answer form"),
        "answer": i18n.in_context("row of the journal", "Answer"),
        "segment": i18n.in_context("row of the journal", "Segment"),
        "segment_member": i18n.in_context("row of the journal", "Member of a segment"),
        "interaction": i18n.in_context("row of the journal", "Conversation"),
        "interaction_person": i18n.in_context("row of the journal", "Somebody in a conversation"),
        "task": i18n.in_context("row of the journal", "Task"),
        "consent": i18n.in_context("row of the journal", "Consent"),
        "consent_text": i18n.in_context("row of the journal", "Text of a consent"),
        "setting": i18n.in_context("row of the journal", "Setting"),
        "attachment": i18n.in_context("row of the journal", "File"),
    }.get(table, i18n.in_context("row of the journal", "Row"))


@cache
def _fields(language: str) -> dict[str, str]:  # noqa: ARG001 - what is kept is kept by language
    """Fields that people have words for, in `language`; the others are the store's own and are not told."""
    return {
        "family_name": i18n.in_context("field", "Surname"),
        "given_name": i18n.in_context("field", "Given name"),
        "additional_name": i18n.in_context("field", "Patronymic"),
        "nickname": i18n.in_context("field", "Nickname"),
        "prefix": i18n.in_context("field", "Title before the name"),
        "suffix": i18n.in_context("field", "Addition after the name"),
        "address_as": i18n.in_context("field", "How to address"),
        "address_form": i18n.in_context("field", "Formal or informal"),
        "gender": i18n.in_context("field", "Gender"),
        "preferred_channel": i18n.in_context("field", "Preferred channel"),
        "organisation_id": i18n.in_context("field", "Organisation"),
        "job_title": i18n.in_context("field", "Job title"),
        "city": i18n.in_context("field", "City"),
        "birth_year": i18n.in_context("field", "Year of birth"),
        "birth_month": i18n.in_context("field", "Month of birth"),
        "birth_day": i18n.in_context("field", "Day of birth"),
        "birthday_text": i18n.in_context("field", "Birthday as written"),
        "joined_on": i18n.in_context("field", "Joined on"),
        "source": i18n.in_context("field", "Where from"),
        "referred_by_id": i18n.in_context("field", "Who brought them"),
        "note": i18n.in_context("field", "Words of the note"),
        "care_note": i18n.in_context("field", "Care note"),
        "blocked": i18n.in_context("field", "Blocked"),
        "archived_at": i18n.in_context("field", "Moved to the archive"),
        "deleted_at": i18n.in_context("field", "Deleted at"),
        "direction": i18n.in_context("field", "Offered or sought"),
        "closed_on": i18n.in_context("field", "Settled on"),
        "person_id": i18n.in_context("field", "The person"),
        "tag_id": i18n.in_context("field", "The tag"),
        "event_id": i18n.in_context("field", "The event"),
        "segment_id": i18n.in_context("field", "The segment"),
        "kind": i18n.in_context("field", "Sort"),
        "value": i18n.in_context("field", "Value"),
        "label": i18n.in_context("field", "Caption"),
        "preferred": i18n.in_context("field", "Preferred"),
        "valid": i18n.in_context("field", "Usable"),
        "name": i18n.in_context("field", "Its name"),
        "title": i18n.in_context("field", "Its title"),
        "description": i18n.in_context("field", "Description"),
        "text": i18n.in_context("field", "Its text"),
        "status": i18n.in_context("field", "State"),
        "role": i18n.in_context("field", "Role"),
        "registered_at": i18n.in_context("field", "Registered at"),
        "first_in_at": i18n.in_context("field", "Came in at"),
        "guest_count": i18n.in_context("field", "Guests brought"),
        "starts_at": i18n.in_context("field", "Begins"),
        "ends_at": i18n.in_context("field", "Ends"),
        "place": i18n.in_context("field", "Place"),
        "address": i18n.in_context("field", "Its address"),
        "capacity": i18n.in_context("field", "Places"),
        "format": i18n.in_context("field", "Format"),
        "summary": i18n.in_context("field", "Said"),
        "due_on": i18n.in_context("field", "Due on"),
        "done_at": i18n.in_context("field", "Done at"),
        "reply": i18n.in_context("field", "Reply"),
        "purpose": i18n.in_context("field", "What for"),
        "channel": i18n.in_context("field", "Channel"),
        "given_on": i18n.in_context("field", "Given on"),
        "expires_on": i18n.in_context("field", "Holds until"),
        "street": i18n.in_context("field", "Street"),
        "region": i18n.in_context("field", "Region"),
        "postcode": i18n.in_context("field", "Postcode"),
        "country": i18n.in_context("field", "Country"),
        "number": i18n.in_context("field", "Score"),
        "pinned": i18n.in_context("field", "At hand"),
    }


def field_title(column: str) -> str:
    """«Город»; «» for a field of the store's own."""
    return _fields(i18n.current()).get(column, "")


def value_words(column: Column[Any], value: Any) -> str:
    """A value of the journal as people read it; «» for nothing. What a key leads to is named by whoever asks."""
    if value is None or value in _NOTHING.get((column.table.name, column.name), ("",)):
        return ""
    if isinstance(column.type, Boolean):
        return i18n.in_context("field", "yes") if value else i18n.in_context("field", "no")
    if isinstance(column.type, UtcDateTime):
        moment = clocks.local(datetime.fromisoformat(str(value)).replace(tzinfo=UTC))
        return f"{i18n.day(moment.date())}, {i18n.time(moment)}"
    if isinstance(column.type, Date):
        return i18n.day(date.fromisoformat(str(value)))
    if column.table.name == "contact_point" and column.name == "kind" and value in contact_points.KINDS:
        return i18n.text(contact_points.KINDS[value].label)
    words = _keys(column.table.name, column.name).get(str(value))
    return words or " ".join(str(value)[: _LONGEST + 1].split())


def _keys(table: str, column: str) -> dict[str, str]:
    """The words for what a column of keys may hold; empty for any other column."""
    if table == "person":
        return _of_people(column)
    if (table, column) == ("need_offer", "direction"):
        return {"offers": i18n.text("Can help"), "seeks": i18n.text("Looks for")}
    asked = {
        ("attendance", "status"): (event_words.attendance_title, _ATTENDANCE),
        ("attendance", "role"): (event_words.role_title, ("guest", "speaker", "organiser", "volunteer", "mentor")),
        ("event", "status"): (event_words.status_title, ("planned", "open", "closed", "cancelled")),
        ("event", "format"): (event_words.format_title, ("offline", "online", "hybrid")),
        ("feedback_item", "status"): (feedback_words.status_title, feedback_words.STATUSES),
        ("feedback_item", "kind"): (feedback_words.kind_title, feedback_words.KINDS),
        ("feedback_item", "about"): (feedback_words.about_title, feedback_words.ABOUT),
    }.get((table, column))
    return {} if asked is None else {key: asked[0](key) for key in asked[1]}


def _of_people(column: str) -> dict[str, str]:
    return {
        "kind": {
            "member": i18n.in_context("kind of person", "Member"),
            "partner": i18n.in_context("kind of person", "Partner"),
            "media": i18n.in_context("kind of person", "Media"),
            "client": i18n.in_context("kind of person", "Client"),
            "team": i18n.in_context("kind of person", "Team"),
        },
        "address_form": {
            "informal": i18n.text("On first-name terms"),
            "formal": i18n.text("Address formally"),
        },
        "gender": {"female": i18n.text("Female"), "male": i18n.text("Male")},
        "preferred_channel": {kind.name: i18n.text(kind.label) for kind in contact_points.KINDS.values()},
    }.get(column, {})


_NOTHING: Final = {
    ("person", "address_form"): ("", "unknown"),
    ("person", "gender"): ("", "unknown"),
}
"""Keys that say no more than an empty field."""
_ATTENDANCE: Final = (
    "invited",
    "pending",
    "waitlisted",
    "registered",
    "attended",
    "walk_in",
    "no_show",
    "cancelled",
    "rejected",
    "transferred",
)
