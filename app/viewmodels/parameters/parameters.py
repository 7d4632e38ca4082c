"""The choices for the next run."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from app.i18n.formatting import preset_words
from app.jobs.parameters.read_record import Repeated
from app.jobs.run.prior_cache import Device, Engine
from app.jobs.run.restore_request import ProblemKind, RestoreRequest
from app.jobs.worker import Outcome, Runner, once
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.sampler.settings import (
    MAX_SEED,
    PRESETS,
    CorrectionKind,
    Preset,
    SamplerSettings,
)


@dataclass(frozen=True, slots=True)
class ParametersState:
    """Every value is the one that the next run will use.

    Attributes:
        settings: Of the sampler.
        quality: Quality factor to assume, 1 to 100, or None to follow the file.
        grid: Pixels by which the assumed compression's blocks begin left of and above the picture;
            None follows the file, always without an assumed quality factor.
        sampling: Of the chroma, assumed for a picture that is no JPEG; None follows the file.
        seed: 0 to 2**63 - 1.
        device: Name of one of `devices`.
        devices: Those that are known to be here.
        problem: What is to be put right; what is assumed of a compression counts for a JPEG's.
        bits: Per channel, assumed to be left in a picture with banding, 1 to 7; None follows the
            file.
        prior: One of `priors`.
        priors: Names of those that are known to be here, None for the bundled one.
    """

    settings: SamplerSettings = PRESETS[Preset.BALANCED]
    quality: int | None = None
    seed: int = 0
    device: str = "auto"
    devices: tuple[Device, ...] = (Device("auto"), Device("cpu"))
    grid: tuple[int, int] | None = None
    sampling: str | None = None
    problem: ProblemKind = ProblemKind.JPEG
    bits: int | None = None
    prior: str | None = None
    priors: tuple[str | None, ...] = (None,)

    @property
    def preset(self) -> Preset | None:
        """The preset whose values these are, None for the user's own."""
        return next((name for name, s in PRESETS.items() if s == self.settings), None)


def preset_name(settings: SamplerSettings) -> str | None:
    """What a preset with these values is called, None where there is none."""
    found = next((name for name, s in PRESETS.items() if s == settings), None)
    return None if found is None else preset_words(found)


def parse_seed(text: str) -> int | None:
    """The seed that `text` spells, None where it spells none."""
    if not (text.isascii() and text.isdecimal()):
        return None
    seed = int(text)
    return seed if seed <= MAX_SEED else None


def with_prior(state: ParametersState, name: str | None) -> ParametersState:
    """Restoring with that prior, whether it is known to be here or not."""
    priors = state.priors if name in state.priors else (*state.priors, name)
    return replace(state, prior=name, priors=priors)


def assuming(
    state: ParametersState,
    quality: int | None,
    grid: tuple[int, int] | None,
    sampling: str | None,
) -> ParametersState:
    """Restoring from a compression of which all this is assumed."""
    grid = None if quality is None else grid
    assumed = replace(state, quality=quality, grid=grid, sampling=sampling)
    return replace(assumed, problem=ProblemKind.JPEG)


