"""Where a run's time goes: the prior, the correction, the noise, and what is left.

    .venv/bin/python tests/measure/overhead.py [PICTURE] [--preset balanced] [--samples 1]

PICTURE is anything Pillow reads; without one, gradients of 768x512 stand in (the work is the same).
It is compressed at QF 10, 4:2:0. Nothing else should run on the machine.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from app.resources import BUNDLED_PRIOR
from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.coefficients import read_jpeg
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.prior.precision import choose_device
from ddrm_core.restore import restore
from ddrm_core.run import make_run
from ddrm_core.sampler.corrections import BinsCorrection, PaperCorrection
from ddrm_core.sampler.noise import BlockNoise
from ddrm_core.sampler.settings import PRESETS, Preset


class Stopwatch:
    """Seconds by part, from methods it is wrapped around."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def around(self, owner: type, name: str, part: str) -> None:
        method: Callable[..., object] = getattr(owner, name)

        def timed(*arguments: object) -> object:
            began = time.perf_counter()
            result = method(*arguments)
            self.seconds[part] = self.seconds.get(part, 0) + time.perf_counter() - began
            return result

        setattr(owner, name, timed)


def gradients() -> Image.Image:
    y, x = np.mgrid[:512, :768]
    planes = [x / 3, y / 2, 128 + 100 * np.sin(x / 9) * np.cos(y / 13)]
    return Image.fromarray(np.stack(planes, -1).astype(np.uint8))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("picture", type=Path, nargs="?")
    parser.add_argument("--preset", type=Preset, default=Preset.BALANCED)
    parser.add_argument("--samples", type=int, default=1)
    options = parser.parse_args()
    image = Image.open(options.picture).convert("RGB") if options.picture else gradients()
    settings = replace(PRESETS[options.preset], samples=options.samples)
    prior = load_prior(BUNDLED_PRIOR, choose_device("auto"))
    watch = Stopwatch()
    watch.around(Prior, "denoise", "prior")
    watch.around(BinsCorrection, "__call__", "correction")
    watch.around(PaperCorrection, "__call__", "correction")
    watch.around(BlockNoise, "__call__", "noise")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "picture.jpg"
        image.save(file, quality=10, subsampling=2)
        for _ in restore(make_run(read_jpeg(file), prior, settings, seed=0), CancelToken()):
            pass  # the first run warms caches up
        watch.seconds.clear()
        began = time.perf_counter()
        for _ in restore(make_run(read_jpeg(file), prior, settings, seed=0), CancelToken()):
            pass
        total = time.perf_counter() - began
    megapixels = image.width * image.height / 1e6
    print(f"{image.width}x{image.height}, {settings.evaluations} evaluations, {total:.2f} s")
    print(f"{total / settings.evaluations / megapixels:.3f} s per megapixel and evaluation")
    for part, seconds in watch.seconds.items():
        print(f"{part:10} {seconds:7.2f} s  {seconds / total:6.1%}")
    rest = total - sum(watch.seconds.values())
    print(f"{'the rest':10} {rest:7.2f} s  {rest / total:6.1%}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(f"peak memory {peak:.0f} MiB")


if __name__ == "__main__":
    main()
