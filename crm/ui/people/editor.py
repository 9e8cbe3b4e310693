"""The form of a person: add with a name, a contact and a tag; edit everything; saved as one deed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from crm import i18n, text
from crm.errors import CrmError
from crm.i18n import phrase
from crm.models.people import ADDRESS_FORMS, GENDERS, PERSON_KINDS
from crm.services import organisations, people, people_editing, tags
from crm.services.cards import PersonCard
from crm.services.people_editing import ContactDraft, Double, PersonDraft
from crm.store.search import find
from crm.ui.operations import Operations, Said
from crm.ui.people import words
from crm.ui.people.inputs import (
    AskedField,
    ContactsField,
    NoSuchDay,
    PersonField,
    TagsField,
    read_birthday,
    written_birthday,
)
from crm.ui.theme import Theme
from crm.ui.widgets.buttons import Button
from crm.ui.widgets.dialogs import Dialog
from crm.ui.widgets.fields import Field, LineEdit, Select, TextArea
from crm.ui.widgets.labels import Label, Notice
from crm.ui.widgets.pages import ScrollColumn
