"""Results of sources with attachments, as files that other programs read."""

from __future__ import annotations

import io
from pathlib import Path

import imagecodecs
import pytest
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import UnreadableFile
from ddrm_core.export.encode_result import encode_result
from ddrm_core.export.save_result import save_result
from ddrm_core.export.settings import ExportSettings
from ddrm_core.files.atomic_write import atomic_writer
from ddrm_core.formats.load import load_image
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.header import parse_header
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.prior.denoiser import Prior
from ddrm_core.restoration.restore import Restoration, restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.attached_files import FILES
from tests.support.attachment_parts import MARK, mark, mp4
from tests.support.attachment_readers import describing_names, image_end, read_motion_video
from tests.support.jpeg_variants import exif, segment, with_segments

SETTINGS = SamplerSettings(steps=1, samples=1)
REGION = Rectangle(8, 0, 16, 16)
BOTH = "Ultra HDR with a video"
SUFFIXES = [".png", ".tiff", ".webp"]


def restored(path: Path, data: bytes, prior: Prior, region: Rectangle | None = None) -> Restoration:
    path.write_bytes(data)
    run = create_jpeg_run(read_jpeg(path), prior, SETTINGS, seed=0, region=region)
    return restore(run, CancelToken()).drain()


@pytest.fixture(scope="module")
def result(tmp_path_factory, tiny) -> Restoration:
    """Return a result of a file with a gain map and a video."""
    folder = tmp_path_factory.mktemp("attached")
    return restored(folder / "a.jpg", FILES[BOTH].make(), tiny)


@pytest.mark.parametrize("same_levels", [False, True])
def test_a_jpeg_is_ultra_hdr_and_a_motion_photo_for_other_readers(result, tmp_path, same_levels):
    target, settings = tmp_path / "r.jpg", ExportSettings(same_levels=same_levels)
    encoded = save_result(result, target, settings)
    data, source = target.read_bytes(), result.run.image.path.read_bytes()
    assert data == encoded.data
    assert data[image_end(data) :] == source[image_end(source) :]
    decoded = imagecodecs.ultrahdr_decode(data)
    assert decoded.shape == (31, 37, 4)
    assert decoded.max() > 1.5  # brighter than white
    assert read_motion_video(data) == mp4()
    assert encoded.notes == ()


def test_pillow_finds_the_other_eye_of_a_stereo_pair(tmp_path, tiny):
    source, target = FILES["stereo pair"].make(), tmp_path / "r.jpg"
    save_result(restored(tmp_path / "a.jpg", source, tiny), target)
    with Image.open(target) as ours, Image.open(io.BytesIO(source)) as theirs:
        assert ours.n_frames == theirs.n_frames == 2
        ours.seek(1)
        theirs.seek(1)
        assert ours.tobytes() == theirs.tobytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_other_formats_are_neither(result, tmp_path, suffix):
    target = tmp_path / f"r{suffix}"
    encoded = save_result(result, target)
    assert MARK not in target.read_bytes()
    packet = load_image(target).metadata.xmp
    assert packet is not None
    assert describing_names(packet) == set()
    (note,) = map(str, encoded.notes)
    assert note.endswith("cannot hold it: gain map (1.3 kB), video (5.1 kB)")
    with pytest.raises(imagecodecs.UltrahdrError):
        imagecodecs.ultrahdr_decode(target.read_bytes())


def test_a_region_shows_nothing_of_the_data_behind_its_source(tmp_path, tiny):
    names = [BOTH, "stereo pair", "Samsung's trailer", "dynamic depth", "an archive"]
    for name in (*names, "depth map in extended XMP"):
        source = FILES[name].make()
        assert MARK in source
        result = restored(tmp_path / "a.jpg", source, tiny, REGION)
        data = encode_result(result, Path("r.jpg"), ExportSettings()).data
        assert MARK not in data, name
        assert data[image_end(data) :] == b""


def test_a_turned_result_keeps_the_video_only(tmp_path, tiny):
    source = with_segments(FILES[BOTH].make(), segment(0xE1, b"Exif\0\0" + exif(6)))
    result = restored(tmp_path / "a.jpg", source, tiny)
    for bake, kinds in ((True, ["video"]), (False, ["gain_map", "video"])):
        settings = ExportSettings(bake_orientation=bake)
        data = encode_result(result, Path("r.jpg"), settings).data
        parts = parse_header(data, Path("r.jpg")).attachments.parts
        assert [part.kind.value for part in parts] == kinds
        assert read_motion_video(data) == mp4()


def test_a_source_that_changes_while_its_result_is_written_leaves_no_file(tmp_path, tiny):
    source, target = tmp_path / "a.jpg", tmp_path / "out" / "r.jpg"
    target.parent.mkdir()
    result = restored(source, FILES[BOTH].make(), tiny)
    encoded = encode_result(result, target, ExportSettings())
    source.write_bytes(source.read_bytes().replace(mark("video"), mark("voice")))
    with pytest.raises(UnreadableFile), atomic_writer(target) as temporary_path:
        encoded.write_to(temporary_path)
    assert list(target.parent.iterdir()) == []
