"""Conditions on what a person is: tags, kind, level, ways to reach, birthday."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar, Final, cast

from sqlalchemy import ColumnElement, and_, false, not_, or_, select

from crm import i18n
from crm.models import ContactPoint, Person, PersonScore, PersonTag, Tag
from crm.services.rules.context import Context
from crm.services.rules.node import Field, Leaf, Operator, WhyRow
from crm.services.rules.worded import texts
from crm.services.rules.wording import both, either, quoted


def numbers(leaf: Leaf) -> tuple[int, ...]:
    """The value of a condition on whole numbers, also where it is a single one."""
    return leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)  # type: ignore[return-value]  # by the editor


class OnTag(Field):
    """Tags on a person."""

    key = "tag"
    title = i18n.mark("Tag")
    operators = (
        Operator("any_of", i18n.mark("any of these"), "tags"),
        Operator("all_of", i18n.mark("all of these"), "tags"),
        Operator("none_of", i18n.mark("none of these"), "tags"),
        Operator("is", i18n.mark("this one"), "tag"),
        Operator("is_empty", i18n.mark("there are none"), "none"),
    )

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        if leaf.operator == "is_empty":
            return Person.id.not_in(select(PersonTag.person_id))
        wanted = numbers(leaf)
        for tag_id in wanted:
            context.tag(tag_id)
        if leaf.operator == "all_of":
            return and_(*(self._tagged((tag_id,)) for tag_id in wanted))
        tagged = self._tagged(wanted)
        return not_(tagged) if leaf.operator == "none_of" else tagged

    def _tagged(self, wanted: tuple[int, ...]) -> ColumnElement[bool]:
        return Person.id.in_(select(PersonTag.person_id).where(PersonTag.tag_id.in_(wanted)))

    def says(self, context: Context, leaf: Leaf) -> str:
        if leaf.operator == "is_empty":
            return i18n.text("have no tags")
        names = [quoted(context.tag(tag_id)) for tag_id in numbers(leaf)]
        if leaf.operator == "none_of":
            return i18n.text("are not tagged {tags}", tags=either(names))
        if len(names) == 1:
            return i18n.text("are tagged {tags}", tags=names[0])
        return i18n.text("are tagged {tags}", tags=both(names) if leaf.operator == "all_of" else either(names))

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        query = (
            select(PersonTag.id, Tag.name)
            .join(Tag, Tag.id == PersonTag.tag_id)
            .where(PersonTag.person_id == person_id)
            .order_by(Tag.search_name)
        )
        if leaf.operator != "is_empty":
            query = query.where(Tag.id.in_(numbers(leaf)))
        return tuple(WhyRow("person_tag", row.id, row.name) for row in context.session.execute(query))


KIND_WORDS: Final = {
    "member": i18n.mark("as members"),
    "partner": i18n.mark("as partners"),
    "media": i18n.mark("as the press"),
    "client": i18n.mark("as clients"),
    "team": i18n.mark("as the team"),
}
"""«are listed …»."""


KIND_NAMES: Final = {
    "member": i18n.mark("Member"),
    "partner": i18n.mark("Partner"),
    "media": i18n.mark("Media"),
    "client": i18n.mark("Client"),
    "team": i18n.mark("Team"),
}


class OnKind(Field):
    """What a person is to the community."""

    key = "kind"
    title = i18n.mark("Kind of person")
    operators = (
        Operator("any_of", i18n.mark("any of these"), "kinds"),
        Operator("none_of", i18n.mark("none of these"), "kinds"),
    )

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        found = Person.kind.in_(texts(leaf))
        return not_(found) if leaf.operator == "none_of" else found

    def says(self, context: Context, leaf: Leaf) -> str:
        words = either([i18n.text(KIND_WORDS[kind]) for kind in texts(leaf)])
        if leaf.operator == "none_of":
            return i18n.text("are not listed {kinds}", kinds=words)
        return i18n.text("are listed {kinds}", kinds=words)

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        kind = context.session.execute(select(Person.kind).where(Person.id == person_id)).scalar_one()
        return (WhyRow("person", person_id, i18n.text(KIND_NAMES[kind])),)


LEVEL_WORDS: Final = {
    "core": i18n.mark("are in the core"),
    "active": i18n.mark("are active"),
    "member": i18n.mark("simply take part"),
    "new": i18n.mark("are newcomers"),
    "fading": i18n.mark("are going quiet"),
    "none": i18n.mark("have not come yet"),
}
NOT_LEVEL_WORDS: Final = {
    "core": i18n.mark("are not in the core"),
    "active": i18n.mark("are not active"),
    "member": i18n.mark("do more or less than simply take part"),
    "new": i18n.mark("are not newcomers"),
    "fading": i18n.mark("are not going quiet"),
    "none": i18n.mark("have come already"),
}


class OnLevel(Field):
    """The level a person has now."""

    key = "level"
    title = i18n.mark("Level")
    operators = (
        Operator("any_of", i18n.mark("is now"), "levels"),
        Operator("none_of", i18n.mark("is not now"), "levels"),
    )

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        wanted = set(texts(leaf))
        # Who never came may have no row of scores at all: «none» is everyone whose level is no other.
        if "none" in wanted:
            others = [level for level in LEVEL_WORDS if level not in wanted]
            found = Person.id.not_in(select(PersonScore.person_id).where(PersonScore.level.in_(others)))
        else:
            found = Person.id.in_(select(PersonScore.person_id).where(PersonScore.level.in_(sorted(wanted))))
        return not_(found) if leaf.operator == "none_of" else found

    def says(self, context: Context, leaf: Leaf) -> str:
        if leaf.operator == "none_of":
            return both([i18n.text(NOT_LEVEL_WORDS[level]) for level in texts(leaf)])
        levels = texts(leaf)
        said = either([i18n.text(LEVEL_WORDS[level]) for level in levels])
        # «Now have not come yet» says the same thing twice.
        return said if set(levels) == {"none"} else i18n.text("now {levels}", levels=said)

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        row = context.session.execute(
            select(PersonScore.level, PersonScore.last_visit_on).where(PersonScore.person_id == person_id)
        ).first()
        level, last = (row.level, row.last_visit_on) if row is not None else ("none", None)
        return (WhyRow("person_score", person_id, i18n.text(LEVEL_WORDS[level]), last),)


class OnContact(Field):
    """Ways to reach a person."""

    key = "contact_point"
    title = i18n.mark("Contact details")
    operators = (
        Operator("any_of", i18n.mark("any of"), "contacts"),
        Operator("all_of", i18n.mark("all of"), "contacts"),
        Operator("none_of", i18n.mark("none of"), "contacts"),
        Operator("is_empty", i18n.mark("none at all"), "none"),
    )
    WORDS: ClassVar = {
        "phone": i18n.mark("a phone"),
        "email": i18n.mark("an e-mail address"),
        "telegram": i18n.mark("a Telegram name"),
        "vk": i18n.mark("a VK page"),
        "whatsapp": i18n.mark("WhatsApp"),
        "max": i18n.mark("a MAX name"),
    }
    MISSING: ClassVar = {
        "phone": i18n.mark("no phone"),
        "email": i18n.mark("no e-mail address"),
        "telegram": i18n.mark("no Telegram name"),
        "vk": i18n.mark("no VK page"),
        "whatsapp": i18n.mark("no WhatsApp"),
        "max": i18n.mark("no MAX name"),
    }

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        if leaf.operator == "is_empty":
            return not_(self._reached(None))
        kinds = texts(leaf)
        if leaf.operator == "all_of":
            return and_(*(self._reached((kind,)) for kind in kinds))
        found = self._reached(kinds)
        return not_(found) if leaf.operator == "none_of" else found

    def _reached(self, kinds: tuple[str, ...] | None) -> ColumnElement[bool]:
        query = select(ContactPoint.id).where(ContactPoint.person_id == Person.id)
        return (query if kinds is None else query.where(ContactPoint.kind.in_(kinds))).correlate(Person).exists()

    def says(self, context: Context, leaf: Leaf) -> str:
        if leaf.operator == "is_empty":
            return i18n.text("left no way to reach them")
        if leaf.operator == "none_of":
            missing = [i18n.text(self.MISSING[kind]) for kind in texts(leaf)]
            return i18n.text("left {missing}", missing=", ".join(missing))
        words = [i18n.text(self.WORDS[kind]) for kind in texts(leaf)]
        return i18n.text("left {contacts}", contacts=both(words) if leaf.operator == "all_of" else either(words))

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        query = select(ContactPoint.id, ContactPoint.value).where(ContactPoint.person_id == person_id)
        if leaf.operator != "is_empty":
            query = query.where(ContactPoint.kind.in_(texts(leaf)))
        found = context.session.execute(query.order_by(ContactPoint.position, ContactPoint.id))
        return tuple(WhyRow("contact_point", row.id, row.value) for row in found)


class OnBirthday(Field):
    """The birthday of a person, whose year need not be known; 29 February is kept on the 28th of a common year."""

    key = "birthday"
    title = i18n.mark("Birthday")
    operators = (
        Operator("in_next", i18n.mark("in the next days"), "days"),
        Operator("is_empty", i18n.mark("is empty"), "none"),
        Operator("is_not_empty", i18n.mark("is filled in"), "none"),
    )

    def where(self, context: Context, leaf: Leaf) -> ColumnElement[bool]:
        if leaf.operator == "is_empty":
            return Person.birth_month.is_(None)
        if leaf.operator == "is_not_empty":
            return Person.birth_month.is_not(None)
        days = cast("int", leaf.value)
        if days >= 366:
            return Person.birth_month.is_not(None)
        windows = [
            and_(Person.birth_month == month, Person.birth_day.between(first, last))
            for month, first, last in birthday_windows(context.today, days)
        ]
        return and_(Person.birth_month.is_not(None), or_(false(), *windows))

    def says(self, context: Context, leaf: Leaf) -> str:
        if leaf.operator == "is_empty":
            return i18n.text("did not tell their birthday")
        if leaf.operator == "is_not_empty":
            return i18n.text("told their birthday")
        days = cast("int", leaf.value)
        if days == 1:
            return i18n.text("have their birthday today")
        return i18n.plural(
            "have their birthday in the next {count} day", "have their birthday in the next {count} days", days
        )

    def rows(self, context: Context, leaf: Leaf, person_id: int) -> tuple[WhyRow, ...]:
        row = context.session.execute(
            select(Person.birth_month, Person.birth_day).where(Person.id == person_id, Person.birth_month.is_not(None))
        ).first()
        return () if row is None else (WhyRow("person", person_id, i18n.birthday(row.birth_month, row.birth_day)),)


def birthday_windows(today: date, days: int) -> list[tuple[int, int, int]]:
    """(month, first day, last day) of birthdays kept from `today` on for `days` days, today counted."""
    windows: list[tuple[int, int, int]] = []
    for ahead in range(days):
        day = today + timedelta(days=ahead)
        last = day.day
        if (day + timedelta(days=1)).month == 3 and day.month == 2:
            last = 29
        if windows and windows[-1][0] == day.month and windows[-1][2] >= day.day - 1:
            month, first, _ = windows[-1]
            windows[-1] = (month, first, last)
        else:
            windows.append((day.month, day.day, last))
    return windows
