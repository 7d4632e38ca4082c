"""Benchmark of a prior: time by section, throughput of the network and peak memory."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import prod, sqrt
from pathlib import Path
from typing import Generic

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from ddrm_core.cancel import CancelToken
from ddrm_core.device.profiler import Profiler
from ddrm_core.errors import InvalidSetting
from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metrics.psnr import Uint8Pixels
from ddrm_core.performance.device_peaks import DevicePeaks, find_synchronizer, measure_peaks
from ddrm_core.prior.architectures.architecture import Network
from ddrm_core.prior.architectures.operation_count import count_macs
from ddrm_core.prior.denoiser import Prior
from ddrm_core.problems.protocols import ImageT
from ddrm_core.restoration.executor import OutputSelection
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import Run, create_jpeg_run
from ddrm_core.restoration.step import RunStep
from ddrm_core.sampler.settings import SamplerSettings

TIMED_SECTIONS = ("prior", "tiling", "correction", "noise", "conversion")
OTHER_SECTION = "the rest"
MEGAPIXEL_RANGE = (0.001, MAX_PIXELS / 1e6)
"""Smallest and largest size of a benchmark's image in megapixels."""
_WARM_UP_MEGAPIXELS = 0.1
_ASPECT_RATIO = 3 / 2  # aspect ratio of most cameras
# Side of the repeated texture: small, so that nearly all memory of the process is the run's.
_TEXTURE_SIDE_PX = 512
_JPEG_QUALITY, _PILLOW_SUBSAMPLING_420 = 10, 2  # Pillow's number for 4:2:0


@dataclass(frozen=True, slots=True)
class NetworkStatistics:
    """The amount of work of the network in a run, and the throughput.

    Attributes:
        macs_per_pixel: Multiply-accumulates per evaluated pixel, without element-wise operations.
        pixels: Number of pixels that the network evaluated in all steps, including the margins and
            padding of tiles.
        useful_share: Share of these pixels that are not in margins or padding.
        gflops: Throughput over all evaluated pixels in 10^9 operations per second; a
            multiply-accumulate is two operations.
    """

    macs_per_pixel: float
    pixels: int
    useful_share: float
    gflops: float


@dataclass(frozen=True, slots=True)
class BenchmarkResult:
    """The measurements of one run in a benchmark.

    Attributes:
        device: Name of the device, followed by its model if that is known.
        threads: Number of CPU threads that torch uses.
        precision: Precision of the network's convolutions.
        torch: Version of torch.
        image_size: Width and height in pixels.
        evaluations: Number of evaluations of the prior.
        seconds: Wall time of the run, without reading the file.
        section_seconds: Seconds by `TIMED_SECTIONS` and `OTHER_SECTION`; `seconds` is their sum.
        work: Amount of work of the network.
        peaks: Peak throughput of the device, for comparison with that of the network.
        peak_memory_mib: Peak memory in MiB: on CUDA, torch's memory on the device; else the
            process's memory up to the end of the run. None if the system does not report peak
            memory.
    """

    device: str
    threads: int
    precision: str
    torch: str
    image_size: tuple[int, int]
    evaluations: int
    seconds: float
    section_seconds: dict[str, float]
    work: NetworkStatistics
    peaks: DevicePeaks
    peak_memory_mib: float | None

    @property
    def seconds_per_evaluation(self) -> float:
        return self.seconds / self.evaluations

    @property
    def seconds_per_megapixel(self) -> float:
        """Wall time in seconds, divided by megapixels of the image and evaluations of the prior."""
        return self.seconds_per_evaluation / (prod(self.image_size) / 1e6)


class BenchmarkRecorder(Generic[ImageT]):
    """A recorder that measures the wall time, memory and network work of one run.

    Callers iterate over `record_steps` to its end and then call `build_result`.
    """

    def __init__(self, run: Run[ImageT]) -> None:
        self._run = run
        self._profiler = Profiler(find_synchronizer(run.prior.device))
        self._network_calls: list[_NetworkCall] = []
        self._peak_memory_mib: float | None = None

    def record_steps(self, token: CancelToken) -> Generator[RunStep, None, Restoration[ImageT]]:
        """Restore the run's image; yield and measure every step.

        The time that the caller takes between two steps is not counted.
        """
        device = self._run.prior.device
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)
        with _record_network_calls(self._run.prior, self._network_calls):
            # Outputs that `restore` keeps by default.
            steps = restore(
                self._run, token, OutputSelection(includes_spread=False), self._profiler
            )
            while (step := self._next_step(steps)) is not None:
                yield step
            self._peak_memory_mib = read_peak_memory_mib(device)
            return steps.result

    def _next_step(self, steps: Iterator[RunStep]) -> RunStep | None:
        with self._profiler.measure_section(OTHER_SECTION):
            return next(steps, None)

    def build_result(self) -> BenchmarkResult:
        """Return the measurements of the finished run.

        The call also measures the device's peak throughput, which takes some seconds.
        """
        prior, seconds = self._run.prior, self._profiler.seconds_by_section
        return BenchmarkResult(
            device=format_device_name(prior.device),
            threads=torch.get_num_threads(),
            precision=str(prior.precision).removeprefix("torch."),
            torch=torch.__version__,
            image_size=self._run.image.size,
            evaluations=self._run.settings.evaluation_count,
            seconds=sum(seconds.values()),
            section_seconds={
                name: seconds.get(name, 0.0) for name in (*TIMED_SECTIONS, OTHER_SECTION)
            },
            work=self._build_network_statistics(),
            peaks=measure_peaks(prior, max((c.input_shape for c in self._network_calls), key=prod)),
            peak_memory_mib=self._peak_memory_mib,
        )

    def _build_network_statistics(self) -> NetworkStatistics:
        run = self._run
        seen_pixels = macs = 0
        for call, times in Counter(self._network_calls).items():
            count, _, height, width = call.input_shape
            seen_pixels += times * count * height * width
            macs += times * count * count_macs(call.network, height, width)
        requested_pixels = prod(run.image.size) * run.settings.evaluation_count
        gflops = 2e-9 * macs / self._profiler.seconds_by_section["prior"]
        return NetworkStatistics(
            macs / seen_pixels, seen_pixels, requested_pixels / seen_pixels, gflops
        )


