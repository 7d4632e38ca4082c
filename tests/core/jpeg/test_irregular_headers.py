"""Headers that state the height late, equal identifiers, or several tables of the same number."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ddrm_core.errors import DamagedJpeg
from ddrm_core.jpeg.header import parse_header
from ddrm_core.jpeg.libjpeg.client import read_levels, write_levels
from ddrm_core.jpeg.marker_segments import fill_in_height
from ddrm_core.jpeg.read import read_jpeg
from tests.support.irregular_jpegs import (
    scan_per_component,
    with_late_height,
)
from tests.support.jpeg_variants import (
    FILES,
    plain,
    segment,
    with_identifiers,
)

PATH = Path("picture.jpg")


def decoded(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


class TestLateHeight:
    @pytest.mark.parametrize("kind", ["4:2:0 baseline", "4:2:0 progressive", "grey baseline"])
    def test_the_height_is_found_after_the_first_scan(self, tmp_path, kind):
        path, usual = tmp_path / "a.jpg", FILES[kind]()
        late = with_late_height(usual)
        with pytest.raises(OSError, match="cannot identify"):
            decoded(late)
        path.write_bytes(late)
        image, levels = read_jpeg(path), read_levels(usual).levels
        assert image.size == (37, 31)
        assert image.damage is None
        assert image.header.height == 31
        assert all(map(np.array_equal, image.levels, levels))
        assert np.array_equal(decoded(write_levels(late, levels)), decoded(usual))

    def test_no_height_is_damage(self, tmp_path):
        late = with_late_height(plain())
        place = late.index(b"\xff\xdc")
        nowhere, zero = late[:place] + late[place + 6 :], late[: place + 4] + b"\0\0\xff\xd9"
        path = tmp_path / "a.jpg"
        for data in (nowhere, zero, late[: place - 5], late[: place + 3]):
            path.write_bytes(data)
            for tolerate in (False, True):
                with pytest.raises(DamagedJpeg, match="does not say how high the picture is"):
                    read_jpeg(path, tolerate_damage=tolerate)

    def test_a_height_in_the_frame_header_counts(self):
        """A DNL segment is ignored by libjpeg, and here if the frame header has a height."""
        data = plain()
        twice = data[:-2] + segment(0xDC, b"\0\7") + data[-2:]
        assert fill_in_height(twice) is twice
        assert parse_header(twice, PATH).height == decoded(twice).shape[0] == 31


class TestEqualIdentifiers:
    def test_a_scan_of_all_components_has_the_frames_order(self, tmp_path):
        path, usual = tmp_path / "a.jpg", plain()
        for names in (b"\1\1\1", b"\1\2\2", b"\7\7\1"):
            odd = with_identifiers(usual, names)
            assert np.array_equal(decoded(odd), decoded(usual))
            path.write_bytes(odd)
            image = read_jpeg(path)
            assert all(map(np.array_equal, image.levels, read_levels(usual).levels))
            assert bytes(c.identifier for c in image.components) == names
            assert np.array_equal(decoded(write_levels(odd, image.levels)), decoded(usual))

    @pytest.mark.parametrize("data", [FILES["4:2:0 progressive"](), scan_per_component(50, 50, 50)])
    def test_a_scan_of_fewer_components_is_ambiguous(self, tmp_path, data):
        frame = max(data.find(b"\xff\xc0\0\x11"), data.find(b"\xff\xc2\0\x11"))
        odd = data[: frame + 13] + b"\1" + data[frame + 14 :]
        path = tmp_path / "a.jpg"
        path.write_bytes(odd)
        for tolerate in (False, True):
            with pytest.raises(DamagedJpeg, match="two of its color components have the same n"):
                read_jpeg(path, tolerate_damage=tolerate)


class TestTableNumbersUsedAgain:
    @pytest.mark.parametrize("subsampled", [False, True])
    @pytest.mark.parametrize("number", [0, 1])
    def test_each_component_has_the_table_of_its_scan(self, tmp_path, subsampled, number):
        """The tables are those of three gray files, from which the scans were taken."""
        data = scan_per_component(20, 60, 90, subsampled=subsampled, number=number)
        path = tmp_path / "a.jpg"
        path.write_bytes(data)
        image = read_jpeg(path)
        assert image.damage is None
        alone = [read_levels(scan_per_component(quality)) for quality in (20, 60, 90)]
        expected = [file.quantization_tables[0] for file in alone]
        assert len({table.tobytes() for table in expected}) == 3
        assert all(map(np.array_equal, image.quantization_tables, expected))
        assert all(map(np.array_equal, image.header.component_tables, expected))
        assert np.array_equal(image.levels[0], alone[0].levels[0])
        assert np.array_equal(decoded(write_levels(data, image.levels)), decoded(data))

    def test_a_table_after_the_last_scan_changes_nothing(self, tmp_path):
        data, path = plain(), tmp_path / "a.jpg"
        place = data.index(b"\xff\xdb")
        table = data[place : place + 2 + int.from_bytes(data[place + 2 : place + 4])]
        other = table[:10] + bytes([table[10] + 1]) + table[11:]
        path.write_bytes(data[:-2] + other + data[-2:])
        image = read_jpeg(path)
        assert all(
            map(np.array_equal, image.quantization_tables, read_levels(data).quantization_tables)
        )
