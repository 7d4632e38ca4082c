"""The inspector: a page of its own beside the window."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.i18n.error_messages import message_for
from app.i18n.translation import tr
from app.ui.inspector.band_histogram import BandHistogram
from app.ui.inspector.chroma_sampling_view import SamplingView
from app.ui.inspector.quantization_table import BandTable
from app.ui.widgets.fact_table import RowsView
from app.ui.widgets.form_controls import choice, faint, heading
from app.ui.widgets.theme import MARGIN, SPACING
from app.viewmodels.document.facts import recompression_facts
from app.viewmodels.document.recompression import RecompressionState, RecompressionUnchecked
from app.viewmodels.inspector.inspector import InspectorState
from app.viewmodels.inspector.inspector_text import (
    band_summary,
    band_words,
    component_names,
    fact_tips,
    history_words,
    inspector_facts,
    sampling_words,
    sharing,
    table_title,
)

_FIRST_SIZE = QSize(940, 680)
_LEAST_SIZE = QSize(660, 380)
_LEFT_WIDTH, _LABEL_WIDTH = 290, 130
_ZOOM = 1.5
_AROUND_TEXT = 20  # in a small button


class InspectorPage(QDialog):
    """What the file says of itself, its tables, and what one band of coefficients holds.

    Signals:
        band_chosen: Another band. arg1: component, from 0. arg2: 0 to 63.
        seen: The page can be seen, or no longer. arg1: whether.
    """

    band_chosen = Signal(int, int)
    seen = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Inspector"))
        self.setMinimumSize(_LEAST_SIZE)
        self._state = InspectorState()
        self._history: RecompressionState = RecompressionUnchecked()
        self.rows = RowsView(tr("About this file"))
        self.sampling = SamplingView()
        self._sampling_words = _explanation("")
        self.earlier = _explanation("")
        self.components = choice(
            tr("Component"), tr("Brightness (Y) or colour (Cb, Cr), each with its own table")
        )
        self.components.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.components.setMinimumWidth(80)
        self.components.activated.connect(self._on_component)
        self.title = heading("")
        self.band = heading("")
        self.table = BandTable()
        self.table.chosen.connect(self._on_band)
        self.histogram = BandHistogram()
        self.summary = faint()
        self.summary.setWordWrap(True)
        self.nothing = _explanation(
            tr(
                "This file is no JPEG, so it has no quantisation tables. After a run, those that"
                " the run assumed are shown here."
            )
        )
        self._lay_out()
        # A dialog's own size hint counts for two thirds of the screen at most.
        self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.setFocus()
        self.seen.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.seen.emit(False)

    @Slot(object)
    def show_history(self, history: RecompressionState) -> None:
        """What is known of an earlier compression."""
        self._history = history
        self._show_facts()

    @Slot(object)
    def show_state(self, state: InspectorState) -> None:
        """Render the file and the chosen band."""
        known = state.document is self._state.document
        self._state = state
        if not known:
            self._show_facts()
        image = state.image
        self._tables.setVisible(image is not None)
        self._drawing.setVisible(image is not None)
        self.nothing.setVisible(image is None and state.document is not None)
        # Also where there is nothing: what was found before holds a result in memory.
        self.histogram.show_band(state.found)
        if image is None:
            return
        names = component_names(image)
        if [self.components.itemText(i) for i in range(self.components.count())] != list(names):
            self.components.clear()
            self.components.addItems(names)
        self.components.setCurrentIndex(state.component)
        self.sampling.show_sampling(*sharing(image), grey=len(names) == 1)
        self._sampling_words.setText(sampling_words(image))
        steps = tuple(int(step) for step in image.tables[state.component])
        self.title.setText(table_title(image, state.component))
        self.table.show_table(steps, state.band)
        self.band.setText(band_words(state.band, steps[state.band]))
        if state.error is not None:
            self.summary.setText(message_for(state.error).line())
        else:
            words = tr("Counting…") if state.found is None else band_summary(state.found)
            self.summary.setText(words)
        self.histogram.setAccessibleDescription(self.summary.text())

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(SPACING)
        left.setContentsMargins(0, 0, SPACING, 0)
        left.addWidget(heading(tr("File")))
        left.addWidget(self.rows)
        self.rows.fit(_LEFT_WIDTH - _LABEL_WIDTH)
        self._drawing = QWidget()
        drawing = QVBoxLayout(self._drawing)
        drawing.setContentsMargins(0, SPACING, 0, 0)
        drawing.setSpacing(SPACING)
        drawing.addWidget(heading(tr("Sampling")))
        drawing.addWidget(self.sampling)
        drawing.addWidget(self._sampling_words)
        left.addWidget(self._drawing)
        left.insertWidget(2, self.earlier)
        left.addStretch(1)
        content = QWidget()
        content.setLayout(left)
        area = _scrolling(content)
        area.setFixedWidth(_LEFT_WIDTH)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area.setAccessibleName(tr("Facts"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addWidget(area)
        self._tables = self._make_tables()
        content = QWidget()
        right = QVBoxLayout(content)
        right.setContentsMargins(0, 0, SPACING, 0)
        right.addWidget(self.nothing)
        right.addWidget(self._tables, 1)
        right.addStretch()
        layout.addWidget(_scrolling(content), 1)
        self.nothing.hide()

    def _make_tables(self) -> QWidget:
        whole = QWidget()
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.components)
        beside = QVBoxLayout()
        beside.setSpacing(SPACING)
        for words in (
            tr(
                "A block of 8 × 8 pixels is stored as 64 patterns, the coarsest at the top left."  # noqa: RUF001
                " Each number is the step, in grey levels, to which the strength of one pattern"
                " was rounded: the larger, the more was lost."
            ),
            tr("Choose a number to see below what became of its pattern."),
        ):
            beside.addWidget(_explanation(words))
        beside.addStretch(1)
        tables = QHBoxLayout()
        tables.setSpacing(MARGIN)
        tables.addWidget(self.table, 1)
        tables.addLayout(beside, 1)
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(top)
        layout.addLayout(tables, 3)
        layout.addWidget(self.band)
        layout.addWidget(self.histogram, 2)
        layout.addLayout(self._zoom_row())
        layout.addWidget(
            _explanation(
                tr(
                    "Bars: how many blocks of the file have each level, as wide as the values it"
                    " stands for. Line: where the result's values lie in them."
                )
            )
        )
        return whole

    def _zoom_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACING // 2)
        row.addWidget(self.summary, 1)
        histogram = self.histogram
        for text, tip, act in (
            ("+", tr("See fewer levels, larger (plus)"), lambda: histogram.zoom(_ZOOM)),
            ("−", tr("See more levels (minus)"), lambda: histogram.zoom(1 / _ZOOM)),  # noqa: RUF001
            (tr("Most"), tr("See where nearly all blocks are (Home)"), histogram.show_most),
            (tr("All"), tr("See every level there is (End)"), histogram.show_all),
        ):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.setFixedWidth(button.fontMetrics().horizontalAdvance(text) + _AROUND_TEXT)
            button.clicked.connect(lambda _checked, do=act: do())
            row.addWidget(button)
        return row

    def _show_facts(self) -> None:
        document = self._state.document
        if document is not None:
            self.rows.show_rows((*inspector_facts(document), *recompression_facts(self._history)))
            self.rows.explain(fact_tips())
            self.earlier.setText(history_words(self._history))
            self.earlier.setVisible(bool(self.earlier.text()))

    @Slot(int)
    def _on_component(self, index: int) -> None:
        self.band_chosen.emit(index, self._state.band)

    @Slot(int)
    def _on_band(self, band: int) -> None:
        self.band_chosen.emit(self._state.component, band)


def _explanation(words: str) -> QLabel:
    label = faint(words)
    label.setWordWrap(True)
    return label


def _scrolling(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setObjectName("plain")
    area.setWidgetResizable(True)
    area.setWidget(content)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
