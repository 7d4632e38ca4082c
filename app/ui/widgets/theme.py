"""Colors, spacing and icons of the window."""

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
SIDE_PANEL_WIDTH = 296
ICON_SIZE = QSize(18, 18)


class Icon(StrEnum):
    """The icons of the program; values are names in qtawesome's fonts."""

    OPEN = "mdi6.folder-open-outline"
    RESTORE = "mdi6.auto-fix"
    STOP = "mdi6.stop"
    SAVE = "mdi6.content-save-outline"
    PASTE = "mdi6.content-paste"
    SLIDER = "mdi6.compare"
    SIDE_BY_SIDE = "mdi6.view-split-vertical"
    SINGLE_PANE = "mdi6.image-outline"
    FOUR_PANES = "mdi6.view-grid-outline"
    BLINK = "mdi6.swap-horizontal"
    DIFFERENCE = "mdi6.plus-minus-variant"
    SPREAD = "mdi6.progress-question"
    AMPLIFY_LESS = "mdi6.minus"
    AMPLIFY_MORE = "mdi6.plus"
    LOUPE = "mdi6.magnify-expand"
    FULL_SCREEN = "mdi6.fullscreen"
    FIT_TO_VIEW = "mdi6.fit-to-page-outline"
    ACTUAL_SIZE = "mdi6.numeric-1-box-outline"
    CONSISTENCY = "mdi6.shield-check-outline"
    CLOSE = "mdi6.close"
    ENLARGE_PANEL = "mdi6.arrow-expand-vertical"
    REGIONS = "mdi6.crop"
    RANDOM_SEED = "mdi6.dice-multiple-outline"
    OPEN_IMAGE = "mdi6.image-plus-outline"
    ERROR = "mdi6.alert-circle-outline"
    PRIORS = "mdi6.database-outline"
    INFO = "mdi6.information-outline"
    BATCH = "mdi6.folder-multiple-image"
    ADD_FILES = "mdi6.file-image-plus-outline"
    ADD_FOLDER = "mdi6.folder-plus-outline"
    REMOVE = "mdi6.minus"
    MOVE_UP = "mdi6.arrow-up"
    MOVE_DOWN = "mdi6.arrow-down"
    START = "mdi6.play"
    PAUSE = "mdi6.pause"
    MORE = "mdi6.dots-horizontal"
    DETAILS = "mdi6.table-column"
    WAITING = "mdi6.clock-outline"
    RUNNING = "mdi6.progress-wrench"
    DONE = "mdi6.check"
    PARTLY_DONE = "mdi6.circle-half-full"
    SKIPPED = "mdi6.check-all"


@dataclass(frozen=True, slots=True)
class ThemeColors:
    """The colors of the light or the dark scheme, as "#rrggbb".

    Attributes:
        window: Background of panels.
        input_background: Background of editable text.
        canvas: Background around images; neutral, so that images do not look tinted.
        button: Background of buttons.
        text: Text on `window`, `input_background` and `button`.
        secondary_text: Text of minor importance.
        border: Frames and separator lines.
        accent: Selected, focused and prominent elements.
        accent_text: Text on `accent`.
        error: Text about errors, readable on `window`.
        success: Text about passed checks, readable on `window`.
    """

    window: str
    input_background: str
    canvas: str
    button: str
    text: str
    secondary_text: str
    border: str
    accent: str
    accent_text: str
    error: str
    success: str


