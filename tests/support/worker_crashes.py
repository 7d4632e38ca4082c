"""Plugin of pytest that ends a parallel run with a failure where a process of it dies."""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

PLUGIN = "worker-crashes"


class ModuleScheduling(LoadScopeScheduling):
    """Scheduler of pytest-xdist that hands out whole modules and survives dying processes.

    xdist's own hands the modules which a dead process had finished to the next process, which then
    waits for ever for a test (pytest-xdist issue 1378). The test that killed a process is not
    begun again here.
    """

    def remove_node(self, node: WorkerController) -> str | None:
        """Return the test that a dead process was in; what it had not begun is handed out anew."""
        workload = self.assigned_work.pop(node)
        left = [
            (scope, test)
            for scope, tests in workload.items()
            for test, done in tests.items()
            if not done
        ]
        for scope, test in left[1:]:
            self.workqueue.setdefault(scope, {})[test] = False
        for each in self.assigned_work:
            self._reschedule(each)
        return left[0][1] if left else None

    def _reschedule(self, node: WorkerController) -> None:
        """Give a process more modules until it has two tests: it begins none without the next."""
        collected = node in self.registered_collections  # a new process is asked again when it has
        while collected and not node.shutting_down:
            if not self.workqueue:
                node.shutdown()
            elif self._pending_of(self.assigned_work[node]) > 2:
                return
            else:
                self._assign_work_unit(node)


class CrashReports:
    """Reports of processes that died in no test, e.g. at their start or after their last test."""

    def __init__(self) -> None:
        self._last: dict[str, str] = {}
        self._unnamed: dict[str, object] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: WorkerController, error: object | None) -> None:
        if error:
            self._unnamed[node.gateway.id] = error

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, report: pytest.TestReport) -> None:
        del self._unnamed[report.node.gateway.id]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        node = getattr(report, "node", None)
        if node is not None:
            self._last[node.gateway.id] = report.nodeid

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Have the run fail, before its summary is printed, with a report for each such death."""
        for worker, error in self._unnamed.items():
            last = self._last.get(worker)
            where = f"after {last}" if last else "before its first test"
            report = pytest.TestReport(
                nodeid=last or f"worker {worker}",
                location=("", None, f"worker {worker}"),
                keywords={},
                outcome="failed",
                longrepr=f"worker {worker!r} died {where}: {error}",
                when="teardown" if last else "setup",
            )
            session.config.hook.pytest_runtest_logreport(report=report)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ModuleScheduling | None:
    """Return the scheduler for `--dist loadscope`."""
    return ModuleScheduling(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(CrashReports(), PLUGIN)
