"""The restore command, as used without a window."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from ddrm_core.metrics.psnr import psnr
from tests.support.cli_pictures import opened
from tests.support.color_profiles import grey_profile


def test_a_restored_picture_is_closer_to_the_original(run, photo, original):
    result = run("restore", photo, "--preset", "fast")
    assert result.exit_code == 0, result.stderr
    restored = opened(photo.with_name("ünï photo 50%_restored.png"))
    before = psnr(np.asarray(opened(photo)), np.asarray(original))
    after = psnr(np.asarray(restored), np.asarray(original))
    assert after > before + 1.0
    assert "100.00 % of levels in their bins before rounding" in result.stdout


def test_the_source_is_not_touched(run, photo):
    before = photo.read_bytes()
    run("restore", photo, "--preset", "fast", "--steps", 1)
    assert photo.read_bytes() == before


def test_same_seed_same_file_other_seed_other_file(run, photo, tmp_path):
    files = [tmp_path / f"{n}.png" for n in range(3)]
    for file, seed in zip(files, (0, 0, 1), strict=True):
        arguments = ("--preset", "fast", "--steps", 2, "--samples", 1, "--seed", seed)
        assert run("restore", photo, "-o", file, *arguments).exit_code == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].read_bytes() != files[2].read_bytes()


def test_a_float_tiff_agrees_with_every_level_and_a_png_nearly(run, photo, tmp_path):
    shares = {}
    for name, bits in (("exact.tiff", 32), ("rounded.png", 8)):
        file = tmp_path / name
        assert run("restore", photo, "-o", file, "--preset", "fast", "--bits", bits).exit_code == 0
        report = json.loads(run("verify", file, "--against", photo, "--json").stdout)
        shares[bits] = report["inside"]
        counted = sum(c["inside"] for c in report["components"])
        total = sum(c["coefficients"] for c in report["components"])
        assert counted == pytest.approx(report["inside"] * total)
    assert shares[32] == 1.0
    assert 0.99 < shares[8] <= 1.0


def test_verify_sees_a_foreign_picture(run, photo, original, tmp_path):
    shifted = tmp_path / "shifted.png"
    Image.fromarray(np.roll(np.asarray(original), 3, 1)).save(shifted)
    report = json.loads(run("verify", shifted, "--against", photo, "--json").stdout)
    assert report["inside"] < 0.99
    assert report["worst"]["distance"] > 1


def test_spread_and_samples_are_written_beside_the_result(run, photo, tmp_path):
    folder = tmp_path / "samples"
    folder.mkdir()
    spread = tmp_path / "spread.tiff"
    settings = ("--preset", "fast", "--samples", 2, "--temperature", 1)
    outputs = ("--bits", 32, "--spread", spread, "--samples-dir", folder)
    mean = tmp_path / "mean.tiff"
    assert run("restore", photo, "-o", mean, *settings, *outputs).exit_code == 0
    samples = np.stack([tifffile.imread(f) for f in sorted(folder.iterdir())])
    assert len(samples) == 2
    np.testing.assert_allclose(samples.mean(0), tifffile.imread(mean), atol=1e-3)
    np.testing.assert_allclose(samples.std(0, ddof=1), tifffile.imread(spread), atol=1e-3)


def test_an_assumed_quality_changes_the_result_and_not_the_promise(run, photo, tmp_path):
    plain, harsher = tmp_path / "plain.png", tmp_path / "harsher.png"
    arguments = ("--preset", "fast", "--samples", 1)
    run("restore", photo, "-o", plain, *arguments)
    result = run("restore", photo, "-o", harsher, *arguments, "--quality", 5)
    assert "100.00 % of levels in their bins before rounding" in result.stdout
    assert plain.read_bytes() != harsher.read_bytes()


def test_grey_stays_grey_and_profile_and_exif_are_kept(run, tmp_path, original):
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    path = tmp_path / "grey.jpg"
    original.convert("L").save(path, quality=10, exif=exif, icc_profile=grey_profile(1.8))
    result = run("restore", path, "--preset", "fast", "--steps", 1)
    assert result.exit_code == 0, result.stderr
    restored = opened(tmp_path / "grey_restored.png")
    assert restored.mode == "L"
    assert restored.info["icc_profile"] == grey_profile(1.8)
    assert restored.getexif()[0x010F] == "a camera"


def test_an_existing_result_is_replaced_only_when_asked(run, photo, tmp_path):
    target = tmp_path / "result.png"
    target.write_bytes(b"old")
    arguments = ("restore", photo, "-o", target, "--preset", "fast", "--steps", 1)
    refused = run(*arguments)
    assert (refused.exit_code, target.read_bytes()) == (1, b"old")
    assert "exists already" in refused.stderr
    assert run(*arguments, "--overwrite").exit_code == 0
    assert opened(target).size == opened(photo).size


# The program with a message before it imports its commands or evaluates the prior.
SAYING = {
    "starting": """
