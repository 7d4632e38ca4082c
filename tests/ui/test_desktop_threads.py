"""What takes long is never done by the thread that the window lives on."""

from __future__ import annotations

import threading
from pkgutil import resolve_name

import pytest

from app.viewmodels.run import Done
from app.viewmodels.saving import Saved
from ddrm_core.sampler.settings import Preset

WORK = (
    "app.jobs.open_job.read_jpeg",
    "app.jobs.open_job.decode_jpeg",
    "app.jobs.open_job.pyramid",
    "app.jobs.open_job.estimate_bits",
    "app.jobs.restore_job.run_for",
    "app.jobs.restore_job.pyramid",
    "app.jobs.result.pyramid",
    "app.jobs.result.overlay",
    "app.viewmodels.history.earlier_in_jpeg",
    "app.jobs.export_job.write_atomically",
    "app.jobs.hand_out_job.export",
    "ddrm_core.prior.denoiser.Prior.denoise",
    "ddrm_core.delivery.deliver_picture",
)


@pytest.fixture
def threads(monkeypatch):
    """For each of these, the threads that called it."""
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
    window.actions_.open.trigger()
    qtbot.waitUntil(lambda: window.models.document.document is not None, timeout=20000)
    window.models.parameters.choose_preset(Preset.FAST)
    window.actions_.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.models.run.state, Done), timeout=60000)
    window.actions_.save.trigger()
    qtbot.waitUntil(lambda: isinstance(window.models.saving.state, Saved), timeout=20000)
    window.actions_.desktop.copy_result.trigger()
    copied = "Copied "
    qtbot.waitUntil(lambda: window.message.title.text().startswith(copied), timeout=20000)
    unused = {name for name, by in threads.items() if not by}
    here = {name for name, by in threads.items() if threading.get_ident() in by}
    assert not unused
    assert not here
    assert gui_blocks.blocks
