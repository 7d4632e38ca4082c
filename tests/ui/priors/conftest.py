from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.support.priors_stories import until_listed


@pytest.fixture
def page(qtbot, window):
    """Open the priors dialog and return it when its list of priors is complete."""
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    page = window.prior_controller.page
    until_listed(qtbot, page)
    return page
