"""Distances between images, compared with independent implementations."""

from __future__ import annotations

import sys
import types
from math import inf, log2

import numpy as np
import pytest
import skimage.metrics
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from ddrm_core.errors import InvalidSetting, UnreadableFile
from ddrm_core.metrics.lpips import MIN_SIDE_PX, load_lpips, load_packaged_lpips
from ddrm_core.metrics.psnr import psnr
from ddrm_core.metrics.psnr_b import blocking_effect_factor, psnr_b
from ddrm_core.metrics.ssim import ssim
from tests.support.pictures import photograph

SIZES = [(31, 37), (64, 48), (11, 11), (12, 200)]


def worse(pixels: np.ndarray, seed: int = 1) -> np.ndarray:
    """Return 8-bit pixels with added noise of standard deviation 12, slightly darkened."""
    noise = np.random.default_rng(seed).normal(-3, 12, pixels.shape)
    return (pixels + noise).clip(0, 255).round().astype(np.uint8)


@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize("size", SIZES)
class TestAgainstScikitImage:
    def test_psnr(self, size, grey):
        original = photograph(*size, grey=grey)
        expected = skimage.metrics.peak_signal_noise_ratio(original, worse(original))
        assert psnr(worse(original), original) == pytest.approx(expected, abs=1e-9)

    def test_ssim(self, size, grey):
        original = photograph(*size, grey=grey)
        expected = skimage.metrics.structural_similarity(
            original,
            worse(original),
            channel_axis=None if grey else 2,
            data_range=255,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
        assert ssim(worse(original), original) == pytest.approx(expected, abs=1e-9)
        assert 0.1 < expected < 0.95


class TestSsim:
    def test_equal_pictures_and_inverted_ones(self):
        original = photograph(31, 37)
        assert ssim(original, original) == pytest.approx(1)
        assert ssim(255 - original, original) < 0

    @pytest.mark.parametrize("size", [(10, 40), (40, 10)])
    def test_pictures_smaller_than_its_window_are_no_question(self, size):
        with pytest.raises(ValueError, match="against"):
            ssim(photograph(*size), photograph(*size))

    def test_different_shapes_are_no_question(self):
        with pytest.raises(ValueError, match="against"):
            ssim(photograph(30, 40), photograph(40, 30))


def effect_by_loops(y: np.ndarray) -> float:
    """Return the blocking effect factor of a plane by Yim and Bovik, eq. 4 to 10.

    Plain loops over pixels make the function an oracle.
    """
    height, width = y.shape
    at_edges, elsewhere = [], []
    for row in range(height):
        for column in range(width - 1):
            step = (y[row, column] - y[row, column + 1]) ** 2
            (at_edges if (column + 1) % 8 == 0 else elsewhere).append(step)
    for column in range(width):
        for row in range(height - 1):
            step = (y[row, column] - y[row + 1, column]) ** 2
            (at_edges if (row + 1) % 8 == 0 else elsewhere).append(step)
    d_b, d_bc = np.mean(at_edges), np.mean(elsewhere)
    eta = log2(8) / log2(min(height, width)) if d_b > d_bc else 0
    return eta * (d_b - d_bc)


def blocky(pixels: np.ndarray) -> np.ndarray:
    """Return pixels in which each 8x8 block is replaced by its mean."""
    flat = pixels.astype(float)
    for top in range(0, pixels.shape[0], 8):
        for left in range(0, pixels.shape[1], 8):
            block = flat[top : top + 8, left : left + 8]
            block[:] = block.mean((0, 1))
    return flat.round().astype(np.uint8)


class TestPsnrB:
    @pytest.mark.parametrize("size", [(31, 37), (64, 48), (8, 17)])
    def test_against_a_loop_over_pixels(self, size):
        original = photograph(*size)
        weights = np.array([0.299, 0.587, 0.114])
        for result in (blocky(original), worse(original)):
            y, truth = (p.astype(float) @ weights for p in (result, original))
            error = np.mean((y - truth) ** 2) + effect_by_loops(y)
            assert psnr_b(result, original) == pytest.approx(10 * np.log10(255**2 / error))

    def test_blocks_cost_and_their_absence_does_not(self):
        original = photograph(64, 48, grey=True)
        assert psnr_b(blocky(original), original) < psnr(blocky(original), original) - 1
        shifted = np.roll(blocky(original), (4, 4), (0, 1))
        assert psnr_b(shifted, original) == psnr(shifted, original)

    @pytest.mark.parametrize("size", [(1, 1), (5, 3), (1, 40), (8, 8)])
    def test_without_block_edges_or_sides_it_is_psnr(self, size):
        original = photograph(*size, grey=True)
        assert blocking_effect_factor(original.astype(float)) == 0
        assert psnr_b(worse(original), original) == psnr(worse(original), original)
        assert psnr_b(original, original) == inf

    def test_different_shapes_are_no_question(self):
        with pytest.raises(ValueError, match="against"):
            psnr_b(photograph(30, 40), photograph(40, 30))


def tensors_of(sizes: dict[str, tuple[int, ...]], heads: list[int]) -> dict[str, Tensor]:
    rng = torch.Generator().manual_seed(5)
    tensors = {}
    for name, shape in sizes.items():
        fan_in = shape[1] * shape[2] * shape[3]
        weight = torch.randn(shape, generator=rng) * (2 / fan_in) ** 0.5
        tensors[f"backbone.{name}.weight"] = weight
        tensors[f"backbone.{name}.bias"] = torch.randn(shape[0], generator=rng) * 0.1
    for number, channels in enumerate(heads):
        tensors[f"lin{number}"] = torch.rand((1, channels, 1, 1), generator=rng)
    return tensors


def squeeze_tensors() -> dict[str, Tensor]:
    sizes: dict[str, tuple[int, ...]] = {"0": (64, 3, 3, 3)}
    inputs = 64
    for number, narrow, wide in (
        (3, 16, 64), (4, 16, 64), (6, 32, 128), (7, 32, 128),
        (9, 48, 192), (10, 48, 192), (11, 64, 256), (12, 64, 256),
    ):  # fmt: skip
        sizes[f"{number}.squeeze"] = (narrow, inputs, 1, 1)
        sizes[f"{number}.expand1x1"] = (wide, narrow, 1, 1)
        sizes[f"{number}.expand3x3"] = (wide, narrow, 3, 3)
        inputs = 2 * wide
    return tensors_of(sizes, [64, 128, 256, 384, 384, 512, 512])


def alex_tensors() -> dict[str, Tensor]:
    sizes = {
        "0": (64, 3, 11, 11), "3": (192, 64, 5, 5), "6": (384, 192, 3, 3),
        "8": (256, 384, 3, 3), "10": (256, 256, 3, 3),
    }  # fmt: skip
    return tensors_of(sizes, [64, 192, 384, 256, 256])


def vgg_tensors() -> dict[str, Tensor]:
    outputs = {0: 64, 2: 64, 5: 128, 7: 128, 10: 256, 12: 256, 14: 256}
    outputs |= dict.fromkeys((17, 19, 21, 24, 26, 28), 512)
    sizes, inputs = {}, 3
    for number, channels in outputs.items():
        sizes[str(number)] = (channels, inputs, 3, 3)
        inputs = channels
    return tensors_of(sizes, [64, 128, 256, 512, 512])


def squeeze_features(t: dict[str, Tensor], x: Tensor) -> list[Tensor]:
    def conv(name: str, h: Tensor, padding: int = 0, stride: int = 1) -> Tensor:
        weight, bias = t[f"backbone.{name}.weight"], t[f"backbone.{name}.bias"]
        return torch.relu(functional.conv2d(h, weight, bias, stride, padding))

    def fire(number: int, h: Tensor) -> Tensor:
        s = conv(f"{number}.squeeze", h)
        return torch.cat([conv(f"{number}.expand1x1", s), conv(f"{number}.expand3x3", s, 1)], 1)

    def pool(h: Tensor) -> Tensor:
        return functional.max_pool2d(h, 3, 2, ceil_mode=True)

    found = [conv("0", x, stride=2)]
    found.append(fire(4, fire(3, pool(found[0]))))
    found.append(fire(7, fire(6, pool(found[1]))))
    found.append(fire(9, pool(found[2])))
    for number in (10, 11, 12):
        found.append(fire(number, found[-1]))
    return found


def alex_features(t: dict[str, Tensor], x: Tensor) -> list[Tensor]:
    found: list[Tensor] = []
    for number, stride, padding in ((0, 4, 2), (3, 1, 2), (6, 1, 1), (8, 1, 1), (10, 1, 1)):
        weight, bias = t[f"backbone.{number}.weight"], t[f"backbone.{number}.bias"]
        h = functional.max_pool2d(found[-1], 3, 2) if number in (3, 6) else [x, *found][-1]
        found.append(functional.conv2d(h, weight, bias, stride, padding).relu())
    return found


def vgg_features(t: dict[str, Tensor], x: Tensor) -> list[Tensor]:
    found, h = [], x
    for stage in ((0, 2), (5, 7), (10, 12, 14), (17, 19, 21), (24, 26, 28)):
        h = functional.max_pool2d(h, 2) if stage[0] else h
        for number in stage:
            weight, bias = t[f"backbone.{number}.weight"], t[f"backbone.{number}.bias"]
            h = functional.conv2d(h, weight, bias, padding=1).relu()
        found.append(h)
    return found


def distance_written_again(features, t: dict[str, Tensor], a: np.ndarray, b: np.ndarray) -> float:
    def scaled(pixels: np.ndarray) -> Tensor:
        x = pixels.astype(np.float64) / 255 * 2 - 1
        x = (x - [-0.030, -0.088, -0.188]) / [0.458, 0.448, 0.450]
        return torch.from_numpy(x).permute(2, 0, 1)[None]

    doubles = {name: tensor.double() for name, tensor in t.items()}
    total = 0.0
    pairs = zip(features(doubles, scaled(a)), features(doubles, scaled(b)), strict=True)
    for number, (p, q) in enumerate(pairs):
        p, q = (f / (torch.sqrt((f**2).sum(1, keepdim=True)) + 1e-10) for f in (p, q))
        total += float(functional.conv2d((p - q) ** 2, doubles[f"lin{number}"]).mean())
    return total


KINDS = [
    (squeeze_tensors, squeeze_features),
    (alex_tensors, alex_features),
    (vgg_tensors, vgg_features),
]


class TestLpips:
    @pytest.mark.parametrize(("tensors", "features"), KINDS)
    def test_against_the_networks_written_again(self, tmp_path, tensors, features):
        weights = tensors()
        save_file(weights, tmp_path / "lpips.safetensors")
        distance = load_lpips(tmp_path / "lpips.safetensors")
        original = photograph(45, 67)
        expected = distance_written_again(features, weights, worse(original), original)
        assert distance(worse(original), original) == pytest.approx(expected, abs=1e-4)
        assert expected > 0.01
        assert distance(original, original) == 0

    def test_grey_is_three_equal_channels(self, tmp_path):
        save_file(squeeze_tensors(), tmp_path / "lpips.safetensors")
        distance = load_lpips(tmp_path / "lpips.safetensors")
        grey = photograph(40, 40, grey=True)
        colour = np.dstack([grey] * 3)
        assert distance(worse(grey), grey) == distance(np.dstack([worse(grey)] * 3), colour)

    def test_the_smallest_picture(self, tmp_path):
        for number, (tensors, _) in enumerate(KINDS):
            path = tmp_path / f"{number}.safetensors"
            save_file(tensors(), path)
            distance, side = load_lpips(path), MIN_SIDE_PX
            assert distance(photograph(side, side), photograph(side, side, seed=3)) > 0
            with pytest.raises(ValueError, match="against"):
                distance(photograph(side, side - 1), photograph(side, side - 1))

    def test_weights_have_one_name_whatever_their_file(self, tmp_path):
        weights = squeeze_tensors()
        for name, metadata in (("a", None), ("b", {"source": "somewhere"})):
            save_file(weights, tmp_path / name, metadata)
        weights["lin0"] = weights["lin0"] * 2
        save_file(weights, tmp_path / "c")
        a, b, c = (load_lpips(tmp_path / name).weights_id for name in "abc")
        assert a == b != c

    @pytest.mark.parametrize("change", ["missing", "extra", "shape", "prior"])
    def test_other_tensors_are_refused(self, tmp_path, change):
        weights = squeeze_tensors()
        if change == "missing":
            del weights["lin6"]
        elif change == "extra":
            weights["lin7"] = weights["lin6"].clone()
        elif change == "shape":
            weights["lin6"] = weights["lin6"][:, 1:].contiguous()
        else:
            weights = {"head.weight": torch.zeros(3)}
        save_file(weights, tmp_path / "lpips.safetensors")
        with pytest.raises(InvalidSetting) as caught:
            load_lpips(tmp_path / "lpips.safetensors")
        assert caught.value.value == "lpips.safetensors"

    def test_files_that_are_none(self, tmp_path):
        (tmp_path / "text").write_text("nothing")
        with pytest.raises(InvalidSetting):
            load_lpips(tmp_path / "text")
        with pytest.raises(UnreadableFile):
            load_lpips(tmp_path / "absent")

    def test_the_package_where_it_is_installed(self, monkeypatch):
        class Network(torch.nn.Module):
            def __init__(self, net: str, *, verbose: bool) -> None:
                super().__init__()
                assert (net, verbose) == ("alex", False)

            def forward(self, a: Tensor, b: Tensor) -> Tensor:
                return (a - b).abs().mean().reshape(1, 1, 1, 1)

        monkeypatch.setitem(sys.modules, "lpips", types.SimpleNamespace(LPIPS=Network))
        black = np.zeros((32, 32, 3), np.uint8)
        assert load_packaged_lpips("alex")(black + np.uint8(51), black) == pytest.approx(0.4)

    def test_the_package_where_it_is_not(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "lpips", None)
        with pytest.raises(InvalidSetting):
            load_packaged_lpips("alex")
