"""Anything may stand in a text: it is shown as it is, quickly, and never obeyed (T1 to T4; trap 3)."""

import re
import time
from pathlib import Path

import pypdf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

import crm.export
from crm.export.pdf import paper
from crm.export.pdf.month import write_month
from crm.export.pdf.paper import BODY_TEXT, SMALL, few_lines, fit, measure, visible, wrap
from crm.export.pdf.register import write_register
from tests.export.pdf.makers import MOMENT, filled, month, pages, register, squeezed, text_of

WRITERS = {"month": (write_month, month), "register": (write_register, register)}


@pytest.fixture(params=sorted(WRITERS))
def made(request, tmp_path):
    """Writes a content with a payload in every field; gives the path."""
    write, make = WRITERS[request.param]

    def with_payload(payload):
        target = tmp_path / "a.pdf"
        write(filled(make(), payload), target)
        return target

    return with_payload


def images(path):
    return Path(path).read_bytes().count(b"/Subtype /Image")


def test_t01_code_in_markup_is_only_text(made, tmp_path):
    marker = tmp_path / "marker"
    payload = f"""<font color="[[[getattr(pow,'__globals__')['os'].system('touch {marker}')]]] and 1">Иван</font>"""
    shown = text_of(made(payload))
    assert squeezed("<font color=") in shown
    assert not marker.exists()


def test_t02_no_file_gets_into_the_pdf(made, tmp_path):
    secret = tmp_path / "s.png"
    Image.new("RGB", (30, 30), (9, 9, 9)).save(secret)
    target = made(f'<img src="{secret}"/>')
    assert images(target) == 0
    assert "<imgsrc=" in text_of(target)


@pytest.mark.parametrize(
    "payload",
    [
        "<b>Иван",
        "a < b & c",
        "</para>",
        "<onDraw name='x'/>",
        "a\x00b",
        "&amp;",
        "%(x)s {y} {}",
        "\ud800",
        "\u202eёж",
        "(((",
    ],
)
def test_t03_ordinary_text_never_breaks_a_report(made, payload):
    shown = text_of(made(payload))
    expected = payload.replace("\x00", "□").replace("\ud800", "?").replace("\u202e", "□")
    assert squeezed(expected) in shown


def test_t04_a_word_without_end_takes_no_time(made):
    began = time.process_time()
    for letter in ("W", "щ ", "-", "́"):
        target = made(letter * 200_000)
    assert time.process_time() - began < 4 * 3
    assert target.stat().st_size < 3_000_000


def test_t05_no_text_becomes_a_link(made):
    target = made("javascript:alert(1) file:///etc/passwd https://bank@evil.example")
    reader = pypdf.PdfReader(target)
    assert not any("/Annots" in page for page in reader.pages)
    assert b"/URI" not in target.read_bytes()


def test_no_paragraph_that_reads_markup_is_used_anywhere():
    sources = Path(crm.export.__file__).parent.rglob("*.py")
    assert not [path.name for path in sources if re.search(r"\bplatypus\b|\bParagraph\(", path.read_text("utf-8"))]


TEXTS = st.text(max_size=80)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXTS)
@example(text="ʇ")
@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_t03_any_text_makes_a_readable_pdf(tmp_path, kind, text):
    write, make = WRITERS[kind]
    target = tmp_path / "a.pdf"
    count = write(filled(make(), text), target)
    found = pages(target)
    assert len(found) == count
    assert "\x00" not in "".join(found)


def test_every_typeface_is_inter_and_embedded(made):
    reader = pypdf.PdfReader(made("Ёжик №5 — «щи»"))
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            fonts[font["/BaseFont"]] = font
    used = {name for name in fonts if "Inter" in name}
    assert len(used) >= 4
    assert all("/FontFile2" in fonts[name]["/FontDescriptor"] for name in used)
    assert not [name for name in fonts if "Dingbats" in name or "Helvetica" in name]


def test_a_pdf_says_whose_it_is_and_is_the_same_twice(made, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Kamchatka")
    first = made("Ёлка").read_bytes()
    target = made("Ёлка")
    assert target.read_bytes() == first
    reader = pypdf.PdfReader(target)
    assert reader.metadata.title == "Ёлка"
    assert reader.metadata.author == "Ёлка"
    assert reader.metadata.creation_date == MOMENT
    assert reader.trailer["/Root"]["/Lang"] == "ru"


@given(text=st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=300), width=st.floats(20, 500))
def test_wrapping_loses_no_character_and_keeps_to_the_column(text, width):
    lines = wrap(text, SMALL, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        plain = re.sub(r"[̀-ͯ]", "", line)
        assert measure(line, SMALL) <= width + 0.01 or len(plain) <= 2 or len(line) > len(plain)


def test_a_cut_says_that_it_is_one():
    assert visible("щ" * 30, 10) == "щ" * 10 + "… (ещё 20 знаков)"
    assert visible("щ" * 11, 10) == "щ" * 10 + "… (ещё 1 знак)"
    assert fit("щ" * 300, SMALL, 100).endswith("…")
    assert few_lines("слово " * 100, SMALL, 100, 3)[-1].endswith("…")
    assert len(few_lines("слово " * 100, SMALL, 100, 3)) == 3


def test_a_sign_the_typeface_lacks_is_a_visible_box(made):
    assert visible("Ёж😀 中\ufe0f\u200d") == "Ёж□ □"
    assert "Ёж□" in text_of(made("Ёж😀"))


def test_long_double_names_break_at_the_hyphen():
    lines = wrap("Константинопольская-Ржевская", BODY_TEXT, 130)
    assert lines == ["Константинопольская-", "Ржевская"]


def test_the_colours_are_those_of_the_window():
    assert (paper.TEXT, paper.ACCENT, paper.OK) == ("#1D1C1A", "#2B53D0", "#23763A")


def test_pages_are_numbered_of_how_many(tmp_path):
    write_register(register(100), tmp_path / "a.pdf")
    found = pages(tmp_path / "a.pdf")
    for number, page in enumerate(found, start=1):
        assert f"{number} из {len(found)}" in page
