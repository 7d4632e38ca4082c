"""Evaluation of a plan: one row per image, quality factor and method."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from ddrm_core.cancel import CancelToken
from ddrm_core.device.out_of_memory import convert_memory_errors
from ddrm_core.errors import CoreError
from ddrm_core.evaluation.compression import (
    CompressedImage,
    compress_with_libjpeg,
    compress_with_paper_operator,
)
from ddrm_core.evaluation.decoders import DecoderFailed, DecoderOutput, run_decoder
from ddrm_core.evaluation.originals import load_original
from ddrm_core.evaluation.plan import (
    JPEG_METHOD,
    EvaluationPlan,
    PlannedMeasurement,
    RestorationMethod,
    plan_measurements,
)
from ddrm_core.evaluation.protocol import OperatorKind
from ddrm_core.evaluation.rows import EvaluationRow
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.jpeg.libjpeg.client import LibjpegError
from ddrm_core.metrics.lpips import MIN_SIDE_PX, LpipsMetric
from ddrm_core.metrics.psnr import Uint8Pixels, psnr
from ddrm_core.metrics.psnr_b import psnr_b
from ddrm_core.metrics.ssim import WINDOW_PX, ssim
from ddrm_core.problems.protocols import PixelTensor
from ddrm_core.restoration.executor import OutputSelection
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_run
from ddrm_core.restoration.step import RunStep

_CPU = torch.device("cpu")
_MEASUREMENT_ERRORS = (CoreError, DecoderFailed, LibjpegError)


@dataclass(frozen=True, slots=True, eq=False)
class MeasurementFinished:
    """The event that a measurement is finished: its row and the images that were compared.

    Attributes:
        measurement: The planned measurement.
        row: The measured row.
        original_pixels: Pixels that were compressed.
        decoded_pixels: Pixels of the compressed image as an ordinary decoder shows them.
        result_pixels: Pixels of the method's result.
    """

    measurement: PlannedMeasurement
    row: EvaluationRow
    original_pixels: Uint8Pixels
    decoded_pixels: Uint8Pixels
    result_pixels: Uint8Pixels


@dataclass(frozen=True, slots=True, eq=False)
class MeasurementProgressed:
    """The event that a restoration, which serves one or more measurements, has made a step.

    Attributes:
        measurement: One of the planned measurements that the run serves.
        step: Latest step of the run.
    """

    measurement: PlannedMeasurement
    step: RunStep


@dataclass(frozen=True, slots=True, eq=False)
class MeasurementsFailed:
    """The event that measurements have failed; the evaluation continues with the others.

    Attributes:
        image_path: Path of the original.
        measurements: Failed measurements; empty if the original could not be read.
        error: Cause: a CoreError, DecoderFailed or LibjpegError.
    """

    image_path: Path
    measurements: tuple[PlannedMeasurement, ...]
    error: Exception


EvaluationEvent = MeasurementFinished | MeasurementProgressed | MeasurementsFailed


@dataclass(frozen=True, slots=True, eq=False)
class _MethodOutput:
    """The image that one method made from a compressed original, and the wall time in seconds.

    `pixels` is the image rounded to 8 bits, `unrounded_image` the same image before rounding, None
    for methods that give 8 bits only.
    """

    pixels: Uint8Pixels
    unrounded_image: PixelTensor | None
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class _EvaluationCase:
    """One original, compressed at one quality factor."""

    plan: EvaluationPlan
    original_pixels: Uint8Pixels
    compressed: CompressedImage
    jpeg_path: Path


def evaluate_plan(
    plan: EvaluationPlan, is_wanted: Callable[[PlannedMeasurement], bool], token: CancelToken
) -> Generator[EvaluationEvent, None, None]:
    """Perform the measurements of a plan for which `is_wanted` is true; yield all events.

    One run gives two measurements: its first sample (S) and the mean of its samples (A). Both are
    performed if `is_wanted` is true for one of them.

    Raises:
        OperationCancelled: If `token` was cancelled.
    """
    for image_path in plan.image_paths:
        try:
            groups = [
                g
                for g in _group_by_run(plan, plan_measurements(plan, image_path))
                if any(map(is_wanted, g))
            ]
            pixels = load_original(image_path, plan.protocol, plan.operator) if groups else None
        except CoreError as error:
            yield MeasurementsFailed(image_path, (), error)
            continue
        for quality in plan.qualities:
            groups_at_quality = [group for group in groups if group[0].quality == quality]
            if groups_at_quality and pixels is not None:
                yield from _evaluate_at_quality(plan, groups_at_quality, pixels, token)


def _group_by_run(
    plan: EvaluationPlan, measurements: Iterable[PlannedMeasurement]
) -> list[list[PlannedMeasurement]]:
    """Group the measurements of one original by the computation that they need.

    The first sample and the mean of one run form a group; every other measurement is a group of
    its own.
    """
    mean_names = {restoration_method.mean_name for restoration_method in plan.restoration_methods}
    groups: list[list[PlannedMeasurement]] = []
    for measurement in measurements:
        if measurement.method_name in mean_names:  # its sample's measurement precedes it
            groups[-1].append(measurement)
        else:
            groups.append([measurement])
    return groups


def _evaluate_at_quality(
    plan: EvaluationPlan,
    groups: Sequence[Sequence[PlannedMeasurement]],
    pixels: Uint8Pixels,
    token: CancelToken,
) -> Iterator[EvaluationEvent]:
    """Compress an original at one quality factor and perform all measurements at this factor.

    Args:
        plan: Plan of the evaluation.
        groups: Groups of `_group_by_run`, all for the same original and quality factor.
        pixels: Pixels of the original.
        token: Cancel token.
    """
    image_path, quality = groups[0][0].image_path, groups[0][0].quality
    with tempfile.TemporaryDirectory(prefix="ddrm-evaluate-") as folder:
        jpeg_path = Path(folder, f"{image_path.stem}.jpg")
        device = plan.restoration_methods[0].prior.device if plan.restoration_methods else _CPU
        try:
            with convert_memory_errors(device, pixels.shape[1], pixels.shape[0]), torch.no_grad():
                if plan.operator is OperatorKind.DDRM_PAPER:
                    compressed = compress_with_paper_operator(pixels, quality, image_path, device)
                else:
                    compressed = compress_with_libjpeg(pixels, quality, jpeg_path, device)
        except _MEASUREMENT_ERRORS as error:
            yield MeasurementsFailed(image_path, tuple(e for group in groups for e in group), error)
            return
        case = _EvaluationCase(plan, pixels, compressed, jpeg_path)
        for group in groups:
            token.raise_if_cancelled()
            try:
                yield from _measure_group(case, group, token)
            except _MEASUREMENT_ERRORS as error:
                yield MeasurementsFailed(image_path, tuple(group), error)


def _measure_group(
    case: _EvaluationCase, group: Sequence[PlannedMeasurement], token: CancelToken
) -> Iterator[EvaluationEvent]:
    """Perform the measurements of one group of `_group_by_run` and yield their events."""
    plan, method_name = case.plan, group[0].method_name
    results: tuple[_MethodOutput, ...]
    if method_name == JPEG_METHOD:
        results = (
            _MethodOutput(case.compressed.decoded_pixels, None, case.compressed.decode_seconds),
        )
    elif restoration_method := next(
        (r for r in plan.restoration_methods if r.sample_name == method_name), None
    ):
        results = yield from _restore_case(case, restoration_method, group[0], token)
    else:
        decoder = next(d for d in plan.decoders if d.name == method_name)
        decoded: DecoderOutput = run_decoder(decoder, case.jpeg_path, case.original_pixels)
        results = (_MethodOutput(decoded.pixels, None, decoded.seconds),)
    for measurement, result in zip(group, results, strict=True):
        with convert_memory_errors(
            _CPU, case.original_pixels.shape[1], case.original_pixels.shape[0]
        ):
            row = _build_evaluation_row(case, measurement, result)
        yield MeasurementFinished(
            measurement, row, case.original_pixels, case.compressed.decoded_pixels, result.pixels
        )


def _restore_case(
    case: _EvaluationCase,
    restoration_method: RestorationMethod,
    measurement: PlannedMeasurement,
    token: CancelToken,
) -> Generator[EvaluationEvent, None, tuple[_MethodOutput, ...]]:
    """Restore a compressed original; return the first sample and the mean of all samples."""
    problem, settings = case.compressed.problem, restoration_method.sampler_settings
    run = create_run(problem, restoration_method.prior, settings, seed=case.plan.seed)
    steps = restore(run, token, OutputSelection(includes_spread=False, sample_count=1))
    for step in steps:
        yield MeasurementProgressed(measurement, step)
    result = steps.result
    sample = result.samples[0]
    return (
        _MethodOutput(to_uint8(sample), sample, result.seconds / settings.samples),
        _MethodOutput(to_uint8(result.image), result.image, result.seconds),
    )


@torch.no_grad()
def _build_evaluation_row(
    case: _EvaluationCase, measurement: PlannedMeasurement, result: _MethodOutput
) -> EvaluationRow:
    original_pixels, pixels, problem = case.original_pixels, result.pixels, case.compressed.problem
    height, width = original_pixels.shape[:2]
    planes = pixels if pixels.ndim == 3 else pixels[:, :, None]
    rounded_image = torch.from_numpy(planes.copy()).permute(2, 0, 1).float()
    unrounded_image = result.unrounded_image
    return EvaluationRow(
        key=measurement.key,
        image=measurement.image_path.name,
        quality=measurement.quality,
        method=measurement.method_name,
        width=width,
        height=height,
        bits_per_pixel=case.compressed.bits_per_pixel,
        seconds=result.seconds,
        psnr=psnr(pixels, original_pixels),
        ssim=ssim(pixels, original_pixels) if min(height, width) >= WINDOW_PX else None,
        psnr_b=psnr_b(pixels, original_pixels),
        lpips=_compute_lpips(case.plan.lpips, pixels, original_pixels),
        consistency=problem.verify(rounded_image).consistency.inside_fraction,
        consistency_unrounded=None
        if unrounded_image is None
        else problem.verify(unrounded_image).consistency.inside_fraction,
    )


def _compute_lpips(
    lpips: LpipsMetric | None, pixels: Uint8Pixels, original_pixels: Uint8Pixels
) -> float | None:
    if lpips is None or min(original_pixels.shape[:2]) < MIN_SIDE_PX:
        return None
    return lpips(pixels, original_pixels)
