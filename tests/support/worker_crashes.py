"""Plugin of pytest that ends a parallel run with a failure if one of its processes dies."""

from __future__ import annotations

from contextlib import suppress

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

PLUGIN = "worker-crashes"


class ModuleScheduling(LoadScopeScheduling):
    """A scheduler of pytest-xdist that distributes modules and survives dying processes.

    xdist's own scheduler gives the finished modules of a dead process to the next process, which
    then waits forever for a test (pytest-xdist issue 1378). The test that killed a process is not
    run again here.
    """

    def remove_node(self, node: WorkerController) -> str | None:
        """Redistribute the pending tests of a dead process; return the test it died in, or None."""
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
        """Assign modules to a process until more than two of its tests are pending.

        A process starts a test only if it knows the next one.
        """
        # A new process is asked again as soon as it has collected its tests.
        collected = node in self.registered_collections
        while collected and not node.shutting_down:
            if not self.workqueue:
                node.shutdown()
            elif self._pending_of(self.assigned_work[node]) > 2:
                return
            else:
                # The process may have died a moment ago. xdist reports its death next, and
                # `remove_node` redistributes the module.
                with suppress(OSError):
                    self._assign_work_unit(node)


class CrashReports:
    """Plug-in of pytest that reports processes that died outside a test, e.g. at their start."""

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
        """Fail the session, and report each process that died outside a test."""
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
    """Return `ModuleScheduling` for the option `--dist loadscope`, else None."""
    return ModuleScheduling(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(CrashReports(), PLUGIN)
