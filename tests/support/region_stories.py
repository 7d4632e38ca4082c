"""Runs, clicks and waits of the stories about regions."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from app.viewmodels.run.run import ResultReady
from ddrm_core.sampler.settings import Preset


def until(qtbot, holds):
    qtbot.waitUntil(holds, timeout=20000)  # the machine may be busy with other work


def click(qtbot, button):
    until(qtbot, lambda: button.height() > 0)  # the bottom panel has been laid out
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def rgb(image: QImage):
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def restored(qtbot, window, samples=1):
    window.view_models.parameters.apply_preset(Preset.FAST)
    window.view_models.parameters.set_samples(samples)
    window.action_set.restore.trigger()
    until(qtbot, lambda: isinstance(window.view_models.run.state, ResultReady))
