"""Pictures from strangers are made small and safe (T8)."""

import io
import struct
import subprocess
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from crm import pictures
from crm.pictures import PictureRefused, PictureTooLarge, PictureUnknown, small


def encoded(kind, size=(40, 30), mode="RGB", colour=None, **options):
    target = io.BytesIO()
    Image.new(mode, size, colour or 0).save(target, kind, **options)
    return target.getvalue()


def opened(picture):
    return Image.open(io.BytesIO(picture.content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_kinds_become_a_small_jpeg(kind):
    made = small(encoded(kind, (1600, 800)))
    assert (made.media_type, made.width, made.height) == ("image/jpeg", 512, 256)
    assert opened(made).size == (512, 256)


def test_what_shows_through_stays_so():
    made = small(encoded("PNG", mode="RGBA", colour=(200, 0, 0, 90)))
    assert made.media_type == "image/png"
    assert opened(made).getpixel((5, 5)) == (200, 0, 0, 90)


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16", "LA", "RGBA"])
def test_every_mode_of_png_is_read(mode):
    assert small(encoded("PNG", mode=mode)).width == 40


def test_a_turned_photo_stands_upright_and_forgets_where_it_was_made():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera of Ivan"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (55.0, 45.0, 7.0)
    photo = encoded("JPEG", (60, 40), exif=exif)
    assert b"Camera of Ivan" in photo
    made = small(photo)
    assert (made.width, made.height) == (40, 60)
    assert b"Camera" not in made.content
    assert b"Exif" not in made.content
    assert not opened(made).getexif()


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7\n", b"GIF89a" + bytes(40), b"BM" + bytes(60)],
)
def test_other_kinds_are_refused_by_their_first_bytes(content):
    with pytest.raises(PictureUnknown):
        small(content)


def test_a_picture_that_is_also_a_document_is_refused_or_loses_the_document():
    photo = encoded("JPEG")
    with pytest.raises(PictureRefused):
        small(photo[:2] + b"\xff\xfe\x00\x0a%PDF-1.7" + photo[2:])
    assert b"PK\x03\x04" not in small(photo + b"PK\x03\x04 a zip behind").content


def png_header(width, height):
    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    rows = zlib.compress(bytes((width // 8 + 1) * height), 9)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_bomb_is_refused_by_its_header():
    bomb = png_header(20_000, 20_000)
    assert len(bomb) < 100_000
    with pytest.raises(PictureTooLarge):
        small(bomb)
    with pytest.raises(PictureTooLarge):
        small(encoded("WEBP", (4000, 3000)))
    with pytest.raises(PictureTooLarge):
        small(b"\xff\xd8\xff" + bytes(pictures.BYTES_LIMIT))


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from the system's own count")
@pytest.mark.parametrize(
    "make",
    [
        "Image.new('RGBA', (6000, 6000)).save(f, 'PNG')",
        "Image.new('P', (6000, 6000)).save(f, 'PNG')",
        "Image.new('RGB', (6000, 6000)).save(f, 'JPEG')",
        "Image.new('RGB', (4800, 4800)).save(f, 'JPEG', progressive=True, subsampling=0)",
        "Image.new('RGBA', (3400, 2300)).save(f, 'WEBP')",
    ],
)
def test_the_greatest_picture_takes_less_than_200_mb(tmp_path, make):
    file = tmp_path / "a"
    with file.open("wb") as target:
        exec(make, {"Image": Image, "f": target})  # noqa: S102 - our own words above
    code = (
        "import pathlib, sys\n"
        "from crm.pictures import small\n"
        "made = small(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "status = pathlib.Path('/proc/self/status').read_text().split()\n"
        "print(int(status[status.index('VmHWM:') + 1]) // 1024)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, file], capture_output=True, check=True)
    assert int(ran.stdout) < 200


@settings(max_examples=150, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_a_damaged_picture_is_refused_never_a_crash(data, kind):
    content = bytearray(encoded(kind, (64, 64), colour=(10, 200, 30)))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for damaged in (bytes(content), bytes(content[:cut])):
        try:
            made = small(damaged)
        except PictureRefused:
            continue
        assert max(made.width, made.height) <= pictures.SIDE


def test_the_refusal_says_what_to_do():
    with pytest.raises(PictureUnknown) as caught:
        small(b"no picture")
    assert caught.value.text() == "Это не картинка JPEG, PNG или WebP. Сохраните её в одном из этих видов и повторите."
