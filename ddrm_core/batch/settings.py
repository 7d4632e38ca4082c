"""Settings of a batch."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.batch.selection.rule import ALL_FILES, SelectionRule
from ddrm_core.errors import InvalidSetting
from ddrm_core.export.settings import DEFAULT_EXPORT_SETTINGS, ExportSettings
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.restoration.assumption import NO_ASSUMPTION, CompressionAssumption
from ddrm_core.sampler.serialization import settings_to_values
from ddrm_core.sampler.settings import SamplerSettings, check_seed

RESULTS_VERSION = 1
"""Version of the results, to be increased when equal files and settings give other results."""
# Left out of the hash at their defaults, so that the results of earlier versions are recognized.
_EXPORT_FIELDS_AFTER_0_1_0 = frozenset({"strength", "kept_areas"})


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """The settings of all files of a batch except the prior, validated on creation.

    Attributes:
        sampler: Sampler settings of the runs.
        seed: Seed of the runs, 0 to 2**63 - 1.
        assumption: Assumption about the compression of the files.
        export: Export settings of the results.
        tolerate_damage: Whether to restore the readable part of a damaged file.
        max_pixels: Largest number of pixels of an image; larger images are refused.
        overwrite: Whether to replace a file at a target that is not a result, is a result that was
            changed, or is the result of another source.
        redo: Whether to replace a result of the same content with other settings or another prior.
        keep_date: Whether results and copies get the modification time of their source.
        selection: Rule that selects the files that are restored. An earlier compression that the
            rule assumes for a file is an assumption of that file's result.
    """

    sampler: SamplerSettings
    seed: int = 0
    assumption: CompressionAssumption = NO_ASSUMPTION
    export: ExportSettings = DEFAULT_EXPORT_SETTINGS
    tolerate_damage: bool = False
    max_pixels: int = MAX_PIXELS
    overwrite: bool = False
    redo: bool = False
    keep_date: bool = True
    selection: SelectionRule = ALL_FILES

    def __post_init__(self) -> None:
        """Raise InvalidSetting for a seed out of range, or for two assumptions about quality."""
        check_seed(self.seed)
        quality = self.assumption.quality
        if self.selection.assume_earlier and quality is not None:
            raise InvalidSetting("quality", quality, AllowedValues.QUALITY_OR_EARLIER)

    def compute_sha256(self, prior_identity: str, target_suffix: str) -> str:
        """Return the SHA-256 of everything that determines a result besides its source.

        The device is left out, since results of two devices differ by rounding only. Settings that
        only decide whether a file is restored, or which date its result has, are left out, too.

        Args:
            prior_identity: `PriorInfo.identity` of the prior.
            target_suffix: Suffix of the planned target, which determines the format.

        Returns:
            The hash in hexadecimal.
        """
        export_values = {
            name: value
            for name, value in asdict(self.export).items()
            if name not in _EXPORT_FIELDS_AFTER_0_1_0
            or value != getattr(DEFAULT_EXPORT_SETTINGS, name)
        }
        hashed_values = [
            *(RESULTS_VERSION, self.seed, prior_identity, target_suffix.lower()),
            *(settings_to_values(self.sampler), asdict(self.assumption), export_values),
        ]
        return hashlib.sha256(json.dumps(hashed_values, sort_keys=True).encode()).hexdigest()
