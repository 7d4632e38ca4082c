"""All view models of a window, without the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from app.config.settings_store import SettingsStore
from app.jobs.results.result_folders import results_folder
from app.jobs.results.result_store import ResultStore
from app.jobs.run.prior_cache import PriorCache
from app.jobs.worker import JobRunner
from app.viewmodels.window.connections import connect_view_models
from app.viewmodels.window.create_view_models import JobRunners, create_view_models
from app.viewmodels.window.window_view_models import WindowViewModels


@pytest.fixture
def stored(tmp_path: Path) -> SettingsStore:
    """Return a settings store without stored values."""
    return SettingsStore(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def build_models(
    qapp: QApplication, engine: PriorCache, stored: SettingsStore
) -> Iterator[Callable[[], WindowViewModels]]:
    """Yield a function that creates and connects the window's view models as the program does.

    All calls use the same stored settings.
    """
    runners: list[JobRunner] = []
    built: list[WindowViewModels] = []
    stores: list[ResultStore] = []

    def build() -> WindowViewModels:
        own = JobRunners(*(JobRunner(qapp) for _ in fields(JobRunners)))
        runners.extend(getattr(own, field.name) for field in fields(own))
        stores.append(ResultStore(results_folder(), engine.array_store))
        built.append(
            create_view_models(
                own, stored.load_settings(), engine, stores[-1], is_on_battery=lambda: False
            )
        )
        connect_view_models(built[-1], stored)
        return built[-1]

    yield build
    for view_models in built:
        view_models.stop_timers()
    for runner in runners:
        runner.shutdown()
    for view_models in built:
        view_models.batch.close()
    for result_store in stores:
        result_store.close(keep=False)


@pytest.fixture
def models(build_models: Callable[[], WindowViewModels]) -> WindowViewModels:
    return build_models()
