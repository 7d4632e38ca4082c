"""Time of a network of the published 256x256 layout with random weights.

    .venv/bin/python tests/benchmarks/adm.py FOLDER [--device auto] [--batches 1 4 8] [--compile]
        [--sides 256 1024] [--steps 20] [--samples 8]

The benchmark writes a 1.1 GB checkpoint in float16 into FOLDER, imports it into a library there,
verifies it, and prints the time of each part: the evaluation at 256x256, plain and compiled, and
restorations of JPEGs. Results are noise; time and memory are those of the published weights.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.performance.benchmark import read_peak_memory_mib
from ddrm_core.performance.device_peaks import find_synchronizer
from ddrm_core.prior.architectures.adm.network import AdmNetwork
from ddrm_core.prior.architectures.adm.published import ADM_256_CONFIG
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.prior.store.library import PriorLibrary
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import Run, create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings

_TFLOP = 2.24  # operations of an evaluation at 256x256

_Result = TypeVar("_Result")


def timed(words: str, call: Callable[[], _Result]) -> _Result:
    began = time.perf_counter()
    result = call()
    seconds = time.perf_counter() - began
    peak = read_peak_memory_mib(torch.device("cpu"))
    print(f"{words}: {seconds:.2f} s, peak of the process so far {peak:.0f} MiB", flush=True)
    return result


def write_checkpoint(path: Path) -> None:
    torch.manual_seed(0)
    tensors = {name: t.half() for name, t in AdmNetwork(ADM_256_CONFIG).state_dict().items()}
    torch.save(tensors, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--batches", type=int, nargs="+", default=[1])
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--sides", type=int, nargs="+", default=[256])
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--samples", type=int, default=1)
    options = parser.parse_args()
    file = options.folder / "random-adm.pt"
    if not file.exists():
        timed("written", lambda: write_checkpoint(file))
    library = PriorLibrary(BUNDLED_PRIOR_PATH, options.folder / "priors")
    info = timed("imported", lambda: library.import_file(file))
    timed("verified", lambda: library.verify(info.name))
    device = choose_device(options.device)
    prior = timed(f"loaded on {device}", lambda: load_prior(library.find_file(info.name), device))
    for batch in options.batches:
        forward(prior, batch, "plain", prior.network)
        if options.compile:
            forward(prior, batch, "compiled", torch.compile(prior.network))
    for side in options.sides:
        run = create_jpeg_run(
            read_jpeg(ramp(options.folder, side)),
            prior,
            SamplerSettings(steps=options.steps, samples=options.samples),
            seed=0,
        )
        words = f"{side}x{side} restored in {options.steps} steps of {options.samples} samples"
        inside = timed(words, lambda run=run: restored(run))
        print(f"{100 * inside:.2f} % of levels in their bins", flush=True)


@torch.no_grad()
def forward(prior: Prior, batch: int, words: str, network: Callable[..., Tensor]) -> None:
    """Measure a few evaluations of `network`; print the first and the fastest time and TFLOP/s."""
    x = torch.randn(batch, 3, 256, 256, device=prior.device)
    x = x.to(prior.precision, memory_format=torch.channels_last)
    time_step = torch.full((1,), 300.0, device=prior.device)
    finish = find_synchronizer(prior.device) or (lambda: None)
    seconds = []
    for _ in range(3):
        finish()
        began = time.perf_counter()
        network(x, time_step)
        finish()
        seconds.append(time.perf_counter() - began)
    best = min(seconds)
    print(
        f"{words} forward of {batch}, {prior.precision}: first {seconds[0]:.2f} s,"
        f" best {best:.4f} s, {_TFLOP * batch / best:.3f} TFLOP/s",
        flush=True,
    )


def ramp(folder: Path, side: int) -> Path:
    values = np.linspace(0, 255, side * side * 3).reshape(side, side, 3).astype(np.uint8)
    picture = folder / f"ramp_{side}.jpg"
    Image.fromarray(values).save(picture, quality=10)
    return picture


def restored(run: Run) -> float:
    return float(restore(run, CancelToken()).drain().consistency.inside)


if __name__ == "__main__":
    main()
