"""When a preview is offered before a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.imaging.mipmap_image import MipmapImage
from app.jobs.parameters.cost_estimate import CostEstimate
from app.jobs.run.quick_preview import PreviewPatch
from app.viewmodels.run.preview_plan import PlannedPatch
from app.viewmodels.run.quick_preview import QuickPreviewState
from app.viewmodels.run.run import NoRun, ResultReady, RunFailed, RunInProgress
from app.viewmodels.window.preview_offer import chosen_preview_text, is_preview_offered_first
from ddrm_core.errors import NotAJpeg
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.performance.cost_estimate import MemoryRequirement, Workload
from tests.support.results import result

AREA = Rectangle(0, 0, 128, 128)
PATCHES = (PreviewPatch(AREA, MipmapImage(())),)
PLANNED = PlannedPatch(AREA, AREA)
NO_PREVIEW = QuickPreviewState()


def estimate(seconds: float) -> CostEstimate:
    return CostEstimate(seconds, Workload(1, 4, 10_000), MemoryRequirement(1, None), False)


@pytest.mark.parametrize(
    ("cost_estimate", "run", "preview", "is_offered"),
    [
        (estimate(61), NoRun(), NO_PREVIEW, True),
        (estimate(61), RunFailed(NotAJpeg(Path("a.jpg"), "PNG")), NO_PREVIEW, True),
        (estimate(61), NoRun(), QuickPreviewState(PATCHES), True),
        (estimate(59), NoRun(), NO_PREVIEW, False),
        (None, NoRun(), NO_PREVIEW, False),
        (estimate(61), RunInProgress(4), NO_PREVIEW, False),
        (estimate(61), NoRun(), QuickPreviewState(PATCHES, is_chosen=True), False),
        (estimate(61), NoRun(), QuickPreviewState(PATCHES, is_chosen=True, planned=PLANNED), True),
    ],
)
def test_a_preview_comes_first_above_a_minute(cost_estimate, run, preview, is_offered):
    assert is_preview_offered_first(cost_estimate, run, preview) is is_offered


def test_no_preview_is_offered_beside_a_result():
    assert not is_preview_offered_first(estimate(600), ResultReady(result()), NO_PREVIEW)


def test_only_a_preview_that_was_asked_for_has_a_line_and_is_stopped():
    by_itself = QuickPreviewState(planned=PLANNED)
    chosen = QuickPreviewState(is_chosen=True, planned=PLANNED, fraction_done=0.25)
    assert not by_itself.is_chosen_working
    assert chosen.is_chosen_working
    assert chosen_preview_text(chosen) == "Previewing the middle, 25 %"
