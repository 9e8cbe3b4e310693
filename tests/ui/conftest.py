"""What tests of the window share: the look, applied to the one application of the run."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from crm.ui.theme import Theme

OFFSCREEN = (r"This plugin does not support",)
"""What Qt's offscreen platform says of every window with a least size, every raise and every popup."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Every other warning of Qt fails the test."""
    item.add_marker(pytest.mark.qt_log_ignore(*OFFSCREEN))


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    made = Theme("light")
    made.apply(qapp)
    return made
