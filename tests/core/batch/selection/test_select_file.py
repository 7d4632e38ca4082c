"""A rule selects files by their compression, whether they are opened or only listed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from ddrm_core.batch.selection.compression_facts import (
    CompressionFacts,
    compression_facts_from_header,
    find_compression_facts,
)
from ddrm_core.batch.selection.rule import ALL_FILES, OthersPolicy, SelectionRule
from ddrm_core.batch.selection.select_file import OtherReason, select_file
from ddrm_core.errors import InvalidSetting
from ddrm_core.jpeg.header import read_header
from ddrm_core.jpeg.quality_factor import create_standard_tables, find_nearest_quality
from ddrm_core.jpeg.quantization_error import compute_quantization_error, list_chroma_flags
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.recompression import PreviousCompression
from ddrm_core.restoration.assumption import CompressionAssumption
from tests.support.pictures import photograph

BELOW_80 = SelectionRule(below_quality=80)
ASSUMING = SelectionRule(below_quality=80, assume_earlier=True)
SIGN_OF_15 = PreviousCompression(15, 3, 5, "4:2:0", 0.98)
ASSUMED_15 = CompressionAssumption(15, (3, 5))


def facts_of(tables, color_model="YCbCr", previous=None, *, is_damaged=False) -> CompressionFacts:
    """Return the facts of a JPEG with these quantization tables."""
    return CompressionFacts(
        find_nearest_quality(tables),
        compute_quantization_error(tables, color_model),
        color_model,
        previous,
        is_damaged,
    )


def jpeg(quality: int, color_model="YCbCr", previous=None, *, is_damaged=False):
    tables = create_standard_tables(quality, list_chroma_flags(color_model))
    return facts_of(tables, color_model, previous, is_damaged=is_damaged)


def custom(factor: float, color_model="YCbCr"):
    """Return the facts of a JPEG whose steps are those of quality 80 times a factor."""
    tables = create_standard_tables(80, list_chroma_flags(color_model))
    return facts_of([np.ceil(table * factor).astype(np.uint16) for table in tables], color_model)


@pytest.mark.parametrize("color_model", ["grey", "YCbCr", "RGB", "CMYK"])
def test_tables_of_libjpeg_are_selected_below_the_given_quality_alone(color_model):
    selected = [q for q in range(1, 101) if select_file(jpeg(q, color_model), BELOW_80).is_selected]
    assert selected == list(range(1, 80))


@pytest.mark.parametrize("color_model", ["grey", "YCbCr", "CMYK"])
def test_custom_tables_are_selected_if_they_lose_at_least_as_much(color_model):
    assert not custom(1.3, color_model).quality.is_exact
    assert select_file(custom(1.3, color_model), BELOW_80).is_selected
    assert not select_file(custom(0.7, color_model), BELOW_80).is_selected


def test_custom_tables_with_the_error_of_the_given_quality_are_selected():
    """Transposed tables lose as much as libjpeg's, but are custom."""
    tables = [t.reshape(8, 8).T.flatten() for t in create_standard_tables(95, (False, True, True))]
    facts = facts_of(tables)
    assert not facts.quality.is_exact
    assert select_file(facts, SelectionRule(below_quality=95)).is_selected
    assert not select_file(facts, SelectionRule(below_quality=94)).is_selected


def test_files_that_are_left_as_they_are_say_why():
    assert str(select_file(jpeg(92), BELOW_80).other_reason) == ("JPEG quality 92 is not below 80")
    reason = str(select_file(custom(0.7), BELOW_80).other_reason)
    assert reason.startswith("its tables are custom, near 8")
    assert reason.endswith("less than those of JPEG quality 80")


def test_signs_of_an_earlier_compression_select_a_file_only_if_it_is_assumed():
    facts = jpeg(95, previous=SIGN_OF_15)
    left = select_file(facts, BELOW_80)
    assert (left.is_selected, left.assumption, left.sign) == (False, None, SIGN_OF_15)
    restored = select_file(facts, ASSUMING)
    assert (restored.is_selected, restored.assumption, restored.sign) == (
        True,
        ASSUMED_15,
        SIGN_OF_15,
    )
    high = PreviousCompression(85, 0, 0, "4:2:0", 0.98)
    selection = select_file(jpeg(95, previous=high), ASSUMING)
    assert (selection.is_selected, selection.assumption, selection.sign) == (False, None, high)


def test_a_selected_file_is_restored_by_its_own_tables_unless_earlier_ones_are_assumed():
    facts = jpeg(50, previous=SIGN_OF_15)
    assert select_file(facts, BELOW_80).assumption is None
    assert select_file(facts, ALL_FILES).assumption is None
    assert select_file(facts, ASSUMING).assumption == ASSUMED_15
    assert select_file(facts, SelectionRule(assume_earlier=True)).assumption == ASSUMED_15


def test_a_damaged_file_is_assumed_on_its_own_grid_only():
    assert select_file(jpeg(50, previous=SIGN_OF_15, is_damaged=True), ASSUMING).assumption is None
    same_grid = PreviousCompression(15, 0, 0, "4:2:0", 0.98)
    selection = select_file(jpeg(95, previous=same_grid, is_damaged=True), ASSUMING)
    assert selection.assumption == CompressionAssumption(15, (0, 0))


@pytest.mark.parametrize(
    ("previous", "assumed_quality", "reason"),
    [
        (None, None, OtherReason.NO_COMPRESSION),
        (None, 30, None),
        (None, 80, OtherReason.ASSUMED_QUALITY),
        (SIGN_OF_15, None, None),
        (SIGN_OF_15, 90, OtherReason.ASSUMED_QUALITY),
        (PreviousCompression(90, 0, 0, "4:2:0", 0.8), None, OtherReason.ESTIMATED_QUALITY),
        (PreviousCompression(90, 0, 0, "4:2:0", 0.8), 30, None),
    ],
)
def test_pixels_are_selected_by_the_assumed_or_the_estimated_quality(
    previous, assumed_quality, reason
):
    facts = CompressionFacts(previous_compression=previous)
    selection = select_file(facts, BELOW_80, assumed_quality=assumed_quality)
    found = selection.other_reason
    assert (found if found is None or isinstance(found, OtherReason) else found.reason) == reason
    assert selection.sign is None
    assert select_file(facts, ALL_FILES).is_selected


def test_tables_of_a_color_model_that_cannot_be_restored_leave_the_refusal_to_the_run():
    facts = replace(custom(0.7), quantization_error=None, color_model_name="unknown")
    assert select_file(facts, BELOW_80).is_selected


@pytest.mark.parametrize("options", [{}, {"qtables": [[9] * 64] * 2}], ids=["libjpeg", "custom"])
def test_a_header_has_the_facts_about_the_tables_of_its_file(tmp_path, options):
    path = tmp_path / "a.jpg"
    Image.fromarray(photograph(24, 24)).save(path, **{"quality": 20} | options)
    whole = find_compression_facts(read_jpeg(path))
    assert compression_facts_from_header(read_header(path)) == whole
    assert whole.quality.is_exact is (not options)


@pytest.mark.parametrize("quality", [1, 101])
def test_qualities_that_select_nothing_or_everything_are_refused(quality):
    with pytest.raises(InvalidSetting, match="below quality"):
        SelectionRule(below_quality=quality)


def test_a_policy_for_others_needs_a_quality():
    with pytest.raises(InvalidSetting, match="others"):
        SelectionRule(others=OthersPolicy.COPY)
