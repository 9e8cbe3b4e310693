"""Which editor a fact turns into, filled with what is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtGui import QTextCursor

from crm import i18n
from crm.partial_date import PartialDate
from crm.services import organisations, people, people_editing, person_lists, tags
from crm.services.cards import AddressLine
from crm.services.person_fields import field_title
from crm.services.person_lists import What
from crm.services.profiles import Profile
from crm.ui.operations import Operations
from crm.ui.people import words
from crm.ui.people.field_editors import (
    AddressEditor,
    ContactEditor,
    CustomEditor,
    FieldEditor,
    FieldWrong,
    NeedEditor,
    Part,
    PartsEditor,
)
from crm.ui.people.inputs import AskedField, NoSuchDay, PersonField, TagsField, read_birthday, written_birthday
from crm.ui.people.profile_facts import Fact
from crm.ui.theme import Theme
from crm.ui.widgets.date_fields import DateField
from crm.ui.widgets.fields import LineEdit, Select, TextArea

_LISTS: tuple[What, ...] = ("languages", "skills", "motives")


class EditorMaking:
    """Makes the editors of one person's facts."""

    def __init__(self, theme: Theme, operations: Operations, profile: Profile) -> None:
        self._theme, self._operations, self._profile = theme, operations, profile
        self._person = profile.person

    def make(self, fact: Fact, need_id: int | None = None) -> FieldEditor:
        """The editor of a fact; of needs, the one of that need."""
        theme, person = self._theme, self._person
        if fact.field == "address":
            line = next((one.line for one in self._profile.addresses if one.id == fact.of), AddressLine())
            return AddressEditor(theme, person.id, fact.of if fact.of > 0 else None, line)
        if fact.field in {"offers", "seeks"}:
            need = next((one for one in person.needs if one.id == need_id), None)
            return NeedEditor(theme, self._operations, (person.id, person.display_name), fact.field, need)
        if fact.field == "custom":
            custom = next(one for one in self._profile.custom if one.field.id == fact.of)
            return CustomEditor(theme, person.id, custom.field, custom.value)
        if fact.group == "reach" and fact.key.startswith(("contact:", "new:")):
            contact = person.contacts[fact.of] if 0 <= fact.of < len(person.contacts) else None
            labels = self._operations.read(people_editing.contact_labels)
            return ContactEditor(theme, person.id, fact.field, contact, labels)
        return PartsEditor(theme, person.id, fact.field, self._parts(fact.field))

    def _parts(self, field: str) -> list[Part]:
        if field == "name":
            titles = (
                ("family_name", i18n.text("Family name")),
                ("given_name", i18n.text("Given name")),
                ("additional_name", i18n.text("Middle name")),
                ("nickname", i18n.text("Nickname")),
            )
            return [self._line(name, title) for name, title in titles]
        if field == "work":
            return [self._organisation(), self._line("job_title")]
        if field == "terms":
            return [
                self._select("address_form", words.forms()),
                self._line("address_as"),
                self._select("preferred_channel", words.channels()),
            ]
        if field in _LISTS:
            return [self._names(next(what for what in _LISTS if what == field))]
        makers: dict[str, Callable[[], Part]] = {
            "gender": lambda: self._select("gender", words.genders()),
            "kind": lambda: self._select("kind", [(kind, words.person_kind(kind)) for kind in words.PERSON_KINDS]),
            "birthday": self._birthday,
            "joined_on": self._joined,
            "referred_by_id": self._referrer,
            "tags": self._tags,
            "note": lambda: self._area("note"),
            "care_note": lambda: self._area("care_note"),
        }
        return [makers[field]() if field in makers else self._line(field)]

    def _line(self, field: str, title: str = "") -> Part:
        before = getattr(self._person, field)
        line = LineEdit(self._theme)
        line.setText(before)
        return Part(field, line, before, lambda: line.text().strip(), title or field_title(field))

    def _area(self, field: str) -> Part:
        before = getattr(self._person, field)
        area = TextArea(self._theme, rows=4)
        area.set_text(before)
        area.moveCursor(QTextCursor.MoveOperation.End)
        # Qt has its own mind about line ends; only what was typed counts.
        shown = area.text()
        return Part(field, area, before, lambda: before if area.text() == shown else area.text(), field_title(field))

    def _select(self, field: str, options: list[tuple[str, str]]) -> Part:
        before = getattr(self._person, field)
        if before not in dict(options):
            options = [*options, (before, before)]
        select = Select(self._theme, options)
        select.set_value(before)
        return Part(field, select, before, select.value, field_title(field))

    def _organisation(self) -> Part:
        read, before = self._operations.read, self._person.organisation
        line = AskedField(self._theme, lambda typed: read(lambda s: organisations.organisation_names(s, typed)))
        line.setText(before)
        return Part("organisation", line, before, lambda: line.text().strip(), field_title("organisation"))

    def _birthday(self) -> Part:
        person = self._person
        line = LineEdit(self._theme, i18n.text("DD.MM or DD.MM.YYYY"))
        odd = person.birthday_text if person.birthday is None else ""
        line.setText(odd or written_birthday(person.birthday))
        before = odd or person.birthday

        def read() -> PartialDate | str | None:
            if odd and line.text() == odd:
                return odd
            try:
                return read_birthday(line.text())
            except NoSuchDay as error:
                said = i18n.text("There is no day {day}. Type it as 14.03 or 14.03.1990", day=str(error))
                raise FieldWrong(said, line) from error

        return Part("birthday", line, before, read, field_title("birthday"))

    def _joined(self) -> Part:
        field = DateField(self._theme, today=self._operations.today())
        before = self._person.joined_on
        field.set_day(before)

        def read() -> date | None:
            if field.is_wrong:
                said = i18n.text("There is no day {day}. Type it as 14.03.2026", day=field.text().strip())
                raise FieldWrong(said, field)
            return field.day()

        return Part("joined_on", field, before, read, field_title("joined_on"))

    def _referrer(self) -> Part:
        read, person = self._operations.read, self._person
        field = PersonField(self._theme, lambda typed: read(lambda s: people.offered(s, typed)))
        field.set_person(person.referred_by_id if person.referred_by else None, person.referred_by)
        # Somebody in the trash is nobody to show, and still who it was.
        before = person.referred_by_id if person.referred_by else None

        def chosen() -> int | None:
            if field.is_wrong:
                raise FieldWrong(i18n.text("Nobody is called so. Choose from the list"), field)
            return field.person_id()

        return Part("referred_by_id", field, before, chosen, field_title("referred_by_id"))

    def _tags(self) -> Part:
        field = TagsField(self._theme, self._operations.read(tags.tag_names))
        before = tuple(name for name, _ in self._person.tags)
        field.set_names(before)
        return Part("tags", field, before, field.names, field_title("tags"))

    def _names(self, what: What) -> Part:
        known = self._operations.read(lambda s: person_lists.names_known(s, what))
        hints = {
            "languages": i18n.text("Add a language"),
            "skills": i18n.text("Add a skill"),
            "motives": i18n.text("Friends, a job…"),
        }
        field = TagsField(self._theme, [(name, "grey") for name in known], hints[what])
        before: tuple[str, ...] = getattr(self._person, what)
        field.set_names(before)
        return Part(what, field, before, field.names, field_title(what))
