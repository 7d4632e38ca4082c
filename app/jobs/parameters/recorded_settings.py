"""Job that reads the settings in the run record of a saved result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.config.prior_locations import is_prior_installed
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength
from ddrm_core.errors import PriorMismatch
from ddrm_core.imaging.rectangle import Rectangle

if TYPE_CHECKING:  # these imports load torch, see `PriorCache`
    from ddrm_core.restoration.source import SourceImage


@dataclass(frozen=True, slots=True)
class RecordedSettings:
    """The settings that the run record of a result gives for the next run.

    Attributes:
        path: Result with the run record.
        settings: Settings of the recorded run, with the device of the next run.
        prior_mismatch: Error if another prior is installed under the recorded name, else None.
        missing_prior: Name of the recorded prior if it is not installed, else None.
        strength: Strength and kept areas of the result; the areas are inside the next image.
        omitted_area_count: Number of kept areas that are outside the next image.
    """

    path: Path
    settings: RestoreSettings
    prior_mismatch: PriorMismatch | None
    missing_prior: str | None = None
    strength: ResultStrength = FULL_STRENGTH
    omitted_area_count: int = 0


def read_recorded_settings(
    prior_cache: PriorCache, path: Path, source: SourceImage, device: str
) -> RecordedSettings:
    """Read a result's run record, and compare the recorded prior with the installed one.

    Args:
        prior_cache: Cache that loads the prior of the recorded name.
        path: Saved result.
        source: Content of the file that the settings are to be used for.
        device: Device name for `choose_device`.

    Raises:
        UnreadableFile, UnsupportedImage, NoRunRecord: See `read_run_record`.
        UnknownPlugin, UnusablePlugin: If the recorded correction is not loaded, or is of another
            version.
        UnknownDevice, InvalidPrior, InsufficientMemory: If the prior cannot be loaded on `device`.
    """
    from ddrm_core.export.replay import (
        assumption_from_record,
        check_recorded_prior,
        kept_areas_from_record,
        read_run_record,
    )

    record = read_run_record(path)
    sampler = record.sampler.with_loaded_parameters(path)  # reading a record loads no plug-in
    prior_name = None if record.prior == prior_cache.bundled_prior_name else record.prior
    missing_prior = None if prior_name is None or is_prior_installed(prior_name) else prior_name
    prior_mismatch = None
    if missing_prior is None:
        try:
            check_recorded_prior(record, prior_cache.load(device, prior_name), path)
        except PriorMismatch as error:
            prior_mismatch = error
    assumption = assumption_from_record(record, source)
    settings = RestoreSettings(sampler, record.seed, device, prior_name, assumption)
    image_rectangle, recorded_areas = Rectangle(0, 0, *source.size), kept_areas_from_record(record)
    areas = tuple(area.intersection(image_rectangle) for area in recorded_areas)
    kept_areas = tuple(area for area in areas if area.pixel_count)
    return RecordedSettings(
        path,
        settings,
        prior_mismatch,
        missing_prior,
        ResultStrength(record.strength, kept_areas),
        len(areas) - len(kept_areas),
    )
