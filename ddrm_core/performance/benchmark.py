"""How fast a prior restores on this machine, where the time goes, and what it could be."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import prod, sqrt
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ddrm_core.cancel import CancelToken
from ddrm_core.device.profiler import Stopwatch
from ddrm_core.errors import InvalidSetting
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metrics.psnr import Pixels
from ddrm_core.performance.device_peaks import Peaks, finish_on, peaks_of
from ddrm_core.prior.denoiser import Prior
from ddrm_core.prior.networks.operation_count import macs_of
from ddrm_core.problems.protocols import AnyImage
from ddrm_core.restoration.executor import Wanted
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import Run, make_run
from ddrm_core.restoration.step import Step
from ddrm_core.sampler.settings import SamplerSettings

PARTS = ("prior", "tiling", "correction", "noise", "conversion")
REST = "the rest"
MEGAPIXELS = (0.001, 178.0)
"""The least and the most of a picture."""
_WARM_UP_MEGAPIXELS = 0.1
_ASPECT = 3 / 2  # as cameras have it
_TEXTURE = 512  # pixels of a side, repeated over the picture: memory is to be the run's own
_QUALITY, _HALVED_BOTH_WAYS = 10, 2  # Pillow's name for 4:2:0


@dataclass(frozen=True, slots=True)
class Work:
    """What the network did in a run.

    Attributes:
        macs_per_pixel: Multiply-accumulates, without what is done element by element.
        pixels: That it saw, those around windows and parts among them.
        useful_share: Of these pixels, those that were asked for.
        gflops: 10^9 operations a second, two per multiply-accumulate, over all pixels it saw.
    """

    macs_per_pixel: float
    pixels: int
    useful_share: float
    gflops: float


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A run, measured.

    Attributes:
        device: Where, with its name where that is known.
        threads: Of torch on the CPU.
        precision: Of the network's convolutions.
        torch: Its version.
        size: Width and height in pixels.
        evaluations: Of the prior.
        seconds: Wall time of the run, without reading the file.
        parts: Seconds by `PARTS` and `REST`; `seconds` is their sum.
        work: Of the network.
        peaks: To compare it with.
        peak_memory_mib: Of the process up to the run's end; on CUDA, of torch on the device. None
            where the system does not say.
    """

    device: str
    threads: int
    precision: str
    torch: str
    size: tuple[int, int]
    evaluations: int
    seconds: float
    parts: dict[str, float]
    work: Work
    peaks: Peaks
    peak_memory_mib: float | None

    @property
    def seconds_per_evaluation(self) -> float:
        return self.seconds / self.evaluations

    @property
    def seconds_per_megapixel(self) -> float:
        """And evaluation."""
        return self.seconds_per_evaluation / (prod(self.size) / 1e6)


