"""Effects of one view model on others, tested without a window."""

from __future__ import annotations

from threading import Event

import pytest

from app.config.settings import LivePreviewFrequency
from app.jobs.export.save import SavedFile
from app.jobs.run.restore_request import ProblemKind
from app.viewmodels.compare.compare import AFTER_SLOT, Point
from app.viewmodels.compare.gallery import OriginalKey, ResultKey
from app.viewmodels.document.document import DocumentOpened, DocumentOpenFailed, OpenRequest
from app.viewmodels.document.recompression import RecompressionChecked, RecompressionUnchecked
from app.viewmodels.export.sharing import ShareReady, create_share_request
from app.viewmodels.parameters.reuse_settings import RecordReadDone, RecordReadInProgress
from app.viewmodels.run.restore_request import build_restore_request
from app.viewmodels.run.run import NoRun, ResultReady, RunStopped
from app.viewmodels.state_view_model import JobNotStarted
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.opened_documents import opened
from tests.support.scripted_denoiser import until_held

pytestmark = pytest.mark.usefixtures("scripted")  # no test needs the output of a network


def restored(qtbot, models, region=None, samples=1):
    models.parameters.apply_settings(SamplerSettings(steps=1, samples=samples))
    request = build_restore_request(models.document.document, models.parameters.state, region)
    models.run.start(request)
    qtbot.waitUntil(lambda: isinstance(models.run.state, ResultReady))


def held(qtbot, models, scripted):
    """Start a run of 20 steps, and wait until the test's prior pauses the run."""
    models.parameters.apply_settings(SamplerSettings(steps=20, samples=1))
    scripted.hold_before(5)
    models.run.start(build_restore_request(models.document.document, models.parameters.state))
    until_held(qtbot, scripted, models.run)


def viewed(models):
    """Let the compare view model know the gallery's images, as the compare view does."""
    models.gallery.state_changed.connect(
        lambda state: models.compare.set_available_keys(tuple(item.key for item in state.items))
    )


def after_key(models):
    return models.compare.state.slot_keys[AFTER_SLOT]


class TestOpening:
    def test_what_was_assumed_and_marked_belongs_to_the_file_before(
        self, qtbot, models, photo, banded
    ):
        opened(qtbot, models, photo)
        restored(qtbot, models)
        models.parameters.set_quality(30)
        models.parameters.set_seed(7)
        models.regions.add(Rectangle(1, 2, 30, 20))
        opened(qtbot, models, banded)
        parameters = models.parameters.state
        assert (parameters.settings.assumption.quality, parameters.settings.seed) == (None, 7)
        assert parameters.problem is ProblemKind.BANDING
        assert not models.undo.state.undo_stack
        assert not models.regions.state.regions
        assert models.run.state == NoRun()
        assert models.inspector.state.document is models.document.document
        assert models.inspector.state.result is None
        assert [item.key for item in models.gallery.state.items][:1] == [OriginalKey()]

    def test_a_file_that_is_refused_changes_nothing_of_the_open_one(
        self, qtbot, models, photo, text_file
    ):
        opened(qtbot, models, photo)
        restored(qtbot, models)
        result = models.run.state.result
        models.parameters.set_quality(30)
        models.regions.add(Rectangle(1, 2, 30, 20))
        models.document.open(OpenRequest(text_file))
        qtbot.waitUntil(lambda: isinstance(models.document.state, DocumentOpenFailed))
        assert models.parameters.state.settings.assumption.quality == 30
        assert len(models.regions.state.regions) == 1
        assert models.run.state.result is result
        assert models.inspector.state.result is result

    def test_a_run_is_stopped_as_soon_as_another_file_is_read(
        self, qtbot, models, photo, banded, scripted
    ):
        opened(qtbot, models, photo)
        held(qtbot, models, scripted)
        models.document.open(OpenRequest(banded))
        assert models.run.state.is_cancelling
        scripted.release()
        qtbot.waitUntil(lambda: isinstance(models.document.state, DocumentOpened))
        assert models.run.state == NoRun()

    def test_only_a_jpeg_is_searched_for_an_earlier_compression(self, qtbot, models, twice, banded):
        opened(qtbot, models, twice)
        qtbot.waitUntil(lambda: isinstance(models.recompression.state, RecompressionChecked))
        assert models.recompression.state.previous_compression is not None
        opened(qtbot, models, banded)
        assert models.recompression.state == RecompressionUnchecked()

    def test_a_record_that_is_read_for_one_file_is_not_used_for_another(
        self, qtbot, models, photo, banded
    ):
        opened(qtbot, models, photo)
        models.document.open(OpenRequest(banded))
        models.reuse_settings.read_record(photo, models.document.document.source, "cpu")
        assert isinstance(models.reuse_settings.state, RecordReadInProgress)
        qtbot.waitUntil(lambda: isinstance(models.document.state, DocumentOpened))
        assert models.reuse_settings.state == JobNotStarted()

    def test_recent_files_follow_what_opens_and_what_is_gone(self, qtbot, models, photo, banded):
        opened(qtbot, models, photo)
        opened(qtbot, models, banded)
        assert models.recent_files.state.files == (banded, photo)
        photo.unlink()
        models.document.open(OpenRequest(photo))
        qtbot.waitUntil(lambda: models.recent_files.state.files == (banded,))


