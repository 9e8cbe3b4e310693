"""The columns of the list of people, and the cell that shows where a search hit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from crm import i18n, text
from crm.services.cards import PersonRow
from crm.ui import icons
from crm.ui.people import words
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.cells import AVATAR, PersonCellDelegate, TextCell
from crm.ui.widgets.id_list import Column, PersonCell
from crm.ui.widgets.marks import initials, paint_avatar

SORTS: Final = {"name": "name", "organisation": "organisation", "level": "level", "visit": "visit", "events": "events"}
"""Columns by which the list can be ordered."""


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
    reason_icon: str = ""


def columns(today: date) -> list[Column[PersonRow]]:
    """The columns of the page; «вчера» is as of `today`."""
    return [
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


def _visit(row: PersonRow, today: date) -> str:
    return i18n.day(row.last_visit, today) if row.last_visit else "\N{EM DASH}"


def _found(row: PersonRow) -> FoundPerson:
    icon, why = words.reason(row)
    hits = tuple(text.spans(row.display_name, row.matched)) if row.matched else ()
    return FoundPerson(row.id, row.display_name, row.initials, "", hits, why, icon)


def _organisation(row: PersonRow) -> FoundText | None:
    if not row.organisation:
        return None
    return FoundText(row.organisation, tuple(text.spans(row.organisation, row.matched)) if row.matched else ())


def _said(row: PersonRow) -> str:
    _, why = words.reason(row)
    return f"{row.display_name}, {why}" if why else row.display_name


def _name_tip(row: PersonRow) -> str:
    whole = text.list_name(text.NameParts(row.family_name, row.given_name, row.additional_name, row.nickname))
    _, why = words.reason(row)
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
        room = area.width() if chip.isNull() else max(area.width() * 11 // 20, area.width() - chip.width() - 8)
        name = QRect(area.x(), area.y(), room, area.height())
        shapes.line_of_text(painter, name, value.name, font, metrics, theme.colour("text"))
        underline(painter, theme, name, FoundText(value.name, value.hits), "body_strong")
        if not chip.isNull():
            shown = metrics.horizontalAdvance(shapes.elided(value.name, room, font, metrics))
            chip.moveTo(area.x() + shown + 8, area.y() + (area.height() - chip.height()) // 2)
            chip.setRight(min(chip.right(), area.right()))
            self._paint_reason(painter, chip, value)

    def _chip(self, value: FoundPerson, room: int) -> QRect:
        """How large the reason is painted: whole where there is room beside the name, else its icon alone."""
        if not value.reason:
            return QRect()
        height = self._theme.px(20)
        icon = self._theme.px(12) + 4 if value.reason_icon else 0
        width = self._theme.metrics("small").horizontalAdvance(value.reason) + 16 + icon
        alone = width > room and bool(value.reason_icon)
        return QRect(0, 0, height + 4 if alone else width, height)

    def _paint_reason(self, painter: QPainter, chip: QRect, value: FoundPerson) -> None:
        theme = self._theme
        ground, ink = theme.chip("grey")
        shapes.box(painter, chip, chip.height() / 2, ground)
        size = theme.px(12)
        alone = bool(value.reason_icon) and chip.width() <= chip.height() + 4
        x = chip.x() + (chip.width() - size) // 2 if alone else chip.x() + 8
        if value.reason_icon:
            icons.paint(painter, value.reason_icon, x, chip.y() + (chip.height() - size) / 2, size, ink)
            x += size + 4
        if not alone:
            area = QRect(x, chip.y(), chip.right() - x - 6, chip.height())
            shapes.line_of_text(painter, area, value.reason, theme.font("small"), theme.metrics("small"), ink)
