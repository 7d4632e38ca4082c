"""Colors before and after a restoration, as displayed and as another program reads them.

A photograph is converted to Display P3, ProPhoto and no profile, compressed, restored and saved in
every format. The output is mean CIEDE2000 differences: between the displayed original and the
displayed result (the effect of restoring), between their mean colors (a shift of all colors), and
between the result in the window and the saved file opened through littlecms.

    .venv/bin/python tests/benchmarks/colors.py [--quality 10]
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from pathlib import Path

# The path contains the folder of this script instead.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from PIL import Image, ImageCms
from skimage.color import deltaE_ciede2000, rgb2lab

from app.config.resources import EXAMPLE_IMAGE_PATH
from app.imaging.color_management import create_display_transform
from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.export.encode_result import encode_result
from ddrm_core.export.settings import ExportSettings
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import PRESETS, Preset
from tests.support.color_profiles import D50, D65, P3, PROPHOTO, matrix, rgb_profile, srgb_linear

ORIGINAL = EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")
GAMUTS = {"Display P3": (P3, D65, None), "ProPhoto": (PROPHOTO, D50, 1.8), "untagged": None}


def in_gamut(pixels: np.ndarray, name: str) -> tuple[np.ndarray, bytes | None]:
    """Convert sRGB pixels to the color space `name`.

    Returns:
        Pixels of that color space, and its ICC profile or None without one.
    """
    gamut = GAMUTS[name]
    if gamut is None:
        return pixels, None
    primaries, white, gamma = gamut
    to_xyz = matrix(((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)), D65)
    linear = srgb_linear(pixels / 255) @ to_xyz.T @ np.linalg.inv(matrix(primaries, white)).T
    linear = linear.clip(0, 1)
    if gamma is not None:
        encoded = linear ** (1 / gamma)
    else:
        low = linear <= 0.0031308
        encoded = np.where(low, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(255 * encoded).astype(np.uint8), rgb_profile(primaries, white, gamma)


def as_seen_elsewhere(path: Path) -> np.ndarray:
    """Return a file's pixels in sRGB, as Pillow and littlecms convert them by its profile."""
    with Image.open(path) as image:
        profile = image.info.get("icc_profile")
        image = image.convert("RGB")
    if profile is None:
        return np.asarray(image)
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    target = ImageCms.createProfile("sRGB")
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    converted = ImageCms.profileToProfile(image, source, target, intent, "RGB", flags=flags)
    return np.asarray(converted)


def difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(deltaE_ciede2000(rgb2lab(a), rgb2lab(b)).mean())


def shift(a: np.ndarray, b: np.ndarray) -> float:
    """Return the CIEDE2000 difference between the mean colors of two images."""
    means = [rgb2lab(x).reshape(-1, 3).mean(0) for x in (a, b)]
    return float(deltaE_ciede2000(*means))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quality", type=int, default=10)
    options = parser.parse_args()
    prior = load_prior(BUNDLED_PRIOR_PATH, choose_device("cpu"))
    with Image.open(ORIGINAL) as image:
        pixels = np.asarray(image.convert("RGB"))
    print(
        "| picture | before to after | of mean colours | shown to saved: PNG | TIFF | WebP | JPEG |"
    )
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in GAMUTS:
            encoded, profile = in_gamut(pixels, name)
            path = Path(folder) / "a.jpg"
            Image.fromarray(encoded).save(path, quality=options.quality, icc_profile=profile)
            image = read_jpeg(path)
            run = create_jpeg_run(image, prior, PRESETS[Preset.FAST], seed=0)
            result = restore(run, CancelToken()).drain()
            display = create_display_transform(image.metadata, image.channels)
            with Image.open(path) as decoded:
                before = display.to_display_pixels(np.asarray(decoded))
            after = display.to_display_pixels(to_uint8(result.image))
            saved = []
            for suffix in (".png", ".tiff", ".webp", ".jpg"):
                target = Path(folder) / f"r{suffix}"
                target.write_bytes(encode_result(result, target, ExportSettings()).data)
                saved.append(difference(after, as_seen_elsewhere(target)))
            values = [difference(before, after), shift(before, after), *saved]
            print(f"| {name} | " + " | ".join(f"{v:.2f}" for v in values) + " |")


if __name__ == "__main__":
    main()
