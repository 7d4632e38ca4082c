"""Plot PSNR over the size of a JPEG, before and after restoration.

Each `# %%` begins a cell for editors that run Python files as notebooks. Run the cells in the
folder of the clone, or all with `python docs/examples/rate_distortion.py`. The plot needs
matplotlib, which `.venv/bin/pip install -e ".[docs]"` installs.
"""

# %% Modules
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from matplotlib import pyplot as plt
from PIL import Image

import ddrm_core as ddrm
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.metrics.psnr import psnr

# %% Measurement
prior = ddrm.load_prior(ddrm.BUNDLED_PRIOR_PATH, ddrm.choose_device("auto"))
settings = ddrm.PRESETS[ddrm.Preset.FAST]
original = np.asarray(Image.open("resources/samples/budgie_branch_original.png").convert("RGB"))
curve = []  # bits per pixel, PSNR of the JPEG, PSNR of the result
with TemporaryDirectory() as folder:
    path = Path(folder) / "compressed.jpg"
    for quality in (5, 10, 20, 30, 50):
        Image.fromarray(original).save(path, quality=quality)
        run = ddrm.create_jpeg_run(ddrm.read_jpeg(path), prior, settings, seed=0)
        result = ddrm.restore(run, ddrm.CancelToken()).drain()
        bits_per_pixel = 8 * path.stat().st_size / result.image[0].numel()
        before = psnr(np.asarray(Image.open(path)), original)
        curve.append((bits_per_pixel, before, psnr(to_uint8(result.image), original)))

# %% Plot
rates, jpeg, restored = zip(*curve, strict=True)
plt.plot(rates, jpeg, "o-", label="JPEG")
plt.plot(rates, restored, "o-", label="restored, preset fast")
plt.xlabel("bits per pixel")
plt.ylabel("PSNR in dB")
plt.legend()
plt.savefig("rate_distortion.svg")
