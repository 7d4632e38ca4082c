"""The dialog of the inspector."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.i18n.error_messages import message_from_error
from app.i18n.translation import tr
from app.ui.inspector.band_histogram import BandHistogramView
from app.ui.inspector.chroma_sampling_view import ChromaSamplingView
from app.ui.inspector.quantization_table import QuantizationTableView
from app.ui.widgets.fact_table import FactTable
from app.ui.widgets.form_controls import (
    create_choice_field,
    create_heading_label,
    create_secondary_label,
)
from app.ui.widgets.theme import MARGIN, SPACING
from app.ui.widgets.vertical_scroll_area import VerticalScrollArea
from app.viewmodels.document.facts import recompression_facts
from app.viewmodels.document.recompression import RecompressionState, RecompressionUnchecked
from app.viewmodels.inspector.inspector import InspectorState
from app.viewmodels.inspector.inspector_text import (
    band_step_text,
    band_summary_text,
    chroma_sampling_text,
    component_names,
    fact_tooltip_texts,
    inspector_facts,
    pixels_per_chroma_sample,
    quantization_table_title,
    recompression_text,
)

_INITIAL_SIZE = QSize(940, 680)
_MINIMUM_SIZE = QSize(660, 380)
_FACTS_WIDTH, _FACT_LABEL_WIDTH = 290, 130
_ZOOM_FACTOR = 1.5
_BUTTON_TEXT_MARGIN = 20  # left and right of the text together


class InspectorDialog(QDialog):
    """A dialog with a file's facts, its quantization tables and the histogram of a band.

    Signals:
        band_selected: The user selected a band. arg1: component, from 0. arg2: band, 0 to 63.
        visibility_changed: The dialog was shown or hidden. arg1: whether shown.
    """

    band_selected = Signal(int, int)
    visibility_changed = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Inspector"))
        self.setMinimumSize(_MINIMUM_SIZE)
        self._state = InspectorState()
        self._recompression_state: RecompressionState = RecompressionUnchecked()
        self.fact_table = FactTable(tr("About this file"))
        self.sampling_view = ChromaSamplingView()
        self._sampling_label = _create_explanation_label("")
        self.recompression_label = _create_explanation_label("")
        self.component_choice = create_choice_field(
            tr("Component"), tr("Brightness (Y) or color (Cb, Cr), each with its own table")
        )
        self.component_choice.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.component_choice.setMinimumWidth(80)
        self.component_choice.activated.connect(self._on_component_selected)
        self.table_title_label = create_heading_label("")
        self.band_label = create_heading_label("")
        self.table_view = QuantizationTableView()
        self.table_view.band_selected.connect(self._on_band_selected)
        self.histogram_view = BandHistogramView()
        self.summary_label = create_secondary_label()
        self.summary_label.setWordWrap(True)
        self.no_tables_label = _create_explanation_label(
            tr(
                "This file is no JPEG, so it has no quantization tables. After a run, those that"
                " the run assumed are shown here."
            )
        )
        self._lay_out()
        # Qt limits the size hint of a dialog to two thirds of the screen.
        self.resize(_INITIAL_SIZE.boundedTo(self.screen().availableSize()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table_view.setFocus()
        self.visibility_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.visibility_changed.emit(False)

    @Slot(object)
    def show_recompression(self, state: RecompressionState) -> None:
        """Show the facts about a previous compression."""
        self._recompression_state = state
        self._show_facts()

    @Slot(object)
    def show_state(self, state: InspectorState) -> None:
        """Show the facts of the file, the selected component and the selected band."""
        is_same_document = state.document is self._state.document
        self._state = state
        if not is_same_document:
            self._show_facts()
        jpeg_image = state.jpeg_image
        self._tables_section.setVisible(jpeg_image is not None)
        self._sampling_section.setVisible(jpeg_image is not None)
        self.no_tables_label.setVisible(jpeg_image is None and state.document is not None)
        # Called for None, too: the previous inspection would keep a result in memory.
        self.histogram_view.show_band(state.band_inspection)
        if jpeg_image is None:
            return
        component_labels = component_names(jpeg_image)
        if [
            self.component_choice.itemText(i) for i in range(self.component_choice.count())
        ] != list(component_labels):
            self.component_choice.clear()
            self.component_choice.addItems(component_labels)
        self.component_choice.setCurrentIndex(state.component)
        self.sampling_view.show_sampling(
            *pixels_per_chroma_sample(jpeg_image), is_gray=len(component_labels) == 1
        )
        self._sampling_label.setText(chroma_sampling_text(jpeg_image))
        steps = tuple(int(step) for step in jpeg_image.quantization_tables[state.component])
        self.table_title_label.setText(quantization_table_title(jpeg_image, state.component))
        self.table_view.show_table(steps, state.band)
        self.band_label.setText(band_step_text(state.band, steps[state.band]))
        if state.error is not None:
            self.summary_label.setText(message_from_error(state.error).as_line())
        else:
            summary_text = (
                tr("Counting…")
                if state.band_inspection is None
                else band_summary_text(state.band_inspection)
            )
            self.summary_label.setText(summary_text)
        self.histogram_view.setAccessibleDescription(self.summary_label.text())

    def _lay_out(self) -> None:
        facts_layout = QVBoxLayout()
        facts_layout.setSpacing(SPACING)
        facts_layout.setContentsMargins(0, 0, SPACING, 0)
        facts_layout.addWidget(create_heading_label(tr("File")))
        facts_layout.addWidget(self.fact_table)
        self.fact_table.set_value_width(_FACTS_WIDTH - _FACT_LABEL_WIDTH)
        self._sampling_section = QWidget()
        sampling_layout = QVBoxLayout(self._sampling_section)
        sampling_layout.setContentsMargins(0, SPACING, 0, 0)
        sampling_layout.setSpacing(SPACING)
        sampling_layout.addWidget(create_heading_label(tr("Sampling")))
        sampling_layout.addWidget(self.sampling_view)
        sampling_layout.addWidget(self._sampling_label)
        facts_layout.addWidget(self._sampling_section)
        facts_layout.insertWidget(2, self.recompression_label)
        facts_layout.addStretch(1)
        content = QWidget()
        content.setLayout(facts_layout)
        scroll_area = VerticalScrollArea(content)
        scroll_area.setFixedWidth(_FACTS_WIDTH)
        scroll_area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        scroll_area.setAccessibleName(tr("Facts"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addWidget(scroll_area)
        self._tables_section = self._create_tables_section()
        content = QWidget()
        tables_layout = QVBoxLayout(content)
        tables_layout.setContentsMargins(0, 0, SPACING, 0)
        tables_layout.addWidget(self.no_tables_label)
        tables_layout.addWidget(self._tables_section, 1)
        tables_layout.addStretch()
        layout.addWidget(VerticalScrollArea(content), 1)
        self.no_tables_label.hide()

    def _create_tables_section(self) -> QWidget:
        section = QWidget()
        title_row = QHBoxLayout()
        title_row.addWidget(self.table_title_label, 1)
        title_row.addWidget(self.component_choice)
        explanation_column = QVBoxLayout()
        explanation_column.setSpacing(SPACING)
        for text in (
            tr(
                "A block of 8 × 8 pixels is stored as 64 patterns, the coarsest at the top left."  # noqa: RUF001
                " Each number is the step, in gray levels, to which the strength of one pattern"
                " was rounded: the larger, the more was lost."
            ),
            tr("Choose a number to see below what became of its pattern."),
        ):
            explanation_column.addWidget(_create_explanation_label(text))
        explanation_column.addStretch(1)
        table_row = QHBoxLayout()
        table_row.setSpacing(MARGIN)
        table_row.addWidget(self.table_view, 1)
        table_row.addLayout(explanation_column, 1)
        layout = QVBoxLayout(section)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(title_row)
        layout.addLayout(table_row, 3)
        layout.addWidget(self.band_label)
        layout.addWidget(self.histogram_view, 2)
        layout.addLayout(self._create_zoom_row())
        layout.addWidget(
            _create_explanation_label(
                tr(
                    "Bars: how many blocks of the file have each level, as wide as the values it"
                    " stands for. Line: where the result's values lie in them."
                )
            )
        )
        return section

    def _create_zoom_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACING // 2)
        row.addWidget(self.summary_label, 1)
        histogram = self.histogram_view
        for text, tooltip, handler in (
            ("+", tr("See fewer levels, larger (plus)"), lambda: histogram.zoom(_ZOOM_FACTOR)),
            ("−", tr("See more levels (minus)"), lambda: histogram.zoom(1 / _ZOOM_FACTOR)),  # noqa: RUF001
            (
                tr("Most"),
                tr("See where nearly all blocks are (Home)"),
                histogram.show_central_range,
            ),
            (tr("All"), tr("See every level there is (End)"), histogram.show_full_range),
        ):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.setToolTip(tooltip)
            button.setAccessibleName(tooltip)
            button.setFixedWidth(button.fontMetrics().horizontalAdvance(text) + _BUTTON_TEXT_MARGIN)
            button.clicked.connect(lambda _checked, do=handler: do())
            row.addWidget(button)
        return row

    def _show_facts(self) -> None:
        document = self._state.document
        if document is not None:
            self.fact_table.show_rows(
                (*inspector_facts(document), *recompression_facts(self._recompression_state))
            )
            self.fact_table.set_row_tooltips(fact_tooltip_texts())
            self.recompression_label.setText(recompression_text(self._recompression_state))
            self.recompression_label.setVisible(bool(self.recompression_label.text()))

    @Slot(int)
    def _on_component_selected(self, index: int) -> None:
        self.band_selected.emit(index, self._state.band)

    @Slot(int)
    def _on_band_selected(self, band: int) -> None:
        self.band_selected.emit(self._state.component, band)


def _create_explanation_label(text: str) -> QLabel:
    label = create_secondary_label(text)
    label.setWordWrap(True)
    return label
