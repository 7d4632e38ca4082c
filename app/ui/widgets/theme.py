"""Colours, spacing and icons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from types import MappingProxyType

import qtawesome  # type: ignore[import-untyped]
from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QIcon, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication

from app.config.settings import Appearance

SPACING = 8
MARGIN = 12
PANEL_WIDTH = 296
ICON_SIZE = QSize(18, 18)


class Icon(StrEnum):
    """Names in qtawesome's fonts."""

    OPEN = "mdi6.folder-open-outline"
    RESTORE = "mdi6.auto-fix"
    STOP = "mdi6.stop"
    SAVE = "mdi6.content-save-outline"
    PASTE = "mdi6.content-paste"
    SLIDER = "mdi6.compare"
    SIDE_BY_SIDE = "mdi6.view-split-vertical"
    ONE = "mdi6.image-outline"
    FOUR = "mdi6.view-grid-outline"
    BLINK = "mdi6.swap-horizontal"
    DIFFERENCE = "mdi6.plus-minus-variant"
    SPREAD = "mdi6.fire"
    WEAKER = "mdi6.minus"
    STRONGER = "mdi6.plus"
    LOUPE = "mdi6.magnify-expand"
    FULL_SCREEN = "mdi6.fullscreen"
    FIT = "mdi6.fit-to-page-outline"
    FULL_SIZE = "mdi6.image-size-select-actual"
    CONSISTENCY = "mdi6.checkerboard"
    CLOSE = "mdi6.close"
    DRAW = "mdi6.dice-multiple-outline"
    PICTURE = "mdi6.image-plus-outline"
    ERROR = "mdi6.alert-circle-outline"
    PRIORS = "mdi6.database-outline"
    NOTE = "mdi6.information-outline"
    FOLDER = "mdi6.folder-multiple-image"
    ADD_FILES = "mdi6.file-image-plus-outline"
    ADD_FOLDER = "mdi6.folder-plus-outline"
    REMOVE = "mdi6.minus"
    UP = "mdi6.arrow-up"
    DOWN = "mdi6.arrow-down"
    START = "mdi6.play"
    PAUSE = "mdi6.pause"
    MORE = "mdi6.dots-horizontal"
    WAITING = "mdi6.clock-outline"
    RUNNING = "mdi6.progress-wrench"
    DONE = "mdi6.check"
    SKIPPED = "mdi6.check-all"


@dataclass(frozen=True, slots=True)
class Colours:
    """One colour scheme.

    Attributes:
        window: Behind the panels.
        field: Behind text that can be edited.
        canvas: Around the pictures; neutral, so that it does not tint them.
        raised: Buttons.
        text: On `window`, `field` and `raised`.
        faint: Text of less weight.
        line: Frames and rules.
        accent: What is chosen, focused or prominent.
        on_accent: Text on `accent`.
        alarm: Of failures, readable on `window`.
        agreed: Of what holds, readable on `window`.
    """

    window: str
    field: str
    canvas: str
    raised: str
    text: str
    faint: str
    line: str
    accent: str
    on_accent: str
    alarm: str
    agreed: str


LIGHT = Colours(
    window="#f3f3f3",
    field="#ffffff",
    canvas="#d4d4d4",
    raised="#fbfbfb",
    text="#1c1c1c",
    faint="#5c5c5c",
    line="#c6c6c6",
    accent="#1a5fb4",
    on_accent="#ffffff",
    alarm="#b3261e",
    agreed="#1a6e42",
)
DARK = Colours(
    window="#2b2b2b",
    field="#1f1f1f",
    canvas="#171717",
    raised="#3a3a3a",
    text="#ececec",
    faint="#a8a8a8",
    line="#4a4a4a",
    accent="#78aeed",
    on_accent="#10243d",
    alarm="#ff8a80",
    agreed="#7fd1a2",
)
_SCHEMES: Mapping[Qt.ColorScheme, Colours] = MappingProxyType(
    {Qt.ColorScheme.Light: LIGHT, Qt.ColorScheme.Unknown: LIGHT, Qt.ColorScheme.Dark: DARK}
)
_CHOSEN: Mapping[Appearance, Qt.ColorScheme] = MappingProxyType(
    {
        Appearance.SYSTEM: Qt.ColorScheme.Unknown,
        Appearance.LIGHT: Qt.ColorScheme.Light,
        Appearance.DARK: Qt.ColorScheme.Dark,
    }
)


