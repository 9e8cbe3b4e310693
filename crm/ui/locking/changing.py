"""The way to another passphrase: thought up, its code on paper, typed back, and only then the store is written anew."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.export.pdf.recovery_sheet import write_recovery_sheet
from crm.i18n import Phrase, phrase
from crm.services import community
from crm.ui.jobs import Jobs
from crm.ui.locking.dialogs import CodeDialog, PassphraseDialog, RemoveDialog, TypeBackDialog
from crm.ui.locking.keeping import Changed, Keeping, Prepared
from crm.ui.operations import Operations, Said
from crm.ui.theme import Theme


class Changing(QObject):
    """Leads through the dialogs over `host`. `changed` comes when the store is under another key, or under none."""

    changed = Signal()

    def __init__(self, theme: Theme, host: QWidget, operations: Operations, jobs: Jobs, keeping: Keeping) -> None:
        super().__init__(host)
        self._theme, self._host, self._operations, self._jobs, self._keeping = theme, host, operations, jobs, keeping

    def set_passphrase(self) -> PassphraseDialog:
        """Set one, or another in its place."""
        dialog = PassphraseDialog(self._theme, self._host, change=self._keeping.encrypted, copies=self._keeping.copies)
        dialog.chosen.connect(partial(self._prepare, dialog))
        dialog.finished.connect(lambda _: dialog.forget())
        dialog.open()
        return dialog

    def remove_passphrase(self) -> RemoveDialog:
        """Take it away."""
        dialog = RemoveDialog(self._theme, self._host, self._keeping.copies)
        dialog.chosen.connect(partial(self._remove, dialog))
        dialog.finished.connect(lambda _: dialog.forget())
        dialog.open()
        return dialog

    def _prepare(self, dialog: PassphraseDialog, old: str, new: str) -> None:
        keeping = self._keeping

        def work(_: Callable[[int, int], None]) -> Prepared | None:
            if keeping.encrypted and not keeping.is_key(keeping.derive(old)):
                return None
            return keeping.prepare(new)

        def ready(prepared: Prepared | None) -> None:
            dialog.button.setEnabled(True)
            if not dialog.is_open:
                return
            if prepared is None:
                dialog.refuse_old()
                return
            delete = dialog.copies.delete
            dialog.accept()
            self._show_code(prepared, delete)

        self._check(dialog, work, ready)

    def _check(
        self, dialog: PassphraseDialog | RemoveDialog, work: Callable[..., object], ready: Callable[..., None]
    ) -> None:
        """Half a second on the worker: the window does not stand still."""

        def failed(error: BaseException) -> None:
            dialog.button.setEnabled(True)
            if isinstance(error, CrmError):
                dialog.set_error(error.text())
            elif not isinstance(error, Cancelled):
                raise error

        dialog.set_error("")
        dialog.button.setEnabled(False)
        self._jobs.start(phrase("Checking the passphrase"), work, ready, failed, quiet=True)

    def _show_code(self, prepared: Prepared, delete: bool) -> None:
        dialog = CodeDialog(self._theme, self._host, prepared.code, lambda: self._save(dialog, prepared))
        dialog.accepted.connect(lambda: self._type_back(prepared, delete))
        dialog.open()

    def _save(self, dialog: CodeDialog, prepared: Prepared) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self._host, i18n.text("Save PDF"), i18n.text("Krug recovery code.pdf"), "PDF (*.pdf)"
        )
        if not name:
            return
        target = Path(name if name.lower().endswith(".pdf") else name + ".pdf")
        try:
            write_recovery_sheet(
                target,
                prepared.code,
                self._operations.read(community.community_name),
                str(self._operations.store),
                self._operations.clock,
            )
        except CrmError as error:
            dialog.set_error(error.text())
            return
        dialog.set_error("")
        dialog.tell_saved(target.name)

    def _type_back(self, prepared: Prepared, delete: bool) -> None:
        groups = prepared.code.count("-") + 1
        dialog = TypeBackDialog(
            self._theme,
            self._host,
            groups,
            lambda typed: self._keeping.wrong_group(prepared, typed),
            self._keeping.kept,
        )

        def again() -> None:
            dialog.reject()
            self._show_code(prepared, delete)

        def go() -> None:
            dialog.accept()
            said = phrase("The passphrase was changed") if self._keeping.encrypted else phrase("The passphrase is set")
            self._rewrite(prepared, delete, said)

        dialog.back.connect(again)
        dialog.typed.connect(go)
        dialog.open()

    def _remove(self, dialog: RemoveDialog, words: str) -> None:
        keeping = self._keeping

        def ready(fits: bool) -> None:
            dialog.button.setEnabled(True)
            if not dialog.is_open:
                return
            if not fits:
                dialog.refuse_old()
                return
            delete = dialog.copies.delete
            dialog.accept()
            self._rewrite(None, delete, phrase("The passphrase was removed"))

        self._check(dialog, lambda _: keeping.is_key(keeping.derive(words)), ready)

    def _rewrite(self, prepared: Prepared | None, delete: bool, said: Phrase) -> None:
        def work(report: Callable[[int, int], None]) -> Changed:
            return self._keeping.change(prepared, report, delete_copies=delete)

        def done(changed: Changed) -> None:
            self._operations.said.emit(Said(said, None, "lock-key" if prepared is not None else "lock-key-open"))
            if changed.left:
                self._operations.said.emit(
                    Said(phrase("Some copies stay under an older passphrase. Delete them if nobody needs them."))
                )
            self.changed.emit()

        def failed(error: BaseException) -> None:
            if isinstance(error, CrmError):
                self._operations.refused.emit(error)
            elif not isinstance(error, Cancelled):
                raise error

        self._jobs.start(phrase("Writing the store under another key"), work, done, failed)
