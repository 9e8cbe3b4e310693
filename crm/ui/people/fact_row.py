"""One fact of a profile, changed where it stands: shown, turned into its field, kept when that is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crm import i18n
from crm.i18n import Phrase
from crm.services.cards import NeedLine
from crm.ui.people import words
from crm.ui.people.field_editors import FieldEditor, FieldWrong, Write
from crm.ui.people.profile_facts import Fact
from crm.ui.theme import Theme
from crm.ui.widgets import shapes
from crm.ui.widgets.buttons import IconButton, Pressable
from crm.ui.widgets.chips import FlowLayout, TagChip
from crm.ui.widgets.labels import IconLabel, Label, breakable, plain_tooltip
from crm.ui.widgets.menus import Menu
from crm.ui.widgets.pages import empty

INSET: Final = 8
"""How far the ground of a row reaches beyond its words, px."""
_LONGEST: Final = 2_000
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BY_KEYS: Final = frozenset(
    (
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
        Qt.FocusReason.OtherFocusReason,
    )
)

Make = Callable[[Fact, int | None], FieldEditor]
Keep = Callable[[Phrase, Write], str]
"""Performs a deed; returns why it was refused, «» when it was done."""


class NeedChip(Pressable):
    """An offer or a need in its tint; pressed, it can be changed. Without one: those that are settled, folded."""

    _LONGEST: Final = 290

    def __init__(self, theme: Theme, said: str, need: NeedLine | None = None) -> None:
        super().__init__(theme)
        self.need = need
        self._words = said
        settled = need is None or need.closed_on is not None
        self._tone = "grey" if settled or need is None else "teal" if need.direction == "offers" else "amber"
        self.setAccessibleName(said)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.restyle()

    def restyle(self) -> None:
        """Words that do not fit are in the tooltip whole."""
        super().restyle()
        wide = self._theme.metrics("small_strong").horizontalAdvance(self._words) > self._theme.px(self._LONGEST) - 21
        self.setToolTip(plain_tooltip(self._words) if wide else "")

    def sizeHint(self) -> QSize:
        """As wide as its words, up to a limit."""
        width = self._theme.metrics("small_strong").horizontalAdvance(self._words) + 21
        return QSize(min(width, self._theme.px(self._LONGEST)), self._theme.px(23))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tint and the words."""
        painter, theme = QPainter(self), self._theme
        back, colour = theme.chip(self._tone)
        border = theme.colour("accent") if self.ringed else theme.colour("hair2") if self.hovered else None
        shapes.box(painter, self.rect(), self.height() / 2, back, border, 2 if self.ringed else 1)
        area = self.rect().adjusted(10, 0, -10, 0)
        font, metrics = theme.font("small_strong"), theme.metrics("small_strong")
        shapes.line_of_text(painter, area, self._words, font, metrics, colour)


