"""The defaults that the panel shows are those that `measure` uses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from app.config.resources import EXAMPLE_IMAGE_PATH
from app.jobs.document.open import open_document
from app.jobs.run.restore_request import ProblemKind
from app.viewmodels.document.file_defaults import (
    FileDefaults,
    build_file_defaults,
    detect_problem,
)
from ddrm_core.jpeg.recompression import PreviousCompression
from ddrm_core.restoration.assumption import NO_ASSUMPTION
from ddrm_core.restoration.source import jpeg_image_from_source


def test_of_a_jpeg(photo):
    assert build_file_defaults(open_document(photo)) == FileDefaults(
        "From the file (10)", (0, 0), None, "No sign", quality_value_text="10"
    )


@pytest.mark.parametrize("ink", [False, True])
def test_of_an_estimate(screenshot, ink):
    path = screenshot
    if ink:
        path = screenshot.with_suffix(".tif")
        with Image.open(screenshot) as image:
            # Pillow's CMYK is the complement of RGB, with an empty black channel.
            image.convert("CMYK").save(path)
    document = open_document(path)
    known, image = (
        build_file_defaults(document),
        jpeg_image_from_source(document.source, NO_ASSUMPTION),
    )
    assert known.quality_text == f"Estimated ({image.quality.factor})"
    assert known.quality_value_text == str(image.quality.factor)
    assert known.grid_offset == (image.grid_left, image.grid_top)
    assert known.sampling_text == (None if ink else "Estimated (4:2:0)")


def test_without_an_estimate(tmp_path, original):
    path = tmp_path / "clean.png"
    original.resize((60, 44)).save(path)
    document = open_document(path)
    assert build_file_defaults(document) == FileDefaults(
        "Not known", (0, 0), "Usual (4:2:0)", "No sign"
    )
    source = document.source
    grey = type(source)(path, torch.zeros(1, 4, 4), source.metadata, None)
    assert build_file_defaults(replace(document, source=grey)).sampling_text is None


def test_of_greys_that_are_stored_as_rgb(tmp_path):
    path = tmp_path / "grey.png"
    with Image.open(EXAMPLE_IMAGE_PATH) as image:
        image.convert("L").save(tmp_path / "grey.jpg", quality=15)
    with Image.open(tmp_path / "grey.jpg") as image:
        image.convert("RGB").save(path)
    known = build_file_defaults(open_document(path))
    assert (known.quality_text, known.sampling_text) == ("Estimated (15)", "Usual (4:2:0)")


def test_of_lost_bits(banded):
    assert build_file_defaults(open_document(banded)).bits_text == "Estimated (3)"


def test_banding_is_the_problem_where_bits_are_lost_and_nothing_says_jpeg(
    banded, photo, screenshot, tmp_path, original
):
    document = open_document(banded)
    assert detect_problem(document) is ProblemKind.BANDING
    original.resize((60, 44)).save(tmp_path / "clean.png")
    for path in (photo, screenshot, tmp_path / "clean.png"):
        assert detect_problem(open_document(path)) is ProblemKind.JPEG
    earlier = PreviousCompression(20, 3, 5, "4:2:0", 0.95)
    once_jpeg = replace(document, source=replace(document.source, previous_compression=earlier))
    assert detect_problem(once_jpeg) is ProblemKind.JPEG
    assert detect_problem(replace(open_document(photo), estimated_bits=3)) is ProblemKind.JPEG


def test_pixels_of_sixteen_bits_show_no_sign_of_lost_ones(tmp_path):
    path = tmp_path / "deep.png"
    Image.fromarray(np.arange(37 * 31, dtype=np.uint16).reshape(31, 37) * 37).save(path)
    document = open_document(path)
    assert document.estimated_bits is None
    assert detect_problem(document) is ProblemKind.JPEG
