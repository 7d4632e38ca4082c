"""Encoding of a result as a file: pixels, metadata of the source, and the run record."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch

from ddrm_core.allowed_values import AllowedValues, RefusedValue
from ddrm_core.errors import InvalidSetting, UnreadableFile
from ddrm_core.export.attachment_plan import AttachmentPlan, ResultPurpose, plan_attachments
from ddrm_core.export.result_content import ContentSpan, iterate_chunks, write_content
from ddrm_core.export.run_record import (
    DequantizeRecord,
    JpegRunRecord,
    RunRecord,
    run_record_to_properties,
)
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats import profiles
from ddrm_core.formats.capabilities import (
    SaveFormat,
    check_format,
    save_format_from_path,
)
from ddrm_core.formats.common import EncodedFile
from ddrm_core.formats.jpeg import replace_jpeg_metadata
from ddrm_core.formats.profiles import fit_color_profile
from ddrm_core.formats.save import encode_image
from ddrm_core.formats.suffixes import WRITABLE_JPEG_SUFFIXES
from ddrm_core.formats.thumbnail import encode_thumbnail
from ddrm_core.imaging.orientation import UPRIGHT_ORIENTATION, is_transposed
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.assumed_levels import pad_to_canvas
from ddrm_core.jpeg.header import format_chroma_sampling, parse_header, read_file_bytes
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.jpeg.libjpeg.client import LibjpegError, write_levels
from ddrm_core.jpeg.operator import create_jpeg_operator, levels_to_tensors
from ddrm_core.jpeg.reasons import ReadFailure
from ddrm_core.messages import Description, Message, Reason, tr_noop
from ddrm_core.metadata.exif import read_orientation
from ddrm_core.metadata.model import Metadata, PixelDensity
from ddrm_core.metadata.policy import filter_metadata, prepare_for_output
from ddrm_core.os_errors import describe_failure
from ddrm_core.problems.bit_depth.problem import BitDepthProblem
from ddrm_core.problems.jpeg import JpegProblem
from ddrm_core.problems.protocols import MeasuredImage, PixelTensor
from ddrm_core.program import PROGRAM_NAME, __version__
from ddrm_core.restoration.restore import Restoration
from ddrm_core.restoration.run import check_region
from ddrm_core.restoration.strength import apply_strength, measure_unrounded_consistency
from ddrm_core.restoration.verdict import Verdict, judge_result
from ddrm_core.sampler.corrections.registry import CORRECTIONS
from ddrm_core.verification.consistency import Consistency

_SOURCE_TABLES_SETTING = "A file with the source's own tables"
_REFUSED_LEVELS = {
    QualitySource.ASSUMED: RefusedValue.ASSUMED_LEVELS,
    QualitySource.ESTIMATED: RefusedValue.ESTIMATED_LEVELS,
}


class ExportNote(Reason):
    """A note that a result has other levels than its source."""

    OTHER_LEVELS = tr_noop("{differing:,} of {total:,} levels are not the file's own")


@dataclass(frozen=True, slots=True)
class EncodedResult:
    """The content of a result's file, with notes for the user and the consistency.

    Attributes:
        spans: Bytes of the image with its metadata, then those of its attachments.
        notes: Notes about metadata and attachments that the file does not contain, and about levels
            that differ from the source's.
        consistency: Share of the written image's coefficients, or pixel values for a bit depth
            problem, that are in the source's bins, 0 to 1.
        unrounded_consistency: Consistency of the image before rounding and clipping.
        verdict: Verdict on the written file.
    """

    spans: tuple[ContentSpan, ...]
    notes: tuple[Description, ...]
    consistency: float
    unrounded_consistency: Consistency
    verdict: Verdict

    @property
    def data(self) -> bytes:
        """All bytes of the file in memory.

        Raises:
            UnreadableFile: See `iterate_chunks`.
        """
        return b"".join(iterate_chunks(self.spans))

    def write_to(self, path: Path) -> None:
        """Write the file to `path`, which is replaced.

        Raises:
            UnreadableFile, OSError: See `write_content`.
        """
        write_content(self.spans, path)


def check_export(
    path: Path, source: MeasuredImage, settings: ExportSettings, region: Rectangle | None = None
) -> None:
    """Check before a long run whether `encode_result` can encode the result of the run.

    Args:
        path: Path of the file, whose suffix determines the format.
        source: Measured image of the run.
        settings: Export settings.
        region: Region of the source that the run restores, None for the whole image.

    Raises:
        UnsupportedFormat: If the format does not support such an image.
        InvalidSetting: If a kept area is not inside the image; if `same_levels` is set for another
            format than JPEG, with `bake_orientation`, for a region, or for a source that is no JPEG
            or whose levels are assumed or estimated.
    """
    for area in settings.kept_areas:
        check_region(area, source, name="keep")
    width, height = source.size if region is None else (region.width, region.height)
    check_format(path, bits=settings.bits, channels=source.channels, width=width, height=height)
    if settings.same_levels:
        if path.suffix.lower() not in WRITABLE_JPEG_SUFFIXES:
            raise InvalidSetting(_SOURCE_TABLES_SETTING, path.name, AllowedValues.JPEG_NAME)
        if not isinstance(source, JpegImage):
            raise InvalidSetting(
                _SOURCE_TABLES_SETTING, RefusedValue.PIXELS, AllowedValues.OWN_LEVELS
            )
        if source.quality_source is not QualitySource.TABLES:
            refused = _REFUSED_LEVELS[source.quality_source]
            raise InvalidSetting(_SOURCE_TABLES_SETTING, refused, AllowedValues.OWN_LEVELS)
        if region is not None:
            raise InvalidSetting(
                _SOURCE_TABLES_SETTING, RefusedValue.REGION, AllowedValues.WHOLE_IMAGE
            )
        if settings.bake_orientation:
            raise InvalidSetting(
                _SOURCE_TABLES_SETTING, RefusedValue.TURNED, AllowedValues.STORED_ORIENTATION
            )


def encode_result(
    result: Restoration[MeasuredImage], path: Path, settings: ExportSettings
) -> EncodedResult:
    """Encode a result with metadata and run record, in the format of the suffix of `path`.

    Raises the errors of `check_export` and `Restoration.image_at_sharpness`. With `same_levels`,
    UnreadableFile, NotAJpeg or DamagedJpeg is raised if the source cannot be read again.
    """
    return encode_result_image(
        result, result.image_at_sharpness(settings.sharpness, settings.sample), path, settings
    )


@torch.no_grad()
def encode_result_image(
    result: Restoration[MeasuredImage],
    result_image: PixelTensor,
    path: Path,
    settings: ExportSettings,
) -> EncodedResult:
    """Encode an image of a result, such as one sample, with metadata and run record.

    The image is blended with the file at the strength of the settings. Raises the errors of
    `encode_result`, except InvalidSetting for the sharpness.
    """
    source = result.run.image
    check_export(path, source, settings, result.run.region)
    result_image = apply_strength(result.run, result_image, settings.strength, settings.kept_areas)
    save_format = save_format_from_path(path)
    is_upright = must_be_upright(save_format, settings)
    baked_orientation = (
        read_metadata_orientation(source.metadata) if is_upright else UPRIGHT_ORIENTATION
    )
    record = build_run_record(result, result_image, settings, baked_orientation=baked_orientation)
    is_turned = baked_orientation != UPRIGHT_ORIENTATION
    plan = plan_result_attachments(result, path, settings, is_turned=is_turned)
    metadata, filter_notes = filter_metadata(plan.metadata, settings.policy)
    height, width = result_image.shape[1:]
    metadata, metadata_notes = prepare_for_output(
        metadata,
        is_orientation_baked=is_upright,
        thumbnail=encode_thumbnail(result_image, orientation=baked_orientation),
        software=f"{PROGRAM_NAME} {__version__}",
        record_properties=run_record_to_properties(record),
        new_size=(height, width) if is_transposed(baked_orientation) else (width, height),
        is_cropped=result.run.region is not None,
    )
    if is_transposed(baked_orientation) and metadata.density is not None:
        x, y, unit = metadata.density.x, metadata.density.y, metadata.density.unit
        metadata = replace(metadata, density=PixelDensity(y, x, unit))
    metadata = replace(metadata, others=(*metadata.others, *plan.segments))
    if settings.same_levels and isinstance(source, JpegImage):
        encoded = _encode_with_source_tables(source, result_image, metadata)
    else:
        encoded = encode_image(
            result_image,
            path,
            bits=settings.bits,
            metadata=metadata,
            jpeg_quality=settings.jpeg_quality,
            orientation=baked_orientation,
        )
    notes = (*filter_notes, *metadata_notes, *encoded.warnings, *plan.notes)
    spans = (plan.place_mpf_images(encoded.data), *plan.spans)
    unrounded_consistency = measure_unrounded_consistency(result, result_image)
    is_lossy = save_format is SaveFormat.JPEG
    verdict = judge_result(result, unrounded_consistency, is_lossy=is_lossy)
    return EncodedResult(spans, notes, record.inside, unrounded_consistency, verdict)


def plan_result_attachments(
    result: Restoration[MeasuredImage], path: Path, settings: ExportSettings, *, is_turned: bool
) -> AttachmentPlan:
    """Return the plan for the attachments of a result's source, see `plan_attachments`.

    Args:
        result: Result of a run.
        path: Path of the file, which `check_export` accepts.
        settings: Export settings.
        is_turned: Whether the pixels in the file are turned by the EXIF orientation.

    Raises:
        UnreadableFile: If the source is needed and cannot be read.
    """
    source = result.run.image
    save_format = save_format_from_path(path)
    if save_format is None:
        raise ValueError("a path that `check_export` refuses")
    purpose = ResultPurpose(
        save_format, settings.policy, is_region=result.run.region is not None, is_turned=is_turned
    )
    header = source.header if isinstance(source, JpegImage) else None
    return plan_attachments(source.path, header, source.metadata, purpose)


def build_run_record(
    result: Restoration[MeasuredImage],
    result_image: PixelTensor,
    export_settings: ExportSettings,
    *,
    baked_orientation: int,
) -> RunRecord:
    """Return the run record for an exported image of a result.

    Args:
        result: Result of the run.
        result_image: Image that is exported, at the strength of the settings. The consistency in
            the record is that of its rounded pixels.
        export_settings: Export settings.
        baked_orientation: EXIF orientation that was applied to the pixels, 1 for none.
    """
    run = result.run
    consistency = run.problem.verify(
        result_image, run.region, bits=export_settings.bits
    ).consistency
    prior = run.prior
    common_record = RunRecord(
        program=PROGRAM_NAME,
        version=__version__,
        prior=prior.info.name,
        prior_sha256=prior.info.sha256,
        sampler=replace(run.settings, start=run.start),
        correction_origin=CORRECTIONS.format_origin(run.settings.correction),
        architecture_origin=prior.info.architecture_origin,
        sharpness=float(export_settings.sharpness),
        sample=export_settings.sample,
        strength=float(export_settings.strength),
        kept_areas=tuple(astuple(area) for area in export_settings.kept_areas) or None,
        complete=result.complete,
        seed=run.seed,
        device=str(prior.device),
        precision=str(prior.precision).removeprefix("torch."),
        inside=consistency.inside_fraction,
        exact=consistency.exact_fraction,
        baked_orientation=baked_orientation,
    )
    common_fields = {field.name: getattr(common_record, field.name) for field in fields(RunRecord)}
    match run.problem:
        case JpegProblem(image=image):
            return JpegRunRecord(
                **common_fields,
                quality=image.quality.factor if image.quality.is_exact else None,
                quality_source=image.quality_source.value,
                grid=(image.grid_left, image.grid_top),
                sampling=format_chroma_sampling(image.components),
                region=None if run.region is None else astuple(run.region),
            )
        case BitDepthProblem(image=image, operator=operator):
            return DequantizeRecord(
                **common_fields,
                bits_per_channel=image.bits,
                shown_as=operator.reconstruction_point.value,
            )
        case problem:
            raise TypeError(f"no run record for {type(problem).__name__}")


def must_be_upright(save_format: SaveFormat | None, settings: ExportSettings) -> bool:
    """Return whether a file's pixels are stored upright, by choice or for want of metadata."""
    return settings.bake_orientation or (
        save_format is not None and not save_format.capabilities.stores_orientation
    )


