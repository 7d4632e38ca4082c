"""`restore --assume-earlier` restores for the quality that an image was saved with before."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from ddrm_core.export.replay import read_run_record

QUICK = ("--prior", "compact", "--preset", "fast", "--steps", 1, "--samples", 1)


@pytest.fixture
def compressed_twice(tmp_path: Path, original: Image.Image) -> Path:
    """Return an image of quality 95 that was compressed at 30 before."""
    original.save(tmp_path / "once.jpg", quality=30)
    path = tmp_path / "twice.jpg"
    with Image.open(tmp_path / "once.jpg") as once:
        once.save(path, quality=95)
    return path


def test_the_estimate_is_named_recorded_and_judged(run, compressed_twice, tmp_path):
    result = tmp_path / "a.png"
    ended = run("restore", compressed_twice, "-o", result, *QUICK, "--assume-earlier")
    assert ended.exit_code == 0, ended.stderr
    assert "restored for an earlier compression at JPEG quality 31 on grid 0,0, 98" in ended.stderr
    assert "for the assumed JPEG quality 31" in ended.stdout
    record = read_run_record(result)
    assert (record.quality_source, record.quality, record.grid) == ("assumed", 31, (0, 0))


def test_an_image_without_signs_is_restored_by_its_own_tables(run, photo, tmp_path):
    results = [tmp_path / "plain.png", tmp_path / "assumed.png"]
    assert run("restore", photo, "-o", results[0], *QUICK).exit_code == 0
    ended = run("restore", photo, "-o", results[1], *QUICK, "--assume-earlier")
    assert "shows no sign of an earlier compression" in ended.stderr
    assert results[0].read_bytes() == results[1].read_bytes()


def test_an_estimate_beside_a_stated_compression_is_wrong_usage(run, photo, tmp_path):
    arguments = ("restore", photo, "-o", tmp_path / "a.png", *QUICK, "--assume-earlier")
    for option in (("--quality", 20), ("--grid", "0,0")):
        ended = run(*arguments, *option)
        assert ended.exit_code == 2
        assert "left out where an earlier compression is assumed" in ended.stderr
    ended = run("restore", photo, "-o", tmp_path / "a.png", "--like", photo, "--assume-earlier")
    assert ended.exit_code == 2
    assert "left out together with --assume-earlier" in ended.stderr
