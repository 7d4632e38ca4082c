"""Plans of attachments: each file with each kind of result, without a restoration."""

from __future__ import annotations

import hashlib
import io
import random
import re
import struct
from collections.abc import Callable
from pathlib import Path

import imagecodecs
import pytest
from PIL import Image

from ddrm_core.errors import CoreError, UnreadableFile
from ddrm_core.export.attachment_plan import AttachmentPlan, ResultPurpose, plan_attachments
from ddrm_core.export.result_content import iterate_chunks
from ddrm_core.formats.capabilities import SaveFormat
from ddrm_core.formats.jpeg import replace_jpeg_metadata
from ddrm_core.jpeg.header import parse_header
from ddrm_core.metadata.model import Metadata, MetadataPolicy
from ddrm_core.metadata.segments import metadata_from_segments
from tests.support.attached_files import FILES
from tests.support.attachment_parts import (
    DISPARITY,
    MARK,
    assemble,
    located_jpeg,
    mark,
    marked_jpeg,
    mp4,
)
from tests.support.attachment_readers import (
    describing_names,
    header_segments,
    image_end,
    read_items,
    read_motion_video,
    read_xmp,
)
from tests.support.jpeg_variants import XMP, plain, segment
from tests.support.metadata_blocks import camera_exif
from tests.support.pictures import jpeg_bytes, photograph

MOTION_FILES = [name for name in FILES if "motion" in name or "micro" in name]
INDEXED_FILES = [name for name, file in FILES.items() if b"MPF\0" in file.make()]
CONTAINER_GAIN_MAPS = [name for name in FILES if name.startswith("Ultra HDR") and "ISO" not in name]
ALL, NO_GPS, NONE = MetadataPolicy.ALL, MetadataPolicy.NO_GPS, MetadataPolicy.NONE
# A warning of Pillow about one of the files.
pytestmark = pytest.mark.filterwarnings("ignore:Corrupt EXIF data")


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "a.jpg"


def plan_of(
    path: Path,
    data: bytes,
    save_format: SaveFormat = SaveFormat.JPEG,
    policy: MetadataPolicy = ALL,
    *,
    is_region: bool = False,
    is_turned: bool = False,
) -> AttachmentPlan:
    path.write_bytes(data)
    header = parse_header(data, path)
    metadata = metadata_from_segments([(s.marker, s.payload) for s in header.segments])
    purpose = ResultPurpose(save_format, policy, is_region=is_region, is_turned=is_turned)
    return plan_attachments(path, header, metadata, purpose)


def write_jpeg(plan: AttachmentPlan) -> bytes:
    """Return a JPEG of another size with the metadata and the attachments of a plan."""
    kept = Metadata(xmp=plan.metadata.xmp, others=plan.segments)
    encoded = replace_jpeg_metadata(plain(40, 61), kept)
    return plan.place_mpf_images(encoded.data) + b"".join(iterate_chunks(plan.spans))


def note_text(plan: AttachmentPlan) -> str:
    return " | ".join(map(str, plan.notes))


def parts_of(data: bytes) -> list[bytes]:
    parts = parse_header(data, Path("a.jpg")).attachments.parts
    return [data[part.range.offset : part.range.end] for part in parts]


def check_nothing_left(plan: AttachmentPlan) -> None:
    """Check that neither attachments nor metadata about attachments are left."""
    assert plan.spans == ()
    assert plan.segments == ()
    if plan.metadata.xmp is not None:
        assert describing_names(plan.metadata.xmp) == set()
        assert MARK not in plan.metadata.xmp + b"".join(plan.metadata.xmp_extensions)