class Measuring:
    """A run under the stopwatch: drain `steps`, then ask for `result`."""

    def __init__(self, run: Run[AnyImage]) -> None:
        self._run = run
        self._watch = Stopwatch(finish_on(run.prior.device))
        self._windows: list[torch.Size] = []
        self._memory_mib: float | None = None

    def steps(self, token: CancelToken) -> Generator[Step, None, Restoration[AnyImage]]:
        """Those of `restore`; what their receiver does between them is not counted."""
        device = self._run.prior.device
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(device)
        with _noted(self._run.prior, self._windows):
            # What `restore` keeps where nothing else is asked for.
            steps = restore(self._run, token, Wanted(spread=False), self._watch)
            while True:
                try:
                    with self._watch.timing(REST):
                        step = next(steps)
                except StopIteration as end:
                    self._memory_mib = peak_memory_mib(device)
                    result: Restoration[AnyImage] = end.value
                    return result
                yield step

    def result(self) -> Benchmark:
        """The measurements, with the peaks measured now, which takes some seconds."""
        prior, seconds = self._run.prior, self._watch.seconds
        return Benchmark(
            device=device_words(prior.device),
            threads=torch.get_num_threads(),
            precision=str(prior.precision).removeprefix("torch."),
            torch=torch.__version__,
            size=self._run.image.size,
            evaluations=self._run.settings.evaluations,
            seconds=sum(seconds.values()),
            parts={name: seconds.get(name, 0.0) for name in (*PARTS, REST)},
            work=self._work(),
            peaks=peaks_of(prior, max(self._windows, key=prod)),
            peak_memory_mib=self._memory_mib,
        )

    def _work(self) -> Work:
        run = self._run
        sizes = Counter(self._windows)
        seen = sum(times * prod(size) // size[1] for size, times in sizes.items())
        macs = sum(
            times * size[0] * macs_of(run.prior.network, *size[2:]) for size, times in sizes.items()
        )
        asked = prod(run.image.size) * run.settings.evaluations
        gflops = 2e-9 * macs / self._watch.seconds["prior"]
        return Work(macs / seen, seen, asked / seen, gflops)


def check_megapixels(megapixels: float) -> None:
    """Raises InvalidSetting unless a benchmark can have a picture of that size."""
    low, high = MEGAPIXELS
    if not low <= megapixels <= high:
        raise InvalidSetting("megapixels", megapixels, f"{low:g} to {high:g}")


def benchmark_run(prior: Prior, settings: SamplerSettings, megapixels: float) -> Run[JpegImage]:
    """The restoration of a photograph-like JPEG, always the same. Raises InvalidSetting."""
    check_megapixels(megapixels)
    width = round(sqrt(megapixels * 1e6 * _ASPECT))
    height = round(megapixels * 1e6 / width)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "picture.jpg"
        picture = Image.fromarray(synthetic_picture(width, height))
        picture.save(file, quality=_QUALITY, subsampling=_HALVED_BOTH_WAYS)
        image = read_jpeg(file, max_pixels=width * height)
    return make_run(image, prior, settings, seed=0)


def warm_up(prior: Prior, settings: SamplerSettings, megapixels: float) -> None:
    """One evaluation of a picture no larger than that: what is done once only is done then."""
    once = replace(settings, steps=1, samples=1)
    for _ in restore(
        benchmark_run(prior, once, min(megapixels, _WARM_UP_MEGAPIXELS)), CancelToken()
    ):
        pass


def synthetic_picture(width: int, height: int) -> Pixels:
    """RGB noise whose amplitudes fall with frequency as those of photographs do, repeated."""
    side = _TEXTURE
    distance = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side))
    distance[0, 0] = np.inf
    white = np.random.default_rng(0).standard_normal((3, side, side))
    luma, *chroma = np.fft.irfft2(np.fft.rfft2(white) / distance, (side, side))
    texture = np.stack([luma + 0.3 * chroma[0], luma, luma + 0.3 * chroma[1]], axis=-1)
    texture = np.clip(128 + 50 * texture / texture.std(), 0, 255).astype(np.uint8)
    rows, columns = np.arange(height) % side, np.arange(width) % side
    return np.ascontiguousarray(texture[rows[:, None], columns])


@contextmanager
def _noted(prior: Prior, windows: list[torch.Size]) -> Iterator[None]:
    """The shape of all that the network evaluates inside: as cut and padded, whoever did that."""

    def note(_module: object, _inputs: object, output: Tensor) -> None:
        windows.append(output.shape)

    hook = prior.network.register_forward_hook(note)
    try:
        yield
    finally:
        hook.remove()


def device_words(device: torch.device) -> str:
    """E.g. "cpu (AMD EPYC)"."""
    name: object = None
    if device.type == "cuda":
        name = torch.cuda.get_device_name(device)
    elif device.type == "cpu":
        name = torch.cpu.get_capabilities().get("cpu_name")
    return f"{device} ({name})" if name else str(device)


def peak_memory_mib(device: torch.device) -> float | None:
    """See `Benchmark`."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**20
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 1 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