class Theme(QObject):
    """Keeps palette, style sheet and icons in the system's light or dark scheme, or a chosen one.

    It lives as long as the window whose parts it dresses.

    Signals:
        changed: The scheme is another one now. arg1: Colours.
    """

    changed = Signal(object)

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        app.setStyle("Fusion")
        self._hints = app.styleHints()
        self._chosen = Qt.ColorScheme.Unknown
        self._system = self._hints.colorScheme()
        self._colours = _SCHEMES[self._system]
        self._hints.colorSchemeChanged.connect(self._on_scheme_changed)
        self._apply()

    @property
    def colours(self) -> Colours:
        return self._colours

    def icon(self, icon: Icon) -> QIcon:
        """In the colours of the present scheme."""
        c = self._colours
        colour = c.on_accent if icon is Icon.RESTORE else c.text
        if icon is Icon.ERROR:
            colour = c.alarm
        disabled = _blend(c.text, c.window)
        made: QIcon = qtawesome.icon(
            icon, color=colour, color_disabled=disabled, color_selected=c.on_accent
        )
        return made

    def dress(self, target: QAction | QAbstractButton, icon: Icon) -> None:
        """Give `target` an icon in the colours of the scheme, now and whenever that changes."""
        target.setIcon(self.icon(icon))
        self.changed.connect(_Dressed(target, partial(self.icon, icon)).renew)

    def choose(self, appearance: Appearance) -> None:
        """Keep to this scheme from now on."""
        chosen = _CHOSEN[appearance]
        if chosen is not self._chosen:
            self._chosen = chosen
            # For the frame of the window and the system's own dialogs. Where the system has no
            # say in it, nothing is emitted.
            self._hints.setColorScheme(chosen)
            self._follow()

    @Slot(Qt.ColorScheme)
    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        self._system = scheme
        self._follow()

    def _follow(self) -> None:
        scheme = self._system if self._chosen is Qt.ColorScheme.Unknown else self._chosen
        if _SCHEMES[scheme] is not self._colours:
            self._colours = _SCHEMES[scheme]
            self._apply()
            self.changed.emit(self._colours)

    def _apply(self) -> None:
        self._app.setPalette(_palette(self._colours))
        self._app.setStyleSheet(_style_sheet(self._colours))


class _Dressed(QObject):
    """A child of a button or an action that renews its icon for as long as that is there."""

    def __init__(self, target: QAction | QAbstractButton, icon: Callable[[], QIcon]) -> None:
        super().__init__(target)
        self._target = target
        self._icon = icon

    @Slot(object)
    def renew(self, _colours: Colours) -> None:
        self._target.setIcon(self._icon())


def _blend(one: str, other: str) -> QColor:
    """Halfway between two colours, for what is disabled."""
    a, b = QColor(one), QColor(other)
    return QColor(
        (a.red() + b.red()) // 2, (a.green() + b.green()) // 2, (a.blue() + b.blue()) // 2
    )


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    values = {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.field,
        role.AlternateBase: colours.window,
        role.Text: colours.text,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.alarm,
        role.ToolTipBase: colours.field,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.faint,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.Mid: colours.line,
        role.Dark: colours.canvas,
    }
    for name, colour in values.items():
        palette.setColor(name, QColor(colour))
    disabled = _blend(colours.text, colours.window)
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, disabled)
    return palette


