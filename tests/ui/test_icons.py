"""Icons: every name that the guide or the sources use is one that Phosphor has; a slip is noticed at creation."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from crm.ui import icons
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button, IconButton

NAMES = """
sun-horizon check-square users circles-three calendar-blank chat-circle-text chart-line-up download-simple gear
shield-check plus note-pencil calendar-plus export copy printer barcode ticket identification-badge file-pdf
file-arrow-down file-text trash x check clock-clockwise arrow-counter-clockwise magnifying-glass sort-descending
dots-three device-tablet arrows-in-simple paper-plane-tilt paper-plane-tilt-fill skip-forward pencil-simple
arrow-fat-up plus-circle check-circle-fill clock x-circle minus-circle warning-fill warning-circle-fill prohibit
hand-palm lock-key circle broadcast megaphone buildings envelope-simple phone user-plus map-pin cake star lightbulb
article database hard-drives check-bold warning-bold x-bold caret-down caret-up caret-right
"""
GUIDE = NAMES.split()
BLACK = QColor("black").rgba()


@pytest.mark.parametrize("name", GUIDE)
def test_every_icon_of_the_guide_is_drawn(qapp: QApplication, name: str) -> None:
    blank = QImage(16, 16, QImage.Format.Format_ARGB32_Premultiplied)
    blank.fill(0)
    assert icons.image(name, BLACK, 16, 1.0) != blank


def test_weights_differ(qapp: QApplication) -> None:
    drawn = [icons.image(name, BLACK, 32, 1.0) for name in ("users", "users-fill", "users-bold")]
    assert drawn[0] != drawn[1] != drawn[2] != drawn[0]


def test_an_unknown_icon_raises_where_it_is_asked_for(theme: Theme) -> None:
    with pytest.raises(icons.UnknownIcon):
        Button(theme, "Сохранить", icon="confetti-cannon")
    with pytest.raises(icons.UnknownIcon):
        IconButton(theme, "users-thin", "Люди")
    with pytest.raises(icons.UnknownIcon):
        theme.icon("kanban-board")


def test_an_icon_has_pixels_for_the_ratio_of_the_screen(qapp: QApplication) -> None:
    sharp = icons.image("gear", BLACK, 18, 2.0)
    assert (sharp.width(), sharp.devicePixelRatio()) == (36, 2.0)


def test_an_icon_is_painted_where_it_is_wanted(qapp: QApplication) -> None:
    canvas = QImage(40, 40, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.fill(0)
    painter = QPainter(canvas)
    icons.paint(painter, "circle-fill", 20, 20, 16, QColor("red"))
    painter.end()
    assert canvas.pixelColor(28, 28) == QColor("red")
    assert canvas.pixelColor(8, 8).alpha() == 0


def test_every_icon_named_in_the_sources_is_one(qapp: QApplication) -> None:
    """Arguments of kit calls that name an icon; computed names are caught when they are made."""
    taken = {"icon": None, "IconButton": 1, "IconLabel": 1, "StatusLabel": 1, "Notice": 1, "EmptyLine": 1}
    unknown = []
    sources = sorted((Path(icons.__file__).parent).rglob("*.py"))
    for file in sources:
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            named = [word.value for word in call.keywords if word.arg == "icon"]
            place = taken.get(function)
            if place is not None and len(call.args) > place:
                named.append(call.args[place])
            if function == "paint" and len(call.args) > 1:
                named.append(call.args[1])
            for value in named:
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                    try:
                        icons.resolve(value.value)
                    except icons.UnknownIcon:
                        unknown.append((file.name, value.value))
    assert unknown == []
    assert len(sources) > 20
