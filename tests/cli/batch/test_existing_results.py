"""A batch keeps existing results: of other folders or settings, of 0.1.0, on a full disk."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from app.cli.batch.progress import BatchBar, BatchProgress
from app.cli.batch.status import BatchStatus
from ddrm_core.batch.manifest.lines import INDEX_NAME, MANIFEST_NAME
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.device.execution_limits import MemoryFallback
from ddrm_core.jpeg.reasons import CorruptionReason
from ddrm_core.metadata.notes import MetadataNote
from tests.support.paths import GOLDEN

QUICK = ("--preset", "fast", "--steps", 1, "--samples", 1)
OF_0_1_0 = GOLDEN / "batch_0.1.0"


@pytest.fixture
def cameras(tmp_path: Path, original: Image.Image) -> tuple[Path, Path]:
    """Return two folders that both hold an IMG_1.jpg and an IMG_2.jpg.

    The four images are different.
    """
    folders = tmp_path / "cam1", tmp_path / "cam2"
    for turn, folder in enumerate(folders):
        (folder / "DCIM").mkdir(parents=True)
        for number in (1, 2):
            picture = original.resize((23, 17)).rotate(90 * turn + 30 * number)
            picture.save(folder / "DCIM" / f"IMG_{number}.jpg", quality=20)
    return folders


@pytest.fixture
def batch(run, tmp_path: Path):
    def batch(folder: Path, *options: object):
        return run("batch", folder, "-o", tmp_path / "out", *QUICK, *options)

    return batch


def results(output: Path) -> dict[str, bytes]:
    return {
        p.relative_to(output).as_posix(): p.read_bytes()
        for p in sorted(output.rglob("*"))
        if p.is_file() and p.name != MANIFEST_NAME
    }


@pytest.mark.parametrize(
    ("inside", "options"),
    [
        ("DCIM", ()),
        ("", ("--recursive",)),
        ("DCIM", ("--template", "{folder}/{stem}.tiff")),
        ("DCIM", ("--template", "{number}{ext}")),
    ],
    ids=["flat", "recursive", "template", "number"],
)
def test_two_folders_with_equal_names_in_turn(batch, cameras, tmp_path, inside, options):
    first, second = (camera / inside for camera in cameras)
    assert "2 restored" in batch(first, *options).stdout
    before = results(tmp_path / "out")
    beside = batch(second, *options)
    assert "2 restored, 0 done before, 0 failed" in beside.stdout
    after = results(tmp_path / "out")
    assert len(after) == 4
    assert {name: after[name] for name in before} == before
    added = [name for name in after if name not in before]
    assert all(name.split("/")[-1].split(".")[0].endswith(" (2)") for name in added)
    notes = [line for line in beside.stderr.splitlines() if line.startswith("Note: ")]
    assert len(notes) == 2
    for name, line in zip(added, notes, strict=True):
        assert f"its result is {name.split('/')[-1]}, because" in line
        assert line.endswith("is the result of another picture.")
    for folder in (first, second) * 2:
        again = batch(folder, *options)
        assert "0 restored, 2 done before, 0 failed" in again.stdout
        assert "Note" not in again.stderr
    assert "done before as " in again.stderr
    assert results(tmp_path / "out") == after


def test_results_are_found_by_the_index_of_a_large_manifest(batch, cameras, tmp_path):
    """A folder with 8,000 earlier results: a dry run writes nothing, a batch writes an index."""
    folder, output = cameras[0] / "DCIM", tmp_path / "out"
    batch(folder)
    manifest = output / MANIFEST_NAME
    lines = [line for line in manifest.read_text().splitlines() if line]
    others = [lines[0].replace("IMG_1_restored", f"other {n}") for n in range(8000)]
    manifest.write_text("\n".join([*others, *lines, ""]))
    before = results(output)
    assert "2 done before" in batch(folder, "--dry-run").stdout
    assert results(output) == before
    assert "0 restored, 2 done before, 0 failed" in batch(folder).stdout
    assert results(output).keys() - before.keys() == {INDEX_NAME}


def test_overwriting_is_for_results_of_other_pictures(batch, cameras, tmp_path):
    batch(cameras[0] / "DCIM")
    before = results(tmp_path / "out")
    assert "2 restored" in batch(cameras[1] / "DCIM", "--overwrite").stdout
    assert results(tmp_path / "out").keys() == before.keys()


def test_a_report_has_a_row_for_each_renamed_result(batch, cameras, tmp_path):
    batch(cameras[0] / "DCIM")
    batch(cameras[1] / "DCIM", "--report", tmp_path / "r.json")
    files = json.loads((tmp_path / "r.json").read_text("utf-8"))["files"]
    assert [Path(row["result"]).name for row in files] == [
        "IMG_1_restored (2).png",
        "IMG_2_restored (2).png",
    ]
    assert all("is the result of another picture" in row["message"] for row in files)


def test_other_settings_replace_only_with_redo(batch, cameras, tmp_path):
    folder = cameras[0] / "DCIM"
    batch(folder)
    before = results(tmp_path / "out")
    kept = batch(folder, "--seed", 3, "--report", tmp_path / "r.json")
    assert kept.exit_code == 0
    assert "0 restored, 0 done before, 2 done before with other settings, 0 failed" in kept.stdout
    assert "Note: 2 results were made with other settings" in kept.stderr
    assert kept.stderr.count("--redo") == 1
    assert results(tmp_path / "out") == before
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert report["summary"]["kept"] == 2
    assert [row["state"] for row in report["files"]] == ["kept", "kept"]
    redone = batch(folder, "--seed", 3, "--redo")
    assert "2 restored, 0 done before, 0 failed" in redone.stdout
    after = results(tmp_path / "out")
    assert after.keys() == before.keys()
    assert all(after[name] != before[name] for name in before)
    assert "0 restored, 2 done before, 0 failed" in batch(folder, "--seed", 3, "--redo").stdout


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return a folder with the results and the manifest of a batch of version 0.1.0.

    The files are copies, so their modification times are not those of the originals.
    """
    return Path(shutil.copytree(OF_0_1_0 / "results", tmp_path / "out"))