class FactRow(QWidget):
    """A fact. A click, Enter or F2 turns it into its field; Enter or leaving keeps what is typed, Esc gives up.

    What is refused stays typed, with the reason beside it. A window that goes away (a lock, another program) is no
    leaving. `stepped` carries −1 or 1: the keyboard goes on to a neighbour; `began` says that it is a field now,
    `ended` that it is none any more, True after a deed.
    """

    stepped = Signal(int)
    copied = Signal(str)
    link_asked = Signal(object)
    origin_asked = Signal(str)
    began = Signal()
    ended = Signal(bool)

    def __init__(self, theme: Theme, fact: Fact, make: Make, keep: Keep, name: Callable[[], str]) -> None:
        super().__init__()
        self._theme, self._make, self._keep, self._name = theme, make, keep, name
        self.fact = fact
        self.editor: FieldEditor | None = None
        self._leaving = False
        self._ring = False
        self._gap = 0
        self._unfolded = False
        self._pressed: QPoint | None = None
        self._window: QWidget | None = None
        self._warned = ""
        self._quiet: list[QWidget] = []
        self._chips: list[NeedChip] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(INSET, 0, INSET, 0)
        column.setSpacing(4)
        self._shown = QWidget()
        self._inside = QHBoxLayout(self._shown)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.setSpacing(4)
        column.addWidget(self._shown)
        self._place = column
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._show()

    def set_gap(self, gap: int) -> None:
        """Free room above: it begins a group."""
        self._gap = gap
        self._place.setContentsMargins(INSET, gap, INSET, 0)

    # -- shown ----------------------------------------------------------------------------------------------------

    def show_fact(self, fact: Fact) -> None:
        """The fact as it is now; while it is being typed, what is typed stays."""
        if fact != self.fact:
            self.fact = fact
            if self.editor is None or self.fact.shape == "needs":
                self._show()

    @property
    def needs(self) -> bool:
        """It holds chips of which each is changed by itself."""
        return self.fact.shape == "needs"

    def stops(self) -> Sequence[QWidget]:
        """Where the keyboard stops in it while it is shown."""
        return self._chips if self.needs else [self]

    def _show(self) -> None:
        empty(self._inside)
        self._quiet, self._chips = [], []
        fact = self.fact
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if self.needs else Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor if self.needs else Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("" if self.needs else f"{fact.title}: {fact.said}")
        self.setAccessibleDescription("" if self.needs else i18n.text("Enter changes it"))
        {"text": self._show_text, "tags": self._show_chips, "needs": self._show_chips}.get(
            fact.shape, self._show_line
        )()
        self._shown.setVisible(bool(fact.said) and (self.editor is None or self.needs))
        self.updateGeometry()

    def _show_line(self) -> None:
        fact, theme = self.fact, self._theme
        line = IconLabel(theme, fact.icon, fact.said, "body", "text", "text2", gap=12)
        line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not line.toolTip())
        line.setMinimumHeight(theme.px(26))
        self._inside.addWidget(line, 1)
        if fact.marked:
            self._inside.addWidget(_mark(theme, "warning-circle-fill", "warn", fact.marked))
        if fact.preferred:
            self._inside.addWidget(_mark(theme, "star-fill", "text3", i18n.in_context("contact", "The main one")))
        if fact.link:
            opens = IconButton(theme, *self._opening(), size=24, colour="text3")
            opens.clicked.connect(partial(self.link_asked.emit, fact))
            self._add_quiet(opens)
        if fact.key.startswith("contact:"):
            copies = IconButton(theme, "copy", i18n.text("Copy {what}", what=fact.copies), size=24, colour="text3")
            copies.clicked.connect(partial(self.copied.emit, fact.copies))
            self._add_quiet(copies, always=True)

    def _add_quiet(self, button: IconButton, *, always: bool = False) -> None:
        # Its key is Ctrl+Enter or Ctrl+C on the row: Tab goes from fact to fact.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if not always:
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
            self._quiet.append(button)
            button.setVisible(self.underMouse() or self.hasFocus())
        self._inside.addWidget(button)

    def _opening(self) -> tuple[str, str]:
        fact = self.fact
        if fact.field == "referred_by_id":
            return "user", i18n.text("Show {name}", name=fact.copies)
        if fact.field == "phone":
            return "phone", i18n.text("Call {what}", what=fact.copies)
        if fact.field == "site":
            return "arrow-square-out", i18n.text("Open {what}", what=fact.copies)
        return "arrow-square-out", i18n.text("Write to {what}", what=fact.copies)

    def _show_text(self) -> None:
        fact, theme = self.fact, self._theme
        mark = IconLabel(theme, fact.icon, "", "body", "text2", gap=0)
        mark.setFixedSize(theme.px(16), theme.px(26))
        mark.setToolTip(i18n.text("Care note, seen only here") if fact.field == "care_note" else fact.title)
        self._inside.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        self._inside.addSpacing(8)
        said = fact.said if len(fact.said) <= _LONGEST else fact.said[:_LONGEST] + "…"
        label = Label(theme, breakable(said), "body", "text2" if fact.group == "notes" else "text", wrap=True)
        label.setContentsMargins(0, 4, 0, 5)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._inside.addWidget(label, 1)

    def _show_chips(self) -> None:
        holder = QWidget()
        flow = FlowLayout(holder, 6)
        flow.setContentsMargins(0, 3, 0, 3)
        settled = [need for need in self.fact.needs if need.closed_on is not None]
        for need in self.fact.needs:
            if need.closed_on is None or self._unfolded:
                chip = NeedChip(self._theme, words.need(need), need)
                chip.clicked.connect(partial(self.edit, need.id))
                self._chips.append(chip)
        if settled and not self._unfolded:
            fold = NeedChip(self._theme, i18n.text("settled: {count}", count=i18n.number(len(settled))))
            fold.clicked.connect(self.unfold)
            self._chips.append(fold)
        for chip in self._chips:
            flow.addWidget(chip)
        for name, colour in self.fact.tags:
            tag = TagChip(self._theme, name, colour)
            tag.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            flow.addWidget(tag)
        self._inside.addWidget(holder, 1)

    def unfold(self) -> None:
        """Show what is settled too."""
        self._unfolded = True
        self._show()
        self._chips[-1].show()
        self._chips[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    # -- changed --------------------------------------------------------------------------------------------------

    def edit(self, need_id: int | None = None) -> None:
        """Turn into the field."""
        if self.editor is not None and not self._close_unchanged():
            self.editor.start().setFocus(Qt.FocusReason.OtherFocusReason)
            return
        editor = self.editor = self._make(self.fact, need_id)
        editor.finished.connect(self._finish)
        editor.acted.connect(self._act)
        self._place.addWidget(editor)
        # At once: what a layout shows it shows later, and what is not to be seen has no place for Tab.
        editor.show()
        self._shown.setVisible(self.needs and bool(self.fact.said))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        if not self.needs:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        editor.start().setFocus(Qt.FocusReason.OtherFocusReason)
        application().focusChanged.connect(self._follow_focus)
        self._window = self.window()
        self._window.installEventFilter(self)
        self._warned = ""
        self.began.emit()
        self.update()

    def _close_unchanged(self) -> bool:
        if self.editor is not None and not self.editor.is_changed:
            self._close(saved=False)
            return True
        return False

    def commit(self) -> bool:
        """Keep what is typed. False where it was refused: then it stays, and says why."""
        editor = self.editor
        if editor is None or self._leaving:
            return True
        # A refusal may move the focus, and moved focus is what brings us here.
        self._leaving = True
        try:
            if editor.is_changed:
                try:
                    write, label = editor.write(), editor.label(self._name())
                except FieldWrong as error:
                    editor.set_error(str(error), error.widget)
                    return False
                refused = self._keep(label, write)
                if refused:
                    editor.set_error(refused)
                    return False
                self._close(saved=True)
            else:
                self._close(saved=False)
        finally:
            self._leaving = False
        return True

    def cancel(self) -> None:
        """Give the old back."""
        self._close(saved=False)
        self._focus_back()

    def _finish(self) -> None:
        if self.commit():
            self._focus_back()

    def _act(self, label: Phrase, write: Write) -> None:
        editor = self.editor
        self._leaving = True
        try:
            refused = self._keep(label, write)
            if refused and editor is not None:
                editor.set_error(refused)
            elif editor is not None:
                self._close(saved=True)
        finally:
            self._leaving = False

    def _close(self, *, saved: bool) -> None:
        editor, self.editor = self.editor, None
        if editor is None:
            return
        application().focusChanged.disconnect(self._follow_focus)
        if self._window is not None:
            self._window.removeEventFilter(self)
            self._window = None
        focused: QWidget | None = application().focusWidget()
        had = focused is not None and editor.isAncestorOf(focused)
        self._show()
        if had and not self.isHidden():
            self._focus_back()
        editor.hide()
        editor.deleteLater()
        self.ended.emit(saved)
        self.update()

    def _focus_back(self) -> None:
        stops = self.stops()
        if stops and not self.isHidden():
            stops[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        """Leaving keeps; a window that went to the back, was locked or opened a list has not been left."""
        if now is None or self.editor is None or now.window() is not self.window():
            return
        if application().activePopupWidget() is not None:
            return
        inside: QObject | None = now
        while inside is not None:
            if inside is self.editor:
                return
            inside = inside.parent()
        self.commit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that closes for good is left too. What is refused keeps it open once, in sight of its reason."""
        editor = self.editor
        if event.type() == QEvent.Type.Close and watched is self._window and editor is not None and not self.commit():
            told, self._warned = self._warned, editor.error
            if self.isVisible() and told != editor.error:
                event.ignore()
                return True
        return False

    # -- keys and pointer -----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, F2, Esc, the arrows, Ctrl+C, Ctrl+Enter."""
        key, control = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self.editor is not None:
            if key == Qt.Key.Key_Escape:
                self.cancel()
            elif key in _ENTER:
                self._finish()
            else:
                super().keyPressEvent(event)
        elif key in _ENTER and control and self.fact.link:
            self.link_asked.emit(self.fact)
        elif (key in _ENTER or key == Qt.Key.Key_F2) and self.needs:
            focused = application().focusWidget()
            if isinstance(focused, NeedChip):
                focused.click()
        elif key in _ENTER or key == Qt.Key.Key_F2:
            self.edit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_C and control and self.fact.copies:
            self.copied.emit(self.fact.copies)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where on the screen: a neighbour that is left by this press shrinks, and the rows move."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.globalPosition().toPoint()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click turns it into its field."""
        pressed, self._pressed = self._pressed, None
        if pressed is None or self.editor is not None or self.needs:
            return
        moved = (event.globalPosition().toPoint() - pressed).manhattanLength()
        if moved < application().startDragDistance():
            self.edit()

    def menu(self) -> Menu:
        """What can be asked of the fact."""
        fact = self.fact
        menu = Menu(self._theme, self)
        if not self.needs:
            menu.add(i18n.in_context("people", "Edit"), self.edit, "pencil-simple", "F2")
        if fact.link:
            icon, word = self._opening()
            menu.add(word, partial(self.link_asked.emit, fact), icon, "Ctrl+Return")
        if fact.copies:
            menu.add(i18n.text("Copy"), partial(self.copied.emit, fact.copies), "copy", "Ctrl+C")
        if fact.origins:
            menu.add(i18n.text("Where this comes from"), partial(self.origin_asked.emit, fact.key), "file-text")
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A right click, or the menu key."""
        if self.editor is not None:
            event.ignore()
            return
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def _light(self) -> None:
        on = self.underMouse() or self.hasFocus()
        for button in self._quiet:
            button.setVisible(on)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """It can be changed."""
        super().enterEvent(event)
        self._light()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer left."""
        super().leaveEvent(event)
        self._light()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard is here."""
        super().focusInEvent(event)
        self._ring = event.reason() in _BY_KEYS
        self._light()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard left."""
        super().focusOutEvent(event)
        self._light()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of what can be changed, and the ring of the keyboard."""
        if self.editor is not None or self.needs:
            return
        theme, painter = self._theme, QPainter(self)
        ground = self.rect().adjusted(0, self._gap, 0, 0)
        if self.hasFocus() and self._ring:
            shapes.box(painter, ground, 6, theme.colour("hover"), theme.colour("accent"), 2)
        elif self.underMouse():
            shapes.box(painter, ground, 6, theme.colour("hover"))


def _mark(theme: Theme, icon: str, tone: str, said: str) -> IconLabel:
    mark = IconLabel(theme, icon, "", "body", tone, gap=0)
    mark.setFixedWidth(theme.px(16))
    mark.setToolTip(said)
    mark.setAccessibleName(said)
    return mark


def application() -> QApplication:
    """The application of this window."""
    found = QApplication.instance()
    assert isinstance(found, QApplication)  # noqa: S101 - no widget lives without one
    return found