import sys
class Said:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            print("starting", flush=True)
sys.meta_path.insert(0, Said())
from app.__main__ import main
main()
""",
    "restoring": """
from app.__main__ import main
from ddrm_core.prior.denoiser import Prior
denoise = Prior.denoise
def said(self, *arguments):
    print("restoring", flush=True)
    return denoise(self, *arguments)
Prior.denoise = said
main()
""",
}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("doing", SAYING)
def test_killing_leaves_no_partial_output(photo, how, doing):
    arguments = ["restore", photo, "--preset", "paper"]
    with subprocess.Popen(
        [sys.executable, "-c", SAYING[doing], *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline() == f"{doing}\n".encode()
        process.send_signal(how)
        _, errors = process.communicate(timeout=60)
    assert [p.name for p in photo.parent.iterdir()] == [photo.name]
    assert b"Traceback" not in errors
    if doing == "restoring":
        assert process.returncode == (-how if how is signal.SIGKILL else 130)


BAD_INPUT = {
    "missing.jpg": "no such file",
    "empty.jpg": "an empty file",
    "text.jpg": "text.jpg is not a picture",
    "cut.jpg": "ends in the middle",
    "picture.gif": "found: GIF",
    "flat.png": "no sign of having been one",
}


@pytest.fixture
def bad_inputs(photo) -> Path:
    folder = photo.parent
    (folder / "folder").mkdir()
    (folder / "empty.jpg").touch()
    (folder / "text.jpg").write_text("hello")
    (folder / "cut.jpg").write_bytes(photo.read_bytes()[:-400])
    opened(photo).save(folder / "picture.gif")
    Image.new("RGB", (90, 70), "teal").save(folder / "flat.png")
    return folder


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_is_one_plain_line(run, bad_inputs, name):
    there = sorted(bad_inputs.iterdir())
    result = run("restore", bad_inputs / name)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("Error: ")
    assert BAD_INPUT[name] in result.stderr
    assert name in result.stderr
    assert sorted(bad_inputs.iterdir()) == there


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("nowhere/result.png", "no such file"),
        ("folder", "is a directory"),
        ("result.gif", "does not end in a format that this program writes"),
        ("ünï photo 50%.jpg", "is the source picture, which is never changed"),
    ],
)
def test_an_impossible_output_is_refused_before_the_run(run, bad_inputs, photo, target, words):
    there = sorted(bad_inputs.iterdir())
    result = run("restore", photo, "-o", bad_inputs / target, "--overwrite")
    assert result.exit_code == 1
    assert words in result.stderr
    assert "restoring" not in result.stderr
    assert sorted(bad_inputs.iterdir()) == there


@pytest.mark.parametrize(
    "arguments",
    [
        ("--steps", 0),
        ("--samples", 1001),
        ("--start", 1000),
        ("--eta", 1.5),
        ("--seed", -1),
        ("--quality", 101),
        ("--preset", "slow"),
        ("--samples", 1, "--spread", "spread.png"),
        ("--nonsense",),
    ],
)
def test_wrong_usage_has_its_own_status(run, photo, arguments):
    result = run("restore", photo, *arguments)
    assert result.exit_code == 2
    assert "Error" in result.stderr


def test_a_bug_is_one_line_too(run, photo, monkeypatch):
    def broken(_, **_options):
        raise ZeroDivisionError("by design")

    monkeypatch.setattr("ddrm_core.restoration.source.open_source_image", broken)
    result = run("restore", photo)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "ZeroDivisionError" in result.stderr
