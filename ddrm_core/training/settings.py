"""Settings of a training run, and the learning rate schedule."""

from __future__ import annotations

from dataclasses import dataclass

from ddrm_core.errors import InvalidSetting
from ddrm_core.prior.architectures.compact import CompactConfig
from ddrm_core.sampler.settings import check_seed
from ddrm_core.training.teacher import TeacherSettings

BUNDLED_CONFIG = CompactConfig(channels=(64, 128, 192), blocks=2, middle=4, embedding=64)
"""Network configuration of the bundled prior."""


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """The settings of a training run, valid from construction.

    Attributes:
        batch: Patches per iteration, 1 to 4096.
        patch: Side of a patch in pixels, 16 to 512; a multiple of the network's size multiple.
        rate: Learning rate of AdamW after the warm-up, above 0, at most 1.
        warm_up: Number of iterations in which the learning rate rises, 1 to 100,000.
        weight_decay: Weight decay of AdamW, 0 to 1.
        clip: Norm to which a larger gradient is clipped, above 0.
        averages: Decays per iteration of the exponential averages of the weights.
        seed: Seed of the photographs' order, the crops and the noise, 0 to 2**63 - 1.
        teacher: Teacher, None for targets that are the photographs alone.
    """

    batch: int = 16
    patch: int = 96
    rate: float = 6e-4
    warm_up: int = 200
    weight_decay: float = 1e-3
    clip: float = 1.0
    averages: tuple[float, ...] = (0.999, 0.9995)
    seed: int = 0
    teacher: TeacherSettings | None = None

    def __post_init__(self) -> None:
        """Raise InvalidSetting for the first value out of range."""
        _check_training_range("batch", self.batch, 1, 4096)
        _check_training_range("patch", self.patch, 16, 512)
        _check_training_range("rate", self.rate, 1e-9, 1)
        _check_training_range("warm-up", self.warm_up, 1, 100_000)
        _check_training_range("weight decay", self.weight_decay, 0, 1)
        _check_training_range("clip", self.clip, 1e-6, 1e6)
        for decay in self.averages:
            _check_training_range("average", decay, 0, 0.999999)
        if not self.averages or len(set(self.averages)) < len(self.averages):
            raise InvalidSetting("averages", self.averages, "at least one, all different")
        check_seed(self.seed)


@dataclass(frozen=True, slots=True)
class LearningRateDecay:
    """The linear decay of the learning rate to zero at the end of a run.

    Attributes:
        begin: First iteration of the decay, counted from 0.
        length: Number of iterations, 1 or more.
    """

    begin: int
    length: int

    def __post_init__(self) -> None:
        """Raise InvalidSetting for a length below 1."""
        _check_training_range("decay", self.length, 1, 10**9)

    @property
    def end_iteration(self) -> int:
        """First iteration with a learning rate of zero."""
        return self.begin + self.length


def compute_learning_rate(
    settings: TrainingSettings, decay: LearningRateDecay | None, iteration: int
) -> float:
    """Return the learning rate of an iteration, counted from 0.

    The rate rises in the warm-up and is constant afterwards. If a decay is given, the rate finally
    falls linearly to zero.
    """
    rate = settings.rate * min(1.0, (iteration + 1) / settings.warm_up)
    if decay is not None and iteration >= decay.begin:
        rate *= max(0.0, 1 - (iteration - decay.begin) / decay.length)
    return rate


def check_compact_config(config: CompactConfig) -> None:
    """Raise InvalidSetting if a network's channels, blocks or levels are out of range."""
    for number in (*config.channels, config.blocks, config.middle, config.embedding):
        _check_training_range("channels and blocks", number, 1, 4096)
    _check_training_range("levels", len(config.channels), 1, 6)


def _check_training_range(
    name: str, value: int | float, low: int | float, high: int | float
) -> None:
    if not low <= value <= high:
        raise InvalidSetting(name, value, f"{low} to {high}")