@pytest.mark.parametrize("name", FILES)
class TestJpeg:
    def test_recognized_parts_are_kept_unchanged_and_no_other_byte(self, path, name):
        source = FILES[name].make()
        plan = plan_of(path, source)
        data = write_jpeg(plan)
        assert data[image_end(data) :] == b"".join(parts_of(source))
        attachments = parse_header(data, path).attachments
        assert tuple(part.kind.value for part in attachments.parts) == FILES[name].kinds
        assert attachments.unrecognized_bytes == 0
        if FILES[name].unrecognized_bytes:
            assert "Left out from behind the picture: data of unknown kind" in note_text(plan)
        else:
            assert "Left out" not in note_text(plan)

    def test_metadata_of_parts_that_are_not_there_goes(self, path, name):
        plan = plan_of(path, FILES[name].make())
        if not FILES[name].kinds and "extended" not in name:
            check_nothing_left(plan)
        is_gone = name == "metadata of a gain map and a video that are gone"
        assert ("the result has none" in note_text(plan)) == is_gone

    def test_nothing_stays_without_metadata(self, path, name):
        plan = plan_of(path, FILES[name].make(), policy=NONE)
        if "extended" not in name:  # the policy itself leaves out all of XMP
            check_nothing_left(plan)
        assert ("Left out with all metadata" in note_text(plan)) == bool(FILES[name].kinds)

    def test_nothing_stays_of_a_region(self, path, name):
        plan = plan_of(path, FILES[name].make(), is_region=True)
        if "extended" not in name:  # `remove_old_previews` edits the extension for a region
            check_nothing_left(plan)
        assert ("shows what was cut away" in note_text(plan)) == bool(FILES[name].kinds)

    def test_pictures_go_from_a_turned_one_and_videos_stay(self, path, name):
        source = FILES[name].make()
        plan = plan_of(path, source, is_turned=True)
        data = write_jpeg(plan)
        kept = [k for k in FILES[name].kinds if k in ("video", "samsung_trailer")]
        if name == "Samsung's depth map":
            kept = []
        found = parse_header(data, path).attachments.parts
        assert [part.kind.value for part in found] == kept
        assert ("was turned" in note_text(plan)) == (len(kept) < len(FILES[name].kinds))
        if name in MOTION_FILES:
            video = read_motion_video(data)
            assert video is not None
            assert video.startswith(mp4())

    def test_no_video_trailer_or_coordinate_stays_without_gps(self, path, name):
        plan = plan_of(path, FILES[name].make(), policy=NO_GPS)
        data = write_jpeg(plan)
        assert b"GPSLatitude" not in data
        assert mark("video") not in data
        assert b"SEFT" not in data
        kinds = [k for k in FILES[name].kinds if k not in ("video", "samsung_trailer")]
        if name in ("further picture with damaged EXIF", "dynamic depth as PNG"):
            kinds = []
        found = parse_header(data, path).attachments.parts
        assert [part.kind.value for part in found] == kinds
        semantics = [item.get("Semantic") for item in read_items(data)]
        assert semantics == (["Primary", "GainMap"] if name in CONTAINER_GAIN_MAPS else [])
        assert ("may hold a place" in note_text(plan)) == (len(kinds) < len(FILES[name].kinds))


@pytest.mark.parametrize("save_format", [f for f in SaveFormat if f is not SaveFormat.JPEG])
@pytest.mark.parametrize("name", FILES)
def test_other_formats_drop_parts_and_their_metadata_and_say_so(path, name, save_format):
    plan = plan_of(path, FILES[name].make(), save_format)
    check_nothing_left(plan)
    reason = f"because {save_format.value} cannot hold it"
    assert (reason in note_text(plan)) == bool(FILES[name].kinds)


@pytest.mark.parametrize("name", MOTION_FILES)
def test_a_reader_of_motion_photos_finds_the_video(path, name):
    source = FILES[name].make()
    video = read_motion_video(write_jpeg(plan_of(path, source)))
    assert video is not None
    assert video.startswith(mp4())
    stated = read_motion_video(source)
    assert stated is not None
    assert stated.startswith(video)
    assert len(stated) == len(video) or "bytes that its length counts" in name
    assert read_motion_video(write_jpeg(plan_of(path, source, policy=NO_GPS))) is None


@pytest.mark.parametrize("name", INDEXED_FILES)
def test_pillow_finds_the_images_of_the_sources_index_in_its_order(path, name):
    source = FILES[name].make()
    data = write_jpeg(plan_of(path, source))
    placements = parse_header(source, path).attachments.mpf_placements
    segments = [p for _, p in header_segments(data) if p.startswith(b"MPF\0")]
    assert len(segments) == bool(placements)
    if not placements or name.startswith("Ultra HDR"):  # Pillow shows the first image only
        return
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.n_frames == 1 + len(placements)
        assert picture.mpinfo[45058][0]["Size"] == image_end(data)
        for number, placement in enumerate(placements, start=1):
            picture.seek(number)
            part = source[placement.range.offset : placement.range.end]
            with Image.open(io.BytesIO(part)) as alone:
                assert picture.tobytes() == alone.tobytes()


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("Ultra HDR")])
def test_libultrahdr_finds_the_gain_map(path, name):
    source = FILES[name].make()
    for policy in (ALL, NO_GPS):
        data = write_jpeg(plan_of(path, source, policy=policy))
        assert imagecodecs.ultrahdr_decode(data).max() > 1.5  # brighter than white


