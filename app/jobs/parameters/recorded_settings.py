"""What a result's record says of the run that made it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.config.prior_locations import is_prior_imported
from app.jobs.run.prior_cache import PriorCache
from ddrm_core.errors import PriorMismatch
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.sampler.settings import SamplerSettings

if TYPE_CHECKING:  # imports torch, see `PriorCache`
    from ddrm_core.restoration.source import SourceImage


@dataclass(frozen=True, slots=True)
class RecordedSettings:
    """The choices of a recorded run, for making it again.

    Attributes:
        path: The result with the record.
        settings: Of the sampler.
        seed: 0 to 2**63 - 1.
        assumption: Assumption about the file's compression.
        prior_mismatch: Set where the prior here is not the recorded one.
        prior: Name of the recorded one where it was imported, None for the bundled one.
        missing_prior: Name of the recorded one where it is not here; then nothing else is said of
            it.
    """

    path: Path
    settings: SamplerSettings
    seed: int
    assumption: CompressionAssumption
    prior_mismatch: PriorMismatch | None
    prior: str | None = None
    missing_prior: str | None = None


def read_recorded_settings(
    prior_cache: PriorCache, path: Path, source: SourceImage, device: str
) -> RecordedSettings:
    """Read the record in `path` and hold it against the prior; `source` is what is restored again.

    Raises:
        UnreadableFile, NotAPicture, NoRecord: See `read_run_record`.
        UnknownPlugin, UnusablePlugin: The recorded correction is not loaded, or of another version.
        UnknownDevice, BadPrior, NoRoomForPrior: The prior cannot be loaded on `device`.
    """
    from ddrm_core.export.replay import (
        assumption_from_record,
        check_recorded_prior,
        read_run_record,
    )

    record = read_run_record(path)
    settings = record.sampler.with_loaded_parameters(path)  # a record loads no plug-in
    prior_name = None if record.prior == prior_cache.bundled_prior_name else record.prior
    missing_prior = None if prior_name is None or is_prior_imported(prior_name) else prior_name
    prior_mismatch = None
    if missing_prior is None:
        try:
            check_recorded_prior(record, prior_cache.load(device, prior_name), path)
        except PriorMismatch as error:
            prior_mismatch = error
    return RecordedSettings(
        path,
        settings,
        record.seed,
        assumption_from_record(record, source),
        prior_mismatch,
        prior_name,
        missing_prior,
    )
