"""A Python process that has imported the large libraries, and whose forks run tests' programs.

Importing torch takes longer than most programs that tests start. A fork has imported these
libraries, but nothing of this project, and otherwise runs like a new Python process.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self


@dataclass(frozen=True, slots=True)
class _Request:
    """A program for a fork.

    Attributes:
        arguments: Arguments of Python: a script or "-m" and a module, then its own arguments.
        folder: Working folder.
        environment: Environment variables.
        outputs: Files to which standard output and standard error are written.
    """

    arguments: list[str]
    folder: str
    environment: dict[str, str]
    outputs: tuple[str, str]


class PreloadedPython:
    """The process that forks. It ends with the context that this object manages."""

    def __init__(self) -> None:
        """Start the process, except on systems without `fork`."""
        self._server: subprocess.Popen[str] | None = None
        if not hasattr(os, "fork"):
            return
        # The search path of a fork is that of its own environment.
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        self._server = subprocess.Popen(
            [sys.executable, "-P", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.kill()  # at its own end, torch would take a moment
            self._server.communicate()

    def run(
        self, arguments: Sequence[object], *, cwd: Path, env: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run Python as `subprocess.run([sys.executable, *arguments])`, and return its outputs.

        Standard input is empty.

        Args:
            arguments: A script or "-m" and a module, then its own arguments.
            cwd: Working folder.
            env: Environment variables. Except PYTHONPATH, those that Python and torch read when
                they start have no effect.
        """
        words = [str(each) for each in arguments]
        if self._server is None:
            return subprocess.run(
                [sys.executable, *words],
                stdin=subprocess.DEVNULL,
                cwd=cwd,
                env=env,
                capture_output=True,
                text=True,
                check=False,
            )
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        with TemporaryDirectory(prefix="outputs") as name:
            out, errors = Path(name, "out"), Path(name, "errors")
            request = _Request(words, str(cwd), dict(env), (str(out), str(errors)))
            self._server.stdin.write(f"{json.dumps(asdict(request))}\n")
            self._server.stdin.flush()
            status = int(self._server.stdout.readline())
            return subprocess.CompletedProcess(
                words, status, out.read_text("utf-8"), errors.read_text("utf-8")
            )


def _serve() -> _Request | None:
    """Answer requests with exit statuses; return the request in a fork, None at the end."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            return _Request(**json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    return None


def _run(request: _Request) -> None:
    """Run a program in this process as Python would."""
    os.chdir(request.folder)
    os.environ.clear()
    os.environ.update(request.environment)
    for descriptor, path in enumerate((os.devnull, *request.outputs)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, descriptor)
        os.close(opened)
    search_path = request.environment.get("PYTHONPATH", "")
    sys.path[:0] = [path for path in search_path.split(os.pathsep) if path]
    if request.arguments[0] == "-m":
        sys.argv = request.arguments[1:]
        sys.path.insert(0, request.folder)
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = request.arguments
        sys.path.insert(0, str(Path(sys.argv[0]).absolute().parent))
        runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    for library in ("numpy", "PIL.Image", "torch"):
        import_module(library)
    gc.freeze()  # a collection in a fork would copy their memory
    wanted = _serve()
    if wanted is not None:
        _run(wanted)
