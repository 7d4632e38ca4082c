"""Verification of pixels, also by assumed levels that the file does not hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ddrm_core.errors import InvalidSetting
from ddrm_core.jpeg.assumed_levels import assume_quality, jpeg_image_from_pixels
from ddrm_core.jpeg.damage.mask import find_intact_blocks, find_intact_pixels
from ddrm_core.jpeg.image import Damage, JpegImage, QualitySource
from ddrm_core.jpeg.operator import create_jpeg_operator, levels_to_tensors
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.reasons import CorruptionReason
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.verification.verify import verify_jpeg_pixels
from tests.support.pictures import KINDS, jpeg_of, photograph, write_jpeg

CPU = torch.device("cpu")


def decoded_pixels(image: JpegImage) -> torch.Tensor:
    operator = create_jpeg_operator(image)
    return operator.color_model.to_pixels(operator.decode(levels_to_tensors(image, CPU)))[0]


def as_picture(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.atleast_3d(pixels).astype(np.float32)).permute(2, 0, 1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(48, 64), (31, 37)])
def test_a_decoded_file_agrees_and_a_changed_one_does_not(tmp_path, kind, size):
    """Decoded pixels are consistent with the levels of their JPEG; changed pixels are less so.

    Even decoded pixels have a few coefficients outside their bins, because decoders filter halved
    chroma.
    """
    image = jpeg_of(tmp_path, *size, quality=50, sampling=kind)
    pixels = decoded_pixels(image)
    found = verify_jpeg_pixels(image, pixels)
    assert found.consistency.inside_fraction > 0.97
    names = tuple(c.name for c in found.consistency.components)
    assert names == create_jpeg_operator(image).color_model.component_names
    pixels[:, 8:16, 8:16] += 90 * (pixels[:, 8:16, 8:16] < 128) - 45
    changed = verify_jpeg_pixels(image, pixels)
    assert changed.consistency.inside_fraction < found.consistency.inside_fraction
    assert float(changed.distance_map[1, 1]) > float(found.distance_map[1, 1])
    assert changed.distance_map.shape == (-(-size[0] // 8), -(-size[1] // 8))


class TestAssumedGrid:
    @pytest.mark.parametrize(("left", "top"), [(0, 0), (3, 5), (15, 9)])
    def test_a_cropped_and_saved_again_jpeg_has_its_first_levels(self, tmp_path, left, top):
        """A JPEG that was cropped and saved again gives back the levels of its first compression.

        The law holds for complete blocks if the first quality factor and grid are assumed.
        """
        first = jpeg_of(tmp_path, 64, 80, quality=20, sampling="4:4:4")
        pixels = decoded_pixels(first).round().clamp(0, 255)[:, top:, left:]
        array = pixels.byte().permute(1, 2, 0).numpy()
        path = write_jpeg(tmp_path / "b.jpg", np.ascontiguousarray(array), quality=97)
        again = read_jpeg(path)
        image = assume_quality(again, 20, grid_left=left % 16, grid_top=top)
        assert image.quality_source is QualitySource.ASSUMED
        assert (image.grid_left, image.grid_top) == (left, top)
        assert image.size == (80 - left, 64 - top)
        assert all(map(np.array_equal, image.quantization_tables, first.quantization_tables))
        row, column = -(-top // 8), -(-left // 8)
        ours, theirs = image.levels[0][row:-1, column:-1], first.levels[0][row:-1, column:-1]
        assert (ours == theirs).mean() > 0.995

    def test_numbers_off_the_grid_are_refused(self, tmp_path):
        image = jpeg_of(tmp_path, 16, 16, sampling="4:4:4")
        for options in ({"grid_left": 8}, {"grid_top": 8}, {"grid_left": -1}):
            with pytest.raises(InvalidSetting):
                assume_quality(image, 50, **options)
        with pytest.raises(InvalidSetting):
            assume_quality(image, 0)

    def test_the_proof_knows_the_grid(self, tmp_path):
        image = assume_quality(jpeg_of(tmp_path, 40, 48), 20, grid_left=5, grid_top=3)
        pixels = decoded_pixels(image)[:, 3:, 5:]
        assert verify_jpeg_pixels(image, pixels).consistency.inside_fraction > 0.95
        assert verify_jpeg_pixels(image, pixels).distance_map.shape == (6, 7)


class TestPicturesThatAreNoJpeg:
    def estimated(self, pixels: np.ndarray, **options) -> JpegImage:
        choices = {
            "quality": 30,
            "chroma_sampling": "4:2:0",
            "grid_left": 0,
            "grid_top": 0,
        } | options
        return jpeg_image_from_pixels(
            as_picture(pixels),
            path=Path("a.png"),
            metadata=NO_METADATA,
            quality_source=QualitySource.ESTIMATED,
            **choices,
        )

    @pytest.mark.parametrize("grey", [True, False])
    def test_a_screenshot_has_the_levels_of_the_jpeg_that_it_shows(self, tmp_path, grey):
        path = write_jpeg(
            tmp_path / "a.jpg",
            photograph(64, 80, grey=grey),
            quality=30,
            sampling="grey" if grey else "4:4:4",
        )
        with Image.open(path) as shown:
            pixels = np.asarray(shown)
        image = self.estimated(pixels, chroma_sampling="4:4:4")
        real = read_jpeg(path)
        assert image.header is None
        assert image.color_model_name == real.color_model_name
        for ours, theirs in zip(image.levels, real.levels, strict=True):
            assert (ours == theirs).mean() > 0.995

    def test_ink_has_four_components(self):
        image = self.estimated(np.zeros((9, 10, 4), np.uint8))
        assert (image.color_model_name, len(image.levels)) == ("CMYK", 4)

    def test_an_unknown_sampling_is_refused(self):
        with pytest.raises(InvalidSetting):
            self.estimated(photograph(8, 8), chroma_sampling="4:1:7")


class TestDamage:
    @pytest.mark.parametrize("kind", KINDS)
    def test_whole_mcus_as_pixels_and_blocks(self, tmp_path, kind):
        image = jpeg_of(tmp_path, 40, 70, sampling=kind)
        assert (find_intact_pixels(image), find_intact_blocks(image)) == (None, None)
        across = max(c.horizontal_factor for c in image.components)
        down = max(c.vertical_factor for c in image.components)
        whole = np.zeros((-(-40 // (8 * down)), -(-70 // (8 * across))), bool)
        whole[0] = True
        broken = replace(image, damage=Damage(CorruptionReason.NOTHING, whole))
        pixels, blocks = find_intact_pixels(broken), find_intact_blocks(broken)
        assert pixels[: 8 * down].all()
        assert not pixels[8 * down :].any()
        assert pixels.shape == (40, 70)
        for component, mask, levels in zip(image.components, blocks, image.levels, strict=True):
            assert mask.shape == levels.shape[:2]
            assert int(mask.sum()) == component.vertical_factor * levels.shape[1]
