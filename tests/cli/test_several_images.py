"""Restoring several images with one command, and images in pipes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.cli.inputs.input_options import parse_file_list
from app.config.prior_locations import load_prior_by_name
from tests.support.cli_pictures import opened
from tests.support.pictures import jpeg_bytes, photograph

FAST = ("--preset", "draft", "--steps", 1, "--prior", "compact")


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Return a folder with two small JPEGs of the same name, and a file that is no image."""
    folder = tmp_path / "album"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.jpg").write_bytes(jpeg_bytes(photograph(16, 24), quality=20))
    (folder / "sub" / "a.jpg").write_bytes(jpeg_bytes(photograph(24, 16), quality=30))
    (folder / "bad.jpg").write_text("no image")
    return folder


def test_equal_names_are_numbered_in_the_order_given(run, album, tmp_path):
    out = tmp_path / "new" / "results"
    ended = run("restore", album / "sub/a.jpg", album / "a.jpg", "-o", out, *FAST)
    assert ended.exit_code == 0, ended.stderr
    assert opened(out / "a_restored.png").size == (16, 24)
    assert opened(out / "a_restored (2).png").size == (24, 16)
    lines = ended.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        str(out / "a_restored.png"),
        str(out / "a_restored (2).png"),
    ]


def test_an_image_that_fails_does_not_end_the_others(run, album, tmp_path):
    out = tmp_path / "out"
    paths = (album / "a.jpg", album / "bad.jpg", album / "missing.jpg", album / "sub/a.jpg")
    ended = run("restore", *paths, "-o", out, *FAST)
    assert ended.exit_code == 1
    assert len(list(out.iterdir())) == 2
    errors = [line for line in ended.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 2
    assert "bad.jpg" in errors[0]
    assert "missing.jpg" in errors[1]


def test_the_prior_of_several_images_is_loaded_once(run, album, tmp_path, monkeypatch):
    names = []

    def load(name: str, *arguments: object) -> object:
        names.append(name)
        return load_prior_by_name(name, *arguments)

    monkeypatch.setattr("app.cli.options.shared.load_prior_by_name", load)
    ended = run("restore", album / "a.jpg", album / "sub/a.jpg", "-o", tmp_path / "out", *FAST)
    assert (ended.exit_code, names) == (0, ["compact"])


def test_existing_results_are_kept_unless_overwritten(run, album, tmp_path):
    (tmp_path / "out").mkdir()
    taken = tmp_path / "out" / "a_restored.png"
    taken.write_bytes(b"mine")
    paths = (album / "a.jpg", album / "sub/a.jpg")
    ended = run("restore", *paths, "-o", tmp_path / "out", *FAST)
    assert (ended.exit_code, taken.read_bytes()) == (1, b"mine")
    assert (tmp_path / "out" / "a_restored (2).png").exists()
    assert run("restore", *paths, "-o", tmp_path / "out", "--overwrite", *FAST).exit_code == 0
    assert opened(taken).size == (24, 16)


def test_a_template_names_the_results_and_a_list_names_the_images(run, album, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text(f"{album / 'a.jpg'}\n\n{album / 'sub' / 'a.jpg'}\r\n")
    template = tmp_path / "by folder" / "{folder}" / "{stem} q{quality}{ext}"
    ended = run("restore", "--files-from", names, "-o", template, "--format", "webp", *FAST)
    assert ended.exit_code == 0, ended.stderr
    assert opened(tmp_path / "by folder/album/a q20.webp").size == (24, 16)
    assert opened(tmp_path / "by folder/sub/a q30.webp").size == (16, 24)


def test_without_a_folder_each_result_is_beside_its_image(run, album):
    listed = b"\0".join(str(album / name).encode() for name in ("a.jpg", "sub/a.jpg"))
    assert run("restore", "--files-from", "-", *FAST, stdin=listed).exit_code == 0
    assert (album / "a_restored.png").exists()
    assert (album / "sub" / "a_restored.png").exists()


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="needs paths of open files")
def test_a_list_may_come_from_another_pipe_than_standard_input(run, album):
    reader, writer = os.pipe()
    os.write(writer, str(album / "bad.jpg").encode())
    os.close(writer)
    ended = run("restore", "--files-from", f"/dev/fd/{reader}", *FAST)
    os.close(reader)
    assert (ended.exit_code, "bad.jpg is not a picture" in ended.stderr) == (1, True)


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"a\nb c\r\n\nd", ["a", "b c", "d"]),
        (b"a\nb\0c\0\0", ["a\nb", "c"]),
        (b"-\n", ["-"]),
        (b"", []),
    ],
)
def test_lists_are_separated_by_lines_or_by_nul(content, names):
    assert parse_file_list(content) == names


