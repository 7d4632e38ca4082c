"""The dialog of the preferences."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.config.settings import (
    DISK_MIB_RANGE,
    MEMORY_MIB_RANGE,
    SYSTEM_LANGUAGE,
    Appearance,
    LivePreviewFrequency,
    Settings,
)
from app.i18n.translation import LANGUAGES, tr, tr_noop
from app.jobs.run.prior_cache import DeviceInfo
from app.ui.preferences.compute_settings_form import ComputeSettingsForm
from app.ui.widgets.form_controls import (
    add_form_row,
    create_check_box,
    create_choice_field,
    create_form_layout,
    create_heading_label,
    create_integer_field,
    create_secondary_label,
)
from app.ui.widgets.theme import MARGIN, SPACING
from app.ui.widgets.vertical_scroll_area import VerticalScrollArea
from app.viewmodels.preferences.compute_settings import ComputeSettingsViewModel
from app.viewmodels.preferences.preferences import PreferencesViewModel

_INITIAL_SIZE = QSize(500, 590)
_MINIMUM_HEIGHT = 320
_FIELD_SIZE = QSize(230, 26)
_LABEL_WIDTH = 190
_APPEARANCE_LABELS = {
    Appearance.SYSTEM: tr_noop("System"),
    Appearance.LIGHT: tr_noop("Light"),
    Appearance.DARK: tr_noop("Dark"),
}
_LIVE_PREVIEW_LABELS = {
    LivePreviewFrequency.ALWAYS: tr_noop("Always, as they come"),
    LivePreviewFrequency.OCCASIONALLY: tr_noop("Few, one in ten"),
    LivePreviewFrequency.OFF: tr_noop("Off, only the result"),
}


class PreferencesDialog(QDialog):
    """A dialog for settings that apply to every image; most changes take effect at once.

    Signals:
        results_folder_requested: The entry to choose a results folder was selected.
        reset_requested: All preferences are to be reset.
        keep_results_changed: Results are to be kept after closing, or not. arg1: whether they are.
    """

    results_folder_requested = Signal()
    reset_requested = Signal()
    keep_results_changed = Signal(bool)

    def __init__(
        self,
        parent: QWidget,
        preferences: PreferencesViewModel,
        compute_settings: ComputeSettingsViewModel,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.setMinimumHeight(_MINIMUM_HEIGHT)
        self._preferences = preferences
        self._devices: tuple[DeviceInfo, ...] = ()
        self.compute_form = ComputeSettingsForm(
            compute_settings, field_size=_FIELD_SIZE, label_width=_LABEL_WIDTH
        )
        self._create_fields()
        self._lay_out()
        self._connect_fields()
        preferences.state_changed.connect(self._render)
        self._render(preferences.state)

    def sizeHint(self) -> QSize:
        return _INITIAL_SIZE

    def show_devices(self, devices: tuple[DeviceInfo, ...]) -> None:
        """List the available devices."""
        self._devices = devices
        self._render(self._preferences.state)

    def show_keeps_results(self, *, keep: bool) -> None:
        """Show whether results are kept after closing."""
        self.discard_results.setChecked(not keep)

    def _create_fields(self) -> None:
        self.appearance = create_choice_field(
            tr("Appearance"), tr("The colors of the window: light, dark, or as the system has it")
        )
        for appearance, label in _APPEARANCE_LABELS.items():
            self.appearance.addItem(tr(label), appearance)
        self.language = create_choice_field(
            tr("Language"), tr("The language of the window, from the next start on")
        )
        self.language.addItem(tr("System"), SYSTEM_LANGUAGE)
        for language in LANGUAGES:
            self.language.addItem(language.name, language.code)
        self.reopen_last_file = create_check_box(
            tr("Open the last &file at the start"),
            tr("The file that was open when the window was closed"),
        )
        self.live_preview = create_choice_field(
            tr("Live pictures"),
            tr("How often a run shows its estimate; each costs a large picture's run time"),
        )
        for live, label in _LIVE_PREVIEW_LABELS.items():
            self.live_preview.addItem(tr(label), live)
        self.device = create_choice_field(
            tr("Device"), tr("Where models run at first; auto takes the fastest there is")
        )
        self.memory_limit = create_integer_field(
            tr("Memory for results"),
            tr("For results of earlier runs, 256 to 65,536 MiB; those beyond it go to the disk"),
            (MEMORY_MIB_RANGE[0] - 1, MEMORY_MIB_RANGE[1]),
        )
        self.disk_limit = create_integer_field(
            tr("Disk for results"),
            tr("For results that memory has no room for, 0 to 1,048,576 MiB"),
            (DISK_MIB_RANGE[0] - 1, DISK_MIB_RANGE[1]),
        )
        for field, step in ((self.memory_limit, 256), (self.disk_limit, 1024)):
            field.setSpecialValueText(tr("Automatic"))
            field.setSuffix(tr(" MiB"))
            field.setSingleStep(step)
            field.setKeyboardTracking(False)
        self.results_folder = create_choice_field(
            tr("Results go"), tr("The folder that is proposed for a result")
        )
        self.discard_results = create_check_box(
            tr("Do &not keep results after closing"),
            tr("Delete results that are not saved when the window is closed"),
        )
        self.reset_button = QPushButton(tr("&Reset all"))
        self.reset_button.setAccessibleName(tr("Reset all settings"))
        self.reset_button.setToolTip(tr("Set everything on this page as at the first start"))
        self.close_button = QPushButton(tr("&Close"))
        self.close_button.setAccessibleName(tr("Close the settings"))
        self.close_button.setToolTip(tr("What was set here stays"))

    def _lay_out(self) -> None:
        content = QWidget()
        sections = QVBoxLayout(content)
        sections.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        sections.setSpacing(SPACING)
        appearance_form, startup_form, runs_form, results_form = (
            create_form_layout(MARGIN, SPACING) for _ in range(4)
        )
        for form, text, field in (
            (appearance_form, tr("&Appearance"), self.appearance),
            (appearance_form, tr("&Language"), self.language),
            (runs_form, tr("L&ive pictures"), self.live_preview),
            (runs_form, tr("&Device"), self.device),
            (results_form, tr("Save &to"), self.results_folder),
            (results_form, tr("&Memory for results"), self.memory_limit),
            (results_form, tr("Dis&k for results"), self.disk_limit),
        ):
            add_form_row(form, text, field, field_size=_FIELD_SIZE, label_width=_LABEL_WIDTH)
        language_note = create_secondary_label(tr("A new language takes effect after a restart."))
        limits_note = create_secondary_label(tr("New limits take effect after a restart."))
        for note in (language_note, limits_note):
            note.setWordWrap(True)
        startup_form.addRow(self.reopen_last_file)
        runs_form.addRow(self.compute_form)
        results_form.addRow(self.discard_results)
        titled_sections: tuple[tuple[str, tuple[QFormLayout | QLabel, ...]], ...] = (
            (tr("Window"), (appearance_form, language_note, startup_form)),
            (tr("Runs"), (runs_form,)),
            (tr("Results"), (results_form, limits_note)),
        )
        for title, members in titled_sections:
            sections.addWidget(create_heading_label(title))
            for member in members:
                if isinstance(member, QLabel):
                    sections.addWidget(member)
                else:
                    sections.addLayout(member)
            sections.addSpacing(SPACING)
        sections.addStretch(1)
        scroll = _SectionsScrollArea(content)
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN, SPACING, MARGIN, MARGIN)
        row.addWidget(self.reset_button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(row)
        for button in (self.reset_button, self.close_button):
            button.setAutoDefault(False)

    def _connect_fields(self) -> None:
        preferences = self._preferences
        setters = (
            (self.appearance, preferences.set_appearance),
            (self.language, preferences.set_language),
            (self.live_preview, preferences.set_live_preview),
            (self.device, preferences.set_device),
        )
        for box, setter in setters:
            box.activated.connect(lambda index, b=box, do=setter: do(b.itemData(index)))
        self.results_folder.activated.connect(self._on_results_folder_selected)
        self.reopen_last_file.clicked.connect(preferences.set_reopen_last_file)
        self.discard_results.clicked.connect(
            lambda checked: self.keep_results_changed.emit(not checked)
        )
        self.memory_limit.valueChanged.connect(
            lambda value: preferences.set_memory_limit(
                None if value < MEMORY_MIB_RANGE[0] else value
            )
        )
        self.disk_limit.valueChanged.connect(
            lambda value: preferences.set_disk_limit(None if value < DISK_MIB_RANGE[0] else value)
        )
        self.reset_button.clicked.connect(lambda _checked: self.reset_requested.emit())
        self.close_button.clicked.connect(self.close)

    @Slot(int)
    def _on_results_folder_selected(self, index: int) -> None:
        if index == 0:
            self._preferences.set_results_folder(None)
        elif index == self.results_folder.count() - 1:
            self.results_folder_requested.emit()
            self._render(self._preferences.state)  # selects the old folder if the user cancels

    @Slot(object)
    def _render(self, settings: Settings) -> None:
        _select_item(self.appearance, settings.appearance)
        _select_item(self.language, settings.language)
        _select_item(self.live_preview, settings.live_preview)
        self._render_devices(settings.device)
        self._render_results_folder(settings.results_folder)
        self.reopen_last_file.setChecked(settings.reopen_last_file)
        _set_limit_value(self.memory_limit, settings.result_memory_mib)
        _set_limit_value(self.disk_limit, settings.result_disk_mib)

    def _render_devices(self, selected: str) -> None:
        self.device.clear()
        for device in self._devices:
            label = f"{device.name}, {device.product_name}" if device.product_name else device.name
            self.device.addItem(label, device.name)
        if self.device.findData(selected) < 0:
            self.device.addItem(tr("{name} (not here)").format(name=selected), selected)
        _select_item(self.device, selected)

    def _render_results_folder(self, folder: Path | None) -> None:
        self.results_folder.clear()
        self.results_folder.addItem(tr("Next to the original"))
        if folder is not None:
            self.results_folder.addItem(str(folder))
            self.results_folder.setItemData(1, str(folder), Qt.ItemDataRole.ToolTipRole)
        self.results_folder.addItem(tr("Choose a folder…"))
        self.results_folder.setCurrentIndex(0 if folder is None else 1)


class _SectionsScrollArea(VerticalScrollArea):
    """A scroll area that is never narrower than its content."""

    def minimumSizeHint(self) -> QSize:
        scroll_bar_width = self.verticalScrollBar().sizeHint().width()
        width = self._content.minimumSizeHint().width() + scroll_bar_width
        return QSize(width, super().minimumSizeHint().height())


def _select_item(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(box.findData(value))


def _set_limit_value(field: QSpinBox, value: int | None) -> None:
    with QSignalBlocker(field):
        field.setValue(field.minimum() if value is None else value)
