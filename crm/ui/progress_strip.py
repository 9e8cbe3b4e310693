"""The strip at the bottom of the window for work past 200 ms: what, how far, «Stop». The rest stays usable."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from crm import i18n
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.charts import Progress
from crm.ui.widgets.labels import ElidedLabel, IconLabel, Label
from crm.ui.widgets.pages import Surface


class ProgressStrip(Surface):
    """Hidden while nothing runs. One job at a time, as there is one worker."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface", "t")
        self._stop: Callable[[], object] | None = None
        self._icon = IconLabel(theme, "arrows-clockwise", "", "body", "accent_text", gap=0)
        self._icon.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._icon.setFixedWidth(theme.px(16))
        self._title = ElidedLabel(theme, "", "body_strong")
        self._far = Label(theme, "", "body", "text2")
        self._bar = Progress(theme)
        self._bar.setFixedWidth(theme.px(220))
        self._button = Button(theme, i18n.text("Stop"), "quiet", size="compact")
        self._button.clicked.connect(self._stopped)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 1, 16, 0)
        row.setSpacing(10)
        middle = Qt.AlignmentFlag.AlignVCenter
        row.addWidget(self._icon, 0, middle)
        row.addWidget(self._title, 0, middle)
        row.addWidget(self._far, 0, middle)
        row.addSpacing(8)
        row.addWidget(self._bar, 0, middle)
        row.addStretch(1)
        row.addWidget(self._button, 0, middle)
        self.setFixedHeight(theme.px(40))
        self.hide()

    def show_job(self, title: str, stop: Callable[[], object] | None = None) -> None:
        """A job began; without `stop` it cannot be stopped."""
        self._stop = stop
        self._title.set_text(title)
        self._button.setVisible(stop is not None)
        self._button.setEnabled(True)
        self.set_progress(0, 0)
        self.show()

    def set_progress(self, step: int, of: int) -> None:
        """`step` of `of`; `of` is 0 while nobody knows."""
        if of:
            self._far.set_text(i18n.text("{now} of {of}", now=i18n.number(step), of=i18n.number(of)))
        else:
            self._far.set_text(i18n.number(step) if step else "")
        self._bar.set_progress(step, of)

    def finish(self) -> None:
        """The job ended."""
        self._stop = None
        self.hide()

    @property
    def title(self) -> str:
        """What runs."""
        return self._title.text()

    def _stopped(self) -> None:
        # The work ends at its next report; until then the strip stays and says no more.
        self._button.setEnabled(False)
        if self._stop is not None:
            self._stop()
