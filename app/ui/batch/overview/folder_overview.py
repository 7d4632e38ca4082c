"""The overview of a folder above the list of its files."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.batch.overview.quality_histogram import QualityHistogram
from app.ui.batch.overview.selection_fields import SelectionFields
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.theme import SPACING, Theme
from app.viewmodels.batch.batch_state import BatchState
from app.viewmodels.batch.overview.file_facts import FileFactsState
from app.viewmodels.batch.overview.file_facts_text import count_qualities, files_text


class FolderOverview(QWidget):
    """A row with a histogram of qualities and what is known about the files."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.histogram = QualityHistogram(theme)
        self.files_label = ElidedLabel(Qt.TextElideMode.ElideRight)
        self.selection_fields = SelectionFields()
        self._facts = FileFactsState()
        self._state = BatchState()
        self._counts: tuple[int, ...] = ()
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.files_label)
        texts.addWidget(self.selection_fields)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACING, 2, SPACING, 2)
        layout.setSpacing(2 * SPACING)
        layout.addWidget(self.histogram)
        layout.addLayout(texts, 1)
        self.hide()

    def show_state(self, state: BatchState) -> None:
        """Show the overview if the batch has items."""
        self._state = state
        self.setVisible(bool(state.items))
        self.selection_fields.show_state(state)
        self._show_histogram()

    def show_facts(self, facts: FileFactsState) -> None:
        """Show the facts about the files."""
        if facts.by_source is not self._facts.by_source:
            self._counts = count_qualities(facts.by_source.values())
        self._facts = facts
        self._show_histogram()
        self.files_label.show_text(files_text(facts))

    def _show_histogram(self) -> None:
        self.histogram.show_counts(self._counts, below_quality=self._state.selection.below_quality)