class ParametersViewModel(StateViewModel[ParametersState]):
    """The choices as one value that changes.

    Signals:
        followed_file: They are another file's now, of which nothing else is assumed.
    """

    followed_file = Signal()

    def __init__(self, runner: Runner, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(ParametersState(), parent)
        self._runner = runner
        self._engine = engine
        self._run_id = 0
        runner.ended.connect(self._on_ended)

    def choose_preset(self, preset: Preset) -> None:
        self._set_settings(PRESETS[preset])

    def use_settings(self, settings: SamplerSettings) -> None:
        """All of the sampler's at once."""
        self._set_settings(settings)

    def restore(self, choices: ParametersState) -> None:
        """The choices of another time, with what is here now to choose from."""
        now = self._state
        prior = choices.prior if choices.prior in now.priors else now.prior
        device = choices.device if choices.device in [d.name for d in now.devices] else now.device
        here = replace(choices, devices=now.devices, priors=now.priors)
        self._set(replace(here, prior=prior, device=device))

    def set_steps(self, steps: int) -> None:
        self._set_settings(replace(self._state.settings, steps=steps))

    def set_samples(self, samples: int) -> None:
        self._set_settings(replace(self._state.settings, samples=samples))

    def set_start(self, start: int | None) -> None:
        self._set_settings(replace(self._state.settings, start=start))

    def set_correction(self, correction: CorrectionKind) -> None:
        self._set_settings(replace(self._state.settings, correction=correction))

    def set_eta(self, eta: float) -> None:
        self._set_settings(replace(self._state.settings, eta=eta))

    def set_eta_b(self, eta_b: float) -> None:
        self._set_settings(replace(self._state.settings, eta_b=eta_b))

    def set_quality(self, quality: int | None) -> None:
        grid = None if quality is None else self._state.grid
        self._set(replace(self._state, quality=quality, grid=grid))

    def set_grid(self, grid: tuple[int, int]) -> None:
        """Assume that the blocks of the assumed quality factor begin there."""
        if self._state.quality is not None:
            self._set(replace(self._state, grid=grid))

    def set_sampling(self, sampling: str | None) -> None:
        self._set(replace(self._state, sampling=sampling))

    def choose_problem(self, problem: ProblemKind) -> None:
        self._set(replace(self._state, problem=problem))

    def set_bits(self, bits: int | None) -> None:
        self._set(replace(self._state, bits=bits))

    def assume(
        self, quality: int | None, grid: tuple[int, int] | None, sampling: str | None = None
    ) -> None:
        """Take all that is assumed of the file's compression from elsewhere, and restore that."""
        self._set(assuming(self._state, quality, grid, sampling))

    def follow_file(self, problem: ProblemKind) -> None:
        """Assume nothing else: what was assumed of one file is not known of another."""
        fresh = replace(self._state, quality=None, grid=None, sampling=None, bits=None)
        self._set(replace(fresh, problem=problem))
        self.followed_file.emit()

    def repeat(self, repeated: Repeated) -> None:
        """Take the choices of a run that was made before, which is one change."""
        taken = replace(self._state, settings=repeated.settings, seed=repeated.seed)
        if repeated.missing is None:
            taken = with_prior(taken, repeated.prior)
        self._set(assuming(taken, repeated.quality, repeated.grid, repeated.sampling))

    def take(self, request: RestoreRequest) -> None:
        """Every choice as a run had it, which is one change."""
        taken = replace(
            with_prior(self._state, request.prior),
            settings=request.settings,
            quality=request.quality,
            grid=request.grid,
            sampling=request.sampling,
            seed=request.seed,
            problem=request.problem,
            bits=request.bits,
        )
        if any(device.name == request.device for device in taken.devices):
            taken = replace(taken, device=request.device)
        self._set(taken)

    def set_seed(self, seed: int) -> None:
        self._set(replace(self._state, seed=seed))

    def draw_seed(self) -> None:
        """Choose a seed at random."""
        self.set_seed(secrets.randbelow(MAX_SEED + 1))

    def set_device(self, device: str) -> None:
        self._set(replace(self._state, device=device))

    def choose_prior(self, name: str | None) -> None:
        """Restore with an imported prior, or with the bundled one, None."""
        self._set(with_prior(self._state, name))

    def offer_priors(self, names: Sequence[str]) -> str | None:
        """Those that were imported; gives the name of the chosen one where that is not among them.

        Then the bundled one is chosen.
        """
        chosen = self._state.prior
        gone = chosen if chosen is not None and chosen not in names else None
        prior = None if gone is not None else chosen
        self._set(replace(self._state, priors=(None, *names), prior=prior))
        return gone

    def find_devices(self) -> None:
        """Load the engine in the background, and offer the devices that it finds."""
        self._run_id = self._runner.start(once(self._engine.devices))

    @Slot(int, object)
    def _on_ended(self, run_id: int, outcome: Outcome) -> None:
        if run_id == self._run_id and isinstance(outcome.result, tuple):
            self._set(replace(self._state, devices=outcome.result))

    def _set_settings(self, settings: SamplerSettings) -> None:
        self._set(replace(self._state, settings=settings))
