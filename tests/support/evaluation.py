"""Images, settings and decoders for tests of the evaluation."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from ddrm_core.evaluation.decoders import ExternalDecoder
from ddrm_core.sampler.settings import SamplerSettings

SMALL = SamplerSettings(steps=2, samples=2)
PILLOW = "from PIL import Image; import sys; Image.open(sys.argv[1]).save(sys.argv[2])"


def saved(folder: Path, name: str, pixels: np.ndarray) -> Path:
    """Save the pixels in the folder and return the path."""
    Image.fromarray(pixels).save(folder / name)
    return folder / name


def python(name: str, code: str, *, seconds: float = 60.0) -> ExternalDecoder:
    """Return a decoder that runs Python code on the paths of its input and its output."""
    return ExternalDecoder(name, (sys.executable, "-c", code, "{in}", "{out}"), seconds)
