"""Base class of a correction's parameters, which like all settings does not import torch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from ddrm_core.setting_fields import check_limits, list_setting_fields

if TYPE_CHECKING:  # imports torch at runtime
    from ddrm_core.sampler.protocols import Correction, TileMeasurement


@dataclass(frozen=True, slots=True)
class CorrectionParameters(ABC):
    """The base class for the parameters of a correction, from which a tile's correction is made.

    A subclass is a frozen dataclass whose fields are declared as in `setting_fields`, each of type
    bool, int, float or a StrEnum and with a default.

    Attributes:
        name: Name of the correction on the command line and in records: lower-case letters,
            digits, "_" and "-".
        projects_to_bins: Whether the samples of a finished tile are projected to the bins of the
            levels at the end, because a single correction may leave coefficients at the image's
            edges outside.
    """

    name: ClassVar[str]
    projects_to_bins: ClassVar[bool]

    def __post_init__(self) -> None:
        """Check the types and the values of all parameters.

        Raises:
            TypeError: If a parameter has a type that controls and files do not support.
            InvalidSetting: If a value is outside its limits.
        """
        for field in list_setting_fields(type(self)):
            if field.type not in (bool, int, float) and not _is_choice(field.type):
                raise TypeError(f"the parameter {field.name} is no bool, int, float or StrEnum")
        check_limits(self)

    @abstractmethod
    def create_correction(self, tile: TileMeasurement) -> Correction:
        """Return the correction for the estimates of a tile."""


def _is_choice(value_type: Any) -> bool:
    return isinstance(value_type, type) and issubclass(value_type, StrEnum)


@dataclass(frozen=True, slots=True)
class StoredParameters:
    """The parameters of a correction that is not loaded, as they are stored in a file.

    Attributes:
        name: Name of the correction.
        origin: Package or script of the correction, see `PluginRegistry.format_origin`.
        values: Name and plain value of each parameter.
    """

    name: str
    origin: str
    values: tuple[tuple[str, Any], ...]
