"""The use case: a plan in; a row for each picture, quality factor and method out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from ddrm_core.cancel import CancelToken
from ddrm_core.device.out_of_memory import memory_for
from ddrm_core.errors import CoreError
from ddrm_core.evaluation.compression import Compressed, compress, compress_with_surrogate
from ddrm_core.evaluation.decoders import Decoded, DecoderFailed, decode_with
from ddrm_core.evaluation.originals import original
from ddrm_core.evaluation.plan import JPEG, Entry, Plan, Restoring, entries
from ddrm_core.evaluation.protocol import OperatorKind
from ddrm_core.evaluation.rows import Row
from ddrm_core.imaging.quantize_pixels import rounded
from ddrm_core.jpeg.libjpeg.client import ReaderFailed
from ddrm_core.metrics.lpips import SMALLEST_PX, Lpips
from ddrm_core.metrics.psnr import Pixels, psnr
from ddrm_core.metrics.psnr_b import psnr_b
from ddrm_core.metrics.ssim import WINDOW_PX, ssim
from ddrm_core.problems.protocols import Measured, Picture
from ddrm_core.restoration.executor import Wanted
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import capture
from ddrm_core.restoration.step import Step

_CPU = torch.device("cpu")
_FAILURES = (CoreError, DecoderFailed, ReaderFailed)


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A row, and the pictures it is about.

    Attributes:
        entry: What was wanted.
        row: What was measured.
        original: The pixels that were compressed.
        decoded: The compressed picture as decoded plainly.
        result: The method's.
    """

    entry: Entry
    row: Row
    original: Pixels
    decoded: Pixels
    result: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Sampling:
    """A run under way.

    Attributes:
        entry: One of those that the run is for.
        step: Where it is.
    """

    entry: Entry
    step: Step


@dataclass(frozen=True, slots=True, eq=False)
class Failed:
    """What could not be measured; all else goes on.

    Attributes:
        image: The original.
        entries: What is missing; none where not even the file could be read.
        error: Why: a CoreError, DecoderFailed or ReaderFailed.
    """

    image: Path
    entries: tuple[Entry, ...]
    error: Exception


Event = Scored | Sampling | Failed


@dataclass(frozen=True, slots=True, eq=False)
class _Measured:
    """What a method gave: a picture, the same unrounded where it has that, and its time."""

    pixels: Pixels
    unrounded: Picture | None
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """One original at one quality factor."""

    plan: Plan
    original: Pixels
    compressed: Compressed
    file: Path


def evaluate(
    plan: Plan, wanted: Callable[[Entry], bool], token: CancelToken
) -> Generator[Event, None, None]:
    """Measure what is wanted of a plan, picture by picture.

    Both rows of a run, S and A, are yielded where either is wanted.

    Raises:
        Cancelled: `token` was cancelled.
    """
    for image in plan.images:
        try:
            groups = [g for g in _groups(plan, entries(plan, image)) if any(map(wanted, g))]
            pixels = original(image, plan.protocol, plan.operator) if groups else None
        except CoreError as error:
            yield Failed(image, (), error)
            continue
        for quality in plan.qualities:
            here = [group for group in groups if group[0].quality == quality]
            if here and pixels is not None:
                yield from _evaluate_one(plan, here, pixels, token)


def _groups(plan: Plan, every: Iterable[Entry]) -> list[list[Entry]]:
    """Entries that are made together: a run gives its first sample and its mean."""
    means = {restoring.mean for restoring in plan.restorings}
    groups: list[list[Entry]] = []
    for entry in every:
        if entry.method in means:  # follows its sample
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups


def _evaluate_one(
    plan: Plan, groups: Sequence[Sequence[Entry]], pixels: Pixels, token: CancelToken
) -> Iterator[Event]:
    """Groups of one picture and one quality factor."""
    image, quality = groups[0][0].image, groups[0][0].quality
    with tempfile.TemporaryDirectory(prefix="ddrm-evaluate-") as folder:
        file = Path(folder, f"{image.stem}.jpg")
        device = plan.restorings[0].prior.device if plan.restorings else _CPU
        try:
            with memory_for(device, pixels.shape[1], pixels.shape[0]), torch.no_grad():
                if plan.operator is OperatorKind.SURROGATE:
                    compressed = compress_with_surrogate(pixels, quality, image, device)
                else:
                    compressed = compress(pixels, quality, file, device)
        except _FAILURES as error:
            yield Failed(image, tuple(e for group in groups for e in group), error)
            return
        case = _Case(plan, pixels, compressed, file)
        for group in groups:
            token.raise_if_cancelled()
            try:
                yield from _measure(case, group, token)
            except _FAILURES as error:
                yield Failed(image, tuple(group), error)


def _measure(case: _Case, group: Sequence[Entry], token: CancelToken) -> Iterator[Event]:
    """Rows of one group."""
    plan, name = case.plan, group[0].method
    results: tuple[_Measured, ...]
    if name == JPEG:
        results = (_Measured(case.compressed.decoded, None, case.compressed.seconds),)
    elif found := next((r for r in plan.restorings if r.sample == name), None):
        results = yield from _restored(case, found, group[0], token)
    else:
        decoder = next(d for d in plan.decoders if d.name == name)
        decoded: Decoded = decode_with(decoder, case.file, case.original)
        results = (_Measured(decoded.pixels, None, decoded.seconds),)
    for entry, result in zip(group, results, strict=True):
        with memory_for(_CPU, case.original.shape[1], case.original.shape[0]):
            row = _row(case, entry, result)
        yield Scored(entry, row, case.original, case.compressed.decoded, result.pixels)


def _restored(
    case: _Case, restoring: Restoring, entry: Entry, token: CancelToken
) -> Generator[Event, None, tuple[_Measured, ...]]:
    """The first sample, and the mean of all."""
    problem, settings = case.compressed.problem, restoring.settings
    run = capture(problem, restoring.prior, settings, seed=case.plan.seed)
    steps = restore(run, token, Wanted(spread=False, samples=1))
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            result: Restoration[Measured] = end.value
            break
        yield Sampling(entry, step)
    sample = result.samples[0]
    return (
        _Measured(rounded(sample), sample, result.seconds / settings.samples),
        _Measured(rounded(result.picture), result.picture, result.seconds),
    )


@torch.no_grad()
def _row(case: _Case, entry: Entry, result: _Measured) -> Row:
    truth, pixels, problem = case.original, result.pixels, case.compressed.problem
    height, width = truth.shape[:2]
    planes = pixels if pixels.ndim == 3 else pixels[:, :, None]
    as_saved = torch.from_numpy(planes.copy()).permute(2, 0, 1).float()
    exact = result.unrounded
    return Row(
        key=entry.key,
        image=entry.image.name,
        quality=entry.quality,
        method=entry.method,
        width=width,
        height=height,
        bits_per_pixel=case.compressed.bits_per_pixel,
        seconds=result.seconds,
        psnr=psnr(pixels, truth),
        ssim=ssim(pixels, truth) if min(height, width) >= WINDOW_PX else None,
        psnr_b=psnr_b(pixels, truth),
        lpips=_lpips(case.plan.lpips, pixels, truth),
        consistency=problem.verify(as_saved).consistency.inside,
        consistency_unrounded=None if exact is None else problem.verify(exact).consistency.inside,
    )


def _lpips(lpips: Lpips | None, pixels: Pixels, truth: Pixels) -> float | None:
    if lpips is None or min(truth.shape[:2]) < SMALLEST_PX:
        return None
    return lpips(pixels, truth)
