"""Reasons and facts of the core: English without a catalog, translated by the app."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from safetensors import safe_open

import app.jobs
import ddrm_core
from app.config.resources import TRANSLATIONS_FOLDER
from app.i18n.error_messages import message_from_error
from app.i18n.formatting import color_space_text, damage_text, format_size
from app.i18n.translation import LANGUAGES, read_message_catalog, set_language, translate
from ddrm_core.allowed_values import AllowedValues, RefusedValue, describe_range
from ddrm_core.errors import InvalidPrior, InvalidSetting, NotAJpeg, PriorNotInstalled
from ddrm_core.jpeg.reasons import CorruptionReason, CutOffReason, DamageReason, FoundFormat
from ddrm_core.messages import Message, Reason, describe_image_size, list_placeholders
from ddrm_core.metadata.color_space import ColorSpace, ColorSpaceSource
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.reasons import DownloadProblem, PriorDefect

GERMAN = next(language for language in LANGUAGES if language.code == "de")
CATALOG = read_message_catalog(TRANSLATIONS_FOLDER / "ddrm_restore_de.ts")


def list_reasons(base: type[Reason] = Reason) -> list[type[Reason]]:
    """Return all subclasses of `base`, after an import of all modules of core and jobs."""
    for package in (ddrm_core, app.jobs):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found = base.__subclasses__()
    return [*found, *(deeper for kind in found for deeper in list_reasons(kind))]


REASONS = [kind for kind in list_reasons() if not kind.__module__.startswith("tests")]
MEMBERS = [member for kind in REASONS for member in kind]


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    set_language(None)


@pytest.fixture
def in_german() -> None:
    set_language(CATALOG, GERMAN)


def test_the_reasons_are_found_at_all():
    assert {DamageReason, FoundFormat, DownloadProblem, AllowedValues} < set(REASONS)
    assert len(MEMBERS) > 150


@pytest.mark.parametrize("kind", REASONS, ids=lambda kind: kind.__name__)
def test_no_two_reasons_have_the_same_words(kind):
    assert len(kind.__members__) == len(list(kind)) > 0


@pytest.mark.parametrize(
    "reason", MEMBERS, ids=lambda reason: f"{type(reason).__name__}.{reason.name}"
)
def test_every_reason_has_a_translation_for_the_same_facts(reason):
    assert CATALOG[reason]
    assert list_placeholders(CATALOG[reason]) == list_placeholders(reason)


class TestMessages:
    def test_english_needs_no_catalog(self):
        message = Message(DownloadProblem.TOO_LONG, {"size": 2_211_383})
        assert str(message) == translate(message) == "it has more than 2,211,383 bytes"

    def test_facts_are_those_of_the_template(self):
        for facts in ({}, {"bytes": 3}, {"size": 3, "bytes": 3}):
            with pytest.raises(ValueError, match="TOO_LONG"):
                Message(DownloadProblem.TOO_LONG, facts)

    def test_two_are_equal_by_reason_and_facts(self):
        assert describe_range(1, 3) == describe_range(1, 3) != describe_range(1, 4)
        assert len({describe_range(1, 3), describe_range(1, 3), describe_range(1, 4)}) == 2

    @pytest.mark.usefixtures("in_german")
    def test_numbers_have_the_signs_of_the_language(self):
        too_long = Message(DownloadProblem.TOO_LONG, {"size": 2_211_383})
        assert translate(too_long) == "sie hat mehr als 2.211.383 Byte"
        assert translate(describe_range(0.1, 100)) == "0,1 bis 100"
        assert [format_size(n) for n in (10, 6_607, 2 * 10**9)] == ["10 Byte", "6,6 kB", "2,0 GB"]
        assert translate(describe_image_size((3, 4, 1))) == "3x4 in Grau"

    @pytest.mark.usefixtures("in_german")
    def test_names_stay_though_they_are_words_of_the_program(self):
        assert translate("gray") == "gray"
        assert translate(Message(DownloadProblem.REFUSED, {"answer": "gray 1,000"})).endswith(
            "gray 1,000"
        )
        named = ColorSpace("not stated", ColorSpaceSource.PROFILE)
        assert "not stated" in color_space_text(named)

    @pytest.mark.usefixtures("in_german")
    def test_a_damage_without_numbers_is_whole_sentences_too(self):
        assert "weniger als 1 %" in damage_text(CutOffReason.TRACE)
        assert "less" not in damage_text(CorruptionReason.TRACE)


class TestErrors:
    @pytest.mark.usefixtures("in_german")
    def test_the_reason_of_an_error_is_in_the_language_too(self):
        error = NotAJpeg(Path("a.jpg"), FoundFormat.EMPTY)
        assert message_from_error(error).title == "a.jpg ist eine leere Datei"
        assert str(error) == "a.jpg is not a JPEG (found: an empty file)"

    @pytest.mark.usefixtures("in_german")
    def test_so_are_the_name_and_the_values_of_a_setting(self):
        line = message_from_error(InvalidSetting("steps", 0, describe_range(1, 1000))).as_line()
        assert line == "Schritte kann nicht 0 sein. Erlaubt: 1 bis 1000."
        refused = InvalidSetting("grid", RefusedValue.REGION, AllowedValues.WHOLE_IMAGE)
        line = message_from_error(refused).as_line()
        assert line == "Raster kann nicht eines Bereichs sein. Erlaubt: das ganze Bild."

    @pytest.mark.usefixtures("in_german")
    def test_an_advice_has_facts(self):
        advice = message_from_error(PriorNotInstalled("mine", 3_000, "MIT")).advice
        assert "`ddrm-restore priors download mine`" in advice

    def test_a_prior_is_called_by_its_name_in_the_window_and_by_its_path_elsewhere(self):
        error = InvalidPrior(Path("priors/mine.safetensors"), PriorDefect.WEIGHTS)
        assert message_from_error(error).title.startswith("mine.safetensors is not a usable prior")
        assert str(error).startswith(f"{error.path} is not a usable prior")

    def test_braces_in_names_are_no_placeholders(self):
        error = NotAJpeg(Path("{path}{0}.jpg"), "{found_kind}")
        assert str(error) == "{path}{0}.jpg is not a JPEG (found: {found_kind})"
        assert message_from_error(error).title == str(error)


def test_the_training_data_of_the_bundled_prior_has_a_translation():
    with safe_open(str(BUNDLED_PRIOR_PATH), "pt") as prior:
        assert prior.metadata()["training_data"] in CATALOG
