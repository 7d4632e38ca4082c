"""Write the estimates of a run and the standard deviation over its samples as NumPy arrays.

Run `python docs/examples/uncertainty.py photo.jpg uncertainty.npz`. The arrays are in gray levels:

* `estimates`, (steps, channels, height, width): the mean of the finished samples and of the current
  estimates after each step. Images of more than 12.6 megapixels have several tiles, and a step has
  the estimates of one tile.
* `deviation`, (channels, height, width): the standard deviation over the samples. It is large where
  the file does not determine the detail.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import ddrm_core as ddrm


def write_uncertainty(source: Path, target: Path) -> None:
    """Restore a JPEG by four samples and write `estimates` and `deviation` to an .npz file."""
    prior = ddrm.load_prior(ddrm.BUNDLED_PRIOR_PATH, ddrm.choose_device("auto"))
    settings = ddrm.SamplerSettings(steps=8, samples=4)
    run = ddrm.create_jpeg_run(ddrm.read_jpeg(source), prior, settings, seed=0)
    steps = ddrm.restore(run, ddrm.CancelToken())
    estimates = np.stack([step.current_image().numpy() for step in steps])
    deviation = steps.result.spread
    assert deviation is not None  # None for a run with one sample
    np.savez(target, estimates=estimates, deviation=deviation.numpy())
    print(f"mean standard deviation: {deviation.mean():.2f} gray levels")


if __name__ == "__main__":
    write_uncertainty(Path(sys.argv[1]), Path(sys.argv[2]))
