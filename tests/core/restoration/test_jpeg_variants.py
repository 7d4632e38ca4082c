"""Every kind of JPEG is opened, compared with another reader, restored, exported and turned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps, JpegImagePlugin

from ddrm_core.cancel import CancelToken
from ddrm_core.export.encode_result import encode_result
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.load import load_image
from ddrm_core.imaging.orientation import apply_orientation
from ddrm_core.jpeg.header import read_header
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.libjpeg.client import write_levels
from ddrm_core.jpeg.operator import create_jpeg_operator, levels_to_tensors
from ddrm_core.metadata.exif import read_orientation
from ddrm_core.metadata.xmp import remove_run_record
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.restoration.source import open_source_image
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.attached_files import FILES as ATTACHED_FILES
from tests.support.irregular_jpegs import IRREGULAR_FILES, READABLE_FILES
from tests.support.jpeg_variants import FILES, exif
from tests.support.small_priors import random_tensors, write_prior

CPU = torch.device("cpu")
# Files without XMP about their attachments, because results lack the metadata of lost attachments.
ATTACHED_NAMES = (
    "stereo pair",
    "previews, little-endian, with identifiers",
    "Ultra HDR by ISO 21496-1",
    "Apple's gain map",
    "Samsung's trailer",
    "an archive",
)
ALL_FILES = FILES | IRREGULAR_FILES | {name: ATTACHED_FILES[name].make for name in ATTACHED_NAMES}
# A warning of Pillow about one of the files.
pytestmark = pytest.mark.filterwarnings("ignore:Corrupt EXIF data")


@pytest.fixture(scope="module")
def prior(tmp_path_factory) -> Prior:
    path = tmp_path_factory.mktemp("prior") / "tiny.safetensors"
    tensors = random_tensors()
    tensors["tail.weight"] *= 0.1
    return load_prior(write_prior(path, tensors=tensors), CPU, precision=torch.float32)


@pytest.fixture(scope="module", params=ALL_FILES, ids=str)
def name(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def path(name: str, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("world") / "ünï 写真 50%.jpg"
    path.write_bytes(ALL_FILES[name]())
    return path


@pytest.fixture(scope="module")
def readable(name: str, path: Path) -> Path:
    """Return the path of the file, or of a file with the same pixels if Pillow refuses the file."""
    if name not in READABLE_FILES:
        return path
    readable = path.with_name("readable.jpg")
    readable.write_bytes(READABLE_FILES[name]())
    return readable


@pytest.fixture(scope="module")
def image(path: Path) -> JpegImage:
    source = open_source_image(path)
    assert isinstance(source, JpegImage)
    assert source.damage is None
    return source


@pytest.fixture(scope="module")
def result(image: JpegImage, prior: Prior) -> Restoration:
    run = create_jpeg_run(image, prior, SamplerSettings(2, 1), seed=3)
    return restore(run, CancelToken()).drain()


def decoded(path: Path, mode: str | None = None) -> np.ndarray:
    """Return the pixels of a JPEG by Pillow, (h, w, channels).

    `mode` is the color mode in which they are decoded, None for Pillow's default.
    """
    with path.open("rb") as file, JpegImagePlugin.JpegImageFile(file) as picture:
        if mode is not None:
            picture.draft(mode, picture.size)
            assert picture.mode == mode
        return np.atleast_3d(np.asarray(picture).astype(float))


def test_there_are_at_least_110():
    assert len(ALL_FILES) >= 110


def test_what_is_shown_is_another_readers_to_one_grey_level(readable, image):
    """The operator decodes the same components as Pillow, to within one gray level.

    YCbCr files are compared before the conversion to RGB.
    """
    operator = create_jpeg_operator(image)
    x = operator.decode(levels_to_tensors(image, CPU))
    if image.color_model_name == "YCbCr":
        ours, theirs = operator.color_model.to_planes(x)[0] + 128, decoded(readable, "YCbCr")
    else:
        ours, theirs = operator.color_model.to_pixels(x)[0], decoded(readable)
    ours = ours.round().clamp(0, 255).permute(1, 2, 0).numpy()
    assert ours.shape == theirs.shape
    # YCCK is converted to CMYK, which multiplies a difference in chroma by 1.8 at most.
    assert np.abs(ours - theirs).max() <= (3 if image.color_model_name == "YCCK" else 1)


def test_levels_written_back_decode_identically(path, readable, image, tmp_path):
    again = tmp_path / "again.jpg"
    again.write_bytes(write_levels(path.read_bytes(), image.levels))
    assert np.array_equal(decoded(readable), decoded(again))
    assert read_header(again).chroma_sampling == read_header(path).chroma_sampling


def test_the_result_agrees_with_every_level(image, result):
    inside = result.consistency.inside_fraction
    if image.quality.factor == 100 and image.width % 16:
        # The encoder's rounding of samples is as wide as a bin: in the blocks that reach past the
        # edge, no image has these levels.
        assert inside > 0.97
    else:
        assert inside == 1.0, result.consistency.worst
    assert result.image.shape == (len(image.levels), image.height, image.width)


def test_jpeg_results_are_decoded_in_the_color_model_of_the_result(readable, result, tmp_path):
    """With the source's levels, Pillow shows the source's pixels, else nearly the result's."""
    target = tmp_path / "r.jpg"
    target.write_bytes(encode_result(result, target, ExportSettings(same_levels=True)).data)
    if result.consistency.inside_fraction == 1.0:
        assert np.array_equal(decoded(target), decoded(readable))
    target.write_bytes(encode_result(result, target, ExportSettings()).data)
    expected = result.image.permute(1, 2, 0).clamp(0, 255).numpy()
    assert np.abs(decoded(target) - expected).mean() < 6


