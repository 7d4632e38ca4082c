"""The program opens no network connection except for a requested download."""

from __future__ import annotations

import ast
import socket
import sys
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QMessageBox

from app.compose import build_window
from app.viewmodels.document.document import DocumentOpened
from app.viewmodels.priors.priors import PriorsViewModel
from app.viewmodels.run.run import ResultReady
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.sampler.settings import Preset
from tests.support.leak_guards import nothing_left_behind  # noqa: F401
from tests.support.paths import ROOT
from tests.support.program_runner import run_program
from tests.support.unsaved_answers import DiscardingDialogs
from tests.support.window_fixtures import original, photo, runner  # noqa: F401

# Modules of Python's library and of the installed packages that can open connections.
NETWORK = {"socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "asyncio", "requests"}
NETWORK |= {"urllib3", "httpx", "aiohttp", "torch.hub", "PySide6.QtNetwork", "xmlrpc", "telnetlib"}


class Asked(AssertionError):
    """Error that is raised when code under test tries to use the network."""


@pytest.fixture(autouse=True)
def asked(tmp_path, monkeypatch):
    """Make every network access raise an error; return a list that also records the access."""
    asked = []

    def refuse(*arguments, **_):
        asked.append(arguments)
        raise Asked(arguments)

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr("platformdirs.PlatformDirs.user_data_dir", str(tmp_path / "data"))
    yield asked
    assert "PySide6.QtNetwork" not in sys.modules


@pytest.mark.parametrize(
    "arguments",
    [
        ("inspect", "PHOTO"),
        ("restore", "PHOTO", "--preset", "fast"),
        ("priors", "list"),
        ("priors", "info", "compact"),
        ("priors", "info", "adm-256"),
        ("priors", "verify", "compact"),
    ],
    ids=" ".join,
)
def test_commands_stay_on_this_machine(asked, photo, arguments):  # noqa: F811
    words = [str(photo) if a == "PHOTO" else a for a in arguments]
    result = run_program(*words)
    assert result.exit_code == 0, result.stderr
    assert asked == []


def test_a_prior_that_is_not_here_is_not_fetched_by_itself(asked, photo):  # noqa: F811
    arguments = ["restore", str(photo), "--prior", "adm-256"]
    assert run_program(*arguments).exit_code == 1
    assert asked == []


def test_the_window_stays_on_this_machine(qtbot, qapp, asked, photo, tmp_path):  # noqa: F811
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = build_window(
        qapp,
        bundled_prior_path=BUNDLED_PRIOR_PATH,
        settings_store=store,
        dialogs=DiscardingDialogs(),
    )
    qtbot.addWidget(window)
    window.show()
    window.open_paths([photo])
    qtbot.waitUntil(
        lambda: isinstance(window.view_models.document.state, DocumentOpened), timeout=5000
    )
    window.view_models.parameters.find_devices()
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.action_set.restore.trigger()
    qtbot.waitUntil(lambda: isinstance(window.view_models.run.state, ResultReady), timeout=20000)
    assert asked == []


# Qt's offscreen platform warns about every window of a fixed size, such as message boxes.
@pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")
def test_the_page_of_priors_stays_on_this_machine(qtbot, qapp, asked, tmp_path):
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = build_window(
        qapp,
        bundled_prior_path=BUNDLED_PRIOR_PATH,
        settings_store=store,
        dialogs=DiscardingDialogs(),
    )
    qtbot.addWidget(window)
    window.show()
    window.action_set.show_priors.trigger()
    page, priors = window.prior_controller.page, window.view_models.priors
    qtbot.waitUntil(
        lambda: bool(priors.state.entries and priors.state.entries[0].file_info), timeout=20000
    )
    page.select_prior("adm-256")
    qtbot.mouseClick(page.details.download_button, Qt.MouseButton.LeftButton)
    question = page.findChild(QMessageBox)
    assert question.isVisible()  # a download needs the user's consent
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert asked == []


def test_a_download_would_be_noticed_in_the_window(runner, qtbot, asked, monkeypatch):  # noqa: F811
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1 << 40))
    priors = PriorsViewModel(runner)
    priors.list_priors()
    qtbot.waitUntil(lambda: bool(priors.state.entries), timeout=5000)
    priors.download("adm-256")
    qtbot.waitUntil(lambda: priors.state.notice is not None, timeout=5000)
    assert priors.state.notice.is_failure
    assert asked != []


def test_a_download_would_be_noticed_here(asked, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1 << 40))
    result = run_program("priors", "download", "adm-256")
    assert result.exit_code == 1
    assert asked != []


def test_one_module_can_open_connections():
    sources = [*(ROOT / "app").rglob("*.py"), *(ROOT / "ddrm_core").rglob("*.py")]
    found = {p.name for p in sources if imports_network(ast.parse(p.read_text("utf-8")))}
    assert found == {"http_stream.py"}


def imports_network(tree: ast.Module) -> bool:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return any(name == n or name.startswith(f"{n}.") for name in names for n in NETWORK)
