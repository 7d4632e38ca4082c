"""Job that loads the image of a file for comparison."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.imaging.mipmap_image import MipmapImage
from app.jobs.document.open import open_document


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonImage:
    """The image of a file that is compared with the open file, and never restored.

    Attributes:
        path: The file.
        image: Upright image for the screen.
    """

    path: Path
    image: MipmapImage


def load_comparison_image(path: Path) -> ComparisonImage:
    """Load the image of a file; a damaged JPEG is loaded as far as it is readable.

    Raises the errors of `open_document`.
    """
    return ComparisonImage(path, open_document(path, tolerate_damage=True).image)