@pytest.mark.parametrize("name", FILES)
def test_a_reader_finds_all_parts_that_are_kept_of_a_changed_file(path, name):
    """Directories that are changed at random lead to errors neither in the plan nor in its file."""
    rng, original = random.Random(name), FILES[name].make()
    directories = [m.start() for m in re.finditer(rb"MPF\0|SEFH|Length=|Padding|Offset", original)]
    for _ in range(12):
        data = bytearray(original)
        for _ in range(rng.randrange(1, 4)):
            start = rng.choice([2, *directories])
            place = rng.randrange(start, min(start + 110, len(data)))
            is_digit = 0x30 <= data[place] <= 0x39
            data[place] = rng.randrange(0x30, 0x3A) if is_digit else rng.randrange(256)
        try:
            plan = plan_of(path, bytes(data), policy=rng.choice([ALL, NO_GPS]))
        except CoreError:
            continue
        result = write_jpeg(plan)
        attachments = parse_header(result, path).attachments
        found = [result[part.range.offset : part.range.end] for part in attachments.parts]
        assert b"".join(found) == b"".join(iterate_chunks(plan.spans))
        assert attachments.unrecognized_bytes == 0


class TestCoordinates:
    def test_a_further_picture_keeps_its_pixels_and_all_but_its_coordinates(self, path):
        source = FILES["further picture with coordinates"].make()
        data = write_jpeg(plan_of(path, source, policy=NO_GPS))
        with Image.open(io.BytesIO(data)) as ours, Image.open(io.BytesIO(source)) as theirs:
            ours.seek(1)
            theirs.seek(1)
            assert ours.tobytes() == theirs.tobytes()
        (further,) = parts_of(data)
        with Image.open(io.BytesIO(further)) as picture:
            tags = picture.getexif()
            assert tags[0x110] == "Model 7"
            assert 0x8825 not in tags
        assert "Tööl".encode() in further
        assert mark("right eye") in further

    @pytest.mark.parametrize("place", ["between scans", "behind the end marker"])
    def test_a_picture_with_metadata_at_an_unusual_place_goes(self, path, place):
        """Libjpeg reads EXIF between scans, and a reader may search behind the end marker."""
        further = bytearray(jpeg_bytes(photograph(16, 24), progressive=True))
        exif_segment = segment(0xE1, b"Exif\0\0" + camera_exif())
        start = further.rindex(b"\xff\xda") if place == "between scans" else len(further)
        further[start:start] = exif_segment
        source = assemble([bytes(further)], mpf_types=[DISPARITY])
        assert parts_of(write_jpeg(plan_of(path, source))) == [further]
        plan = plan_of(path, source, policy=NO_GPS)
        check_nothing_left(plan)
        assert "may hold a place: further picture" in note_text(plan)

    def test_one_of_two_further_pictures_stays(self, path):
        """Entries of an index and their identifiers follow the picture that stays."""
        bad = located_jpeg("bad", exif_block=b"II*\0\xff\xff\xff\xff")
        source = assemble(
            [bad, marked_jpeg("good")], mpf_types=[DISPARITY, DISPARITY], identifiers=True
        )
        data = write_jpeg(plan_of(path, source, policy=NO_GPS))
        assert parts_of(data) == [marked_jpeg("good")]
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.n_frames == 2
            assert picture.mpinfo[45059] == (b"%033d%033d" % (0, 2),)
            picture.seek(1)
            assert picture.size == (24, 16)


class TestChangedSource:
    DATA = FILES["Ultra HDR with a video"].make()

    def changed_plan(self, path: Path, data: bytes | None) -> AttachmentPlan:
        """Return the plan for a file that now has other content, or is gone if `data` is None."""
        path.write_bytes(self.DATA)
        header = parse_header(self.DATA, path)
        metadata = metadata_from_segments([(s.marker, s.payload) for s in header.segments])
        path.unlink()
        if data is not None:
            path.write_bytes(data)
        purpose = ResultPurpose(SaveFormat.JPEG, ALL, is_region=False, is_turned=False)
        return plan_attachments(path, header, metadata, purpose)

    def test_parts_of_a_file_that_is_gone_are_left_out_and_named(self, path):
        plan = self.changed_plan(path, None)
        check_nothing_left(plan)
        assert "because the file is gone or has changed since it was opened" in note_text(plan)

    def test_only_the_part_that_changed_is_left_out(self, path):
        plan = self.changed_plan(path, self.DATA.replace(mark("video"), mark("voice")))
        data = write_jpeg(plan)
        assert parts_of(data) == parts_of(self.DATA)[:1]
        assert "gone or has changed since it was opened: video (5.1 kB)" in note_text(plan)

    def test_a_change_after_the_plan_is_an_error_before_the_end(self, path):
        plan = plan_of(path, self.DATA)
        path.write_bytes(self.DATA.replace(mark("video"), mark("voice")))
        with pytest.raises(UnreadableFile) as error:
            list(iterate_chunks(plan.spans))
        assert error.value.path == path


