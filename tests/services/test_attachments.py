"""Files and photos of people: kept once, small in the journal, undone, gone when nothing leads to them."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from crm import pictures
from crm.app.journal_keeping import Thinning
from crm.models import Attachment, AttachmentContent, Change
from crm.services import attachments, people_editing, photos
from crm.services.attachments import FileEmpty, FileGone, FileNameless, FileTooLarge, FileUnread
from crm.services.people import card
from crm.services.people_editing import named_draft
from crm.services.person_errors import PersonUnknown
from crm.store import journal_thinning, unused_files
from crm.store.errors import UndoRefused


@pytest.fixture
def add(deed, clock):
    return lambda name: deed(lambda s: people_editing.add_person(s, named_draft(name), clock))


@pytest.fixture
def keep(deed, clock):
    def run(person, name, content):
        return deed(lambda s: attachments.add_file(s, person, name, content, clock))

    return run


def many(workspace, column):
    return workspace.read(lambda s: s.scalar(select(func.count(column))))


def names(workspace, person):
    return [one.name for one in workspace.read(lambda s: attachments.files_of(s, person))]


def picture(width=90, height=60, kind="JPEG", **saving) -> bytes:
    made = Image.new("RGB", (width, height), "red")
    made.paste("blue", (width // 3, 0, 2 * width // 3, height))
    target = io.BytesIO()
    made.save(target, kind, **saving)
    return target.getvalue()


def test_a_file_is_kept_renamed_taken_away_and_brought_back(workspace, deed, add, keep) -> None:
    anna = add("Анина Анна")
    one = keep(anna, "договор.pdf", b"%PDF-1.7 text")
    (line,) = workspace.read(lambda s: attachments.files_of(s, anna))
    assert (line.name, line.media_type, line.size) == ("договор.pdf", "application/pdf", 13)
    assert deed(lambda s: attachments.rename_file(s, one, "Соглашение о съёмке"))
    assert names(workspace, anna) == ["Соглашение о съёмке.pdf"]
    assert not deed(lambda s: attachments.rename_file(s, one, "Соглашение о съёмке"))
    deed(lambda s: attachments.remove_file(s, one))
    assert names(workspace, anna) == []
    workspace.undo()
    found = workspace.read(lambda s: attachments.file_content(s, one))
    assert (found.name, found.content) == ("Соглашение о съёмке.pdf", b"%PDF-1.7 text")


def test_the_same_bytes_are_kept_once_and_undoing_one_leaves_the_other(workspace, add, keep) -> None:
    anna, boris = add("Анина Анна"), add("Борин Борис")
    keep(anna, "a.txt", b"same")
    added = many(workspace, Change.id)
    keep(boris, "b.txt", b"same")
    assert many(workspace, AttachmentContent.id) == 1
    assert many(workspace, Change.id) == added + 1
    first = workspace.read(lambda s: s.scalar(select(func.min(Change.deed_id)).where(
        Change.table_name == "attachment")))  # fmt: skip
    workspace.undo(first)
    assert (names(workspace, anna), names(workspace, boris)) == ([], ["b.txt"])
    workspace.redo()
    assert names(workspace, anna) == ["a.txt"]


def test_the_journal_holds_no_bytes_of_a_file(workspace, deed, add, keep) -> None:
    anna = add("Анина Анна")
    content = os.urandom(300_000)
    one = keep(anna, "a.bin", content)
    deed(lambda s: attachments.remove_file(s, one))
    workspace.undo()
    workspace.redo()
    workspace.undo()
    workspace.undo()
    assert names(workspace, anna) == []
    workspace.redo()
    assert workspace.read(lambda s: attachments.file_content(s, one)).content == content
    assert workspace.read(lambda s: s.scalar(select(func.max(func.length(Change.before))))) < 2_000


def test_bytes_go_when_no_row_and_no_undo_leads_to_them(workspace, deed, add, keep, clock) -> None:
    anna = add("Анина Анна")
    kept, gone = keep(anna, "kept.bin", b"kept"), keep(anna, "gone.bin", b"gone")
    deed(lambda s: attachments.remove_file(s, gone))
    dropped = workspace.maintain(lambda s: unused_files.drop_unused(s.connection()))
    assert (dropped, many(workspace, AttachmentContent.id)) == (0, 2)
    last = workspace.read(lambda s: s.scalar(select(func.max(Change.id))))
    workspace.maintain(lambda s: journal_thinning.thin_slice(s.connection(), last, clock()))
    noted = many(workspace, Change.id)
    Thinning(workspace).run()
    assert many(workspace, AttachmentContent.id) == 1
    assert many(workspace, Change.id) == noted
    assert workspace.read(lambda s: attachments.file_content(s, kept)).content == b"kept"
    # A deed is noted again afterwards.
    keep(anna, "next.bin", b"next")
    assert many(workspace, Change.id) == noted + 2


def test_a_person_who_came_with_a_file_does_not_go_without_it(workspace, deed, clock) -> None:
    anna = deed(lambda s: people_editing.add_person(s, named_draft("Анина Анна"), clock))
    adding = workspace.read(lambda s: s.scalar(select(func.max(Change.deed_id))))
    deed(lambda s: attachments.add_file(s, anna, "a.txt", b"a", clock))
    with pytest.raises(UndoRefused):
        workspace.undo(adding)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\фото.jpg", "фото.jpg"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("con.txt", "_con.txt"),
        ("NUL", "_NUL"),
        ("a:b|c?.txt", "a_b_c_.txt"),
        (" . ", ""),
        ("я" * 300 + ".pdf", "я" * 196 + ".pdf"),
        ("a\x00b\ud800.txt", "ab\ufffd.txt"),
    ],
)
def test_a_name_is_one_that_any_system_takes(given, kept) -> None:
    assert attachments.file_name(given) == kept


def test_what_cannot_be_kept_is_named(workspace, deed, clock, add, keep, tmp_path: Path) -> None:
    anna = add("Анина Анна")
    large = tmp_path / "large.bin"
    with large.open("wb") as sparse:
        sparse.truncate(attachments.FILE_LIMIT + 1)
    with pytest.raises(FileTooLarge, match="20"):
        attachments.read_file(large)
    with pytest.raises(FileTooLarge):
        keep(anna, "a", bytes(attachments.FILE_LIMIT + 1))
    (tmp_path / "empty").touch()
    with pytest.raises(FileEmpty):
        attachments.read_file(tmp_path / "empty")
    for wrong in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(FileUnread):
            attachments.read_file(wrong)
    with pytest.raises(FileNameless):
        keep(anna, "...", b"a")
    with pytest.raises(PersonUnknown):
        keep(999, "a", b"a")
    with pytest.raises(FileGone):
        workspace.read(lambda s: attachments.file_content(s, 999))
    assert many(workspace, Attachment.id) == 0


@pytest.mark.parametrize("name", ["a.exe", "b.SH", "c.desktop", "d.html", "e.svg", "f.lnk"])
def test_t05_what_would_run_is_saved_and_never_opened(workspace, add, keep, name) -> None:
    anna = add("Анина Анна")
    keep(anna, name, b"x")
    keep(anna, "plain.pdf", b"y")
    assert [one.opens for one in workspace.read(lambda s: attachments.files_of(s, anna))] == [True, False]


def test_t08_a_photo_is_a_small_square_the_right_way_up_without_metadata(workspace, deed, clock, add) -> None:
    anna = add("Анина Анна")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Камера"
    exif.get_ifd(0x8825)[2] = (55.0, 45.0, 21.0)
    raw = picture(1500, 900, exif=exif.tobytes())
    deed(lambda s: photos.set_photo(s, anna, photos.prepared(raw), clock))
    kept = workspace.read(lambda s: photos.photo_of(s, anna))
    made = Image.open(io.BytesIO(kept))
    assert (made.size, dict(made.getexif()), b"Exif" in kept) == ((512, 512), {}, False)
    # The blue third stood upright in the file and lies across in what the turn says.
    assert [made.getpixel((256, y))[2] > 128 for y in (20, 256, 490)] == [False, True, False]
    assert [made.getpixel((x, 256))[2] > 128 for x in (20, 256, 490)] == [True, True, True]


def test_one_photo_at_a_time_undone_and_shown_on_the_card(workspace, deed, clock, add) -> None:
    anna = add("Анина Анна")
    first, second = photos.prepared(picture(60, 60)), photos.prepared(picture(90, 90, "PNG"))
    deed(lambda s: photos.set_photo(s, anna, first, clock))
    deed(lambda s: photos.set_photo(s, anna, second, clock))
    assert many(workspace, Attachment.id) == 1
    assert workspace.read(lambda s: card(s, anna)).photo == second.content
    workspace.undo()
    assert workspace.read(lambda s: photos.photo_of(s, anna)) == first.content
    deed(lambda s: photos.remove_photo(s, anna))
    assert workspace.read(lambda s: card(s, anna)).photo is None
    workspace.undo()
    assert workspace.read(lambda s: photos.photo_of(s, anna)) == first.content
    assert names(workspace, anna) == []


@pytest.mark.parametrize("size", [(6000, 40), (40, 6000), (300, 200), (2500, 2100)])
def test_t08_the_middle_of_any_shape_is_a_square(size) -> None:
    made = pictures.square(picture(*size, "PNG"))
    assert made.width == made.height == min(*size, 512)
