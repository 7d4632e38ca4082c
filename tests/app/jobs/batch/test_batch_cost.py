"""The expected time and size of a batch."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from app.jobs.batch.batch_cost import BatchCostEstimator, BatchCostRequest
from app.jobs.batch.batch_items import BatchItem, CommonSettings
from app.jobs.batch.image_shapes import ImageShape, ImageShapeReader
from app.jobs.run.restore_settings import RestoreSettings
from app.jobs.run.throughput_cache import ThroughputCache
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled
from ddrm_core.export.settings import ExportSettings
from ddrm_core.sampler.settings import PRESETS, Preset
from ddrm_core.step_iterator import StepIterator

FAST = RestoreSettings(PRESETS[Preset.FAST], 0, "cpu")


@pytest.fixture
def estimator(engine):
    return BatchCostEstimator(engine, ThroughputCache())


@pytest.fixture
def items(tmp_path, original):
    """Return three pictures of 97x64, 48x64 and 97x64 pixels, and a file that is none."""
    paths = [tmp_path / f"{number}.jpg" for number in range(4)]
    original.save(paths[0], quality=20)
    original.crop((0, 0, 48, 64)).save(paths[1], quality=60)
    original.save(paths[2], quality=90)
    paths[3].write_text("Dear reader,", "utf-8")
    return tuple(BatchItem(number, path) for number, path in enumerate(paths))


def drain(estimator, items, **changes):
    request = BatchCostRequest(items, replace(CommonSettings(FAST), **changes))
    steps = StepIterator(estimator.estimate(request, CancelToken()))
    return list(steps), steps.result


def test_times_follow_the_pixels_of_each_readable_file(estimator, items):
    earlier, cost = drain(estimator, items)
    assert cost.file_count == 4
    assert cost.source_bytes == sum(item.source.stat().st_size for item in items[:3])
    times = cost.seconds_by_item
    assert times.keys() == {0, 1, 2}
    assert 0 < times[1] < times[0] == times[2]
    assert cost.seconds == pytest.approx(sum(times.values()))
    assert earlier[0].seconds is not None
    assert earlier[0].result_bytes is None


def test_more_steps_take_longer_and_own_settings_count(estimator, items):
    _, cost = drain(estimator, items)
    best = replace(FAST, sampler=replace(FAST.sampler, steps=40))
    changed = (items[0], replace(items[2], own_settings=best))
    _, mixed = drain(estimator, changed)
    assert mixed.seconds_by_item[0] == pytest.approx(cost.seconds_by_item[0], rel=0.3)
    assert mixed.seconds_by_item[2] > 4 * mixed.seconds_by_item[0]


def test_sizes_depend_on_the_format(estimator, items):
    sizes = {}
    for suffix, export in (
        (".png", ExportSettings()),
        (".png", ExportSettings(bits=16)),
        (".jpg", ExportSettings(jpeg_quality=50)),
        (".jpg", ExportSettings(same_levels=True)),
    ):
        _, cost = drain(estimator, items, suffix=suffix, export=export)
        sizes[suffix, export] = cost.result_bytes
    png, png16, jpeg, same = sizes.values()
    assert jpeg < png < png16
    assert same == sum(item.source.stat().st_size for item in items[:3])


def test_each_file_is_restored_once_until_it_changes(estimator, items, monkeypatch):
    from ddrm_core.export import expected_size

    paths = []
    estimate = expected_size.estimate_unrestored_file

    def note(image, *arguments):
        paths.append(image.path)
        return estimate(image, *arguments)

    monkeypatch.setattr(expected_size, "estimate_unrestored_file", note)
    _, cost = drain(estimator, items)
    assert drain(estimator, items)[1] == cost
    assert len(paths) == 3
    shutil.copy(items[0].source, items[1].source)
    _, changed = drain(estimator, items)
    assert changed.result_bytes > cost.result_bytes
    assert paths[3:] == [items[1].source]


def test_a_folder_without_readable_files_costs_nothing(estimator, items):
    _, cost = drain(estimator, items[3:])
    assert (cost.seconds, cost.result_bytes, cost.source_bytes) == (0.0, 0, 0)


def test_a_large_prior_is_not_loaded_for_an_estimate(estimator, engine, items, monkeypatch):
    monkeypatch.setattr(engine, "is_small_or_loaded", lambda *_prior: False)
    monkeypatch.setattr(engine, "load", lambda *_prior: pytest.fail("the prior was loaded"))
    _, cost = drain(estimator, items)
    assert cost.is_prior_unloaded
    assert cost.seconds is None


def test_an_estimate_can_be_cancelled(estimator, items):
    token = CancelToken()
    token.cancel()
    with pytest.raises(OperationCancelled):
        next(estimator.estimate(BatchCostRequest(items, CommonSettings(FAST)), token))


def test_shapes_are_those_that_the_files_state(tmp_path, original, screenshot):
    reader = ImageShapeReader()
    gray = tmp_path / "gray.jpg"
    original.convert("L").save(gray)
    assert reader.read(gray) == ImageShape(gray.stat().st_size, 97, 64, 1)
    size = screenshot.stat().st_size
    assert reader.read(screenshot) == ImageShape(size, 240, 192, 3)
    assert reader.read(tmp_path / "missing.jpg") is None
    gray.write_bytes(b"")
    assert reader.read(gray) is None
