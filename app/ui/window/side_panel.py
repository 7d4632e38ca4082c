"""The side panel."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.config.settings import PanelLayer
from app.ui.document.file_panel import FilePanel
from app.ui.document.file_summary import FileSummary
from app.ui.export.save_options_form import SaveOptionsForm
from app.ui.parameters.parameter_panel import ParameterPanel
from app.ui.results.result_panel import ResultPanel
from app.ui.widgets.action_push_button import ActionPushButton
from app.ui.widgets.collapsible import CollapsibleSection
from app.ui.widgets.theme import MARGIN, SIDE_PANEL_WIDTH, SPACING, Icon, Theme
from app.ui.widgets.vertical_scroll_area import VerticalScrollArea
from app.ui.window.actions import WindowActions
from app.ui.window.layer_switch import LayerSwitch
from app.ui.window.shrinking_scroll_area import ShrinkingScrollArea
from app.viewmodels.export.save_options import SaveOptionsViewModel
from app.viewmodels.parameters.parameters import ParametersViewModel
from app.viewmodels.run.run import ResultReady

_MIN_CONTROLS_HEIGHT_PX = 130


class SidePanel(QFrame):
    """The panel with the file, the parameters, the result and the buttons Restore and Save.

    The summary of the file is fixed at the top; result, output and buttons are fixed at the
    bottom. Only the controls between them scroll.

    Signals:
        sharpness_changed: The sharpness slider was moved. arg1: 0 (safest) to 1 (sharpest).
        priors_page_requested: The button that opens the priors dialog was clicked.
        uncertain_areas_requested: The button for the uncertain areas was clicked.
        layer_selected: The user selected a layer. arg1: PanelLayer.
    """

    sharpness_changed = Signal(float)
    priors_page_requested = Signal()
    uncertain_areas_requested = Signal()
    layer_selected = Signal(object)

    def __init__(
        self,
        parameters: ParametersViewModel,
        save_options: SaveOptionsViewModel,
        actions: WindowActions,
        theme: Theme,
    ) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.layer_switch = LayerSwitch()
        self.layer_switch.layer_selected.connect(self.layer_selected)
        self.file_summary = FileSummary()
        self.file_panel = FilePanel()
        self.parameter_panel = ParameterPanel(parameters, theme)
        self.parameter_panel.priors_page_requested.connect(self.priors_page_requested)
        self.result_panel = ResultPanel()
        self.result_panel.sharpness_slider.position_changed.connect(self.sharpness_changed)
        self.result_panel.verdict_view.uncertain_areas_requested.connect(
            self.uncertain_areas_requested
        )
        self.result_panel.verdict_view.adjustments_requested.connect(self._show_adjustments)
        adjustments = self.result_panel.adjustments
        for section in (adjustments.adjust_section, adjustments.details_section):
            section.header.clicked.connect(partial(self._on_section_clicked, section))
        self.result_panel.adjustments.sixteen_bits_requested.connect(
            partial(save_options.set_bits, 16)
        )
        self.save_options = SaveOptionsForm(save_options)
        self.preview_button = ActionPushButton(actions.run.preview_center, Icon.LOUPE, theme)
        self.preview_button.hide()
        self.restore_button = ActionPushButton(actions.restore, Icon.RESTORE, theme)
        self.save_button = ActionPushButton(actions.save, Icon.SAVE, theme)
        self.scroll_area = self._create_scroll_area()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, MARGIN, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self._create_top())
        layout.addWidget(self.scroll_area, 1)
        layout.addWidget(self._create_bottom())
        self.setFixedWidth(SIDE_PANEL_WIDTH)
        self.show_layer(PanelLayer.SIMPLE)
        self.show_result(None)

    def show_layer(self, layer: PanelLayer) -> None:
        """Show the controls of a layer."""
        self.layer_switch.show_layer(layer)
        self.parameter_panel.show_layer(layer)
        is_expert = layer is PanelLayer.EXPERT
        self.file_panel.setVisible(is_expert)
        section = self.result_panel.adjustments.adjust_section
        section.header.setChecked(is_expert)
        section.setVisible(is_expert)

    def show_result(self, ready_state: ResultReady | None) -> None:
        """Show a result, and make Save the prominent button; None hides the result's panel."""
        self.result_panel.show_result(ready_state)
        self.parameter_panel.quality_choice.set_compact(ready_state is not None)
        self.save_options.setVisible(ready_state is not None)
        self.restore_button.set_prominent(ready_state is None and self.preview_button.isHidden())
        self.save_button.set_prominent(ready_state is not None)

    def show_preview_offer(self, *, is_offered: bool) -> None:
        """Show the button of a preview, which is prominent in place of Restore, or hide it."""
        self.preview_button.setVisible(is_offered)
        self.preview_button.set_prominent(is_offered)
        self.restore_button.set_prominent(not is_offered and not self.save_button.is_prominent)

    def _create_top(self) -> QWidget:
        top = QWidget()
        layout = QVBoxLayout(top)
        layout.setContentsMargins(MARGIN, 0, MARGIN, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.layer_switch)
        layout.addWidget(self.file_summary)
        return top

    def _create_scroll_area(self) -> VerticalScrollArea:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(MARGIN, 0, MARGIN, SPACING)
        layout.setSpacing(MARGIN)
        adjustments = self.result_panel.adjustments
        for section in (self.file_panel, self.parameter_panel, adjustments):
            layout.addWidget(section)
        layout.addStretch(1)
        area = VerticalScrollArea(content)
        area.setMinimumHeight(_MIN_CONTROLS_HEIGHT_PX)
        return area

    def _create_bottom(self) -> QWidget:
        """Return the part with the result, the output and the two buttons.

        In a low window, result and output scroll, too; the buttons are always visible.
        """
        bottom = QFrame()
        bottom.setObjectName("actions")
        content = QWidget()
        content_layout = QVBoxLayout(content)
        content_layout.setContentsMargins(MARGIN, SPACING, MARGIN, SPACING)
        content_layout.setSpacing(SPACING)
        content_layout.addWidget(self.result_panel)
        content_layout.addWidget(self.save_options)
        preview_row = QHBoxLayout()
        preview_row.setContentsMargins(MARGIN, 0, MARGIN, 0)
        preview_row.addWidget(self.preview_button)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(MARGIN, SPACING, MARGIN, MARGIN)
        buttons.setSpacing(SPACING)
        buttons.addWidget(self.restore_button)
        buttons.addWidget(self.save_button)
        layout = QVBoxLayout(bottom)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(ShrinkingScrollArea(content))
        layout.addLayout(preview_row)
        layout.addLayout(buttons)
        return bottom

    @Slot()
    def _show_adjustments(self) -> None:
        adjustments = self.result_panel.adjustments
        adjustments.adjust_section.header.setChecked(True)
        adjustments.adjust_section.show()
        self._scroll_to(adjustments.adjust_section)
        adjustments.strength_slider.slider.setFocus()

    def _on_section_clicked(self, section: CollapsibleSection) -> None:
        """Scroll to a section of the result that the user has expanded."""
        if section.header.isChecked():
            self._scroll_to(section)

    def _scroll_to(self, section: CollapsibleSection) -> None:
        """Scroll to a section of the result, for which the layout makes room at once.

        Without the new layout, the scroll bar would not reach the section yet.
        """
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        top = self.result_panel.adjustments.y() + section.y()
        self.scroll_area.verticalScrollBar().setValue(top)
