"""What the panel says is in force is what `measure` takes."""

from __future__ import annotations

import pytest
import torch
from PIL import Image

from app.jobs.open_job import open_document
from app.resources import SAMPLE
from app.viewmodels.known import SAMPLINGS, Known, known_of
from ddrm_core.jpeg.assumed import SAMPLING_FACTORS
from ddrm_core.source import NO_ASSUMPTION, measure


def test_the_samplings_offered_are_those_there_are():
    assert set(SAMPLINGS) == set(SAMPLING_FACTORS)


def test_of_a_jpeg(photo):
    assert known_of(open_document(photo).source) == Known("From the file (10)", (0, 0), None)


@pytest.mark.parametrize("ink", [False, True])
def test_of_an_estimate(screenshot, ink):
    path = screenshot
    if ink:
        path = screenshot.with_suffix(".tif")
        with Image.open(screenshot) as image:
            # Inks are what is left of white, with nothing in the black one.
            image.convert("CMYK").save(path)
    source = open_document(path).source
    known, image = known_of(source), measure(source, NO_ASSUMPTION)
    assert known.quality == f"Estimated ({image.quality.factor})"
    assert known.grid == (image.left, image.top)
    assert known.sampling == (None if ink else "Estimated (4:2:0)")


def test_without_an_estimate(tmp_path, original):
    path = tmp_path / "clean.png"
    original.resize((60, 44)).save(path)
    source = open_document(path).source
    assert known_of(source) == Known("Not known", (0, 0), "Usual (4:2:0)")
    grey = type(source)(path, torch.zeros(1, 4, 4), source.metadata, None)
    assert known_of(grey).sampling is None


def test_of_greys_that_are_stored_as_rgb(tmp_path):
    path = tmp_path / "grey.png"
    with Image.open(SAMPLE) as image:
        image.convert("L").save(tmp_path / "grey.jpg", quality=15)
    with Image.open(tmp_path / "grey.jpg") as image:
        image.convert("RGB").save(path)
    known = known_of(open_document(path).source)
    assert (known.quality, known.sampling) == ("Estimated (15)", "Usual (4:2:0)")
