"""The page of the settings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.config.settings import (
    DISK_MIB,
    MEMORY_MIB,
    SYSTEM_LANGUAGE,
    Appearance,
    LivePictures,
    Settings,
)
from app.i18n.translation import LANGUAGES, mark, tr
from app.jobs.run.prior_cache import Device
from app.ui.widgets.form_controls import choice, faint, heading, number
from app.ui.widgets.theme import MARGIN, SPACING
from app.viewmodels.preferences.preferences import PreferencesViewModel

_FIRST_SIZE = QSize(500, 500)
_LEAST_SIZE = QSize(440, 320)
_FIELD_WIDTH, _FIELD_HEIGHT = 230, 26
_APPEARANCES = {
    Appearance.SYSTEM: mark("As the system"),
    Appearance.LIGHT: mark("Light"),
    Appearance.DARK: mark("Dark"),
}
_LIVE = {
    LivePictures.ALWAYS: mark("Always, as they come"),
    LivePictures.FEW: mark("Few, one in ten"),
    LivePictures.OFF: mark("Off, only the result"),
}


class SettingsPage(QDialog):
    """What is the same for every picture; each change is in force at once where it can be.

    Signals:
        folder_wanted: Another folder for results is to be chosen.
    """

    folder_wanted = Signal()

    def __init__(self, parent: QWidget, preferences: PreferencesViewModel) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.setMinimumSize(_LEAST_SIZE)
        self._preferences = preferences
        self._devices: tuple[Device, ...] = ()
        self._make_fields()
        self._lay_out()
        self._connect()
        preferences.state_changed.connect(self._render)
        self._render(preferences.state)

    def sizeHint(self) -> QSize:
        return _FIRST_SIZE

    def show_devices(self, devices: tuple[Device, ...]) -> None:
        """Offer those that are here."""
        self._devices = devices
        self._render(self._preferences.state)

    def _make_fields(self) -> None:
        self.appearance = choice(
            tr("Appearance"), tr("The colours of the window: light, dark, or as the system has it")
        )
        for appearance, words in _APPEARANCES.items():
            self.appearance.addItem(tr(words), appearance)
        self.language = choice(
            tr("Language"), tr("The language of the window, from the next start on")
        )
        self.language.addItem(tr("As the system"), SYSTEM_LANGUAGE)
        for language in LANGUAGES:
            self.language.addItem(language.name, language.code)
        self.reopen = QCheckBox(tr("Open the last &file at the start"))
        self.reopen.setAccessibleName(tr("Open the last file at the start"))
        self.reopen.setToolTip(tr("The file that was open when the window was closed"))
        self.live = choice(
            tr("Live pictures"),
            tr("How often a run shows its estimate; each costs a large picture's run time"),
        )
        for live, words in _LIVE.items():
            self.live.addItem(tr(words), live)
        self.device = choice(
            tr("Device"), tr("Where priors run at first; auto takes the fastest there is")
        )
        self.memory = number(
            tr("Memory for results"),
            tr("For results of earlier runs, 256 to 65,536 MiB; those beyond it go to the disk"),
            (MEMORY_MIB[0] - 1, MEMORY_MIB[1]),
        )
        self.disk = number(
            tr("Disk for results"),
            tr("For results that memory has no room for, 0 to 1,048,576 MiB"),
            (DISK_MIB[0] - 1, DISK_MIB[1]),
        )
        for field, step in ((self.memory, 256), (self.disk, 1024)):
            field.setSpecialValueText(tr("As the machine allows"))
            field.setSuffix(tr(" MiB"))
            field.setSingleStep(step)
            field.setKeyboardTracking(False)
        self.folder = choice(tr("Results go"), tr("The folder that is proposed for a result"))
        self.reset = QPushButton(tr("&Reset all"))
        self.reset.setAccessibleName(tr("Reset all settings"))
        self.reset.setToolTip(tr("Set everything on this page as at the first start"))
        self.close_button = QPushButton(tr("&Close"))
        self.close_button.setAccessibleName(tr("Close the settings"))
        self.close_button.setToolTip(tr("What was set here stays"))

    def _lay_out(self) -> None:
        content = QWidget()
        parts = QVBoxLayout(content)
        parts.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        parts.setSpacing(SPACING)
        look, start, runs, results = (_form() for _ in range(4))
        _add(look, tr("&Appearance"), self.appearance)
        _add(look, tr("&Language"), self.language)
        note = faint(tr("Another language is spoken from the next start on."))
        limits = faint(tr("Other limits are kept from the next start on."))
        for words in (note, limits):
            words.setWordWrap(True)
        start.addRow(self.reopen)
        _add(runs, tr("L&ive pictures"), self.live)
        _add(runs, tr("&Device"), self.device)
        _add(results, tr("Results &go"), self.folder)
        _add(results, tr("&Memory for results"), self.memory)
        _add(results, tr("Dis&k for results"), self.disk)
        titled: tuple[tuple[str, tuple[QFormLayout | QLabel, ...]], ...] = (
            (tr("Window"), (look, note, start)),
            (tr("Runs"), (runs,)),
            (tr("Results"), (results, limits)),
        )
        for title, members in titled:
            parts.addWidget(heading(title))
            for member in members:
                if isinstance(member, QLabel):
                    parts.addWidget(member)
                else:
                    parts.addLayout(member)
            parts.addSpacing(SPACING)
        parts.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("plain")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN, SPACING, MARGIN, MARGIN)
        row.addWidget(self.reset)
        row.addStretch(1)
        row.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(row)
        for button in (self.reset, self.close_button):
            button.setAutoDefault(False)

    def _connect(self) -> None:
        preferences = self._preferences
        wiring = (
            (self.appearance, preferences.set_appearance),
            (self.language, preferences.set_language),
            (self.live, preferences.set_live),
            (self.device, preferences.set_device),
        )
        for box, intent in wiring:
            box.activated.connect(lambda index, b=box, do=intent: do(b.itemData(index)))
        self.folder.activated.connect(self._on_folder)
        self.reopen.clicked.connect(preferences.set_reopen)
        self.memory.valueChanged.connect(
            lambda value: preferences.set_memory(None if value < MEMORY_MIB[0] else value)
        )
        self.disk.valueChanged.connect(
            lambda value: preferences.set_disk(None if value < DISK_MIB[0] else value)
        )
        self.reset.clicked.connect(preferences.reset)
        self.close_button.clicked.connect(self.close)

    @Slot(int)
    def _on_folder(self, index: int) -> None:
        if index == 0:
            self._preferences.set_results_folder(None)
        elif index == self.folder.count() - 1:
            self.folder_wanted.emit()
            self._render(self._preferences.state)  # where none was chosen

    @Slot(object)
    def _render(self, settings: Settings) -> None:
        _choose(self.appearance, settings.appearance)
        _choose(self.language, settings.language)
        _choose(self.live, settings.live)
        self._render_devices(settings.device)
        self._render_folder(settings.results_folder)
        self.reopen.setChecked(settings.reopen)
        _fill(self.memory, settings.memory_mib)
        _fill(self.disk, settings.disk_mib)

    def _render_devices(self, chosen: str) -> None:
        self.device.clear()
        for device in self._devices:
            words = f"{device.name}, {device.model}" if device.model else device.name
            self.device.addItem(words, device.name)
        if self.device.findData(chosen) < 0:
            self.device.addItem(tr("{name} (not here)").format(name=chosen), chosen)
        _choose(self.device, chosen)

    def _render_folder(self, folder: Path | None) -> None:
        self.folder.clear()
        self.folder.addItem(tr("Beside their source"))
        if folder is not None:
            self.folder.addItem(str(folder))
            self.folder.setItemData(1, str(folder), Qt.ItemDataRole.ToolTipRole)
        self.folder.addItem(tr("Choose a folder…"))
        self.folder.setCurrentIndex(0 if folder is None else 1)


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(MARGIN)
    form.setVerticalSpacing(SPACING)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
    form.setFormAlignment(Qt.AlignmentFlag.AlignLeading)
    return form


def _add(form: QFormLayout, words: str, field: QWidget) -> None:
    field.setFixedWidth(_FIELD_WIDTH)
    field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    field.setMinimumHeight(_FIELD_HEIGHT)
    label = QLabel(words)
    label.setBuddy(field)
    label.setMinimumSize(_FIELD_WIDTH - 40, _FIELD_HEIGHT)
    form.addRow(label, field)


def _choose(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(box.findData(value))


def _fill(field: QSpinBox, value: int | None) -> None:
    field.blockSignals(True)
    field.setValue(field.minimum() if value is None else value)
    field.blockSignals(False)
