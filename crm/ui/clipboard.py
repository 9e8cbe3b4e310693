"""What Krug itself put on the clipboard: remembered, so that locking clears that and never somebody else's text."""

from __future__ import annotations

import hashlib

from PySide6.QtGui import QGuiApplication

_OURS: list[bytes] = []
"""The digest of what was copied last; the text itself is kept nowhere."""


def copy(text: str) -> None:
    """Put `text` on the clipboard."""
    QGuiApplication.clipboard().setText(text)
    _OURS[:] = [_digest(text)]


def forget() -> bool:
    """Clear the clipboard if it still holds what we put there; True where it did."""
    clipboard = QGuiApplication.clipboard()
    # What was copied out of a field went there without us; the system knows whose it is, where it can tell.
    ours = clipboard.ownsClipboard() or (bool(_OURS) and _digest(clipboard.text()) == _OURS[0])
    _OURS.clear()
    if ours:
        clipboard.clear()
    return ours


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
