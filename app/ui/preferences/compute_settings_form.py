"""The fields of how much the program computes."""

from __future__ import annotations

import os

from PySide6.QtCore import QSignalBlocker, QSize, Slot
from PySide6.QtWidgets import QWidget

from app.config.settings import ComputeSettings
from app.i18n.translation import tr
from app.ui.widgets.form_controls import (
    add_form_row,
    create_check_box,
    create_form_layout,
    create_integer_field,
)
from app.ui.widgets.theme import MARGIN, SPACING
from app.viewmodels.preferences.compute_settings import ComputeSettingsViewModel

_NO_LIMIT = 0


class ComputeSettingsForm(QWidget):
    """A form with the limits on cores and priority and the switch of the live preview."""

    def __init__(
        self, compute_settings: ComputeSettingsViewModel, *, field_size: QSize, label_width: int
    ) -> None:
        """Create the form.

        Args:
            compute_settings: View model of the settings.
            field_size: Size of the fields, in logical pixels.
            label_width: Width of the labels, in logical pixels.
        """
        super().__init__()
        self.max_cores = create_integer_field(
            tr("Processor cores"),
            tr("How many cores restoring uses, from the next run on; fewer leave some to others"),
            (_NO_LIMIT, os.cpu_count() or 1),
        )
        self.max_cores.setSpecialValueText(tr("All"))
        self.max_cores.setKeyboardTracking(False)
        self.low_priority = create_check_box(
            tr("Let &other programs go first"),
            tr("Restore with a low priority; the normal one returns with the next start"),
        )
        self.quick_preview = create_check_box(
            tr("Li&ve preview before a run"),
            tr("Preview the middle of what is seen while nothing is touched; off on battery"),
        )
        form = create_form_layout(MARGIN, SPACING)
        add_form_row(
            form,
            tr("&Processor cores"),
            self.max_cores,
            field_size=field_size,
            label_width=label_width,
        )
        form.addRow(self.low_priority)
        form.addRow(self.quick_preview)
        self.setLayout(form)
        self.max_cores.valueChanged.connect(
            lambda value: compute_settings.set_max_cores(None if value == _NO_LIMIT else value)
        )
        self.low_priority.clicked.connect(compute_settings.set_low_priority)
        self.quick_preview.clicked.connect(compute_settings.set_quick_preview)
        compute_settings.state_changed.connect(self._render)
        self._render(compute_settings.state)

    @Slot(object)
    def _render(self, settings: ComputeSettings) -> None:
        with QSignalBlocker(self.max_cores):
            self.max_cores.setValue(settings.max_cores or _NO_LIMIT)
        self.low_priority.setChecked(settings.is_low_priority)
        self.quick_preview.setChecked(settings.quick_preview)
