"""Plans that hold one folder at a time: parts, equal targets, and files beside the current one."""

from __future__ import annotations

import os
import unicodedata
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome
from ddrm_core.batch.output_paths import (
    OutputNaming,
    PlannedFile,
    find_source_images,
    plan_outputs,
)
from ddrm_core.batch.runner import restore_files
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.streaming.shard import Shard, parse_shard
from ddrm_core.batch.streaming.streamed_plan import (
    StreamedFileTracker,
    StreamedPlan,
    UnplannedFile,
)
from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.errors import InvalidSetting, OperationCancelled
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.pictures import photograph
from tests.support.small_priors import write_prior

QUICK = BatchSettings(SamplerSettings(steps=1, samples=1))
PATHS = st.lists(
    st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1),
    min_size=1,
    max_size=4,
).map(lambda parts: Path(*parts))


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def planned(plan: StreamedPlan) -> list[PlannedFile]:
    return [file for file in plan.iter_files() if isinstance(file, PlannedFile)]


def unplanned(plan: StreamedPlan) -> list[str]:
    return [str(file.error) for file in plan.iter_files() if isinstance(file, UnplannedFile)]


@given(PATHS, st.integers(1, 50))
def test_each_path_is_in_one_part_whatever_its_unicode_form(path, count):
    shards = [Shard(number, count) for number in range(1, count + 1)]
    (part,) = [shard for shard in shards if shard.contains(path)]
    other_form = Path(unicodedata.normalize("NFD", str(path)))
    assert part.contains(other_form)


def test_parts_stay_the_same_from_version_to_version():
    """A batch that was begun in parts is continued in the same parts."""
    names = ("a.jpg", "b.jpg", "süß/2 トリップ.jpg", "2019/12/IMG_0001.JPG", "ä.jpg")
    parts = [n for name in names for n in range(1, 8) if Shard(n, 7).contains(Path(name))]
    assert parts == [5, 3, 5, 3, 4]


def test_parts_are_of_similar_size():
    shard = Shard(2, 4)
    count = sum(shard.contains(Path(f"2019/{n // 100}/IMG_{n:04}.jpg")) for n in range(4000))
    assert 900 < count < 1100


@pytest.mark.parametrize("text", ["", "1", "0/3", "4/3", "1/0", "-1/3", "1/3/5", "a/b", "1/100001"])
def test_other_parts_are_refused(text):
    with pytest.raises(InvalidSetting):
        parse_shard(text)
    assert parse_shard("3/16") == Shard(3, 16)


@pytest.mark.parametrize("recursive", [False, True])
def test_a_streamed_plan_is_the_plan_of_all_files(tmp_path, recursive):
    """Without equal targets, files and targets are those of a plan that is made at once."""
    folder, output = tmp_path / "in", tmp_path / "in" / "out"
    touch(folder, "10.jpg", "2.jpg", ".hidden.jpg", "b/1.JPG", "a/3.jpeg", "a/x.png", "a/.h/4.jpg")
    touch(output, "5.jpg")
    (folder / "link").symlink_to(folder / "a")
    naming = OutputNaming("{folder}/{name}{ext}")
    plan = StreamedPlan(folder, output, naming, recursive=recursive)
    found = find_source_images(folder, recursive=recursive, excluded=[output])
    at_once = plan_outputs(found.image_paths, folder, output, naming)
    assert planned(plan) == list(at_once)
    assert len(at_once) == (4 if recursive else 2)
    assert plan.count_files(CancelToken()) == len(at_once)
    parts = [
        StreamedPlan(folder, output, naming, recursive=recursive, shard=Shard(number, 3))
        for number in (1, 2, 3)
    ]
    in_parts = [[file.source for file in planned(part)] for part in parts]
    assert sorted(chain(*in_parts)) == sorted(found.image_paths)
    assert [part.count_files(CancelToken()) for part in parts] == list(map(len, in_parts))


def test_files_are_counted_by_format_until_the_count_is_cancelled(tmp_path):
    touch(tmp_path / "in", "1.jpg", "2.JPEG", "3.png", "4.webp", "5.gif", "6.jpg.txt")
    (tmp_path / "in" / "7.jpg").mkdir()
    (tmp_path / "in" / "8.jpg").symlink_to("8.jpg")
    token, counts = CancelToken(), []
    for all_formats in (False, True):
        plan = StreamedPlan(
            tmp_path / "in", tmp_path / "out", OutputNaming(), include_all_formats=all_formats
        )
        assert plan.count_files(token) == len(planned(plan))
        counts.append(plan.count_files(token))
    assert counts == [2, 4]
    token.cancel()
    with pytest.raises(OperationCancelled):
        plan.count_files(token)


def test_files_with_one_target_all_fail(tmp_path):
    """No part restores any of them, whichever comes first."""
    folder = tmp_path / "in"
    touch(folder, "a.jpg", "A.JPEG", "b.jpg", "x/c.jpg", "X/C.jpg")
    if len(os.listdir(folder)) < 5:
        pytest.skip("this file system ignores letter case")
    plan = StreamedPlan(folder, tmp_path / "out", OutputNaming(), recursive=True)
    assert [file.source.name for file in planned(plan)] == ["b.jpg"]
    failures = unplanned(plan)
    assert len(failures) == 4
    assert plan.count_files(CancelToken()) == 5
    assert f"{folder}/x/c.jpg and {folder}/X/C.jpg would have the same result" in failures
    parts = [
        StreamedPlan(
            folder, tmp_path / "out", OutputNaming(), recursive=True, shard=Shard(number, 2)
        )
        for number in (1, 2)
    ]
    assert sorted(failure for part in parts for failure in unplanned(part)) == sorted(failures)


def test_what_a_part_cannot_know_is_refused(tmp_path):
    (tmp_path / "out" / "in").mkdir(parents=True)
    with pytest.raises(InvalidSetting):
        StreamedPlan(tmp_path, tmp_path / "out", OutputNaming("{number}{ext}"))
    for output in (tmp_path / "out", tmp_path / "out" / "in"):
        with pytest.raises(InvalidSetting):
            StreamedPlan(tmp_path / "out" / "in", output, OutputNaming())


def test_a_copy_that_is_named_like_a_numbered_result_gets_its_own(tmp_path):
    """`a.jpg` and `a (2).jpg` are equal; each of two parts gives its file a result."""
    folder, output = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in ("a.jpg", "a (2).jpg"):
        Image.fromarray(photograph(19, 27, seed=1)).save(folder / name, quality=20)
    prior = load_prior(write_prior(tmp_path / "tiny.safetensors"), choose_device("cpu"))
    plan = StreamedPlan(folder, output, OutputNaming("{stem}{ext}"))
    for file in sorted(planned(plan), key=lambda file: file.source.name):
        tracker = StreamedFileTracker(plan)
        events = restore_files(iter([file]), QUICK, prior, Manifest(output), CancelToken(), tracker)
        (outcome,) = [event for event in events if isinstance(event, FileOutcome)]
        assert outcome.target == file.target
    assert sorted(p.name for p in output.glob("*.png")) == ["a (2).png", "a.png"]
