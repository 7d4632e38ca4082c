"""The dequantize command, as used for an image with banding."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageOps

from ddrm_core.metrics.psnr import psnr
from tests.support.cli_pictures import opened


@pytest.fixture
def banded(tmp_path: Path, original: Image.Image) -> Path:
    """Return the path of a PNG of 97 x 70 pixels with banding: 3 bits per channel."""
    path = tmp_path / "ünï bands.png"
    ImageOps.posterize(original, 3).save(path, dpi=(300, 300))
    return path


def test_a_picture_gets_closer_to_the_original_and_its_bits_are_said(run, banded, original):
    before = banded.read_bytes()
    result = run("dequantize", banded, "--preset", "fast")
    assert result.exit_code == 0, result.stderr
    smooth = opened(banded.with_name("ünï bands_dequantized.png"))
    gain = psnr(np.asarray(smooth), np.asarray(original)) - psnr(
        np.asarray(opened(banded)), np.asarray(original)
    )
    assert gain > 6
    assert "3 bits per channel, estimated from its values" in result.stderr
    assert "100.00 % of pixel values in their bins before rounding, 100.00 %" in result.stdout
    assert banded.read_bytes() == before
    assert round(smooth.info["dpi"][0]) == 300
    assert np.array_equal(np.asarray(smooth) >> 5, np.asarray(opened(banded)) >> 5)


def test_given_bits_are_used_and_nothing_is_said_of_an_estimate(run, banded, tmp_path):
    arguments = ("--preset", "fast", "--steps", 1, "--bits-per-channel")
    plain = run("dequantize", banded, "-o", tmp_path / "3.png", *arguments, 3)
    fewer = run("dequantize", banded, "-o", tmp_path / "2.png", *arguments, 2)
    assert "bits per channel" not in plain.stderr
    assert "more than 2 bits per channel; the lower bits are not used" in fewer.stderr
    assert (tmp_path / "2.png").read_bytes() != (tmp_path / "3.png").read_bytes()


def test_the_papers_way_starts_from_the_lower_edge(run, banded, tmp_path):
    arguments = ("--preset", "fast", "--correction", "paper")
    files = {point: tmp_path / f"{point}.png" for point in ("mid-bin", "lower-edge")}
    for point, file in files.items():
        result = run("dequantize", banded, "-o", file, *arguments, "--shown-as", point)
        assert result.exit_code == 0, result.stderr
    assert files["mid-bin"].read_bytes() != files["lower-edge"].read_bytes()


def test_spread_and_samples_are_written_beside_the_result(run, banded, tmp_path):
    folder, spread, mean = tmp_path / "samples", tmp_path / "spread.tiff", tmp_path / "mean.tiff"
    folder.mkdir()
    settings = ("--preset", "fast", "--samples", 2, "--temperature", 1)
    outputs = ("--bits", 32, "--spread", spread, "--samples-dir", folder)
    result = run("dequantize", banded, "-o", mean, *settings, *outputs)
    assert result.exit_code == 0, result.stderr
    samples = np.stack([tifffile.imread(f) for f in sorted(folder.iterdir())])
    np.testing.assert_allclose(samples.mean(0), tifffile.imread(mean), atol=1e-3)
    np.testing.assert_allclose(samples.std(0, ddof=1), tifffile.imread(spread), atol=1e-3)


def test_grey_stays_grey(run, tmp_path, original):
    path = tmp_path / "grey.png"
    ImageOps.posterize(original.convert("L"), 4).save(path)
    assert run("dequantize", path, "--preset", "fast", "--steps", 1).exit_code == 0
    assert opened(tmp_path / "grey_dequantized.png").mode == "L"


def test_a_result_is_not_repeated_as_a_restoration(run, banded, tmp_path):
    made = tmp_path / "made.png"
    run("dequantize", banded, "-o", made, "--preset", "fast", "--steps", 1)
    result = run("restore", banded, "-o", tmp_path / "again.png", "--like", made)
    assert result.exit_code == 1
    assert "no record" in result.stderr
    assert not (tmp_path / "again.png").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--bits-per-channel", 8), 2, "bits per channel cannot be 8"),
        (("--bits-per-channel", 0), 2, "Allowed: 1 to 7"),
        (("--samples", 1, "--spread", "s.png"), 2, "2 or more for a spread"),
        (("--seed", -1), 2, "seed"),
        (("-o", "r.gif"), 1, "r.gif"),
    ],
)
def test_wrong_usage_is_one_line(run, banded, monkeypatch, arguments, status, words):
    monkeypatch.chdir(banded.parent)
    result = run("dequantize", banded, *arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert [p.name for p in banded.parent.iterdir()] == [banded.name]


def test_what_is_no_banded_picture_is_one_line(run, tmp_path, original):
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.png").write_text("hello")
    original.save(tmp_path / "whole.png")
    ImageOps.posterize(original, 3).save(tmp_path / "cut.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "cut.png").read_bytes()[:-900])
    greys = np.asarray(original.convert("L"), np.uint16) * 256
    Image.fromarray(greys).save(tmp_path / "deep.png")
    expected = {
        "missing.png": "no such file",
        "folder": "is a directory",
        "text.png": "cannot be read",
        "cut.png": "cannot be read",
        "whole.png": "No banding found in",
        "deep.png": "more than 8 bits a channel",
    }
    before = sorted(tmp_path.iterdir())
    for name, words in expected.items():
        result = run("dequantize", tmp_path / name)
        assert (result.exit_code, result.stdout) == (1, ""), name
        assert words in result.stderr
        assert len(result.stderr.splitlines()) == 1
    assert "--bits-per-channel" in run("dequantize", tmp_path / "whole.png").stderr
    assert sorted(tmp_path.iterdir()) == before


def test_an_existing_result_is_replaced_only_when_asked(run, banded, tmp_path):
    target = tmp_path / "result.png"
    target.write_bytes(b"old")
    arguments = ("dequantize", banded, "-o", target, "--preset", "fast", "--steps", 1)
    assert (run(*arguments).exit_code, target.read_bytes()) == (1, b"old")
    assert run("dequantize", banded, "-o", banded, "--overwrite").exit_code == 1
    assert run(*arguments, "--overwrite").exit_code == 0
    assert opened(target).size == opened(banded).size