LIGHT_COLORS = ThemeColors(
    window="#f3f3f3",
    input_background="#ffffff",
    canvas="#d4d4d4",
    button="#fbfbfb",
    text="#1c1c1c",
    secondary_text="#5c5c5c",
    border="#c6c6c6",
    accent="#1a5fb4",
    accent_text="#ffffff",
    error="#b3261e",
    success="#1a6e42",
)
DARK_COLORS = ThemeColors(
    window="#2b2b2b",
    input_background="#1f1f1f",
    canvas="#171717",
    button="#3a3a3a",
    text="#ececec",
    secondary_text="#a8a8a8",
    border="#4a4a4a",
    accent="#78aeed",
    accent_text="#10243d",
    error="#ff8a80",
    success="#7fd1a2",
)
_COLORS_BY_SCHEME: Mapping[Qt.ColorScheme, ThemeColors] = MappingProxyType(
    {
        Qt.ColorScheme.Light: LIGHT_COLORS,
        Qt.ColorScheme.Unknown: LIGHT_COLORS,
        Qt.ColorScheme.Dark: DARK_COLORS,
    }
)
_SCHEME_BY_APPEARANCE: Mapping[Appearance, Qt.ColorScheme] = MappingProxyType(
    {
        Appearance.SYSTEM: Qt.ColorScheme.Unknown,
        Appearance.LIGHT: Qt.ColorScheme.Light,
        Appearance.DARK: Qt.ColorScheme.Dark,
    }
)


class Theme(QObject):
    """Palette, style sheet and icons in the system's color scheme or in the chosen one.

    The theme exists as long as the window that uses it.

    Signals:
        colors_changed: The color scheme has changed. arg1: ThemeColors.
    """

    colors_changed = Signal(object)

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        app.setStyleSheet("")
        app.setStyle("Fusion")
        self._style_hints = app.styleHints()
        self._chosen_scheme = Qt.ColorScheme.Unknown
        self._system_scheme = self._style_hints.colorScheme()
        self._colors = _COLORS_BY_SCHEME[self._system_scheme]
        self._style_hints.colorSchemeChanged.connect(self._on_scheme_changed)
        app.setPalette(_build_palette(self._colors))

    @property
    def colors(self) -> ThemeColors:
        return self._colors

    def apply_style_sheet(self) -> None:
        """Apply the style sheet to all widgets, existing and future.

        Call this after the window is built: under a style sheet, Qt restyles a widget with its
        children every time the widget gets a new parent.
        """
        colors = self._colors
        self._app.setStyleSheet(
            _build_style_sheet(colors)
            + _build_message_style_sheet(colors)
            + _build_panel_style_sheet(colors)
        )

    def create_icon(self, icon: Icon, *, is_on_accent: bool = False) -> QIcon:
        """Return `icon` in the colors of the current scheme.

        Args:
            icon: The icon.
            is_on_accent: Whether the icon is drawn on the accent color.
        """
        colors = self._colors
        color = colors.accent_text if is_on_accent else colors.text
        if icon is Icon.ERROR:
            color = colors.error
        disabled = _mix_colors(colors.text, colors.window)
        qicon: QIcon = qtawesome.icon(
            icon, color=color, color_disabled=disabled, color_selected=colors.accent_text
        )
        return qicon

    def set_icon(self, target: QAction | QAbstractButton, icon: Icon) -> None:
        """Set the icon of `target`, and update its colors whenever the scheme changes."""
        target.setIcon(self.create_icon(icon))
        self.colors_changed.connect(
            _IconUpdater(target, partial(self.create_icon, icon)).update_icon
        )

    def set_appearance(self, appearance: Appearance) -> None:
        """Switch the window to the light, the dark or the system's color scheme."""
        scheme = _SCHEME_BY_APPEARANCE[appearance]
        if scheme is not self._chosen_scheme:
            self._chosen_scheme = scheme
            # Sets the window frame and native dialogs. Systems without support emit no signal, so
            # the colors are updated here.
            self._style_hints.setColorScheme(scheme)
            self._update_colors()

    @Slot(Qt.ColorScheme)
    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        self._system_scheme = scheme
        self._update_colors()

    def _update_colors(self) -> None:
        scheme = (
            self._system_scheme
            if self._chosen_scheme is Qt.ColorScheme.Unknown
            else self._chosen_scheme
        )
        if _COLORS_BY_SCHEME[scheme] is not self._colors:
            self._colors = _COLORS_BY_SCHEME[scheme]
            self._apply_colors()
            self.colors_changed.emit(self._colors)

    def _apply_colors(self) -> None:
        self._app.setPalette(_build_palette(self._colors))
        self.apply_style_sheet()


