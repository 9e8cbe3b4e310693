"""The key of an encrypted store: made from a passphrase or from the printed recovery code, never kept on disk.

Format 1: the file's first 16 bytes are its salt. The key is Argon2id of the passphrase with that salt, and goes to
SQLCipher as a raw key with the salt, so that no text of a person ever stands in a pragma. The recovery code is the
key itself in groups with check signs: paper and file open without the passphrase.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crm.store.errors import PassphraseLikeCode, PassphraseMissing, RecoveryCodeWrong

SALT_BYTES: Final = 16
KEY_BYTES: Final = 32
PASSES: Final = 4
MEMORY_KIB: Final = 131_072
LANES: Final = 1
"""Argon2id of format 1, fixed for ever: about half a second and 128 MiB on a laptop."""
PLAIN: Final = b"SQLite format 3\0"
PAGE: Final = 4096

_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS: Final = 13
_DATA: Final = 4
"""Signs of a group that carry the key: 13 groups of 20 bits hold its 256 bits and four bits of check."""
_LOOKALIKES: Final = str.maketrans("OILUАВСЕНКМРТОХУЗ", "011VABCEHKMPT0XY3")
"""What is read or typed for another sign: the letters base 32 leaves out, and Cyrillic of the same shape."""
_LEAST_SIGNS_OF_NOISE: Final = 240


@dataclass(frozen=True, slots=True)
class Key:
    """32 bytes of key and the 16 bytes of salt that stand at the beginning of the file. Never shown, never logged."""

    raw: bytes = field(repr=False)
    salt: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES or len(self.salt) != SALT_BYTES:
            raise ValueError("a key has 32 bytes and a salt of 16")

    @property
    def pragma(self) -> str:
        """The key as SQLCipher takes it: hexadecimal digits only, nothing of a passphrase."""
        return f"x'{self.raw.hex()}{self.salt.hex()}'"

    def recovery_code(self) -> str:
        """The key for paper: 13 groups of four signs and a check sign, which also knows the place of its group."""
        number = int.from_bytes(self.raw, "big") << 4 | _overall(self.raw)
        signs = [_SIGNS[number >> shift & 31] for shift in range(5 * (_GROUPS * _DATA - 1), -1, -5)]
        groups = ["".join(signs[place : place + _DATA]) for place in range(0, len(signs), _DATA)]
        return "-".join(group + _check_sign(place, group) for place, group in enumerate(groups, start=1))


Secret = Callable[[bytes], Key]
"""What opens a store: given the file's salt, it gives the key."""


def from_passphrase(passphrase: str) -> Secret:
    """A secret that derives the key by Argon2id; composed and decomposed letters are the same passphrase.

    Raises PassphraseMissing for an empty one.
    """
    words = unicodedata.normalize("NFKC", passphrase)
    if not words:
        raise PassphraseMissing

    def derive(salt: bytes) -> Key:
        from argon2.low_level import Type, hash_secret_raw

        secret = words.encode("utf-8", "surrogatepass")
        return Key(hash_secret_raw(secret, salt, PASSES, MEMORY_KIB, LANES, KEY_BYTES, Type.ID), salt)

    return derive


def from_recovery_code(code: str) -> Secret:
    """A secret that is the key on paper; blanks, hyphens, case and letters of the same look do not matter.

    Raises RecoveryCodeWrong with the number of the first group that is not as it was printed.
    """
    signs = "".join(char for char in code.upper() if char.isalnum()).translate(_LOOKALIKES)
    size = _DATA + 1
    groups = [signs[place : place + size] for place in range(0, len(signs), size)]
    for place in range(1, _GROUPS + 1):
        group = groups[place - 1] if place <= len(groups) else ""
        if len(group) != size or set(group) - set(_SIGNS) or _check_sign(place, group[:_DATA]) != group[_DATA]:
            raise RecoveryCodeWrong(group=place)
    number = 0
    for sign in "".join(group[:_DATA] for group in groups[:_GROUPS]):
        number = number << 5 | _SIGNS.index(sign)
    raw = (number >> 4).to_bytes(KEY_BYTES, "big")
    if len(groups) != _GROUPS or number & 15 != _overall(raw):
        raise RecoveryCodeWrong(group=_GROUPS)
    return lambda salt: Key(raw, salt)


def secret_of(words: str) -> Secret:
    """The secret in what a person enters where a passphrase is asked for: a recovery code is known by its shape.

    Raises PassphraseMissing, and RecoveryCodeWrong for a code that is not as it was printed.
    """
    return from_recovery_code(words) if _is_shaped_like_code(words) else from_passphrase(words)


def new_secret_of(words: str) -> Secret:
    """The secret of a new passphrase. Raises PassphraseMissing, and PassphraseLikeCode for what nobody could enter."""
    if _is_shaped_like_code(words):
        raise PassphraseLikeCode
    return from_passphrase(words)


def _is_shaped_like_code(words: str) -> bool:
    """Many groups of five signs, or all in one: also one that lacks a sign, so that its group can be named."""
    pieces = words.upper().translate(_LOOKALIKES).replace("-", " ").split()
    signs = "".join(pieces)
    whole = _GROUPS * (_DATA + 1)
    grouped = len(pieces) == 1 or sum(len(piece) == _DATA + 1 for piece in pieces) >= _GROUPS - 3
    digits = sum(sign.isdigit() for sign in signs)
    return abs(len(signs) - whole) <= _DATA + 1 and grouped and digits >= _DATA and not set(signs) - set(_SIGNS)


def new_salt() -> bytes:
    """A fresh salt, which is never the beginning of a plain file."""
    return os.urandom(SALT_BYTES)


def salt_of(path: Path) -> bytes | None:
    """The salt of the encrypted store at `path`; None when it is plain, or too regular to be an encrypted file.

    Raises OSError. Encrypted pages are noise: a file of whole pages whose first one is not is something else.
    """
    with path.open("rb") as file:
        page = file.read(PAGE)
        size = file.seek(0, os.SEEK_END)
    whole = size >= PAGE and size % PAGE == 0
    return page[:SALT_BYTES] if whole and _noisy(page) and not page.startswith(PLAIN) else None


def is_noise(path: Path) -> bool:
    """The file begins as an encrypted one does, whatever its size. Raises OSError."""
    with path.open("rb") as file:
        return _noisy(file.read(PAGE))


def _noisy(page: bytes) -> bool:
    return len(page) == PAGE and len(set(page)) >= _LEAST_SIGNS_OF_NOISE


def _check_sign(place: int, group: str) -> str:
    """Powers of two in the field of 32 elements as weights: one wrong sign, two exchanged ones and a group out of its
    place are all noticed."""
    total = 0
    for sign in group:
        total = _doubled(total ^ _SIGNS.index(sign))
    return _SIGNS[total ^ place]


def _doubled(value: int) -> int:
    return value << 1 if value < 16 else value << 1 ^ 0b100101


def _overall(raw: bytes) -> int:
    return hashlib.sha256(raw).digest()[0] & 15
