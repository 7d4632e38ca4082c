"""The expected time and disk space of a plan, printed by `--dry-run`."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.cli.console import print_summary
from app.cli.options.shared import RunOptions
from app.cli.run.cost_estimate import ImageShape, estimate_recorded_seconds
from app.cli.run_events import EventFile, Failure, write_plan_end, write_planned
from app.config.prior_locations import create_prior_library, existing_ancestor, find_prior_file
from app.i18n.formatting import format_approximate_duration, format_approximate_size
from ddrm_core.batch.dry_run.outcome import PlannedAction, PlannedOutcome
from ddrm_core.batch.dry_run.result_sizes import estimate_result_bytes
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.device.selection import choose_device
from ddrm_core.export.settings import DEFAULT_EXPORT_SETTINGS, ExportSettings
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.prior.denoiser import PriorInfo
from ddrm_core.problems.protocols import MeasuredImage
from ddrm_core.sampler.settings import PRESETS, Preset, SamplerSettings


@dataclass(frozen=True, slots=True)
class PlanContext:
    """The prior and the device of a plan, of which nothing is loaded.

    Attributes:
        prior_info: Description of the prior.
        device_kind: Kind of the device: cpu, cuda or mps.
    """

    prior_info: PriorInfo
    device_kind: str

    def estimate_seconds(
        self, shapes: Sequence[ImageShape], settings: SamplerSettings
    ) -> float | None:
        """Return the expected wall time of runs in seconds, None if the speed is not known."""
        return estimate_recorded_seconds(shapes, self.prior_info.name, self.device_kind, settings)


def create_plan_context(prior_name: str, run_options: RunOptions) -> PlanContext:
    """Return the context of a plan after applying the limits of the computation.

    Raises:
        UnknownDevice: If this machine does not have the device.
        CoreError: If the prior does not exist, or its file cannot be read.
    """
    device = choose_device(run_options.device)
    run_options.compute.apply()
    find_prior_file(prior_name)
    return PlanContext(create_prior_library().read_info(prior_name), device.type)


def print_plan_end(
    counts: Counter[PlannedAction], seconds: float | None, result_bytes: int, output: Path
) -> None:
    """Print the expected time and disk space of a plan, as an event and as text.

    Args:
        counts: Number of files by action.
        seconds: Expected wall time in seconds, None if it is not known.
        result_bytes: Expected size of all results.
        output: Path of the result, or folder of the results.
    """
    free_bytes = None
    if not isinstance(output, ObjectPath):
        free_bytes = shutil.disk_usage(existing_ancestor(output)).free
    write_plan_end(counts, seconds, result_bytes, free_bytes)
    if counts[PlannedAction.RESTORE]:
        time = (
            "The time is known after the first run with this prior on images of this size"
            if seconds is None
            else f"This takes about {format_approximate_duration(seconds)}"
        )
        space = ""
        if free_bytes is not None:
            scarcity = ", which is not enough" if result_bytes > free_bytes else ""
            space = f", and {format_approximate_size(free_bytes)} are free{scarcity}"
        size = format_approximate_size(result_bytes)
        print_summary(f"{time}; the results have about {size}{space}.")
    print_summary("Nothing was written.")


class RestorePlan:
    """The plan of the images of `restore`, printed image by image."""

    def __init__(self) -> None:
        self._counts: Counter[PlannedAction] = Counter()
        self._outcomes: list[PlannedOutcome] = []
        self._shapes: list[ImageShape] = []  # whole images or regions
        self._settings, self._export = PRESETS[Preset.BALANCED], DEFAULT_EXPORT_SETTINGS

    def add_image(
        self,
        file: EventFile,
        image: MeasuredImage,
        region: Rectangle | None,
        result_path: Path,
        settings: SamplerSettings,
        export: ExportSettings,
    ) -> None:
        """Print that an image would be restored.

        Args:
            file: Number and name of the image.
            image: Content of the file.
            region: Region that would be restored, None for the whole image.
            result_path: Path of the result, which was validated.
            settings: Sampler settings, those of all images.
            export: Export settings, those of all images.
        """
        self._settings, self._export = settings, export
        action = PlannedAction.RESTORE
        planned = PlannedFile(image.path, result_path)
        outcome = PlannedOutcome(planned, action, result_path, image.size, image.channels)
        size = image.size if region is None else (region.width, region.height)
        self._outcomes.append(outcome)
        self._shapes.append(ImageShape(size, image.channels))
        self._counts[action] += 1
        write_planned(file, action, result_path)
        print_summary(f"{file.name}: restore to {result_path}")

    def add_failure(self, file: EventFile, failure: Failure) -> None:
        """Print the event of an image that would fail."""
        self._counts[PlannedAction.FAIL] += 1
        write_planned(file, PlannedAction.FAIL, None, failure)

    def print_end(self, context: PlanContext | None, output: Path) -> None:
        """Print the expected time and disk space.

        Args:
            context: Prior and device, None if no image would be restored.
            output: Folder or path of a result.
        """
        image_pixels = sum(ImageShape(o.size, o.channels).pixel_count for o in self._outcomes)
        restored_pixels = sum(shape.pixel_count for shape in self._shapes)
        result_bytes = estimate_result_bytes(self._outcomes, self._export)
        if image_pixels:
            result_bytes = round(result_bytes * restored_pixels / image_pixels)
        seconds = (
            None if context is None else context.estimate_seconds(self._shapes, self._settings)
        )
        print_plan_end(self._counts, seconds, result_bytes, output)