@pytest.mark.parametrize("suffix", [".png", ".tiff", ".jpg"])
def test_metadata_comes_through(image, result, tmp_path, suffix):
    target = tmp_path / f"r{suffix}"
    if len(image.levels) == 4 and suffix == ".png":
        suffix, target = ".tiff", tmp_path / "r.tiff"
    delivered = encode_result(result, target, ExportSettings())
    target.write_bytes(delivered.data)
    loaded = load_image(target)
    ours, theirs = loaded.metadata, image.metadata
    assert ours.icc_profile == theirs.icc_profile
    assert remove_run_record(ours.xmp) == theirs.xmp
    notes = " ".join(map(str, delivered.notes))
    for name, word in (("iptc", "IPTC"), ("xmp_extensions", "XMP"), ("others", "APP")):
        assert getattr(ours, name) == getattr(theirs, name) or word in notes, notes
    assert ours.comments == theirs.comments or "comment" in notes
    if theirs.exif is not None and len(theirs.exif) > 20:
        assert ours.exif is not None
        assert read_orientation(ours.exif) == read_orientation(theirs.exif)


def test_upright_is_what_pillow_turns_it_to(readable, image):
    turn = 1 if image.metadata.exif is None else read_orientation(image.metadata.exif)
    with Image.open(readable) as picture:
        shown = np.atleast_3d(np.asarray(ImageOps.exif_transpose(picture)))
    assert np.array_equal(apply_orientation(decoded(readable), turn), shown)


def test_baked_and_kept_orientation_show_the_same(tmp_path, prior):
    path = tmp_path / "a.jpg"
    for n in range(1, 9):
        path.write_bytes(FILES[f"orientation {n}, MM"]())
        source = open_source_image(path)
        assert isinstance(source, JpegImage)
        assert source.metadata.exif == exif(n, order="MM")
        run = create_jpeg_run(source, prior, SamplerSettings(1, 1), seed=3)
        result = restore(run, CancelToken()).drain()
        shown = []
        for bake in (False, True):
            target = tmp_path / f"{n}{bake}.png"
            settings = replace(ExportSettings(), bake_orientation=bake)
            target.write_bytes(encode_result(result, target, settings).data)
            with Image.open(target) as picture:
                assert picture.getexif()[274] == (1 if bake else n)
                shown.append(np.asarray(ImageOps.exif_transpose(picture)))
        assert np.array_equal(*shown)
