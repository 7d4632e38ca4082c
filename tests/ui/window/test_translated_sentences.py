"""Every sentence in the window is translated through the catalog.

The window uses an artificial language that puts each sentence of the sources in brackets. Text
outside brackets has not been passed to the catalog.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QMenuBar

from app.compose import build_window
from app.i18n.translation import set_language
from app.jobs.export.save import SavedFile
from app.viewmodels.batch.batch_state import BatchPhase
from app.viewmodels.document.document import DocumentOpened, DocumentOpenFailed
from app.viewmodels.document.recompression import RecompressionUnchecked
from app.viewmodels.run.run import ResultReady, RunInProgress, RunStopped
from ddrm_core import PROGRAM_NAME
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import Preset
from tests.support.scripted_denoiser import until_held
from tests.support.window_sentences import bracketed, outside_brackets, shown_texts

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")

# Names that are equal in every language: formats, priors, devices, keys and symbols.
NAMES = {
    *PROGRAM_NAME.split(),
    *(
        "JPEG",
        "PNG",
        "TIFF",
        "WebP",
        "XL",  # the second word of "JPEG XL"
        "AVIF",
        "BMP",
        "RGB",
        "CMYK",
        "YCbCr",
        "Cb",
        "Cr",
        "JFIF",
        "EXIF",
        "SHA",
    ),
    *("compact", "adm", "drunet", "color", "cpu", "auto", "cuda", "mps"),
    *("safetensors", "pt", "px", "kB", "MB", "GB"),
    *("Ctrl", "Shift", "Alt", "Esc", "Del", "Return", "Enter", "Tab", "Space", "Home", "End"),
    *("PgUp", "PgDown", "Backspace", "Up", "Down", "Left", "Right"),
    *("https", "github", "com", "openai", "guided", "diffusion", "MIT", "CC", "Apache"),
    *("English", "Deutsch", "BY", "SA"),
    *("OK", "Cancel", "Scroll"),  # translated by Qt's own catalogs
}

QT_TEXTS = {"Show Details..."}  # whole texts that Qt's own catalogs translate


@pytest.fixture
def in_brackets() -> Iterator[None]:
    set_language(bracketed())
    yield
    set_language(None)


@pytest.fixture
def window(request, qtbot, qapp, answers, store):
    """Return a window that was created in an artificial language.

    In this language, every translated text is in brackets.
    """
    request.getfixturevalue("in_brackets")
    window = build_window(
        qapp, bundled_prior_path=BUNDLED_PRIOR_PATH, settings_store=store, dialogs=answers
    )
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


@pytest.fixture
def untranslated(tmp_path, window):
    """Return a function that lists the visible texts that are not translated.

    A translated text is in brackets. Names of files are not listed.
    """

    def found() -> list[str]:
        files = {word for path in tmp_path.rglob("*") for word in outside_brackets(path.name)}
        files |= set(outside_brackets(str(tmp_path)))
        next_file = window.view_models.expected_file.state
        if next_file is not None:
            files |= set(outside_brackets(next_file.path.name))
        texts = []
        for where, text in shown_texts():
            words = [w for w in outside_brackets(text) if w not in NAMES | files]
            if words and text not in QT_TEXTS:
                texts.append(f"{where}: {text!r}")
        return sorted(set(texts))

    return found


def until(qtbot, model, kind):
    qtbot.waitUntil(lambda: isinstance(model.state, kind), timeout=20000)


@pytest.mark.usefixtures("window")
def test_the_brackets_are_there_at_all():
    texts = [text for _, text in shown_texts()]
    assert len(texts) > 100
    assert any(text.startswith("⟦") for text in texts)


def test_the_test_sees_what_is_not_translated():
    assert outside_brackets("⟦Open⟧ and close") == ["and", "close"]
    assert outside_brackets("⟦from ⟦one⟧ to two⟧ 3 %") == []
    assert outside_brackets("<td>⟦Keys⟧&nbsp;</td>") == []


@pytest.mark.usefixtures("window")
def test_before_a_file_is_open(untranslated):
    assert untranslated() == []


def test_a_jpeg_before_and_after_its_run(qtbot, window, photo, untranslated, answers, tmp_path):
    window.open_paths([photo])
    until(qtbot, window.view_models.document, DocumentOpened)
    qtbot.waitUntil(
        lambda: not isinstance(window.view_models.recompression.state, RecompressionUnchecked),
        timeout=20000,
    )
    assert untranslated() == []
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.view_models.parameters.set_samples(2)
    window.action_set.restore.trigger()
    until(qtbot, window.view_models.run, RunInProgress)
    assert untranslated() == []
    until(qtbot, window.view_models.run, ResultReady)
    assert untranslated() == []
    answers.to_save = tmp_path / "result.webp"
    window.action_set.save_as.trigger()
    until(qtbot, window.view_models.saving, SavedFile)
    assert untranslated() == []
    answers.to_repeat = answers.to_save
    window.action_set.reuse_settings.trigger()
    qtbot.waitUntil(lambda: not window.message_bar.isHidden(), timeout=20000)
    assert untranslated() == []


def test_a_run_that_is_stopped(scripted, qtbot, window, photo, untranslated):
    window.open_paths([photo])
    until(qtbot, window.view_models.document, DocumentOpened)
    window.view_models.parameters.set_steps(20)
    scripted.hold_before(5)  # after two steps of two samples
    window.action_set.restore.trigger()
    until_held(qtbot, scripted, window.view_models.run)
    assert untranslated() == []
    window.action_set.stop.trigger()
    assert untranslated() == []
    until(qtbot, window.view_models.run, RunStopped)
    assert untranslated() == []


@pytest.mark.parametrize("kind", ["screenshot", "banded", "twice"])
def test_other_pictures(qtbot, window, kind, request, untranslated):
    window.open_paths([request.getfixturevalue(kind)])
    until(qtbot, window.view_models.document, DocumentOpened)
    if kind == "twice":
        qtbot.waitUntil(
            lambda: not isinstance(window.view_models.recompression.state, RecompressionUnchecked),
            timeout=20000,
        )
    assert untranslated() == []


@pytest.mark.parametrize("kind", ["cut", "text_file"])
def test_files_that_do_not_open(qtbot, window, kind, request, untranslated):
    window.open_paths([request.getfixturevalue(kind)])
    until(qtbot, window.view_models.document, DocumentOpenFailed)
    assert untranslated() == []


def test_every_action_of_the_menus(qtbot, window, photo, untranslated):
    """Menus show only translated text before a file is open, with a file, and with a result."""
    seen = _after_every_action(window, untranslated)
    window.open_paths([photo])
    until(qtbot, window.view_models.document, DocumentOpened)
    seen += _after_every_action(window, untranslated)
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.view_models.parameters.set_samples(2)
    window.action_set.restore.trigger()
    until(qtbot, window.view_models.run, ResultReady)
    seen += _after_every_action(window, untranslated)
    # The clipboard would keep a Python object beyond the end of the interpreter.
    QGuiApplication.clipboard().clear()
    assert sorted(set(seen)) == []


def test_a_folder_of_files(qtbot, window, photo, text_file, untranslated):
    queue = window.view_models.batch
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.open_paths([photo, text_file])
    qtbot.waitUntil(lambda: queue.state.can_start, timeout=20000)
    seen = untranslated()
    window.action_set.batch.start.trigger()
    qtbot.waitUntil(lambda: queue.state.phase is BatchPhase.RUNNING, timeout=20000)
    seen += untranslated()
    qtbot.waitUntil(
        lambda: queue.state.phase is BatchPhase.IDLE and not queue.state.counts.remaining,
        timeout=20000,
    )
    assert (queue.state.counts.done, queue.state.counts.failed) == (1, 1)
    seen += [*untranslated(), *_after_every_action(window, untranslated)]
    QGuiApplication.clipboard().clear()
    assert sorted(set(seen)) == []


def _after_every_action(window, untranslated) -> list[str]:
    """Trigger every enabled action of the menus, except runs and Quit.

    Return the texts that were untranslated after an action.
    """
    actions, seen = window.action_set, []
    left_out = (actions.quit, actions.restore, actions.restore_visible)
    bar = window.findChild(QMenuBar)
    for action in [a for menu in bar.actions() for a in _leaves(menu.menu())]:
        if shiboken6.isValid(action) and action not in left_out and action.isEnabled():
            action.trigger()
            QCoreApplication.processEvents()
            seen += untranslated()
            _close_dialogs()
    return seen


def _leaves(menu):
    found = []
    for action in menu.actions():
        found += _leaves(action.menu()) if action.menu() is not None else [action]
    return [action for action in found if not action.isSeparator()]


def _close_dialogs():
    for top in QApplication.topLevelWidgets():
        if isinstance(top, QDialog):
            top.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
