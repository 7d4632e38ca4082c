from __future__ import annotations

from dataclasses import replace

import piexif
import pytest
from PIL import Image

from app.i18n.formatting import format_percent, format_size
from app.jobs.document.open import open_document
from app.jobs.run.restore import restore_job, result_from_estimate
from app.jobs.run.restore_request import ProblemKind, RestoreRequest
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.document.facts import (
    file_facts,
    format_clock_time,
    format_duration,
    quality_factor_text,
    recompression_facts,
    result_facts,
)
from app.viewmodels.document.recompression import (
    RecompressionChecked,
    RecompressionUnchecked,
)
from app.viewmodels.state_view_model import JobFailed
from ddrm_core.cancel import CancelToken
from ddrm_core.device.execution_limits import MemoryFallback
from ddrm_core.errors import OutOfMemory
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.quality_factor import LibjpegQuality
from ddrm_core.jpeg.recompression import PreviousCompression
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.attached_files import FILES
from tests.support.color_profiles import D65, SRGB, rgb_profile


def exif_of(number, index):
    """Return EXIF data with the two entries by which cameras state a color space.

    `number` is the tag ColorSpace, `index` the interoperability index.
    """
    return piexif.dump({"Exif": {0xA001: number}, "Interop": {1: index}})


def facts_of(path):
    return dict(file_facts(open_document(path)))


def test_what_a_file_says(photo):
    assert facts_of(photo) == {
        "Name": "böld picture 火.jpg",
        "Size": "97 × 64 px",  # noqa: RUF001
        "JPEG quality": "10",
        "Coding": "baseline",
        "Color": "YCbCr, 4:2:0",
        "Metadata": "comment",
        "File": format_size(photo.stat().st_size),
    }


def test_what_a_grey_file_says(tmp_path, original):
    path = tmp_path / "grey.jpg"
    original.convert("L").save(path, quality=30)
    facts = facts_of(path)
    assert (facts["Color"], facts["Metadata"]) == ("gray", "none")


