"""The overview of a folder above the list of its files."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.batch.overview.quality_histogram import QualityHistogram
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
        self._facts = FileFactsState()
        self._state = BatchState()
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.files_label)
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

    def show_facts(self, facts: FileFactsState) -> None:
        """Show the facts about the files."""
        self._facts = facts
        files = facts.by_source.values()
        self.histogram.show_counts(count_qualities(files), below_quality=None)
        self.files_label.show_text(files_text(facts))
