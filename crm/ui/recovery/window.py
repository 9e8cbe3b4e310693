"""The window of the recovery: the mark of the program, one dialog, and the long work behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.i18n import Phrase, phrase
from crm.ui.jobs import Jobs, Report
from crm.ui.recovery.question import CopyQuestion, RescueQuestion
from crm.ui.recovery.rows import CopyChoice, Found, Recoverer
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.mark_widgets import paint_brand, program_icon

_LEAST = (900, 600)


class RecoveryWindow(QWidget):
    """Stands where the community's window would be. `ended(True)` says that the file is whole again, `ended(False)`
    that the person leaves it as it is, `again` that another passphrase is to be tried.
    """

    ended = Signal(bool)
    again = Signal()

    def __init__(self, theme: Theme, recoverer: Recoverer, today: date) -> None:
        super().__init__()
        self._theme, self._recoverer, self._today = theme, recoverer, today
        self._jobs = Jobs(self)
        self._extra: tuple[CopyChoice, ...] = ()
        self._verdicts: dict[str, CopyChoice] = {}
        self._found: Found | None = None
        self._over = False
        self.question: CopyQuestion | RescueQuestion | None = None
        self.setWindowTitle(i18n.text("Krug"))
        self.setWindowIcon(program_icon())
        self.setMinimumSize(*_LEAST)
        theme.changed.connect(self.update)

    def showEvent(self, event: QShowEvent) -> None:
        """The question is there with the window; what takes time begins when both are painted."""
        super().showEvent(event)
        if self.question is None:
            self._ask()
            QTimer.singleShot(0, self, self._learn)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the mark."""
        painter, theme = QPainter(self), self._theme
        painter.fillRect(self.rect(), theme.colour("window"))
        side = theme.px(28)
        paint_brand(painter, theme, QRectF(28, 24, side, side))
        area = QRectF(28 + side + 12, 24, 300, side).toRect()
        role = "heading"
        shapes.line_of_text(
            painter, area, i18n.text("Krug"), theme.font(role), theme.metrics(role), theme.colour("text")
        )  # fmt: skip

    def closeEvent(self, event: QCloseEvent) -> None:
        """To close the window is to leave the file as it is."""
        self._end(whole=False)
        super().closeEvent(event)

    # -- what is asked ----------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        question = CopyQuestion(self._theme, self, self._recoverer.trouble, self._today)
        question.show_copies(self._choices())
        self._replace(question)
        question.bring_back.connect(self._bring_back)
        question.rescue.connect(self._rescue)
        question.other_copy.connect(self._choose_other)
        question.show_file.connect(self._show_file)

    def _replace(self, question: CopyQuestion | RescueQuestion) -> None:
        before, self.question = self.question, question
        if before is not None:
            before.close_layer()
        question.rejected.connect(self._leave)
        question.open()

    def _show_copies(self) -> None:
        if isinstance(self.question, CopyQuestion):
            self.question.show_copies(self._choices())

    def _choices(self) -> tuple[CopyChoice, ...]:
        return tuple(self._verdicts.get(one.key, one) for one in (*self._extra, *self._recoverer.copies()))

    def _show_file(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._recoverer.trouble.file.parent)))

    def _choose_other(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, i18n.text("Another copy"), "", f"{i18n.text('Communities')} (*.krug)"
        )
        if name:
            self.add(Path(name))

    def add(self, file: Path) -> None:
        """Offer a copy that lies elsewhere, and check it."""
        try:
            choice = self._recoverer.add(file)
        except CrmError as error:
            self._say(error)
            return
        self._extra = (choice, *(one for one in self._extra if one.key != choice.key))
        self._show_copies()
        self._check([choice.key])

    # -- what takes time --------------------------------------------------------------------------------------------

    def _learn(self) -> None:
        """Which deeds each copy lacks, then whether each still is what it was."""
        self._jobs.start(
            phrase("Reading the file"), self._recoverer.count_deeds, lambda _: self._show_copies(), _quietly, quiet=True
        )
        self._check([choice.key for choice in self._choices()])

    def _check(self, keys: list[str]) -> None:
        def checked(choice: CopyChoice) -> None:
            self._verdicts[choice.key] = choice
            self._show_copies()

        waiting = {choice.key: choice for choice in self._choices() if choice.verdict == "unchecked"}
        for key in keys:
            if key in waiting:
                self._verdicts[key] = replace(waiting[key], verdict="checking")
            self._jobs.start(
                phrase("Checking the copies"),
                partial(self._recoverer.check, key),
                checked,
                partial(self._not_checked, key),
                quiet=True,
            )
        self._show_copies()

    def _not_checked(self, key: str, error: BaseException) -> None:
        self._verdicts.pop(key, None)
        self._show_copies()
        _quietly(error)

    def _bring_back(self, key: str) -> None:
        self._work(
            phrase("Bringing the copy back"),
            partial(self._recoverer.bring_back, key),
            lambda _: self._end(whole=True),
        )

    def _rescue(self) -> None:
        def done(found: Found) -> None:
            self._found = found
            question = RescueQuestion(self._theme, self, found)
            self._replace(question)
            question.taken.connect(self._take)
            question.back.connect(self._return)

        self._work(phrase("Saving what reads"), self._recoverer.rescue, done, stoppable=True)

    def _take(self) -> None:
        found = self._found
        if found is not None:
            self._work(
                phrase("Saving what reads"),
                partial(self._recoverer.use, found),
                lambda _: self._taken(),
            )

    def _taken(self) -> None:
        self._found = None
        self._end(whole=True)

    def _return(self) -> None:
        self._forget()
        self._ask()

    def _forget(self) -> None:
        found, self._found = self._found, None
        if found is not None:
            self._recoverer.forget(found)

    def _work(
        self,
        title: Phrase,
        work: Callable[[Report], Any],
        done: Callable[[Any], None],
        *,
        stoppable: bool = False,
    ) -> None:
        """Work the person waits for: what is checked meanwhile makes way."""
        for job in self._jobs.unfinished():
            job.cancel()
        job = self._jobs.start(title, work, lambda outcome: self._finished(done, outcome), self._failed)
        job.progressed.connect(self._far)
        if self.question is not None:
            self.question.set_busy(title.text(), job.cancel if stoppable else None)

    def _far(self, step: int, of: int) -> None:
        if self.question is not None:
            self.question.busy.set_progress(step, of)

    def _finished(self, done: Callable[[Any], None], outcome: Any) -> None:
        if self.question is not None:
            self.question.set_busy("")
        done(outcome)

    def _failed(self, error: BaseException) -> None:
        if self.question is not None:
            self.question.set_busy("")
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, CrmError):
            raise error
        self._say(error)

    def _say(self, error: CrmError) -> None:
        if self.question is not None:
            self.question.set_error(error.text())

    def _leave(self) -> None:
        if self._recoverer.trouble.kind != "doubted":
            self._end(whole=False)
        elif not self._over:
            self._over = True
            self._jobs.close()
            self._forget()
            self.again.emit()

    def _end(self, *, whole: bool) -> None:
        if self._over:
            return
        self._over = True
        self._jobs.close()
        self._forget()
        self.ended.emit(whole)


def _quietly(error: BaseException) -> None:
    """What could not be learned stays unknown; the card says so."""
    if not isinstance(error, (Cancelled, CrmError, OSError)):
        raise error
