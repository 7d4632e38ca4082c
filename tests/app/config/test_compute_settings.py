"""The stored settings of how much the program computes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings

from app.config.settings import ComputeSettings
from app.config.settings_store import SettingsStore


@pytest.fixture
def store(tmp_path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.mark.parametrize(
    "settings",
    [ComputeSettings(), ComputeSettings(quick_preview=False, max_cores=3, is_low_priority=True)],
)
def test_every_value_comes_back(store, settings):
    SettingsStore(store).save_compute_settings(settings)
    store.sync()
    again = QSettings(store.fileName(), QSettings.Format.IniFormat)
    assert SettingsStore(again).load_compute_settings() == settings


@pytest.mark.parametrize("stored", ["0", "-1", "1025", "two", "1.5"])
def test_an_impossible_number_of_cores_is_no_limit(store, stored):
    store.setValue("computing/cores", stored)
    store.setValue("computing/low_priority", "true")
    loaded = SettingsStore(store).load_compute_settings()
    assert loaded == ComputeSettings(is_low_priority=True)
