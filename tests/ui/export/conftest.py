"""Fixture: a JPEG as a camera writes it."""

from __future__ import annotations

import piexif
import pytest


@pytest.fixture
def camera(tmp_path, original):
    """Return the path of a JPEG with orientation, GPS data and a comment."""
    path = tmp_path / "camera.jpg"
    exif = {
        "0th": {piexif.ImageIFD.Make: b"maker", piexif.ImageIFD.Orientation: 6},
        "GPS": {piexif.GPSIFD.GPSLatitudeRef: b"N"},
    }
    original.save(path, quality=40, exif=piexif.dump(exif), comment=b"from the attic")
    return path
