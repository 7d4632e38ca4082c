"""Batches that write to one folder of results at the same time."""

from __future__ import annotations

from PIL import Image

from tests.support.program_runner import run_program
from tests.support.scale import SLOW, build_arguments, finish, read_results


def test_two_drivers_restore_one_folder_together(start, tmp_path, expected):
    """Both restore all images, one with a manifest of its own, and each image has one result."""
    both = [start(tmp_path / "out", *SLOW, *options) for options in ((), ("--shard", "1/1"))]
    for process in both:
        finish(process)
    assert read_results(tmp_path / "out") == expected


def test_two_batches_of_equal_names_share_a_folder(start, pictures, tmp_path):
    """No result of either is lost or torn; the later one of a name gets a number."""
    folders = [tmp_path / "north", tmp_path / "south"]
    alone: list[bytes] = []
    for number, folder in enumerate(folders):
        folder.mkdir()
        for path in pictures.glob("*.jpg"):
            with Image.open(path) as image:
                image.rotate(90 * number).save(folder / path.name, quality=30 + number)
        output = tmp_path / f"alone {number}"
        assert run_program(*build_arguments(folder, output, *SLOW)).exit_code == 0
        alone += read_results(output).values()
    both = [start(tmp_path / "out", *SLOW, pictures=folder) for folder in folders]
    for process in both:
        finish(process)
    assert sorted(read_results(tmp_path / "out").values()) == sorted(alone)
