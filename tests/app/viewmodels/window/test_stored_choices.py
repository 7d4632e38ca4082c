"""Choices that the window stores, and defaults that other view models take over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.config.settings import Settings
from ddrm_core.prior.store import packaged
from ddrm_core.prior.store.packaged import FFDNET_COLOR
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.opened_documents import opened

pytestmark = pytest.mark.usefixtures("scripted")  # no test needs the output of a network


class TestBatchDefaults:
    def test_a_batch_takes_what_the_window_is_set_to(self, models, tmp_path):
        models.parameters.set_seed(9)
        models.parameters.set_quality(40)
        models.saving.options.set_bits(16)
        models.preferences.set_results_folder(tmp_path)
        defaults = models.batch.state.default_settings
        assert (defaults.restore.seed, defaults.restore.assumption.quality) == (9, None)
        assert defaults.export.bits == 16
        assert models.batch.state.default_folder == tmp_path

    def test_an_empty_batch_does_not_keep_a_folder_that_was_chosen_before(self, models, tmp_path):
        models.saving.options.set_folder(tmp_path)
        assert models.batch.state.output_location.folder == tmp_path
        models.saving.options.set_folder(None)
        assert models.batch.state.output_location.folder is None


class TestDevice:
    def test_the_preferred_device_is_chosen_once_and_the_user_may_differ(self, models):
        models.preferences.set_device("cpu")
        assert models.parameters.state.settings.device == "cpu"
        models.parameters.set_device("auto")
        models.parameters.set_seed(3)
        assert models.parameters.state.settings.device == "auto"

    def test_a_device_that_is_not_here_is_not_chosen(self, models):
        models.preferences.set_device("cuda:7")
        assert models.parameters.state.settings.device == "auto"


class TestPriors:
    def test_a_prior_that_was_removed_is_not_chosen_any_more(self, qtbot, models):
        lost = []
        models.parameters.prior_lost.connect(lost.append)
        models.parameters.set_prior("mine")
        models.priors.list_priors()
        qtbot.waitUntil(lambda: bool(models.priors.state.entries))
        assert models.parameters.state.settings.prior is None
        assert lost == ["mine"]


@pytest.mark.usefixtures("packaged_priors")
class TestMissingDefaultPrior:
    @pytest.fixture
    def models(self, qtbot, build_models, monkeypatch):
        """Return the view models of a window without the package of the default prior."""
        absent = replace(FFDNET_COLOR, distribution="a-distribution-that-nobody-installs")
        monkeypatch.setattr(packaged, "PACKAGED_PRIORS", (absent,))
        models = build_models()
        models.priors.list_priors()
        qtbot.waitUntil(lambda: bool(models.priors.state.entries))
        return models

    def test_the_batch_gets_to_know_that_its_prior_was_not_chosen(self, models, stored):
        defaults = models.batch.state.default_settings
        assert (defaults.restore.prior, defaults.restore.is_prior_fallback) == (None, True)
        assert not stored.has_prior_choice()

    def test_choosing_the_bundled_prior_is_a_choice_that_lasts(self, models, stored):
        models.parameters.set_prior(None)
        assert not models.batch.state.default_settings.restore.is_prior_fallback
        assert (stored.has_prior_choice(), stored.load_prior_name()) == (True, None)

    def test_a_choice_of_the_missing_prior_is_kept_for_its_return(
        self, qtbot, models, build_models, stored
    ):
        stored.save_prior_name(FFDNET_COLOR.name)
        models = build_models()
        models.priors.list_priors()
        qtbot.waitUntil(lambda: bool(models.priors.state.entries))
        assert models.parameters.state.is_prior_fallback
        assert stored.load_prior_name() == FFDNET_COLOR.name


class TestStoredChoices:
    def test_choices_of_one_start_are_those_of_the_next(
        self, qtbot, build_models, stored, photo, tmp_path
    ):
        first = build_models()
        first.parameters.set_prior("mine")
        first.parameters.apply_settings(
            SamplerSettings(steps=3, samples=1), "other"
        )  # not a choice to keep
        first.saving.options.set_jpeg_quality(71)
        first.preferences.set_results_folder(tmp_path)
        opened(qtbot, first, photo)
        second = build_models()
        assert second.parameters.state.settings.prior == "mine"
        assert second.saving.options.state.choices.export.jpeg_quality == 71
        assert second.preferences.state == replace(Settings(), results_folder=tmp_path)
        assert second.recent_files.state.files == (photo,)
        assert stored.load_window_state().last_folder == photo.parent

    def test_a_first_start_stores_nothing(self, build_models, stored):
        build_models()
        assert stored.text_values() == ()
