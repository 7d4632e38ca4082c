"""Results archived while another result is displayed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from app.imaging.mipmap_image import MipmapImage
from app.jobs.compare.compose_image import ImagePlacement, compose_stored_image
from app.jobs.document.open import Document
from app.jobs.export.save import SavedFile, save_image
from app.jobs.run.restore import StepEstimate
from app.jobs.run.result import (
    FullImageBuffer,
    RunResult,
    blend_mean_with_sample,
    build_result,
    with_spread_and_thumbnails,
)
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength, StrengthBlender
from app.jobs.storage.array_store import ArrayStore, StoredArray

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.device.execution_limits import MemoryFallback
    from ddrm_core.export.settings import ExportSettings
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.restore import Restoration
    from ddrm_core.restoration.run import Run
    from ddrm_core.verification.consistency import Consistency


@dataclass(frozen=True, slots=True, eq=False)
class ArchivedResult:
    """The data from which a `RunResult` is built again, with its arrays in the array store.

    Attributes:
        run: The run, without the prior's weights.
        mean: Mean of the samples: (n, h, w) in gray levels.
        samples: Samples, see `RunResult`.
        spread: Spread, see `RunResult`.
        thumbnails: Thumbnails, see `RunResult`.
        consistency: Consistency of the mean, see `Restoration`.
        evaluation_count: Evaluations of the prior.
        complete: Whether the run ended; False for the estimate of a stopped run.
        seconds: Wall time of the run.
        fallbacks: Memory fallbacks of the run.
    """

    run: Run[MeasuredImage]
    mean: StoredArray
    samples: tuple[StoredArray, ...]
    spread: StoredArray | None
    thumbnails: tuple[QImage, ...]
    consistency: Consistency
    evaluation_count: int
    complete: bool
    seconds: float
    fallbacks: tuple[MemoryFallback, ...]

    @property
    def stored_arrays(self) -> tuple[StoredArray, ...]:
        """All arrays of the result in the array store: mean, samples and spread."""
        spread = () if self.spread is None else (self.spread,)
        return (self.mean, *self.samples, *spread)

    @property
    def is_over_budget(self) -> bool:
        """Whether the mean is too large for the array store.

        The mean then stays in memory until the result is saved or discarded.
        """
        return self.mean.is_over_budget

    @property
    def is_lost(self) -> bool:
        """Whether at least one of the arrays is lost."""
        return any(stored.loss is not None for stored in self.stored_arrays)

    def set_evictable(self, *, evictable: bool) -> None:
        """Set whether the store may remove the arrays when newer arrays need the space."""
        for stored in self.stored_arrays:
            stored.is_evictable = evictable


def archive_result(result: RunResult, array_store: ArrayStore) -> ArchivedResult:
    """Move a result to the array store.

    If the store has no space, the mean stays in memory over budget.
    """
    return _archive_restoration(
        result.restoration, array_store, result.samples, result.spread, result.thumbnails
    )


def archive_estimate(estimate: StepEstimate, array_store: ArrayStore) -> ArchivedResult:
    """Make a result of a run that was stopped at `estimate`, and move it to the array store.

    Raises the errors of `restoration_from_step`.
    """
    from ddrm_core.restoration.restore import restoration_from_step

    return _archive_restoration(
        restoration_from_step(estimate.run, estimate.step, seconds=estimate.elapsed_seconds),
        array_store,
    )


def _archive_restoration(
    restoration: Restoration[MeasuredImage],
    array_store: ArrayStore,
    samples: tuple[StoredArray, ...] = (),
    spread: StoredArray | None = None,
    thumbnails: tuple[QImage, ...] = (),
) -> ArchivedResult:
    mean = StoredArray(restoration.image.cpu().numpy())
    array_store.admit(mean)
    return ArchivedResult(
        replace(restoration.run, prior=restoration.run.prior.copy_without_weights()),
        mean,
        samples,
        spread,
        thumbnails,
        restoration.consistency,
        restoration.evaluation_count,
        restoration.complete,
        restoration.seconds,
        restoration.fallbacks,
    )


def load_archived_result(
    archived: ArchivedResult,
    sharpness: float,
    sample_number: int,
    strength: ResultStrength = FULL_STRENGTH,
) -> RunResult:
    """Build the result from its archived arrays.

    Args:
        archived: The archived result.
        sharpness: Position between the mean (0) and the sample (1).
        sample_number: Number of the sample, from 1.
        strength: Strength and kept areas.

    Raises:
        UnreadableFile, OutOfMemory: See `build_result`.
    """
    full_image_buffer = FullImageBuffer(archived.run)
    result = build_result(
        _restoration_from_archive(archived),
        sharpness,
        full_image_buffer,
        sample_number=sample_number,
        samples=archived.samples,
        strength=strength,
    )
    return with_spread_and_thumbnails(result, archived.spread, archived.thumbnails)


def export_archived_result(
    archived: ArchivedResult,
    path: Path,
    settings: ExportSettings,
    *,
    keep_date: bool = True,
    overwrite: bool = False,
) -> SavedFile:
    """Write an archived result to a file.

    Args:
        archived: The archived result.
        path: Path of the file.
        settings: Export settings.
        keep_date: Whether the file gets the modification time of the source.
        overwrite: Whether an existing file is replaced. If not, the first free path of
            `iterate_numbered_paths` is written.

    Raises:
        UnreadableFile: See `StoredArray.load` and `save_result_image`.
        OutputIsInput, UnwritableOutput, UnsupportedFormat, InvalidSetting: See
            `save_result_image`.
    """
    restoration = _restoration_from_archive(archived)
    image = blend_mean_with_sample(
        restoration.image, archived.samples, settings.sharpness, settings.sample
    )
    return save_image(restoration, image, path, settings, keep_date=keep_date, overwrite=overwrite)


def _restoration_from_archive(archived: ArchivedResult) -> Restoration[MeasuredImage]:
    import torch

    from ddrm_core.restoration.restore import Restoration

    return Restoration(
        run=archived.run,
        image=torch.from_numpy(archived.mean.load()),
        spread=None,
        samples=(),
        consistency=archived.consistency,
        evaluation_count=archived.evaluation_count,
        complete=archived.complete,
        seconds=archived.seconds,
        fallbacks=archived.fallbacks,
    )


def compose_result_image(
    archived: ArchivedResult,
    sharpness: float,
    sample_number: int,
    document: Document,
    *,
    strength: ResultStrength = FULL_STRENGTH,
) -> MipmapImage:
    """Return an archived result as an image for the screen.

    Around a region, the image shows the pixels of the file.

    Args:
        archived: The archived result.
        sharpness: Position between the mean (0) and the sample (1).
        sample_number: Number of the sample, from 1.
        document: Document of the run's file.
        strength: Strength and kept areas.

    Raises:
        UnreadableFile: See `StoredArray.load`.
        OutOfMemory: See `StrengthBlender.apply`.
    """
    import torch

    mean = torch.from_numpy(archived.mean.load())
    image = blend_mean_with_sample(mean, archived.samples, sharpness, sample_number)
    image = StrengthBlender(archived.run).apply(image, strength)
    return compose_stored_image(
        StoredArray(image.numpy()), ImagePlacement(document, archived.run.region)
    )
