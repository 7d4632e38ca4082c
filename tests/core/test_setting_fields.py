"""Settings declared once, with limits and help."""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from typing import Annotated

import pytest

from ddrm_core.errors import InvalidSetting
from ddrm_core.setting_fields import (
    Help,
    Label,
    Limits,
    SettingField,
    check_limits,
    list_setting_fields,
)


@dataclass(frozen=True)
class _Settings:
    steps: Annotated[int, Limits(1, 1000), Help("Evaluations per sample.")]
    start: Annotated[int | None, Limits(1, 999)] = None
    is_mirrored: bool = False
    start_factor: Annotated[float, Limits(0.1, 100)] = 4.5
    eta_b: Annotated[float, Label("eta-b"), Limits(0, 1)] = 0.4


class TestListSettingFields:
    def test_everything_that_is_declared_is_listed_in_order(self) -> None:
        assert list_setting_fields(_Settings) == (
            SettingField(
                "steps", int, MISSING, Limits(1, 1000), "Evaluations per sample.", "steps"
            ),
            SettingField("start", int | None, None, Limits(1, 999), "", "start"),
            SettingField("is_mirrored", bool, False, None, "", "is mirrored"),
            SettingField("start_factor", float, 4.5, Limits(0.1, 100), "", "start factor"),
            SettingField("eta_b", float, 0.4, Limits(0, 1), "", "eta-b"),
        )


class TestCheckLimits:
    @pytest.mark.parametrize("settings", [_Settings(1, 1), _Settings(1000, 999), _Settings(7)])
    def test_both_ends_and_none_are_allowed(self, settings: _Settings) -> None:
        assert check_limits(settings) is None

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            (_Settings(0), "steps.*1 to 1000"),
            (_Settings(1001), "steps.*1 to 1000"),
            (_Settings(1, start=0), "start.*1 to 999"),
            (_Settings(2000, start=2000), "steps"),
            (_Settings(1, start_factor=0.0), "start factor.*0.1 to 100"),
            (_Settings(1, eta_b=1.5), "eta-b.*0 to 1"),
        ],
    )
    def test_the_first_value_outside_is_named_with_its_range(
        self, settings: _Settings, message: str
    ) -> None:
        with pytest.raises(InvalidSetting, match=message):
            check_limits(settings)

    def test_a_number_that_is_none_is_refused(self) -> None:
        with pytest.raises(InvalidSetting, match="steps"):
            check_limits(_Settings(float("nan")))  # type: ignore[arg-type]
