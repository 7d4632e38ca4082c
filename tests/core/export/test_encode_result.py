"""Encoded results keep the source's metadata byte for byte, and record their run."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import piexif
import pytest
import torch
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError, InvalidSetting, PriorMismatch, UnreadableFile
from ddrm_core.export.encode_result import check_export, encode_result
from ddrm_core.export.replay import check_recorded_prior, record_from_metadata
from ddrm_core.export.settings import ExportSettings, choose_default_suffix
from ddrm_core.formats.load import load_image
from ddrm_core.formats.unsupported_format import UnsupportedFormat
from ddrm_core.jpeg.assumed_levels import assume_quality
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metadata.model import MetadataPolicy, PixelDensity
from ddrm_core.metadata.xmp import remove_run_record
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.jpeg_variants import (
    FILES,
    IPTC,
    MAKER_NOTE,
    XMP,
    exif,
    plain,
    profile,
    segment,
    with_segments,
)
from tests.support.pictures import jpeg_of
from tests.support.small_priors import random_tensors, write_prior
from tests.support.verification import verify_as_saved

SETTINGS = SamplerSettings(steps=2, samples=3, eta=0.7, antithetic=False)
FORMATS = ["r.png", "r.tiff", "r.webp", "r.jpg"]


@pytest.fixture(scope="module")
def prior(tmp_path_factory) -> Prior:
    path = tmp_path_factory.mktemp("prior") / "tiny.safetensors"
    tensors = random_tensors()
    tensors["tail.weight"] *= 0.1
    return load_prior(write_prior(path, tensors=tensors), torch.device("cpu"))


def result_of(image: JpegImage, prior: Prior) -> Restoration:
    return restore(create_jpeg_run(image, prior, SETTINGS, seed=9), CancelToken()).drain()


@pytest.fixture(scope="module")
def everything(tmp_path_factory) -> JpegImage:
    """Return a JPEG with every kind of metadata: EXIF, ICC profile, XMP, IPTC and a comment."""
    data = plain(
        exif=b"Exif\0\0" + exif(6, order="MM", thumbnail=True),
        icc_profile=profile(),
        xmp=XMP,
        dpi=(300, 150),
    )
    extra = segment(0xED, b"Photoshop 3.0\0" + IPTC), segment(0xFE, b"from the attic")
    path = tmp_path_factory.mktemp("source") / "everything.jpg"
    path.write_bytes(with_segments(data, *extra))
    return read_jpeg(path)


@pytest.fixture(scope="module")
def result(everything: JpegImage, prior: Prior) -> Restoration:
    return result_of(everything, prior)


@pytest.mark.parametrize("name", FORMATS)
class TestBlocks:
    @pytest.fixture
    def delivered(self, result, tmp_path, name):
        data = encode_result(result, Path(name), ExportSettings())
        path = tmp_path / name
        path.write_bytes(data.data)
        return load_image(path).metadata, data.notes, path

    def test_profile_iptc_and_xmp_are_the_sources(self, delivered, everything, name):
        metadata, notes, _ = delivered
        source = everything.metadata
        assert metadata.icc_profile == source.icc_profile
        assert remove_run_record(metadata.xmp) == source.xmp == XMP
        if name == "r.webp":
            assert metadata.iptc is None
            assert sum("IPTC" in str(line) for line in notes) == 1
        else:
            assert metadata.iptc == source.iptc == IPTC

    def test_exif_keeps_every_byte_where_it_was(self, delivered, everything):
        """The bytes of the source's EXIF block stay where they were in the result's block.

        Only pointers to directories and the thumbnail are changed.
        """
        metadata, _, _ = delivered
        old, new = everything.metadata.exif, metadata.exif
        assert old is not None
        assert new is not None
        assert len(new) > len(old)
        place = old.index(MAKER_NOTE)
        assert new[place : place + len(MAKER_NOTE)] == MAKER_NOTE
        thumbnail = piexif.load(b"Exif\0\0" + old)["thumbnail"]
        changed = np.frombuffer(old, np.uint8) != np.frombuffer(new[: len(old)], np.uint8)
        start = old.index(thumbnail)
        assert not changed[8:start].any() or changed[8:start].sum() <= 4  # the pointer after IFD0
        read = piexif.load(b"Exif\0\0" + new)
        assert read["0th"][piexif.ImageIFD.Make] == b"maker"
        assert read["0th"][piexif.ImageIFD.Orientation] == 6
        assert read["Exif"][piexif.ExifIFD.MakerNote] == MAKER_NOTE

    def test_other_programs_read_it(self, delivered, name):
        _, _, path = delivered
        with Image.open(path) as image:
            assert image.getexif()[274] == 6
            assert image.getexif().get_ifd(0x8769)[37500] == MAKER_NOTE
            assert image.info["icc_profile"] == profile()
            if name != "r.webp":
                assert [round(d) for d in image.info["dpi"]] == [300, 150]

    def test_the_thumbnail_is_the_results(self, delivered, result):
        metadata, _, _ = delivered
        if metadata.exif is None or not (small := _thumbnail(metadata.exif)):
            pytest.fail("no thumbnail")
        expected = result.image.clamp(0, 255).permute(1, 2, 0).numpy()
        with Image.open(io.BytesIO(small)) as image:
            assert np.abs(np.asarray(image, float) - expected).mean() < 12

    def test_the_record_says_how_it_was_made(self, delivered, result, prior):
        metadata, _, path = delivered
        record = record_from_metadata(metadata)
        assert record is not None
        made = record.sampler
        assert made.start == result.run.start
        same = (made.steps, made.samples, made.eta, made.antithetic, made.correction_parameters)
        assert same == (2, 3, 0.7, False, ())
        assert (record.seed, record.quality, record.quality_source) == (9, 50, "tables")
        assert record.prior_sha256 == prior.info.sha256
        assert record.inside == verify_as_saved(result, bits=8).consistency.inside_fraction
        check_recorded_prior(record, prior, path)

    def test_less_of_it_on_request(self, result, tmp_path, name):
        path = tmp_path / name
        settings = ExportSettings(policy=MetadataPolicy.NONE)
        path.write_bytes(encode_result(result, path, settings).data)
        metadata = load_image(path).metadata
        assert metadata.icc_profile == profile()
        assert (metadata.iptc, metadata.comments, metadata.others) == (None, (), ())
        assert metadata.exif is None or MAKER_NOTE not in metadata.exif
        assert metadata.xmp is None or b"attic" not in metadata.xmp


def _thumbnail(block: bytes) -> bytes:
    thumbnail: bytes = piexif.load(b"Exif\0\0" + block)["thumbnail"]
    return thumbnail


def test_a_turned_picture_has_its_density_turned_too(result, tmp_path):
    path = tmp_path / "r.png"
    path.write_bytes(encode_result(result, path, ExportSettings(bake_orientation=True)).data)
    loaded = load_image(path)
    assert loaded.pixels.shape[1:] == (result.run.image.width, result.run.image.height)
    density = loaded.metadata.density
    assert density is not None
    assert isinstance(density, PixelDensity)
    assert density.y / density.x == pytest.approx(2, rel=0.01)


class TestSameLevels:
    @pytest.mark.parametrize("kind", ["4:2:0 baseline", "4:1:1 baseline", "CMYK baseline", "IPTC"])
    def test_the_files_levels_come_back(self, tmp_path, prior, kind):
        source, path = tmp_path / "a.jpg", tmp_path / "r.jpg"
        source.write_bytes(FILES[kind]())
        image = read_jpeg(source)
        delivered = encode_result(result_of(image, prior), path, ExportSettings(same_levels=True))
        path.write_bytes(delivered.data)
        again = read_jpeg(path)
        assert all(map(np.array_equal, again.levels, image.levels))
        assert all(map(np.array_equal, again.quantization_tables, image.quantization_tables))
        assert again.metadata.iptc == image.metadata.iptc
        assert not any("levels" in str(line) for line in delivered.notes)

    def test_what_differs_is_counted(self, tmp_path, prior):
        image = jpeg_of(tmp_path, 40, 48, sampling="4:4:4")
        result = result_of(image, prior)
        result.image[:, :8, :8] = 0
        delivered = encode_result(result, tmp_path / "r.jpg", ExportSettings(same_levels=True))
        assert any(
            "of 5,760 levels are not the file's own" in str(line) for line in delivered.notes
        )

    @pytest.mark.parametrize("change", ["gone", "other tables", "another size", "no JPEG", "cut"])
    def test_a_source_that_has_changed_is_not_taken_for_the_one_that_was_read(
        self, tmp_path, prior, change
    ):
        image = jpeg_of(tmp_path, 40, 48)
        result, data = result_of(image, prior), image.path.read_bytes()
        contents = {
            "other tables": plain(40, 48, quality=20),
            "another size": plain(24, 48, quality=75),
            "no JPEG": b"text",
            "cut": data[:200],
        }
        image.path.unlink()
        if change != "gone":
            image.path.write_bytes(contents[change])
        with pytest.raises(CoreError):
            encode_result(result, tmp_path / "r.jpg", ExportSettings(same_levels=True))

    def test_a_source_that_libjpeg_refuses_by_now_is_named_with_its_reason(self, tmp_path, prior):
        """If the source was changed so that no scan is left, the error has path and reason.

        Size and quantization tables of the changed source are those of the run.
        """
        image = jpeg_of(tmp_path, 40, 48)
        result, data = result_of(image, prior), bytearray(image.path.read_bytes())
        data[data.index(b"\xff\xda") + 4] = 9  # more components than the scan header lists
        image.path.write_bytes(data)
        with pytest.raises(UnreadableFile) as error:
            encode_result(result, tmp_path / "r.jpg", ExportSettings(same_levels=True))
        assert error.value.path == image.path
        assert error.value.reason == "no picture"

    def test_a_source_whose_image_data_changed_gives_the_same_result(self, tmp_path, prior):
        """Only the header of the source counts, because the result has levels of its own."""
        image, path = jpeg_of(tmp_path, 40, 48), tmp_path / "r.jpg"
        result, settings = result_of(image, prior), ExportSettings(same_levels=True)
        before = encode_result(result, path, settings).data
        data = image.path.read_bytes()
        image.path.write_bytes(data[: data.index(b"\xff\xda") + 200])
        assert encode_result(result, path, settings).data == before

    def test_it_is_for_a_jpegs_own_levels_in_a_jpeg(self, tmp_path):
        image, wanted = jpeg_of(tmp_path, 16, 16), ExportSettings(same_levels=True)
        check_export(Path("r.jpg"), image, wanted)
        for path, source in (("r.png", image), ("r.jpg", assume_quality(image, 20))):
            with pytest.raises(InvalidSetting):
                check_export(Path(path), source, wanted)
        turned = ExportSettings(same_levels=True, bake_orientation=True)
        with pytest.raises(InvalidSetting):
            check_export(Path("r.jpg"), image, turned)


@pytest.mark.parametrize(("name", "bits"), [("r.webp", 16), ("r.jpg", 16), ("r.png", 32), ("r", 8)])
def test_formats_that_cannot_hold_it_are_refused_early(tmp_path, name, bits):
    with pytest.raises(UnsupportedFormat):
        check_export(Path(name), jpeg_of(tmp_path, 8, 8), ExportSettings(bits=bits))
    with pytest.raises(UnsupportedFormat):
        check_export(Path("r.png"), jpeg_of(tmp_path, 8, 8, sampling="CMYK"), ExportSettings())


def test_another_prior_is_not_the_recorded_one(result, tmp_path, prior):
    path = tmp_path / "r.png"
    path.write_bytes(encode_result(result, path, ExportSettings()).data)
    record = record_from_metadata(load_image(path).metadata)
    assert record is not None
    tensors = random_tensors(seed=1)
    other = load_prior(write_prior(tmp_path / "o.safetensors", tensors=tensors), prior.device)
    with pytest.raises(PriorMismatch):
        check_recorded_prior(record, other, path)


@pytest.mark.parametrize("quality", [0, 101])
def test_jpeg_qualities_off_the_scale(quality):
    with pytest.raises(InvalidSetting):
        ExportSettings(jpeg_quality=quality)


@pytest.mark.parametrize("sampling", ["grey", "4:2:0", "CMYK"])
@pytest.mark.parametrize(
    "settings",
    [*(ExportSettings(bits=bits) for bits in (8, 16, 32)), ExportSettings(same_levels=True)],
    ids=["8 bits", "16 bits", "32 bits", "same levels"],
)
def test_the_usual_format_holds_the_result_and_is_png_where_png_does(tmp_path, sampling, settings):
    image = jpeg_of(tmp_path, 8, 8, sampling=sampling)
    suffix = choose_default_suffix(settings, image.channels)
    check_export(Path(f"r{suffix}"), image, settings)
    if suffix != ".png":
        with pytest.raises((UnsupportedFormat, InvalidSetting)):
            check_export(Path("r.png"), image, settings)


@pytest.mark.parametrize("sharpness", [-0.01, 1.01, float("nan")])
def test_sharpness_off_the_scale(sharpness):
    with pytest.raises(InvalidSetting) as error:
        ExportSettings(sharpness=sharpness)
    assert error.value.name == "sharpness"


def test_a_problem_without_a_run_record_is_an_error(result):
    """A third kind of problem has no record from which its run could be repeated."""
    problem = Mock(wraps=result.run.problem, image=result.run.image)
    other = replace(result, run=replace(result.run, problem=problem))
    with pytest.raises(TypeError, match="no run record for Mock"):
        encode_result(other, Path("r.png"), ExportSettings())
