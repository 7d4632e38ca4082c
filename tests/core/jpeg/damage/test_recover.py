"""Every MCU that counts as intact in a damaged file has the original's levels."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ddrm_core.errors import DamagedJpeg
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.stream_layout import parse_stream_layout
from tests.support.pictures import KINDS, jpeg_bytes, photograph, pixels_of, write_jpeg

HEIGHT, WIDTH = 85, 117


def in_mcus(image: JpegImage, blocks: list[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Return for each MCU whether the masks are true for all of its blocks.

    Plain loops make the function an oracle. `blocks` has one mask per component.
    """
    down = max(c.vertical_factor for c in image.components)
    across = max(c.horizontal_factor for c in image.components)
    result = np.ones((-(-image.height // (8 * down)), -(-image.width // (8 * across))), bool)
    for component, mask in zip(image.components, blocks, strict=True):
        for row in range(mask.shape[0]):
            for column in range(mask.shape[1]):
                place = row // component.vertical_factor, column // component.horizontal_factor
                result[place] &= mask[row, column]
    return result


def equal_mcus(found: JpegImage, original: JpegImage) -> NDArray[np.bool_]:
    pairs = zip(found.levels, original.levels, strict=True)
    return in_mcus(found, [(a == b).all((2, 3)) for a, b in pairs])


def tolerated(path: Path, data: bytes) -> JpegImage:
    """Write damaged data to a file and return the image that is read with `tolerate_damage`.

    Assert that the file is refused by default, with the same description of the damage.
    """
    path.write_bytes(data)
    with pytest.raises(DamagedJpeg) as error:
        read_jpeg(path)
    image = read_jpeg(path, tolerate_damage=True)
    assert image.damage is not None
    assert error.value.damage == image.damage.description
    if image.damage.intact_mcus.mean() >= 0.01:
        assert f"{int(100 * image.damage.intact_mcus.mean())} % could be read" in str(
            image.damage.description
        )
    return image


def scans_of(data: bytes) -> list[int]:
    """Return the offsets of all scan headers in a JPEG."""
    places = [data.index(b"\xff\xda")]
    while (place := data.find(b"\xff\xda", places[-1] + 2)) > 0:
        places.append(place)
    return places


@pytest.fixture(params=[*KINDS, "restart", "optimised"])
def original(request, tmp_path) -> JpegImage:
    path = tmp_path / "original.jpg"
    if request.param in KINDS:
        write_jpeg(path, pixels_of(request.param, HEIGHT, WIDTH), sampling=request.param)
    else:
        options = {"restart_marker_blocks": 3} if request.param == "restart" else {"optimize": True}
        path.write_bytes(jpeg_bytes(photograph(HEIGHT, WIDTH), **options))
    return read_jpeg(path)


class TestCutOff:
    def test_what_counts_as_read_has_the_originals_levels(self, tmp_path, original):
        data = original.path.read_bytes()
        (scan,) = scans_of(data)
        shares = []
        for length in np.linspace(scan + 300, len(data) - 20, 12).astype(int).tolist():
            image = tolerated(tmp_path / "cut.jpg", data[:length])
            whole, equal = image.damage.intact_mcus, equal_mcus(image, original)
            assert whole.shape == equal.shape
            assert not (whole & ~equal).any()
            # Only the last one or two intact MCUs, which the cut touches, may be missing.
            first = equal.size if equal.all() else int(np.flatnonzero(~equal.ravel())[0])
            assert first - 3 <= whole.sum() <= first
            assert whole.ravel()[: whole.sum()].all()
            shares.append(image.damage.intact_mcus.mean())
        assert shares == sorted(shares)
        assert shares[0] < 0.4
        assert shares[-1] > 0.9

    def test_an_end_marker_behind_the_cut_changes_nothing(self, tmp_path, original):
        """An end marker after cut data, as repair tools write it, changes no intact MCU."""
        data = original.path.read_bytes()
        (scan,) = scans_of(data)
        cut = data[: (scan + len(data)) // 2].rstrip(b"\xff")
        plain = tolerated(tmp_path / "cut.jpg", cut)
        ended = tolerated(tmp_path / "ended.jpg", cut + b"\xff\xd9")
        assert np.array_equal(plain.damage.intact_mcus, ended.damage.intact_mcus)

    def test_before_the_first_mcu_nothing_could_be_read(self, tmp_path, original):
        data = original.path.read_bytes()
        path = tmp_path / "cut.jpg"
        path.write_bytes(data[: scans_of(data)[0] + 20])
        for tolerate in (False, True):
            with pytest.raises(DamagedJpeg):
                read_jpeg(path, tolerate_damage=tolerate)


@pytest.mark.parametrize("sampling", ["grey", "4:4:4", "4:2:0", "CMYK"])
def test_cut_off_progressive_files(tmp_path, sampling):
    pixels = pixels_of(sampling, HEIGHT, WIDTH)
    original = read_jpeg(
        write_jpeg(tmp_path / "a.jpg", pixels, sampling=sampling, progressive=True)
    )
    data = original.path.read_bytes()
    scans = scans_of(data)
    lengths = [*(s + 20 for s in scans[1:]), *range(scans[-1] + 100, len(data) - 20, 150)]
    lengths.append(len(data) - 20)
    shares = []
    for length in lengths:
        image = tolerated(tmp_path / "cut.jpg", data[:length])
        assert not (image.damage.intact_mcus & ~equal_mcus(image, original)).any()
        shares.append(image.damage.intact_mcus.mean())
        if length < scans[-1]:
            assert image.damage.intact_mcus.mean() == 0
            scans_read = sum(scan.data_end <= length for scan in parse_stream_layout(data).scans)
            assert f"; {scans_read} scan" in str(image.damage.description)
            assert str(image.damage.description).endswith("could be read, coarse only")
    assert shares[-1] > 0.6


@pytest.mark.parametrize("behind", [b"", b"\xff\xd9"])
@pytest.mark.parametrize("grey", [False, True])
def test_every_scan_of_a_progressive_file_counts_that_came_whole(tmp_path, grey, behind):
    """Every complete scan of a cut progressive file is counted in the description of the damage.

    The file is cut at the end of a scan, or between two scans.
    """
    data = jpeg_bytes(photograph(HEIGHT, WIDTH, grey=grey), progressive=True)
    layout = parse_stream_layout(data)
    means = [
        n
        for n, scan in enumerate(layout.scans)
        if scan.first_band == 0 and scan.approximation_low == 0
    ]
    for number, (scan, following) in enumerate(pairwise(layout.scans), 1):
        words = f"; {number} {'scan' if number == 1 else 'scans'} could be read, coarse only"
        lengths = [
            scan.data_end,
            scan.data_end + 1,
            (scan.data_end + following.data_start) // 2,
            following.data_start,
        ]
        if behind:  # with an end marker, T.81 allows an encoder to stop after the final means
            lengths = lengths[:1] if number <= means[0] else []
        for length in lengths:
            image = tolerated(tmp_path / "a.jpg", data[:length] + behind)
            assert str(image.damage.description).endswith(words)
            assert str(image.damage.description).startswith("it ends in the middle")
            assert image.damage.intact_mcus.mean() == 0
        before = f"; {number - 1} scan" if number > 1 else "; nothing"
        if scan.data_end - scan.data_start > 40:
            path = tmp_path / "b.jpg"
            path.write_bytes(data[: scan.data_end - 20] + behind)
            with pytest.raises(DamagedJpeg, match=before):
                read_jpeg(path)


class TestCorrupt:
    def test_what_comes_before_is_read(self, tmp_path, original):
        """All MCUs before invalid Huffman codes in the middle of the data count as intact."""
        data = original.path.read_bytes()
        (scan,) = scans_of(data)
        noticed = 0
        for part in (0.3, 0.4, 0.5, 0.6, 0.8):
            place = int(scan + part * (len(data) - scan))
            path = tmp_path / "corrupt.jpg"
            path.write_bytes(data[:place] + b"\xff\0" * 20 + data[place + 40 :])
            image = read_jpeg(path, tolerate_damage=True)
            if image.damage is None:  # some wrong data consists of valid codes
                continue
            noticed += 1
            until = tolerated(tmp_path / "cut.jpg", data[:place])
            assert str(image.damage.description).startswith("its data is corrupt; at most")
            assert not (until.damage.intact_mcus & ~image.damage.intact_mcus).any()
        assert noticed >= 2

    def test_what_is_whiter_than_white_does_not_count_as_read(self, tmp_path):
        """Blocks far brighter than white do not count as intact, although all codes are valid.

        The data has 40 extra blocks, each brighter than the last.
        """
        data = jpeg_bytes(photograph(HEIGHT, WIDTH, grey=True), quality=50)
        (scan,) = scans_of(data)
        place = scan + 700
        brighter = "1011" + "1111" + "1010"  # DC difference of 15, end of block
        run = int(brighter * 40, 2).to_bytes(60)
        path = tmp_path / "a.jpg"
        path.write_bytes(data[:place] + run + data[place:])
        image = read_jpeg(path, tolerate_damage=True)
        assert image.damage is not None
        means = image.levels[0][:, :, 0, 0].astype(int) * int(image.quantization_tables[0][0])
        assert means.max() > 1100
        assert means[image.damage.intact_mcus].max() < 1100

    def test_a_marker_in_the_middle(self, tmp_path, original):
        """MCUs before an invalid Huffman table in the middle of the data count as intact."""
        data = original.path.read_bytes()
        place = (scans_of(data)[0] + len(data)) // 2
        corrupt = data[:place].rstrip(b"\xff") + b"\xff\xc4\0\5\0\7\7" + data[place:]
        image = tolerated(tmp_path / "corrupt.jpg", corrupt)
        assert image.damage.intact_mcus.mean() > 0.2
        assert not (image.damage.intact_mcus & ~equal_mcus(image, original)).any()


class TestHarmless:
    def test_a_missing_end_marker(self, tmp_path, original):
        data = original.path.read_bytes()
        for missing in (1, 2):
            path = tmp_path / "a.jpg"
            path.write_bytes(data[:-missing])
            image = read_jpeg(path)
            assert image.damage is None
            assert all(map(np.array_equal, image.levels, original.levels))

    def test_padding_behind_the_last_block(self, tmp_path, original):
        data = original.path.read_bytes()
        path = tmp_path / "a.jpg"
        path.write_bytes(data[:-2] + bytes(100) + data[-2:])
        image = read_jpeg(path)
        assert image.damage is None
        assert all(map(np.array_equal, image.levels, original.levels))

    def test_other_data_behind_the_picture(self, tmp_path, original):
        path = tmp_path / "a.jpg"
        path.write_bytes(original.path.read_bytes() * 2 + b"\xff\xd8 and more")
        assert read_jpeg(path).damage is None


def test_a_file_that_claims_far_more_than_it_holds_is_not_decoded(tmp_path):
    data = bytearray(jpeg_bytes(photograph(31, 37)))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = (13_000).to_bytes(2, "big") * 2
    path = tmp_path / "bomb.jpg"
    path.write_bytes(data)
    for tolerate in (False, True):
        with pytest.raises(DamagedJpeg, match="next to nothing"):
            read_jpeg(path, tolerate_damage=tolerate)
