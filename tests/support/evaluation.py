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
    """Save pixels as the image `name` in a folder, and return its path."""
    Image.fromarray(pixels).save(folder / name)
    return folder / name


def python(name: str, code: str, *, seconds: float = 60.0) -> ExternalDecoder:
    """Return an external decoder that runs Python code for at most `seconds`.

    The arguments of the code are the paths of its input and its output.
    """
    return ExternalDecoder(name, (sys.executable, "-c", code, "{in}", "{out}"), seconds)