def check_megapixels(megapixels: float) -> None:
    """Raise InvalidSetting if `megapixels`, the size of a benchmark's image, is out of range."""
    low, high = MEGAPIXEL_RANGE
    if not low <= megapixels <= high:
        raise InvalidSetting("megapixels", megapixels, f"{low:g} to {high:g}")


def create_benchmark_run(
    prior: Prior, settings: SamplerSettings, megapixels: float
) -> Run[JpegImage]:
    """Create a run that restores a synthetic JPEG with the statistics of a photograph.

    Runs of the same size have the same JPEG.

    Raises:
        InvalidSetting: If the size or a setting is outside its limits.
    """
    check_megapixels(megapixels)
    width = round(sqrt(megapixels * 1e6 * _ASPECT_RATIO))
    height = round(megapixels * 1e6 / width)
    with tempfile.TemporaryDirectory() as folder:
        jpeg_path = Path(folder) / "picture.jpg"
        synthetic_image = Image.fromarray(create_synthetic_image(width, height))
        synthetic_image.save(jpeg_path, quality=_JPEG_QUALITY, subsampling=_PILLOW_SUBSAMPLING_420)
        image = read_jpeg(jpeg_path, max_pixels=width * height)
    return create_jpeg_run(image, prior, settings, seed=0)


def warm_up_prior(prior: Prior, settings: SamplerSettings, megapixels: float) -> None:
    """Restore a small image in one step, so that one-time work is done before a benchmark.

    The image is synthetic and has at most `megapixels` megapixels.
    """
    one_step_settings = replace(settings, steps=1, samples=1)
    run = create_benchmark_run(prior, one_step_settings, min(megapixels, _WARM_UP_MEGAPIXELS))
    restore(run, CancelToken()).drain()


def create_synthetic_image(width: int, height: int) -> Uint8Pixels:
    """Return RGB noise with the 1/f amplitude spectrum of photographs, always the same.

    The image repeats one square of noise.
    """
    side = _TEXTURE_SIDE_PX
    distance = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side))
    distance[0, 0] = np.inf
    white = np.random.default_rng(0).standard_normal((3, side, side))
    luma, *chroma = np.fft.irfft2(np.fft.rfft2(white) / distance, (side, side))
    texture = np.stack([luma + 0.3 * chroma[0], luma, luma + 0.3 * chroma[1]], axis=-1)
    texture = np.clip(128 + 50 * texture / texture.std(), 0, 255).astype(np.uint8)
    rows, columns = np.arange(height) % side, np.arange(width) % side
    return np.ascontiguousarray(texture[rows[:, None], columns])


@dataclass(frozen=True, slots=True)
class _NetworkCall:
    """An evaluation of a network: the network and its input's shape with margins and padding."""

    network: Network
    input_shape: torch.Size


@contextmanager
def _record_network_calls(prior: Prior, calls: list[_NetworkCall]) -> Iterator[None]:
    """Append every evaluation of a network in the with statement to a list."""

    def record_call(network: nn.Module, _inputs: object, output: Tensor) -> None:
        assert isinstance(network, Network)
        calls.append(_NetworkCall(network, output.shape))

    hooks = [network.register_forward_hook(record_call) for network in prior.networks]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def format_device_name(device: torch.device) -> str:
    """Return a device's name with its model if known, e.g. "cpu (AMD EPYC)"."""
    name: object = None
    if device.type == "cuda":
        name = torch.cuda.get_device_name(device)
    elif device.type == "cpu":
        name = torch.cpu.get_capabilities().get("cpu_name")
    return f"{device} ({name})" if name else str(device)


def read_peak_memory_mib(device: torch.device) -> float | None:
    """Return the peak memory so far in MiB, None if unknown; see `BenchmarkResult`."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**20
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 1 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
