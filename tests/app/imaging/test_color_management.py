"""Images are displayed upright and in the colors of the file, before and after a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps
from skimage.color import deltaE_ciede2000, rgb2lab

from app.imaging.color_management import DisplayTransform
from app.imaging.qimage import pixels_from_qimage
from app.jobs.document.open import open_document
from app.jobs.run.restore import StepEstimate, result_from_estimate
from ddrm_core.cancel import CancelToken
from ddrm_core.formats.save import encode_image
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.metadata.exif import create_exif
from ddrm_core.metadata.model import Metadata
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.color_profiles import (
    D50,
    D65,
    P3,
    P3_PROFILE,
    PROPHOTO,
    PROPHOTO_PROFILE,
    SRGB,
    grey_profile,
    matrix,
    rgb_profile,
    srgb_linear,
    to_srgb,
)

ORIENTATIONS = range(1, 9)
ADOBE = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))  # Adobe RGB (1998), 2005-05
WIDE = {
    "Display P3": (P3_PROFILE, matrix(P3, D65), srgb_linear),
    "ProPhoto": (PROPHOTO_PROFILE, matrix(PROPHOTO, D50), lambda v: v**1.8),
}


def noise(*shape):
    return np.random.default_rng(7).integers(0, 256, shape, np.uint8)


def exif_saying(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


def screen(picture):
    """Return the pixels (h, w, 3) of an image for the screen."""
    return pixels_from_qimage(picture.full_size)


def colour_error(one, other):
    """Return the mean CIEDE2000 difference of two sRGB images, 8-bit or in 0..1."""
    return deltaE_ciede2000(rgb2lab(one), rgb2lab(other)).mean()


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("grey", [False, True])
def test_every_orientation_stands_as_pillow_stands_it(orientation, grey):
    pixels = noise(31, 37) if grey else noise(31, 37, 3)
    stored = Image.fromarray(pixels)
    stored.getexif()[0x0112] = orientation
    shown = DisplayTransform(None, orientation, 1 if grey else 3).to_display_pixels(pixels)
    assert np.array_equal(shown, np.asarray(ImageOps.exif_transpose(stored)))


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_rectangle_keeps_its_pixels_when_turned(orientation):
    pixels = noise(31, 37)
    display = DisplayTransform(None, orientation, 1)
    part = display.to_upright(pixels[5:20, 9:13])
    shown = display.to_upright_rectangle(Rectangle(9, 5, 4, 15), (37, 31))
    whole = display.to_upright(pixels)
    there = whole[shown.top : shown.bottom, shown.left : shown.right]
    assert np.array_equal(there, part)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_files_open_upright(tmp_path, original, orientation):
    path = tmp_path / "turned.jpg"
    original.save(path, quality=60, exif=exif_saying(orientation))
    document = open_document(path)
    with Image.open(path) as decoded:
        expected = np.asarray(ImageOps.exif_transpose(decoded))
    assert np.array_equal(screen(document.image), expected)
    assert document.display.is_reoriented == (orientation != 1)


@pytest.mark.parametrize("exif", [exif_saying(0), exif_saying(9), b"", b"MM\0*", b"II*\0" * 9])
def test_an_orientation_that_makes_no_sense_is_none(tmp_path, original, exif):
    path = tmp_path / "odd.jpg"
    original.save(path, exif=exif)
    assert not open_document(path).display.is_reoriented


@pytest.mark.parametrize("channels", [1, 3])
def test_untagged_pixels_are_shown_as_they_are(channels):
    pixels = noise(31, 37) if channels == 1 else noise(31, 37, 3)
    assert (
        DisplayTransform(None, 1, channels).to_display_pixels(pixels).tobytes() == pixels.tobytes()
    )


@pytest.mark.parametrize("name", WIDE)
def test_wide_gamut_colours_are_the_profiles(name, original):
    profile, to_xyz, linear = WIDE[name]
    pixels = np.asarray(original)
    shown = DisplayTransform(profile, 1, 3).to_display_pixels(pixels)
    expected = to_srgb(pixels, to_xyz, linear)
    assert colour_error(shown, expected) < 0.5
    assert colour_error(pixels, expected) > 1  # ignoring the profile would fail the test


@pytest.mark.parametrize("name", ["camera.jpg", "camera.tiff", "camera.webp"])
def test_adobe_rgb_that_exif_tells_is_shown_as_such(tmp_path, original, name):
    """Cameras store Adobe RGB without an ICC profile.

    The color space is stated by two numbers that EXIF 2.32 and DCF 2.0 define.
    """
    path, pixels = tmp_path / name, np.asarray(original)
    picture = torch.from_numpy(pixels.transpose(2, 0, 1).astype(np.float32))
    plain = Metadata(exif=create_exif(1, "", is_adobe_rgb=True))
    path.write_bytes(encode_image(picture, path, bits=8, metadata=plain, jpeg_quality=100).data)
    document = open_document(path)
    expected = to_srgb(pixels, matrix(ADOBE, D65), lambda v: v ** (563 / 256))
    assert colour_error(screen(document.image), expected) < 1
    assert colour_error(pixels, expected) > 1.5  # taking the pixels for sRGB would fail the test
    assert not document.display.has_unusable_profile


def test_srgbs_own_profile_changes_next_to_nothing(original):
    pixels = np.asarray(original)
    shown = DisplayTransform(rgb_profile(SRGB, D65, None), 1, 3).to_display_pixels(pixels)
    assert np.abs(shown.astype(int) - pixels).max() <= 1


@pytest.mark.parametrize("gamma", [1.0, 1.75, 2.25])
def test_grey_profiles_count_too(gamma):
    pixels = noise(31, 37)
    shown = DisplayTransform(grey_profile(gamma), 1, 1).to_display_pixels(pixels)
    channels = np.repeat(pixels[:, :, None], 3, 2)
    expected = 255 * to_srgb(channels, matrix(SRGB, D65), lambda v: v**gamma)
    assert np.abs(shown - expected).max() <= 1


def test_grey_pixels_with_a_profile_for_colours_are_three_equal_channels():
    pixels = noise(31, 37)
    shown = DisplayTransform(PROPHOTO_PROFILE, 1, 1).to_display_pixels(pixels)
    colours = DisplayTransform(PROPHOTO_PROFILE, 1, 3).to_display_pixels(
        np.repeat(pixels[:, :, None], 3, 2)
    )
    assert np.abs(shown.astype(int) - colours).max() <= 1


def test_ink_without_a_profile_is_multiplied():
    ink = noise(31, 37, 4)
    shown = DisplayTransform(None, 1, 4).to_display_pixels(ink)
    paper = 1 - ink / 255
    assert np.abs(shown - 255 * paper[:, :, :3] * paper[:, :, 3:]).max() <= 1
    assert (
        DisplayTransform(None, 1, 4).to_display_pixels(np.zeros((3, 5, 4), np.uint8)) == 255
    ).all()


@pytest.mark.parametrize(
    ("profile", "channels"),
    [
        (b"", 3),
        (b"not a profile", 3),
        (P3_PROFILE[:200], 3),
        (P3_PROFILE.replace(b"rXYZ", b"none"), 3),
        (grey_profile(1.0), 3),
        (P3_PROFILE, 4),
    ],
)
def test_pixels_whose_profile_is_not_usable_are_shown_as_untagged(profile, channels):
    pixels = noise(31, 37, channels)
    display = DisplayTransform(profile, 1, channels)
    assert display.has_unusable_profile
    assert np.array_equal(
        display.to_display_pixels(pixels),
        DisplayTransform(None, 1, channels).to_display_pixels(pixels),
    )


def test_mutated_profiles_do_no_harm():
    rng = np.random.default_rng(20260101)
    pixels = noise(5, 7, 3)
    for _ in range(300):
        profile = np.frombuffer(P3_PROFILE[:600], np.uint8).copy()
        profile[rng.integers(0, len(profile), 4)] = rng.integers(0, 256, 4)
        assert DisplayTransform(profile.tobytes() + P3_PROFILE[600:], 6, 3).to_display_pixels(
            pixels
        ).shape == (7, 5, 3)


def test_large_pictures_are_converted_in_bands_without_a_seam():
    pixels, display = noise(31, 37, 3), DisplayTransform(P3_PROFILE, 1, 3)
    whole = display.to_display_pixels(pixels)
    assert np.array_equal(display.to_display_pixels(pixels, chunk_pixels=100), whole)


@pytest.mark.parametrize("name", [*WIDE, "untagged"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_the_same_pixels_look_the_same_before_and_after(
    tmp_path, original, engine, name, orientation
):
    path = tmp_path / "picture.jpg"
    profile = WIDE[name][0] if name in WIDE else None
    exif = exif_saying(orientation)
    original.save(path, quality=90, subsampling=0, icc_profile=profile, exif=exif)
    document = open_document(path)
    # `paper` keeps an estimate unchanged, so the file's own pixels can be the result.
    settings = SamplerSettings(steps=1, samples=1, correction="paper")
    run = create_jpeg_run(document.source, engine.load("cpu"), settings, seed=1)
    with Image.open(path) as decoded:
        pixels = torch.from_numpy(np.asarray(decoded, np.float32))
    x = pixels.permute(2, 0, 1)[None] / 127.5 - 1
    step = replace(next(restore(run, CancelToken())), estimates=x)
    after = screen(result_from_estimate(StepEstimate(run, step, 1.0)).image)
    before = screen(document.image)
    assert before.shape == after.shape == ((64, 97, 3) if orientation == 1 else (97, 64, 3))
    assert colour_error(before, after) == 0


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_shown_rectangle_is_found_in_the_stored_picture(orientation):
    stored = np.arange(7 * 11).reshape(7, 11)
    display = DisplayTransform(None, orientation, 1)
    shown = display.to_upright(stored)
    wanted = Rectangle(1, 2, 4, 3)
    there = display.to_stored_rectangle(wanted, (11, 7))
    whole = Rectangle(0, 0, shown.shape[1], shown.shape[0])
    ours = stored[there.slices_in(Rectangle(0, 0, 11, 7))]
    theirs = shown[wanted.slices_in(whole)]
    assert sorted(ours.ravel()) == sorted(theirs.ravel())
    assert np.array_equal(display.to_upright(ours), theirs)
