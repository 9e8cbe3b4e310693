"""The look: colours one can read, fonts that are the shipped ones, and a change that reaches everything."""

from __future__ import annotations

import gc
import itertools
import re

import pytest
from PySide6.QtGui import QPalette, QRawFont
from PySide6.QtWidgets import QApplication

from crm.ui import fonts
from crm.ui.theme import Theme
from crm.ui.tokens import DARK, LIGHT, Tokens, tokens
from crm.ui.widgets.labels import Label

SURFACES = ("window", "surface", "sunken", "raised", "hover", "selected")


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("of", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_is_readable_on_every_surface(of: Tokens) -> None:
    texts = ("text", "text2", "text3", "accent_text", "ok", "warn", "bad")
    poor = [
        (text, surface, round(contrast(getattr(of, text), getattr(of, surface)), 2))
        for text, surface in itertools.product(texts, SURFACES)
        if contrast(getattr(of, text), getattr(of, surface)) < 4.5
    ]
    assert poor == []


@pytest.mark.parametrize("of", [LIGHT, DARK], ids=["light", "dark"])
def test_words_on_fills_chips_avatars_and_toast_are_readable(of: Tokens) -> None:
    pairs = [*of.chips.values(), *of.avatars, (of.ok_fill, of.on_accent), (of.bad_fill, of.on_accent)]
    pairs += [(of.warn_fill, of.on_warn), (of.accent, of.on_accent), (of.accent_hover, of.on_accent)]
    pairs += [(of.toast, of.toast_text), (of.toast, of.toast_link), (of.toast, of.toast_hint)]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def test_the_contrast_setting_gives_controls_borders_of_three_to_one() -> None:
    for dark in (False, True):
        of = tokens(dark=dark, contrast=True)
        assert contrast(of.hair2, of.surface) >= 3
        assert contrast(of.hair2, of.raised) >= 3


@pytest.mark.parametrize("role", sorted(fonts.ROLES))
def test_a_role_is_painted_with_the_shipped_typeface_in_its_weight(qapp: QApplication, role: str) -> None:
    painted = QRawFont.fromFont(fonts.font(role))
    of = fonts.ROLES[role]
    display = of.size >= 20 and of.weight >= 600
    assert painted.familyName().startswith("Inter Display" if display else "Inter")
    assert painted.weight() == of.weight
    assert 0 not in painted.glyphIndexesForString("ё№«»")


def test_digits_of_numbers_are_equally_wide(theme: Theme) -> None:
    for role in ("figure", "number_large", "number_medium"):
        metrics = theme.metrics(role)
        assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")


def test_sizes_grow_through_one_scale(qapp: QApplication) -> None:
    assert [fonts.font("body", scale).pixelSize() for scale in fonts.SCALES] == [13, 15, 17]
    assert Theme("light", 130).px(36) == 47


def test_the_stylesheet_never_sets_a_font(qapp: QApplication, theme: Theme) -> None:
    assert not re.search(r"\bfont(-size|-family|-weight)?\s*:", qapp.styleSheet())


def test_a_change_of_mode_reaches_palette_stylesheet_and_labels(qapp: QApplication, theme: Theme) -> None:
    label = Label(theme, "Имя", colour="text2")
    theme.set_mode("dark")
    assert theme.dark
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.surface
    assert DARK.raised in qapp.styleSheet()
    assert label.palette().color(QPalette.ColorRole.WindowText).name().upper() == DARK.text2


def test_a_larger_text_reaches_a_label_that_is_there(theme: Theme) -> None:
    label = Label(theme, "Имя", "body")
    theme.set_scale(130)
    assert label.font().pixelSize() == 17


def test_a_widget_that_is_gone_hears_no_change(theme: Theme) -> None:
    label = Label(theme, "Имя")
    del label
    gc.collect()
    theme.set_mode("dark")
    assert theme.dark


def test_an_avatar_keeps_its_tint_and_tints_are_spread(theme: Theme) -> None:
    first = [theme.avatar(seed)[0].name() for seed in range(1, 801)]
    again = [Theme("light").avatar(seed)[0].name() for seed in range(1, 801)]
    assert first == again
    assert all(60 <= first.count(tint) <= 140 for tint in set(first))
    assert len(set(first)) == 8