def test_extended_xmp_stays_where_a_jpeg_shows_the_whole_upright_picture(path):
    source = FILES["depth map in extended XMP"].make()
    plan = plan_of(path, source)
    assert plan.notes == ()
    assert plan.metadata.xmp == read_xmp(source)
    assert mark("original") in b"".join(plan.metadata.xmp_extensions)
    for plan in (plan_of(path, source, policy=NO_GPS), plan_of(path, source, is_turned=True)):
        assert MARK not in b"".join(plan.metadata.xmp_extensions)
        assert note_text(plan) == (
            "Left out from the XMP packet: depth map (16 bytes), further picture (18 bytes)"
        )
        assert plan.metadata.xmp is not None
        (name,) = describing_names(plan.metadata.xmp)  # the extension has no other property
        assert name.endswith("HasExtendedXMP")


def test_other_properties_of_extended_xmp_stay(path):
    source = FILES["depth map in extended XMP"].make()
    other = b"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' dc:source='attic'/>"
    edited = _with_extension_content(
        source, lambda content: content.replace(b"</rdf", other + b"</rdf")
    )
    plan = plan_of(path, edited, policy=NO_GPS)
    (part,) = plan.metadata.xmp_extensions
    assert b"attic" in part
    assert MARK not in part
    assert plan.metadata.xmp is not None
    assert part[:32] in plan.metadata.xmp


def test_an_extension_that_is_too_large_to_edit_is_left_out(path):
    source = FILES["depth map in extended XMP"].make()
    large = _with_extension_content(
        source, lambda content: content.replace(b'GDepth:Data="', b'GDepth:Data="' + b"A" * 300_000)
    )
    assert parse_header(large, path).is_complete
    plan = plan_of(path, large, policy=NO_GPS)
    check_nothing_left(plan)
    assert plan.metadata.xmp_extensions == ()
    assert "depth map (225.0 kB)" in note_text(plan)


def test_a_source_of_another_format_loses_metadata_about_what_it_does_not_hold(path):
    """Results of earlier versions are PNGs whose XMP still describes a gain map and a video."""
    packet = read_xmp(FILES["Ultra HDR with a video"].make())
    purpose = ResultPurpose(SaveFormat.PNG, ALL, is_region=False, is_turned=False)
    plan = plan_attachments(path, None, Metadata(xmp=packet), purpose)
    check_nothing_left(plan)
    assert "because the result has none" in note_text(plan)


def test_metadata_without_attachments_stays_byte_for_byte(path):
    for encoding in ("utf-8", "utf-16"):
        packet = XMP.decode().encode(encoding)
        purpose = ResultPurpose(SaveFormat.PNG, ALL, is_region=False, is_turned=False)
        plan = plan_attachments(path, None, Metadata(xmp=packet), purpose)
        assert plan.metadata.xmp == packet
        assert plan.notes == ()


def _with_extension_content(data: bytes, edit: Callable[[bytes], bytes]) -> bytes:
    """Return a JPEG whose extended XMP has other content, in parts of up to 60,000 bytes."""
    prefix = b"http://ns.adobe.com/xmp/extension/\0"
    payload = next(p for _, p in header_segments(data) if p.startswith(prefix))
    content = edit(payload[len(prefix) + 40 :])
    old_guid = payload[len(prefix) : len(prefix) + 32]
    guid = hashlib.md5(content, usedforsecurity=False).hexdigest().upper().encode()
    parts = [
        segment(
            0xE1,
            prefix + guid + struct.pack(">II", len(content), at) + content[at : at + 60_000],
        )
        for at in range(0, len(content), 60_000)
    ]
    return data.replace(segment(0xE1, payload), b"".join(parts)).replace(old_guid, guid)


def test_a_packet_that_cannot_be_parsed_stays_and_the_note_says_so(path):
    source = FILES["Ultra HDR by XMP"].make()
    end = b"</x:xmpmeta>"
    plan = plan_of(path, source.replace(end, b"</x:xmpmetb>"), SaveFormat.PNG)
    assert "may still describe data behind the picture" in note_text(plan)
