"""`ddrm-restore --self-test`: tests whether this installation can restore, save and verify."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from app.cli.console import format_failure
from app.config.prior_locations import find_default_prior
from app.config.resources import APP_ICON_PATH, EXAMPLE_IMAGE_PATH, TRANSLATIONS_FOLDER
from app.i18n.translation import ENGLISH, LANGUAGES, read_message_catalog

_FAST = ("--preset", "draft")
_SMALL = (*_FAST, "--region", "64,64,128,128")
# The whole sample once, then a part of it for the other formats.
_RESULTS = ((".png", _FAST), (".tiff", _SMALL), (".jxl", _SMALL), (".jpg", _SMALL))
_BATCH_QUALITY = 30
_WORKERS = ("--workers", "2")
_NOTICE_TIMEOUT_S = 60
# Where platformdirs looks for the user's folders on Linux, macOS and Windows.
_FOLDER_VARIABLES = (
    *("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"),
    *("WIN_PD_OVERRIDE_LOCAL_APPDATA", "WIN_PD_OVERRIDE_APPDATA"),
)

RunCommand = Callable[[Sequence[str]], int]


class SelfTestFailed(Exception):
    """The error that a step of the self-test did not do what it must."""


@dataclass(frozen=True, slots=True)
class SelfTestStep:
    """One thing that the installation must be able to do.

    Attributes:
        name: Name for the line that reports the step.
        run: Function that raises an error if the installation cannot do it.
    """

    name: str
    run: Callable[[], None]


def run_self_test(run_command: RunCommand) -> bool:
    """Do what the program is for, print a line for each step, and return whether all succeeded.

    The user's settings, priors and results stay untouched: the environment variables that name
    the user's folders are set to a temporary folder, so the process must end afterwards.

    Args:
        run_command: Function that runs a command of this program and returns its exit status.
    """
    with TemporaryDirectory(prefix="ddrm-restore-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        os.environ.update(dict.fromkeys(_FOLDER_VARIABLES, str(folder / "user")))
        results = [_run_step(step) for step in list_steps(folder, run_command)]
    return all(results)


def list_steps(folder: Path, run_command: RunCommand) -> list[SelfTestStep]:
    """Return the steps of the self-test, which write to `folder`."""
    steps = [
        SelfTestStep("read translations, icon and sample", _check_files),
        SelfTestStep("find the default prior", _check_default_prior),
        *(
            SelfTestStep(
                f"restore the sample to {suffix} and verify it",
                partial(_restore_and_verify, folder / f"result{suffix}", options, run_command),
            )
            for suffix, options in _RESULTS
        ),
        SelfTestStep(
            "restore a folder of two files in two processes",
            partial(_run_batch, folder, run_command),
        ),
        SelfTestStep("open the sample in the window and close it", partial(_check_window, folder)),
    ]
    if sys.platform == "linux":
        steps.append(SelfTestStep("start the process for notices", _check_notice_process))
    return steps


def _run_step(step: SelfTestStep) -> bool:
    began = time.monotonic()
    try:
        step.run()
    # A broken installation can fail in any way, and the other steps say more about it.
    except Exception as error:  # noqa: BLE001
        reason = str(error) if isinstance(error, SelfTestFailed) else format_failure(error)
        typer.echo(f"FAILED  {step.name}: {reason}")
        return False
    typer.echo(f"ok      {step.name} ({time.monotonic() - began:.1f} s)")
    return True


def _check_files() -> None:
    for language in LANGUAGES:
        path = TRANSLATIONS_FOLDER / f"ddrm_restore_{language.code}.ts"
        if language != ENGLISH and not read_message_catalog(path):
            raise SelfTestFailed(f"{path} has no translations")
    for path in (APP_ICON_PATH, EXAMPLE_IMAGE_PATH):
        if not path.is_file():
            raise SelfTestFailed(f"{path} is missing")


def _check_default_prior() -> None:
    error = find_default_prior().fallback_error
    if error is not None:
        raise error


def _restore_and_verify(target: Path, options: Sequence[str], run_command: RunCommand) -> None:
    _succeed(run_command, ["restore", str(EXAMPLE_IMAGE_PATH), "-o", str(target), *options])
    _succeed(run_command, ["verify", str(target), "--against", str(EXAMPLE_IMAGE_PATH)])


def _run_batch(folder: Path, run_command: RunCommand) -> None:
    from PIL import Image  # other commands start faster without this import

    sources, results = folder / "sources", folder / "results"
    sources.mkdir()
    with Image.open(EXAMPLE_IMAGE_PATH) as sample:
        for number, left in enumerate((0, 128), 1):
            part = sample.crop((left, 0, left + 128, 128))
            part.save(sources / f"{number}.jpg", quality=_BATCH_QUALITY)
    _succeed(run_command, ["batch", str(sources), "-o", str(results), *_FAST, *_WORKERS])
    count = len(list(results.glob("*.png")))
    if count != 2:
        raise SelfTestFailed(f"{count} results of 2 files")


def _check_window(folder: Path) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.compose import open_and_close_window  # loads Qt, which other steps do not need

    errors = open_and_close_window(EXAMPLE_IMAGE_PATH, folder / "settings.ini")
    if errors:
        raise SelfTestFailed("; ".join(errors))


def _check_notice_process() -> None:
    """Start the process that shows notices, at an address at which no service listens."""
    from app.desktop.notifications import build_notice_command

    ended = subprocess.run(
        [*build_notice_command(), "self-test", "self-test"],
        env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"},
        capture_output=True,
        text=True,
        timeout=_NOTICE_TIMEOUT_S,
        check=False,
    )
    # Without a bus, the process ends with status 1; Qt may warn of the locale.
    if ended.returncode != 1 or "Traceback" in ended.stderr:
        raise SelfTestFailed(f"it ended with status {ended.returncode}: {ended.stderr.strip()}")


def _succeed(run_command: RunCommand, arguments: Sequence[str]) -> None:
    status = run_command(arguments)
    if status:
        raise SelfTestFailed(f"{arguments[0]} ended with status {status}")
