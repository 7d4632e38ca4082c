"""The estimated size of a result's file is near the size of the encoded file."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import UnreadableFile
from ddrm_core.export.encode_result import encode_result
from ddrm_core.export.estimate_size import MAX_ENCODED_PIXELS, crop_middle, estimate_file_size
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.save import encode_image
from ddrm_core.formats.unsupported_format import UnsupportedFormat
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metadata.model import NO_METADATA, MetadataPolicy
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.attached_files import ultra_hdr
from tests.support.jpeg_variants import exif, segment, with_segments

NAMES = ["r.png", "r.tiff", "r.webp", "r.jpg", "r.jxl", "r.avif"]
UNCOUNTED_BYTES = 8_000  # run record and thumbnail
COMMENT = b"from the attic " * 4_000


@pytest.fixture
def result(tmp_path, tiny):
    """Return a result of 37 x 31 pixels, whose source has a long comment."""
    path = tmp_path / "photo.jpg"
    Image.radial_gradient("L").resize((37, 31)).convert("RGB").save(
        path, quality=20, comment=COMMENT
    )
    settings = SamplerSettings(steps=1, samples=1)
    run = create_jpeg_run(read_jpeg(path), tiny, settings, seed=0)
    return restore(run, CancelToken()).drain()


def texture(height: int, width: int) -> torch.Tensor:
    """Return an image (3, h, w) whose parts compress alike: smooth, with noise of 8 gray levels."""
    rng = np.random.default_rng(7)
    rows, columns = np.mgrid[:height, :width]
    plane = 128 + 60 * np.sin(rows / 40) * np.cos(columns / 30)
    return torch.from_numpy((plane + rng.normal(0, 8, (3, height, width))).astype(np.float32))


@pytest.mark.parametrize("name", NAMES)
def test_a_small_image_is_encoded_whole(result, tmp_path, name):
    path, settings = tmp_path / name, ExportSettings()
    size = len(encode_result(result, path, settings).data)
    estimate = estimate_file_size(result, result.image, path, settings)
    assert size - UNCOUNTED_BYTES < estimate <= size


@pytest.mark.parametrize("name", NAMES)
def test_a_large_image_is_estimated_from_its_middle(result, tmp_path, name):
    image, path = texture(700, 900), tmp_path / name
    assert image[0].numel() > 2 * MAX_ENCODED_PIXELS
    settings = ExportSettings(policy=MetadataPolicy.NONE)
    size = len(encode_image(image, path, bits=8, metadata=NO_METADATA).data)
    estimate = estimate_file_size(result, image, path, settings)
    assert estimate == pytest.approx(size, rel=0.1)


def test_the_metadata_that_is_kept_counts(result, tmp_path):
    path = tmp_path / "r.jpg"
    everything, nothing = (
        estimate_file_size(result, result.image, path, ExportSettings(policy=policy))
        for policy in (MetadataPolicy.ALL, MetadataPolicy.NONE)
    )
    assert everything - nothing >= len(COMMENT)


def test_attachments_count_unless_the_pixels_are_turned(tmp_path, tiny):
    sizes = {}
    for orientation in (1, 6):
        path = tmp_path / f"photo{orientation}.jpg"
        path.write_bytes(with_segments(ultra_hdr(), segment(0xE1, b"Exif\0\0" + exif(orientation))))
        run = create_jpeg_run(read_jpeg(path), tiny, SamplerSettings(steps=1, samples=1), seed=0)
        result = restore(run, CancelToken()).drain()
        for upright in (False, True):
            settings = ExportSettings(bake_orientation=upright)
            estimate = estimate_file_size(result, result.image, tmp_path / "r.jpg", settings)
            encoded = encode_result(result, tmp_path / "r.jpg", settings).data
            sizes[orientation, upright] = estimate
            assert len(encoded) - UNCOUNTED_BYTES < estimate <= len(encoded)
    assert sizes[1, True] == sizes[1, False]
    assert sizes[6, True] < sizes[6, False]


def test_the_levels_of_the_source_take_the_space_of_the_source(result, tmp_path):
    settings, source = ExportSettings(same_levels=True), result.run.image.path
    path = tmp_path / "r.jpg"
    assert estimate_file_size(result, result.image, path, settings) == source.stat().st_size
    source.unlink()
    with pytest.raises(UnreadableFile):
        estimate_file_size(result, result.image, path, settings)


def test_what_no_format_can_hold_has_no_size(result, tmp_path):
    with pytest.raises(UnsupportedFormat):
        estimate_file_size(result, result.image, tmp_path / "r.webp", ExportSettings(bits=16))


@pytest.mark.parametrize("size", [(31, 37), (1, 5_000), (5_000, 1), (700, 900), (2_000, 130)])
@pytest.mark.parametrize("max_pixels", [1, 100, 20_000])
def test_the_middle_of_an_image(size, max_pixels):
    height, width = size
    image = torch.arange(height * width, dtype=torch.float32).reshape(1, height, width)
    part = crop_middle(image, max_pixels)
    part_height, part_width = part.shape[1:]
    assert part[0, 0, 0] == (height - part_height) // 2 * width + (width - part_width) // 2
    if height * width <= max_pixels:
        assert part.shape == image.shape
    elif min(part_height, part_width) > 1:
        assert part_height * part_width <= max_pixels
        # The same proportions, but for less than a pixel on either side.
        assert part_height / (part_width + 1) < height / width < (part_height + 1) / part_width
