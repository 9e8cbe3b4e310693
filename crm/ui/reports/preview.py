"""The pages of a PDF as they will be printed, one at a time; QtPdf comes in with the first report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QRect, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from crm import i18n
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import Button, IconButton
from crm.ui.widgets.labels import Label
from crm.ui.widgets.pages import Surface

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument

_MARGIN: Final = 20
_STEPS: Final = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0)


class _Canvas(QWidget):
    """One page with its edge."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.image: QImage | None = None
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.image is None:
            return
        painter = QPainter(self)
        size = self.image.deviceIndependentSize().toSize()
        page = QRect((self.width() - size.width()) // 2, _MARGIN, size.width(), size.height())
        shapes.box(painter, page.adjusted(-1, -1, 1, 2), 2, self._theme.colour("hair2"))
        painter.drawImage(page.topLeft(), self.image)


class Preview(Surface):
    """A page, which of how many, and how large. `PgUp` and `PgDn` turn pages."""

    turned = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "window")
        self._document: QPdfDocument | None = None
        self._page = 0
        self._zoom: float | None = None
        self._canvas = _Canvas(theme)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(self._canvas)
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName(i18n.text("Preview of the report"))
        self._waiting = Label(theme, "", "body", "text2", wrap=True)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._back = IconButton(theme, "caret-left", i18n.text("Page before"))
        self._back.clicked.connect(lambda: self.turn(-1))
        self._forth = IconButton(theme, "caret-right", i18n.text("Next page"))
        self._forth.clicked.connect(lambda: self.turn(1))
        self._which = Label(theme, "", "body", "text2")
        self._fit = Button(theme, i18n.text("Whole page"), "quiet", size="compact")
        self._fit.clicked.connect(self._fit_page)
        self._smaller = IconButton(theme, "minus", i18n.text("Smaller"))
        self._smaller.clicked.connect(lambda: self._step(-1))
        self._larger = IconButton(theme, "plus", i18n.text("Larger"))
        self._larger.clicked.connect(lambda: self._step(1))
        bar = QHBoxLayout()
        bar.setContentsMargins(24, 4, 24, 8)
        bar.setSpacing(6)
        left: tuple[QWidget, ...] = (self._back, self._which, self._forth)
        right: tuple[QWidget, ...] = (self._fit, self._smaller, self._larger)
        for widget in left:
            bar.addWidget(widget)
        bar.addStretch(1)
        for widget in right:
            bar.addWidget(widget)
        self._bar = QWidget()
        self._bar.setLayout(bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._waiting, 1)
        column.addWidget(self._bar)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.wait("")

    def _restyle(self) -> None:
        palette = self._scroll.palette()
        palette.setColor(QPalette.ColorRole.Window, self._theme.colour("window"))
        self._scroll.setPalette(palette)
        viewport = self._scroll.viewport()
        viewport.setPalette(palette)
        viewport.setBackgroundRole(QPalette.ColorRole.Window)
        viewport.setAutoFillBackground(True)
        self._canvas.setAutoFillBackground(False)

    @property
    def document(self) -> QPdfDocument | None:
        """The document shown."""
        return self._document

    def wait(self, words: str) -> None:
        """Say why there is no page."""
        self._scroll.hide()
        self._bar.hide()
        self._waiting.set_text(words)
        self._waiting.show()

    def show_file(self, file: Path) -> None:
        """Show a PDF; the page and the size stay where they can."""
        from PySide6.QtPdf import QPdfDocument

        if self._document is None:
            self._document = QPdfDocument(self)
        self._document.load(str(file))
        self._page = min(self._page, max(0, self._document.pageCount() - 1))
        self._waiting.hide()
        self._scroll.show()
        self._bar.show()
        self._draw()

    def close_file(self) -> None:
        """Let go of the file."""
        if self._document is not None:
            self._document.close()

    def turn(self, by: int) -> None:
        """To another page."""
        if self._document is None:
            return
        page = min(max(0, self._page + by), self._document.pageCount() - 1)
        if page != self._page:
            self._page = page
            self._scroll.verticalScrollBar().setValue(0)
            self._draw()
            self.turned.emit(page)

    def _fit_page(self) -> None:
        self._zoom = None
        self._draw()

    def _step(self, by: int) -> None:
        now = self._scale()
        steps = [step for step in _STEPS if (step > now + 0.01 if by > 0 else step < now - 0.01)]
        if steps:
            self._zoom = steps[0] if by > 0 else steps[-1]
            self._draw()

    def _points(self) -> QSizeF:
        if self._document is None or self._document.pageCount() == 0:
            return QSizeF(595, 842)
        return self._document.pagePointSize(self._page)

    def _scale(self) -> float:
        """Pixels per point, 4/3 being the size on paper at 96 dpi."""
        if self._zoom is not None:
            return self._zoom
        points, room = self._points(), self._scroll.size()
        return max(
            0.3,
            min(
                (room.height() - 2 * _MARGIN - 2) / points.height() / 4 * 3,
                (room.width() - 2 * _MARGIN - 2) / points.width() / 4 * 3,
            ),
        )

    def _draw(self) -> None:
        document = self._document
        if document is None or document.pageCount() == 0:
            return
        ratio = self.devicePixelRatioF()
        scale = self._scale() * 4 / 3
        points = self._points()
        size = QSize(round(points.width() * scale), round(points.height() * scale))
        image = document.render(self._page, size * ratio)
        page = QImage(image.size(), QImage.Format.Format_RGB32)
        page.fill(Qt.GlobalColor.white)
        painter = QPainter(page)
        painter.drawImage(0, 0, image)
        painter.end()
        page.setDevicePixelRatio(ratio)
        self._canvas.image = page
        self._canvas.setMinimumSize(size.width() + 2 * _MARGIN, size.height() + 2 * _MARGIN)
        self._canvas.update()
        count = document.pageCount()
        self._which.set_text(i18n.text("{page} of {pages}", page=self._page + 1, pages=count))
        self._back.setEnabled(self._page > 0)
        self._forth.setEnabled(self._page < count - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The whole page stays whole."""
        super().resizeEvent(event)
        if self._zoom is None and self._scroll.isVisible():
            self._draw()

    def keyPressEvent(self, event: Any) -> None:
        """Turn pages."""
        steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        if event.key() in steps:
            self.turn(steps[event.key()])
        else:
            super().keyPressEvent(event)
