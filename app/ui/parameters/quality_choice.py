"""The choice between the presets of the simple panel."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from app.i18n.formatting import preset_label
from app.i18n.translation import tr
from app.viewmodels.parameters.quality_choice import PRESET_USES
from ddrm_core.sampler.settings import Preset

_PADDING_PX = 9
_LINE_GAP_PX = 1
_VERTICAL_PADDING_PX = 4
_CORNER_RADIUS_PX = 5
_CHOICE_SPACING_PX = 4
_COMPACT_SPACING_PX = 2


class PresetButton(QRadioButton):
    """A large radio button with the name, the use and the expected time of a preset.

    Attributes:
        preset: The preset.
    """

    def __init__(self, preset: Preset) -> None:
        super().__init__(preset_label(preset))
        self.preset = preset
        self._use_text = tr(PRESET_USES[preset])
        self._time_text = ""
        self._is_compact = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._describe()

    @property
    def time_text(self) -> str:
        """The expected time, empty if it is not known."""
        return self._time_text

    def show_time(self, text: str) -> None:
        """Show the expected time of a run with the preset, nothing if `text` is empty."""
        if text != self._time_text:
            self._time_text = text
            self._describe()
            self.update()

    def set_compact(self, compact: bool) -> None:
        """Hide the line with the use, or show it again; the tooltip always has it."""
        if compact != self._is_compact:
            self._is_compact = compact
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        name, use = self._name_metrics, self.fontMetrics()
        width = max(
            name.horizontalAdvance(self.text()) + use.horizontalAdvance(" 00 min 00 s"),
            use.horizontalAdvance(self._use_text),
        )
        height = name.height() + (0 if self._is_compact else _LINE_GAP_PX + use.height())
        return QSize(width + 2 * _PADDING_PX, height + 2 * _VERTICAL_PADDING_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter)
        self._paint_texts(painter)
        painter.end()

    def _paint_frame(self, painter: QPainter) -> None:
        role = QPalette.ColorRole
        is_marked = self.isChecked() or self.hasFocus()
        border = role.Accent if is_marked else role.Mid
        if self.underMouse() and not is_marked:
            border = role.PlaceholderText
        width = 2 if is_marked else 1
        painter.setPen(QPen(self.palette().color(border), width))
        painter.setBrush(self.palette().color(role.Base if self.isChecked() else role.Button))
        inset = width / 2
        frame = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(frame, _CORNER_RADIUS_PX, _CORNER_RADIUS_PX)
        if self.hasFocus():  # the checked button also has the focus ring's color
            inner = frame.adjusted(3, 3, -3, -3)
            painter.setPen(QPen(self.palette().color(role.Accent), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner, _CORNER_RADIUS_PX - 3, _CORNER_RADIUS_PX - 3)

    def _paint_texts(self, painter: QPainter) -> None:
        role, center = QPalette.ColorRole, Qt.AlignmentFlag.AlignVCenter
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        text_color = self.palette().color(group, role.ButtonText)
        area = self.rect().adjusted(
            _PADDING_PX, _VERTICAL_PADDING_PX, -_PADDING_PX, -_VERTICAL_PADDING_PX
        )
        upper = QRect(area.left(), area.top(), area.width(), self._name_metrics.height())
        lower = upper.translated(0, upper.height() + _LINE_GAP_PX)
        leading, trailing = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            leading, trailing = trailing, leading
        painter.setPen(text_color)
        painter.drawText(upper, trailing | center, self._time_text)
        painter.setFont(self._name_font)
        painter.drawText(upper, leading | center, self.text())
        painter.setFont(self.font())
        if self._is_compact:
            return
        painter.setPen(self.palette().color(role.PlaceholderText))
        use = self.fontMetrics().elidedText(
            self._use_text, Qt.TextElideMode.ElideRight, lower.width()
        )
        painter.drawText(lower, leading | center, use)

    @property
    def _name_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    @property
    def _name_metrics(self) -> QFontMetrics:
        return QFontMetrics(self._name_font)

    def _describe(self) -> None:
        """Set the accessible texts and the tooltip."""
        self.setAccessibleName(self.text())
        time_text = self._time_text and tr("about {time} for this picture").format(
            time=self._time_text
        )
        description = ", ".join(text for text in (self._use_text, time_text) if text)
        self.setAccessibleDescription(description)
        self.setToolTip(f"{self.text()}: {description}")


class QualityChoice(QWidget):
    """A column of radio buttons, one for each preset of the simple panel.

    Signals:
        preset_selected: The user selected a preset. arg1: Preset.

    Attributes:
        buttons: The buttons by their presets.
    """

    preset_selected = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Speed and quality"))
        self.buttons = {preset: PresetButton(preset) for preset in PRESET_USES}
        self._group = QButtonGroup(self)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_CHOICE_SPACING_PX)
        for preset, button in self.buttons.items():
            self._group.addButton(button)
            layout.addWidget(button)
            button.clicked.connect(partial(self.preset_selected.emit, preset))

    def show_preset(self, preset: Preset | None) -> None:
        """Check the button of a preset; none for None and for presets that have no button."""
        button = None if preset is None else self.buttons.get(preset)
        if button is not None:
            button.setChecked(True)
            return
        # An exclusive group cannot have its only checked button unchecked.
        self._group.setExclusive(False)
        for other in self.buttons.values():
            other.setChecked(False)
        self._group.setExclusive(True)

    def set_compact(self, compact: bool) -> None:
        """Show one line per preset, which leaves room for a result, or two lines."""
        self._layout.setSpacing(_COMPACT_SPACING_PX if compact else _CHOICE_SPACING_PX)
        for button in self.buttons.values():
            button.set_compact(compact)

    def show_times(self, texts: Mapping[Preset, str]) -> None:
        """Show the expected times, given as texts; nothing for presets without a text."""
        for preset, button in self.buttons.items():
            button.show_time(texts.get(preset, ""))