class TestRuns:
    def test_a_result_reaches_inspector_and_save_options(self, qtbot, models, photo):
        opened(qtbot, models, photo)
        assert not models.saving.options.state.subject.has_file_levels
        restored(qtbot, models, Rectangle(8, 8, 40, 30))
        assert models.inspector.state.result is models.run.state.result
        subject = models.saving.options.state.subject
        assert (subject.has_file_levels, subject.is_region, subject.longest_side) == (
            True,
            True,
            40,
        )
        models.run.reset()
        assert models.inspector.state.result is None

    def test_a_region_is_announced_once_and_the_whole_picture_never(self, qtbot, models, photo):
        announced = []
        models.run.region_restored.connect(lambda: announced.append(models.run.state.result))
        opened(qtbot, models, photo)
        restored(qtbot, models, Rectangle(8, 8, 40, 30), samples=2)
        first = models.run.state.result
        assert announced == [first]
        models.run.set_sharpness(1.0)
        qtbot.waitUntil(lambda: models.run.state.result is not first)
        assert announced == [first]
        models.run.restore_remaining()
        qtbot.waitUntil(lambda: isinstance(models.run.state, ResultReady))
        assert announced == [first]

    def test_going_back_to_a_run_brings_its_parameters_with_its_result(
        self, qtbot, models, photo, banded
    ):
        opened(qtbot, models, photo)
        models.parameters.set_seed(5)
        restored(qtbot, models)
        qtbot.waitUntil(lambda: len(models.run_history.state.runs) == 1)
        opened(qtbot, models, banded)
        models.parameters.set_seed(6)
        models.run_history.activate_run(1)
        qtbot.waitUntil(lambda: isinstance(models.run.state, ResultReady))
        assert models.document.document.source.path == photo
        assert (models.parameters.state.settings.seed, models.parameters.state.problem) == (
            5,
            ProblemKind.JPEG,
        )

    def test_a_shared_file_keeps_no_result_that_is_not_shown(self, qtbot, models, photo):
        opened(qtbot, models, photo)
        restored(qtbot, models)
        request = create_share_request(models.run.state, models.saving.options.state)
        models.sharing.prepare(request)
        qtbot.waitUntil(lambda: isinstance(models.sharing.state, ShareReady))
        models.run.reset()
        assert models.sharing.state == JobNotStarted()
        models.sharing.prepare(request)  # the file becomes ready while no result is shown
        qtbot.waitUntil(lambda: models.sharing.state == JobNotStarted())

    def test_a_saved_result_is_known_as_saved_and_gives_its_settings_back(
        self, qtbot, models, photo, tmp_path
    ):
        opened(qtbot, models, photo)
        models.parameters.set_quality(30)
        models.parameters.set_seed(5)
        restored(qtbot, models, samples=2)
        qtbot.waitUntil(lambda: len(models.run_history.state.runs) == 1)
        path = tmp_path / "saved.png"
        models.saving.save(models.run.state.result, path, sharpness=0.0, run_number=1)
        qtbot.waitUntil(lambda: isinstance(models.saving.state, SavedFile))
        assert [run.saved_path for run in models.run_history.state.runs] == [path]
        opened(qtbot, models, photo)
        models.parameters.set_seed(6)
        models.parameters.set_samples(1)
        models.reuse_settings.read_record(path, models.document.document.source, "cpu")
        qtbot.waitUntil(lambda: isinstance(models.reuse_settings.state, RecordReadDone))
        parameters = models.parameters.state
        assert (
            parameters.settings.seed,
            parameters.settings.assumption.quality,
            parameters.settings.sampler.samples,
        ) == (
            5,
            30,
            2,
        )

    def test_the_pixel_under_the_pointer_is_read_in_the_open_file(self, qtbot, models, photo):
        models.pixel_readout.set_pointer_position(Point(3, 4))
        opened(qtbot, models, photo)
        qtbot.waitUntil(lambda: models.pixel_readout.state.inspection is not None)
        request = models.pixel_readout.state.inspection.request
        assert request.source is models.document.document.source
        assert request.displayed_position == (3, 4)

    @pytest.mark.parametrize(
        ("live_preview", "interval"),
        [
            (LivePreviewFrequency.ALWAYS, 1),
            (LivePreviewFrequency.OCCASIONALLY, 10),
            (LivePreviewFrequency.OFF, 0),
        ],
    )
    def test_the_preference_says_how_many_pictures_a_run_shows(
        self, qtbot, models, photo, live_preview, interval
    ):
        opened(qtbot, models, photo)
        request = build_restore_request(
            models.document.document, models.parameters.state, live_preview=live_preview
        )
        assert request.preview_interval == interval


