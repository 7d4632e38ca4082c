"""The inspector and the readout agree with the file's own pixels and levels."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.i18n.translation import set_language
from app.jobs.document.open import open_document
from app.jobs.inspector.inspect import BandInspection, BandInspectionRequest, inspect_pixel
from app.viewmodels.compare.compare import Point
from app.viewmodels.document.recompression import RecompressionChecked, RecompressionUnchecked
from app.viewmodels.inspector.histogram_range import (
    LevelRange,
    central_level_range,
    full_level_range,
    tick_levels,
)
from app.viewmodels.inspector.inspector import (
    InspectorState,
    InspectorViewModel,
    with_band,
)
from app.viewmodels.inspector.inspector_text import (
    band_name,
    band_step_text,
    band_tooltip_text,
    chroma_sampling_text,
    format_signed_number,
    inspector_facts,
    level_tooltip_text,
    pixels_per_chroma_sample,
    quality_factor_exactness_text,
    recompression_text,
)
from app.viewmodels.inspector.pixel_readout import (
    ReadoutViewModel,
    build_pixel_request,
    format_readout,
    format_short_readout,
)
from ddrm_core.jpeg.quality_factor import LibjpegQuality
from ddrm_core.jpeg.recompression import PreviousCompression
from ddrm_core.verification.band_statistics import LevelCounts

SIZE = (53, 37)  # odd numbers that are not multiples of the MCU size


def gradient():
    """Return RGB pixels whose color encodes their position."""
    width, height = SIZE
    y, x = np.mgrid[:height, :width]
    return np.stack([4 * x, 6 * y, 120 + 0 * x], axis=2).astype(np.uint8)


def jpeg(path, orientation=1, mode="RGB", **options):
    image = Image.fromarray(gradient()).convert(mode)
    exif = image.getexif()
    exif[274] = orientation
    image.save(path, quality=options.pop("quality", 90), exif=exif, **options)
    return open_document(path)


class TestReadout:
    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_a_turned_picture_is_read_where_it_is_shown(self, tmp_path, orientation):
        document = jpeg(tmp_path / "a.jpg", orientation)
        shown = document.image.full_size
        width, height = shown.width(), shown.height()
        assert {width, height} == set(SIZE)
        state = InspectorState(document)
        for x, y in [(0, 0), (width - 1, 0), (5, 9), (width - 1, height - 1), (20, 31)]:
            request = build_pixel_request(state, Point(x + 0.7, y + 0.2))
            assert request is not None
            found = inspect_pixel(request)
            colour = shown.pixelColor(x, y)
            seen = (colour.red(), colour.green(), colour.blue())
            assert np.abs(np.subtract(found.before_values, seen)).max() <= 1
            assert f"x {x}, y {y}" in format_readout(found)

    @pytest.mark.parametrize(("mode", "channels"), [("L", 1), ("CMYK", 4)])
    def test_grey_and_ink(self, tmp_path, mode, channels):
        path = tmp_path / "a.jpg"
        document = jpeg(path, mode=mode)
        with Image.open(path) as image:
            pixels = np.asarray(image).reshape(SIZE[1], SIZE[0], channels)
        found = inspect_pixel(build_pixel_request(InspectorState(document), Point(31, 17)))
        assert len(found.before_values) == channels
        assert np.abs(pixels[17, 31].astype(int) - found.before_values).max() <= 1

    def test_the_level_is_the_blocks_own(self, tmp_path):
        document = jpeg(tmp_path / "a.jpg", quality=30)
        state = with_band(InspectorState(document), 1, 8)
        found = inspect_pixel(build_pixel_request(state, Point(20, 17)))
        assert found.coefficient_reading.level == document.source.levels[1][1, 1, 1, 0]
        assert any("Cb block 1, 1" in part for part in format_readout(found))
        assert any(part.startswith("band 0,1: level") for part in format_readout(found))

    def test_beside_the_picture_there_is_nothing(self, tmp_path):
        state = InspectorState(jpeg(tmp_path / "a.jpg"))
        for x, y in [(-0.1, 3), (3, -1), (53, 3), (3, 37)]:
            assert build_pixel_request(state, Point(x, y)) is None
        assert build_pixel_request(InspectorState(), Point(1, 1)) is None

    def test_a_picture_that_is_no_jpeg_has_no_levels(self, tmp_path):
        path = tmp_path / "a.png"
        Image.fromarray(gradient()).save(path)
        found = inspect_pixel(
            build_pixel_request(InspectorState(open_document(path)), Point(20, 17))
        )
        assert found.before_values == (80, 102, 120)
        assert format_readout(found)[-1] == "no JPEG, so no levels"


def test_nothing_is_read_of_the_file_before(qtbot, runner, tmp_path):
    first, second = (InspectorState(jpeg(tmp_path / name)) for name in ("a.jpg", "b.jpg"))
    model, seen = ReadoutViewModel(runner), []
    model.state_changed.connect(lambda state: seen.append(state.inspection))
    model.set_inspector_state(first)
    model.set_pointer_position(Point(5, 9))
    model.set_inspector_state(second)  # before the answer about the first file can arrive
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] is not None)
    assert all(found.request.source is second.document.source for found in seen)


def test_a_band_that_is_found_after_all_is_no_error(qtbot, runner, tmp_path, monkeypatch):
    def broken(_request, _token):
        yield from ()
        raise OSError

    model = InspectorViewModel(runner)
    model.show_document(jpeg(tmp_path / "a.jpg"))
    with monkeypatch.context() as patched:
        patched.setattr("app.viewmodels.inspector.inspector.inspect_band_job", broken)
        model.set_visible(visible=True)
        qtbot.waitUntil(lambda: model.state.error is not None)
    model.set_visible(visible=True)
    qtbot.waitUntil(lambda: model.state.band_inspection is not None)
    assert model.state.error is None


class TestWords:
    def test_bands_are_named_by_their_frequencies(self):
        assert band_name(0) == "DC"
        assert band_name(8 * 1 + 3) == "band 3,1"
        assert band_step_text(8 * 1 + 3, 16) == "horizontal 3, vertical 1: step 16"

    @pytest.mark.parametrize(("band", "order"), [(0, 1), (1, 2), (8, 3), (16, 4), (63, 64)])
    def test_the_order_is_the_zigzags(self, band, order):
        assert f"Number {order} of 64" in band_tooltip_text(band, 5)

    def test_exact_tables_are_told_from_near_ones(self):
        assert (
            quality_factor_exactness_text(LibjpegQuality(12, True))
            == "12, exactly libjpeg's tables"
        )
        assert quality_factor_exactness_text(LibjpegQuality(12, False)).startswith("near 12; ")

    def test_numbers_have_a_minus(self):
        assert [format_signed_number(v, 1) for v in (-3, 2.5, -0.25)] == ["−3", "2.5", "−0.2"]  # noqa: RUF001

    @pytest.mark.parametrize(("subsampling", "shared"), [(0, (1, 1)), (1, (2, 1)), (2, (2, 2))])
    def test_who_shares_a_sample(self, tmp_path, subsampling, shared):
        image = jpeg(tmp_path / "a.jpg", subsampling=subsampling).source
        assert pixels_per_chroma_sample(image) == shared
        words = chroma_sampling_text(image)
        assert ("every component" in words) == (shared == (1, 1))

    def test_grey_is_said_in_the_windows_language(self, tmp_path):
        document = jpeg(tmp_path / "a.jpg", mode="L")
        set_language({"gray": "Grau"})
        try:
            facts = dict(inspector_facts(document))
        finally:
            set_language(None)
        assert (facts["Color"], facts["Sampling"]) == ("Grau", "Grau")

    def test_ink_has_no_brightness(self, tmp_path):
        assert "rightness" not in chroma_sampling_text(jpeg(tmp_path / "a.jpg", mode="CMYK").source)

    def test_a_level_that_one_block_has_is_said_in_words_for_any_number(self, tmp_path):
        request = BandInspectionRequest(jpeg(tmp_path / "a.jpg").source, None, 0, 0)
        found = BandInspection(request, LevelCounts(16, -1, np.array([1, 3])), None)
        assert level_tooltip_text(found, -1).startswith("Level −1: 1 of 4 blocks, 25")  # noqa: RUF001

    def test_facts_say_how_large_metadata_is(self, tmp_path):
        document = jpeg(tmp_path / "a.jpg", comment=b"hello", restart_marker_rows=1)
        facts = dict(inspector_facts(document))
        assert "comment (5 bytes)" in facts["Metadata"]
        assert facts["Restarts"] == "restart markers every 4 MCUs"
        assert facts["JPEG quality"] == "90, exactly libjpeg's tables"


class TestChoosing:
    def test_there_are_only_the_files_components(self, tmp_path):
        state = InspectorState(jpeg(tmp_path / "a.jpg", mode="L"))
        assert with_band(state, 1, 3) is state
        assert with_band(state, 0, 0) is state
        assert with_band(state, 0, 3).band == 3


ranges = st.builds(
    lambda first, count: LevelRange(first, first + count - 1),
    st.integers(-2000, 2000),
    st.integers(1, 3000),
)


class TestRange:
    @given(ranges, ranges)
    def test_it_stays_among_the_levels_there_are(self, one, other):
        found = one.clamped_to(other)
        assert other.first <= found.first <= found.last <= other.last
        assert found.count == min(one.count, other.count)

    @given(ranges, st.sampled_from([1.5, 1 / 1.5, 2.0, 0.5]))
    def test_zooming_keeps_what_was_in_the_middle(self, shown, factor):
        zoomed = shown.zoomed(factor)
        assert (zoomed.count < shown.count) == (factor > 1 and shown.count > 1)
        middle, before = (zoomed.first + zoomed.last) / 2, (shown.first + shown.last) / 2
        assert abs(middle - before) <= 1

    @given(st.lists(st.integers(0, 500), min_size=1, max_size=200), st.integers(-300, 300))
    def test_nearly_all_blocks_are_in_the_interesting_range(self, counts, first):
        counts = np.array(counts, np.int64)
        shown = central_level_range(first, counts)
        assert shown.count >= 5
        levels = np.arange(first, first + len(counts))
        inside = counts[(levels >= shown.first) & (levels <= shown.last)].sum()
        assert inside >= 0.99 * counts.sum() - 1
        assert full_level_range(first, counts).count == len(counts) + 2

    @given(ranges, st.integers(3, 20))
    def test_labels_are_evenly_spaced_with_zero_among_them(self, shown, room):
        levels = tick_levels(shown, room)
        assert len(levels) <= room + 1
        assert all(shown.first <= level <= shown.last for level in levels)
        assert len({b - a for a, b in itertools.pairwise(levels)}) <= 1
        if shown.first <= 0 <= shown.last:
            assert 0 in levels


class TestFacts:
    def test_who_took_the_picture_and_whether_it_says_where(self, tmp_path):
        path = tmp_path / "a.jpg"
        image = Image.fromarray(gradient())
        exif = image.getexif()
        exif[271], exif[272], exif[305] = "Maker", "Box 3", "Editor 7"
        image.save(path, exif=exif)
        facts = dict(inspector_facts(open_document(path)))
        assert facts["Camera"] == "Maker Box 3"
        assert facts["Written by"] == "Editor 7"
        assert facts["Place"] == "not in the metadata"
        assert "Taken" not in facts

    def test_damage_is_said(self, cut):
        facts = dict(inspector_facts(open_document(cut, tolerate_damage=True)))
        assert "restored" in facts["Damage"]

    def test_an_earlier_compression_is_explained(self):
        found = recompression_text(
            RecompressionChecked(PreviousCompression(12, 0, 0, "4:2:0", 0.97))
        )
        assert "quality factor 12 (97 % sure)" in found
        assert recompression_text(RecompressionChecked(None)).startswith("There is no sign")
        assert recompression_text(RecompressionUnchecked()) == ""


def test_the_short_readout_has_the_same_numbers(tmp_path):
    document = jpeg(tmp_path / "a.jpg", quality=30)
    found = inspect_pixel(
        build_pixel_request(with_band(InspectorState(document), 1, 8), Point(20, 17))
    )
    digits = re.compile(r"−?\d+(?:\.\d+)?")  # noqa: RUF001
    words, short = " ".join(format_readout(found)), " ".join(format_short_readout(found))
    assert digits.findall(words) == digits.findall(short)
    assert len(short) < 0.7 * len(words)
