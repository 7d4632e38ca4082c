"""The choices that fold away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QLineEdit, QSpinBox, QToolButton, QWidget

from app.i18n.translation import mark, tr
from app.jobs.run.restore_request import ProblemKind
from app.ui.widgets.form_controls import (
    add_row,
    choice,
    form,
    number,
    share,
    show_whole,
    side_by_side,
)
from app.ui.widgets.theme import Icon, Theme
from app.viewmodels.document.file_defaults import CHROMA_SAMPLINGS, MAX_GRID_OFFSET, FileDefaults
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel, parse_seed
from ddrm_core.sampler.schedule import TIMESTEPS
from ddrm_core.sampler.settings import MAX_SEED, CorrectionKind

_CORRECTIONS = {CorrectionKind.BINS: mark("Bins"), CorrectionKind.PAPER: mark("Paper")}


class AdvancedForm(QWidget):
    """Start, correction, eta, eta_b with the paper's correction, seed and device.

    Also what can be assumed of a file besides its quality factor: grid and sampling.
    """

    def __init__(self, parameters: ParametersViewModel, theme: Theme) -> None:
        super().__init__()
        self._parameters = parameters
        self._known = FileDefaults()
        self.start = _start()
        self.start.valueChanged.connect(self._on_start)
        self.correction = choice(
            tr("Correction"), tr("How an estimate is made to agree with the levels: bins or paper")
        )
        for kind, words in _CORRECTIONS.items():
            self.correction.addItem(tr(words), kind)
        self.correction.activated.connect(self._on_correction)
        self.eta = share(tr("Eta"), tr("Share of new noise per step, 0 to 1"))
        self.eta.valueChanged.connect(parameters.set_eta)
        self.eta_b = share(tr("Eta b"), tr("Share of the paper's correction, 0 to 1"))
        self.eta_b.valueChanged.connect(parameters.set_eta_b)
        self.seed = QLineEdit()
        self.seed.setAccessibleName(tr("Seed"))
        tip = tr("The same seed gives the same result, 0 to {most}")
        self.seed.setToolTip(tip.format(most=MAX_SEED))
        self.seed.textEdited.connect(self._on_seed_edited)
        self.seed.editingFinished.connect(self._on_seed_left)
        self.draw = QToolButton()
        self.draw.setToolTip(tr("New seed, drawn at random"))
        self.draw.setAccessibleName(tr("New seed"))
        self.draw.setIconSize(QSize(16, 16))
        self.draw.clicked.connect(parameters.draw_seed)
        theme.dress(self.draw, Icon.DRAW)
        self.device = choice(
            tr("Device"), tr("Where the prior runs; auto takes the fastest there is")
        )
        self.device.activated.connect(self._on_device)
        self.left, self.top = _offsets()
        for field in (self.left, self.top):
            field.valueChanged.connect(self._on_grid)
        self.sampling = choice(
            tr("Sampling"),
            tr("Chroma sampling of the JPEG that the picture once was, as width and height"),
        )
        self.sampling.activated.connect(self._on_sampling)
        self._lay_out()
        parameters.state_changed.connect(self._render)
        self._render(parameters.state)

    def show_known(self, known: FileDefaults) -> None:
        """What is in force where nothing is assumed of the opened file."""
        self._known = known
        self.sampling.clear()
        self.sampling.addItem(known.sampling_text or "")
        for name in CHROMA_SAMPLINGS:
            self.sampling.addItem(name, name)
        self._render(self._parameters.state)

    def _lay_out(self) -> None:
        seed = side_by_side(self.seed, self.draw)
        self._grid = side_by_side(self.left, self.top)
        self._rows = form()
        add_row(self._rows, tr("&Grid"), self._grid)
        add_row(self._rows, tr("Samp&ling"), self.sampling)
        add_row(self._rows, tr("Start"), self.start)
        add_row(self._rows, tr("&Correction"), self.correction)
        add_row(self._rows, tr("Eta"), self.eta)
        add_row(self._rows, tr("Eta b"), self.eta_b)
        add_row(self._rows, tr("Seed"), seed)
        add_row(self._rows, tr("&Device"), self.device)
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
        self._parameters.set_device(self.device.itemData(index))

    @Slot()
    def _on_grid(self) -> None:
        self._parameters.set_grid((self.left.value(), self.top.value()))

    @Slot(int)
    def _on_sampling(self, index: int) -> None:
        self._parameters.set_sampling(self.sampling.itemData(index))

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
            for device in state.devices:
                words = f"{device.name} ({device.model})" if device.model else device.name
                self.device.addItem(words, device.name)
            show_whole(self.device)
        self.device.setCurrentIndex(self.device.findData(state.device))
        self._render_assumption(state)

    def _render_assumption(self, state: ParametersState) -> None:
        grid = state.grid or self._known.grid_offset
        for field, offset in zip((self.left, self.top), grid, strict=True):
            # One after the other: the first must not tell the model of the second's old value.
            field.blockSignals(True)
            field.setValue(offset)
            field.blockSignals(False)
            field.setEnabled(state.quality is not None)
        compressed = state.problem is ProblemKind.JPEG
        self._rows.setRowVisible(self._grid, compressed)
        chroma = self._known.sampling_text is not None
        self._rows.setRowVisible(self.sampling, compressed and chroma)
        self.sampling.setCurrentIndex(max(0, self.sampling.findData(state.sampling)))


def _start() -> QSpinBox:
    field = number(
        tr("Start"),
        tr(
            "Timestep of the {steps}-step schedule at which sampling starts, 1 to {most}:"
            " how strong it is. Auto follows the file."
        ).format(steps=TIMESTEPS, most=TIMESTEPS - 1),
        (0, TIMESTEPS - 1),
    )
    field.setSpecialValueText(tr("Auto"))
    return field


def _offsets() -> tuple[QSpinBox, QSpinBox]:
    """Of a grid: left of the picture, and above it."""
    left = number(
        tr("Grid, pixels left of the picture"),
        tr(
            "Pixels by which the assumed compression's first blocks begin left of the picture:"
            " 0 to 7, or to 15 where chroma is halved. With a quality factor of your own."
        ),
        (0, MAX_GRID_OFFSET),
    )
    top = number(
        tr("Grid, pixels above the picture"),
        tr(
            "Pixels by which the assumed compression's first blocks begin above the picture:"
            " 0 to 7, or to 15 where chroma is halved. With a quality factor of your own."
        ),
        (0, MAX_GRID_OFFSET),
    )
    return left, top
