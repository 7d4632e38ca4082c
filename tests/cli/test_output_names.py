"""Invalid names of outputs: the error names the reason and a valid alternative."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

QUICK = ("--preset", "fast", "--steps", 1)


@pytest.fixture
def inks(tmp_path: Path, original: Image.Image) -> Path:
    path = tmp_path / "inks.jpg"
    original.convert("CMYK").save(path, quality=30)
    return path


def failure(run, *arguments: object) -> str:
    """Run a command, check that it fails, and return its only line of error."""
    result = run(*arguments)
    assert result.exit_code != 0
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    return line


class TestFormats:
    @pytest.mark.parametrize("name", ["x.png", "x.webp"])
    def test_inks_are_the_reason(self, run, inks, tmp_path, name):
        line = failure(run, "restore", inks, "-o", tmp_path / name)
        assert "four inks (CMYK)" in line
        assert "holds gray or RGB" in line
        assert line.endswith("Use a name that ends in .tiff or .jpg.")

    @pytest.mark.parametrize("name", ["o.heic", "o", "png", "o.bmp", "o.jpe"])
    def test_what_is_written_is_named(self, run, photo, tmp_path, name):
        line = failure(run, "restore", photo, "-o", tmp_path / name)
        assert "does not end in a format that this program writes" in line
        assert line.endswith("Use a name that ends in .png, .tiff, .webp, .jpg, .jxl or .avif.")

    @pytest.mark.parametrize(
        ("name", "bits", "ending"),
        [
            (
                "o.webp",
                16,
                "holds 16 bits a channel as WebP. Use a name that ends in .png, .tiff or .jxl.",
            ),
            ("o.jpg", 32, "holds 32 bits a channel as JPEG. Use a name that ends in .tiff."),
            (
                "o.tiff",
                11,
                "holds 11 bits a channel as TIFF. Choose 8, 10, 12, 16 or 32 bits a channel.",
            ),
        ],
    )
    def test_so_are_bits(self, run, photo, tmp_path, name, bits, ending):
        line = failure(run, "restore", photo, "-o", tmp_path / name, "--bits", bits)
        assert line.replace("cannot hold", "holds").endswith(ending)

    def test_so_is_a_side(self, run, tmp_path):
        path = tmp_path / "wide.jpg"
        Image.new("L", (16_400, 8)).save(path)
        line = failure(run, "restore", path, "-o", tmp_path / "o.webp")
        assert "16400x8 pixels: WebP holds at most 16,383 a side" in line

    def test_so_it_is_for_other_outputs(self, run, photo, inks, tmp_path):
        for arguments in (
            ("restore", inks, "-o", tmp_path / "r.tiff", "--spread", tmp_path / "s.png"),
            ("restore", photo, "--spread", tmp_path / "s.heic"),
            ("dequantize", photo, "--bits-per-channel", 3, "-o", tmp_path / "r.heic"),
            ("verify", photo, "--against", photo, "--map", tmp_path / "m.heic"),
        ):
            assert "Use a name that ends in " in failure(run, *arguments)


class TestStandardOutput:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("restore", "PHOTO", "-o", "r.png", "--spread", "-"),
            ("dequantize", "PHOTO", "--bits-per-channel", "3", "-o", "-"),
            ("verify", "PHOTO", "--against", "PHOTO", "--map", "-"),
        ],
    )
    def test_it_is_not_written_to(self, run, photo, monkeypatch, tmp_path, arguments):
        monkeypatch.chdir(tmp_path)
        given = [photo if argument == "PHOTO" else argument for argument in arguments]
        line = failure(run, *given)
        assert "cannot be -" in line
        assert "the name of a file; nothing is written to standard output" in line
        assert run(*given).exit_code == 2


class TestFilesThatAreRead:
    def test_a_map_in_the_place_of_the_result(self, run, photo, tmp_path):
        result = tmp_path / "r.png"
        run("restore", photo, "-o", result, *QUICK)
        line = failure(run, "verify", result, "--against", photo, "--map", result, "--overwrite")
        assert line.startswith(f"Error: {result} is the result that is verified")
        assert "picture to restore" not in line
        line = failure(run, "verify", result, "--against", photo, "--map", photo, "--overwrite")
        assert line.startswith(f"Error: {photo} is the source picture, which is never changed")

    def test_every_output_of_a_run(self, run, photo, tmp_path):
        sample = shutil.copy(photo, tmp_path / "x_sample_001.jpg")
        line = f"Error: {photo} is the source picture, which is never changed. "
        line += "Choose another name for the file to write."
        for arguments in (
            ("restore", photo, "-o", photo),
            ("restore", photo, "-o", tmp_path / "r.png", "--spread", photo),
            ("dequantize", photo, "--bits-per-channel", 3, "-o", photo),
        ):
            assert failure(run, *arguments, "--overwrite") == line
        assert Path(sample).exists()

    def test_a_result_in_the_place_of_a_sample(self, run, photo, tmp_path):
        """The error names the samples; it names the spread only if a spread is requested."""
        target = tmp_path / f"{photo.stem}_sample_001.png"
        line = failure(run, "restore", photo, "-o", target, "--samples-dir", tmp_path)
        assert "output cannot be" in line
        assert "a name that no sample has" in line
        line = failure(run, "restore", photo, "-o", target, "--spread", target)
        assert f"spread cannot be {target}" in line


class TestSeveralPictures:
    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("a.tiff", "has 2 pages. Save the page to restore as a file of its own."),
            (
                "a.webp",
                "is an animation of 2 frames. Save the frame to restore as a file of its own.",
            ),
            (
                "a.png",
                "is an animation of 2 frames. Save the frame to restore as a file of its own.",
            ),
        ],
    )
    @pytest.mark.parametrize("command", ["restore", "dequantize", "inspect"])
    def test_they_are_the_reason(self, run, tmp_path, original, command, name, words):
        path = tmp_path / name
        original.save(path, save_all=True, append_images=[original.rotate(90)])
        assert failure(run, command, path) == f"Error: {path} {words}"

    def test_a_png_of_several_gives_the_first_and_says_so(self, run, tmp_path, original):
        path, target = tmp_path / "two.jpg", tmp_path / "r.png"
        turned = original.rotate(180)
        original.save(path, "MPO", save_all=True, append_images=[turned], quality=15)
        result = run("restore", path, "-o", target, *QUICK)
        assert result.exit_code == 0
        note = "Left out with the metadata about it, because PNG cannot hold it: further picture"
        assert f"Note: {note}" in result.stderr
