"""The choices that fold away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from app.ui.controls import add_row, choice, form, number, share
from app.ui.theme import Icon, Theme
from app.viewmodels.parameters import ParametersState, ParametersViewModel, parse_seed
from ddrm_core.sampler.settings import MAX_SEED, CorrectionKind
from ddrm_core.schedule import TIMESTEPS


class AdvancedForm(QWidget):
    """Start, correction, eta, eta_b with the paper's correction, seed and device."""

    def __init__(self, parameters: ParametersViewModel, theme: Theme) -> None:
        super().__init__()
        self._parameters = parameters
        self.start = number(
            "Start",
            f"Timestep of the {TIMESTEPS}-step schedule at which sampling starts, "
            f"1 to {TIMESTEPS - 1}: how strong it is. Auto follows the file.",
            (0, TIMESTEPS - 1),
        )
        self.start.setSpecialValueText("Auto")
        self.start.valueChanged.connect(self._on_start)
        self.correction = choice(
            "Correction", "How an estimate is made to agree with the levels: bins or paper"
        )
        for kind in CorrectionKind:
            self.correction.addItem(kind.capitalize(), kind)
        self.correction.activated.connect(self._on_correction)
        self.eta = share("Eta", "Share of new noise per step, 0 to 1")
        self.eta.valueChanged.connect(parameters.set_eta)
        self.eta_b = share("Eta b", "Share of the paper's correction, 0 to 1")
        self.eta_b.valueChanged.connect(parameters.set_eta_b)
        self.seed = QLineEdit()
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip(f"The same seed gives the same result, 0 to {MAX_SEED}")
        self.seed.textEdited.connect(self._on_seed_edited)
        self.seed.editingFinished.connect(self._on_seed_left)
        self.draw = QToolButton()
        self.draw.setToolTip("New seed, drawn at random")
        self.draw.setAccessibleName("New seed")
        self.draw.setIconSize(QSize(16, 16))
        self.draw.clicked.connect(parameters.draw_seed)
        theme.dress(self.draw, Icon.DRAW)
        self.device = choice("Device", "Where the prior runs; auto takes the fastest there is")
        self.device.activated.connect(self._on_device)
        self._lay_out()
        parameters.state_changed.connect(self._render)
        self._render(parameters.state)

    def _lay_out(self) -> None:
        seed = QWidget()
        row = QHBoxLayout(seed)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.seed, 1)
        row.addWidget(self.draw)
        seed.setFocusProxy(self.seed)
        self._rows = form()
        add_row(self._rows, "Sta&rt", self.start)
        add_row(self._rows, "&Correction", self.correction)
        add_row(self._rows, "Eta", self.eta)
        add_row(self._rows, "Eta b", self.eta_b)
        add_row(self._rows, "Seed", seed)
        add_row(self._rows, "&Device", self.device)
        self.setLayout(self._rows)

    @Slot(int)
    def _on_start(self, start: int) -> None:
        self._parameters.set_start(start or None)

    @Slot(int)
    def _on_correction(self, index: int) -> None:
        self._parameters.set_correction(CorrectionKind(self.correction.itemData(index)))

    @Slot(str)
    def _on_seed_edited(self, text: str) -> None:
        seed = parse_seed(text)
        if seed is not None:
            self._parameters.set_seed(seed)

    @Slot()
    def _on_seed_left(self) -> None:
        # What spells no seed gives way to the seed in force.
        self._render(self._parameters.state)

    @Slot(int)
    def _on_device(self, index: int) -> None:
        self._parameters.set_device(self.device.itemText(index))

    @Slot(object)
    def _render(self, state: ParametersState) -> None:
        settings = state.settings
        self.start.setValue(settings.start or 0)
        self.correction.setCurrentIndex(self.correction.findData(settings.correction))
        self.eta.setValue(settings.eta)
        self.eta_b.setValue(settings.eta_b)
        self._rows.setRowVisible(self.eta_b, settings.correction is CorrectionKind.PAPER)
        if parse_seed(self.seed.text()) != state.seed:
            self.seed.setText(str(state.seed))
            self.seed.setCursorPosition(0)
        if self.device.count() != len(state.devices):
            self.device.clear()
            self.device.addItems(state.devices)
        self.device.setCurrentText(state.device)
