"""What the window remembers on this laptop: language, look, the last page. It belongs to no store."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QByteArray, QSettings

from crm import i18n, paths
from crm.errors import CrmError


class PreferencesNotKept(CrmError):
    """The file of the settings could not be written."""

    code = "preferences_not_kept"
    message = i18n.mark("The disk would not take this setting: it holds until Krug is closed. Free some space on it.")


class Preferences:
    """The window's own settings, in one file of the person's configuration folder."""

    def __init__(self, file: Path) -> None:
        paths.private_folder(file.parent)
        self._file = file
        with contextlib.suppress(OSError):
            # Qt would make it as the mask of the system says, and keeps the rights of one that is there.
            os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
            file.chmod(0o600)
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    def keep(self) -> bool:
        """Write what was changed now; False where the disk would not take it, and the old settings stand."""
        # A refusal sticks to the object that met it; what is not written yet belongs to all objects of one file.
        asked = QSettings(str(self._file), QSettings.Format.IniFormat)
        asked.sync()
        return asked.status() == QSettings.Status.NoError

    def keep_or_tell(self, tell: Callable[[CrmError], object]) -> None:
        """Write what was changed now, and `tell` where the disk would not take it."""
        if not self.keep():
            tell(PreferencesNotKept())

    def _text(self, key: str, default: str) -> str:
        value = self._settings.value(key, default)
        return value if isinstance(value, str) else default

    @property
    def language(self) -> str:
        """«ru», «en», or what the computer speaks while nobody chose."""
        chosen = self._text("language", "")
        return chosen if chosen in i18n.LANGUAGES else i18n.from_environment()

    @language.setter
    def language(self, language: str) -> None:
        self._settings.setValue("language", language)

    @property
    def mode(self) -> Literal["system", "light", "dark"]:
        """«system», «light» or «dark»."""
        chosen = self._text("mode", "system")
        return "light" if chosen == "light" else "dark" if chosen == "dark" else "system"

    @mode.setter
    def mode(self, mode: str) -> None:
        self._settings.setValue("mode", mode)

    @property
    def scale(self) -> int:
        """The size of text in per cent: 100, 115 or 130."""
        chosen = self._text("scale", "100")
        return int(chosen) if chosen in {"100", "115", "130"} else 100

    @scale.setter
    def scale(self, scale: int) -> None:
        self._settings.setValue("scale", str(scale))

    @property
    def contrast(self) -> bool:
        """Stronger borders of controls."""
        return self._text("contrast", "no") == "yes"

    @contrast.setter
    def contrast(self, contrast: bool) -> None:
        self._settings.setValue("contrast", "yes" if contrast else "no")

    @property
    def lock_after(self) -> int:
        """Minutes without a key or pointer until an encrypted store is locked, 0 for never."""
        chosen = self._text("lock_after", "15")
        return int(chosen) if chosen in {"0", "5", "15", "30", "60"} else 15

    @lock_after.setter
    def lock_after(self, minutes: int) -> None:
        self._settings.setValue("lock_after", str(minutes))

    @property
    def geometry(self) -> QByteArray | None:
        """Where the window was."""
        value = self._settings.value("geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("geometry", geometry)

    def second_place(self, store: str) -> Path | None:
        """Where the copies of the store with this uid are brought too; None for nowhere."""
        place = self._text(f"second_place/{store}", "")
        return Path(place) if place else None

    def set_second_place(self, store: str, place: Path | None) -> None:
        """Bring the copies of this store there too, or nowhere."""
        self._settings.setValue(f"second_place/{store}", "" if place is None else str(place))
        self._settings.remove(f"second_place_used/{store}")

    def second_place_used(self, store: str) -> datetime | None:
        """When a copy was last brought there, in UTC."""
        try:
            return datetime.fromisoformat(self._text(f"second_place_used/{store}", "")).astimezone(UTC)
        except ValueError:
            return None

    def note_second_place_used(self, store: str, at: datetime) -> None:
        """A copy was brought there."""
        self._settings.setValue(f"second_place_used/{store}", at.astimezone(UTC).isoformat())
