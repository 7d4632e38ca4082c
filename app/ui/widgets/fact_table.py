"""A label and a value per line."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.ui.widgets.form_controls import faint
from app.ui.widgets.theme import PANEL_WIDTH, SPACING
from app.viewmodels.document.facts import FactRows

# What the longest label leaves of the panel.
_VALUE_WIDTH_PX = PANEL_WIDTH - 130


class RowsView(QWidget):
    """Shows rows of facts; values wrap and can be selected."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._value_width_px = _VALUE_WIDTH_PX
        self.setAccessibleName(name)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(SPACING)
        self._layout.setVerticalSpacing(2)
        self._layout.setColumnStretch(1, 1)
        self._values: dict[str, QLabel] = {}
        self._names: dict[str, QLabel] = {}

    def show_rows(self, rows: FactRows) -> None:
        """Show these instead of what is there."""
        if tuple(self._values) != tuple(label for label, _ in rows):
            self._rebuild(rows)
        for label, text in rows:
            value = self._values[label]
            value.setText(self._fitted(text, value))
            value.setToolTip(text)
            value.setAccessibleName(f"{label}: {text}")

    def fit(self, value_width_px: int) -> None:
        """Make the column of values this wide."""
        self._value_width_px = value_width_px
        for value in self._values.values():
            value.setText(self._fitted(value.toolTip(), value))

    def explain(self, tips: Mapping[str, str]) -> None:
        """What some labels mean, for those that there are."""
        for label, name in self._names.items():
            name.setToolTip(tips.get(label, ""))
            self._values[label].setAccessibleDescription(tips.get(label, ""))

    def text(self, label: str) -> str:
        """The value beside `label`."""
        return self._values[label].toolTip()

    def _rebuild(self, rows: FactRows) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()  # it is deleted later, and would be seen until then
                widget.deleteLater()
        self._values.clear()
        self._names.clear()
        for line, (label, _) in enumerate(rows):
            name = faint(label)
            value = QLabel(wordWrap=True)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setMinimumWidth(1)
            top = Qt.AlignmentFlag.AlignTop
            self._layout.addWidget(name, line, 0, top)
            self._layout.addWidget(value, line, 1, top)
            self._values[label], self._names[label] = value, name

    def _fitted(self, text: str, value: QLabel) -> str:
        """`text` with words shortened that are wider than the column, such as file names."""
        metrics, middle = value.fontMetrics(), Qt.TextElideMode.ElideMiddle
        width = self._value_width_px
        return " ".join(metrics.elidedText(w, middle, width) for w in text.split(" "))
