"""The verify command: consistency of an image with the file that it was made from."""

from __future__ import annotations

import json

from ddrm_core.formats.load import load_image
from tests.support.cli_pictures import opened


def test_the_format_of_a_colorless_result_does_not_change_the_verdict(run, tmp_path, original):
    """WebP files of gray and of three equal channels are read as one channel.

    Verification gives the same report for one channel and for three equal ones.
    """
    source = tmp_path / "photo.jpg"
    original.convert("L").convert("RGB").save(source, quality=20)
    decoded = opened(source)
    files = {name: tmp_path / name for name in ("rgb.png", "rgb.webp", "gray.png")}
    decoded.save(files["rgb.png"])
    decoded.save(files["rgb.webp"], lossless=True)
    decoded.convert("L").save(files["gray.png"])
    channels = {name: len(load_image(path).pixels) for name, path in files.items()}
    assert channels == {"rgb.png": 3, "rgb.webp": 1, "gray.png": 1}
    reports = {}
    for name, path in files.items():
        report = json.loads(run("verify", path, "--against", source, "--json").stdout)
        assert report.pop("result") == str(path)
        assert [c["name"] for c in report["components"]] == ["Y", "Cb", "Cr"]
        reports[name] = report
    assert reports["rgb.webp"] == reports["gray.png"] == reports["rgb.png"]
    assert reports["rgb.png"]["inside"] > 0.99


def test_a_picture_of_another_size_or_kind_is_refused(run, photo, tmp_path):
    gray, other = tmp_path / "gray.jpg", tmp_path / "other.png"
    opened(photo).convert("L").save(gray)
    opened(photo).crop((0, 0, 96, 70)).save(other)
    expected = {
        (other, photo): "other.png is 96x70 RGB, the JPEG is 97x70 RGB.",
        (photo, gray): f"{photo.name} is 97x70 RGB, the JPEG is 97x70 gray.",
    }
    for (picture, source), complaint in expected.items():
        result = run("verify", picture, "--against", source)
        assert (result.exit_code, result.stdout) == (1, "")
        assert complaint in result.stderr
        assert result.stderr.count("\n") == 1
