"""Reading of run records, from which a run can be repeated."""

from __future__ import annotations

from pathlib import Path

from ddrm_core.errors import NoRunRecord, PriorMismatch
from ddrm_core.export.run_record import JpegRunRecord, parse_run_record
from ddrm_core.formats.load import load_image
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.metadata.model import Metadata
from ddrm_core.metadata.xmp import read_run_record_properties
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.assumption import NO_ASSUMPTION, CompressionAssumption
from ddrm_core.restoration.source import SourceImage

_HASH_DIGITS = 8  # first digits of a SHA-256, enough to distinguish priors in messages


def read_run_record(path: Path) -> JpegRunRecord:
    """Read the run record in the metadata of an image file.

    Raises:
        UnreadableFile, TooManyPixels, UnsupportedImage: See `load_image`.
        NoRunRecord: If the file has no valid run record.
    """
    record = record_from_metadata(load_image(path).metadata)
    if record is None:
        raise NoRunRecord(path)
    return record


def record_from_metadata(metadata: Metadata) -> JpegRunRecord | None:
    """Return the run record in the metadata of an image, None for a missing or invalid record."""
    properties = None if metadata.xmp is None else read_run_record_properties(metadata.xmp)
    return None if properties is None else parse_run_record(properties)


def region_from_record(record: JpegRunRecord) -> Rectangle | None:
    """Return the region that a recorded run restored, None for the whole image."""
    return None if record.region is None else Rectangle(*record.region)


def kept_areas_from_record(record: JpegRunRecord) -> tuple[Rectangle, ...]:
    """Return the areas that have the strength 0 in a recorded result."""
    return tuple(Rectangle(*area) for area in record.kept_areas or ())


def assumption_from_record(record: JpegRunRecord, source: SourceImage) -> CompressionAssumption:
    """Return the assumption about the compression under which a run is repeated.

    Args:
        record: Run record of the earlier run.
        source: Source image for the next run.
    """
    if record.quality_source == QualitySource.TABLES:
        return NO_ASSUMPTION
    sampling = None if isinstance(source, JpegImage) else record.sampling
    return CompressionAssumption(record.quality, record.grid, sampling)


def check_recorded_prior(record: JpegRunRecord, prior: Prior, path: Path) -> None:
    """Raise PriorMismatch if `prior` has another SHA-256 than the prior in a run record.

    `path` is the file with the run record, for the error.
    """
    if prior.info.sha256 != record.prior_sha256:
        expected = f"{record.prior} {record.prior_sha256[:_HASH_DIGITS]}"
        raise PriorMismatch(path, expected, f"{prior.info.name} {prior.info.sha256[:_HASH_DIGITS]}")
