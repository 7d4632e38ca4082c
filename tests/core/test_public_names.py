"""The names that `import ddrm_core` gives: complete, lazy, and typed."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import assert_type

import pytest
from PIL import Image
from torch import Tensor

import ddrm_core
from ddrm_core.jpeg.image import JpegImage

ROOT = Path(__file__).parents[2]
# Module that defines each name; `errors` is a module itself.
DEFINITIONS = {
    "BUNDLED_PRIOR_PATH": "ddrm_core.prior.bundled",
    "CancelToken": "ddrm_core.cancel",
    "CoreError": "ddrm_core.errors",
    "ExportSettings": "ddrm_core.export.settings",
    "OutputSelection": "ddrm_core.restoration.executor",
    "PRESETS": "ddrm_core.sampler.settings",
    "PROGRAM_NAME": "ddrm_core.program",
    "Preset": "ddrm_core.sampler.settings",
    "Restoration": "ddrm_core.restoration.restore",
    "SamplerSettings": "ddrm_core.sampler.settings",
    "Verification": "ddrm_core.verification.verify",
    "__version__": "ddrm_core.program",
    "choose_device": "ddrm_core.device.selection",
    "create_jpeg_run": "ddrm_core.restoration.run",
    "errors": "ddrm_core",
    "load_prior": "ddrm_core.prior.checkpoint",
    "read_jpeg": "ddrm_core.jpeg.read",
    "restore": "ddrm_core.restoration.restore",
    "save_result": "ddrm_core.export.save_result",
    "verify": "ddrm_core.export.verify",
}
CONSTANTS = {"BUNDLED_PRIOR_PATH", "PRESETS", "PROGRAM_NAME", "__version__", "errors"}


def print_in_fresh_python(code: str) -> str:
    """Return what `code` prints in an interpreter that has imported nothing else."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_list_is_complete() -> None:
    assert sorted(ddrm_core.__all__) == sorted(DEFINITIONS)
    assert set(ddrm_core.__all__) <= set(dir(ddrm_core))


@pytest.mark.parametrize("name", DEFINITIONS)
def test_each_name_is_the_documented_object_of_its_module(name: str) -> None:
    value = getattr(ddrm_core, name)
    assert value is getattr(importlib.import_module(DEFINITIONS[name]), name)
    if name not in CONSTANTS:
        assert (value.__module__, value.__qualname__) == (DEFINITIONS[name], name)
        assert inspect.getdoc(value)


def test_type_checkers_and_the_interpreter_find_each_name_in_the_same_module() -> None:
    tree = ast.parse(Path(ddrm_core.__file__).read_text("utf-8"))
    imports = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ddrm_core")
        for alias in node.names
    }
    assert imports == DEFINITIONS


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match="module 'ddrm_core' has no attribute 'waves'"):
        ddrm_core.waves  # type: ignore[attr-defined]  # noqa: B018


def test_neither_the_import_nor_a_look_at_the_names_loads_a_library() -> None:
    code = "import sys, ddrm_core; before = set(sys.modules); dir(ddrm_core)\n"
    code += "print(*before, *sys.modules)"
    loaded = set(print_in_fresh_python(code).split())
    assert {name for name in loaded if name.startswith("ddrm_core")} == {
        "ddrm_core",
        "ddrm_core.program",
    }
    assert not {"torch", "numpy", "PIL", "jpeglib"} & loaded


def test_settings_and_errors_do_not_wait_for_torch() -> None:
    code = "import sys\nfrom ddrm_core import PRESETS, CoreError, ExportSettings, Preset\n"
    code += "print(PRESETS[Preset.FAST].steps, 'torch' in sys.modules)"
    assert print_in_fresh_python(code).split() == ["4", "False"]


def test_the_module_of_errors_needs_no_second_import() -> None:
    code = "import sys, ddrm_core\nprint(ddrm_core.errors.NotAJpeg.__name__)\n"
    code += "print('torch' in sys.modules)"
    assert print_in_fresh_python(code).split() == ["NotAJpeg", "False"]


def test_the_module_of_errors_has_each_of_them_and_the_base_class() -> None:
    assert assert_type(ddrm_core.errors, ModuleType) is importlib.import_module("ddrm_core.errors")
    assert ddrm_core.errors.CoreError is ddrm_core.CoreError
    assert issubclass(ddrm_core.errors.NotAJpeg, ddrm_core.CoreError)
    assert not issubclass(ddrm_core.errors.OperationCancelled, ddrm_core.CoreError)


def test_a_star_import_gives_all_names() -> None:
    code = "from ddrm_core import *\nprint(*globals())"
    assert set(DEFINITIONS) <= set(print_in_fresh_python(code).split())


def test_a_run_can_be_iterated_and_asked_for_its_result(tmp_path: Path) -> None:
    """Mypy checks this file: the types are those of the objects, not Any."""
    photo, saved = tmp_path / "photo.jpg", tmp_path / "result.png"
    Image.linear_gradient("L").crop((0, 0, 24, 40)).save(photo, quality=20)
    prior = ddrm_core.load_prior(ddrm_core.BUNDLED_PRIOR_PATH, ddrm_core.choose_device("cpu"))
    settings = assert_type(
        replace(ddrm_core.PRESETS[ddrm_core.Preset.FAST], steps=1), ddrm_core.SamplerSettings
    )
    run = ddrm_core.create_jpeg_run(ddrm_core.read_jpeg(photo), prior, settings, seed=0)
    steps = ddrm_core.restore(run, ddrm_core.CancelToken(), ddrm_core.OutputSelection())
    images = [assert_type(step.current_image(), Tensor) for step in steps]
    result = assert_type(steps.result, ddrm_core.Restoration[JpegImage])
    assert images[-1].shape == result.image.shape == (1, 40, 24)

    encoded = ddrm_core.save_result(result, saved, ddrm_core.ExportSettings(bits=16))
    verification = assert_type(ddrm_core.verify(saved, photo), ddrm_core.Verification)
    assert verification.consistency.inside_fraction == encoded.consistency > 0.9
