"""Painting at several device pixel ratios, in processes of their own: Qt reads a ratio once."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.paths import ROOT

# At a ratio of 1.25, an odd logical coordinate is between two device pixels.
PROGRAM = """
import numpy as np
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from app.imaging.mipmap_image import create_mipmap_image
from app.imaging.qimage import pixels_from_qimage
from app.jobs.worker import JobRunner
from app.ui.compare.compare_view import CompareView
from app.viewmodels.compare.compare import CompareViewModel, CompareMode
from app.viewmodels.compare.gallery import GalleryViewModel

app, runner, window = QApplication([]), JobRunner(), QWidget()
compare, gallery = CompareViewModel(), GalleryViewModel(runner)
layout = QHBoxLayout(window)
layout.setContentsMargins(297, 33, 0, 0)
layout.addWidget(CompareView(compare, gallery))
window.resize(901, 507)
window.show()
noise = np.random.default_rng(1).integers(0, 256, (1500, 2000, 3), np.uint8)
gallery.show_original(create_mipmap_image(noise), "Before")
compare.set_mode(CompareMode.ONE)
compare.set_scale(1.0)
app.processEvents()
screen = pixels_from_qimage(window.grab().toImage())
part = screen[len(screen) // 2 :][:90, screen.shape[1] // 2 :][:, :140]
found = (noise[:-90, :-140] == part[0, 0]).all(2)
print(any(np.array_equal(noise[y : y + 90, x : x + 140], part) for y, x in np.argwhere(found)))
runner.shutdown()
"""


@pytest.mark.parametrize("density", ["1", "1.25", "2"])
def test_a_picture_pixel_is_a_screen_pixel_at_100_percent(density):
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": density}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "True", done.stderr
