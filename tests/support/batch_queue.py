"""Settings, waits and events of the tests about the batch view model."""

from __future__ import annotations

from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.batch.batch_state import BatchPhase
from ddrm_core.sampler.settings import SamplerSettings

QUICK = RestoreSettings(SamplerSettings(steps=1, samples=1), 0, "cpu")


def statuses(queue):
    """Return the status of each item, in the order of the batch."""
    return [row.status for row in queue.state.items]


def told(queue, kind):
    """Return the events of a kind, in the order in which they occurred."""
    return [event for event in queue.told if isinstance(event, kind)]


def add(qtbot, queue, pictures):
    """Add files, and wait until the batch can start."""
    queue.add_paths(pictures)
    qtbot.waitUntil(lambda: queue.state.can_start and not queue.state.active_searches, timeout=5000)


def over(qtbot, queue):
    """Wait until the batch is idle, whether or not items are left."""
    qtbot.waitUntil(lambda: queue.state.phase is BatchPhase.IDLE, timeout=60000)
