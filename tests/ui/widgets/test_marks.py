"""Painted signs and figures: something is on the picture, and it says in words what."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from crm.ui.theme import Theme
from crm.ui.widgets.charts import Bar, BarChart, Funnel, FunnelStep, NpsGauge, RingGauge, Sparkline
from crm.ui.widgets.mark_widgets import Avatar, LevelMark, ScoreSquare
from crm.ui.widgets.marks import LEVELS, level_word, score_tone


def _picture(qtbot: QtBot, widget: QWidget) -> QImage:
    qtbot.addWidget(widget)
    widget.resize(widget.sizeHint())
    return widget.grab().toImage()


def _inks(image: QImage) -> int:
    return len({image.pixel(x, y) for x in range(image.width()) for y in range(image.height())})


def test_every_level_looks_different_and_has_a_word(qtbot: QtBot, theme: Theme) -> None:
    pictures = [_picture(qtbot, LevelMark(theme, level, word=False)) for level in LEVELS]
    assert all(pictures[one] != pictures[two] for one in range(6) for two in range(one))
    assert [level_word(level) for level in LEVELS] == ["Ядро", "Актив", "Участник", "Новичок", "Затихает", "Ещё не был"]


def test_a_sign_alone_says_its_word(theme: Theme) -> None:
    mark = LevelMark(theme, "fading", word=False)
    assert mark.accessibleName() == mark.toolTip() == "Затихает"
    assert Avatar(theme, 1, "Семён Ёлкин").accessibleName() == "Семён Ёлкин"
    assert ScoreSquare(theme, 9).accessibleName() == "9 из 10"


def test_an_answer_has_the_tint_of_its_group() -> None:
    assert [score_tone(score) for score in (0, 6, 7, 8, 9, 10)] == ["red", "red", "grey", "grey", "green", "green"]


def test_figures_say_what_they_show(theme: Theme) -> None:
    gauge = NpsGauge(theme)
    gauge.set_value(54, "146 ответов, плюс 3 к прошлому месяцу")
    assert gauge.accessibleName() == "NPS 54, 146 ответов, плюс 3 к прошлому месяцу"
    gauge.set_value(None)
    assert gauge.accessibleName() == "NPS —"
    funnel = Funnel(theme, [FunnelStep("Записались", 1284), FunnelStep("Пришли", 126, "71 %")])
    assert funnel.accessibleName() == "Записались: 1\N{NO-BREAK SPACE}284; Пришли: 126 71 %"
    ring = RingGauge(theme)
    ring.set_value(126, 178)
    assert ring.accessibleName() == "126 из 178"


@pytest.mark.parametrize("values", [(), (1,), (3, 3, 3), (1, 5, 2)])
def test_a_sparkline_stands_any_values(qtbot: QtBot, theme: Theme, values: tuple[int, ...]) -> None:
    drawn = _inks(_picture(qtbot, Sparkline(theme, values)))
    assert (drawn > 1) == (len(values) > 1)


@pytest.mark.parametrize("values", [(0, 0), (5,), (400, 0, 1)])
def test_funnel_and_bars_stand_nothing_and_zero(qtbot: QtBot, theme: Theme, values: tuple[int, ...]) -> None:
    assert _inks(_picture(qtbot, Funnel(theme, [FunnelStep("Шаг", value) for value in values]))) > 2
    assert _inks(_picture(qtbot, BarChart(theme, [Bar("ноя", value) for value in values]))) > 2


def test_a_ring_with_nobody_expected_is_drawn(qtbot: QtBot, theme: Theme) -> None:
    ring = RingGauge(theme)
    ring.set_value(0, 0)
    nobody = _picture(qtbot, ring)
    ring.set_value(3, 0)
    assert _picture(qtbot, ring) != nobody
