"""Files of other programs have the pixels of Pillow or tifffile, and their metadata blocks."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import piexif
import pytest
import tifffile
from PIL import Image, PngImagePlugin

from ddrm_core.errors import TooManyPixels, UnreadableFile
from ddrm_core.formats.load import load_image
from ddrm_core.formats.unsupported_format import UnsupportedImage
from ddrm_core.metadata.model import NO_METADATA, Metadata, PixelDensity
from tests.support.metadata_samples import FULL, ICC, IPTC, NOTE, XMP, as_array, noise, save
from tests.support.pictures import KINDS as JPEG_KINDS
from tests.support.pictures import photograph, pixels_of, write_jpeg

RGB = photograph(31, 37)
OPAQUE = np.dstack([RGB, np.full((31, 37), 255, np.uint8)])
CLEAR = OPAQUE.copy()
CLEAR[3, 5, 3] = 254
IMAGE = Image.fromarray(RGB)


def loaded(path):
    return as_array(load_image(path).pixels)


class TestPng:
    @pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
    def test_modes(self, tmp_path, mode):
        path, image = tmp_path / "a.png", IMAGE.convert(mode)
        image.save(path)
        shown = image.convert({"1": "L", "P": "RGB"}.get(mode, mode))
        assert np.array_equal(loaded(path), np.asarray(shown))
        assert load_image(path).bits_per_channel == 8

    @pytest.mark.parametrize("bits", [1, 2, 4])
    def test_small_palettes(self, tmp_path, bits):
        path = tmp_path / "a.png"
        image = IMAGE.quantize(2**bits)
        image.save(path, bits=bits)
        assert np.array_equal(loaded(path), np.asarray(image.convert("RGB")))

    def test_sixteen_bits_of_grey(self, tmp_path):
        path = tmp_path / "a.png"
        pixels = RGB[:, :, 0].astype(np.uint16) * 200 + 7
        Image.fromarray(pixels).save(path)
        assert np.array_equal(loaded(path), (pixels.astype(np.float32) / 257))
        assert load_image(path).bits_per_channel == 16

    def test_alpha_has_to_be_opaque(self, tmp_path):
        path = tmp_path / "a.png"
        Image.fromarray(OPAQUE).save(path)
        assert np.array_equal(loaded(path), RGB)
        Image.fromarray(OPAQUE).convert("LA").save(path)
        assert np.array_equal(loaded(path), np.asarray(IMAGE.convert("L")))
        Image.fromarray(CLEAR).save(path)
        with pytest.raises(UnsupportedImage):
            load_image(path)
        palette = IMAGE.quantize(16)
        palette.save(path, transparency=int(np.asarray(palette)[0, 0]))
        with pytest.raises(UnsupportedImage):
            load_image(path)

    def test_compressed_texts(self, tmp_path):
        path, texts = tmp_path / "a.png", PngImagePlugin.PngInfo()
        texts.add_itxt("XML:com.adobe.xmp", XMP.decode(), lang="de", tkey="X", zip=True)
        texts.add_text("Comment", "a comment", zip=True)
        texts.add_text("Software", "another text")
        IMAGE.save(path, pnginfo=texts, dpi=(300, 200), icc_profile=ICC, exif=FULL.exif)
        assert load_image(path).metadata == Metadata(
            xmp=XMP,
            comments=(b"a comment",),
            density=PixelDensity(300, 200, 1),
            icc_profile=ICC,
            exif=FULL.exif,
        )

    @pytest.mark.parametrize(
        "text",
        [
            "\n8bim\n      {n}\n{d}\n",
            "iptc\n{n}\n{d}",
            "\niptc\n{n}\n{d}0\n",  # one digit too many
            "\niptc\n9\n{d}\n",
            "\niptc\n{n}\nxx{d}\n",
            "",
        ],
    )
    def test_raw_profiles(self, tmp_path, text):
        path, texts = tmp_path / "a.png", PngImagePlugin.PngInfo()
        whole = text.format(n=len(IPTC), d=IPTC.hex().upper())
        texts.add_text("Raw profile type iptc", whole)
        IMAGE.save(path, pnginfo=texts)
        sound = "{d}" in text and "{d}0" not in text and "{n}\n{d}" in text
        assert load_image(path).metadata == Metadata(iptc=IPTC if sound else None)

    def test_a_bomb_in_a_text_is_no_block(self, tmp_path):
        path = tmp_path / "a.png"
        save(path, noise(1))
        body = b"Comment\0\0" + zlib.compress(bytes(100 << 20), 9)
        checksum = zlib.crc32(b"zTXt" + body)
        chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", checksum)
        data = path.read_bytes()
        path.write_bytes(data[:33] + chunk + data[33:])
        assert load_image(path).metadata == NO_METADATA


class TestTiff:
    @pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
    @pytest.mark.parametrize("mode", ["L", "P", "RGB", "CMYK"])
    def test_pillow_s(self, tmp_path, mode, compression):
        path, image = tmp_path / "a.tif", IMAGE.convert(mode)
        image.save(path, compression=compression)
        expected = np.asarray(image.convert("RGB") if mode == "P" else image)
        assert np.array_equal(loaded(path), expected)

    def test_jpeg_inside(self, tmp_path):
        path = tmp_path / "a.tif"
        IMAGE.save(path, compression="jpeg", quality=95)
        with Image.open(path) as image:
            assert np.abs(loaded(path) - np.asarray(image)).max() <= 1

    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
    @pytest.mark.parametrize(
        "options",
        [
            {},
            {"compression": "lzw", "predictor": True},
            {"compression": "deflate", "tile": (16, 32)},
            {"rowsperstrip": 4},
            {"byteorder": ">", "compression": "lzw"},
        ],
    )
    @pytest.mark.parametrize("planar", [False, True])
    def test_tifffile_s(self, tmp_path, planar, options, dtype):
        path, pixels = tmp_path / "a.tif", RGB.astype(dtype)
        if planar:
            stored = np.ascontiguousarray(pixels.transpose(2, 0, 1))
            tifffile.imwrite(path, stored, photometric="rgb", planarconfig="separate", **options)
        else:
            tifffile.imwrite(path, pixels, photometric="rgb", **options)
        scale = 257 if dtype == np.uint16 else 1
        assert np.array_equal(loaded(path), pixels.astype(np.float32) / np.float32(scale))

    def test_white_is_zero(self, tmp_path):
        path, grey = tmp_path / "a.tif", RGB[:, :, 0]
        for pixels, scale in ((grey, 1), (grey.astype(np.uint16) * 257, 257)):
            tifffile.imwrite(path, np.invert(pixels), photometric="miniswhite")
            assert np.array_equal(loaded(path), grey), scale

    def test_alpha_has_to_be_opaque(self, tmp_path):
        path = tmp_path / "a.tif"
        options = {"photometric": "rgb", "extrasamples": ["unassalpha"]}
        tifffile.imwrite(path, OPAQUE, **options)
        assert np.array_equal(loaded(path), RGB)
        for pixels in (CLEAR, OPAQUE.astype(np.float32)):
            tifffile.imwrite(path, pixels, **options)
            with pytest.raises(UnsupportedImage):
                load_image(path)

    @pytest.mark.parametrize(
        ("pixels", "options"),
        [
            (RGB.astype(np.float64), {"photometric": "rgb"}),
            (RGB.astype(np.uint32), {"photometric": "rgb"}),
            (RGB.astype(np.int16), {"photometric": "rgb"}),
            (RGB[:, :, 0] > 99, {}),
            (RGB, {"photometric": "rgb", "bigtiff": True}),
            (np.stack([RGB, RGB]), {"photometric": "rgb"}),
            (RGB, {"photometric": "cielab"}),
            (RGB[:, :, :2], {"photometric": "minisblack", "planarconfig": "contig"}),
            (np.full((3, 3), np.nan, np.float32), {}),
            (np.full((3, 3), np.inf, np.float32), {}),
        ],
    )
    def test_other_kinds_are_no_picture(self, tmp_path, pixels, options):
        path = tmp_path / "a.tif"
        tifffile.imwrite(path, pixels, **options)
        with pytest.raises(UnsupportedImage):
            load_image(path)

    def test_what_it_says_becomes_an_exif_block(self, tmp_path):
        path = tmp_path / "a.tif"
        exif = piexif.dump(
            {
                "0th": {piexif.ImageIFD.Make: b"A maker", piexif.ImageIFD.Orientation: 1},
                "Exif": {piexif.ExifIFD.MakerNote: NOTE},
                "GPS": {piexif.GPSIFD.GPSLatitudeRef: b"N"},
            }
        )
        # piexif omits the four bytes that end the last directory.
        IMAGE.save(path, exif=exif + bytes(4), dpi=(300, 200), icc_profile=ICC)
        metadata = load_image(path).metadata
        assert metadata.icc_profile == ICC
        assert metadata.density == PixelDensity(300, 200, 1)
        assert metadata.comments == ()
        block = Image.Exif()
        block.load(b"Exif\0\0" + metadata.exif)
        assert block[piexif.ImageIFD.Make] == "A maker"
        assert block[piexif.ImageIFD.XResolution] == 300
        assert block.get_ifd(piexif.ImageIFD.ExifTag)[piexif.ExifIFD.MakerNote] == NOTE
        assert block.get_ifd(piexif.ImageIFD.GPSTag)[piexif.GPSIFD.GPSLatitudeRef] == "N"
        assert not {256, 257, 258, 259, 262, 273, 277, 278, 279} & set(block)
        assert piexif.load(b"Exif\0\0" + metadata.exif)["0th"][piexif.ImageIFD.Make] == b"A maker"

    def test_own_files_that_others_changed(self, tmp_path):
        """If another program changed a TIFF of this program, the changed EXIF is loaded.

        The private entry with the pointer to the EXIF block is invalid then and is ignored.
        """
        path = tmp_path / "a.tif"
        save(path, noise(3), metadata=FULL)
        with tifffile.TiffFile(path, mode="r+b") as file:
            file.pages.first.tags["Make"].overwrite("Another maker, with a longer name")
        found = load_image(path).metadata.exif
        assert piexif.load(b"Exif\0\0" + found)["0th"][piexif.ImageIFD.Make].startswith(b"Another")


class TestWebp:
    def test_lossy_and_alpha(self, tmp_path):
        path = tmp_path / "a.webp"
        IMAGE.save(path, quality=90)
        with Image.open(path) as image:
            assert np.array_equal(loaded(path), np.asarray(image))
        Image.fromarray(OPAQUE).save(path, lossless=True)
        assert np.array_equal(loaded(path), RGB)
        Image.fromarray(CLEAR).save(path, lossless=True)
        with pytest.raises(UnsupportedImage):
            load_image(path)

    def test_animations_are_no_picture(self, tmp_path):
        path = tmp_path / "a.webp"
        IMAGE.save(path, save_all=True, append_images=[IMAGE.rotate(90)], duration=50)
        with pytest.raises(UnsupportedImage):
            load_image(path)


class TestBmp:
    @pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
    def test_modes(self, tmp_path, mode):
        path, image = tmp_path / "a.bmp", IMAGE.convert(mode)
        image.save(path, dpi=(300, 200))
        with Image.open(path) as stored:
            wanted = {"1": "L", "P": "RGB"}.get(stored.mode, stored.mode)
            assert np.array_equal(loaded(path), np.asarray(stored.convert(wanted)))
        assert load_image(path).metadata == Metadata(density=PixelDensity(300, 200, 1))

    def test_alpha_has_to_be_opaque(self, tmp_path):
        path = tmp_path / "a.bmp"
        Image.fromarray(OPAQUE).save(path)
        assert np.array_equal(loaded(path), RGB)


class TestJpeg:
    @pytest.mark.parametrize("progressive", [False, True])
    @pytest.mark.parametrize("kind", JPEG_KINDS)
    def test_as_pillow_decodes_it(self, tmp_path, kind, progressive):
        path = tmp_path / "a.jpg"
        write_jpeg(path, pixels_of(kind, 31, 37), sampling=kind, progressive=progressive)
        with Image.open(path) as image:
            assert np.array_equal(loaded(path), np.asarray(image))


class TestWhatIsNoPicture:
    def test_other_files(self, tmp_path):
        buffer = io.BytesIO()
        IMAGE.save(buffer, "GIF")
        for data in (b"", b"text", b"BM", b"\x89PNG\r\n\x1a\n", b"II*\0", buffer.getvalue()):
            (tmp_path / "a.png").write_bytes(data)
            with pytest.raises(UnsupportedImage) as error:
                load_image(tmp_path / "a.png")
            assert error.value.path == tmp_path / "a.png"

    def test_missing_files_and_folders(self, tmp_path):
        for path in (tmp_path / "absent.png", tmp_path):
            with pytest.raises(UnreadableFile) as error:
                load_image(path)
            assert error.value.reason

    @pytest.mark.parametrize("suffix", [".png", ".tif", ".webp", ".jpg", ".bmp"])
    def test_too_many_pixels(self, tmp_path, suffix):
        path = tmp_path / f"a{suffix}"
        IMAGE.save(path)
        assert loaded(path).shape == (31, 37, 3)
        load_image(path, max_pixels=31 * 37)
        with pytest.raises(TooManyPixels) as error:
            load_image(path, max_pixels=31 * 37 - 1)
        assert (error.value.width, error.value.height) == (37, 31)