class _IconUpdater(QObject):
    """A child of a button or an action that updates its parent's icon after a scheme change."""

    def __init__(self, target: QAction | QAbstractButton, create_icon: Callable[[], QIcon]) -> None:
        super().__init__(target)
        self._target = target
        self._create_icon = create_icon

    @Slot(object)
    def update_icon(self, _colors: ThemeColors) -> None:
        self._target.setIcon(self._create_icon())


def _mix_colors(one: str, other: str) -> QColor:
    """Return the average of two colors, each given as "#rrggbb"."""
    a, b = QColor(one), QColor(other)
    return QColor(
        (a.red() + b.red()) // 2, (a.green() + b.green()) // 2, (a.blue() + b.blue()) // 2
    )


def _build_palette(colors: ThemeColors) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    colors_by_role = {
        role.Window: colors.window,
        role.WindowText: colors.text,
        role.Base: colors.input_background,
        role.AlternateBase: colors.window,
        role.Text: colors.text,
        role.Button: colors.button,
        role.ButtonText: colors.text,
        role.BrightText: colors.error,
        role.ToolTipBase: colors.input_background,
        role.ToolTipText: colors.text,
        role.PlaceholderText: colors.secondary_text,
        role.Highlight: colors.accent,
        role.HighlightedText: colors.accent_text,
        role.Accent: colors.accent,
        role.Link: colors.accent,
        role.Mid: colors.border,
        role.Dark: colors.canvas,
    }
    for color_role, color in colors_by_role.items():
        palette.setColor(color_role, QColor(color))
    disabled = _mix_colors(colors.text, colors.window)
    for color_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, color_role, disabled)
    return palette


def _build_style_sheet(c: ThemeColors) -> str:
    disabled = _mix_colors(c.text, c.window).name()
    return f"""
    QToolBar {{ border: none; border-bottom: 1px solid {c.border}; padding: 6px; spacing: 2px; }}
    QToolBar QToolButton {{ padding: 5px 8px; border: 1px solid transparent; border-radius: 5px; }}
    QToolBar QToolButton#view {{ padding: 5px; }}
    QToolBar[tight="true"] {{ padding: 6px 2px; spacing: 0px; }}
    QToolBar[tight="true"] QToolButton {{ padding: 5px 4px; }}
    QToolBar[tight="true"] QToolButton#view {{ padding: 5px 2px; }}
    QToolBar QToolButton:hover {{ background: {c.button}; border-color: {c.border}; }}
    QToolBar QToolButton:checked {{
        background: {c.input_background};
        border-color: {c.secondary_text};
    }}
    QToolBar QToolButton:focus {{ border-color: {c.accent}; }}
    QToolBar QToolButton:disabled {{ color: {disabled}; }}
    QLabel#heading {{ font-weight: 600; }}
    QLabel#agrees {{ font-weight: 600; color: {c.success}; }}
    QLabel#part {{ font-weight: 600; border-top: 1px solid {c.border}; padding-top: 10px; }}
    QLabel#alarm {{ color: {c.error}; }}
    QScrollArea#plain {{ border: none; }} QScrollArea#regions {{ border: 1px solid transparent; }}
    QListWidget#priors {{ border: 1px solid {c.border}; border-radius: 4px; outline: none; }}
    QListWidget#priors::item {{ padding: 7px 9px; border: 1px solid transparent; }}
    QListWidget#priors::item:selected {{ background: {c.accent}; color: {c.accent_text}; }}
    QListWidget#recent {{ border: 1px solid {c.border}; border-radius: 4px; outline: none; }}
    QListWidget#recent::item {{ padding: 5px 9px; border: 1px solid transparent; }}
    QListWidget#recent::item:selected {{ background: {c.input_background}; color: {c.text}; }}
    QListWidget#recent::item:hover {{ background: {c.button}; border-color: {c.border}; }}
    QListWidget#recent::item:focus {{ background: {c.accent}; color: {c.accent_text}; }}
    QListWidget#recent:focus, QScrollArea#regions:focus {{ border-color: {c.accent}; }}
    QLabel#faint {{ color: {c.secondary_text}; }}
    QToolButton#fold {{ border: 1px solid transparent; border-radius: 4px; padding: 3px 2px; }}
    QToolButton#fold:focus {{ border-color: {c.accent}; }}
    QSlider::groove:horizontal {{ height: 4px; background: {c.border}; border-radius: 2px; }}
    QSlider::handle:horizontal {{
        width: 12px; margin: -5px 0; border: 1px solid {c.secondary_text}; border-radius: 7px;
        background: {c.button};
    }}
    QSlider::handle:horizontal:focus {{
        width: 10px; border: 2px solid {c.accent}; background: {c.input_background};
    }}
    QSlider::handle:horizontal:disabled {{ border-color: {c.border}; background: {c.window}; }}
    QSlider:focus {{ border: 1px solid {c.accent}; border-radius: 4px; }}
    QCheckBox::indicator:unchecked {{
        width: 12px; height: 12px; border: 1px solid {c.secondary_text}; border-radius: 2px;
        background: {c.input_background};
    }}
    QCheckBox::indicator:unchecked:disabled {{ border-color: {c.border}; background: {c.window}; }}
    QFrame#scale {{
        background: {c.window}; border: 1px solid {c.border}; border-radius: 5px;
    }}
    QFrame#run {{ border-top: 1px solid {c.border}; }}
    QWidget#empty {{ background: {c.canvas}; }}
    """