def test_what_is_said_of_a_file_that_is_shown_otherwise_than_stored(tmp_path, original):
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    original.save(path, exif=exif, icc_profile=b"no profile")
    facts = facts_of(path)
    assert facts["Size"] == "97 × 64 px, shown turned"  # noqa: RUF001
    assert facts["Color profile"] == "not usable: its bytes are no ICC profile; shown as sRGB"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"icc_profile": rgb_profile(SRGB, D65, 1.8)}, "made in code, by its profile"),
        ({"exif": exif_of(0xFFFF, b"R03")}, "Adobe RGB, told by EXIF"),
        ({"exif": exif_of(0xFFFF, b"R98")}, "uncalibrated, told by EXIF"),
        ({"exif": exif_of(1, b"R98")}, "sRGB, told by EXIF"),
        (
            {"icc_profile": rgb_profile(SRGB, D65, 1.8).replace(b"desc", b"none", 1)},
            "a profile without a name, by its profile",
        ),
        ({"icc_profile": b"no profile"}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_the_color_space_is_named(tmp_path, original, name, options, words):
    path = tmp_path / name
    original.save(path, **options)
    assert facts_of(path).get("Color space") == words


def test_what_is_estimated_is_called_so(screenshot):
    assert facts_of(screenshot) == {
        "Name": "screenshot.png",
        "Size": "240 × 192 px",  # noqa: RUF001
        "Format": "PNG, no JPEG",
        "Color": "RGB",
        "JPEG quality": "10, estimated",
        "Sampling": "4:2:0, estimated",
        "Grid": "3,5, estimated",
        "Certainty": "99 %, from its pixels",
    }


def test_a_picture_without_a_sign_says_so(tmp_path, original):
    path = tmp_path / "clean.png"
    original.convert("L").resize((60, 44)).save(path)
    facts = facts_of(path)
    assert (facts["Color"], facts["Saved before"]) == ("gray", "no sign of JPEG compression")
    assert "JPEG quality" not in facts


def test_lost_bits_are_said(banded):
    facts = facts_of(banded)
    assert facts["Bits per channel"] == "3, estimated"
    assert facts["Saved before"] == "no sign of JPEG compression"


def test_what_is_behind_the_picture_is_named_with_its_size(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(FILES["Ultra HDR with unknown bytes"].make())
    assert facts_of(path)["After it"] == "gain map (1.3 kB), data of unknown kind (128 bytes)"


def test_damage_is_said(cut):
    words = dict(file_facts(open_document(cut, tolerate_damage=True)))["Damage"]
    assert words.startswith("it ends in the middle of the picture")
    assert words.endswith("% could be read; that part is restored, the rest is as decoded")


@pytest.mark.parametrize(
    ("state", "rows"),
    [
        (RecompressionUnchecked(), ()),
        (RecompressionChecked(None), (("Saved before", "not at lower quality"),)),
        (
            RecompressionChecked(PreviousCompression(20, 3, 5, "4:2:0", 0.95)),
            (("Saved before", "at quality 20 on grid 3,5, 95 % sure"),),
        ),
        (
            JobFailed(OutOfMemory("cpu", 9, 9)),
            (("Saved before", "not known: Not enough memory on cpu for 9x9 pixels"),),
        ),
    ],
)
def test_an_earlier_compression(state, rows):
    assert recompression_facts(state) == rows


def test_what_a_result_says(photo, engine):
    settings = SamplerSettings(steps=2, samples=2)
    request = RestoreRequest(open_document(photo).source, RestoreSettings(settings, 12, "cpu"))
    first = next(restore_job(engine, request, CancelToken()))
    facts = dict(result_facts(result_from_estimate(first.estimate)))
    # 13 x 8 luma blocks cover 97 x 64 pixels; each chroma plane has 7 x 4 blocks.
    levels = 64 * (13 * 8 + 2 * 7 * 4)
    assert facts["Before rounding"] == f"all {levels:,} values agree"
    assert facts["Rounded to 8 bits"].endswith(f" of {levels:,} values differ")
    assert facts["Evaluations"] == "2 of 4"
    assert facts["Seed"] == "12"
    assert facts["Model"] == "compact on cpu"


def test_what_a_result_with_lower_bits_says(banded, engine):
    source = open_document(banded).source
    settings = SamplerSettings(steps=1, samples=1)
    request = RestoreRequest(
        source, RestoreSettings(settings, 12, "cpu"), problem=ProblemKind.BANDING
    )
    first = next(restore_job(engine, request, CancelToken()))
    facts = dict(result_facts(result_from_estimate(first.estimate)))
    assert facts["Before rounding"] == f"all {3 * 97 * 64:,} values agree"


def test_a_result_names_its_region_and_what_memory_did_not_allow(photo, engine):
    settings, region = SamplerSettings(steps=1, samples=1), Rectangle(9, 10, 5, 4)
    source = open_document(photo).source
    request = RestoreRequest(source, RestoreSettings(settings, 12, "cpu"), region=region)
    estimate = next(restore_job(engine, request, CancelToken())).estimate
    facts = dict(result_facts(result_from_estimate(estimate)))
    assert facts["Region"] == "5 × 4 px at 9, 10"  # noqa: RUF001
    assert facts["Before rounding"] == "not known, without a whole block"
    assert facts["Rounded to 8 bits"] == "not known, without a whole block"
    assert "Memory" not in facts
    short = (MemoryFallback.SMALLER_TILES, MemoryFallback.CPU)
    step = replace(estimate.step, fallbacks=short)
    facts = dict(result_facts(result_from_estimate(replace(estimate, step=step))))
    assert facts["Memory"] == "not enough; went on with smaller windows, the CPU"


@pytest.mark.parametrize(
    ("share", "words"),
    [(1.0, "100.00 %"), (0.999999, "99.99 %"), (0.5, "50.00 %"), (0.0, "0.00 %")],
)
def test_a_share_is_never_flattered(share, words):
    assert format_percent(share) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00"), (59.4, "0:59"), (59.6, "1:00"), (3599.7, "1:00:00"), (3725, "1:02:05")],
)
def test_clock(seconds, words):
    assert format_clock_time(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.04, "0.0 s"), (59.9, "59.9 s"), (61, "1:01 min")]
)
def test_durations(seconds, words):
    assert format_duration(seconds) == words


@pytest.mark.parametrize(
    ("size", "words"), [(999, "999 bytes"), (6607, "6.6 kB"), (12_345_678, "12.3 MB")]
)
def test_file_sizes(size, words):
    assert format_size(size) == words


def test_qualities():
    assert quality_factor_text(LibjpegQuality(90, is_exact=True)) == "90"
    assert quality_factor_text(LibjpegQuality(90, is_exact=False)) == "custom, near 90"
