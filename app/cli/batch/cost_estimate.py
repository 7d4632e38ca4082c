"""The expected time and memory of a batch, printed on a terminal before the batch starts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.cli.console import print_note
from app.cli.run.cost_estimate import (
    MIN_RECORDED_SECONDS,
    ImageShape,
    estimate_recorded_seconds,
    format_estimate,
    format_file_count,
    is_estimate_wanted,
    record_batch_throughput,
)
from app.i18n.formatting import format_approximate_duration
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.selection.compression_facts import compression_facts_from_header
from ddrm_core.batch.selection.select_file import select_file
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.device.selection import choose_device
from ddrm_core.errors import CoreError
from ddrm_core.jpeg.header import JpegHeader, read_header
from ddrm_core.performance.cost_estimate import create_placeholder_image
from ddrm_core.prior.denoiser import Prior
from ddrm_core.problems.protocols import MeasuredImage
from ddrm_core.restoration.run import Run, create_jpeg_run

# Reading the headers of thousands of files would delay the batch.
_MAX_READ_FILES = 100


@dataclass(slots=True)
class BatchCostEstimator:
    """An estimator of the time and memory of a batch, which also records its throughput.

    Attributes:
        settings: Settings of the batch.
        manifest: Manifest of the folder of the results.
    """

    settings: BatchSettings
    manifest: Manifest
    _seconds_by_source: dict[Path, float] = field(default_factory=dict, init=False)

    def print_estimate(self, files: Sequence[PlannedFile], prior: Prior) -> None:
        """Print the expected time and memory on a terminal, nothing elsewhere.

        A file whose planned target is a result of an earlier batch counts as done. A JPEG that its
        own tables do not select is not counted, since it takes hardly any time.
        """
        shapes = self._list_pending(files) if is_estimate_wanted() else []
        if shapes:
            run = self._create_run(shapes, prior)
            print_note(format_estimate(format_file_count(len(shapes)), shapes, run))

    def print_recorded_estimate(
        self, files: Sequence[PlannedFile], prior_name: str, device_name: str
    ) -> None:
        """Print the expected time of workers on a terminal, if the speed of the prior is recorded.

        Workers share the cores, so that they take about the time of one process. For other devices
        than the CPU, nothing is printed.

        Args:
            files: Planned files, counted as by `print_estimate`.
            prior_name: Name of the prior, which only the workers load.
            device_name: Device name for `choose_device`.
        """
        if not is_estimate_wanted():
            return
        device = choose_device(device_name).type
        shapes = self._list_pending(files) if device == "cpu" else []
        seconds = estimate_recorded_seconds(shapes, prior_name, device, self.settings.sampler)
        if shapes and seconds is not None:
            count = format_file_count(len(shapes))
            print_note(f"{count}: about {format_approximate_duration(seconds)} on {device}")

    def _list_pending(self, files: Sequence[PlannedFile]) -> list[ImageShape]:
        """Return the expected sizes of the images that are left to restore."""
        pending = [file for file in files if self.settings.redo or not self._is_done(file)]
        read_files = _choose_evenly(pending, _MAX_READ_FILES)
        headers = _read_headers([file.source for file in read_files])
        shapes = [_find_shape(header) for header in headers if self._is_selected(header)]
        if not shapes:
            return []
        # The files whose headers were not read count as the average of the others.
        other_count = len(headers) - len(shapes)
        count = len(pending) - round(len(pending) * other_count / len(read_files))
        return [shapes[index % len(shapes)] for index in range(count)]

    def _is_done(self, file: PlannedFile) -> bool:
        """Return whether a file has a result at its planned target."""
        return file.target.exists() and self.manifest.has_result(file.target)

    def add_outcome(self, outcome: FileOutcome) -> None:
        """Add the time of a file that was restored, unless its source is in an object store."""
        is_restored = outcome.state is FileState.DONE and outcome.copied_from is None
        if isinstance(outcome.file.source, ObjectPath):
            return
        if is_restored and len(self._seconds_by_source) < _MAX_READ_FILES:
            self._seconds_by_source[outcome.file.source] = outcome.seconds

    def record_throughput(self, prior: Prior) -> None:
        """Record the throughput of the restored files for later estimates."""
        if sum(self._seconds_by_source.values()) < MIN_RECORDED_SECONDS:
            return
        seconds_by_shape = [
            (_find_shape(header), seconds)
            for source, seconds in self._seconds_by_source.items()
            for header in _read_headers([source])
        ]
        if seconds_by_shape:
            run = self._create_run([shape for shape, _ in seconds_by_shape], prior)
            record_batch_throughput(seconds_by_shape, run)

    def _is_selected(self, header: JpegHeader) -> bool:
        facts = compression_facts_from_header(header)
        return facts.quality is None or select_file(facts, self.settings.selection).is_selected

    def _create_run(self, shapes: Sequence[ImageShape], prior: Prior) -> Run[MeasuredImage]:
        largest = max(shapes, key=lambda shape: shape.pixel_count)
        image = create_placeholder_image(Path(), largest.size, largest.channels)
        return create_jpeg_run(image, prior, self.settings.sampler, seed=self.settings.seed)


def _choose_evenly(files: Sequence[PlannedFile], count: int) -> Sequence[PlannedFile]:
    """Return at most `count` of the files, at equal distances."""
    if len(files) <= count:
        return files
    return [files[index * len(files) // count] for index in range(count)]


def _read_headers(sources: Sequence[Path]) -> list[JpegHeader]:
    """Return the headers of those files that are JPEGs with a readable header."""
    headers = []
    for source in sources:
        with suppress(CoreError):
            headers.append(read_header(source))
    return headers


def _find_shape(header: JpegHeader) -> ImageShape:
    return ImageShape((header.width, header.height), len(header.components))
