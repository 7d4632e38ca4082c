"""Plot PSNR over the size of a JPEG, before and after restoration.

Each `# %%` begins a cell for editors that run Python files as notebooks. The plot needs matplotlib,
from `pip install -e ".[docs]"`. Run all cells in the folder of the clone.
"""

# %% Modules
from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

import ddrm_core as ddrm
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.metrics.psnr import psnr

Curve = list[tuple[float, float, float]]  # bits per pixel, PSNR of the JPEG, PSNR of the result


# %% Measurement
def measure_curve(original: Image.Image, qualities: list[int]) -> Curve:
    """Return one point of the curve for each quality factor."""
    prior = ddrm.load_prior(ddrm.BUNDLED_PRIOR_PATH, ddrm.choose_device("auto"))
    settings, pixels, curve = ddrm.PRESETS[ddrm.Preset.FAST], np.asarray(original), []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "compressed.jpg"
        for quality in qualities:
            original.save(path, quality=quality)
            bits_per_pixel = 8 * path.stat().st_size / (original.width * original.height)
            with Image.open(path) as image:
                decoded = np.asarray(image)
            run = ddrm.create_jpeg_run(ddrm.read_jpeg(path), prior, settings, seed=0)
            result = to_uint8(ddrm.restore(run, ddrm.CancelToken()).drain().image)
            curve.append((bits_per_pixel, psnr(decoded, pixels), psnr(result, pixels)))
    return curve


# %% Plot
def plot_curve(curve: Curve, path: Path) -> None:
    """Plot both PSNR over bits per pixel, and write the plot to an image file."""
    from matplotlib import pyplot as plt

    rates, before, after = zip(*curve, strict=True)
    figure, axes = plt.subplots()
    axes.plot(rates, before, "o-", label="JPEG")
    axes.plot(rates, after, "o-", label="restored, preset fast")
    axes.set(xlabel="bits per pixel", ylabel="PSNR in dB")
    axes.legend()
    figure.savefig(path)


# %% Figure of the sample image
if __name__ == "__main__":
    with Image.open("resources/samples/budgie_branch_original.png") as sample:
        points = measure_curve(sample.convert("RGB"), [5, 10, 20, 30, 50])
    plot_curve(points, Path("rate_distortion.svg"))
