"""«Свои поля» in the settings: added, moved, changed, put away; what people have in them is never lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from crm.services import custom_fields
from crm.store.workspace import Workspace
from crm.ui.operations import Operations
from crm.ui.settings.field_dialog import FieldDialog
from crm.ui.settings.own_fields import OwnFields
from crm.ui.theme import Theme
from crm.ui.widgets.labels import ElidedLabel
from tests.support import makers

EARLY = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def section(qtbot: QtBot, workspace: Workspace, theme: Theme) -> OwnFields:
    made = OwnFields(Operations(workspace), theme)
    made.resize(640, 480)
    qtbot.addWidget(made)
    made.show()
    return made


def opened(section: OwnFields, field: Any = None) -> FieldDialog:
    section.ask(field)
    assert section.dialog is not None
    return section.dialog


def add(section: OwnFields, name: str, kind: str, options: str = "") -> None:
    dialog = opened(section)
    dialog.name.setText(name)
    dialog.kind.select(kind)
    dialog.options.set_text(options)
    dialog.save()
    assert dialog.error == ""


def said(section: OwnFields) -> list[str]:
    return [label.text() for label in section.findChildren(ElidedLabel)]


def names(section: OwnFields) -> list[str]:
    return [field.name for field in section.fields if not field.archived]


def test_a_field_is_added_and_undone(section: OwnFields) -> None:
    add(section, "Размер", "choice", "S\nM\nL")
    assert [(one.name, one.kind, one.choices) for one in section.fields] == [("Размер", "choice", ("S", "M", "L"))]
    section._operations.undo()
    assert section.fields == ()


def test_a_refusal_stays_in_the_form(section: OwnFields) -> None:
    add(section, "Размер", "text")
    dialog = opened(section)
    dialog.name.setText("размер")
    dialog.save()
    assert "размер" in dialog.error
    assert dialog.is_open


def test_fields_move_and_go_to_the_archive_and_back(section: OwnFields) -> None:
    for name in ("Один", "Два", "Три"):
        add(section, name, "text")
    section.step(section.fields[2], -1)
    assert names(section) == ["Один", "Три", "Два"]
    section.archive(section.fields[0])
    assert names(section) == ["Три", "Два"]
    section.archive(next(one for one in section.fields if one.archived))
    assert "Один" in names(section)


def test_an_option_taken_away_is_kept_by_those_who_have_it_and_said(
    section: OwnFields, workspace: Workspace, deed: Any, clock: Any
) -> None:
    add(section, "Размер", "choice", "S\nM")
    field = section.fields[0]
    person = deed(lambda s: makers.person(s, EARLY).id)
    deed(lambda s: custom_fields.set_value(s, [person], field.id, "M", clock))
    assert any("1 человек" in line for line in said(section))
    dialog = opened(section, field)
    dialog.options.set_text("S\nL")
    assert dialog.kept.isVisible()
    assert "«M» (1)" in dialog.kept.text()
    dialog.save()
    assert section.fields[0].choices == ("S", "L")
    assert workspace.read(lambda s: custom_fields.values_of(s, [person])) == {person: {field.id: "M"}}