def _style_sheet(c: Colours) -> str:
    off = _blend(c.text, c.window).name()
    return f"""
    QToolBar {{ border: none; border-bottom: 1px solid {c.line}; padding: 6px; spacing: 2px; }}
    QToolBar QToolButton {{ padding: 5px 8px; border: 1px solid transparent; border-radius: 5px; }}
    QToolBar QToolButton#view {{ padding: 5px; }}
    QToolBar[tight="true"] {{ padding: 6px 2px; spacing: 0px; }}
    QToolBar[tight="true"] QToolButton {{ padding: 5px 4px; }}
    QToolBar[tight="true"] QToolButton#view {{ padding: 5px 2px; }}
    QToolBar QToolButton:hover {{ background: {c.raised}; border-color: {c.line}; }}
    QToolBar QToolButton:checked {{ background: {c.field}; border-color: {c.faint}; }}
    QToolBar QToolButton:focus {{ border-color: {c.accent}; }}
    QToolBar QToolButton:disabled {{ color: {off}; }}
    QToolButton#prominent {{ background: {c.accent}; color: {c.on_accent}; font-weight: 600; }}
    QToolButton#prominent:hover {{ background: {c.accent}; border-color: {c.text}; }}
    QToolButton#prominent:focus {{ border-color: {c.text}; }}
    QToolButton#prominent:disabled {{ background: {c.raised}; color: {off}; }}
    QScrollArea#panel {{ border: none; border-right: 1px solid {c.line}; }}
    QLabel#heading {{ font-weight: 600; }}
    QLabel#agrees {{ font-weight: 600; color: {c.agreed}; }}
    QLabel#part {{ font-weight: 600; border-top: 1px solid {c.line}; padding-top: 10px; }}
    QLabel#alarm {{ color: {c.alarm}; }}
    QScrollArea#plain {{ border: none; }}
    QListWidget#priors {{ border: 1px solid {c.line}; border-radius: 4px; outline: none; }}
    QListWidget#priors::item {{ padding: 7px 9px; border: 1px solid transparent; }}
    QListWidget#priors::item:selected {{ background: {c.accent}; color: {c.on_accent}; }}
    QListWidget#recent {{ border: 1px solid {c.line}; border-radius: 4px; outline: none; }}
    QListWidget#recent::item {{ padding: 5px 9px; border: 1px solid transparent; }}
    QListWidget#recent::item:selected {{ background: {c.field}; color: {c.text}; }}
    QListWidget#recent::item:hover {{ background: {c.raised}; border-color: {c.line}; }}
    QListWidget#recent::item:focus {{ background: {c.accent}; color: {c.on_accent}; }}
    QListWidget#recent:focus {{ border-color: {c.accent}; }}
    QLabel#faint {{ color: {c.faint}; }}
    QToolButton#fold {{ border: 1px solid transparent; border-radius: 4px; padding: 3px 2px; }}
    QToolButton#fold:focus {{ border-color: {c.accent}; }}
    QSlider::groove:horizontal {{ height: 4px; background: {c.line}; border-radius: 2px; }}
    QSlider::handle:horizontal {{
        width: 12px; margin: -5px 0; border: 1px solid {c.faint}; border-radius: 7px;
        background: {c.raised};
    }}
    QSlider::handle:horizontal:focus {{
        width: 10px; border: 2px solid {c.accent}; background: {c.field};
    }}
    QSlider::handle:horizontal:disabled {{ border-color: {c.line}; background: {c.window}; }}
    QSlider:focus {{ border: 1px solid {c.accent}; border-radius: 4px; }}
    QCheckBox::indicator:unchecked {{
        width: 12px; height: 12px; border: 1px solid {c.faint}; border-radius: 2px;
        background: {c.field};
    }}
    QCheckBox::indicator:unchecked:disabled {{ border-color: {c.line}; background: {c.window}; }}
    QFrame#message {{ background: {c.field}; border-bottom: 1px solid {c.line}; }}
    QFrame#scale {{
        background: {c.window}; border: 1px solid {c.line}; border-radius: 5px;
    }}
    QFrame#run {{ border-top: 1px solid {c.line}; }}
    QWidget#empty {{ background: {c.canvas}; }}
    """
