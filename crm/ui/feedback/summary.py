"""The head of the page: NPS with its base and change, the answers one by one, the topics."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm import i18n
from crm.services.changes import base, change_of
from crm.services.feedback_rows import FeedbackSummary
from crm.services.report_contents import Headline
from crm.ui.feedback.look import MOOD_TONES
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.charts import Bar, BarChart, NpsGauge
from crm.ui.widgets.chips import FlowLayout, ToneChip
from crm.ui.widgets.labels import ElidedLabel, Hairline, Label
from crm.ui.widgets.pages import SIDE, Surface

_WIDE: Final = 1080
_TONES: Final = {1: "ok", 0: "text2", -1: "warn"}


class _Part(QWidget):
    """One line of the legend: a square, a word, a number."""

    def __init__(self, theme: Theme, token: str, word: str) -> None:
        super().__init__()
        self._theme, self._token, self._word, self._count = theme, token, word, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleName(f"{self._word}: {i18n.number(count)}")
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self._theme.metrics("small")
        return QSize(metrics.horizontalAdvance(self._word) + 70, metrics.height() + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        side = theme.px(9)
        square = QRect(0, (self.height() - side) // 2, side, side)
        shapes.box(painter, square, 2, theme.colour(self._token))
        words = self.rect().adjusted(side + 10, 0, -34, 0)
        shapes.line_of_text(
            painter, words, self._word, theme.font("small"), theme.metrics("small"), theme.colour("text2")
        )
        shapes.line_of_text(
            painter,
            self.rect(),
            i18n.number(self._count),
            theme.font("small_strong"),
            theme.metrics("small_strong"),
            theme.colour("text"),
            "right",
        )


class SummaryStrip(Surface):
    """NPS at the left, the distribution in the middle, topics at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface", "b")
        self._gauge = NpsGauge(theme)
        self._base = ElidedLabel(theme, "", "small", "text2")
        self._change = Label(theme, "", "small", "text2")
        self._parts = (
            _Part(theme, "ok", i18n.text("Promoters, 9–10")),
            _Part(theme, "hair2", i18n.text("Passives, 7–8")),
            _Part(theme, "bad", i18n.text("Detractors, 0–6")),
        )
        legend = QVBoxLayout()
        legend.setSpacing(2)
        legend.addStretch(1)
        legend.addWidget(Label(theme, "NPS", "sub"))
        legend.addWidget(self._base)
        legend.addWidget(self._change)
        legend.addSpacing(4)
        for part in self._parts:
            legend.addWidget(part)
        legend.addStretch(1)
        words = QWidget()
        words.setLayout(legend)
        legend.setContentsMargins(0, 0, 0, 0)
        words.setFixedWidth(theme.px(190))
        self._bars = BarChart(theme, name=i18n.text("Answers from 0 to 10"), height=88)
        self._bars.setFixedWidth(theme.px(262))
        self._topics = FlowLayout(spacing=8)
        topics = QVBoxLayout()
        topics.setSpacing(10)
        self._topic_title = Label(theme, i18n.text("Topics in 90 days"), "sub")
        topics.addStretch(1)
        topics.addWidget(self._topic_title)
        topics.addLayout(self._topics)
        topics.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(SIDE, 12, SIDE, 13)
        row.setSpacing(20)
        row.addWidget(self._gauge, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(words)
        row.addSpacing(10)
        row.addWidget(Hairline(theme, vertical=True))
        row.addSpacing(6)
        row.addWidget(self._bars, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(6)
        self._second = Hairline(theme, vertical=True)
        row.addWidget(self._second)
        row.addSpacing(6)
        self._topic_part = QWidget()
        self._topic_part.setLayout(topics)
        topics.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._topic_part, 1)
        row.addStretch(0)
        self._theme = theme

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the topics go, the figures stay."""
        super().resizeEvent(event)
        wide = self.width() >= self._theme.px(_WIDE)
        self._topic_part.setVisible(wide)
        self._second.setVisible(wide)

    def set_summary(self, summary: FeedbackSummary) -> None:
        """Show the last 90 days."""
        score = summary.nps
        sample = base(score)
        if score.margin is not None:
            sample += ", ±" + i18n.number(round(score.margin))
        self._base.set_text(sample)
        change = change_of(Headline("NPS", score, "", previous=summary.previous))
        words = ""
        if change is not None:
            words = i18n.text("{change} vs 30 days ago", change=change.text())
            self._change.set_look(colour=_TONES[change.quality])
        self._change.set_text(words)
        self._change.setVisible(bool(words))
        value = score.value if isinstance(score.value, int | float) else None
        self._gauge.set_value(value, ", ".join(filter(None, (sample, words))))
        for part, count in zip(self._parts, (summary.promoters, summary.passives, summary.detractors), strict=True):
            part.set_count(count)
        self._bars.set_bars(
            [
                Bar(str(answer), count, "ok" if answer >= 9 else "hair2" if answer >= 7 else "bad")
                for answer, count in enumerate(summary.distribution)
            ]
        )
        self._topics.clear()
        for topic in summary.topics:
            chip = ToneChip(self._theme, f"{topic.name}  {i18n.number(topic.count)}", MOOD_TONES[topic.mood])
            self._topics.addWidget(chip)
        self._topic_title.set_text(
            i18n.text("Topics in 90 days") if summary.topics else i18n.text("No topics in 90 days yet")
        )
