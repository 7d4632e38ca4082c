from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.jobs.parameters.recorded_settings import RecordedSettings
from app.jobs.run.prior_cache import DeviceInfo, PriorCache
from app.jobs.run.restore_request import ProblemKind
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel, parse_seed
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.restoration.assumption import NO_ASSUMPTION, CompressionAssumption
from ddrm_core.sampler.corrections.bins import BinsParameters
from ddrm_core.sampler.corrections.paper import PaperParameters
from ddrm_core.sampler.settings import MAX_SEED, PRESETS, NoiseSpacing, Preset


@pytest.fixture
def model(runner, engine) -> ParametersViewModel:
    return ParametersViewModel(runner, engine)


def test_the_first_choice_is_balanced_with_the_files_own_tables(model):
    assert model.state == ParametersState(
        RestoreSettings(PRESETS[Preset.BALANCED], seed=0, device="auto", assumption=NO_ASSUMPTION)
    )
    assert model.state.preset is Preset.BALANCED


@pytest.mark.parametrize("preset", Preset)
def test_a_preset_brings_all_its_values(model, preset):
    model.set_sampler_setting("eta", 0.25)
    model.apply_preset(preset)
    assert model.state.settings.sampler == PRESETS[preset]
    assert model.state.preset is preset


CHANGES = {
    "steps": (ParametersViewModel.set_steps, 7),
    "samples": (ParametersViewModel.set_samples, 3),
    "correction": (ParametersViewModel.set_correction, "paper"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_value_of_ones_own_leaves_the_preset_and_nothing_else(model, name):
    change, value = CHANGES[name]
    change(model, value)
    assert model.state.settings.sampler == replace(PRESETS[Preset.BALANCED], **{name: value})
    assert model.state.preset is None


@pytest.mark.parametrize(
    ("name", "value"), [("start", 250), ("eta", 0.5), ("spacing", NoiseSpacing.UNIFORM)]
)
def test_any_setting_of_the_sampler_can_be_changed(model, name, value):
    model.set_sampler_setting(name, value)
    assert model.state.settings.sampler == replace(PRESETS[Preset.BALANCED], **{name: value})


def test_parameters_of_a_correction_wait_for_it_to_be_chosen_again(model):
    model.set_correction("paper")
    model.set_correction_parameter("eta_b", 0.5)
    model.set_correction("bins")
    model.set_correction_parameter("error_factor", 2.0)
    assert model.state.settings.sampler.parameters_of("bins") == BinsParameters(2.0)
    model.set_correction("paper")
    assert model.state.settings.sampler.parameters_of("paper") == PaperParameters(0.5)


def test_what_no_preset_holds_survives_a_preset(model):
    model.set_quality(5)
    model.set_seed(99)
    model.set_device("cpu")
    model.apply_preset(Preset.FAST)
    assert (
        model.state.settings.assumption.quality,
        model.state.settings.seed,
        model.state.settings.device,
    ) == (5, 99, "cpu")


class TestPriorOfAPreset:
    SETTINGS = replace(PRESETS[Preset.FAST], steps=9)

    @pytest.fixture
    def model(self, runner, engine, monkeypatch):
        monkeypatch.setattr(
            "app.viewmodels.parameters.parameters.PRESET_PRIORS",
            {Preset.FAST: "other", Preset.PAPER: "compact"},
        )
        model = ParametersViewModel(runner, engine)
        model.set_available_priors(["mine", "other"])
        model.set_prior("mine")
        return model

    def test_it_is_selected_until_a_preset_without_one(self, model):
        model.apply_preset(Preset.FAST)
        assert model.state.settings.prior == "other"
        model.apply_preset(Preset.PAPER)
        assert model.state.settings.prior is None  # the bundled prior, by its name
        model.apply_preset(Preset.BALANCED)
        assert model.state.settings.prior == "mine"
        model.apply_settings(self.SETTINGS, "other")
        assert (model.state.settings.sampler, model.state.settings.prior) == (
            self.SETTINGS,
            "other",
        )
        model.apply_settings(self.SETTINGS)
        assert model.state.settings.prior == "mine"

    def test_another_that_the_user_chooses_stands_over_it(self, model):
        model.apply_preset(Preset.FAST)
        model.set_prior(None)
        model.set_steps(9)
        assert (model.state.settings.prior, model.state.settings.sampler) == (None, self.SETTINGS)
        model.apply_preset(Preset.BALANCED)
        assert model.state.settings.prior is None

    def test_one_that_is_not_here_is_said_and_the_chosen_one_is_used(self, qtbot, model):
        with qtbot.waitSignal(model.preset_prior_missing) as missing:
            model.apply_settings(self.SETTINGS, "gone")
        assert missing.args == ["gone"]
        assert (model.state.settings.sampler, model.state.settings.prior) == (self.SETTINGS, "mine")
        assert model.state.priors == (None, "mine", "other")

    def test_one_that_is_removed_leaves_the_chosen_one(self, qtbot, model):
        model.apply_preset(Preset.FAST)
        with qtbot.waitSignal(model.prior_lost) as lost:
            model.set_available_priors(["mine"])
        assert (lost.args, model.state.settings.prior) == (["other"], "mine")

    @pytest.mark.parametrize(
        ("name", "is_chosen", "prior"),
        [
            (None, False, "other"),
            ("preferred", False, "other"),
            ("mine", True, "mine"),
            (None, True, None),
        ],
    )
    def test_the_first_preset_brings_its_own_if_none_was_chosen(
        self, runner, engine, monkeypatch, name, is_chosen, prior
    ):
        monkeypatch.setattr(
            "app.viewmodels.parameters.parameters.PRESET_PRIORS", {Preset.BALANCED: "other"}
        )
        model = ParametersViewModel(runner, engine)
        model.select_initial_prior(name, is_chosen=is_chosen)
        assert (model.state.settings.prior, model.state.chosen_prior) == (prior, name)

    def test_before_the_priors_are_known_it_is_taken_to_be_here(self, qtbot, runner, engine):
        model = ParametersViewModel(runner, engine)
        model.apply_settings(self.SETTINGS, "other")
        assert (model.state.settings.prior, model.state.chosen_prior) == ("other", None)
        with qtbot.assertNotEmitted(model.prior_lost):
            model.set_available_priors(["other"])
        assert model.state.settings.prior == "other"


class TestReplacedChoice:
    @pytest.fixture
    def replaced(self, model):
        model.set_prior("gone")
        model.set_available_priors(["mine"])
        assert model.state.settings.prior is None
        return model

    def test_a_missing_prior_is_replaced_without_a_choice(self, model, replaced):
        assert replaced.state.is_prior_fallback
        model.set_available_priors(["mine"])
        model.set_steps(3)
        assert model.state.is_prior_fallback

    @pytest.mark.parametrize("prior", [None, "mine"])
    def test_the_choice_of_a_prior_ends_it(self, replaced, prior):
        replaced.set_prior(prior)
        assert not replaced.state.is_choice_replaced
        replaced.set_prior(None)
        assert not replaced.state.is_prior_fallback

    def test_a_preset_with_a_prior_ends_it_until_a_preset_without_one(self, replaced):
        replaced.apply_settings(PRESETS[Preset.FAST], "mine")
        assert not replaced.state.is_prior_fallback
        replaced.apply_settings(PRESETS[Preset.FAST])
        assert (replaced.state.settings.prior, replaced.state.is_prior_fallback) == (None, True)

    def test_an_available_prior_is_not_replaced(self, model):
        model.set_prior("mine")
        model.set_available_priors(["mine"])
        assert not model.state.is_choice_replaced


def assumed(model):
    assumption = model.state.settings.assumption
    return assumption.quality, assumption.grid, assumption.sampling


def test_a_grid_goes_with_a_quality_factor_only(model):
    model.set_grid((3, 5))
    assert assumed(model) == (None, None, None)
    model.set_quality(20)
    model.set_grid((3, 5))
    model.set_quality(30)
    assert assumed(model) == (30, (3, 5), None)
    model.set_quality(None)
    assert assumed(model) == (None, None, None)


def test_what_is_assumed_belongs_to_one_file(model):
    model.set_seed(7)
    model.set_sampling("4:4:4")
    model.set_assumption(CompressionAssumption(20, (3, 5)))
    assert assumed(model) == (20, (3, 5), None)
    model.set_sampling("4:2:2")
    model.reset_assumptions(ProblemKind.JPEG)
    assert assumed(model) == (None, None, None)
    assert model.state.settings.seed == 7


def test_the_problem_and_its_bits_belong_to_one_file(model):
    model.set_quality(20)
    model.reset_assumptions(ProblemKind.BANDING)
    assert (model.state.problem, model.state.settings.assumption.quality) == (
        ProblemKind.BANDING,
        None,
    )
    model.set_bits(5)
    model.set_problem(ProblemKind.JPEG)
    assert model.state.bits == 5  # kept for a return to the other problem
    model.reset_assumptions(ProblemKind.JPEG)
    assert (model.state.problem, model.state.bits) == (ProblemKind.JPEG, None)


def test_assuming_a_compression_chooses_to_restore_it(model):
    model.set_problem(ProblemKind.BANDING)
    model.set_assumption(CompressionAssumption(20, (3, 5)))
    assert model.state.problem is ProblemKind.JPEG
    model.set_problem(ProblemKind.BANDING)
    model.apply_recorded_settings(
        RecordedSettings(
            Path("a.png"),
            RestoreSettings(PRESETS[Preset.FAST], 9, "cpu", assumption=NO_ASSUMPTION),
            prior_mismatch=None,
        )
    )
    assert model.state.problem is ProblemKind.JPEG


def test_a_recorded_run_brings_all_that_it_used(model):
    model.set_device("cpu")
    settings = replace(PRESETS[Preset.FAST], start=123)
    model.apply_recorded_settings(
        RecordedSettings(
            Path("a.png"),
            RestoreSettings(
                settings, 9, "auto", assumption=CompressionAssumption(20, (1, 2), "4:2:2")
            ),
            prior_mismatch=None,
        )
    )
    assert (model.state.settings.sampler, model.state.settings.seed) == (settings, 9)
    assert assumed(model) == (20, (1, 2), "4:2:2")
    assert model.state.settings.device == "cpu"
    model.apply_recorded_settings(
        RecordedSettings(
            Path("a.png"),
            RestoreSettings(settings, 9, "cpu", assumption=CompressionAssumption(None, (1, 2))),
            prior_mismatch=None,
        )
    )
    assert assumed(model) == (None, None, None)


def test_the_same_value_again_is_no_change(qtbot, model):
    with qtbot.assertNotEmitted(model.state_changed):
        model.set_steps(model.state.settings.sampler.steps)
        model.set_quality(None)


def test_drawn_seeds_are_in_range_and_differ(model):
    drawn = set()
    for _ in range(20):
        model.randomize_seed()
        drawn.add(model.state.settings.seed)
    assert len(drawn) == 20
    assert all(0 <= seed <= MAX_SEED for seed in drawn)


@pytest.mark.parametrize(
    ("text", "seed"),
    [
        ("0", 0),
        ("007", 7),
        (str(MAX_SEED), MAX_SEED),
        (str(MAX_SEED + 1), None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("²", None),
        ("seed", None),
    ],
)
def test_a_seed_is_a_whole_number_in_range(text, seed):
    assert parse_seed(text) == seed


class WithCuda(PriorCache):
    def list_devices(self):
        return (DeviceInfo("auto"), DeviceInfo("cpu"), DeviceInfo("cuda", "A card"))


def test_the_devices_found_are_offered(qtbot, runner):
    model = ParametersViewModel(runner, WithCuda(BUNDLED_PRIOR_PATH))
    with qtbot.waitSignal(model.state_changed, timeout=5000):
        model.find_devices()
    assert [d.name for d in model.state.devices] == ["auto", "cpu", "cuda"]
    assert model.state.settings.device == "auto"


def test_auto_and_cpu_are_always_there(engine):
    assert engine.list_devices()[:2] == (DeviceInfo("auto"), DeviceInfo("cpu"))
