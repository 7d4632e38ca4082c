"""The test command ends, fails and names the test if one of its processes crashes."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from xdist.remote import Producer

from tests.support.paths import ROOT
from tests.support.worker_crashes import PLUGIN, ModuleScheduling

PARALLEL = runpy.run_path(str(ROOT / ".ci" / "launch.py"))["PARALLEL"]
CONFTEST = "pytest_plugins = ('tests.support.worker_crashes',)\n"
PASSING = "def test_1(): pass\ndef test_2(): pass\n"
DYING = """\
import os, signal, time
def test_before(): pass
def test_dying(): {}
def test_after(): pass
"""
# A call that does not return and during which Python runs no signal handlers.
STUCK = "import ctypes; ctypes.PyDLL(None).sleep(60)"


def run_parallel(folder: Path, modules: dict[str, str]) -> tuple[int, str]:
    """Run the tests of `modules`, sources by file name, in parallel with the usual options.

    Returns:
        The exit status and the printed output. Raises an error after one minute.
    """
    for name, text in modules.items():
        (folder / name).write_text(text)
    # pytest-xdist would take the variables of the outer run as a sign of its own worker process.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    environment["PYTHONPATH"] = str(ROOT)
    # Without plugins, which are not needed here, each process starts without importing Qt.
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    settings = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), "-p", "xdist"]
    settings += ["-o", "addopts=", "-W", "ignore::pytest.PytestConfigWarning"]
    settings += ["-o", "faulthandler_timeout=3", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *settings, *PARALLEL, "."],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout


def test_a_run_ends_and_names_every_test_that_ended_its_process(tmp_path):
    modules = {"conftest.py": CONFTEST, "test_first.py": PASSING, "test_last.py": PASSING}
    deaths = {
        "abort": "os.abort()",
        "leaving": "os._exit(0)",
        "memory": "os.kill(os.getpid(), signal.SIGKILL)",
        "stuck": STUCK,
    }
    for name, death in deaths.items():
        modules[f"test_{name}.py"] = DYING.format(death)
    status, printed = run_parallel(tmp_path, modules)
    assert status == 1, printed
    for name in deaths:
        assert f"FAILED test_{name}.py::test_dying" in printed, printed
    # The crashed tests are not repeated, and all other tests run.
    assert " 4 failed, 12 passed in " in printed.splitlines()[-1], printed


def test_a_process_that_dies_after_its_last_test_is_a_failure_too(tmp_path):
    ending = "import os\nbegun = []\n" + CONFTEST
    ending += "def pytest_runtest_setup(item): begun.append(item)\n"
    ending += "def pytest_sessionfinish(session):\n"
    # Only a process that ran a test aborts; otherwise its replacements would abort, too.
    ending += "    if begun: os.abort()\n"
    status, printed = run_parallel(tmp_path, {"conftest.py": ending, "test_only.py": PASSING})
    assert status == 1, printed
    assert "died after test_only.py::test_" in printed, printed


def test_processes_that_die_at_their_start_end_the_run(tmp_path):
    dying = "import os\n" + CONFTEST
    dying += "if 'PYTEST_XDIST_WORKER' in os.environ: os._exit(0)\n"
    status, printed = run_parallel(tmp_path, {"conftest.py": dying, "test_only.py": PASSING})
    assert status != 0, printed
    assert "died before its first test" in printed, printed


class Process:
    """A stand-in for xdist's handle of a process, which may die before it gets a second module.

    Attributes:
        gateway: Object with a name of the process.
        sent: Numbers of the tests that were sent to the process.
        shutting_down: Whether the process was told to end.
    """

    def __init__(self, *, dies: bool) -> None:
        self.sent: list[int] = []
        self.shutting_down = False
        self.gateway = SimpleNamespace(id="process")
        self._dies = dies

    def send_runtest_some(self, numbers: list[int]) -> None:
        if self._dies and self.sent:
            raise OSError("cannot send (already closed?)")
        self.sent += numbers

    def shutdown(self) -> None:
        self.shutting_down = True


def test_a_module_for_a_process_that_has_died_runs_in_another(pytestconfig):
    config = SimpleNamespace(getvalue=lambda _: ["2*popen"], option=pytestconfig.option)
    scheduling = ModuleScheduling(config, Producer("test", enabled=False))
    dead, alive = Process(dies=True), Process(dies=False)
    names = [f"test_{module}.py::test_{number}" for module in "abcd" for number in range(3)]
    for process in (dead, alive):
        scheduling.add_node(process)
        scheduling.add_node_collection(process, names)
    scheduling.schedule()
    scheduling.mark_test_complete(dead, dead.sent[0])
    assert (len(dead.sent), len(alive.sent)) == (3, 3)
    died_in = scheduling.remove_node(dead)
    for number in alive.sent:  # grows in the loop
        scheduling.mark_test_complete(alive, number)
    assert alive.shutting_down
    assert died_in == names[dead.sent[1]]
    assert sorted([*dead.sent[:2], *alive.sent]) == list(range(len(names)))


def test_this_run_has_the_plugin_itself(pytestconfig: pytest.Config):
    assert pytestconfig.pluginmanager.has_plugin(PLUGIN)
    scope = PARALLEL.index("--dist")
    assert PARALLEL[scope + 1] == "loadscope"  # the scope whose scheduler the plugin replaces
