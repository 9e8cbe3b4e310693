"""The columns of the list of people, and the cell that shows where a search hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from crm import i18n, text
from crm.services import list_columns, person_words
from crm.services.cards import PersonRow
from crm.services.custom_fields import FieldDefinition
from crm.services.list_columns import MORE, OWN
from crm.services.saved_views import COLUMNS
from crm.ui import icons
from crm.ui.people import reasons
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.cells import AVATAR, PersonCellDelegate, TextCell
from crm.ui.widgets.id_list import Column, PersonCell
from crm.ui.widgets.marks import initials, paint_avatar

BACKWARDS: Final = frozenset(("visit", "events", "created", "changed", "joined"))
"""Columns whose largest value is asked for first."""


@dataclass(frozen=True, slots=True)
class FoundText:
    """A line of text with the places that a search hit."""

    words: str
    hits: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class FoundPerson(PersonCell):
    """A person in the list: where the name was hit, and why a search found them when the row does not show it."""

    hits: tuple[tuple[int, int], ...] = ()
    reason: str = ""
    reason_icons: tuple[str, ...] = ()


def columns(
    today: date, keys: Sequence[str] = COLUMNS, fields: Sequence[FieldDefinition] = ()
) -> list[Column[PersonRow]]:
    """The columns of these keys in this order; «вчера» is as of `today`."""
    made = _usual(today)
    return [
        made[key] if key in made else _further(key, today, fields) for key in keys if key in made or known(key, fields)
    ]


def known(key: str, fields: Sequence[FieldDefinition]) -> bool:
    """Whether there is such a column: an own field may have been put away."""
    return key in MORE or key in COLUMNS or any(key == f"{OWN}{field.id}" for field in fields)


def _usual(today: date) -> dict[str, Column[PersonRow]]:
    made: list[Column[PersonRow]] = [
        Column("name", i18n.text("Name"), "person", 236, _found, stretch=3, minimum=170, text=_said, tooltip=_name_tip),
        Column(
            "organisation",
            i18n.text("Organisation"),
            "text",
            140,
            _organisation,
            2,
            84,
            text=lambda row: row.organisation,
        ),
        Column("tags", i18n.in_context("people", "Tags"), "tags", 142, lambda row: row.tags, 1, 96, sortable=False),
        Column("level", i18n.text("Level"), "level", 102, lambda row: row.level, minimum=98),
        Column("visit", i18n.text("Visit"), "text", 80, lambda row: _visit(row, today), minimum=72),
        Column("events", i18n.text("Events"), "number", 64, lambda row: i18n.number(row.attended), minimum=62),
    ]
    return {column.key: column for column in made}


def _further(key: str, today: date, fields: Sequence[FieldDefinition]) -> Column[PersonRow]:
    def shown(row: PersonRow) -> str:
        value = row.more.get(key, "")
        if key == "kind" and value:
            return person_words.person_kind(value)
        if key == "birthday" and value:
            return i18n.birthday(*value)
        if isinstance(value, date):
            return i18n.day(value, today)
        return " ".join(str(value).split())

    number = any(field.kind == "number" and key == f"{OWN}{field.id}" for field in fields)
    width = _WIDTHS.get(key, 120)
    return Column(key, list_columns.title(key, fields), "number" if number else "text", width, shown, minimum=72)


_WIDTHS: Final = {"phone": 140, "email": 180, "birthday": 96, "joined": 88, "created": 88, "changed": 88}


def _visit(row: PersonRow, today: date) -> str:
    return i18n.day(row.last_visit, today) if row.last_visit else "\N{EM DASH}"


def _found(row: PersonRow) -> FoundPerson:
    signs, why = reasons.chip(row)
    hits = tuple(text.spans(row.display_name, row.matched)) if row.matched else ()
    return FoundPerson(row.id, row.display_name, row.initials, "", hits, why, signs)


def _organisation(row: PersonRow) -> FoundText | None:
    if not row.organisation:
        return None
    return FoundText(row.organisation, tuple(text.spans(row.organisation, row.matched)) if row.matched else ())


def _said(row: PersonRow) -> str:
    why = reasons.said(row)
    return f"{row.display_name}, {why}" if why else row.display_name


def _name_tip(row: PersonRow) -> str:
    whole = text.list_name(text.NameParts(row.family_name, row.given_name, row.additional_name, row.nickname))
    why = reasons.said(row)
    return "\n".join(part for part in (whole or row.display_name, why) if part)


def underline(painter: QPainter, theme: Theme, rect: QRect, found: FoundText, role: str) -> None:
    """A line of accent below what was hit, as far as the text is to be seen in `rect`."""
    metrics = theme.metrics(role)
    shown = shapes.elided(found.words, rect.width(), theme.font(role), metrics)
    visible = len(shown) if shown == found.words else len(shown) - 1
    bottom = rect.center().y() + metrics.ascent() // 2 + 2
    for start, end in found.hits:
        if start < visible:
            left = metrics.horizontalAdvance(found.words[:start])
            width = metrics.horizontalAdvance(found.words[start : min(end, visible)])
            painter.fillRect(rect.x() + left, bottom, width, 2, theme.colour("accent"))


class FoundTextDelegate(TextCell):
    """A line in the second ink with what was hit underlined."""

    def paint_value(self, painter: QPainter, rect: QRect, value: Any) -> None:
        """The line, and the line below it."""
        super().paint_value(painter, rect, value.words)
        underline(painter, self._theme, rect, value, self.role)


class _Chip(NamedTuple):
    """Where a reason stands beside a name, and whether its signs and its words are painted."""

    place: QRect
    signs: bool
    words: bool


class FoundPersonDelegate(PersonCellDelegate):
    """Avatar, name with what was hit underlined, and the reason of a hit that the row does not show."""

    def paint_value(self, painter: QPainter, rect: QRect, value: Any) -> None:
        """The circle, the name, the line below the hit, the chip."""
        theme = self._theme
        side = theme.px(AVATAR)
        circle = QRect(rect.x(), rect.y() + (rect.height() - side) // 2, side, side)
        paint_avatar(painter, theme, circle, value.seed, value.initials or initials(value.name))
        area = rect.adjusted(side + 10, 0, 0, 0)
        font, metrics = theme.font("body_strong"), theme.metrics("body_strong")
        chip = self._chip(value, area.width() - metrics.horizontalAdvance(value.name) - 8)
        place = chip.place
        room = area.width() if place.isNull() else max(area.width() * 11 // 20, area.width() - place.width() - 8)
        name = QRect(area.x(), area.y(), room, area.height())
        shapes.line_of_text(painter, name, value.name, font, metrics, theme.colour("text"))
        underline(painter, theme, name, FoundText(value.name, value.hits), "body_strong")
        if not place.isNull():
            shown = metrics.horizontalAdvance(shapes.elided(value.name, room, font, metrics))
            place.moveTo(area.x() + shown + 8, area.y() + (area.height() - place.height()) // 2)
            place.setRight(min(place.right(), area.right()))
            self._paint_reason(painter, chip, value)

    def _chip(self, value: FoundPerson, room: int) -> _Chip:
        """How the reason is painted: whole where there is room beside the name, else its words, else its signs."""
        if not value.reason:
            return _Chip(QRect(), False, False)
        theme = self._theme
        height, sign, many = theme.px(20), theme.px(12), len(value.reason_icons)
        words = theme.metrics("small").horizontalAdvance(value.reason) + 16
        signs = (sign + 4) * many
        if not many or words <= room < words + signs:
            return _Chip(QRect(0, 0, words, height), False, True)
        if words + signs <= room:
            return _Chip(QRect(0, 0, words + signs, height), True, True)
        return _Chip(QRect(0, 0, height + 4 + (sign + 4) * (many - 1), height), True, False)

    def _paint_reason(self, painter: QPainter, chip: _Chip, value: FoundPerson) -> None:
        theme, place = self._theme, chip.place
        ground, ink = theme.chip("grey")
        shapes.box(painter, place, place.height() / 2, ground)
        size = theme.px(12)
        x = place.x() + (8 if chip.words else (place.height() + 4 - size) // 2)
        for sign in value.reason_icons if chip.signs else ():
            icons.paint(painter, sign, x, place.y() + (place.height() - size) / 2, size, ink)
            x += size + 4
        if chip.words:
            area = QRect(x, place.y(), place.right() - x - 6, place.height())
            shapes.line_of_text(painter, area, value.reason, theme.font("small"), theme.metrics("small"), ink)
