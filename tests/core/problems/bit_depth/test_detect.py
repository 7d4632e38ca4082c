"""Removed bits are detected from an image's values, for every expansion of n bits to 8."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from ddrm_core.errors import BitDepthNotDetected, InvalidSetting, NotEightBitImage, UnreadableFile
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.problems.bit_depth.detect import (
    BitExpansion,
    DetectedBitDepth,
    detect_bit_depth,
    detect_expansion,
    expand_levels,
    levels_from_pixels,
)
from ddrm_core.problems.bit_depth.image import load_quantized_image, quantized_image_from_pixels
from tests.support.pictures import photograph

EVERY = [(bits, expansion) for bits in range(1, 8) for expansion in BitExpansion]


def spread(height: int = 64, width: int = 67) -> np.ndarray:
    """Return an RGB image in which all 256 pixel values occur."""
    return np.resize(np.arange(256, dtype=np.uint8), (height, width, 3))


@pytest.mark.parametrize(("bits", "expansion"), EVERY)
class TestExpansions:
    def test_bits_are_found(self, bits, expansion):
        levels = spread() >> (8 - bits)
        found = detect_bit_depth(expand_levels(bits, expansion)[levels])
        assert found is not None
        assert found.bits == bits

    def test_levels_are_exact(self, bits, expansion):
        levels = spread() >> (8 - bits)
        shown = expand_levels(bits, expansion)[levels]
        assert detect_expansion(shown, bits) is not None
        assert np.array_equal(levels_from_pixels(shown, bits), levels)

    def test_one_other_value_is_no_lost_bits(self, bits, expansion):
        shown = expand_levels(bits, expansion)[spread() >> (8 - bits)]
        possible = {v for e in BitExpansion for v in expand_levels(bits, e).tolist()}
        shown[5, 3, 1] = next(v for v in range(1, 256) if v not in possible)
        found = detect_bit_depth(shown)
        assert found is None or found.bits > bits
        assert detect_expansion(shown, bits) is None


@pytest.mark.parametrize("bits", range(1, 8))
def test_values_are_those_that_other_programs_make(bits):
    picture = Image.fromarray(spread())
    ours = expand_levels(bits, BitExpansion.ZEROS)[spread() >> (8 - bits)]
    assert np.array_equal(ours, np.asarray(ImageOps.posterize(picture, bits)))
    texts = [(f"{k:0{bits}b}" * 8)[:8] for k in range(2**bits)]
    assert expand_levels(bits, BitExpansion.REPLICATED).tolist() == [int(t, 2) for t in texts]
    scale = 2**bits - 1
    halves_up = [(2 * 255 * k + scale) // (2 * scale) for k in range(2**bits)]
    assert expand_levels(bits, BitExpansion.SCALED).tolist() == halves_up


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 255), min_size=1, max_size=300))
def test_what_is_found_is_true_and_the_least(values):
    pixels = np.array(values, np.uint8)
    found = detect_bit_depth(pixels)
    if found is None:
        return
    assert np.isin(pixels, expand_levels(found.bits, found.expansion)).all()
    assert all(detect_expansion(pixels, fewer) is None for fewer in range(1, found.bits))


def test_photographs_and_too_few_values_say_nothing():
    assert detect_bit_depth(photograph(64, 48)) is None
    assert detect_bit_depth(np.full((9, 9), 128, np.uint8)) is None
    assert detect_bit_depth(np.array([[0, 2, 4, 6, 8]], np.uint8)) is None
    assert detect_bit_depth(np.array([[0, 255]], np.uint8)) == DetectedBitDepth(
        1, BitExpansion.REPLICATED
    )


def picture_of(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels.astype(np.float32)).permute(2, 0, 1)


class TestImages:
    @pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff", ".webp"])
    def test_a_file_is_read_and_its_bits_are_found(self, tmp_path, suffix):
        path = tmp_path / f"a{suffix}"
        pixels = photograph(37, 31) & 0xE0
        Image.fromarray(pixels).save(path, lossless=True)
        image = load_quantized_image(path)
        assert (image.bits, image.expansion) == (3, BitExpansion.ZEROS)
        assert (image.size, image.channels) == ((31, 37), 3)
        assert np.array_equal(image.levels.transpose(1, 2, 0), pixels >> 5)

    def test_bits_that_are_given_are_not_doubted(self):
        image = quantized_image_from_pixels(
            picture_of(spread()), path=Path("a.png"), metadata=NO_METADATA, bits=5
        )
        assert (image.bits, image.expansion) == (5, None)
        assert np.array_equal(image.levels.transpose(1, 2, 0), spread() >> 3)

    def test_bits_that_are_given_are_of_the_values_not_fewer(self):
        """If the user states 3 bits, only expansions of 3 bits are detected, even for 2-bit pixels.

        2-bit values filled with zeros are also 3-bit values filled with zeros; scaled 2-bit values
        are not scaled 3-bit values.
        """
        scaled = picture_of(expand_levels(2, BitExpansion.SCALED)[spread() >> 6])
        zeros = picture_of(spread() & 0xC0)
        found = [
            quantized_image_from_pixels(
                p, path=Path("a.png"), metadata=NO_METADATA, bits=3
            ).expansion
            for p in (scaled, zeros)
        ]
        assert found == [None, BitExpansion.ZEROS]

    @pytest.mark.parametrize("bits", [0, 8, -1])
    def test_there_are_1_to_7_bits(self, bits):
        with pytest.raises(InvalidSetting):
            quantized_image_from_pixels(
                picture_of(spread()), path=Path("a.png"), metadata=NO_METADATA, bits=bits
            )

    @pytest.mark.parametrize("value", [0.5, -1.0, 256.0, float("nan"), float("inf")])
    def test_other_than_8_bit_pixels_are_refused(self, value):
        picture = picture_of(spread() & 0xE0)
        picture[1, 2, 3] = value
        with pytest.raises(NotEightBitImage):
            quantized_image_from_pixels(picture, path=Path("a.png"), metadata=NO_METADATA, bits=3)

    def test_a_picture_with_all_its_bits_and_a_missing_one_are_refused(self, tmp_path):
        path = tmp_path / "a.png"
        Image.fromarray(spread()).save(path)
        with pytest.raises(BitDepthNotDetected):
            load_quantized_image(path)
        with pytest.raises(UnreadableFile):
            load_quantized_image(tmp_path / "none.png")
