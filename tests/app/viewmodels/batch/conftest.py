"""Fixtures: the batch view model with a runner and pictures, without a window."""

from __future__ import annotations

import pytest

from app.jobs.batch.batch_file import BatchFileStore
from app.jobs.batch.batch_items import CommonSettings
from app.jobs.worker import JobRunner
from app.viewmodels.batch.batch import BatchViewModel
from tests.support.batch_queue import QUICK


@pytest.fixture
def files(qapp):
    runner = JobRunner(qapp)
    yield runner
    runner.shutdown()


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "state" / "queue.jsonl"


@pytest.fixture
def queue(runner, files, engine, kept):
    queue = BatchViewModel(runner, files, engine, BatchFileStore(kept), watch_interval_ms=10)
    queue.set_default_settings(CommonSettings(QUICK))
    queue.told = []
    queue.event_occurred.connect(queue.told.append)
    yield queue
    for one in (runner, files):
        one.shutdown()
    queue.close()


@pytest.fixture
def pictures(tmp_path, original):
    paths = [tmp_path / "in" / f"{number}.jpg" for number in range(3)]
    paths[0].parent.mkdir()
    for number, path in enumerate(paths):
        original.crop((number, 0, number + 9, 11)).save(path, quality=10)
    return paths


@pytest.fixture
def second(tmp_path, original):
    """Return three files with the names of `pictures` and other content, in another folder."""
    paths = [tmp_path / "in2" / f"{number}.jpg" for number in range(3)]
    paths[0].parent.mkdir()
    for number, path in enumerate(paths):
        original.crop((20 + number, 5, 29 + number, 16)).save(path, quality=10)
    return paths
