"""The error that follows from tables alone: its scale, its order, its measured size."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.jpeg.linear_maps.color import create_color_model
from ddrm_core.jpeg.quality_factor import create_standard_tables
from ddrm_core.jpeg.quantization_error import (
    compute_quantization_error,
    compute_standard_error,
    list_chroma_flags,
)
from ddrm_core.jpeg.read import read_jpeg
from tests.support.pictures import jpeg_bytes

ORIGINAL = EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")
COLOR_MODELS = ["grey", "YCbCr", "RGB", "CMYK", "YCCK"]


@pytest.mark.parametrize("color_model", COLOR_MODELS)
def test_the_error_falls_strictly_with_quality(color_model):
    errors = [compute_standard_error(q, color_model) for q in range(2, 101)]
    assert all(a > b for a, b in itertools.pairwise(errors))


@pytest.mark.parametrize("color_model", COLOR_MODELS)
def test_components_weigh_what_they_change_in_the_channels(color_model):
    """Tables of ones leave an error variance of 1/12 in each band of each component."""
    model = create_color_model(color_model)
    ones = [np.ones(64, np.uint16)] * len(model.component_names)
    expected = float((model.from_planes_matrix**2).mean(0).sum()) / 12
    assert compute_quantization_error(ones, color_model) ** 2 == pytest.approx(expected, rel=1e-6)
    assert list(list_chroma_flags(color_model)) == model.is_chroma.tolist()


@pytest.mark.parametrize("quality", [5, 10, 30])
def test_the_error_is_near_the_one_that_libjpeg_makes(tmp_path, quality):
    with Image.open(ORIGINAL) as original:
        pixels = np.asarray(original)
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg_bytes(pixels, quality=quality))
    with Image.open(path) as shown:
        error = np.asarray(shown).astype(float) - pixels
    measured = float((error**2).mean() ** 0.5)
    expected = compute_quantization_error(read_jpeg(path).quantization_tables, "YCbCr")
    assert expected == pytest.approx(measured, rel=0.35)


def test_coarser_chroma_has_more_error():
    luma, chroma = create_standard_tables(50, (False, True))
    gray = compute_quantization_error([luma], "grey")
    fine = compute_quantization_error([luma, chroma, chroma], "YCbCr")
    assert compute_quantization_error([luma, chroma, 2 * chroma], "YCbCr") > fine > gray


@pytest.mark.parametrize(("color_model", "count"), [("YCbCr", 1), ("grey", 3), ("unknown", 3)])
def test_tables_without_their_color_model_are_refused(color_model, count):
    with pytest.raises(ValueError, match=r".+"):
        compute_quantization_error([np.ones(64, np.uint16)] * count, color_model)
