"""Paper: a PDF sent to a printer page by page, as it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument
    from PySide6.QtPrintSupport import QPrinter

_DPI: Final = 300


def print_document(document: QPdfDocument, title: str, parent: QWidget) -> bool:
    """Ask for a printer and print; False when the person thought better of it."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    dialog = QPrintDialog(printer, parent)
    dialog.setMinMax(1, document.pageCount())
    if not dialog.exec():
        return False
    send(document, printer)
    return True


def send(document: QPdfDocument, printer: QPrinter) -> None:
    """Draw the wanted pages at 300 dpi, each fitted to the sheet."""
    first = printer.fromPage() or 1
    last = printer.toPage() or document.pageCount()
    printer.setFullPage(True)
    painter = QPainter(printer)
    for page in range(first - 1, min(last, document.pageCount())):
        if page >= first:
            printer.newPage()
        points = document.pagePointSize(page)
        size = QSize(round(points.width() / 72 * _DPI), round(points.height() / 72 * _DPI))
        sheet = painter.viewport()
        fitted = QRect(sheet.topLeft(), size.scaled(sheet.size(), Qt.AspectRatioMode.KeepAspectRatio))
        fitted.moveCenter(sheet.center())
        painter.drawImage(fitted, document.render(page, size))
    painter.end()
