"""The end of the desktop session while results are unsaved."""

from __future__ import annotations

import pytest

from app.viewmodels.results.unsaved_results import SaveAnswer
from app.viewmodels.run.run import RunInProgress
from tests.support.history_stories import restored
from tests.support.unsaved_stories import begin, kept


@pytest.fixture
def quick(quick):
    """Return the window whose results are not kept after closing."""
    quick.view_models.stored_results.set_keeps_results(False)
    return quick


class Manager:
    """A substitute for QSessionManager, which only Qt can create."""

    def __init__(self, *, interaction=True):
        self.allowsInteraction = lambda: interaction
        self.calls = []

    def release(self):
        self.calls.append("release")

    def cancel(self):
        self.calls.append("cancel")


class TestTheEndOfTheSession:
    def test_nothing_unsaved_lets_it_end(self, quick, answers):
        manager = Manager()
        quick.unsaved_results_prompt.handle_session_end(manager)
        assert not manager.calls
        assert not answers.questions

    def test_cancel_stops_it(self, qtbot, quick, answers):
        restored(qtbot, quick)
        answers.to_unsaved, manager = SaveAnswer.CANCEL, Manager()
        quick.unsaved_results_prompt.handle_session_end(manager)
        assert manager.calls == ["release", "cancel"]
        assert quick.isVisible()

    def test_discard_leaves_the_run_alone_as_the_session_may_go_on(
        self, scripted, qtbot, quick, answers
    ):
        begin(qtbot, quick, scripted)
        quick.unsaved_results_prompt.handle_session_end(Manager())
        assert len(answers.questions) == 1
        assert isinstance(quick.view_models.run.state, RunInProgress)
        assert scripted.held.is_set()

    def test_a_window_that_was_closed_is_not_asked_about(self, qtbot, quick, answers):
        restored(qtbot, quick)
        quick.close()
        quick.unsaved_results_prompt.handle_session_end(Manager())
        assert len(answers.questions) == 1

    def test_discard_lets_it_end_and_closing_does_not_ask_again(self, qtbot, quick, answers):
        restored(qtbot, quick)
        kept(qtbot, quick, 1)
        answers.to_unsaved, manager = SaveAnswer.DISCARD, Manager()
        quick.unsaved_results_prompt.handle_session_end(manager)
        assert manager.calls == ["release"]
        quick.close()
        assert len(answers.questions) == 1
        assert not quick.isVisible()

    def test_a_session_that_goes_on_after_all_asks_about_what_is_new(self, qtbot, quick, answers):
        restored(qtbot, quick)
        kept(qtbot, quick, 1)
        answers.to_unsaved = SaveAnswer.DISCARD
        quick.unsaved_results_prompt.handle_session_end(Manager())
        restored(qtbot, quick)
        kept(qtbot, quick, 2)
        quick.close()
        assert len(answers.questions) == 2

    def test_save_saves_and_lets_it_end(self, qtbot, quick, answers, photo, tmp_path):
        restored(qtbot, quick)
        answers.to_unsaved, manager = SaveAnswer.SAVE, Manager()
        quick.unsaved_results_prompt.handle_session_end(manager)
        assert manager.calls == ["release"]
        assert (tmp_path / f"{photo.stem}_restored.png").exists()

    def test_without_the_right_to_ask_everything_is_saved(
        self, scripted, qtbot, quick, answers, photo, tmp_path
    ):
        begin(qtbot, quick, scripted)
        manager = Manager(interaction=False)
        quick.unsaved_results_prompt.handle_session_end(manager)
        assert not manager.calls
        assert not answers.questions
        assert (tmp_path / f"{photo.stem}_restored.png").exists()