class TestTimeline:
    def test_the_selected_estimate_is_shown_once_its_picture_is_there(self, qtbot, models, photo):
        viewed(models)
        opened(qtbot, models, photo)
        models.parameters.apply_settings(SamplerSettings(steps=3, samples=1))
        models.run.start(build_restore_request(models.document.document, models.parameters.state))
        qtbot.waitUntil(lambda: isinstance(models.run.state, ResultReady))
        assert after_key(models) == ResultKey()
        models.timeline.scrub(0)
        estimate = models.gallery.state.items[-len(models.timeline.state.estimates)].key
        qtbot.waitUntil(lambda: after_key(models) == estimate)
        models.timeline.scrub(len(models.timeline.state.estimates))
        assert after_key(models) == ResultKey()

    def test_playback_shows_every_estimate_and_ends_at_the_result(self, qtbot, models, photo):
        viewed(models)
        opened(qtbot, models, photo)
        models.parameters.apply_settings(SamplerSettings(steps=3, samples=1))
        models.run.start(build_restore_request(models.document.document, models.parameters.state))
        qtbot.waitUntil(lambda: isinstance(models.run.state, ResultReady))
        shown = []
        models.compare.state_changed.connect(
            lambda state: shown.append(state.slot_keys[AFTER_SLOT])
        )
        count = len(models.timeline.state.estimates)
        models.timeline.toggle_playback()
        qtbot.waitUntil(lambda: not models.timeline.state.is_playing)
        assert [key.number for key in dict.fromkeys(shown) if key != ResultKey()] == list(
            range(1, count + 1)
        )
        assert shown[-1] == ResultKey()


class TestCostEstimates:
    def test_an_estimate_follows_the_file_and_the_parameters(self, qtbot, models, photo):
        opened(qtbot, models, photo)
        qtbot.waitUntil(lambda: models.cost_estimate.state.cost_estimate is not None)
        models.parameters.set_seed(4)  # does not change the cost
        assert models.cost_estimate.state.cost_estimate is not None
        models.parameters.set_steps(33)
        assert models.cost_estimate.state.cost_estimate is None
        qtbot.waitUntil(lambda: models.cost_estimate.state.cost_estimate is not None)

    def test_a_run_does_not_wait_for_an_estimate(self, qtbot, models, photo, monkeypatch):
        begun = Event()

        def measure_until_cancelled(_run, token):
            begun.set()
            while True:
                token.raise_if_cancelled()

        monkeypatch.setattr(
            "ddrm_core.performance.cost_estimate.measure_throughput", measure_until_cancelled
        )
        models.parameters.apply_settings(SamplerSettings(steps=1, samples=1))
        opened(qtbot, models, photo)
        qtbot.waitUntil(begun.is_set)
        assert models.cost_estimate.state.is_estimating
        models.run.start(build_restore_request(models.document.document, models.parameters.state))
        assert not models.cost_estimate.state.is_estimating
        qtbot.waitUntil(lambda: isinstance(models.run.state, ResultReady))

    def test_a_run_is_never_timed_beside_an_estimate(self, qtbot, models, photo, scripted):
        opened(qtbot, models, photo)
        held(qtbot, models, scripted)
        assert not models.cost_estimate.state.is_estimating
        models.parameters.set_steps(33)
        assert models.cost_estimate.state.cost_estimate is None
        models.run.cancel()
        scripted.release()
        qtbot.waitUntil(lambda: isinstance(models.run.state, RunStopped))
        qtbot.waitUntil(lambda: models.cost_estimate.state.cost_estimate is not None)
