"""Why a whole file could not be read; each names the file and says what to do. Details: `file`, its name alone."""

from __future__ import annotations

from crm import i18n
from crm.errors import CrmError


class FileUnreadable(CrmError):
    """Root of everything that stops a file as a whole."""

    code = "file_unreadable"
    message = i18n.mark("“{file}” can't be read. Try to open it in its own program and save it anew.")


class FileMissing(FileUnreadable):
    """There is no such file."""

    code = "file_missing"
    message = i18n.mark("There is no file “{file}”. Check the name and the folder.")


class IsFolder(FileUnreadable):
    """A folder was given."""

    code = "is_folder"
    message = i18n.mark("“{file}” is a folder. Choose a file in it.")


class NoRights(FileUnreadable):
    """The system refuses to open the file."""

    code = "no_rights"
    message = i18n.mark("The system does not let “{file}” be read. Copy it to another folder or ask its owner.")


class EmptyFile(FileUnreadable):
    """Nothing in it but blanks."""

    code = "empty_file"
    message = i18n.mark("“{file}” is empty. Save the list again where it came from.")


class NotContacts(FileUnreadable):
    """Whatever the name says, the content is no list of people."""

    code = "not_contacts"
    message = i18n.mark("“{file}” holds no contacts: by its content it is {found}. Choose a vCard, CSV or XLSX file.")


class OldExcel(FileUnreadable):
    """A binary .xls."""

    code = "old_excel"
    message = i18n.mark("“{file}” is in the old Excel format. Open it in Excel and save it as XLSX.")


class Protected(FileUnreadable):
    """An encrypted workbook."""

    code = "protected_file"
    message = i18n.mark("“{file}” is protected by a password. Save it without the password and choose it again.")


class TooLarge(FileUnreadable):
    """Over the limits of size, rows or unpacked size."""

    code = "too_large"
    message = i18n.mark("“{file}” is too large: the limit is {limit}. Split it into several files.")


class SuspiciousArchive(FileUnreadable):
    """A workbook that unpacks into far more than its size."""

    code = "suspicious_archive"
    message = i18n.mark("“{file}” unpacks into far more than a list of people needs. It was not opened.")


class UnknownEncoding(FileUnreadable):
    """No encoding gives readable text."""

    code = "unknown_encoding"
    message = i18n.mark("The letters of “{file}” can't be made out. Save it as UTF-8 and choose it again.")


class TookTooLong(FileUnreadable):
    """The child process ran out of its time or memory, or died."""

    code = "took_too_long"
    message = i18n.mark("Reading “{file}” was stopped: it needed too much time or memory. Split or resave the file.")


class BadMapping(CrmError):
    """A mapping file that is no mapping."""

    code = "bad_mapping"
    message = i18n.mark("The mapping is wrong: {what}.")


KINDS_FOUND = {
    "pdf": i18n.mark("a PDF document"),
    "picture": i18n.mark("a picture"),
    "archive": i18n.mark("an archive"),
    "document": i18n.mark("a text document"),
    "numbers": i18n.mark("a Numbers document, which Numbers itself exports as XLSX"),
    "web page": i18n.mark("a web page"),
    "calendar": i18n.mark("a calendar"),
    "data": i18n.mark("data of another program"),
    "text": i18n.mark("plain text without columns"),
    "binary": i18n.mark("not text"),
}


class NotContactsFile(NotContacts):
    """`NotContacts` whose `found` is a key of `KINDS_FOUND`, put into words when shown."""

    def text(self) -> str:
        """The sentence, the kind of file named in the language in use."""
        found = i18n.text(KINDS_FOUND[str(self.details["found"])])
        return i18n.text(self.message, file=self.details["file"], found=found)
