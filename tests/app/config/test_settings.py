"""Stored settings: round trips, and settings files with invalid values."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from app.config.settings import (
    DISK_MIB_RANGE,
    MEMORY_MIB_RANGE,
    Appearance,
    LivePreviewFrequency,
    Settings,
)
from app.config.settings_store import SettingsStore
from app.config.window_state import WindowState
from app.viewmodels.preferences.preferences import PreferencesViewModel

KEYS = {
    "appearance": "dark",
    "language": "de",
    "reopen": "true",
    "live_pictures": "few",
    "device": "cuda:1",
    "memory_mib": "300",
    "disk_mib": "0",
    "results_folder": str(Path("/there/böld, 火").absolute()),
}
SET = Settings(
    Appearance.DARK,
    "de",
    True,
    LivePreviewFrequency.OCCASIONALLY,
    "cuda:1",
    300,
    0,
    Path("/there/böld, 火").absolute(),
)


@pytest.fixture
def store(tmp_path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def reread(store):
    store.sync()
    return QSettings(store.fileName(), QSettings.Format.IniFormat)


def test_settings_come_back(store):
    assert SettingsStore(store).load_settings() == Settings()
    SettingsStore(store).save_settings(SET)
    assert SettingsStore(reread(store)).load_settings() == SET
    SettingsStore(store).save_settings(Settings())
    assert SettingsStore(reread(store)).load_settings() == Settings()


HOSTILE = ["9" * 9999, "-1", "maybe", "dark\0", "../x", "cuda:999", "1e3", 8.5, [1, 2], b"8", True]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", HOSTILE, ids=lambda v: repr(v)[:12])
def test_what_cannot_be_is_as_at_the_first_start_and_the_rest_stays(store, caplog, key, value):
    for name, text in KEYS.items():
        store.setValue(f"settings/{name}", value if name == key else text)
    with caplog.at_level(logging.WARNING):
        found = SettingsStore(store).load_settings()
    first = Settings()
    fields = {
        "appearance": "appearance",
        "language": "language",
        "reopen": "reopen_last_file",
        "live_pictures": "live_preview",
        "device": "device",
        "memory_mib": "result_memory_mib",
        "disk_mib": "result_disk_mib",
    }
    field = fields.get(key)
    for name in fields.values():
        expected = first if name == field else SET
        assert getattr(found, name) == getattr(expected, name)
    assert [r.getMessage() for r in caplog.records if f"settings/{key}" in r.getMessage()]
    assert all(len(record.getMessage()) < 200 for record in caplog.records)


def test_nothing_is_logged_of_a_first_start(store, caplog):
    with caplog.at_level(logging.DEBUG):
        SettingsStore(store).load_settings()
    assert not caplog.records


def test_numbers_are_brought_within_their_limits():
    preferences = PreferencesViewModel(Settings())
    preferences.set_memory_limit(1)
    preferences.set_disk_limit(1 << 40)
    assert preferences.state.result_memory_mib == MEMORY_MIB_RANGE[0]
    assert preferences.state.result_disk_mib == DISK_MIB_RANGE[1]
    preferences.set_memory_limit(None)
    assert preferences.state.result_memory_mib is None
    preferences.reset()
    assert preferences.state == Settings()


def test_a_session_comes_back_and_what_is_none_leaves_the_rest(store, tmp_path):
    assert SettingsStore(store).load_window_state() == WindowState()
    files = (tmp_path / "böld.jpg", tmp_path / "a, b.jpg")
    whole = WindowState(
        QByteArray(b"\0\1\2"),
        QByteArray(b"\3"),
        "CropsPage",
        tmp_path,
        files,
        has_thumbnail_strip=False,
    )
    SettingsStore(store).save_window_state(whole)
    SettingsStore(store).save_window_state(WindowState(bottom_panel_page=""))
    assert SettingsStore(reread(store)).load_window_state() == WindowState(
        whole.geometry, whole.splitter_state, "", tmp_path, files, has_thumbnail_strip=False
    )


@pytest.mark.parametrize("count", [0, 1, 2, 10])
def test_any_number_of_recent_files_comes_back(store, tmp_path, count):
    files = tuple(tmp_path / f"{n}.jpg" for n in range(count))
    SettingsStore(store).save_window_state(WindowState(recent_files=files))
    assert (SettingsStore(reread(store)).load_window_state().recent_files or ()) == files


@pytest.mark.parametrize("value", [7, "", "relative.jpg", [1, b"x"], ["a\0b"], {"a": 1}])
def test_a_session_of_other_types_is_a_first_one(store, value):
    for key in ("geometry", "split", "folder", "recent"):
        store.setValue(f"window/{key}", value)
    found = SettingsStore(store).load_window_state()
    assert found.geometry is None
    assert found.splitter_state is None
    assert not found.recent_files
