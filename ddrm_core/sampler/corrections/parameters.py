"""The base class of a correction's parameters. It loads no torch, as all that declares settings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ddrm_core.setting_fields import check_limits

if TYPE_CHECKING:  # imports torch
    from ddrm_core.sampler.protocols import Correction, TileMeasurement


@dataclass(frozen=True, slots=True)
class CorrectionParameters(ABC):
    """One correction: its parameters, and how it is built for a tile.

    A subclass is a frozen dataclass whose fields are declared as in `setting_fields`, each of type
    bool, int, float or a StrEnum and with a default.

    Attributes:
        name: Name of the correction on the command line and in records: lower-case letters,
            digits, "_" and "-".
        projects_to_bins: True if the samples of a finished tile are moved into the bins of their
            levels, also at the edges of the image, where one correction does not suffice.
    """

    name: ClassVar[str]
    projects_to_bins: ClassVar[bool]

    def __post_init__(self) -> None:
        """Raise InvalidSetting for the first value outside its limits."""
        check_limits(self)

    @abstractmethod
    def create_correction(self, tile: TileMeasurement) -> Correction:
        """Return the correction of a tile's estimates."""


@dataclass(frozen=True, slots=True)
class StoredParameters:
    """Parameters of a correction that is not loaded, as a file stores them.

    Attributes:
        name: Name of the correction.
        origin: Package or script that the correction came from, see `format_correction_origin`.
        values: Name and plain value of each parameter.
    """

    name: str
    origin: str
    values: tuple[tuple[str, Any], ...]
