"""The save options that apply to each kind of result."""

from __future__ import annotations

from pathlib import Path

import piexif
import pytest
from PIL import Image

from app.config.save_choices import SaveChoices
from app.viewmodels.export.save_options import (
    ResultTraits,
    SaveOptionsState,
    SaveOptionsViewModel,
    build_save_subject,
)
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.capabilities import (
    BIT_DEPTHS,
    SaveFormat,
    check_format,
    save_format_from_path,
)
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.assumed_levels import assume_quality
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metadata.model import MetadataPolicy
from ddrm_core.problems.bit_depth.image import load_quantized_image

PNG, TIFF, WEBP, JPEG, JPEG_XL, AVIF = SaveFormat
ALL = tuple(SaveFormat)
RGB = ResultTraits(channel_count=3, longest_side=97, is_reoriented=False, has_file_levels=True)
GREY = ResultTraits(channel_count=1, longest_side=97, is_reoriented=True, has_file_levels=True)
CMYK = ResultTraits(channel_count=4, longest_side=97, is_reoriented=False, has_file_levels=True)
WIDE = ResultTraits(channel_count=3, longest_side=16_384, is_reoriented=False, has_file_levels=True)
PART = ResultTraits(
    channel_count=3, longest_side=97, is_reoriented=False, has_file_levels=True, is_region=True
)
ASSUMED = ResultTraits(channel_count=3, longest_side=97, is_reoriented=True, has_file_levels=False)


def test_the_first_choices_are_the_cores():
    assert SaveOptionsState().to_export_settings() == ExportSettings()


@pytest.mark.parametrize(
    ("subject", "choices", "formats", "proposed"),
    [
        (RGB, SaveChoices(), ALL, PNG),
        (RGB, SaveChoices(format=WEBP), ALL, WEBP),
        (RGB, SaveChoices(ExportSettings(16)), (PNG, TIFF, JPEG_XL), PNG),
        (RGB, SaveChoices(ExportSettings(16), TIFF), (PNG, TIFF, JPEG_XL), TIFF),
        (RGB, SaveChoices(ExportSettings(16), JPEG), (PNG, TIFF, JPEG_XL), PNG),
        (RGB, SaveChoices(ExportSettings(10)), (AVIF,), AVIF),
        (RGB, SaveChoices(ExportSettings(32)), (TIFF,), TIFF),
        (RGB, SaveChoices(ExportSettings(32, same_levels=True)), (JPEG,), JPEG),
        (PART, SaveChoices(ExportSettings(32, same_levels=True)), (TIFF,), TIFF),
        (GREY, SaveChoices(), ALL, PNG),
        (CMYK, SaveChoices(), (TIFF, JPEG), TIFF),
        (CMYK, SaveChoices(format=JPEG), (TIFF, JPEG), JPEG),
        (CMYK, SaveChoices(ExportSettings(16)), (TIFF,), TIFF),
        (CMYK, SaveChoices(ExportSettings(same_levels=True)), (JPEG,), JPEG),
        (WIDE, SaveChoices(format=WEBP), (PNG, TIFF, JPEG, JPEG_XL, AVIF), PNG),
        (ASSUMED, SaveChoices(ExportSettings(same_levels=True)), ALL, PNG),
    ],
)
def test_which_formats_are_offered_and_proposed(subject, choices, formats, proposed):
    state = SaveOptionsState(choices, subject)
    assert (state.available_formats, state.proposed_format) == (formats, proposed)
    proposal = state.propose_path(Path("/a/b.c.jpg"))
    assert proposal == Path(f"/a/b.c_restored{proposed.suffixes[0]}")
    assert save_format_from_path(proposal) is proposed


@pytest.mark.parametrize(
    ("subject", "choices", "delivered"),
    [
        (RGB, SaveChoices(ExportSettings(bake_orientation=True)), ExportSettings()),
        (
            GREY,
            SaveChoices(ExportSettings(bake_orientation=True)),
            ExportSettings(bake_orientation=True),
        ),
        (
            GREY,
            SaveChoices(ExportSettings(16, bake_orientation=True, same_levels=True)),
            ExportSettings(same_levels=True),
        ),
        (ASSUMED, SaveChoices(ExportSettings(16, same_levels=True)), ExportSettings(16)),
        (
            RGB,
            SaveChoices(ExportSettings(32, MetadataPolicy.NO_GPS, jpeg_quality=3)),
            ExportSettings(32, MetadataPolicy.NO_GPS, jpeg_quality=3),
        ),
    ],
)
def test_only_what_is_possible_is_in_force(subject, choices, delivered):
    assert SaveOptionsState(choices, subject).to_export_settings() == delivered


@pytest.mark.parametrize(
    ("choices", "can_turn", "has_quality"),
    [
        (SaveChoices(format=JPEG), True, True),
        (SaveChoices(), True, False),
        (SaveChoices(ExportSettings(16), JPEG), True, False),
        (SaveChoices(ExportSettings(same_levels=True)), False, False),
    ],
)
def test_what_can_be_chosen(choices, can_turn, has_quality):
    state = SaveOptionsState(choices, GREY)
    assert (state.can_bake_orientation, state.has_jpeg_quality) == (can_turn, has_quality)


