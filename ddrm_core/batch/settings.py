"""What a batch is asked to do with every file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from ddrm_core.export.settings import DEFAULT_EXPORT_SETTINGS, ExportSettings
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.restoration.assumption import NO_ASSUMPTION, CompressionAssumption
from ddrm_core.sampler.serialization import settings_to_values
from ddrm_core.sampler.settings import SamplerSettings, check_seed

RESULTS_VERSION = 1
"""To be raised where the same file and settings give another result than before."""


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """Everything but file and prior; an existing object is a valid one.

    Attributes:
        sampler: Of the runs.
        seed: 0 to 2**63 - 1.
        assumption: What is said of the files' compression.
        export: How results are written.
        tolerate_damage: Whether what can be read of a damaged file is restored.
        max_pixels: Larger pictures are refused.
        overwrite: Whether a file in a result's place may be replaced that is no result, was changed
            since, or is the result of other content.
        redo: Whether a result of the same content under other settings or another prior is made
            again and replaced.
    """

    sampler: SamplerSettings
    seed: int = 0
    assumption: CompressionAssumption = NO_ASSUMPTION
    export: ExportSettings = DEFAULT_EXPORT_SETTINGS
    tolerate_damage: bool = False
    max_pixels: int = MAX_PIXELS
    overwrite: bool = False
    redo: bool = False

    def __post_init__(self) -> None:
        """Raises InvalidSetting for what no file can be restored with."""
        check_seed(self.seed)

    def compute_sha256(self, prior_identity: str, target_suffix: str) -> str:
        """A hash of all that decides a result besides its source, in hexadecimal.

        Not of the device, on which a result differs by no more than rounding, nor of what only
        decides whether a file is restored at all.

        Args:
            prior_identity: `PriorInfo.identity` of the prior.
            target_suffix: Of the planned target, which names the format.
        """
        hashed_values = [
            *(RESULTS_VERSION, self.seed, prior_identity, target_suffix.lower()),
            *(settings_to_values(self.sampler), asdict(self.assumption), asdict(self.export)),
        ]
        return hashlib.sha256(json.dumps(hashed_values, sort_keys=True).encode()).hexdigest()
