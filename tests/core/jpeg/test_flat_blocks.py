"""Flat areas keep the color that the decoder shows."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from ddrm_core.cancel import CancelToken
from ddrm_core.imaging.quantize_pixels import to_uint8
from ddrm_core.jpeg.flat_blocks import find_flat_blocks
from ddrm_core.jpeg.operator import create_jpeg_operator, levels_to_tensors
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import PRESETS, Preset


def save_jpeg(path: Path, image: Image.Image, sampling: str = "4:2:0") -> Path:
    image.save(path, "JPEG", quality=10, subsampling=sampling)
    return path


def find_masks(path: Path) -> list[np.ndarray]:
    image = read_jpeg(path)
    levels = levels_to_tensors(image, torch.device("cpu"))
    masks = find_flat_blocks(create_jpeg_operator(image).planes, levels)
    return [np.asarray(mask)[0, 0] for mask in masks]


@pytest.mark.parametrize("size", [(37, 31), (8, 8), (1, 1)])
def test_all_blocks_of_one_color_are_flat(tmp_path: Path, size: tuple[int, int]) -> None:
    for mode, color in (("RGB", "green"), ("L", 90)):
        path = save_jpeg(tmp_path / f"{mode}.jpg", Image.new(mode, size, color))
        assert all(mask.all() for mask in find_masks(path))


def test_blocks_within_16_pixels_of_a_detail_are_not_flat(tmp_path: Path) -> None:
    drawing = Image.new("RGB", (160, 160), "navy")
    ImageDraw.Draw(drawing).rectangle((64, 64, 71, 71), fill="yellow")  # one block of luma
    luma, *chroma = find_masks(save_jpeg(tmp_path / "dot.jpg", drawing))
    rows, columns = np.nonzero(~luma)
    # The block of chroma at 64, 64 is twice as large.
    assert [rows.min(), rows.max(), columns.min(), columns.max()] == [6, 11, 6, 11]
    for mask in chroma:
        assert np.argwhere(~mask).tolist() == [[r, c] for r in (3, 4, 5) for c in (3, 4, 5)]


def test_flat_chroma_below_details_of_luma_is_free(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    gray = Image.fromarray(rng.integers(0, 256, (64, 64), np.uint8)).convert("RGB")
    assert not any(mask.any() for mask in find_masks(save_jpeg(tmp_path / "noise.jpg", gray)))


@pytest.mark.parametrize("sampling", ["4:4:4", "4:2:2", "4:2:0"])
def test_masks_fit_the_blocks_of_each_sampling(tmp_path: Path, sampling: str) -> None:
    path = save_jpeg(tmp_path / "odd.jpg", Image.new("RGB", (37, 31), "teal"), sampling)
    assert [m.shape for m in find_masks(path)] == [k.shape[:2] for k in read_jpeg(path).levels]


@pytest.mark.parametrize("color", ["lime", "magenta", "red", "#000080"])
def test_saturated_colors_stay_as_near_as_in_the_jpeg(
    tmp_path: Path, bundled: Prior, color: str
) -> None:
    original = Image.new("RGB", (48, 40), color)
    path = save_jpeg(tmp_path / "flat.jpg", original)
    run = create_jpeg_run(read_jpeg(path), bundled, PRESETS[Preset.FAST], seed=0)
    result = restore(run, CancelToken()).drain()
    decoded = np.asarray(Image.open(io.BytesIO(path.read_bytes())).convert("RGB")).astype(int)
    pixels = np.asarray(original).astype(int)
    deviation = np.abs(to_uint8(result.image).astype(int) - pixels)[8:-8, 8:-8].max()
    assert deviation <= np.abs(decoded - pixels).max() + 4
