"""Results have the dates of their sources, and the checks that compare dates still hold."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome
from ddrm_core.batch.output_paths import OutputNaming, plan_outputs
from ddrm_core.batch.runner import restore_files
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.export.settings import ExportSettings
from ddrm_core.files.atomic_write import atomic_writer
from ddrm_core.prior.denoiser import Prior
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.batch_results import states
from tests.support.pictures import photograph

IN_1999 = 915_148_800 * 10**9 + 123_456_700  # nanoseconds, a multiple of Windows' 100 ns
QUICK = BatchSettings(SamplerSettings(steps=1, samples=1))
FLOATS = replace(QUICK, export=ExportSettings(bits=32), redo=True)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "a.jpg"
    path.parent.mkdir()
    Image.fromarray(photograph(16, 24)).save(path, quality=20)
    os.utime(path, ns=(IN_1999, IN_1999))
    return path


@pytest.fixture
def batch(tmp_path, tiny: Prior):
    """Return a function that restores sources to the folder "out" and returns the outcomes."""

    def batch(settings: BatchSettings, *sources: Path) -> list[FileOutcome]:
        out = tmp_path / "out"
        suffix = ".tiff" if settings.export.bits == 32 else ".png"
        files = plan_outputs(sources, tmp_path / "in", out, OutputNaming(default_suffix=suffix))
        events = restore_files(files, settings, tiny, Manifest(out), CancelToken())
        return [event for event in events if isinstance(event, FileOutcome)]

    return batch


def date_of(path: Path) -> int:
    return path.stat().st_mtime_ns


def test_results_and_copies_have_the_dates_of_their_own_sources(batch, source):
    (first,) = batch(QUICK, source)
    copy = source.with_name("b.jpg")
    copy.write_bytes(source.read_bytes())
    os.utime(copy, ns=(IN_1999, IN_1999 + 10**9))
    outcomes = batch(QUICK, source, copy)
    assert states(outcomes) == ["skipped", "done"]
    assert outcomes[1].copied_from == first.target
    assert [date_of(o.target) for o in outcomes] == [IN_1999, IN_1999 + 10**9]
    assert first.notes == ()


def test_the_date_is_no_part_of_the_settings(batch, source):
    today = replace(QUICK, keep_date=False)
    (outcome,) = batch(today, source)
    assert date_of(outcome.target) > IN_1999 + 10**18 // 2
    assert states(batch(QUICK, source)) == ["skipped"]


def test_results_of_equal_sizes_and_dates_are_told_apart_by_their_bytes(batch, source):
    """Floats of two seeds have equal sizes, and the date of their source."""
    found = []
    for seed in (1, 2, 1):
        (outcome,) = batch(replace(FLOATS, seed=seed), source)
        found.append(outcome.target.read_bytes())
        assert states([outcome]) == ["done"]
        assert date_of(outcome.target) == IN_1999
    assert len(set(map(len, found))) == 1
    assert found[0] == found[2] != found[1]
    assert states(batch(replace(FLOATS, seed=1), source)) == ["skipped"]


def test_another_process_leaves_a_part_with_an_old_date_alone(tmp_path):
    """A result gets its old date before its name; a process that starts then cleans the folder."""
    program = "import sys, pathlib; from ddrm_core.batch.result_storage import FolderStorage;"
    program += "folder = pathlib.Path(sys.argv[1]); FolderStorage().prepare_folder_of(folder / 'b')"
    with atomic_writer(tmp_path / "a.png") as part:
        part.write_bytes(b"result")
        os.utime(part, ns=(IN_1999, IN_1999))
        subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
        assert part.exists()
    assert (tmp_path / "a.png").read_bytes() == b"result"
    assert date_of(tmp_path / "a.png") == IN_1999
