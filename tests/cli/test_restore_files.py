"""Formats, metadata, records, and files other than intact JPEGs, as users meet these."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import numpy as np
import piexif
import pytest
import tifffile
from PIL import Image, ImageOps

from ddrm_core.formats.load import load_image
from ddrm_core.metadata.exif import read_orientation
from tests.support.cli_pictures import opened
from tests.support.color_profiles import P3_PROFILE

QUICK = ("--preset", "fast", "--steps", 1)
PLACE = {piexif.GPSIFD.GPSLatitudeRef: b"N", piexif.GPSIFD.GPSLatitude: ((47, 1), (3, 1), (5, 1))}


@pytest.fixture
def camera(tmp_path: Path, original: Image.Image) -> Path:
    """Return the path of a JPEG with EXIF orientation, GPS data and a color profile."""
    exif = piexif.dump({"0th": {piexif.ImageIFD.Orientation: 6}, "GPS": PLACE})
    path = tmp_path / "camera.jpg"
    original.save(path, quality=15, exif=exif, icc_profile=P3_PROFILE)
    return path


@pytest.mark.parametrize("name", ["r.png", "r.tif", "r.webp", "r.jpg", "r.jxl", "r.avif"])
def test_every_format_holds_the_same_picture(run, photo, tmp_path, name):
    png, other = tmp_path / "plain.png", tmp_path / name
    run("restore", photo, "-o", png, *QUICK)
    assert run("restore", photo, "-o", other, *QUICK, "--overwrite").exit_code == 0
    found = load_image(other).pixels.permute(1, 2, 0).numpy()
    error = np.abs(np.asarray(opened(png), int) - found)
    assert error.mean() <= (2 if name == "r.jpg" else 0)


def test_16_bits_come_from_the_float_result(run, photo, tmp_path):
    exact, fine = tmp_path / "exact.tiff", tmp_path / "fine.tiff"
    assert run("restore", photo, "-o", exact, *QUICK, "--bits", 32).exit_code == 0
    assert run("restore", photo, "-o", fine, *QUICK, "--bits", 16).exit_code == 0
    expected = tifffile.imread(exact).clip(0, 255) * 257
    assert np.abs(tifffile.imread(fine) - expected).max() <= 0.51


def test_the_same_levels_come_back_in_a_jpeg(run, photo, tmp_path):
    target = tmp_path / "again.jpg"
    result = run("restore", photo, "-o", target, *QUICK, "--jpeg-same-levels")
    assert result.exit_code == 0
    assert "levels are not the file's own" not in result.stderr
    assert np.array_equal(np.asarray(opened(target)), np.asarray(opened(photo)))


class TestDate:
    IN_1999 = 915_148_800

    @pytest.fixture
    def old(self, photo: Path) -> Path:
        os.utime(photo, (self.IN_1999, self.IN_1999))
        return photo

    def test_every_file_has_the_date_of_the_source(self, run, old, tmp_path):
        folder = tmp_path / "samples"
        folder.mkdir()
        more = ("--samples", 2, "--spread", tmp_path / "spread.png", "--samples-dir", folder)
        assert run("restore", old, "-o", tmp_path / "r.png", *QUICK, *more).exit_code == 0
        written = [tmp_path / "r.png", tmp_path / "spread.png", *folder.iterdir()]
        assert len(written) > 3
        assert {path.stat().st_mtime for path in written} == {self.IN_1999}

    def test_the_date_is_that_of_today_when_asked(self, run, old, tmp_path):
        target = tmp_path / "r.png"
        assert run("restore", old, "-o", target, *QUICK, "--no-keep-date").exit_code == 0
        assert target.stat().st_mtime > self.IN_1999 + 10**8


class TestOrientation:
    def test_it_is_kept_or_baked(self, run, camera, tmp_path):
        kept, baked = tmp_path / "kept.png", tmp_path / "baked.png"
        assert run("restore", camera, "-o", kept, *QUICK).exit_code == 0
        assert run("restore", camera, "-o", baked, *QUICK, "--bake-orientation").exit_code == 0
        assert opened(kept).getexif()[274] == 6
        assert opened(kept).size == opened(camera).size
        assert opened(baked).getexif()[274] == 1
        turned = ImageOps.exif_transpose(opened(kept))
        assert np.array_equal(np.asarray(turned), np.asarray(opened(baked)))

    @pytest.mark.parametrize("name", ["r.jxl", "r.avif"])
    def test_formats_whose_readers_ignore_it_get_upright_pixels(self, run, camera, tmp_path, name):
        baked, target = tmp_path / "baked.png", tmp_path / name
        assert run("restore", camera, "-o", baked, *QUICK, "--bake-orientation").exit_code == 0
        assert run("restore", camera, "-o", target, *QUICK).exit_code == 0
        loaded = load_image(target)
        assert read_orientation(loaded.metadata.exif) == 1
        assert loaded.metadata.icc_profile == P3_PROFILE
        pixels = loaded.pixels.permute(1, 2, 0).numpy()
        assert np.array_equal(pixels, np.asarray(opened(baked)))
        report = json.loads(run("verify", target, "--against", camera, "--json").stdout)
        assert report["inside"] > 0.9

    def test_a_turned_result_is_verified_too(self, run, camera, tmp_path):
        baked = tmp_path / "baked.tiff"
        run("restore", camera, "-o", baked, *QUICK, "--bake-orientation", "--bits", 16)
        report = json.loads(run("verify", baked, "--against", camera, "--json").stdout)
        assert report["inside"] > 0.99


class TestFullExif:
    @pytest.mark.parametrize("size", [60_000, 65_500])
    def test_a_result_keeps_date_camera_place_and_orientation(self, run, tmp_path, size):
        """The EXIF data of the source are nearly as large as a JPEG allows.

        The result's thumbnail does not fit, but the other entries are kept.
        """
        source, target = tmp_path / "full.jpg", tmp_path / "r.jpg"
        pixels = np.random.default_rng(1).integers(0, 256, (120, 160, 3), np.uint8)
        small = io.BytesIO()
        Image.new("RGB", (16, 12)).save(small, "JPEG")

        def exif(note: int) -> bytes:
            parts = {
                "0th": {0x10F: b"A maker", 0x112: 6},
                "Exif": {0x9003: b"2020:02:03 04:05:06", 0x927C: b"NOTE" + bytes(note)},
                "GPS": PLACE,
                "1st": {0x103: 6},
            }
            return piexif.dump(parts | {"thumbnail": small.getvalue()})

        Image.fromarray(pixels).save(source, quality=50, exif=exif(size - len(exif(0))))
        assert run("restore", source, "-o", target, *QUICK).exit_code == 0
        found = piexif.load(str(target))
        assert (found["0th"][0x10F], found["0th"][0x112]) == (b"A maker", 6)
        assert found["Exif"][0x9003] == b"2020:02:03 04:05:06"
        assert found["Exif"][0x927C].startswith(b"NOTE")
        assert found["GPS"] == PLACE


class TestMetadata:
    @pytest.mark.parametrize(
        ("policy", "gps", "profile"), [("all", 1, 1), ("no-gps", 0, 1), ("none", 0, 1)]
    )
    def test_the_place_goes_when_asked(self, run, camera, tmp_path, policy, gps, profile):
        target = tmp_path / "r.png"
        assert run("restore", camera, "-o", target, *QUICK, "--metadata", policy).exit_code == 0
        image = opened(target)
        assert bool(image.getexif().get_ifd(0x8825)) == bool(gps)
        assert ("icc_profile" in image.info) == bool(profile)
        assert image.getexif()[274] == 6

    def test_what_a_format_cannot_hold_is_said(self, run, photo, tmp_path):
        result = run("restore", photo, "-o", tmp_path / "r.webp", *QUICK)
        assert result.exit_code == 0
        notes = [line for line in result.stderr.splitlines() if line.startswith("Note: ")]
        assert len([line for line in notes if "comment" in line]) == 1


class TestRecord:
    def test_a_run_is_repeated_from_its_result(self, run, photo, tmp_path):
        first, again = tmp_path / "first.tiff", tmp_path / "again.tiff"
        odd = ("--steps", 2, "--samples", 3, "--eta", 0.7, "--seed", 11, "--quality", 7)
        assert run("restore", photo, "-o", first, *odd).exit_code == 0
        assert run("restore", photo, "-o", again, "--like", first).exit_code == 0
        assert np.array_equal(tifffile.imread(first), tifffile.imread(again))

    def test_given_options_come_before_the_record(self, run, photo, tmp_path):
        first, again = tmp_path / "first.png", tmp_path / "again.png"
        run("restore", photo, "-o", first, *QUICK)
        result = run("restore", photo, "-o", again, "--like", first, "--seed", 5, "--steps", 2)
        assert "2 evaluations" in result.stdout
        assert "seed 5" in result.stdout

    def test_a_note_names_the_file_and_not_a_setting_of_the_record(self, run, photo, tmp_path):
        first, cut = tmp_path / "first.png", tmp_path / "cut.jpg"
        run("restore", photo, "-o", first, *QUICK)
        cut.write_bytes(photo.read_bytes()[:-400])
        options = ("--like", first, "--tolerate-damage")
        result = run("restore", cut, "-o", tmp_path / "r.png", *options)
        assert result.exit_code == 0, result.stderr
        assert f"Note: {cut} is damaged: " in result.stderr

    def test_a_picture_without_a_record(self, run, photo, tmp_path):
        result = run("restore", photo, "-o", tmp_path / "r.png", "--like", photo)
        assert result.exit_code == 1
        assert "no record" in result.stderr

    def test_a_preset_and_a_record_contradict(self, run, photo):
        assert run("restore", photo, "--preset", "fast", "--like", photo).exit_code == 2


class TestPicturesThatAreNoJpeg:
    @pytest.fixture
    def screenshot(self, tmp_path: Path) -> Path:
        """Return the path of a PNG that was cropped from a decoded JPEG.

        The crop does not begin at the JPEG's block grid.
        """
        from app.config.resources import EXAMPLE_IMAGE_PATH

        image = opened(EXAMPLE_IMAGE_PATH).crop((3, 5, 480, 320))
        path = tmp_path / "screenshot.png"
        image.save(path)
        return path

    def test_the_compression_is_estimated_and_said(self, run, screenshot, tmp_path):
        result = run("restore", screenshot, "-o", tmp_path / "r.png", *QUICK)
        assert result.exit_code == 0, result.stderr
        assert "quality factor 10" in result.stderr
        assert "sure" in result.stderr
        report = json.loads(
            run("verify", tmp_path / "r.png", "--against", screenshot, "--json").stdout
        )
        assert report["levels"] == "estimated"
        assert report["inside"] > 0.99
        assert "quality factor 10" in run("inspect", screenshot).stdout

    def test_a_quality_factor_by_hand(self, run, tmp_path, original):
        path = tmp_path / "clean.png"
        original.resize((60, 44)).save(path)
        target = tmp_path / "r.png"
        result = run("restore", path, "-o", target, *QUICK, "--quality", 20, "--grid", "1,2")
        assert result.exit_code == 0, result.stderr
        assert opened(target).size == (60, 44)

    @pytest.mark.parametrize("grid", ["1", "a,b", "1,2,3", "-1,0", "99,0"])
    def test_grids_off_the_scale(self, run, photo, grid):
        assert run("restore", photo, "--quality", 20, f"--grid={grid}").exit_code == 2

    def test_a_grid_alone_and_a_jpegs_sampling_are_wrong_usage(self, run, photo):
        assert run("restore", photo, "--grid", "1,2").exit_code == 2
        assert run("restore", photo, "--quality", 9, "--sampling", "4:4:4").exit_code == 2


class TestDamage:
    @pytest.fixture
    def cut(self, tmp_path: Path) -> Path:
        from app.config.resources import EXAMPLE_IMAGE_PATH

        path = tmp_path / "cut.jpg"
        path.write_bytes(EXAMPLE_IMAGE_PATH.read_bytes()[:4500])
        return path

    def test_a_cut_file_says_how_much_could_be_read(self, run, cut):
        result = run("restore", cut)
        assert result.exit_code == 1
        assert "%" in result.stderr
        assert "--tolerate-damage" in result.stderr

    def test_the_readable_part_is_restored_on_request(self, run, cut, tmp_path):
        target = tmp_path / "r.png"
        result = run("restore", cut, "-o", target, *QUICK, "--tolerate-damage")
        assert result.exit_code == 0, result.stderr
        assert "that part is restored, the rest is as decoded" in result.stderr
        pixels = np.asarray(opened(target))
        assert pixels.shape == (320, 480, 3)
        assert np.ptp(pixels[-8:, -8:]) <= 2  # uniform gray where the file has no data
        assert "ends in the middle" in run("inspect", cut).stdout
        strict = run("verify", target, "--against", cut)
        assert strict.exit_code == 1
        lenient = run("verify", target, "--against", cut, "--tolerate-damage", "--json")
        assert json.loads(lenient.stdout)["inside"] > 0.99

    def test_too_many_pixels_and_a_higher_limit(self, run, photo, tmp_path):
        large = tmp_path / "large.jpg"
        Image.new("L", (1500, 1000)).save(large)
        result = run("restore", large, "--max-megapixels", 1)
        assert result.exit_code == 1
        assert "--max-megapixels" in result.stderr
        assert run("restore", photo, *QUICK, "--max-megapixels", 1).exit_code == 0


def test_the_map_shows_where_a_result_disagrees(run, photo, tmp_path):
    result, target = tmp_path / "r.png", tmp_path / "map.png"
    run("restore", photo, "-o", result, "--preset", "fast")
    changed = np.array(opened(result))
    changed[16:32, 32:48] = 255 - changed[16:32, 32:48]
    Image.fromarray(changed).save(result)
    verdict = run("verify", result, "--against", photo, "--map", target)
    assert verdict.exit_code == 0, verdict.stderr
    shown = np.asarray(opened(target)).max(2)
    assert shown.shape == (70, 97)
    assert (shown[16:32, 32:48] > 100).all()
    assert (shown[:8, -16:] == 0).mean() > 0.5
    assert run("verify", result, "--against", photo, "--map", target).exit_code == 1
    assert run("verify", result, "--against", photo, "--map", photo).exit_code == 1