def test_nothing_that_0_1_0_wrote_is_replaced(batch, cameras, archive):
    before = results(archive)
    assert len(before) == 2
    unknown = batch(cameras[0] / "DCIM")  # other files with the names of the archive's sources
    assert "2 restored, 0 done before, 0 failed" in unknown.stdout
    after = results(archive)
    assert {name: after[name] for name in before} == before
    assert len(after) == 4
    found = batch(OF_0_1_0 / "sources")
    assert "0 restored" in found.stdout
    assert "0 failed" in found.stdout
    assert results(archive) == after


def damaged(folder: Path, original: Image.Image) -> list[Path]:
    """Return three truncated JPEGs that differ only in their comments."""
    folder.mkdir()
    paths = [folder / f"{number}.jpg" for number in range(3)]
    for number, path in enumerate(paths):
        original.save(path, quality=20, comment=f"{number}".encode())
        path.write_bytes(path.read_bytes()[:900])
    return paths


def test_damage_is_said_of_each_file(batch, tmp_path, original):
    paths = damaged(tmp_path / "in", original)
    done = batch(tmp_path / "in", "--tolerate-damage", "--report", tmp_path / "r.json")
    for path in paths:
        notes = [n for n in done.stderr.splitlines() if n.startswith(f"Note: {path.name}: ")]
        assert len(notes) == 1
        assert "the file is damaged: " in notes[0]
    rows = json.loads((tmp_path / "r.json").read_text("utf-8"))["files"]
    assert ["the file is damaged" in row["message"] for row in rows] == [True] * 3


