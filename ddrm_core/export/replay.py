"""A run made again from the record in its result."""

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

_HASH_DIGITS = 8  # of a hash, enough to tell priors apart


def read_run_record(path: Path) -> JpegRunRecord:
    """How the picture in a file was made.

    Raises:
        UnreadableFile, NotAPicture: See `load_image`.
        NoRecord: It does not say.
    """
    record = record_from_metadata(load_image(path).metadata)
    if record is None:
        raise NoRunRecord(path)
    return record


def record_from_metadata(metadata: Metadata) -> JpegRunRecord | None:
    """The record in a picture's metadata, None where there is none, or not a whole one."""
    properties = None if metadata.xmp is None else read_run_record_properties(metadata.xmp)
    return None if properties is None else parse_run_record(properties)


def region_from_record(record: JpegRunRecord) -> Rectangle | None:
    """The only pixels that a recorded run restored, None for all of them."""
    return None if record.region is None else Rectangle(*record.region)


def assumption_from_record(record: JpegRunRecord, source: SourceImage) -> CompressionAssumption:
    """What a recorded run took for granted; `source` is what it is made of again."""
    if record.quality_source == QualitySource.TABLES:
        return NO_ASSUMPTION
    sampling = None if isinstance(source, JpegImage) else record.sampling
    return CompressionAssumption(record.quality, record.grid, sampling)


def check_recorded_prior(record: JpegRunRecord, prior: Prior, path: Path) -> None:
    """Raises OtherPrior unless `prior` is the one of the record in `path`."""
    if prior.info.sha256 != record.prior_sha256:
        expected = f"{record.prior} {record.prior_sha256[:_HASH_DIGITS]}"
        raise PriorMismatch(path, expected, f"{prior.info.name} {prior.info.sha256[:_HASH_DIGITS]}")
