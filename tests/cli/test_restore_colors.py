"""Results keep the colors of their source, however the source declares its color space."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import piexif
import pytest
import torch
from PIL import Image, ImageCms

from ddrm_core.formats.load import load_image
from ddrm_core.formats.save import encode_image
from ddrm_core.metadata.model import Metadata
from tests.support.cli_pictures import opened
from tests.support.color_profiles import D65, grey_profile, matrix, to_srgb

QUICK = ("--preset", "fast", "--steps", 1)
ADOBE = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))  # Adobe RGB (1998), 2005-05
INTEROPERABILITY = 0xA005


def adobe_exif(orientation: int = 6) -> bytes:
    """Return EXIF data as a camera writes them if set to Adobe RGB."""
    return piexif.dump(
        {
            "0th": {0x10F: b"Maker", 0x112: orientation},
            "Exif": {0xA001: 0xFFFF, 0xA002: 97, 0xA003: 70},
            "Interop": {1: b"R03"},
        }
    )


@pytest.fixture
def adobe(tmp_path: Path, original: Image.Image) -> Path:
    path = tmp_path / "_adobe.jpg"
    original.save(path, quality=15, exif=adobe_exif())
    return path


def tells_adobe_rgb(path: Path) -> bool:
    """Return whether a file states Adobe RGB: a PNG or WebP by a profile, others by EXIF data."""
    with Image.open(path) as image:
        if path.suffix in (".png", ".webp"):
            profile = image.info.get("icc_profile")
            return profile is not None and is_adobe(profile)
        exif = image.getexif()
        number = exif.get_ifd(0x8769).get(0xA001)
        return (number, exif.get_ifd(INTEROPERABILITY).get(1)) == (0xFFFF, "R03")


def is_adobe(profile: bytes) -> bool:
    """Return whether an ICC profile converts colors like the formulas of Adobe RGB (1998)."""
    rng = np.random.default_rng(2)
    pixels = rng.integers(0, 256, (9, 8, 3), np.uint8)
    expected = 255 * to_srgb(pixels, matrix(ADOBE, D65), lambda v: v ** (563 / 256))
    return bool(np.abs(shown(Image.fromarray(pixels), profile) - expected).max() < 1)


def shown(image: Image.Image, profile: bytes) -> np.ndarray:
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    flags = ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.NOOPTIMIZE
    intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
    srgb = ImageCms.createProfile("sRGB")
    return np.asarray(
        ImageCms.profileToProfile(image, source, srgb, intent, "RGB", flags=flags), int
    )


class TestAdobeRgbByExifAlone:
    @pytest.mark.parametrize("policy", ["all", "no-gps", "none"])
    @pytest.mark.parametrize("name", ["r.jpg", "r.png", "r.webp", "r.tiff"])
    def test_every_result_tells_it(self, run, adobe, tmp_path, name, policy):
        target = tmp_path / name
        result = run("restore", adobe, "-o", target, *QUICK, "--metadata", policy)
        assert result.exit_code == 0, result.stderr
        assert tells_adobe_rgb(target)
        with Image.open(target) as image:
            assert image.getexif()[0x112] == 6

    def test_so_do_samples_spread_regions_and_turned_pictures(self, run, adobe, tmp_path):
        folder = tmp_path / "samples"
        folder.mkdir()
        more = ("--samples", 2, "--spread", tmp_path / "spread.webp", "--samples-dir", folder)
        odd = ("--region", "8,8,40,30", "--bake-orientation", "--metadata", "none")
        for name in ("part.png", "part.jpg"):
            target = tmp_path / name
            result = run("restore", adobe, "-o", target, *QUICK, *more, *odd, "--overwrite")
            assert result.exit_code == 0, result.stderr
            assert tells_adobe_rgb(target)
            assert opened(target).getexif()[0x112] == 1
        assert tells_adobe_rgb(tmp_path / "spread.webp")
        samples = list(folder.iterdir())
        assert len(samples) >= 4
        assert all(tells_adobe_rgb(sample) for sample in samples)

    def test_so_does_a_jpeg_of_the_same_levels(self, run, adobe, tmp_path):
        target = tmp_path / "r.jpg"
        options = ("--jpeg-same-levels", "--metadata", "none")
        assert run("restore", adobe, "-o", target, *QUICK, *options).exit_code == 0
        assert tells_adobe_rgb(target)

    @pytest.mark.parametrize("name", ["s.png", "s.webp", "s.tiff"])
    def test_so_do_results_of_other_formats(self, run, adobe, tmp_path, name):
        source, target = tmp_path / name, tmp_path / "r.png"
        pixels = torch.from_numpy(np.asarray(opened(adobe)).transpose(2, 0, 1).astype(np.float32))
        metadata = Metadata(exif=adobe_exif().removeprefix(b"Exif\0\0"))
        source.write_bytes(encode_image(pixels, source, bits=8, metadata=metadata).data)
        result = run("restore", source, "-o", target, *QUICK, "--quality", 15)
        assert result.exit_code == 0, result.stderr
        assert tells_adobe_rgb(target)

    def test_so_do_lower_bits(self, run, tmp_path, original):
        source, target = tmp_path / "banded.png", tmp_path / "r.webp"
        pixels = np.asarray(original) & 0xE0
        Image.fromarray(pixels).save(source, exif=adobe_exif(1))
        result = run("dequantize", source, "-o", target, *QUICK, "--bits-per-channel", 3)
        assert result.exit_code == 0, result.stderr
        assert tells_adobe_rgb(target)

    def test_inspect_names_it(self, run, adobe, photo, tmp_path):
        assert "Adobe RGB, told by EXIF" in run("inspect", adobe).stdout
        report = json.loads(run("inspect", adobe, "--json").stdout)
        assert report["color_space"] == "Adobe RGB"
        assert report["color_space_told_by"] == "EXIF"
        assert json.loads(run("inspect", photo, "--json").stdout)["color_space"] == "not stated"
        target = tmp_path / "r.png"
        run("restore", adobe, "-o", target, *QUICK)
        name = "Compatible with Adobe RGB (1998)"
        assert f"{name}, by its profile" in run("inspect", target).stdout
        report = json.loads(run("inspect", target, "--json").stdout)
        assert (report["color_space"], report["color_space_told_by"]) == (name, "profile")


def test_a_tiff_with_a_pointer_to_nowhere_keeps_what_else_it_says(run, tmp_path, original):
    """Pillow writes EXIF data with a pointer to a directory that it does not write.

    The other entries are still read.
    """
    source, target = tmp_path / "s.tiff", tmp_path / "r.jpg"
    original.save(source, exif=adobe_exif())
    result = run("restore", source, "-o", target, *QUICK, "--quality", 15)
    assert result.exit_code == 0, result.stderr
    found = opened(target).getexif()
    assert (found[0x112], found[0x10F]) == (6, "Maker")
    assert "uncalibrated, told by EXIF" in run("inspect", target).stdout


@pytest.mark.parametrize("gamma", [1.0, 1.8])
def test_a_gray_picture_looks_the_same_as_webp(run, tmp_path, original, gamma):
    source, webp, tiff = tmp_path / "gray.jpg", tmp_path / "r.webp", tmp_path / "r.tiff"
    original.convert("L").save(source, quality=15, icc_profile=grey_profile(gamma))
    result = run("restore", source, "-o", webp, *QUICK)
    assert result.exit_code == 0, result.stderr
    assert run("restore", source, "-o", tiff, *QUICK).exit_code == 0
    (line,) = [line for line in result.stderr.splitlines() if "profile" in line]
    assert line == "Note: The gray profile became an RGB one with its curve: WebP has no gray."
    pictures = [opened(webp), opened(tiff)]
    assert pictures[1].info["icc_profile"] == grey_profile(gamma)
    first, second = (shown(p, p.info["icc_profile"]) for p in pictures)
    assert np.abs(first - second).max() <= 1


def test_a_gray_profile_on_color_is_left_out_and_said(run, tmp_path, original):
    source, target = tmp_path / "odd.jpg", tmp_path / "r.png"
    original.save(source, quality=15, icc_profile=grey_profile(1.8))
    result = run("restore", source, "-o", target, *QUICK)
    assert result.exit_code == 0
    assert "The color profile was left out: it is for GRAY, the picture is RGB." in result.stderr
    assert "icc_profile" not in opened(target).info


class TestSizes:
    @pytest.mark.parametrize("name", ["r.jpg", "r.png", "r.tiff"])
    @pytest.mark.parametrize(
        ("options", "size"),
        [
            ((), (97, 70)),
            (("--region", "8,16,41,31"), (41, 31)),
            (("--bake-orientation",), (70, 97)),
            (("--region", "8,16,41,31", "--bake-orientation"), (31, 41)),
        ],
    )
    def test_exif_says_the_size_of_the_result(self, run, adobe, tmp_path, name, options, size):
        target = tmp_path / name
        assert run("restore", adobe, "-o", target, *QUICK, *options).exit_code == 0
        with Image.open(target) as image:  # not loaded, since Pillow turns a TIFF when loading
            inner = image.getexif().get_ifd(0x8769)
        assert (inner[0xA002], inner[0xA003]) == size
        assert tuple(load_image(target).pixels.shape[:0:-1]) == size
