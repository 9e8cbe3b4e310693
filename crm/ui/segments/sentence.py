"""The rule in words, 15 px, its meaning strong. Painted, because a label with two weights would need markup."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm.services.rules import Part
from crm.ui.theme import Theme

_LEADING = 1.15


class Sentence(QWidget):
    """Parts of a sentence over as many lines as they need."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._parts: tuple[Part, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._restyle)

    def set_parts(self, parts: Sequence[Part]) -> None:
        """Show a sentence."""
        self._parts = tuple(parts)
        self.setAccessibleName(self.text())
        self._restyle()

    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(part.text for part in self._parts)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all lines."""
        _, height = self._laid_out(width)
        return int(height + 1)

    def sizeHint(self) -> QSize:
        """Wide."""
        return QSize(400, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:
        """A few words."""
        return QSize(120, self._theme.metrics("sentence").height())

    def _laid_out(self, width: int) -> tuple[QTextLayout, float]:
        font = self._theme.font("sentence")
        layout = QTextLayout(self.text(), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        ranges, start = [], 0
        for part in self._parts:
            one = QTextLayout.FormatRange()
            one.start, one.length = start, len(part.text.encode("utf-16-le")) // 2
            form = QTextCharFormat()
            strong = QFont(font)
            strong.setWeight(QFont.Weight.DemiBold if part.strong else QFont.Weight.Normal)
            form.setFont(strong)
            form.setForeground(self._theme.colour("text" if part.strong else "text2"))
            one.format = form
            ranges.append(one)
            start += one.length
        layout.setFormats(ranges)
        leading = self._theme.metrics("sentence").height() * _LEADING
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, y + (leading - line.height()) / 2))
            y += leading
        layout.endLayout()
        return layout, y

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all lines."""
        painter = QPainter(self)
        layout, _ = self._laid_out(self.width())
        layout.draw(painter, QPointF(0, 0), [], QRectF(self.rect()))
