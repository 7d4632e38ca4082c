"""A table of facts with one label and one value per row."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.ui.widgets.form_controls import LABEL_WIDTH, create_secondary_label
from app.ui.widgets.theme import SIDE_PANEL_WIDTH, SPACING
from app.viewmodels.document.facts import FactRows

# Width of the side panel minus its margins and its scroll bar.
_TABLE_WIDTH_PX = SIDE_PANEL_WIDTH - 40


class FactTable(QWidget):
    """A two-column table of labels and values; values wrap and can be selected."""

    def __init__(self, accessible_name: str) -> None:
        super().__init__()
        self._fixed_value_width_px: int | None = None
        self.setAccessibleName(accessible_name)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(SPACING)
        self._layout.setVerticalSpacing(2)
        self._layout.setColumnStretch(1, 1)
        self._value_labels: dict[str, QLabel] = {}
        self._name_labels: dict[str, QLabel] = {}

    def show_rows(self, rows: FactRows) -> None:
        """Replace the displayed rows by `rows`."""
        if tuple(self._value_labels) != tuple(label for label, _ in rows):
            self._rebuild(rows)
        for label, text in rows:
            value = self._value_labels[label]
            value.setText(self._elide_long_words(text, value))
            value.setToolTip(text)
            value.setAccessibleName(f"{label}: {text}")

    def set_value_width(self, value_width_px: int) -> None:
        """Set the width of the value column in pixels, and elide long words of the values."""
        self._fixed_value_width_px = value_width_px
        for value in self._value_labels.values():
            value.setText(self._elide_long_words(value.toolTip(), value))

    def set_row_tooltips(self, tooltips: Mapping[str, str]) -> None:
        """Set the tool tips of all rows.

        `tooltips` maps the label of a row to its tool tip; other rows get no tool tip.
        """
        for label, name in self._name_labels.items():
            name.setToolTip(tooltips.get(label, ""))
            self._value_labels[label].setAccessibleDescription(tooltips.get(label, ""))

    def value_text(self, label: str) -> str:
        """Return the value in the row with this label, not elided."""
        return self._value_labels[label].toolTip()

    def _rebuild(self, rows: FactRows) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()  # deleteLater() leaves the widget visible for a while
                widget.deleteLater()
        self._value_labels.clear()
        self._name_labels.clear()
        for line, (label, _) in enumerate(rows):
            name = create_secondary_label(label)
            name.setMinimumWidth(LABEL_WIDTH)
            value = QLabel(wordWrap=True)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setMinimumWidth(1)
            top = Qt.AlignmentFlag.AlignTop
            self._layout.addWidget(name, line, 0, top)
            self._layout.addWidget(value, line, 1, top)
            self._value_labels[label], self._name_labels[label] = value, name

    def _value_width_px(self) -> int:
        """Return the width of the value column; by default, that beside the longest label."""
        if self._fixed_value_width_px is not None:
            return self._fixed_value_width_px
        label_widths = (name.sizeHint().width() for name in self._name_labels.values())
        return _TABLE_WIDTH_PX - max(LABEL_WIDTH, *label_widths) - SPACING

    def _elide_long_words(self, text: str, value: QLabel) -> str:
        """Return `text` with every word, such as a file name, elided to the width of the column."""
        metrics, middle = value.fontMetrics(), Qt.TextElideMode.ElideMiddle
        width = self._value_width_px()
        return " ".join(metrics.elidedText(w, middle, width) for w in text.split(" "))
