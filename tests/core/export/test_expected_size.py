"""The expected size of a result before its run is near the size of the restored file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled
from ddrm_core.export.encode_result import encode_result
from ddrm_core.export.expected_size import (
    MAX_RESTORED_PIXELS,
    crop_jpeg_middle,
    estimate_unrestored_file,
)
from ddrm_core.export.settings import ExportSettings
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings

SETTINGS = SamplerSettings(steps=1, samples=1)
COMMENT = b"from the attic " * 4_000


@pytest.fixture
def picture(tmp_path):
    """Return a JPEG whose parts compress alike, with a long comment."""
    rng = np.random.default_rng(7)
    rows, columns = np.mgrid[:331, :413]
    plane = 128 + 60 * np.sin(rows / 40) * np.cos(columns / 30)
    pixels = np.clip(plane[:, :, None] + rng.normal(0, 12, (331, 413, 3)), 0, 255)
    path = tmp_path / "photo.jpg"
    Image.fromarray(pixels.astype(np.uint8)).save(path, quality=60, comment=COMMENT)
    return read_jpeg(path)


@pytest.mark.parametrize(("name", "bits"), [("r.png", 8), ("r.png", 16), ("r.jpg", 8)])
def test_the_middle_tells_the_size_of_the_whole_result(picture, tiny, tmp_path, name, bits):
    assert picture.width * picture.height > 2 * MAX_RESTORED_PIXELS
    path, settings = tmp_path / name, ExportSettings(bits=bits)
    result = restore(create_jpeg_run(picture, tiny, SETTINGS, seed=0), CancelToken()).drain()
    size = len(encode_result(result, path, settings).data)
    expected = estimate_unrestored_file(picture, tiny, SETTINGS, path, settings, CancelToken())
    assert expected.byte_count == pytest.approx(size, rel=0.1)
    assert expected.encoding_seconds > 0


@pytest.mark.parametrize("grid", [(0, 0), (3, 5)])
def test_the_middle_consists_of_whole_mcus_of_the_image(picture, grid):
    left, top = grid
    image = replace(
        picture,
        grid_left=left,
        grid_top=top,
        width=picture.width - left,
        height=picture.height - top,
    )
    middle = crop_jpeg_middle(image)
    assert MAX_RESTORED_PIXELS * 0.9 < middle.width * middle.height < MAX_RESTORED_PIXELS * 1.3
    assert middle.width % 16 == middle.height % 16 == 0
    luma, whole = middle.levels[0], image.levels[0]
    row = (top + (image.height - middle.height) // 2) // 16 * 2
    column = (left + (image.width - middle.width) // 2) // 16 * 2
    assert any(
        np.array_equal(luma, whole[r : r + luma.shape[0], c : c + luma.shape[1]])
        for r in (row, row + 2)
        for c in (column, column + 2)
    )


def test_the_levels_of_the_source_take_the_space_of_the_source(picture, tiny, tmp_path):
    settings = ExportSettings(same_levels=True)
    expected = estimate_unrestored_file(
        picture, tiny, SETTINGS, tmp_path / "r.jpg", settings, CancelToken()
    )
    assert expected.byte_count == picture.path.stat().st_size


def test_an_estimate_can_be_cancelled(picture, tiny, tmp_path):
    token = CancelToken()
    token.cancel()
    with pytest.raises(OperationCancelled):
        estimate_unrestored_file(
            picture, tiny, SETTINGS, tmp_path / "r.png", ExportSettings(), token
        )
