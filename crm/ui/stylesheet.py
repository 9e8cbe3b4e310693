"""The stylesheet made from the tokens: borders and radii of Qt's own controls. Never a font size (guide §11)."""

from __future__ import annotations

from collections.abc import Callable

from crm.ui.tokens import Tokens


def stylesheet(tokens: Tokens, px: Callable[[float], int]) -> str:
    """What the whole program wears; `px` scales a size with the text."""
    field = "QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit"
    focused = ", ".join(f"{name}:focus" for name in field.split(", "))
    return f"""
QToolTip {{ background: {tokens.toast}; color: {tokens.toast_text}; border: 1px solid {tokens.toast_edge};
  padding: 4px 8px; }}
{field} {{ background: {tokens.raised}; color: {tokens.text}; border: 1px solid {tokens.hair2}; border-radius: 6px;
  padding: 0 9px; min-height: {px(30)}px; selection-background-color: {tokens.accent};
  selection-color: {tokens.on_accent}; }}
QPlainTextEdit, QTextEdit {{ padding: 5px 5px; }}
{focused} {{ border: 2px solid {tokens.accent}; padding: 0 8px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ padding: 4px 4px; }}
QLineEdit[wrong="true"], QAbstractSpinBox[wrong="true"], QComboBox[wrong="true"], QPlainTextEdit[wrong="true"]
  {{ border-color: {tokens.bad}; }}
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled, QPlainTextEdit:disabled
  {{ background: {tokens.track}; color: {tokens.text3}; border-color: {tokens.track}; }}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QLineEdit[bare="true"], QLineEdit[bare="true"]:focus
  {{ border: 0; padding: 0; min-height: 0; background: transparent; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 22px; border: 0; background: transparent;
  subcontrol-origin: border; }}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow {{ image: none; width: 0; height: 0; }}
QComboBox::drop-down {{ width: 28px; border: 0; background: transparent;
  subcontrol-origin: border; subcontrol-position: center right; }}
QComboBox::down-arrow {{ image: none; width: 0; height: 0; }}
QComboBox QAbstractItemView {{ background: {tokens.raised}; color: {tokens.text}; border: 1px solid {tokens.hair2};
  border-radius: 8px; padding: 4px; outline: 0; selection-background-color: {tokens.selected};
  selection-color: {tokens.text}; }}
QComboBox QAbstractItemView::item {{ min-height: {px(30)}px; padding: 0 8px; border-radius: 6px; }}
QComboBox QAbstractItemView::item:selected {{ background: {tokens.selected}; color: {tokens.text}; }}
QMenu {{ background: {tokens.raised}; color: {tokens.text}; border: 1px solid {tokens.hair2}; border-radius: 10px;
  padding: 5px; }}
QMenu::item {{ padding: {px(7)}px {px(28)}px {px(7)}px {px(10)}px; border-radius: 6px; background: transparent; }}
QMenu::item:selected {{ background: {tokens.hover}; }}
QMenu::item:disabled {{ color: {tokens.text3}; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::separator {{ height: 1px; background: {tokens.hair}; margin: 5px 8px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {tokens.hair2}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 36px; }}
QScrollBar::handle:horizontal {{ min-width: 36px; }}
QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {tokens.text3}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: 0; background: transparent; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea {{ border: 0; }}
QPlainTextEdit, QTextEdit {{ border: 1px solid {tokens.hair2}; }}
QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {tokens.accent}; }}
QAbstractScrollArea::corner {{ background: transparent; border: 0; }}
QSplitter::handle {{ background: {tokens.hair}; }}
"""
