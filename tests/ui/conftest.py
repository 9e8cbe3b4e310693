"""What tests of the window share: the look, applied to the one application of the run."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from crm.ui.theme import Theme


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    made = Theme("light")
    made.apply(qapp)
    return made
