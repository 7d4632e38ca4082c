"""Any bytes give an image or one of the errors that name the fault, and nothing else."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import tifffile
from PIL import Image

from ddrm_core.errors import TooManyPixels
from ddrm_core.formats.load import load_image
from ddrm_core.formats.unsupported_format import UnsupportedImage
from ddrm_core.metadata.exif import extract_appearance_exif
from ddrm_core.metadata.model import Metadata
from tests.support.metadata_samples import EXIFS, FULL, noise, save
from tests.support.pictures import photograph

TRIALS = 150
SMALL = photograph(9, 13)


def by_pillow(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def by_tifffile(pixels: np.ndarray, **options: object) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, pixels, **options)
    return buffer.getvalue()


FOREIGN = {
    "bmp": by_pillow(Image.fromarray(SMALL), "BMP"),
    "bmp palette": by_pillow(Image.fromarray(SMALL).convert("P"), "BMP"),
    "lossy webp": by_pillow(Image.fromarray(SMALL), "WEBP"),
    "progressive": by_pillow(Image.fromarray(SMALL), "JPEG", progressive=True),
    "tiff palette": by_pillow(Image.fromarray(SMALL).convert("P"), "TIFF"),
    "jpeg in tiff": by_tifffile(
        photograph(20, 33), photometric="rgb", tile=(16, 16), compression="jpeg"
    ),
    "planes": by_tifffile(
        np.ascontiguousarray(SMALL.transpose(2, 0, 1)), planarconfig="separate", photometric="rgb"
    ),
    "packbits": by_tifffile(SMALL[:, :, 0], compression="packbits"),
}
OWN = {
    f"{suffix} {bits} {channels}": (suffix, bits, channels)
    for suffix, bits, channels in (
        *((".png", 8, 3), (".png", 16, 1), (".tif", 8, 3), (".tif", 16, 4), (".tif", 32, 1)),
        *((".webp", 8, 3), (".jpg", 8, 3), (".jpg", 8, 4)),
    )
}


def mutations(whole: bytes, seed: int) -> Iterator[bytes]:
    """Yield damaged copies of a file's bytes, each with one to four random changes.

    A change is another byte, a flipped bit, a large number, removed bytes or an early end.
    """
    rng = np.random.default_rng(seed)
    for _ in range(TRIALS):
        data = bytearray(whole)
        for _ in range(rng.integers(1, 5)):
            # Headers are at one of the ends; the pixels in between matter less.
            near = int(rng.integers(0, min(len(data), 400)))
            place = (near, len(data) - 1 - near, int(rng.integers(0, len(data))))[rng.integers(3)]
            match rng.integers(0, 5):
                case 0:
                    data[place] = rng.integers(0, 256)
                case 1:
                    data[place] ^= 1 << int(rng.integers(0, 8))
                case 2:
                    data[place : place + 4] = (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4))[
                        rng.integers(3)
                    ]
                case 3:
                    del data[place + 1 : place + int(rng.integers(2, 20))]
                case _:
                    del data[max(13, place) :]
        yield bytes(data)


def with_right_checksums(png: bytes) -> bytes:
    """Return a PNG with correct checksums in all chunks that can be parsed."""
    data, place = bytearray(png), 8
    while place + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        end = place + 8 + length
        if end + 4 > len(data):
            break
        struct.pack_into(">I", data, end, zlib.crc32(data[place + 4 : end]))
        place = end + 4
    return bytes(data)


class TestMutations:
    @pytest.fixture
    def quiet(self, capfd, caplog):
        """Check after a test that neither a C library nor a logger has printed anything."""
        yield
        out = capfd.readouterr()
        assert (out.out, out.err) == ("", "")
        assert caplog.get_records("call") == []

    def load_all(self, path, whole: bytes, seed: int) -> None:
        for number, data in enumerate(mutations(whole, seed)):
            content = with_right_checksums(data) if number % 2 and whole[1:4] == b"PNG" else data
            path.write_bytes(content)
            try:
                loaded = load_image(path)
            except (UnsupportedImage, TooManyPixels):
                continue
            assert loaded.pixels.isfinite().all()

    @pytest.mark.parametrize("name", OWN)
    @pytest.mark.usefixtures("quiet")
    def test_own_files(self, tmp_path, name):
        suffix, bits, channels = OWN[name]
        path = tmp_path / f"a{suffix}"
        save(path, noise(channels, 9, 13), bits=bits, metadata=FULL)
        self.load_all(path, path.read_bytes(), seed=1)

    @pytest.mark.parametrize("name", FOREIGN)
    @pytest.mark.usefixtures("quiet")
    def test_foreign_files(self, tmp_path, name):
        self.load_all(tmp_path / "a", FOREIGN[name], seed=2)

    @pytest.mark.parametrize("suffix", [".png", ".tif", ".webp", ".jpg"])
    @pytest.mark.usefixtures("quiet")
    def test_damaged_blocks_are_nobody_s_business(self, tmp_path, suffix):
        path = tmp_path / f"a{suffix}"
        save(path, noise(3), metadata=Metadata(icc_profile=b"icc" * 99, exif=b"MM\0*", xmp=b"<"))
        kept = b"icc" * 99 if suffix == ".jpg" else None  # only a JPEG keeps an unusable profile
        assert load_image(path).metadata.icc_profile == kept

    @pytest.mark.parametrize("exif", EXIFS)
    def test_exif_blocks_into_a_tiff(self, tmp_path, exif):
        """A TIFF with any damaged EXIF block is valid, and the part that was stored is read back.

        The entire block is stored, or with a warning only the entries that affect the appearance.
        """
        path = tmp_path / "a.tif"
        for block in mutations(EXIFS[exif], seed=3):
            encoded = save(path, noise(1, 3, 5), metadata=Metadata(exif=block))
            with tifffile.TiffFile(path) as file:
                assert len(file.pages) == 1
            found = load_image(path).metadata.exif
            assert found == (extract_appearance_exif(block) if encoded.warnings else block)


class TestClaims:
    """Small files whose headers state a large image are refused or loaded without harm."""

    def test_of_png(self, tmp_path):
        path = tmp_path / "a.png"
        save(path, noise(1))
        data = path.read_bytes()
        path.write_bytes(with_right_checksums(data[:16] + b"\0\0\xff\xff" * 2 + data[24:]))
        with pytest.raises(TooManyPixels):
            load_image(path)

    def test_of_webp(self, tmp_path):
        path = tmp_path / "a.webp"
        save(path, noise(1), metadata=Metadata(xmp=b"x"))
        data = bytearray(path.read_bytes())
        data[24:30] = b"\xff\xff\x00" * 2
        path.write_bytes(data)
        with pytest.raises(TooManyPixels):
            load_image(path)

    @pytest.mark.parametrize("tags", [("ImageWidth", "ImageLength")])
    def test_of_tiff(self, tmp_path, tags):
        path = tmp_path / "a.tif"
        save(path, noise(1))
        with tifffile.TiffFile(path, mode="r+b") as file:
            for tag in tags:
                file.pages.first.tags[tag].overwrite(65_000)
        with pytest.raises(TooManyPixels):
            load_image(path)

    def test_of_a_jpeg_inside_a_tiff(self, tmp_path):
        """A TIFF is refused if the JPEG inside it states another, large size."""
        path = tmp_path / "a.tif"
        data = bytearray(FOREIGN["jpeg in tiff"])
        frame = data.index(b"\xff\xc0")
        data[frame + 5 : frame + 9] = b"\xff\x00\xff\x00"
        path.write_bytes(data)
        with pytest.raises(UnsupportedImage):
            load_image(path)

    def test_of_tiles(self, tmp_path):
        path = tmp_path / "a.tif"
        path.write_bytes(by_tifffile(SMALL[:, :, 0], tile=(16, 16)))
        with tifffile.TiffFile(path, mode="r+b") as file:
            for tag in ("TileWidth", "TileLength"):
                file.pages.first.tags[tag].overwrite(60_000)
        with pytest.raises(UnsupportedImage):
            load_image(path)

    def test_of_scans(self, tmp_path):
        path, whole = tmp_path / "a.jpg", FOREIGN["progressive"]
        last = whole.rindex(b"\xff\xda")
        path.write_bytes(whole[:last] + whole[last:-2] * 300 + whole[-2:])
        with pytest.raises(UnsupportedImage):
            load_image(path)

    def test_of_exif(self, tmp_path):
        """A TIFF with 3000 entries that share one large value is loaded, without EXIF."""
        value = bytes(1 << 20)
        entries = [struct.pack("<HHII", 40_000 + n, 7, len(value), 8) for n in range(3000)]
        data = by_tifffile(SMALL)
        first = tifffile.TiffFile(io.BytesIO(data)).pages.first
        picture = [
            struct.pack("<HHII", tag.code, 4, 1, int(number))
            for tag, number in (
                (first.tags["ImageWidth"], 1),
                (first.tags["ImageLength"], 1),
                (first.tags["BitsPerSample"], 8),
                (first.tags["PhotometricInterpretation"], 1),
                (first.tags["StripOffsets"], 8),
                (first.tags["StripByteCounts"], 1),
            )
        ]
        table = b"".join([*sorted(picture), *entries])
        count = struct.pack("<H", len(picture) + len(entries))
        path = tmp_path / "a.tif"
        path.write_bytes(
            b"II*\0" + struct.pack("<I", 8 + len(value)) + value + count + table + bytes(4)
        )
        loaded = load_image(path)
        assert loaded.pixels.tolist() == [[[0.0]]]
        assert loaded.metadata.exif is None


def test_cut_off_files_are_no_pictures(tmp_path):
    for suffix in (".png", ".tif", ".webp", ".jpg"):
        path = tmp_path / f"a{suffix}"
        save(path, noise(3), metadata=replace(FULL, exif=None))
        data = path.read_bytes()
        for share in (0.3, 0.6, 0.9):
            path.write_bytes(data[: int(len(data) * share)])
            with pytest.raises(UnsupportedImage):
                load_image(path)
