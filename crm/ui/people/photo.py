"""The circle at the top of a profile: initials, or a photo from a file, dropped on it or pasted."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QMimeData, QRectF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QImageReader,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QFileDialog

from crm import i18n, pictures
from crm.errors import Cancelled, CrmError
from crm.i18n import mark, phrase
from crm.services import attachments, photos
from crm.services.cards import PersonCard
from crm.services.profiles import Profile
from crm.ui.jobs import Jobs, Report
from crm.ui.operations import Operations, Said
from crm.ui.theme import Theme
from crm.ui.widgets.mark_widgets import Avatar
from crm.ui.widgets.menus import Menu

_SIDE: Final = 52
_RAW: Final = ("image/jpeg", "image/png", "image/webp")
_ALLOWED: Final = 16
"""Megabytes Qt may decode a kept picture into: 512 × 512 need one."""


class NoPictureThere(CrmError):
    """The clipboard holds no picture."""

    code = "no_picture_there"
    message = mark("There is no picture on the clipboard. Copy one and paste again.")


class PictureElsewhere(CrmError):
    """A picture of the web, dropped as a link."""

    code = "picture_elsewhere"
    message = mark("This is a link, and Krug fetches nothing from the network. Save the picture and drop the file.")


class PhotoPlace(Avatar):
    """A person's circle that can be given a photo. Enter or a click opens what can be done with it, Ctrl+V pastes."""

    def __init__(self, theme: Theme, operations: Operations, jobs: Jobs) -> None:
        super().__init__(theme, size=_SIDE)
        self._operations, self._jobs = operations, jobs
        self._person: PersonCard | None = None
        self._content: bytes | None = None
        self._image = QImage()
        self._pixmap: QPixmap | None = None
        self._awaits = False
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleDescription(i18n.text("Enter adds or changes the photo"))
        self.setToolTip(i18n.text("Photo: choose, drop a file or paste"))
        theme.changed.connect(self._forget)

    def show_profile(self, profile: Profile) -> None:
        """The circle of this person."""
        person = self._person = profile.person
        self.set_person(person.id, person.display_name, person.initials)
        if person.photo != self._content:
            self._content = person.photo
            self._image = _read(person.photo) if person.photo else QImage()
            self._forget()

    @property
    def has_photo(self) -> bool:
        """A photo is shown, not initials."""
        return not self._image.isNull()

    def _forget(self) -> None:
        self._pixmap = None
        self.update()

    # -- what can be done -----------------------------------------------------------------------------------------

    def menu(self) -> Menu:
        """Choose, paste, take away."""
        menu = Menu(self._theme, self)
        menu.add(i18n.text("Choose a photo…"), self.choose, "user-circle")
        menu.add(i18n.text("Paste a photo"), self.paste, "clipboard-text", "Ctrl+V")
        if self.has_photo:
            menu.addSeparator()
            menu.add(i18n.text("Remove the photo"), self.remove, "trash", danger=True)
        return menu

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def choose(self) -> None:
        """From a file."""
        pattern = i18n.text("Pictures") + " (*.jpg *.jpeg *.png *.webp)"
        chosen, _ = QFileDialog.getOpenFileName(self, i18n.text("Choose a photo"), str(Path.home()), pattern)
        if chosen:
            self.take_file(Path(chosen))

    def paste(self) -> None:
        """From the clipboard: the picture itself, or a file of one."""
        self.take(QGuiApplication.clipboard().mimeData())

    def take(self, given: QMimeData) -> None:
        """What was dropped or pasted; a link leads nowhere."""
        for kind in _RAW:
            if given.hasFormat(kind):
                self.take_bytes(bytes(given.data(kind).data()))
                return
        links = given.urls()
        if links:
            if links[0].isLocalFile():
                self.take_file(Path(links[0].toLocalFile()))
            else:
                self._operations.refused.emit(PictureElsewhere())
            return
        if given.hasImage():
            image = QImage(given.imageData())
            if image.width() > pictures.SIDE_LIMIT or image.height() > pictures.SIDE_LIMIT:
                self._operations.refused.emit(pictures.PictureTooLarge())
                return
            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            side = 2 * pictures.SIDE
            smaller = Qt.AspectRatioMode.KeepAspectRatioByExpanding
            if min(image.width(), image.height()) > side:
                image = image.scaled(side, side, smaller, Qt.TransformationMode.SmoothTransformation)
            image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub knows file names only
            self.take_bytes(bytes(buffer.data().data()))
            return
        self._operations.refused.emit(NoPictureThere())

    def take_file(self, path: Path) -> None:
        """A file of a picture."""
        self._keep(lambda: _picture_of(path))

    def take_bytes(self, content: bytes) -> None:
        """A picture as it came."""
        self._keep(lambda: content)

    def _keep(self, read: Any) -> None:
        """Look at it, make it small and keep it: a job, for a large one takes a second."""
        person, operations = self._person, self._operations
        if person is None:
            return
        label = phrase("Photo: {name}", name=person.display_name)

        def work(report: Report) -> int | None:
            picture = photos.prepared(read())
            report(0, 0)
            return operations.write(label, lambda s: photos.set_photo(s, person.id, picture, operations.clock)).deed

        def done(deed: int | None) -> None:
            if deed is not None:
                operations.said.emit(Said(label, deed))

        self._jobs.start(label, work, done, self._refused, quiet=True)

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, CrmError):
            self._operations.refused.emit(error)
        elif not isinstance(error, Cancelled):
            raise error

    def remove(self) -> None:
        """Initials again; the toast undoes it."""
        person = self._person
        if person is not None and self.has_photo:
            label = phrase("Photo removed: {name}", name=person.display_name)
            self._operations.perform(label, lambda s: photos.remove_photo(s, person.id))

    # -- Qt -------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Delete and Ctrl+V are the photo's, not the list's, while the keyboard is here."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and (event.matches(QKeySequence.StandardKey.Paste) or event.key() == Qt.Key.Key_Delete)
        ):
            event.accept()
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """What can be done with it."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._open_menu()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same."""
        self._open_menu()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the menu, Ctrl+V pastes, Delete takes away."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open_menu()
        elif event.key() == Qt.Key.Key_Delete and self.has_photo:
            self.remove()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A picture may be dropped here."""
        given = event.mimeData()
        self._awaits = given.hasUrls() or given.hasImage() or any(given.hasFormat(kind) for kind in _RAW)
        if self._awaits:
            event.acceptProposedAction()
        self.update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It went by."""
        self._awaits = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        self._awaits = False
        event.acceptProposedAction()
        self.take(event.mimeData())
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard is here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """It left."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The photo in its circle, or the initials; a ring for the keyboard and for what hangs over it."""
        if not self.has_photo:
            # Its painter goes before ours comes: two on one widget are one too many.
            super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.has_photo:
            if self._pixmap is None:
                self._pixmap = _round(self._image, self.width(), self.devicePixelRatioF())
            painter.drawPixmap(0, 0, self._pixmap)
        if self.hasFocus() or self._awaits:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))


def _picture_of(path: Path) -> bytes:
    try:
        return attachments.read_file(path, pictures.BYTES_LIMIT)
    except attachments.FileTooLarge as error:
        raise pictures.PictureTooLarge from error


def _read(content: bytes) -> QImage:
    """A kept picture. What is in a store may be a stranger's: of the two kinds we make, and no larger than we make."""
    buffer = QBuffer()
    buffer.setData(content)
    reader = QImageReader(buffer, b"png" if content.startswith(b"\x89PNG") else b"jpeg")
    reader.setAllocationLimit(_ALLOWED)
    size = reader.size()
    return reader.read() if max(size.width(), size.height()) <= 2 * pictures.SIDE else QImage()


def _round(image: QImage, side: int, ratio: float) -> QPixmap:
    """The middle of a picture as a circle."""
    full = max(1, round(side * ratio))
    fitted = image.scaled(
        full, full, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    made = QPixmap(full, full)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    circle = QPainterPath()
    circle.addEllipse(0, 0, full, full)
    painter.setClipPath(circle)
    painter.drawImage((full - fitted.width()) // 2, (full - fitted.height()) // 2, fitted)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
