"""Attachments that are found in files of every kind, and bounds for hostile files."""

from __future__ import annotations

import io
import random
import struct
from pathlib import Path

import pytest
from PIL import Image

from ddrm_core.attachments.find import find_attachments
from ddrm_core.attachments.model import MAX_ATTACHMENTS, Attachments
from ddrm_core.jpeg.header import parse_header
from tests.support.attached_files import FILES
from tests.support.attachment_parts import (
    DISPARITY,
    MOTION,
    UNDEFINED,
    assemble,
    box,
    container_xmp,
    marked_jpeg,
    mp4,
    samsung_trailer,
)
from tests.support.attachment_readers import image_end
from tests.support.jpeg_variants import plain


def found_in(data: bytes) -> Attachments:
    return parse_header(data, Path("a.jpg")).attachments


def check_laws(data: bytes, attachments: Attachments, trailing_start: int) -> None:
    """Check that attachments are behind the image, ordered and without overlaps."""
    position, total = trailing_start, 0
    for part in attachments.parts:
        assert position <= part.range.offset < part.range.end <= len(data)
        position, total = part.range.end, total + part.range.length
    assert total + attachments.unrecognized_bytes == len(data) - trailing_start
    assert len(attachments.parts) <= MAX_ATTACHMENTS
    for placement in (*attachments.mpf_placements, *attachments.item_placements):
        assert any(part.range.contains(placement.range) for part in attachments.parts)


def test_there_are_at_least_thirty_files():
    assert len(FILES) >= 30


@pytest.mark.parametrize("name", FILES)
def test_each_file_has_what_was_put_there(name):
    data, expected = FILES[name].make(), FILES[name]
    attachments = found_in(data)
    assert tuple(part.kind.value for part in attachments.parts) == expected.kinds
    assert attachments.unrecognized_bytes == expected.unrecognized_bytes
    assert attachments.file_size == len(data)
    check_laws(data, attachments, image_end(data))


def test_pillow_finds_the_same_images_in_an_index():
    data = FILES["an index in another order than the file"].make()
    placements = found_in(data).mpf_placements
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.n_frames == 1 + len(placements)
        for number, placement in enumerate(placements, start=1):
            picture.seek(number)
            with Image.open(
                io.BytesIO(data[placement.range.offset : placement.range.end])
            ) as alone:
                assert picture.tobytes() == alone.tobytes()


@pytest.mark.parametrize("name", FILES)
def test_changed_files_are_read_without_errors(name):
    rng, original = random.Random(name), FILES[name].make()
    start = image_end(original)
    for _ in range(30):
        data = bytearray(original)
        for _ in range(rng.randrange(1, 6)):
            data[rng.randrange(2, len(data))] = rng.choice([0, 1, 127, 255, rng.randrange(256)])
        if rng.random() < 0.3:
            del data[rng.randrange(start, len(data) + 1) :]
        place = min(start, len(data))
        check_laws(bytes(data), find_attachments(bytes(data), place), place)


