"""Runs and comparisons of the stories about the run history."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt

from app.viewmodels.run.run import ResultReady
from ddrm_core.jpeg.read import read_jpeg

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def until(qtbot, model, kind, timeout=30000):
    qtbot.waitUntil(lambda: isinstance(model.state, kind), timeout=timeout)


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def restored(qtbot, window, modifiers=CONTROL):
    """Start a run with the keyboard, wait until it ends, and return its result."""
    before = window.view_models.run.state
    qtbot.keyClick(window, Qt.Key.Key_Return, modifiers)
    qtbot.waitUntil(lambda: window.view_models.run.state is not before, timeout=5000)
    until(qtbot, window.view_models.run, ResultReady)
    return window.view_models.run.state.result


def share_of_equal_levels(saved: Path, source: Path, folder: Path) -> float:
    """Return the share of a source's levels that a saved result has after compression.

    libjpeg compresses the saved result with the quantization tables of the source.
    """
    with Image.open(source) as image:
        tables = image.quantization
    again, data = folder / "again.jpg", io.BytesIO()
    with Image.open(saved) as image:
        image.convert("RGB").save(data, "JPEG", qtables=tables, subsampling=2)
    again.write_bytes(data.getvalue())
    ours, theirs = read_jpeg(again).levels, read_jpeg(source).levels
    equal = sum(np.count_nonzero(a == b) for a, b in zip(ours, theirs, strict=True))
    return equal / sum(levels.size for levels in theirs)
