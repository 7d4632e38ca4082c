"""Laws of the JPEG operator for every sampling and awkward size, with libjpeg as the oracle."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from scipy.fft import dctn
from torch.nn import functional

from ddrm_core.jpeg.ddrm_paper_operator import create_ddrm_paper_operator
from ddrm_core.jpeg.header import Component
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.jpeg.linear_maps.color import create_color_model
from ddrm_core.jpeg.linear_maps.dct import block_dct, dct_basis_images, inverse_block_dct
from ddrm_core.jpeg.operator import JpegOperator, create_jpeg_operator, levels_to_tensors
from ddrm_core.jpeg.quality_factor import create_standard_tables
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.metadata.model import NO_METADATA
from ddrm_core.sampler.protocols import MeasurementOperator
from tests.support.paths import GOLDEN
from tests.support.pictures import COLOURS, FACTORS, KINDS, as_x, pixels_of, write_jpeg

SIZES = [(48, 64), (31, 37), (38, 34), (1, 1), (5, 3)]
EVERY = [(s, size) for s in KINDS for size in SIZES]
NAMES = [f"{s}-{h}x{w}" for s, (h, w) in EVERY]


@cache
def operator_of(sampling: str, size: tuple[int, int], quality: int = 30) -> JpegOperator:
    colour = COLOURS.get(sampling, "YCbCr")
    chroma = create_color_model(colour).is_chroma.tolist()
    components = tuple(
        Component(i + 1, *(FACTORS[sampling] if i == 0 else (1, 1)), min(i, 1))
        for i in range(len(chroma))
    )
    tables = create_standard_tables(quality, chroma)
    image = JpegImage(
        Path("none.jpg"), size[1], size[0], colour, components, (), tables, NO_METADATA, None
    )
    return create_jpeg_operator(image)


def pictures(
    rng: torch.Generator, size: tuple[int, int], count: int = 2, channels: int = 3
) -> torch.Tensor:
    return torch.rand(count, channels, *size, generator=rng) * 2.4 - 1.2


def pictures_for(
    operator: JpegOperator, rng: torch.Generator, size: tuple[int, int], count: int = 2
) -> torch.Tensor:
    return pictures(rng, size, count, operator.color_model.channels)


def in_grey_levels(operator: JpegOperator, coefficients) -> torch.Tensor:
    """Return coefficients of all components times their quantizer steps, (batch, coefficients)."""
    scaled = [c * p.quantizer_steps for c, p in zip(coefficients, operator.planes, strict=True)]
    return torch.cat([c.flatten(1) for c in scaled], 1)


def assert_close_levels(operator, ours, expected, atol=5e-3):
    torch.testing.assert_close(
        in_grey_levels(operator, ours), in_grey_levels(operator, expected), atol=atol, rtol=1e-5
    )


def whole_mcus(sampling: str, size: tuple[int, int]) -> bool:
    horizontal, vertical = FACTORS[sampling]
    return size[0] % (8 * vertical) == 0 and size[1] % (8 * horizontal) == 0


@pytest.mark.parametrize(("sampling", "size"), EVERY, ids=NAMES)
class TestLaws:
    def test_it_is_an_operator(self, sampling, size):
        assert isinstance(operator_of(sampling, size), MeasurementOperator)

    def test_encoding_rounds_the_coefficients(self, sampling, size, rng):
        operator = operator_of(sampling, size)
        x = pictures_for(operator, rng, size)
        for k, c in zip(operator.encode(x), operator.coefficients(x), strict=True):
            assert torch.equal(k, c.round())

    def test_a_change_between_two_pictures_is_reached(self, sampling, size, rng):
        operator = operator_of(sampling, size)
        x, z = pictures_for(operator, rng, size), pictures_for(operator, rng, size)
        here, there = operator.coefficients(x), operator.coefficients(z)
        change = tuple(b - a for a, b in zip(here, there, strict=True))
        assert_close_levels(
            operator, operator.coefficients(operator.shift_coefficients(x, change)), there
        )

    def test_any_change_is_reached_in_whole_mcus(self, sampling, size, rng):
        if not whole_mcus(sampling, size):
            size = (48, 64)
        operator = operator_of(sampling, size)
        x = pictures_for(operator, rng, size)
        here = operator.coefficients(x)
        change = tuple(torch.randn(c.shape, generator=rng) for c in here)
        wanted = tuple(c + d for c, d in zip(here, change, strict=True))
        assert_close_levels(
            operator, operator.coefficients(operator.shift_coefficients(x, change)), wanted
        )

    def test_coefficients_are_affine(self, sampling, size, rng):
        operator = operator_of(sampling, size)
        x, z = pictures_for(operator, rng, size), pictures_for(operator, rng, size)
        mixed = operator.coefficients(0.3 * x + 0.7 * z)
        parts = zip(operator.coefficients(x), operator.coefficients(z), strict=True)
        assert_close_levels(operator, mixed, tuple(0.3 * a + 0.7 * b for a, b in parts))

    def test_a_batch_is_its_pictures_one_by_one(self, sampling, size, rng):
        operator = operator_of(sampling, size)
        x = pictures_for(operator, rng, size, 3)
        together = operator.coefficients(x)
        change = tuple(torch.randn(c.shape, generator=rng) for c in together)
        levels = tuple(c.round() for c in together)
        shifted, decoded = operator.shift_coefficients(x, change), operator.decode(levels)
        for i in range(3):
            one = slice(i, i + 1)
            single = operator.coefficients(x[one])
            assert_close_levels(operator, tuple(c[one] for c in together), single, 1e-3)
            alone = operator.shift_coefficients(x[one], tuple(d[one] for d in change))
            torch.testing.assert_close(shifted[one], alone, atol=1e-5, rtol=0)
            alone = operator.decode(tuple(k[one] for k in levels))
            torch.testing.assert_close(decoded[one], alone, atol=1e-5, rtol=0)

    def test_a_change_with_a_leading_1_is_for_every_picture(self, sampling, size, rng):
        operator = operator_of(sampling, size)
        x = pictures_for(operator, rng, size, 3)
        change = tuple(torch.randn(c[:1].shape, generator=rng) for c in operator.coefficients(x))
        repeated = operator.shift_coefficients(x, tuple(d.expand(3, -1, -1, -1) for d in change))
        torch.testing.assert_close(
            operator.shift_coefficients(x, change), repeated, atol=1e-5, rtol=0
        )

    def test_inputs_are_left_alone(self, sampling, size, rng):
        operator = operator_of(sampling, size)
        x = pictures_for(operator, rng, size)
        levels = operator.encode(x)
        before = [t.clone() for t in (x, *levels)]
        operator.coefficients(x)
        operator.decode(levels)
        operator.shift_coefficients(x, levels)
        assert all(map(torch.equal, (x, *levels), before))

    def test_decoded_pictures_have_the_size(self, sampling, size, rng):
        operator = operator_of(sampling, size)
        x = pictures_for(operator, rng, size)
        decoded = operator.decode(operator.encode(x))
        assert decoded.shape == x.shape
        if sampling == "grey":
            assert (decoded - decoded[:, :1]).abs().max() < 1e-5

    def test_moved_to_the_same_device_it_measures_the_same(self, sampling, size, rng):
        operator = operator_of(sampling, size)
        x = pictures_for(operator, rng, size)
        moved = operator.to(torch.device("cpu"))
        assert all(map(torch.equal, operator.coefficients(x), moved.coefficients(x)))
        assert torch.equal(operator.decode(operator.encode(x)), moved.decode(moved.encode(x)))


@pytest.mark.parametrize("size", [(5, 3), (9, 10), (1, 1), (17, 18), (16, 16), (10, 9)])
@pytest.mark.parametrize("sampling", KINDS)
def test_shift_is_the_pseudo_inverse_of_the_dense_map(sampling, size, rng):
    """Shifting coefficients adds the pseudo-inverse of the dense matrix times the change.

    The law also holds for changes that no image has; the coefficients are then the nearest possible
    ones.
    """
    operator = operator_of(sampling, size)
    colour, count = operator.color_model, len(operator.planes)
    pixels = size[0] * size[1]
    x = pictures_for(operator, rng, size, 1)
    at_zero = operator.coefficients(colour.from_planes(torch.zeros(1, count, *size)))
    change = tuple(torch.randn(c.shape, generator=rng) for c in at_zero)
    wanted = []
    for number, plane in enumerate(operator.planes):
        units = torch.zeros(pixels, count, *size)
        # Scaled up, so that float32 measures each column precisely.
        units[:, number] = 100 * torch.eye(pixels).unflatten(1, size)
        columns = operator.coefficients(colour.from_planes(units))
        columns = [c - zero for c, zero in zip(columns, at_zero, strict=True)]
        own = columns.pop(number)
        # The dense map therefore consists of blocks.
        assert all(c.abs().max() < 1e-3 for c in columns)
        dense = (own * plane.quantizer_steps).flatten(1).double().T / 100
        target = (change[number] * plane.quantizer_steps).flatten().double()
        wanted.append(torch.linalg.pinv(dense, rtol=1e-4) @ target)
    moved = colour.to_planes(operator.shift_coefficients(x, change)) - colour.to_planes(x)
    torch.testing.assert_close(moved[0].flatten().double(), torch.cat(wanted), atol=2e-2, rtol=1e-4)


@pytest.mark.parametrize("size", SIZES)
# No encoder here converts pixels to YCCK.
@pytest.mark.parametrize("sampling", [kind for kind in KINDS if kind != "YCCK"])
@pytest.mark.parametrize("quality", [10, 75, 100])
def test_libjpegs_encoder_puts_levels_in_the_bins(tmp_path, sampling, size, quality):
    """The levels of libjpeg's encoder are in the bins of the pixels.

    Pixels are random, so that padding by a wrong neighbor would be noticed. A tolerance allows for
    the encoder's intermediate rounding.
    """
    shape = pixels_of(sampling, *size).shape
    pixels = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    path = write_jpeg(tmp_path / "a.jpg", pixels, quality=quality, sampling=sampling)
    image = read_jpeg(path)
    operator = create_jpeg_operator(image)
    levels = levels_to_tensors(image, torch.device("cpu"))
    found = operator.coefficients(as_x(pixels))
    for c, k, plane in zip(found, levels, operator.planes, strict=True):
        assert c.shape == k.shape
        outside = ((c - k).abs() - 0.5) * plane.quantizer_steps
        assert outside.max() < 4
        assert (outside > 0.5).float().mean() < 0.2


@pytest.mark.parametrize("size", [(31, 37), (16, 33), (1, 1), (2, 5), (64, 96)])
@pytest.mark.parametrize("kind", KINDS)
def test_decoding_is_libjpegs(tmp_path, kind, size):
    path = write_jpeg(tmp_path / "a.jpg", pixels_of(kind, *size), quality=60, sampling=kind)
    image = read_jpeg(path)
    operator = create_jpeg_operator(image)
    decoded = operator.decode(levels_to_tensors(image, torch.device("cpu")))
    ours = operator.color_model.to_pixels(decoded)[0].round().clamp(0, 255).permute(1, 2, 0).numpy()
    with Image.open(path) as shown:
        theirs = np.asarray(shown).astype(float).reshape(ours.shape)
    error = np.abs(ours - theirs)
    # libjpeg rounds its samples before and after the color conversion.
    assert error.max() <= 3
    assert size < (9, 9) or (error > 1).mean() < 0.01


def test_transform_is_scipys(rng):
    plane = torch.randn(2, 1, 16, 24, generator=rng)
    ours = block_dct(plane, dct_basis_images())
    blocks = plane.reshape(2, 2, 8, 3, 8).permute(0, 1, 3, 2, 4).numpy()
    expected = dctn(blocks, axes=(3, 4), norm="ortho").reshape(2, 2, 3, 64)
    np.testing.assert_allclose(ours.permute(0, 2, 3, 1).numpy(), expected, atol=1e-5)
    torch.testing.assert_close(
        inverse_block_dct(ours, dct_basis_images()), plane, atol=1e-5, rtol=0
    )


def test_colours_are_jfifs(rng):
    """The color model YCbCr computes the six-digit equations of T.871, section 7."""
    rgb = torch.rand(2, 3, 5, 7, generator=rng, dtype=torch.float64) * 255
    r, g, b = rgb.unbind(1)
    expected = torch.stack(
        [
            0.299 * r + 0.587 * g + 0.114 * b - 128,
            -0.168736 * r - 0.331264 * g + 0.5 * b,
            0.5 * r - 0.418688 * g - 0.081312 * b,
        ],
        1,
    )
    x = (rgb / 127.5 - 1).float()
    model = create_color_model("YCbCr")
    planes = model.to_planes(x)
    torch.testing.assert_close(planes.double(), expected, atol=1e-3, rtol=0)
    torch.testing.assert_close(model.from_planes(planes), x, atol=1e-5, rtol=0)


@pytest.mark.parametrize("colour", ["grey", "YCbCr", "RGB", "CMYK", "YCCK"])
class TestColourModels:
    def test_components_and_pixels_come_back(self, colour, rng):
        model = create_color_model(colour)
        planes = torch.randn(2, len(model.component_names), 5, 7, generator=rng) * 50
        torch.testing.assert_close(
            model.to_planes(model.from_planes(planes)), planes, atol=1e-3, rtol=0
        )
        pixels = torch.rand(2, len(model.to_pixels_matrix), 5, 7, generator=rng) * 255
        back = model.to_pixels(model.from_pixels(pixels))
        torch.testing.assert_close(back, pixels, atol=1e-3, rtol=0)
        change = torch.randn(2, len(model.component_names), 5, 7, generator=rng)
        moved = model.to_planes(model.shift_planes(model.from_planes(planes), change))
        torch.testing.assert_close(moved, planes + change, atol=1e-3, rtol=0)

    def test_white_paper_is_1_in_every_channel(self, colour):
        model = create_color_model(colour)
        ink = 0.0 if "K" in model.component_names else 255.0
        white = model.from_pixels(torch.full((1, len(model.to_pixels_matrix), 2, 3), ink))
        torch.testing.assert_close(white, torch.ones(1, model.channels, 2, 3))

    def test_projecting_makes_repeated_channels_equal_and_nothing_else(self, colour, rng):
        model = create_color_model(colour)
        x = torch.rand(2, model.channels, 5, 7, generator=rng)
        projected = model.project(x)
        torch.testing.assert_close(
            model.to_planes(projected), model.to_planes(x), atol=1e-3, rtol=0
        )
        torch.testing.assert_close(model.project(projected), projected, atol=1e-5, rtol=0)


@pytest.fixture(scope="module")
def golden():
    return load_file(GOLDEN / "jpeg_operator.safetensors")


class TestSurrogate:
    """The paper's operator gives the numbers of the authors' code.

    Levels are equal integers, except for ties; decoded images are equal to within 1e-4.
    """

    @pytest.mark.parametrize("quality", [1, 5, 10, 30, 49, 50, 80, 100])
    def test_it_is_the_authors_operator(self, golden, quality):
        operator = create_ddrm_paper_operator(quality)
        luma = functional.pixel_unshuffle(golden[f"qf{quality}.luma"].float(), 8)
        chroma = golden[f"qf{quality}.chroma"].float()
        levels = (luma, *(functional.pixel_unshuffle(c, 8) for c in chroma.split(1, 1)))
        ours = operator.encode(golden["image"])
        different = [int((a != b).sum()) for a, b in zip(ours, levels, strict=True)]
        # Ties may be rounded either way, by one.
        assert sum(different) <= 4, different
        assert all((a - b).abs().max() <= 1 for a, b in zip(ours, levels, strict=True))
        decoded = operator.decode(levels)
        torch.testing.assert_close(decoded, golden[f"qf{quality}.decoded"], atol=1e-4, rtol=0)

    @pytest.mark.parametrize("quality", [1, 10, 50, 95])
    def test_decoding_is_a_right_inverse(self, quality, rng):
        operator = create_ddrm_paper_operator(quality)
        levels = operator.encode(pictures(rng, (32, 48)))
        assert all(map(torch.equal, operator.encode(operator.decode(levels)), levels))

    def test_laws_of_an_operator(self, rng):
        operator, x = create_ddrm_paper_operator(30), pictures(rng, (32, 48))
        assert isinstance(operator, MeasurementOperator)
        here = operator.coefficients(x)
        change = tuple(torch.randn(c.shape, generator=rng) for c in here)
        before = [t.clone() for t in (x, *change)]
        after = operator.coefficients(operator.shift_coefficients(x, change))
        for a, c, d in zip(after, here, change, strict=True):
            torch.testing.assert_close(a, c + d, atol=1e-3, rtol=1e-4)
        assert all(map(torch.equal, (x, *change), before))
