"""Large images are read and written in strips: the same bytes, without a second copy."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from ddrm_core.formats.load import load_image
from ddrm_core.formats.save import encode_image
from ddrm_core.formats.thumbnail import encode_thumbnail
from ddrm_core.imaging.orientation import apply_orientation, invert_orientation
from ddrm_core.imaging.quantize_pixels import (
    ROWS_PER_STRIP,
    quantize_image,
    quantize_into,
    to_uint8,
)
from ddrm_core.metadata.model import NO_METADATA
from tests.support.metadata_samples import FULL, JPEG_KINDS, KINDS, noise, save
from tests.support.paths import ROOT
from tests.support.pictures import jpeg_bytes, photograph

TYPES = {8: np.uint8, 16: np.uint16, 32: np.float32}
ORIENTATIONS = range(1, 9)
linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks into /proc")


def peaks_mb(code: str, *arguments: object) -> list[float]:
    """Run Python code in a new process and return the numbers that it prints.

    The code can call `peak()`, which returns the peak memory of its process in MB.
    """
    begin = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
def peak():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM"))
"""
    command = [sys.executable, "-c", begin + code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return [float(line) for line in done.stdout.splitlines()]


def to_upright(stored: torch.Tensor, orientation: int) -> torch.Tensor:
    """Return (c, h, w) pixels after applying an EXIF orientation, as displayed."""
    view = apply_orientation(stored.permute(1, 2, 0).numpy(), orientation)
    return torch.from_numpy(view.transpose(2, 0, 1).copy())


class TestBands:
    @pytest.mark.parametrize(
        "height", [1, ROWS_PER_STRIP - 1, ROWS_PER_STRIP, ROWS_PER_STRIP + 1, 2 * ROWS_PER_STRIP]
    )
    @pytest.mark.parametrize("bits", TYPES)
    def test_rounding_them_is_rounding_the_whole(self, bits, height):
        x = noise(3, height, 37)
        whole = quantize_image(x, bits=bits) * (257 if bits == 16 else 1)
        whole = whole if bits == 32 else whole.round()
        target = np.empty(x.shape, TYPES[bits])
        quantize_into(x, target, bits=bits)
        assert np.array_equal(target, whole.numpy().astype(TYPES[bits]))
        if bits == 8:
            assert np.array_equal(to_uint8(x), target.transpose(1, 2, 0))

    @pytest.mark.parametrize("orientation", ORIENTATIONS)
    @pytest.mark.parametrize(("suffix", "bits", "channels"), [*KINDS, *JPEG_KINDS])
    def test_a_turned_file_is_the_file_of_a_turned_picture(
        self, suffix, bits, channels, orientation
    ):
        path, x = Path(f"a{suffix}"), noise(channels, ROWS_PER_STRIP + 1, 37)
        ours = encode_image(x, path, bits=bits, metadata=FULL, orientation=orientation)
        assert ours == encode_image(to_upright(x, orientation), path, bits=bits, metadata=FULL)

    @pytest.mark.parametrize("orientation", ORIENTATIONS)
    @pytest.mark.parametrize("size", [(1, 1), (1, 5), (5, 1), (3, 4)])
    def test_turning_is_a_view_and_has_an_inverse(self, size, orientation):
        stored = noise(*size, 3).numpy()
        view = apply_orientation(stored, orientation)
        assert np.shares_memory(view, stored)
        assert np.array_equal(apply_orientation(view, invert_orientation(orientation)), stored)

    @pytest.mark.parametrize("orientation", [1, 3, 6])
    @pytest.mark.parametrize("size", [(3, 1100, 1003), (4, 1003, 1100), (1, 2_000_001, 1)])
    def test_a_thumbnail_of_them_is_one_of_the_whole(self, size, orientation):
        x = (2 * noise(*size)).round() / 2
        shown = to_upright(x, orientation)
        if len(shown) == 4:
            shown = (255 - shown[:3]) * (255 - shown[3:]) / 255
        sides = [max(1, round(side * 160 / max(size[1:]))) for side in shown.shape[1:]]
        small = functional.interpolate(shown[None].clamp(0, 255), sides, mode="area")[0]
        whole = encode_image(small, Path("a.jpg"), bits=8, metadata=NO_METADATA, jpeg_quality=80)
        assert encode_thumbnail(x, orientation=orientation) == whole.data


@pytest.mark.parametrize("size", [(700, 1), (5000, 2)])
def test_narrow_noise_fits_into_a_png(tmp_path, size):
    """An image of noise that is one or two pixels wide is encoded as PNG without loss.

    Filter bytes, one per row, are up to half of the file then.
    """
    x = quantize_image(noise(1, *size))
    save(tmp_path / "a.png", x, metadata=replace(FULL, exif=None))
    assert torch.equal(load_image(tmp_path / "a.png").pixels, x)


@linux
def test_writing_takes_the_pixels_as_the_file_holds_them():
    """Writing an image takes no more memory than its pixels in the file's own pixel type.

    The image has 12 megapixels.
    """
    code = """
from pathlib import Path
import torch
from ddrm_core.formats.save import encode_image
from ddrm_core.formats.thumbnail import encode_thumbnail
from ddrm_core.metadata.model import NO_METADATA
kinds = ("a.png", 8), ("a.tif", 8), ("a.tif", 16), ("a.jpg", 8), ("a.tif", 32)
def write(picture, turn):
    encode_thumbnail(picture, orientation=turn)
    print(peak())
    for name, bits in kinds:
        encode_image(picture, Path(name), bits=bits, metadata=NO_METADATA, orientation=turn)
        print(peak())
torch.set_num_threads(1)
write(torch.zeros(3, 1100, 1000), 6)
write(torch.full((3, 3000, 4000), 99.7), 6)
"""
    before, *peaks = peaks_mb(code)[5:]
    above = [peak - before - 144 for peak in peaks]
    bounds = (30, 36 + 30, 36 + 30, 72 + 30, 36 + 48 + 30, 144 + 30)
    assert all(peak < bound for peak, bound in zip(above, bounds, strict=True)), above


@linux
def test_reading_takes_the_levels_and_the_file(tmp_path):
    rng = np.random.default_rng(0)
    tile = photograph(400, 600) // 2 + rng.integers(0, 128, (400, 600, 3), np.uint8)
    data = jpeg_bytes(np.tile(tile, (10, 10, 1)), quality=95)
    (tmp_path / "large.jpg").write_bytes(data)
    (tmp_path / "small.jpg").write_bytes(jpeg_bytes(tile))
    code = """
from pathlib import Path
from ddrm_core.jpeg.read import read_jpeg
for name in ("small.jpg", "large.jpg"):
    image = read_jpeg(Path(sys.argv[1]) / name)
    print(peak())
print(sum(levels.nbytes for levels in image.levels) / 1e6)
"""
    before, after, levels = peaks_mb(code, tmp_path)
    assert after - before < levels + len(data) / 1e6 + 10
