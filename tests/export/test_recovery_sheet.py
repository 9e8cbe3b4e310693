"""The sheet of the recovery code: what is printed, what a scanner reads, and whose file it is."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QBuffer, QSize
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication

from crm import i18n
from crm.clock import Clock
from crm.export.pdf.recovery_sheet import write_recovery_sheet
from crm.store.key import Key, secret_of

KEY = Key(bytes(range(7, 39)), bytes(16))


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_p14_the_printed_groups_and_the_scanned_code_are_the_key(
    tmp_path: Path, clock: Clock, qapp: QApplication, language: str
) -> None:
    sheet = tmp_path / "sheet.pdf"
    name = "<b>Клуб</b> «Данные»"
    with i18n.using(language):
        write_recovery_sheet(sheet, KEY.recovery_code(), name, "/дом/community.krug", clock)
    assert sheet.stat().st_mode & 0o777 == 0o600
    (page,) = pypdf.PdfReader(sheet).pages
    text = page.extract_text()
    assert name in text
    assert "/дом/community.krug" in text
    words = text.split()
    places = [words.index(group) for group in KEY.recovery_code().split("-")]
    assert [words[place - 1] for place in places] == [str(number) for number in range(1, 14)]
    document = QPdfDocument()
    document.load(str(sheet))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    document.render(0, QSize(1190, 1684)).save(buffer, "PNG")
    drawn = Image.open(io.BytesIO(bytes(buffer.data()))).convert("RGBA")
    paper = Image.new("RGBA", drawn.size, "white")
    paper.alpha_composite(drawn)
    (scanned,) = zxingcpp.read_barcodes(paper.convert("L"))
    assert secret_of(scanned.text)(KEY.salt) == KEY
