"""A network of the published 256x256 layout with random weights: imported, verified, run.

    .venv/bin/python tests/measure/adm.py FOLDER [--device auto] [--steps 2]

Writes a 1.1 GB checkpoint in float16 into FOLDER, imports it into a library there, and says how
long each part takes: the forward at 256x256, and a whole restoration of a 256x256 JPEG. What comes
out is noise; time and memory are those of the published weights.
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

from app.resources import BUNDLED_PRIOR
from ddrm_core.benchmark import peak_memory_mib
from ddrm_core.cancel import CancelToken
from ddrm_core.jpeg.coefficients import read_jpeg
from ddrm_core.prior.adm import AdmNetwork
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.library import PriorLibrary
from ddrm_core.prior.precision import choose_device
from ddrm_core.prior.published import ADM_256
from ddrm_core.restore import restore
from ddrm_core.run import make_run
from ddrm_core.sampler.settings import SamplerSettings

_TFLOP = 2.24  # of a forward at 256x256

_Result = TypeVar("_Result")


def timed(words: str, call: Callable[[], _Result]) -> _Result:
    began = time.perf_counter()
    result = call()
    seconds = time.perf_counter() - began
    peak = peak_memory_mib(torch.device("cpu"))
    print(f"{words}: {seconds:.2f} s, peak of the process so far {peak:.0f} MiB", flush=True)
    return result


def write_checkpoint(path: Path) -> None:
    torch.manual_seed(0)
    tensors = {name: t.half() for name, t in AdmNetwork(ADM_256).state_dict().items()}
    torch.save(tensors, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--steps", type=int, default=2)
    options = parser.parse_args()
    file = options.folder / "random-adm.pt"
    if not file.exists():
        timed("written", lambda: write_checkpoint(file))
    library = PriorLibrary(BUNDLED_PRIOR, options.folder / "priors")
    info = timed("imported", lambda: library.import_file(file))
    timed("verified", lambda: library.verify(info.name))
    device = choose_device(options.device)
    prior = timed(f"loaded on {device}", lambda: load_prior(library.find(info.name), device))
    x = torch.randn(1, 3, 256, 256, device=device)
    for _ in range(2):
        began = time.perf_counter()
        prior.denoise(x, 0.3, lambda: None)
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        seconds = time.perf_counter() - began
        print(f"forward in {prior.precision}: {seconds:.2f} s, {_TFLOP / seconds:.3f} TFLOP/s")
    ramp = np.linspace(0, 255, 256 * 256 * 3).reshape(256, 256, 3).astype(np.uint8)
    picture = options.folder / "ramp.jpg"
    Image.fromarray(ramp).save(picture, quality=10)
    run = make_run(
        read_jpeg(picture), prior, SamplerSettings(steps=options.steps, samples=1), seed=0
    )

    def restored() -> float:
        steps = restore(run, CancelToken())
        while True:
            try:
                next(steps)
            except StopIteration as stop:
                return float(stop.value.consistency.inside)

    inside = timed(f"restored in {options.steps} steps", restored)
    print(f"{100 * inside:.2f} % of levels in their bins")


if __name__ == "__main__":
    main()
