"""The first section of the profile: how to reach the person, where they work, what is known of them."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crm import contact_points, i18n
from crm.services.cards import ContactLine
from crm.services.profiles import Profile
from crm.ui import clipboard
from crm.ui.people import words
from crm.ui.people.facts import FactLine
from crm.ui.people.sections import Section
from crm.ui.theme import Theme
from crm.ui.widgets.chips import FlowLayout, TagChip, ToneChip
from crm.ui.widgets.labels import IconLabel, Label


class FactsSection(Section):
    """The facts of a person."""

    person_chosen = Signal(int)
    site_chosen = Signal(str)
    copied = Signal(str)
    origin_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, line=False)

    def fill(self, profile: Profile, today: date) -> bool:
        """Every fact there is."""
        person, column = profile.person, self.body
        work = " — ".join(part for part in (person.organisation, person.job_title) if part)
        if work:
            column.addWidget(self._fact("buildings", work, "organisation"))
        for contact in person.contacts:
            column.addWidget(self._contact(contact))
        plain = (
            ("chat-circle-text", words.terms(person), "terms"),
            ("map-pin", person.city, "city"),
            ("cake", words.birthday(person), "birthday"),
            ("identification-badge", words.person_kind(person.kind) if person.kind != "member" else "", ""),
        )
        for icon, said, field in plain:
            if said:
                column.addWidget(self._fact(icon, said, field))
        self._referral(column, profile)
        if profile.do_not_contact:
            asked = i18n.text("Asked not to be written to")
            column.addWidget(IconLabel(self._theme, "hand-palm", asked, "body", "bad", "bad", gap=12))
        chips = [TagChip(self._theme, name, colour) for name, colour in person.tags]
        needs = [ToneChip(self._theme, i18n.text("can help: {what}", what=offer), "teal") for offer in profile.offers]
        needs += [ToneChip(self._theme, i18n.text("looks for: {what}", what=need), "amber") for need in profile.seeks]
        for row in (chips, needs):
            if row:
                column.addSpacing(8)
                flow = QWidget()
                layout = FlowLayout(flow, 6)
                for chip in row:
                    layout.addWidget(chip)
                column.addWidget(flow)
        for icon, note in (("note-pencil", person.note), ("lock-key", person.care_note)):
            if note:
                column.addSpacing(8)
                column.addLayout(self._note(icon, note))
        if not column.count():
            column.addWidget(Label(self._theme, i18n.text("Nothing is known yet but the name"), "body", "text2"))
        return True

    def _fact(self, icon: str, said: str, field: str) -> FactLine:
        line = FactLine(self._theme, icon, said, field=field)
        line.origin_asked.connect(self.origin_asked)
        return line

    def _note(self, icon: str, note: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        mark = IconLabel(self._theme, icon, "", "body", "text2", gap=0)
        mark.setFixedWidth(self._theme.px(16))
        mark.setToolTip(
            i18n.text("Care note, seen only here") if icon == "lock-key" else i18n.in_context("people", "Note")
        )
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        label = Label(self._theme, note, "body", "text2", wrap=True, selectable=True)
        row.addWidget(label, 1)
        return row

    def _contact(self, contact: ContactLine) -> FactLine:
        shown = words.contact_shown(contact.kind, contact.value)
        link = contact_points.link(contact.kind, contact.value)
        text = f"{shown} · {contact.label}" if contact.label else shown
        line = FactLine(
            self._theme,
            words.CONTACT_ICONS.get(contact.kind, "identification-badge"),
            text,
            copies=shown,
            leads=bool(link),
            field=f"contact:{contact.kind}:{contact.value}",
        )
        line.origin_asked.connect(self.origin_asked)
        line.copied.connect(self._copy)
        if link and contact.kind == "site":
            line.pressed.connect(partial(self.site_chosen.emit, link))
        elif link:
            line.pressed.connect(partial(QDesktopServices.openUrl, QUrl(link)))
        return line

    def _referral(self, column: QVBoxLayout, profile: Profile) -> None:
        person = profile.person
        said = []
        if person.referred_by:
            said.append(i18n.text("Came through {name}", name=person.referred_by))
        if profile.brought:
            said.append(i18n.plural("brought {count} person", "brought {count} people", profile.brought))
        if not said:
            return
        words_said = " · ".join(said)
        line = FactLine(
            self._theme,
            "user-plus",
            words_said[:1].upper() + words_said[1:],
            leads=bool(person.referred_by_id),
            field="referral" if person.referred_by else "",
        )
        line.origin_asked.connect(self.origin_asked)
        if person.referred_by_id is not None:
            line.pressed.connect(partial(self.person_chosen.emit, person.referred_by_id))
        column.addWidget(line)

    def _copy(self, text: str) -> None:
        clipboard.copy(text)
        self.copied.emit(text)
