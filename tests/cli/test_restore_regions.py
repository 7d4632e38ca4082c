"""Restoring a region of an image, and choosing the sharpness."""

from __future__ import annotations

import json

import numpy as np
import pytest
import tifffile

from ddrm_core.errors import OutOfMemory
from ddrm_core.prior.denoiser import Prior
from tests.support.cli_pictures import opened

FAST = ("--preset", "fast")


def pixels(path) -> np.ndarray:
    return np.asarray(opened(path)).astype(int)


def test_a_region_alone_is_that_region_of_the_whole(run, photo, tmp_path):
    whole, region = tmp_path / "whole.png", tmp_path / "region.png"
    assert run("restore", photo, "-o", whole, *FAST).exit_code == 0
    result = run("restore", photo, "-o", region, *FAST, "--region", "21,13,50,37")
    assert result.exit_code == 0, result.stderr
    difference = np.abs(pixels(region) - pixels(whole)[13:50, 21:71])
    assert difference.mean() < 0.12
    assert difference.max() <= 2


def test_a_regions_result_says_so_is_verified_and_repeated(run, photo, tmp_path):
    region, again, other = (tmp_path / f"{n}.tiff" for n in ("region", "again", "other"))
    arguments = (*FAST, "--bits", 32, "--region", "21,13,60,50")
    assert run("restore", photo, "-o", region, *arguments).exit_code == 0
    heat = tmp_path / "map.png"
    report = run("verify", region, "--against", photo, "--json", "--map", heat)
    found = json.loads(report.stdout)
    assert found["inside"] == 1.0
    assert 0 < sum(c["coefficients"] for c in found["components"]) < 97 * 70
    assert opened(heat).size == (60, 50)
    assert not pixels(heat).any()
    assert run("restore", photo, "-o", again, "--bits", 32, "--like", region).exit_code == 0
    assert again.read_bytes() == region.read_bytes()
    elsewhere = ("--bits", 32, "--like", region, "--region", "0,0,30,20")
    assert run("restore", photo, "-o", other, *elsewhere).exit_code == 0
    assert json.loads(run("verify", other, "--against", photo, "--json").stdout)["inside"] == 1.0


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "1,2,3,-4", "", "1 2 3 4"])
def test_what_is_no_rectangle_is_wrong_usage(run, photo, text):
    result = run("restore", photo, "--region", text)
    assert result.exit_code == 2
    assert "region" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("text", ["0,0,98,70", "90,0,10,10", "5,5,0,3"])
def test_a_rectangle_outside_the_picture_is_refused_in_a_line(run, photo, text):
    result = run("restore", photo, "--region", text)
    assert result.exit_code == 2
    assert "97x70" in result.stderr
    assert list(photo.parent.iterdir()) == [photo]


def test_a_region_has_not_the_sources_levels(run, photo, tmp_path):
    arguments = ("--region", "0,0,48,48", "--jpeg-same-levels")
    result = run("restore", photo, "-o", tmp_path / "r.jpg", *FAST, *arguments)
    assert result.exit_code == 2
    assert "whole picture" in result.stderr


def test_sharpness_goes_from_the_mean_to_the_first_sample(run, photo, tmp_path):
    files = {s: tmp_path / f"{s}.tiff" for s in (0, 0.5, 1)}
    samples = tmp_path / "samples"
    samples.mkdir()
    for sharpness, file in files.items():
        arguments = (*FAST, "--bits", 32, "--sharpness", sharpness)
        result = run("restore", photo, "-o", file, *arguments)
        assert result.exit_code == 0, result.stderr
        report = run("verify", file, "--against", photo, "--json")
        assert json.loads(report.stdout)["inside"] == 1.0
    arguments = (*FAST, "--bits", 32, "--samples-dir", samples, "--overwrite")
    assert run("restore", photo, "-o", tmp_path / "m.tiff", *arguments).exit_code == 0
    mean, half, sharp = (tifffile.imread(files[s]) for s in (0, 0.5, 1))
    first = tifffile.imread(min(samples.iterdir()))
    np.testing.assert_allclose(sharp, first, atol=1e-3)
    np.testing.assert_allclose(half, (mean + sharp) / 2, atol=1e-3)
    again = tmp_path / "again.tiff"
    assert run("restore", photo, "-o", again, "--bits", 32, "--like", files[0.5]).exit_code == 0
    assert again.read_bytes() == files[0.5].read_bytes()


@pytest.mark.parametrize("sharpness", [-0.1, 1.1])
def test_sharpness_out_of_range_is_wrong_usage(run, photo, sharpness):
    assert run("restore", photo, "--sharpness", sharpness).exit_code == 2


def test_strength_and_kept_areas_are_recorded_verified_and_repeated(run, photo, tmp_path):
    result, again, whole = (tmp_path / f"{n}.tiff" for n in ("result", "again", "whole"))
    blend = ("--strength", 0.25, "--keep", "20,20,9,9", "--keep", "80,50,10,10")
    ended = run("restore", photo, "-o", result, *FAST, "--bits", 32, *blend)
    assert ended.exit_code == 0, ended.stderr
    assert "100.00 % of levels" in ended.stdout
    assert json.loads(run("verify", result, "--against", photo, "--json").stdout)["inside"] == 1.0
    assert run("restore", photo, "-o", again, "--bits", 32, "--like", result).exit_code == 0
    assert again.read_bytes() == result.read_bytes()
    like = ("--bits", 32, "--like", result, "--strength", 1)
    assert run("restore", photo, "-o", whole, *like).exit_code == 0
    assert not np.array_equal(tifffile.imread(whole), tifffile.imread(result))
    kept = (slice(16, 32), slice(16, 32))  # the MCU around the first rectangle
    np.testing.assert_allclose(
        tifffile.imread(whole)[kept], tifffile.imread(result)[kept], atol=1e-3
    )


@pytest.mark.parametrize("text", ["1,2,3", "90,0,10,10", "5,5,0,3"])
def test_a_kept_area_outside_the_picture_is_refused_in_a_line(run, photo, text):
    result = run("restore", photo, "--keep", text)
    assert result.exit_code == 2
    assert "keep" in result.stderr
    assert list(photo.parent.iterdir()) == [photo]


@pytest.mark.parametrize("strength", [-0.1, 1.1])
def test_strength_out_of_range_is_wrong_usage(run, photo, strength):
    assert run("restore", photo, "--strength", strength).exit_code == 2


def test_lack_of_memory_is_said_once_and_the_run_goes_on(run, photo, monkeypatch, tmp_path):
    denoise, calls = Prior.denoise, []

    def cramped(self, x, sigma, poll, view=0):
        calls.append(len(x))
        if len(x) > 1:
            raise OutOfMemory("cpu", x.shape[3], x.shape[2])
        return denoise(self, x, sigma, poll, view)

    monkeypatch.setattr(Prior, "denoise", cramped)
    arguments = ("--preset", "paper", "--steps", 2, "--samples", 4)
    result = run("restore", photo, "-o", tmp_path / "r.png", *arguments)
    assert result.exit_code == 0, result.stderr
    assert result.stderr.count("not enough memory") == 1
    assert "fewer samples at once" in result.stderr
    assert opened(tmp_path / "r.png").size == (97, 70)