@pytest.mark.parametrize(
    ("subject", "choices", "words"),
    [
        (RGB, SaveChoices(), "8 bits, all metadata"),
        (
            RGB,
            SaveChoices(ExportSettings(jpeg_quality=90), JPEG),
            "8 bits, all metadata, JPEG quality 90: lossy, so not faithful",
        ),
        (
            PART,
            SaveChoices(ExportSettings(same_levels=True)),
            "the restored part alone, 8 bits, all metadata",
        ),
        (
            GREY,
            SaveChoices(ExportSettings(16, MetadataPolicy.NO_GPS)),
            "16 bits, no GPS",
        ),
        (
            GREY,
            SaveChoices(ExportSettings(32, MetadataPolicy.NONE, bake_orientation=True)),
            "32-bit float, no metadata, upright",
        ),
        (
            GREY,
            SaveChoices(ExportSettings(32, same_levels=True)),
            "8 bits, all metadata, same compression as the source",
        ),
    ],
)
def test_words(subject, choices, words):
    assert SaveOptionsState(choices, subject).summary_text() == words


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_the_subject_is_what_the_file_says(tmp_path, mode, orientation):
    path = tmp_path / "a.jpg"
    exif = piexif.dump({"0th": {piexif.ImageIFD.Orientation: orientation}})
    Image.new(mode, (37, 31)).save(path, exif=exif)
    image = read_jpeg(path)
    channels = len(mode)
    assert build_save_subject(image) == ResultTraits(
        channels, 37, orientation != 1, has_file_levels=True
    )
    assert not build_save_subject(assume_quality(image, 20)).has_file_levels
    part = build_save_subject(image, Rectangle(1, 2, 9, 8))
    assert (part.longest_side, part.is_region) == (9, True)


def test_lost_bits_leave_no_tables(banded):
    image = load_quantized_image(banded)
    assert build_save_subject(image) == ResultTraits(
        3, 97, is_reoriented=False, has_file_levels=False
    )


def test_a_file_without_exif_is_upright(photo):
    assert not build_save_subject(read_jpeg(photo)).is_reoriented


@pytest.mark.parametrize(
    ("bits", "save_format", "remaining_bits"),
    [
        (8, AVIF, 8),
        (16, TIFF, 16),
        (16, AVIF, 12),  # the next lower one
        (32, PNG, 16),
        (32, WEBP, 8),
        (10, JPEG_XL, 8),
    ],
)
def test_a_format_takes_the_bits_that_it_has(bits, save_format, remaining_bits):
    model = SaveOptionsViewModel()
    model.set_bits(bits)
    model.set_format(save_format)
    assert (model.state.proposed_format, model.state.bits) == (save_format, remaining_bits)
    assert model.state.bits in model.state.offered_bits


def test_another_format_ends_the_compression_of_the_source():
    model = SaveOptionsViewModel()
    model.set_subject(RGB)
    model.set_same_levels(True)
    assert model.state.proposed_format is JPEG
    model.set_format(PNG)
    assert model.state.to_export_settings() == ExportSettings()


@pytest.mark.parametrize("bits", BIT_DEPTHS)
@pytest.mark.parametrize("subject", [RGB, GREY, CMYK, WIDE, PART, ASSUMED])
@pytest.mark.parametrize("save_format", ALL)
def test_what_is_offered_can_hold_the_result(subject, bits, save_format):
    state = SaveOptionsState(SaveChoices(ExportSettings(bits), save_format), subject)
    assert state.proposed_format in state.offered_formats
    assert state.bits in state.offered_bits
    path = state.propose_path(Path("/a/b.jpg"))
    side = subject.longest_side
    check_format(path, bits=state.bits, channels=subject.channel_count, width=side)


def test_the_chosen_folder_is_that_of_the_proposed_path():
    model = SaveOptionsViewModel()
    assert model.state.propose_path(Path("/a/b.jpg")) == Path("/a/b_restored.png")
    model.set_folder(Path("/c"))
    assert model.state.propose_path(Path("/a/b.jpg")) == Path("/c/b_restored.png")


def test_choices_outlive_what_overrides_them(qtbot):
    model = SaveOptionsViewModel()
    model.set_subject(GREY)
    model.set_bits(16)
    model.set_upright(True)
    model.set_same_levels(True)
    assert (model.state.bits, model.state.should_bake_orientation) == (8, False)
    with qtbot.waitSignal(model.state_changed):
        model.set_same_levels(False)
    assert (model.state.bits, model.state.should_bake_orientation) == (16, True)
    with qtbot.assertNotEmitted(model.state_changed):
        model.set_bits(16)
    model.set_metadata_policy(MetadataPolicy.NONE)
    model.set_jpeg_quality(1)
    wanted = ExportSettings(16, MetadataPolicy.NONE, True, 1)
    assert model.state.to_export_settings() == wanted
