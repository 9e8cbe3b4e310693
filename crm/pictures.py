"""Pictures from strangers, made small and safe (threat T8).

Only JPEG, PNG and WebP by their first bytes; the size is read from the header before a pixel is decoded; what is kept
is always a new, small picture without metadata (no place, no camera), turned the right way up.
"""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from crm import i18n
from crm.errors import CrmError

if TYPE_CHECKING:
    from PIL.Image import Image

BYTES_LIMIT: Final = 5 * 1024 * 1024
SIDE_LIMIT: Final = 6_000
SIDE: Final = 512
"""The longer side of what is kept, pixels."""
_WEBP_PIXELS: Final = 8_000_000
_PROGRESSIVE_SAMPLES: Final = 72_000_000
"""These two decode into several copies at once; the limits keep the peak under 200 MB."""
_THROUGH: Final = 2_048
_MAGIC: Final = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"))
_ORIENTATION: Final = 0x0112


class PictureRefused(CrmError):
    """The picture cannot be taken; nothing of it is kept."""

    code: ClassVar[str] = "picture_damaged"
    message: ClassVar[str] = i18n.mark("The picture is damaged and was not taken. Choose another file.")


class PictureUnknown(PictureRefused):
    """Not one of the three kinds."""

    code = "picture_unknown"
    message = i18n.mark("This is no JPEG, PNG or WebP picture. Save it as one of these and try again.")


class PictureTooLarge(PictureRefused):
    """Too many bytes or pixels."""

    code = "picture_too_large"
    message = i18n.mark("The picture is larger than 5 MB or 6,000 × 6,000 pixels. Make it smaller and try again.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture ready to keep: JPEG, or PNG where something shows through."""

    content: bytes
    media_type: str
    width: int
    height: int


def small(content: bytes, side: int = SIDE) -> Picture:
    """Decode `content` and make it anew, at most `side` pixels long; raises PictureRefused or a subclass."""
    return _read(content, side, cropped=False)


def square(content: bytes, side: int = SIDE) -> Picture:
    """The middle of a picture as a square of at most `side` pixels; raises what `small` raises."""
    return _read(content, side, cropped=True)


def _read(content: bytes, side: int, *, cropped: bool) -> Picture:
    if len(content) > BYTES_LIMIT:
        raise PictureTooLarge
    kind = _kind(content)
    from PIL import Image, UnidentifiedImageError

    try:
        width, height = _webp_size(content) if kind == "WEBP" else _declared_size(content, kind)
        if not (0 < width <= SIDE_LIMIT and 0 < height <= SIDE_LIMIT):
            raise PictureTooLarge
        if kind == "WEBP" and width * height > _WEBP_PIXELS:
            raise PictureTooLarge
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=[kind]) as picture:
                if picture.size != (width, height) and kind != "WEBP":
                    raise PictureRefused
                return _made_anew(picture, side, cropped=cropped)
    except CrmError:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError) as error:
        raise PictureRefused from error
    except (Image.DecompressionBombError, MemoryError) as error:
        raise PictureTooLarge from error


def _kind(content: bytes) -> str:
    """The kind by the first bytes alone; a document that only contains a picture is not one."""
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    kind = "WEBP" if webp else next((kind for magic, kind in _MAGIC if content.startswith(magic)), "")
    if not kind:
        raise PictureUnknown
    if b"%PDF-" in content[:1024]:
        raise PictureUnknown
    return kind


def _declared_size(content: bytes, kind: str) -> tuple[int, int]:
    """Width and height as the header says, without decoding."""
    from PIL import Image

    if kind == "PNG":
        if content[12:16] != b"IHDR":
            raise PictureRefused
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            samples = picture.width * picture.height * len(picture.getbands())
            if picture.info.get("progressive") and samples > _PROGRESSIVE_SAMPLES:
                raise PictureTooLarge
            return picture.size


def _webp_size(content: bytes) -> tuple[int, int]:
    """The canvas of a WebP file (its decoder takes the memory on opening): VP8X, VP8L or VP8 header."""
    kind = content[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(content[24:27], "little") + 1
        return width, int.from_bytes(content[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise PictureRefused


def _made_anew(picture: Image, side: int, *, cropped: bool) -> Picture:
    """Decode small, turn, drop everything but pixels, encode."""
    from PIL import Image, ImageOps

    turned = picture.getexif().get(_ORIENTATION, 1)
    picture.draft("RGB", (side * 2, side * 2))
    if cropped and min(picture.size) <= _THROUGH:
        # Before a long strip is made short: its middle may be all that there is of it.
        picture = _middle(picture)
    if max(picture.size) > _THROUGH:
        # Coarse first: a good filter would copy the whole picture into another mode.
        picture.thumbnail((_THROUGH, _THROUGH), Image.Resampling.NEAREST)
    if cropped:
        picture = _middle(picture)
    clear = picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info
    made = picture.convert("RGBA" if clear else "RGB")
    made.thumbnail((side, side), Image.Resampling.LANCZOS)
    made.getexif().clear()
    made.getexif()[_ORIENTATION] = turned
    made = ImageOps.exif_transpose(made)
    bare = Image.new(made.mode, made.size)
    bare.paste(made)
    target = io.BytesIO()
    if clear:
        bare.save(target, "PNG", optimize=True)
    else:
        bare.save(target, "JPEG", quality=88, optimize=True)
    return Picture(target.getvalue(), "image/png" if clear else "image/jpeg", *bare.size)


def _middle(picture: Image) -> Image:
    """The square in the middle, which a turn does not move."""
    shorter = min(picture.size)
    left, top = ((length - shorter) // 2 for length in picture.size)
    return picture if picture.width == picture.height else picture.crop((left, top, left + shorter, top + shorter))
