from __future__ import annotations

from pathlib import Path

from PIL import Image


def opened(path: Path) -> Image.Image:
    """Return an image with its pixels loaded and its file closed."""
    with Image.open(path) as image:
        image.load()
        return image
