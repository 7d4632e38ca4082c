"""The facts about files of a batch, and the quality from which on a rule selects them."""

from __future__ import annotations

import pytest

from app.jobs.batch.file_facts import (
    NO_SELECTING_QUALITY,
    read_facts_job,
)
from ddrm_core.batch.selection.compression_facts import find_compression_facts
from ddrm_core.batch.selection.rule import SelectionRule
from ddrm_core.batch.selection.select_file import select_file
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled
from ddrm_core.jpeg.read import read_jpeg


def read(*paths, search=False):
    groups = list(read_facts_job(paths, CancelToken(), searches_compression=search))
    return [facts for group in groups for facts in group]


@pytest.fixture
def files(tmp_path, original):
    """Return JPEGs of libjpeg's tables, of custom tables, and with signs of a harsher one."""
    paths = [tmp_path / f"{name}.jpg" for name in ("low", "high", "custom", "gray")]
    original.save(paths[0], quality=30)
    original.save(paths[1], quality=92)
    steps = [min(10 + 3 * k, 255) for k in range(64)]
    original.save(paths[2], qtables=[steps, steps])
    original.convert("L").save(paths[3], quality=77)
    return paths


def test_a_file_is_selected_exactly_from_its_selecting_quality_on(files):
    for facts in read(*files):
        image_facts = find_compression_facts(read_jpeg(facts.image.path))
        selected = [
            limit
            for limit in range(2, 101)
            if select_file(image_facts, SelectionRule(limit)).is_selected
        ]
        assert selected == list(range(facts.selecting_quality, 101))
        assert selected


def test_a_file_of_a_known_quality_is_selected_by_the_next_one(files):
    low, high, custom, gray = (facts.selecting_quality for facts in read(*files))
    assert (low, high, gray) == (31, 93, 78)
    assert 2 < custom < 100


def test_no_rule_selects_what_is_no_jpeg_and_was_none(tmp_path, original, text_file):
    original.save(tmp_path / "original.png")
    image, letter = read(tmp_path / "original.png", text_file, search=True)
    assert image.selecting_quality == letter.selecting_quality == NO_SELECTING_QUALITY
    assert image.image.is_image
    assert not letter.image.is_image


def test_the_search_finds_earlier_compressions(twice, screenshot):
    unsearched, *_ = read(twice)
    again, pixels = read(twice, screenshot, search=True)
    assert unsearched.image.previous_compression is None
    assert again.image.previous_compression is not None
    assert again.selecting_quality == unsearched.selecting_quality == 93
    previous = pixels.image.previous_compression
    assert pixels.selecting_quality == previous.quality + 1


def test_reading_can_be_cancelled(files):
    token = CancelToken()
    token.cancel()
    with pytest.raises(OperationCancelled):
        list(read_facts_job(files, token, searches_compression=False))


def test_every_file_is_reported_once(tmp_path, original):
    paths = [tmp_path / f"{n}.jpg" for n in range(20)]
    for path in paths:
        original.crop((0, 0, 9, 9)).save(path)
    files = read(*reversed(paths))
    assert [facts.image.path for facts in files] == paths[::-1]
    assert [f.image.path for f in sorted(files, key=lambda facts: facts.name_key)] == paths
