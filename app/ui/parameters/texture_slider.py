"""The slider for the texture of the next results."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QVBoxLayout, QWidget

from app.i18n.translation import tr
from app.ui.widgets.form_controls import (
    create_secondary_label,
    describe_control,
    lay_out_end_labels,
)
from app.viewmodels.parameters.texture import (
    TEXTURE_STEPS,
    sigma_factor_at,
    texture_position,
    texture_value_text,
)

_MARK_HEIGHT_PX, _MARK_WIDTH_PX = 5, 2
_MIN_HEIGHT_PX = 26  # space for the handle and the mark below


class MarkedSlider(QSlider):
    """A horizontal slider with a mark below one of its positions.

    Attributes:
        mark: Marked position, None without a mark.
    """

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setMinimumHeight(_MIN_HEIGHT_PX)
        self.mark: int | None = None

    def set_mark(self, position: int | None) -> None:
        """Mark a position, or remove the mark for None."""
        self.mark = position
        self.update()

    def mark_point(self) -> QPoint | None:
        """Return the upper end of the mark in pixels of the widget.

        Return None without a mark and if the slider is disabled.
        """
        if self.mark is None or not self.isEnabled():
            return None
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        option.sliderPosition = self.mark
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        return QPoint(handle.center().x(), self.height() - _MARK_HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        point = self.mark_point()
        if point is None:
            return
        painter = QPainter(self)
        painter.setPen(QPen(self.palette().windowText(), _MARK_WIDTH_PX))
        painter.drawLine(point, point + QPoint(0, _MARK_HEIGHT_PX))
        painter.end()


class TextureSlider(QWidget):
    """A slider from smooth to textured results, with a mark at the value of the preset.

    Signals:
        sigma_factor_changed: The user moved the slider. arg1: sigma factor, 0.8 to 1.

    Attributes:
        slider: The slider itself.
    """

    sigma_factor_changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.slider = MarkedSlider()
        self.slider.setRange(0, TEXTURE_STEPS)
        self.slider.setPageStep(TEXTURE_STEPS // 4)
        tooltip = tr(
            "Smooth is safest. Textured keeps more grain and fine detail, of which some is only"
            " plausible. The mark is the value of the preset; the smooth end is 0 %, the textured"
            " end 100 %."
        )
        describe_control(self.slider, tr("Texture, from smooth to textured"), tooltip)
        self.slider.valueChanged.connect(self._on_slider_moved)
        end_labels = lay_out_end_labels(
            create_secondary_label(tr("Smooth")), create_secondary_label(tr("Textured"))
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.slider)
        layout.addLayout(end_labels)
        self.setFocusProxy(self.slider)

    def show_texture(self, sigma_factor: float, preset_factor: float | None) -> None:
        """Show a sigma factor and mark that of the preset without emitting a signal.

        Args:
            sigma_factor: Sigma factor of the settings, 0.5 to 1.
            preset_factor: Sigma factor of the preset, None without a preset.
        """
        position = texture_position(sigma_factor)
        with QSignalBlocker(self.slider):
            self.slider.setValue(position)
        mark = None if preset_factor is None else texture_position(preset_factor)
        self.slider.set_mark(mark)
        description = texture_value_text(position)
        if mark is not None:
            template = tr("{value}; the preset has {mark}")
            description = template.format(value=description, mark=texture_value_text(mark))
        self.slider.setAccessibleDescription(description)

    @Slot(int)
    def _on_slider_moved(self, position: int) -> None:
        self.sigma_factor_changed.emit(sigma_factor_at(position))
