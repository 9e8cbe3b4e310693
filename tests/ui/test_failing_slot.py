"""A slot that fails fails the run: Qt would only print it."""

from __future__ import annotations

import pytest


def test_a_failing_slot_fails_the_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from PySide6.QtCore import QObject, Signal

        class Bell(QObject):
            rung = Signal()

        def test_it(qtbot):
            bell = Bell()
            bell.rung.connect(lambda: 1 / 0)
            bell.rung.emit()
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:cacheprovider", "-o", "qt_api=pyside6")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*ZeroDivisionError*"])


def test_a_qt_warning_fails_the_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from PySide6.QtCore import qWarning

        def test_it(qtbot):
            qWarning("something is off")
        """
    )
    result = pytester.runpytest_subprocess(
        "-p", "no:randomly", "-p", "no:cacheprovider", "-o", "qt_api=pyside6", "-o", "qt_log_level_fail=WARNING"
    )
    result.assert_outcomes(failed=1)
