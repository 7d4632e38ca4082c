"""Before any test: Qt without a screen; a generator for what is random."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# tests/app would pass for a part of the package app where that is installed as editable.
sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
import torch


@pytest.fixture
def rng() -> torch.Generator:
    return torch.Generator().manual_seed(20260101)