def test_a_pipe_gives_the_bytes_of_the_file(run, album, tmp_path):
    file = tmp_path / "file.png"
    arguments = (*FAST, "--metadata", "none")
    assert run("restore", album / "a.jpg", "-o", file, *arguments).exit_code == 0
    piped = run(
        *("restore", "-", "-o", "-", "--format", "png", *arguments),
        stdin=(album / "a.jpg").read_bytes(),
    )
    assert piped.exit_code == 0, piped.stderr
    with Image.open(io.BytesIO(piped.output)) as image:
        assert image.tobytes() == opened(file).tobytes()
    assert "standard output: " in piped.stderr


def test_a_failed_run_writes_nothing_to_the_pipe(run):
    ended = run("restore", "-", "-o", "-", "--format", "png", *FAST, stdin=b"no image")
    assert (ended.exit_code, ended.output) == (1, b"")
    assert ended.stderr.startswith("Error: standard input is not a picture.")


def test_notes_about_a_piped_image_name_the_pipe(run, tmp_path):
    whole = jpeg_bytes(photograph(64, 64), quality=60)
    arguments = ("restore", "-", "-o", tmp_path / "a.png", "--tolerate-damage", *FAST)
    ended = run(*arguments, stdin=whole[: len(whole) * 9 // 10])
    assert ended.exit_code == 0, ended.stderr
    assert "Note: standard input is damaged: " in ended.stderr


def test_standard_input_has_a_limit(run, album, tmp_path):
    content = (album / "a.jpg").read_bytes()
    arguments = ("restore", "-", "-o", tmp_path / "a.png", *FAST, "--max-bytes")
    assert run(*arguments, len(content), stdin=content).exit_code == 0
    (tmp_path / "a.png").unlink()
    ended = run(*arguments, len(content) - 1, stdin=content)
    assert (ended.exit_code, (tmp_path / "a.png").exists()) == (1, False)
    assert "--max-bytes" in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("restore",),
        ("restore", "-"),
        ("restore", "-", "-", "-o", "out"),
        ("restore", "-", "--files-from", "-", "-o", "out"),
        ("restore", "a.jpg", "-o", "-"),
        ("restore", "a.jpg", "b.jpg", "-o", "-", "--format", "png"),
        ("restore", "a.jpg", "b.jpg", "-o", "a.png"),
        ("restore", "a.jpg", "b.jpg", "-o", "{nonsense}"),
        ("restore", "a.jpg", "b.jpg", "-o", "{stem}.tiff", "--format", "png"),
        ("restore", "a.jpg", "b.jpg", "-o", "out", "--spread", "s.png", "--samples", 2),
        ("restore", "a.jpg", "-o", "a.png", "--format", "png"),
    ],
)
def test_inputs_and_outputs_that_do_not_fit_are_wrong_usage(run, arguments):
    ended = run(*arguments)
    assert ended.exit_code == 2
    assert len(ended.stderr.splitlines()) == 1


def test_a_file_may_have_the_name_of_a_pipe(run, album, monkeypatch):
    (album / "-").write_bytes((album / "a.jpg").read_bytes())
    monkeypatch.chdir(album)
    assert run("restore", "./-", "-o", "a.png", *FAST).exit_code == 0
    Path("-").unlink()
    ended = run("restore", "a.jpg", "-o", "./-", *FAST)
    assert ended.exit_code == 1
    assert "does not end in a format" in ended.stderr


def test_a_reader_that_has_ended_gives_status_1_and_no_traceback(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg_bytes(photograph(160, 160), quality=50))
    command = [sys.executable, "-m", "app", "restore", path, "-o", "-", "--format", "tiff"]
    command += ["--bits", "32", *map(str, FAST)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert process.returncode == 1
    assert "Traceback" not in errors
    assert "Exception ignored" not in errors
