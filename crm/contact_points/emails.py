"""E-mail addresses: syntax only, nothing is asked of a server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from crm.text import clean


@dataclass(frozen=True, slots=True)
class Email:
    """An address as read: its normal form or, where it is no address, None; `key` is for comparing."""

    normal: str | None
    raw: str

    @property
    def key(self) -> str | None:
        """The address in one case, by which people are matched."""
        return None if self.normal is None else self.normal.casefold()


_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_EMAIL: Final = re.compile(
    rf"(?=.{{1,64}}@)(?=.{{6,254}}\Z)({_ATOM}(?:\.{_ATOM})*)@"
    r"((?:[A-Za-z0-9](?:[A-Za-z0-9]|-(?!-)){0,61}(?<!-)\.)+[A-Za-z](?:[A-Za-z0-9]|-(?!-)){0,61}(?<=[A-Za-z]))",
    re.ASCII,
)
_IN_ANGLES: Final = re.compile(r"[^<>]*<([^<>]+)>")
_LONGEST_EMAIL: Final = 320


def normal_email(raw: str) -> Email:
    """The address in `raw`: its domain in lower case, its local part as typed.

    «mailto:», «Name <address>» and a comma or dot left at the end go. Syntax only, as email-validator reads it:
    nothing is asked of a server, and domains of special use (example.com, .test, .local) are fine. Anything else
    is no address: `normal` is None and `raw` keeps what was typed.
    """
    text = clean(raw)
    found = _IN_ANGLES.fullmatch(text)
    if found:
        text = found[1].strip()
    if text[:7].lower() == "mailto:":
        text = text[7:].split("?", 1)[0]
    text = text.strip(" ,;").rstrip(".")
    plain = _plain_email(text)
    if plain or "@" not in text or len(text) > _LONGEST_EMAIL:
        return Email(plain, raw)
    return Email(_checked_email(text), raw)


def _plain_email(text: str) -> str | None:
    found = _PLAIN_EMAIL.fullmatch(text)
    # Info@, Postmaster@ and others (RFC 2142) have one case; the library knows which.
    if not found or (found[1].isalpha() and not found[1].islower()):
        return None
    return f"{found[1]}@{found[2].lower()}"


@lru_cache(maxsize=4096)
def _checked_email(text: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        # Without `globally_deliverable` domains of special use pass, but so do hosts without a dot.
        checked = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    domain = checked.ascii_domain or ""
    return checked.normalized if "." in domain and domain[-1].isalpha() else None


def possible_emails(cell: str) -> list[str]:
    """The addresses of one cell, as typed: parted at blanks, `, ; /` and ` ::: ` when there is more than one @."""
    text = clean(cell)
    if text.count("@") < 2:
        return [text] if text else []
    return [piece for piece in re.split(r"[\s,;/]+|:::", text) if piece]
