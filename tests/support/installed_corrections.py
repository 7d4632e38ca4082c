"""Packages that offer corrections, installed for a test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ddrm_core.sampler.corrections.registry import CORRECTIONS
from tests.support.paths import ROOT

EXAMPLE = ROOT / "docs" / "examples" / "new_correction.py"
MODULE = "offered_correction"


@pytest.fixture
def install_correction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., None]]:
    """Return a function that installs a distribution with a correction in the folder `site`.

    The file `imported` shows whether the distribution's module was imported. Modules loaded in this
    process are unloaded after the test.
    """
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(site)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    registered = {
        name: dict(value) for name, value in vars(CORRECTIONS).items() if isinstance(value, dict)
    }

    def write(name: str = "narrow", code: str = EXAMPLE.read_text("utf-8")) -> None:
        touch = f"import pathlib\npathlib.Path({str(tmp_path / 'imported')!r}).touch()\n"
        (site / f"{MODULE}.py").write_text(f"{code}\n{touch}", "utf-8")
        folder = site / "correction_package-2.1.dist-info"
        folder.mkdir()
        metadata = "Metadata-Version: 2.1\nName: correction-package\nVersion: 2.1\n"
        (folder / "METADATA").write_text(metadata)
        entry_point = f"{name} = {MODULE}:NARROW\n"
        (folder / "entry_points.txt").write_text(f"[ddrm_restore.corrections]\n{entry_point}")

    yield write
    vars(CORRECTIONS).update(registered)
    sys.modules.pop(MODULE, None)