@pytest.mark.parametrize(
    "said",
    [
        {"notes": (MetadataNote.EXIF_DAMAGED_LEFT_OUT,)},
        {"damage": CorruptionReason.NOTHING},
        {"fallbacks": (MemoryFallback.CPU,)},
        {"conflicting_result": Path("out.png")},
    ],
    ids=lambda said: next(iter(said)),
)
def test_what_is_true_of_many_is_said_of_each(tmp_path, capsys, said):
    progress = BatchProgress(BatchBar(disable=True), tmp_path, BatchStatus())
    progress.start()
    for number in range(3):
        item = PlannedFile(tmp_path / f"{number}.jpg", tmp_path / "out" / f"{number}.png")
        state = FileState.DONE
        progress.show_event(FileOutcome(item, item.target, state, consistency=1.0, **said))
    notes = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Note: ")]
    assert [line.split(": ")[1] for line in notes] == ["0.jpg", "1.jpg", "2.jpg"]


class TestAFullDisk:
    @pytest.fixture
    def many(self, tmp_path, original):
        (tmp_path / "in").mkdir()
        for number in range(5):
            original.resize((23, 17)).rotate(20 * number).save(tmp_path / "in" / f"{number}.jpg")
        return tmp_path / "in"

    def test_the_batch_stops_and_says_how_it_goes_on(self, batch, many, tmp_path, monkeypatch):
        real, written = Path.write_bytes, []

        def write_bytes(path, data):
            written.append(path)
            if len(written) > 1:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(path, data)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "write_bytes", write_bytes)
            stopped = batch(many)
        assert stopped.exit_code == 1
        assert len(written) == 2  # the batch ends when a result cannot be written
        assert "1 restored, 0 done before, 1 failed" in stopped.stdout
        errors = [line for line in stopped.stderr.splitlines() if line.startswith("Error: ")]
        assert len(errors) == 2
        assert "no space left on device" in errors[0]
        assert errors[1] == (
            f"Error: The disk of {tmp_path / 'out'} is full; 3 files were not tried."
            " Make room there. The same command continues the batch."
        )
        assert "4 restored, 1 done before, 0 failed" in batch(many).stdout

    def test_a_watched_batch_stops_too(self, batch, many, monkeypatch):
        def write_bytes(*_):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with monkeypatch.context() as patch:
            patch.setattr(Path, "write_bytes", write_bytes)
            patch.setattr("time.sleep", lambda _: pytest.fail("waits for files"))
            stopped = batch(many, "--watch")
        assert stopped.exit_code == 1
        assert "is full; 4 files were not tried" in stopped.stderr
        assert "0 restored, 0 done before, 1 failed" in stopped.stdout


def test_a_watched_folder_keeps_the_results_of_earlier_files_of_a_name(
    batch, cameras, tmp_path, monkeypatch
):
    folder, output, report = cameras[0] / "DCIM", tmp_path / "out", tmp_path / "r.json"
    path, before = folder / "IMG_1.jpg", {}
    first, other = path.read_bytes(), (cameras[1] / "DCIM" / "IMG_1.jpg").read_bytes()

    def replace_file() -> None:
        before.update(results(output))
        path.write_bytes(other)

    def stop() -> None:
        raise KeyboardInterrupt

    # A changed file is restored at the second scan that finds it unchanged.
    actions = [replace_file, lambda: None, lambda: path.write_bytes(first), lambda: None, stop]
    monkeypatch.setattr("time.sleep", lambda _: actions.pop(0)())
    ended = batch(folder, "--watch", "--report", report)
    after = results(output)
    assert ended.exit_code == 130
    assert len(before) == 2
    assert {name: after[name] for name in before} == before
    assert sorted(after) == sorted([*before, "IMG_1_restored (2).png"])
    assert "2 restored, 1 done before, 0 failed" in ended.stdout
    rows = json.loads(report.read_text("utf-8"))["files"]
    assert {Path(row["result"]).name for row in rows} == set(after)
