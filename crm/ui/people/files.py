"""Files of the person: added by a button or dropped here, opened as a copy, saved, renamed, taken away."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from crm import clock as clocks
from crm import i18n
from crm.errors import Cancelled, CrmError
from crm.i18n import Phrase, phrase, phrase_plural
from crm.services import attachments
from crm.services.attachments import FileLine
from crm.services.cards import PersonCard
from crm.services.profiles import Profile
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations, Said
from crm.ui.people import life_words
from crm.ui.people.dialogs import answers, do
from crm.ui.people.life_row import Act, LifeRow, LifeSection
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, LineEdit

_ICONS: Final = {
    "pdf": "file-pdf", "jpg": "image", "jpeg": "image", "png": "image", "webp": "image", "heic": "image",
    "doc": "file-doc", "docx": "file-doc", "odt": "file-doc", "xls": "file-xls", "xlsx": "file-xls",
    "ods": "file-xls", "csv": "file-csv", "zip": "file-zip", "txt": "file-text", "mp3": "file-audio",
    "ogg": "file-audio", "m4a": "file-audio", "mp4": "file-video", "mov": "file-video", "ppt": "file-ppt",
    "pptx": "file-ppt",
}  # fmt: skip


class FilesSection(LifeSection):
    """A row for each file; files dropped on the section are added."""

    def __init__(self, theme: Theme, operations: Operations, jobs: Jobs) -> None:
        super().__init__(theme, i18n.text("Files"), i18n.text("Add a file"))
        self._operations, self._jobs = operations, jobs
        self._person: PersonCard | None = None
        self._awaits = False
        self.setAcceptDrops(True)

    def fill(self, profile: Profile, today: date) -> bool:
        """The newest first."""
        self._person = person = profile.person
        lines = self._operations.read(lambda s: attachments.files_of(s, person.id))
        self.set_count(len(lines))
        for line in lines:
            self.body.addWidget(self._row(line, today))
        return True

    def _row(self, line: FileLine, today: date) -> LifeRow:
        acts = [
            Act(i18n.text("Save as…"), partial(self.save, line), "download-simple", quick=True),
            Act(i18n.text("Rename…"), partial(self.rename, line), "pencil-simple"),
            Act(i18n.text("Remove the file"), partial(self.remove, line), "trash", danger=True),
        ]
        if line.opens:
            acts.insert(0, Act(i18n.text("Open"), partial(self.open_file, line), "arrow-square-out"))
        added = i18n.day(clocks.local(line.added_at).date(), today)
        row = LifeRow(
            self._theme,
            _ICONS.get(line.name.rpartition(".")[2].casefold(), "file"),
            line.name,
            note=f"{life_words.size(line.size)} · {added}",
            acts=acts,
            verb=i18n.text("Enter opens a copy") if line.opens else i18n.text("Enter saves it"),
        )
        row.pressed.connect(partial(self.open_file if line.opens else self.save, line))
        return row

    # -- what can be done -----------------------------------------------------------------------------------------

    def add(self) -> None:
        """Choose files."""
        chosen, _ = QFileDialog.getOpenFileNames(self, i18n.text("Add files"), str(Path.home()))
        self.take([Path(name) for name in chosen])

    def take(self, paths: Sequence[Path]) -> None:
        """Keep these files, one deed for all of them: all or none."""
        person, operations = self._person, self._operations
        if person is None or not paths:
            return
        if len(paths) == 1:
            name = attachments.file_name(paths[0].name)
            label = phrase("File added: {file}, {name}", file=name, name=person.display_name)
        else:
            label = phrase_plural(
                "{count} file added: {name}", "{count} files added: {name}", len(paths), name=person.display_name
            )

        def work(report: Report) -> int | None:
            read = []
            for place, path in enumerate(paths):
                report(place, len(paths))
                read.append((path.name, attachments.read_file(path)))

            def verb(session: Any) -> None:
                for name, content in read:
                    attachments.add_file(session, person.id, name, content, operations.clock)

            return operations.write(label, verb).deed

        def done(deed: int | None) -> None:
            if deed is not None:
                operations.said.emit(Said(label, deed))

        self._start(label, work, done)

    def open_file(self, line: FileLine) -> None:
        """A copy in a folder of our own, wiped when Krug ends; to be read, for what is changed in it is not kept."""

        def work(_: Report) -> Path:
            found = self._operations.read(lambda s: attachments.file_content(s, line.id))
            # A folder of its own: two files may be called the same.
            path = Path(tempfile.mkdtemp(prefix="file-")) / attachments.file_name(found.name)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
            with os.fdopen(handle, "wb") as copy:
                copy.write(found.content)
            return path

        def done(path: Path) -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

        self._start(phrase("Opening {file}", file=line.name), work, done)

    def save(self, line: FileLine) -> None:
        """Into a file of one's own."""
        chosen, _ = QFileDialog.getSaveFileName(self, i18n.text("Save as"), str(Path.home() / line.name))
        if not chosen:
            return
        target = Path(chosen)

        def work(_: Report) -> None:
            from crm.export.whole_file import whole_file

            found = self._operations.read(lambda s: attachments.file_content(s, line.id))
            with whole_file(target) as out:
                out.write(found.content)

        said = Said(phrase("Saved: {file}", file=target.name), None, "file-arrow-down")
        self._start(phrase("Saving {file}", file=target.name), work, lambda _: self._operations.said.emit(said))

    def rename(self, line: FileLine) -> None:
        """Another name."""
        RenameDialog(self._theme, self, self._operations, line).open()

    def remove(self, line: FileLine) -> None:
        """Take it away; the toast undoes it."""
        label = phrase("File removed: {file}", file=line.name)
        self._operations.perform(label, lambda s: attachments.remove_file(s, line.id))

    def _start(self, label: Phrase, work: Callable[[Report], Any], done: Callable[[Any], None]) -> None:
        self._jobs.start(label, work, done, self._refused)

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, CrmError):
            self._operations.refused.emit(error)
        elif not isinstance(error, Cancelled):
            raise error

    # -- Qt -------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files of this computer may be dropped here."""
        self._awaits = any(link.isLocalFile() for link in event.mimeData().urls())
        if self._awaits:
            event.acceptProposedAction()
        self.update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went by."""
        self._awaits = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them."""
        self._awaits = False
        event.acceptProposedAction()
        self.take([Path(link.toLocalFile()) for link in event.mimeData().urls() if link.isLocalFile()])
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The hairline; a tint while files hang over it."""
        if self._awaits:
            theme = self._theme
            area = self.rect().adjusted(8, 4, -8, -4)
            shapes.box(QPainter(self), area, 8, theme.colour("accent_soft"), theme.colour("accent"))
        super().paintEvent(event)


class RenameDialog(Dialog):
    """Another name for a file."""

    def __init__(self, theme: Theme, host: QWidget, operations: Operations, line: FileLine) -> None:
        super().__init__(theme, host, i18n.text("Rename the file"), line.name)
        self._operations, self._file = operations, line
        self.name = LineEdit(theme)
        self.name.setText(line.name)
        self.body.addWidget(Field(theme, i18n.text("File name"), self.name))
        self.save_button = answers(self, theme, i18n.text("Rename"))
        self.save_button.clicked.connect(self.save_name)

    def open(self) -> None:
        """The name is chosen, its ending is not."""
        super().open()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.setSelection(0, len(Path(self._file.name).stem))

    def save_name(self) -> None:
        """Keep it as one deed."""
        name, file_id = self.name.text(), self._file.id
        label = phrase("File renamed: {file}", file=name)
        do(self, self._operations, label, lambda s: attachments.rename_file(s, file_id, name))