def read_metadata_orientation(metadata: Metadata) -> int:
    """Return the EXIF orientation of an image, 1 to 8; 1 without EXIF."""
    return UPRIGHT_ORIENTATION if metadata.exif is None else read_orientation(metadata.exif)


def _encode_with_source_tables(
    source: JpegImage, result_image: PixelTensor, metadata: Metadata
) -> EncodedFile:
    """Encode an image as a JPEG with the quantization tables and chroma sampling of the source.

    If levels of the encoded image differ from the source's, a warning gives their number.
    """
    operator = create_jpeg_operator(source)
    x = pad_to_canvas(operator, source, operator.color_model.from_pixels(result_image[None]))
    result_levels = operator.encode(x)
    source_levels = levels_to_tensors(source, torch.device("cpu"))
    differing = sum(int((a != b).sum()) for a, b in zip(result_levels, source_levels, strict=True))
    total = sum(k.numel() for k in source_levels)
    levels = [
        k[0].permute(1, 2, 0).unflatten(2, (8, 8)).numpy().astype(np.int16) for k in result_levels
    ]
    try:
        data = write_levels(_read_source_bytes(source), levels)
    except LibjpegError as error:
        raise UnreadableFile(source.path, describe_failure(error)) from error
    metadata, profile_notes = fit_color_profile(
        metadata, profiles.JPEG_RULES, channels=source.channels
    )
    encoded = replace_jpeg_metadata(data, metadata)
    note = Message(ExportNote.OTHER_LEVELS, {"differing": differing, "total": total})
    return EncodedFile(
        encoded.data, (*profile_notes, *encoded.warnings, *([note] if differing else []))
    )


def _read_source_bytes(source: JpegImage) -> bytes:
    """Read the bytes of a source file again and check that it still contains the same JPEG.

    Size, components and quantization tables must be those of `source`, because the levels would
    otherwise give another image.

    Raises:
        UnreadableFile: If the file cannot be read or has changed.
        NotAJpeg, DamagedJpeg: See `parse_header`.
    """
    data = read_file_bytes(source.path)
    header = parse_header(data, source.path)
    if (
        ((header.width, header.height), header.color_model_name)
        != (source.size, source.color_model_name)
        or header.components != source.components
        or not all(
            mine is not None and np.array_equal(mine, theirs)
            for mine, theirs in zip(
                header.component_tables, source.quantization_tables, strict=True
            )
        )
    ):
        raise UnreadableFile(source.path, ReadFailure.CHANGED)
    return data
