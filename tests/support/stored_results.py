"""Results of short runs, archived and stored as the window does it."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from app.jobs.document.open import open_document
from app.jobs.results.archived_result import archive_result
from app.jobs.run.prior_cache import PriorCache
from app.jobs.run.restore import restore_job
from app.jobs.run.restore_request import ProblemKind, RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.step_iterator import StepIterator

ENDED = datetime(2026, 1, 2, 3, 4, 5, 678)
TWO_SAMPLES = SamplerSettings(steps=2, samples=2)


@cache
def engine():
    """Return the cache of the bundled prior, which all tests share: loading takes a second."""
    return PriorCache(BUNDLED_PRIOR_PATH)


def run_job(request, arrays):
    """Run a request, and return its result."""
    prior_cache = engine()
    prior_cache.array_store = arrays
    steps = StepIterator(restore_job(prior_cache, request, CancelToken()))
    for _step in steps:
        pass
    return steps.result


def restore(path, arrays, settings=TWO_SAMPLES, problem=ProblemKind.JPEG, region=None):
    """Restore a file, and return the request with the archived result."""
    source = open_document(path).source
    request = RestoreRequest(
        source, RestoreSettings(settings, 7, "cpu"), problem, region=region, preview_interval=0
    )
    return request, archive_result(run_job(request, arrays), arrays)


def stored(store, path, arrays, ended_at=ENDED, **options):
    """Restore a file, store the result, and return the request, the result and the folder."""
    request, archived = restore(path, arrays, **options)
    return request, archived, store.store(request, archived, ended_at)


def taken(windows, count=1):
    """Return the results that a later session gets."""
    later = windows()
    runs = later.take_earlier(100)
    assert len(runs) == count
    return runs
