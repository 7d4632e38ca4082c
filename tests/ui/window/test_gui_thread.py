"""Slow functions are never called on the GUI thread."""

from __future__ import annotations

import gc
import threading
from collections import deque
from pkgutil import resolve_name
from types import BuiltinFunctionType, FunctionType, ModuleType

import pytest
from PySide6.QtCore import QObject

from app.jobs.export.save import SavedFile
from app.jobs.worker import JobRunner
from app.viewmodels.batch.batch_state import BatchPhase
from app.viewmodels.document.recompression import RecompressionChecked
from app.viewmodels.run.run import ResultReady
from ddrm_core.sampler.settings import Preset

WORK = (
    "app.jobs.document.open.read_jpeg",
    "app.jobs.document.open.decode_jpeg",
    "app.jobs.document.open.create_mipmap_image",
    "app.jobs.document.open.detect_bit_depth",
    "app.jobs.run.restore.create_run_from_request",
    "app.jobs.run.restore.create_mipmap_image",
    "app.jobs.run.result.create_mipmap_image",
    "app.jobs.run.result.create_deviation_overlay",
    "app.viewmodels.document.recompression.detect_from_coefficients",
    "ddrm_core.export.save_result.atomic_writer",
    "app.jobs.export.save.save_result",
    "ddrm_core.prior.denoiser.Prior.denoise",
    "ddrm_core.export.save_result.encode_result_image",
)


@pytest.fixture
def threads(monkeypatch):
    """Wrap every slow function so that its calls are recorded.

    Return a mapping of the name of a function to the ids of the threads that called the function.
    """
    called = {name: set() for name in WORK}

    def noted(name, work):
        def note(*arguments, **options):
            called[name].add(threading.get_ident())
            return work(*arguments, **options)

        return note

    for name in WORK:
        monkeypatch.setattr(name, noted(name, resolve_name(name)))
    return called


def test_opening_restoring_saving_and_copying_are_done_elsewhere(
    qtbot, window, threads, answers, photo, tmp_path, gui_blocks
):
    answers.to_open, answers.to_save = photo, tmp_path / "result.png"
    window.action_set.open.trigger()
    qtbot.waitUntil(lambda: window.view_models.document.document is not None, timeout=20000)
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady), timeout=60000)
    window.action_set.save.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.saving.state, SavedFile), timeout=20000)
    window.action_set.clipboard.copy_result.trigger()
    copied = "Copied "
    qtbot.waitUntil(lambda: window.message_bar.title_label.text().startswith(copied), timeout=20000)
    recompression = window.view_models.recompression
    qtbot.waitUntil(lambda: isinstance(recompression.state, RecompressionChecked), timeout=20000)
    unused = {name for name, by in threads.items() if not by}
    here = {name for name, by in threads.items() if threading.get_ident() in by}
    assert not unused
    assert not here
    assert gui_blocks.blocks


def way_to_qobject(thing):
    """Return the names of the objects on a path of references from `thing` to a QObject.

    Return None if no path exists. References from a function to its module are ignored.
    """
    seen, ways = {id(thing)}, deque([(thing, ())])
    while ways and len(seen) < 20_000:
        found, way = ways.popleft()
        way = (*way, getattr(found, "__qualname__", type(found).__name__))
        if isinstance(found, QObject):
            return way
        if isinstance(found, FunctionType):
            referents = [*(found.__closure__ or ()), found.__defaults__]
        elif isinstance(found, ModuleType | type | BuiltinFunctionType):
            referents = []
        else:
            referents = gc.get_referents(found)
        new = [each for each in referents if id(each) not in seen]
        seen.update(map(id, new))
        ways.extend((each, way) for each in new)
    return None


def test_no_job_refers_to_an_object_of_qt(
    qtbot, window, monkeypatch, answers, photo, banded, tmp_path
):
    """The last reference to a job may be dropped on the worker thread.

    Objects to which the job refers would then be destroyed on the wrong thread.
    """
    ways, start = [], JobRunner.start

    def noted(runner, job, **options):
        ways.append(way_to_qobject(job))
        return start(runner, job, **options)

    monkeypatch.setattr(JobRunner, "start", noted)
    models = window.view_models
    answers.to_save = tmp_path / "result.png"
    window.open_paths([photo])
    qtbot.waitUntil(lambda: models.document.document is not None, timeout=20000)
    models.parameters.apply_preset(Preset.FAST)
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(models.run.state, ResultReady), timeout=60000)
    window.action_set.save.trigger()
    qtbot.waitUntil(lambda: isinstance(models.saving.state, SavedFile), timeout=20000)
    window.open_paths([photo, banded])
    qtbot.waitUntil(lambda: len(models.batch.state.items) == 2, timeout=20000)
    models.batch.start()
    qtbot.waitUntil(lambda: models.batch.state.phase is BatchPhase.RUNNING, timeout=20000)
    qtbot.waitUntil(lambda: models.batch.state.phase is BatchPhase.IDLE, timeout=60000)
    assert len(ways) > 8
    assert [way for way in ways if way is not None] == []
