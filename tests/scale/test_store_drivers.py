"""Batches that write to one bucket at the same time, or are killed while they do."""

from __future__ import annotations

import re
import signal

from PIL import Image

from tests.support.program_runner import run_program
from tests.support.s3_server import read_objects, upload_folder
from tests.support.scale import SLOW, build_arguments, finish, read_results, wait_for_result


def test_two_drivers_restore_one_bucket_together(server, bucket_folder, start, expected):
    output = f"{bucket_folder}/out"
    both = [start(output, *SLOW, pictures=f"{bucket_folder}/in") for _ in range(2)]
    for process in both:
        finish(process)
    assert read_objects(server, output) == expected


def test_two_batches_of_equal_names_share_a_bucket(
    server, bucket_folder, start, pictures, tmp_path
):
    """No result of either is lost or torn; the later one of a name gets a number."""
    alone: list[bytes] = []
    for number, name in enumerate(("north", "south")):
        (tmp_path / name).mkdir()
        for path in pictures.glob("*.jpg"):
            with Image.open(path) as image:
                image.rotate(90 * number).save(tmp_path / name / path.name, quality=30 + number)
        upload_folder(server, tmp_path / name, f"{bucket_folder}/{name}")
        output = tmp_path / f"alone {number}"
        assert run_program(*build_arguments(tmp_path / name, output, *SLOW)).exit_code == 0
        alone += read_results(output).values()
    output = f"{bucket_folder}/out"
    both = [start(output, *SLOW, pictures=f"{bucket_folder}/{n}") for n in ("north", "south")]
    for process in both:
        finish(process)
    assert sorted(read_objects(server, output).values()) == sorted(alone)


def test_a_killed_batch_leaves_whole_objects(server, bucket_folder, start, expected):
    output = f"{bucket_folder}/out"
    process = start(output, *SLOW, pictures=f"{bucket_folder}/in")
    wait_for_result(process)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    whole = read_objects(server, output)
    assert 0 < len(whole) < 8
    assert whole.items() <= expected.items()
    again = run_program(*build_arguments(f"{bucket_folder}/in", output, *SLOW))
    assert again.exit_code == 0, again.stderr
    ((restored, done),) = re.findall(r"(\d) restored, (\d) done before, 0 failed", again.stdout)
    assert (int(restored), int(done)) == (8 - len(whole), len(whole))
    assert read_objects(server, output) == expected