class TestBounds:
    def test_more_parts_than_allowed_are_not_recognized(self):
        pictures = [marked_jpeg(f"picture {n}", height=8, width=8) for n in range(70)]
        items = [("Other", "image/jpeg", len(p)) for p in pictures]
        attachments = found_in(assemble(pictures, xmp=container_xmp(items)))
        assert len(attachments.parts) == MAX_ATTACHMENTS == 64
        assert attachments.unrecognized_bytes == sum(map(len, pictures[64:]))

    def test_an_index_of_more_images_than_allowed_is_not_read(self):
        picture = marked_jpeg("picture")
        many = assemble([picture], mpf_types=[UNDEFINED] * 65, mpf_parts=[0] * 65)
        assert found_in(many).parts == ()

    def test_an_index_that_lists_one_image_many_times_finds_it_once(self):
        picture = marked_jpeg("picture")
        attachments = found_in(assemble([picture], mpf_types=[UNDEFINED] * 64, mpf_parts=[0] * 64))
        assert [part.range.length for part in attachments.parts] == [len(picture)]
        assert [placement.number for placement in attachments.mpf_placements] == [1]

    @pytest.mark.parametrize("offset", [0, 4, 0xFFFFFFFF, 0xFFFFFF00])
    def test_an_index_that_points_outside_of_the_data_behind_the_image_finds_nothing(self, offset):
        """The offsets are those of the index itself, and of places that overflow 32 bits."""
        picture = marked_jpeg("picture")
        data = bytearray(assemble([picture], mpf_types=[UNDEFINED]))
        assert len(found_in(bytes(data)).parts) == 1
        row = data.index(b"MPF\0") + 4 + 8 + 2 + 36 + 4 + 16
        struct.pack_into(">I", data, row + 8, offset)
        attachments = found_in(bytes(data))
        assert attachments.parts == ()
        assert attachments.unrecognized_bytes == len(picture)

    def test_parts_beyond_the_total_size_are_not_recognized(self, monkeypatch):
        first, second = marked_jpeg("first"), marked_jpeg("second one")
        monkeypatch.setattr("ddrm_core.attachments.find.MAX_ATTACHMENT_BYTES", len(first) + 10)
        attachments = found_in(assemble([first, second], mpf_types=[DISPARITY, DISPARITY]))
        assert [part.range.length for part in attachments.parts] == [len(first)]
        assert attachments.unrecognized_bytes == len(second)

    def test_partly_overlapping_parts_are_refused(self):
        """A complete image begins inside of a video and ends behind it."""
        picture = marked_jpeg("picture")
        video = mp4() + box(b"free", picture[:200])
        start = len(video) - 200
        parts = [video[:start], picture]
        xmp = container_xmp([("MotionPhoto", "video/mp4", len(video))], properties=MOTION)
        attachments = found_in(assemble(parts, xmp=xmp, mpf_types=[UNDEFINED], mpf_parts=[1]))
        assert [part.kind.value for part in attachments.parts] == ["video"]
        assert attachments.mpf_placements == ()
        assert attachments.unrecognized_bytes == len(picture) - 200

    def test_an_index_that_counts_padding_means_the_item_of_the_container(self):
        picture = marked_jpeg("gain map")
        xmp = container_xmp([("GainMap", "image/jpeg", len(picture))])
        data = bytearray(assemble([picture, bytes(7)], xmp=xmp, mpf_types=[UNDEFINED]))
        row = data.index(b"MPF\0") + 4 + 8 + 2 + 36 + 4 + 16 + 4
        struct.pack_into(">I", data, row, len(picture) + 7)
        attachments = found_in(bytes(data))
        assert [p.range for p in attachments.mpf_placements] == [attachments.parts[0].range]

    @pytest.mark.parametrize("count", [0, 65, 0xFFFFFFFF])
    def test_samsungs_directory_with_an_impossible_count_is_not_read(self, count):
        data = bytearray(assemble([samsung_trailer({"Image_UTC_Data": b"1"})]))
        struct.pack_into("<I", data, data.index(b"SEFH") + 8, count)
        assert found_in(bytes(data)).parts == ()

    @pytest.mark.parametrize(
        ("form", "place", "value"),
        [("<I", 16, 0xFFFFFFFF), ("<I", 16, 1), ("<I", 20, 0), ("<I", 20, 0xFFFFFFFF)],
    )
    def test_samsungs_entries_outside_of_the_trailer_are_not_read(self, form, place, value):
        """The distance (16) or the size (20) in the directory does not fit the entry."""
        data = bytearray(assemble([samsung_trailer({"Image_UTC_Data": b"1"})]))
        assert len(found_in(bytes(data)).parts) == 1
        struct.pack_into(form, data, data.index(b"SEFH") + place, value)
        assert found_in(bytes(data)).parts == ()

    @pytest.mark.parametrize("length", ["-1", "9" * 18, "9" * 5000, "\u0663", "1e3", ""])
    def test_items_of_impossible_lengths_are_not_recognized(self, length):
        picture = marked_jpeg("gain map")
        stated = str(len(picture))
        xmp = container_xmp([("GainMap", "image/jpeg", len(picture))])
        assert len(found_in(assemble([picture], xmp=xmp)).parts) == 1
        changed = xmp.replace(f'Length="{stated}"'.encode(), f'Length="{length}"'.encode())
        assert changed != xmp
        assert found_in(assemble([picture], xmp=changed)).parts == ()

    def test_directories_inside_of_items_are_not_counted_twice(self):
        """Each level of nested directories could ask for the same bytes again."""
        picture = marked_jpeg("gain map")
        xmp = container_xmp([("GainMap", "image/jpeg", len(picture))])
        start = xmp.index(b"<Container:Directory")
        end = xmp.index(b"</Container:Directory>") + len(b"</Container:Directory>")
        directory = xmp[start:end]
        nested = directory
        for _ in range(20):
            nested = directory.replace(b"</rdf:Seq>", nested + b"</rdf:Seq>")
        attachments = found_in(assemble([picture], xmp=xmp[:start] + nested + xmp[end:]))
        assert sum(part.range.length for part in attachments.parts) <= len(picture)

    def test_nothing_is_taken_from_a_file_without_an_end_marker(self):
        picture = marked_jpeg("right eye")
        image = plain()[:-2]
        data = assemble([picture], image=image, mpf_types=[DISPARITY])
        assert found_in(data).parts == ()

    def test_a_picture_of_very_many_segments_is_given_up(self):
        """Time stays short: every item of a container could be such a picture."""
        image = marked_jpeg("picture")
        many = image[:2] + b"\xff\xe5\0\2" * 120_000 + image[2:]
        xmp = container_xmp([("GainMap", "image/jpeg", len(many))])
        assert found_in(assemble([many], xmp=xmp)).parts == ()
        few = image[:2] + b"\xff\xe5\0\2" * 1_200 + image[2:]
        xmp = container_xmp([("GainMap", "image/jpeg", len(few))])
        assert len(found_in(assemble([few], xmp=xmp)).parts) == 1
