"""The facts about a file agree with Pillow, and with what a run of the file would say."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from ddrm_core.batch.triage.image_facts import ImageFacts, read_image_facts
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import (
    CompressionNotDetected,
    DamagedJpeg,
    NotAJpeg,
    OperationCancelled,
    TooManyPixels,
    UnreadableFile,
)
from ddrm_core.restoration.restorability import check_restorability
from tests.support.jpeg_variants import FILES
from tests.support.pictures import jpeg_bytes, photograph


def encode(pixels: np.ndarray, format_name: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format_name, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("quality", [5, 40, 75, 90, 100])
def test_the_facts_of_a_jpeg_are_those_that_its_encoder_was_given(tmp_path, quality):
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(photograph(24, 40), "JPEG", quality=quality, subsampling="4:2:2"))
    facts = read_image_facts(path)
    assert (facts.format_name, facts.width, facts.height, facts.channels) == ("JPEG", 40, 24, 3)
    assert (facts.coding, facts.chroma_sampling) == ("baseline", "4:2:2")
    assert (facts.quality.factor, facts.quality.is_exact) == (quality, True)
    assert facts.file_size == path.stat().st_size
    assert facts.is_image
    assert facts.is_restorable
    assert facts.damage is None


def test_a_harsher_quality_has_a_larger_expected_error(tmp_path):
    errors = []
    for quality in (95, 60, 30, 10):
        path = tmp_path / f"{quality}.jpg"
        path.write_bytes(encode(photograph(16, 16), "JPEG", quality=quality))
        errors.append(read_image_facts(path).quantization_error)
    assert errors == sorted(errors)
    assert len(set(errors)) == 4


@pytest.mark.parametrize("name", sorted(n for n in FILES if "orientation" not in n))
def test_every_kind_of_jpeg_has_the_verdict_of_a_run(tmp_path, name):
    path = tmp_path / "a.jpg"
    path.write_bytes(FILES[name]())
    facts, assessment = read_image_facts(path), check_restorability(path)
    assert type(facts.refusal) is type(assessment.refusal)
    assert facts.is_partially_restorable == assessment.is_partially_restorable
    if assessment.source is not None:
        assert (facts.width, facts.height) == assessment.source.size


def test_a_truncated_file_is_restorable_in_part_and_says_what_is_damaged(tmp_path):
    path = tmp_path / "a.jpg"
    content = encode(photograph(64, 64), "JPEG", quality=60)
    path.write_bytes(content[: len(content) * 9 // 10])
    facts = read_image_facts(path)
    assert isinstance(facts.refusal, DamagedJpeg)
    assert facts.is_partially_restorable
    assert facts.damage == facts.refusal.damage
    assert (facts.width, facts.quality.factor) == (64, 60)


def test_data_behind_the_image_is_counted(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(photograph(16, 16), "JPEG") + b"x" * 123)
    assert read_image_facts(path).attachments.unrecognized_bytes == 123


def test_pixels_of_a_former_jpeg_tell_its_compression(tmp_path):
    decoded = np.asarray(Image.open(io.BytesIO(jpeg_bytes(photograph(96, 96), quality=30))))
    former, never = tmp_path / "former.png", tmp_path / "never.png"
    former.write_bytes(encode(decoded, "PNG"))
    never.write_bytes(encode(photograph(96, 96), "PNG"))
    facts = read_image_facts(former)
    assert (facts.format_name, facts.quality, facts.refusal) == ("PNG", None, None)
    assert abs(facts.previous_compression.quality - 30) <= 1
    assert isinstance(read_image_facts(never).refusal, CompressionNotDetected)
    unsearched = read_image_facts(never, searches_compression=False)
    assert (unsearched.was_searched, unsearched.refusal, unsearched.width) == (False, None, 96)


def test_every_failure_is_a_fact(tmp_path):
    text, empty, large = tmp_path / "a.jpg", tmp_path / "b.jpg", tmp_path / "c.jpg"
    text.write_text("no image")
    empty.write_bytes(b"")
    large.write_bytes(encode(photograph(16, 16), "JPEG"))
    assert isinstance(read_image_facts(text).refusal, NotAJpeg)
    assert isinstance(read_image_facts(empty).refusal, NotAJpeg)
    assert isinstance(read_image_facts(tmp_path / "missing.jpg").refusal, UnreadableFile)
    assert not read_image_facts(text).is_image
    facts = read_image_facts(large, max_pixels=255)
    assert isinstance(facts.refusal, TooManyPixels)
    assert (facts.width, facts.is_image) == (16, True)


def test_only_a_cancelled_search_raises(tmp_path):
    path, token = tmp_path / "a.jpg", CancelToken()
    path.write_bytes(encode(photograph(96, 96), "JPEG", quality=90))
    token.cancel()
    with pytest.raises(OperationCancelled):
        read_image_facts(path, token=token)
    assert isinstance(read_image_facts(path, searches_compression=False, token=token), ImageFacts)


def test_files_of_every_format_are_read_without_torch(tmp_path):
    (tmp_path / "a.jpg").write_bytes(encode(photograph(40, 40), "JPEG"))
    (tmp_path / "b.png").write_bytes(encode(photograph(40, 40), "PNG"))
    (tmp_path / "c.tiff").write_bytes(encode(photograph(40, 40), "TIFF"))
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from ddrm_core.batch.triage.image_facts import read_image_facts\n"
        "print(*[read_image_facts(Path(p)).width for p in sys.argv[1:]], 'torch' in sys.modules)"
    )
    paths = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run(
        [sys.executable, "-c", code, *paths], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["40", "40", "40", "False"]
