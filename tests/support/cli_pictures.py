from __future__ import annotations

from pathlib import Path

from PIL import Image


def opened(path: Path) -> Image.Image:
    """Open an image file, load its pixels, close the file, and return the image."""
    with Image.open(path) as image:
        image.load()
        return image
