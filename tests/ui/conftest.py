from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from app.compose import build_window
from app.config.paths import cache_folder
from app.desktop.services import DesktopServices
from app.i18n.error_messages import UserMessage
from app.jobs.storage.array_store import ArrayStore
from app.jobs.storage.temporary_folder import TemporaryFolder
from app.jobs.worker import JobRunner
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.results.unsaved_results import SaveAnswer
from ddrm_core.formats.capabilities import SaveFormat
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from tests.support.leak_guards import gui_blocks, nothing_left_behind  # noqa: F401
from tests.support.panel_layers import show_expert_layer
from tests.support.window_fixtures import (  # noqa: F401
    banded,
    cut,
    engine,
    original,
    photo,
    prior_folder,
    qtbot,
    runner,
    screenshot,
    scripted,
    text_file,
    twice,
)


class Answers:
    """A substitute for the dialogs that gives prepared answers and records the questions."""

    def __init__(self) -> None:
        self.to_open: Path | None = None
        self.to_save: Path | None = None
        self.to_sheet: Path | None = None
        self.to_compare: Path | None = None
        self.to_repeat: Path | None = None
        self.to_import: Path | None = None
        self.to_take: Path | None = None
        self.pictures: tuple[Path, ...] = ()
        self.report: Path | None = None
        self.to_report: Path | None = None
        self.asked: list[Path] = []
        self.formats: tuple[SaveFormat, ...] = ()
        self.to_unsaved = SaveAnswer.DISCARD
        self.questions: list[UserMessage] = []
        self.offered: tuple[SaveAnswer, ...] = ()
        self.told: list[UserMessage] = []
        self.details = ""

    def ask_image_file(self, _parent, folder):
        self.asked.append(folder)
        return self.to_open

    def ask_comparison_image(self, _parent, folder):
        self.asked.append(folder)
        return self.to_compare

    def ask_result_file(self, _parent, folder):
        self.asked.append(folder)
        return self.to_repeat

    def ask_contact_sheet_path(self, _parent, proposal):
        self.asked.append(proposal)
        return self.to_sheet

    def ask_bug_report_path(self, _parent, proposal):
        self.asked.append(proposal)
        return self.to_report

    def ask_folder(self, _parent, folder):
        self.asked.append(folder)
        return self.to_take

    def ask_batch_images(self, _parent, folder):
        self.asked.append(folder)
        return self.pictures

    def ask_batch_report_path(self, _parent, proposal):
        self.asked.append(proposal)
        return self.report

    def ask_prior_file(self, _parent):
        return self.to_import

    def show_folder(self, folder):
        self.asked.append(folder)
        return True

    def ask_about_unsaved_results(self, _parent, question, offered):
        self.questions.append(question)
        self.offered = offered
        return self.to_unsaved

    def let_go(self) -> None:
        """Answer later questions about unsaved results with Discard, so that the window closes."""
        self.to_unsaved = SaveAnswer.DISCARD

    def show_message(self, _parent, message, details=""):
        self.told.append(message)
        self.details = details

    def ask_save_path(self, _parent, proposal, formats):
        self.asked.append(proposal)
        self.formats = formats
        return self.to_save


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def store(tmp_path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture(autouse=True)
def runners(monkeypatch) -> list[JobRunner]:
    """Return a list that collects every job runner that a window creates during a test."""
    made: list[JobRunner] = []

    def noted() -> JobRunner:
        made.append(JobRunner())
        return made[-1]

    monkeypatch.setattr("app.compose.JobRunner", noted)
    return made


@pytest.fixture
def vault() -> ArrayStore:
    """Return the array store in which the window keeps results."""
    return ArrayStore(TemporaryFolder(cache_folder()))


@pytest.fixture
def desktop() -> DesktopServices | None:
    """Return the services of the desktop; tests without them have no quick preview by itself."""
    return None


@pytest.fixture
def window(qtbot, qapp, answers, store, vault, desktop):  # noqa: F811
    window = build_window(
        qapp,
        bundled_prior_path=BUNDLED_PRIOR_PATH,
        settings_store=store,
        dialogs=answers,
        array_store=vault,
        watch_interval_ms=20,
        desktop=desktop,
    )
    qtbot.addWidget(window, before_close_func=lambda _window: answers.let_go())
    with qtbot.waitExposed(window):
        window.show()
    return window


@pytest.fixture
def show_next_window(qtbot, qapp, answers, store):  # noqa: F811
    """Return a function that shows the window of the next start, with the settings in `store`."""

    def show():
        window = build_window(
            qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
        )
        qtbot.addWidget(window, before_close_func=lambda _window: answers.let_go())
        with qtbot.waitExposed(window):
            window.show()
        return window

    return show


@pytest.fixture
def expert(qtbot, window):  # noqa: F811
    """Return the window with the expert layer of its side panel."""
    return show_expert_layer(qtbot, window)


@pytest.fixture
def open_photo(qtbot, window, photo):  # noqa: F811
    """Return the window in which the small photo is open."""
    window.open_paths([photo])
    qtbot.waitUntil(
        lambda: isinstance(window.view_models.document.state, DocumentOpened), timeout=5000
    )
    return window