def _build_message_style_sheet(c: ThemeColors) -> str:
    return f"""
    QFrame#message, QFrame#error {{
        background: {c.input_background}; border: 1px solid {c.secondary_text}; border-radius: 6px;
    }}
    QFrame#error {{ border: 2px solid {c.error}; }}
    QLabel#errortitle {{ font-weight: 600; color: {c.error}; }}
    """


def _build_panel_style_sheet(c: ThemeColors) -> str:
    """Return the style of the side panel and of its buttons."""
    disabled = _mix_colors(c.text, c.window).name()
    return f"""
    QPushButton#prominent {{
        background: {c.accent}; color: {c.accent_text}; font-weight: 600;
        border: 1px solid {c.accent}; border-radius: 5px; padding: 0 8px;
    }}
    QPushButton#prominent:hover {{ border-color: {c.text}; }}
    QPushButton#prominent:focus {{ border: 2px solid {c.text}; }}
    QPushButton#prominent:disabled {{
        background: {c.button}; color: {disabled}; border-color: {c.border};
    }}
    QToolButton#segment {{
        border: 1px solid {c.border}; border-radius: 4px; padding: 3px 6px;
        background: {c.window}; color: {c.text};
    }}
    QToolButton#segment:checked {{
        background: {c.input_background}; border-color: {c.secondary_text}; font-weight: 600;
    }}
    QToolButton#segment:hover {{ background: {c.button}; }}
    QToolButton#segment:focus {{ border-color: {c.accent}; }}
    QTreeWidget::item {{ padding: 3px 6px; }}
    QTableView#queue::item {{ padding: 0 6px; }}
    QTableView#queue QHeaderView::section {{
        padding: 3px 7px; background: {c.window}; color: {c.text};
        border: none; border-right: 1px solid {c.border}; border-bottom: 1px solid {c.border};
    }}
    QFrame#hints {{ background: {c.input_background}; border-bottom: 1px solid {c.border}; }}
    QFrame#panel {{ border: none; border-right: 1px solid {c.border}; }}
    QFrame#actions {{ border: none; border-top: 1px solid {c.border}; }}
    """
