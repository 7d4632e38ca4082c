"""Undo and redo of parameter changes, as tables."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from app.jobs.parameters.recorded_settings import RecordedSettings
from app.jobs.run.prior_cache import DeviceInfo
from app.jobs.run.restore_request import ProblemKind, RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.parameters.undo import (
    ActionChange,
    ParameterChange,
    UndoState,
    UndoViewModel,
    find_changed_fields,
    record_action_change,
    record_change,
    redo_last_change,
    undo_last_change,
    without_available_options,
)
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.sampler.settings import PRESETS, Preset

FIRST = without_available_options(ParametersState())


def with_steps(steps, state=FIRST):
    return replace(
        state,
        settings=replace(state.settings, sampler=replace(state.settings.sampler, steps=steps)),
    )


def with_seed(seed, state=FIRST):
    return replace(state, settings=replace(state.settings, seed=seed))


@pytest.mark.parametrize(
    ("after", "names", "words"),
    [
        (with_steps(3), ("steps",), "Steps"),
        (with_seed(3), ("seed",), "Seed"),
        (replace(FIRST, problem=ProblemKind.BANDING), ("problem",), "Problem"),
        (
            replace(
                FIRST, settings=replace(FIRST.settings, assumption=CompressionAssumption(7, (1, 2)))
            ),
            ("quality", "grid"),
            "Several settings",
        ),
        (with_seed(3, with_steps(3)), ("steps", "seed"), "Several settings"),
        (FIRST, (), "Preset"),
    ],
)
def test_what_was_changed_in_words(after, names, words):
    assert find_changed_fields(FIRST, after) == names
    assert ParameterChange(FIRST, after, names, 0.0).label == words


def test_a_preset_is_called_one():
    after = replace(FIRST, settings=replace(FIRST.settings, sampler=PRESETS[Preset.PAPER]))
    names = find_changed_fields(FIRST, after)
    assert len(names) > 3
    assert ParameterChange(FIRST, after, names, 0.0).label == "Preset"


@pytest.mark.parametrize(
    ("second", "at", "changes"),
    [
        (with_steps(4), 0.9, [(FIRST, with_steps(4))]),
        (with_steps(4), 1.1, [(FIRST, with_steps(3)), (with_steps(3), with_steps(4))]),
        (
            with_seed(1, with_steps(3)),
            0.5,
            [(FIRST, with_steps(3)), (with_steps(3), with_seed(1, with_steps(3)))],
        ),
        (FIRST, 0.5, []),
    ],
)
def test_quick_changes_of_one_control_are_one(second, at, changes):
    state = record_change(UndoState(), FIRST, with_steps(3), 0.0)
    state = record_change(state, with_steps(3), second, at)
    assert [(change.before, change.after) for change in state.undo_stack] == changes


def test_back_and_forth():
    one = record_change(UndoState(), FIRST, with_steps(3), 0.0)
    two = record_change(one, with_steps(3), with_seed(1, with_steps(3)), 0.1)
    back = undo_last_change(two)
    assert (back.undo_stack, len(back.redo_stack)) == (one.undo_stack, 1)
    assert redo_last_change(back) == two
    assert undo_last_change(UndoState()) == redo_last_change(UndoState()) == UndoState()
    other = record_change(back, with_steps(3), with_steps(5), 0.2)
    assert other.redo_stack == ()
    assert [change.after for change in other.undo_stack] == [with_steps(3), with_steps(5)]


def test_their_number_is_bounded():
    state = UndoState()
    for step in range(1, 300):
        state = record_change(state, with_steps(step), with_steps(step + 1), 10.0 * step)
    assert len(state.undo_stack) == 100
    assert state.undo_stack[-1].after == with_steps(300)


@pytest.fixture
def models(runner, engine):
    clock = iter(range(0, 1000, 10))
    parameters = ParametersViewModel(runner, engine)
    return parameters, UndoViewModel(parameters, lambda: next(clock))


def test_settings_go_back_and_forth(models):
    parameters, undo = models
    first = parameters.state
    parameters.set_steps(3)
    parameters.apply_preset(Preset.PAPER)
    last = parameters.state
    undo.undo()
    assert parameters.state.settings.sampler.steps == 3
    undo.undo()
    undo.undo()
    assert parameters.state == first
    undo.redo()
    undo.redo()
    undo.redo()
    assert parameters.state == last


def test_all_that_a_run_used_is_taken_back_at_once(models):
    parameters, undo = models
    parameters.set_available_priors(["mine"])
    first = parameters.state
    repeated = RecordedSettings(
        Path("a.png"),
        RestoreSettings(
            PRESETS[Preset.PAPER],
            9,
            "cpu",
            prior="mine",
            assumption=CompressionAssumption(20, (1, 2), "4:2:2"),
        ),
        prior_mismatch=None,
    )
    parameters.apply_recorded_settings(repeated)
    last = parameters.state
    assert (last.settings.prior, last.settings.assumption.quality, last.settings.seed) == (
        "mine",
        20,
        9,
    )
    undo.undo()
    assert parameters.state == first
    parameters.apply_request(
        RestoreRequest(
            None,
            RestoreSettings(
                last.settings.sampler,
                9,
                "cpu",
                prior="mine",
                assumption=CompressionAssumption(20, (1, 2)),
            ),
        )
    )
    assert (parameters.state.settings.prior, parameters.state.settings.device) == ("mine", "cpu")
    undo.undo()
    assert parameters.state == first


def test_the_prior_of_a_preset_is_taken_back_with_the_preset(models):
    parameters, undo = models
    parameters.set_available_priors(["mine", "other"])
    parameters.set_prior("mine")
    parameters.apply_settings(PRESETS[Preset.PAPER], "other")
    assert undo.state.undo_stack[-1].label == "Preset"
    parameters.set_prior("other")
    assert undo.state.undo_stack[-1].label == "Model"
    undo.undo()
    assert (parameters.state.settings.prior, parameters.state.chosen_prior) == ("other", "mine")
    undo.undo()
    assert (parameters.state.settings.prior, parameters.state.preset) == ("mine", Preset.BALANCED)


def test_the_choice_of_the_prior_that_replaced_another_is_taken_back(models):
    parameters, undo = models
    parameters.set_prior("gone")
    parameters.set_available_priors(["mine"])
    parameters.set_prior(None)
    assert undo.state.undo_stack[-1].label == "Model"
    assert not parameters.state.is_prior_fallback
    undo.undo()
    assert parameters.state.is_prior_fallback
    undo.undo()  # to the prior that is not available, which stays replaced
    assert (parameters.state.settings.prior, parameters.state.is_prior_fallback) == (None, True)


def test_what_there_is_to_choose_from_is_no_change(models):
    parameters, undo = models
    parameters.set_available_priors(["mine"])
    assert undo.state == UndoState()
    parameters.set_prior("mine")
    assert undo.state.undo_stack[-1].label == "Model"
    parameters.set_steps(3)
    parameters.set_prior(None)
    parameters.set_available_priors([])
    undo.undo()
    assert parameters.state.settings.prior is None
    undo.undo()
    assert parameters.state.settings == ParametersState().settings
    assert parameters.state.devices == (DeviceInfo("auto"), DeviceInfo("cpu"))


def test_a_prior_that_is_gone_does_not_end_what_can_be_made_again(models):
    parameters, undo = models
    parameters.set_available_priors(["mine"])
    parameters.set_prior("mine")
    parameters.set_steps(3)
    parameters.set_available_priors([])
    undo.undo()
    undo.undo()
    assert parameters.state.settings == ParametersState().settings
    undo.redo()
    assert parameters.state.settings.sampler.steps == 3


def test_nothing_of_one_file_comes_back_for_another(models):
    parameters, undo = models
    parameters.set_quality(7)
    parameters.reset_assumptions(ProblemKind.JPEG)
    assert undo.state == UndoState()
    undo.undo()
    assert parameters.state.settings.assumption.quality is None


def action(label, time_s, key=None, *, belongs_to_file=True, done=None):
    undo = partial((done if done is not None else []).append, f"undo {label}")
    redo = partial((done if done is not None else []).append, f"redo {label}")
    return ActionChange(label, undo, redo, belongs_to_file, key, time_s)


def labels(changes):
    return [change.label for change in changes]


class TestActions:
    def test_continuous_changes_of_one_control_are_one(self):
        done: list[str] = []
        state = record_action_change(UndoState(), action("a", 0.0, "slider", done=done))
        state = record_action_change(state, action("b", 0.9, "slider", done=done))
        assert labels(state.undo_stack) == ["b"]
        state.undo_stack[0].undo()
        state.undo_stack[0].redo()
        assert done == ["undo a", "redo b"]

    @pytest.mark.parametrize(
        ("time_s", "key"), [(2.0, "slider"), (0.5, "other"), (0.5, None)], ids=str
    )
    def test_other_changes_are_not(self, time_s, key):
        state = record_action_change(UndoState(), action("a", 0.0, "slider"))
        state = record_action_change(state, action("b", time_s, key))
        assert labels(state.undo_stack) == ["a", "b"]

    def test_parameters_and_actions_are_undone_in_their_order(self, models):
        (parameters, undo), done = models, []
        parameters.set_steps(3)
        undo.record_action(action("crop", 0.0, done=done))
        parameters.set_seed(9)
        for _ in range(2):
            undo.undo()
        assert done == ["undo crop"]
        assert parameters.state.settings.sampler.steps == 3
        undo.undo()
        assert parameters.state.settings.sampler.steps != 3
        for _ in range(3):
            undo.redo()
        assert done == ["undo crop", "redo crop"]
        assert parameters.state.settings.seed == 9

    def test_what_undo_changes_is_not_recorded(self, models):
        _parameters, undo = models
        inner = action("inner", 0.0)
        undo.record_action(ActionChange("outer", partial(undo.record_action, inner), lambda: None))
        undo.undo()
        assert (undo.state.undo_stack, labels(undo.state.redo_stack)) == ((), ["outer"])

    def test_another_file_forgets_what_belongs_to_the_file(self, models):
        parameters, undo = models
        parameters.set_steps(3)
        undo.record_action(action("crop", 0.0))
        undo.record_action(action("preset", 0.0, belongs_to_file=False))
        parameters.reset_assumptions(ProblemKind.JPEG)
        assert labels(undo.state.undo_stack) == ["preset"]

    def test_a_message_undoes_its_own_change_only(self, models):
        (parameters, undo), done = models, []
        undo.record_action(action("preset", 0.0, done=done))
        parameters.set_steps(3)
        undo.undo_action("preset")
        assert not done
        undo.undo()
        undo.undo_action("preset")
        assert done == ["undo preset"]
