"""Estimated quality factors, compared with libjpeg's scale."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from ddrm_core.jpeg.quality_factor import (
    LUMA_BASE_TABLE,
    LibjpegQuality,
    create_standard_tables,
    find_nearest_quality,
    scale_table,
)
from tests.support.pictures import jpeg_bytes, photograph


@pytest.fixture(scope="module")
def written_tables(tmp_path_factory):
    """Return Pillow's quantization tables by quality factor: {quality: [luma, chroma]}."""
    tables = {}
    path = tmp_path_factory.mktemp("q") / "a.jpg"
    pixels = photograph(8, 8)
    for quality in range(1, 101):
        path.write_bytes(jpeg_bytes(pixels, quality=quality))
        with Image.open(path) as image:
            tables[quality] = image.quantization
    return tables


@pytest.mark.parametrize("components", [1, 3])
def test_tables_are_libjpegs_and_the_quality_is_found_again(written_tables, components):
    for quality, written in written_tables.items():
        ours = create_standard_tables(quality, (False, True, True)[:components])
        expected = [written[0], written[1], written[1]][:components]
        assert [t.tolist() for t in ours] == expected, quality
        found = find_nearest_quality(ours)
        assert (found.factor, found.is_exact) == (quality, True)
        assert str(found) == str(quality)


@pytest.mark.parametrize("quality", [1, 10, 50, 90])
def test_other_tables_are_custom(quality):
    tables = [t.copy() for t in create_standard_tables(quality, (False, True, True))]
    tables[1][5] += 1
    found = find_nearest_quality(tables)
    assert (found.factor, found.is_exact) == (quality, False)
    assert str(found) == f"custom, near {quality}"


def test_flat_tables_have_a_nearest_quality():
    found = [find_nearest_quality([np.full(64, s, np.uint16)] * 3) for s in (1, 4, 16, 64, 255)]
    assert found[0].is_exact
    assert not any(f.is_exact for f in found[1:-1])
    factors = [f.factor for f in found]
    assert factors == sorted(factors, reverse=True)


@pytest.mark.parametrize("quality", [3, 20, 75, 98])
def test_one_table_for_all_components_is_on_the_scale(quality):
    luma, chroma = create_standard_tables(quality, (False, True))
    found = find_nearest_quality([luma, luma, luma])
    assert (found.factor, found.is_exact) == (quality, True)
    assert find_nearest_quality([luma, chroma, chroma, luma]).is_exact


@pytest.mark.parametrize("quality", [1, 4, 10])
def test_tables_of_16_bits_are_on_the_scale(quality):
    wide = scale_table(LUMA_BASE_TABLE, quality, max_step=32767)
    assert wide.max() > 255
    assert find_nearest_quality([wide]) == LibjpegQuality(quality, True)
