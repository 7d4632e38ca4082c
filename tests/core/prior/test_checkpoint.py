"""Files of priors: required contents, and the values of their networks."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.device.selection import choose_precision
from ddrm_core.errors import (
    InvalidPrior,
    OperationCancelled,
    OutOfMemory,
    UnreadableFile,
)
from ddrm_core.plugins import PluginKind, UnknownPlugin
from ddrm_core.prior import checkpoint
from ddrm_core.prior.architectures.compact import CompactNetwork
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import load_prior, read_prior_info
from ddrm_core.prior.store.library import read_network_summary
from tests.support.adm_networks import HEADER as ADM_HEADER
from tests.support.pictures import as_x
from tests.support.small_priors import (
    ARCHITECTURE,
    HEADER,
    described_estimate,
    random_tensors,
    write_prior,
)

CPU = torch.device("cpu")
TINY_ADM = ADM_HEADER["architecture"]


def no_poll() -> None:
    """Do nothing; a `poll` function that never cancels."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    path = tmp_path_factory.mktemp("prior") / "tiny.safetensors"
    return load_prior(write_prior(path), CPU, precision=torch.float32)


class TestBundled:
    def test_it_describes_itself(self, bundled):
        info = bundled.info
        assert info.name == "compact"
        assert info.path == BUNDLED_PRIOR_PATH
        assert info.sha256 == hashlib.sha256(BUNDLED_PRIOR_PATH.read_bytes()).hexdigest()
        assert info.license
        assert info.training_data
        assert 0 < info.sigma_range[0] < 0.1 < 1 < info.sigma_range[1]
        assert info.size_multiple == 8
        assert info.band_error.shape == (len(info.band_error_sigma), 3, 64)
        assert (info.band_error > 0).all()
        assert (info.band_error_sigma.diff() > 0).all()
        assert (bundled.device, bundled.precision) == (CPU, torch.float32)

    @pytest.mark.parametrize("grey_levels", [15, 50])
    def test_it_takes_noise_away(self, bundled, rng, grey_levels):
        with Image.open(EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")) as image:
            clean = as_x(np.asarray(image.crop((150, 80, 278, 176))))
        sigma = grey_levels / 127.5
        noisy = clean + sigma * torch.randn(clean.shape, generator=rng)
        estimate = bundled.denoise(noisy, sigma, no_poll)
        gain = 10 * torch.log10(
            (noisy - clean).square().mean() / (estimate - clean).square().mean()
        )
        assert float(gain) > 6

    def test_bfloat16_is_close_to_float32(self, bundled, rng):
        low = load_prior(BUNDLED_PRIOR_PATH, CPU, precision=torch.bfloat16)
        x = torch.rand(1, 3, 64, 96, generator=rng) - 0.5
        exact, rough = (p.denoise(x, 0.3, no_poll) for p in (bundled, low))
        assert rough.dtype == torch.float32
        assert float((exact - rough).abs().mean()) < 0.005

    def test_default_precision_is_the_device_s(self):
        assert load_prior(BUNDLED_PRIOR_PATH, CPU).precision == choose_precision(CPU)


class TestNetwork:
    @pytest.mark.parametrize("sigma", [0.01, 0.3, 1.2])
    def test_it_is_the_described_architecture(self, tiny, sigma, rng):
        x = torch.randn(2, 3, 24, 40, generator=rng)
        expected = described_estimate(random_tensors(), x, sigma)
        assert isinstance(tiny.network, CompactNetwork)
        torch.testing.assert_close(tiny.denoise(x, sigma, no_poll), expected, atol=1e-5, rtol=0)

    @pytest.mark.parametrize("size", [(31, 37), (1, 1), (5, 3), (8, 9), (4, 20), (64, 8)])
    def test_any_size_is_padded_and_cropped(self, tiny, size, rng):
        x = torch.randn(2, 3, *size, generator=rng)
        before = x.clone()
        bottom, right = -size[0] % 8, -size[1] % 8
        small = right >= size[1] or bottom >= size[0]
        padded = functional.pad(x, (0, right, 0, bottom), "replicate" if small else "reflect")
        expected = described_estimate(random_tensors(), padded, 0.5)[..., : size[0], : size[1]]
        torch.testing.assert_close(tiny.denoise(x, 0.5, no_poll), expected, atol=1e-5, rtol=0)
        assert torch.equal(x, before)

    def test_a_batch_is_its_pictures_one_by_one(self, tiny, rng):
        x = torch.randn(3, 3, 13, 22, generator=rng)
        single = torch.cat([tiny.denoise(one, 0.2, no_poll) for one in x.split(1)])
        torch.testing.assert_close(tiny.denoise(x, 0.2, no_poll), single, atol=1e-5, rtol=0)

    def test_it_polls_several_times_and_stops_when_told(self, tiny):
        calls = []

        def poll() -> None:
            calls.append(1)
            if len(calls) == 2:
                raise OperationCancelled

        with pytest.raises(OperationCancelled):
            tiny.denoise(torch.zeros(1, 3, 8, 8), 0.5, poll)
        assert len(calls) == 2
        tiny.denoise(torch.zeros(1, 3, 8, 8), 0.5, lambda: calls.append(1))
        assert len(calls) >= 2 + 5  # once per block

    @pytest.mark.parametrize(
        "error",
        [
            RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"),
            torch.OutOfMemoryError("CUDA out of memory"),
        ],
    )
    def test_no_memory_is_worded_as_such(self, tiny, error):
        def poll() -> None:
            raise error

        with pytest.raises(OutOfMemory) as caught:
            tiny.denoise(torch.zeros(1, 3, 5, 7), 0.5, poll)
        assert (caught.value.device, caught.value.width, caught.value.height) == ("cpu", 7, 5)
        assert caught.value.__cause__ is error

    def test_other_errors_pass_as_they_are(self, tiny):
        def poll() -> None:
            raise RuntimeError("a bug")

        with pytest.raises(RuntimeError, match="a bug"):
            tiny.denoise(torch.zeros(1, 3, 5, 7), 0.5, poll)


class TestErrorAt:
    def test_grid_values_are_hit(self, tiny):
        info = tiny.info
        for sigma, expected in zip(info.band_error_sigma, info.band_error, strict=True):
            torch.testing.assert_close(
                info.band_error_at(float(sigma)), expected, atol=1e-4, rtol=0
            )

    def test_it_is_linear_over_the_logarithm_between(self, tiny):
        middle = tiny.info.band_error_at((0.01 * 0.1) ** 0.5)
        expected = (tiny.info.band_error[0] + tiny.info.band_error[1]) / 2
        torch.testing.assert_close(middle, expected, atol=1e-4, rtol=0)

    @pytest.mark.parametrize(("sigma", "place"), [(0.0, 0), (1e-4, 0), (50.0, 2)])
    def test_it_is_constant_outside(self, tiny, sigma, place):
        torch.testing.assert_close(tiny.info.band_error_at(sigma), tiny.info.band_error[place])


def without(mapping, key):
    return {k: v for k, v in mapping.items() if k != key}


class TestRefusals:
    """Loading a faulty prior's file raises InvalidPrior or UnreadableFile with the path."""

    def refused(self, path: Path) -> str:
        with pytest.raises(InvalidPrior) as error:
            load_prior(path, CPU)
        assert error.value.path == path
        return str(error.value.problem)

    def test_missing_files_and_folders(self, tmp_path):
        for path in (tmp_path / "absent.safetensors", tmp_path):
            with pytest.raises(UnreadableFile) as error:
                load_prior(path, CPU)
            assert error.value.path == path

    @pytest.mark.parametrize("left", [None, 0, 1000], ids=["gone", "empty", "cut"])
    def test_a_file_that_changes_while_it_is_read(self, tmp_path, monkeypatch, left):
        file = write_prior(tmp_path / "p.safetensors")

        def change_after_hashing(path):
            data = path.read_bytes()
            path.unlink()
            if left is not None:
                path.write_bytes(data[:left])
            return hashlib.sha256(data).hexdigest()

        monkeypatch.setattr(checkpoint, "compute_file_sha256", change_after_hashing)
        with pytest.raises(UnreadableFile) as error:
            load_prior(file, CPU)
        assert error.value.path == file
        assert error.value.reason

    @pytest.mark.parametrize("data", [b"", b"a text file", b"\xff" * 64, b"PK\3\4" + bytes(100)])
    def test_other_files(self, tmp_path, data):
        path = tmp_path / "p.safetensors"
        path.write_bytes(data)
        self.refused(path)

    def test_cut_off_files(self, tmp_path):
        whole = write_prior(tmp_path / "p.safetensors").read_bytes()
        for length in (1, 8, 100, len(whole) // 2, len(whole) - 1):
            path = tmp_path / "cut.safetensors"
            path.write_bytes(whole[:length])
            self.refused(path)

    def test_no_header_at_all(self, tmp_path):
        self.refused(write_prior(tmp_path / "p.safetensors", header={}))

    @pytest.mark.parametrize("key", sorted(HEADER))
    def test_a_missing_key_is_named(self, tmp_path, key):
        path = write_prior(tmp_path / "p.safetensors", header=without(HEADER, key))
        assert key in self.refused(path)

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("format", "ddrm-restore prior 2"),
            ("architecture", "not json"),
            ("architecture", "[]"),
            ("architecture", "7"),
            ("architecture", "null"),
            ("architecture", json.dumps(ARCHITECTURE | {"kind": "adm"})),
            ("architecture", json.dumps(ARCHITECTURE | {"unshuffle": 4})),
            ("architecture", json.dumps(without(ARCHITECTURE, "middle"))),
            ("architecture", json.dumps(ARCHITECTURE | {"middle": 3})),
            ("architecture", json.dumps(ARCHITECTURE | {"channels": [8, 12]})),
            ("architecture", json.dumps(ARCHITECTURE | {"channels": []})),
            ("architecture", json.dumps(ARCHITECTURE | {"channels": 8})),
            ("architecture", json.dumps(ARCHITECTURE | {"embedding": -1})),
            ("architecture", json.dumps(ARCHITECTURE | {"blocks": 0})),
            ("architecture", json.dumps(ARCHITECTURE | {"middle": 10**9})),
            ("architecture", json.dumps(ARCHITECTURE | {"channels": [8, 12, -16]})),
            ("range", "RGB in [0, 1]"),
            ("sigma", "0.1"),
            ("sigma", "low to high"),
            ("size_multiple", "16"),
            ("size_multiple", "eight"),
        ],
    )
    def test_a_wrong_header(self, tmp_path, key, value):
        path = write_prior(tmp_path / "p.safetensors", header=HEADER | {key: value})
        assert self.refused(path)

    @pytest.mark.parametrize(
        "text",
        [
            "[" * 100_000,
            json.dumps(ARCHITECTURE)[:-1] + ', "x": ' + "[" * 50_000 + "]" * 50_000 + "}",
            *(
                TINY_ADM[:-1] + f', "multipliers": [1, {number}]}}'
                for number in ("Infinity", "-Infinity", "NaN", "1e308", "1" + 400 * "0", "[]")
            ),
        ],
    )
    def test_numbers_that_no_network_has(self, tmp_path, text):
        header = HEADER | {"architecture": text}
        assert self.refused(write_prior(tmp_path / "p.safetensors", header=header))

    @pytest.mark.parametrize("kind", [7, None, ["compact"], {}, {"name": "adm"}])
    def test_an_architecture_without_a_name(self, tmp_path, kind):
        text = json.dumps(ARCHITECTURE | {"kind": kind})
        header = HEADER | {"architecture": text}
        assert self.refused(write_prior(tmp_path / "p.safetensors", header=header))

    @pytest.mark.parametrize(
        ("kind", "printed"),
        [
            ("waves", "waves"),
            ("os:system", "os:system"),
            ("\x1b[2J\n" + 99 * "a", "?[2J?" + 59 * "a"),
        ],
    )
    def test_an_unknown_architecture_is_named(self, tmp_path, kind, printed):
        header = HEADER | {"architecture": json.dumps(ARCHITECTURE | {"kind": kind})}
        path = write_prior(tmp_path / "p.safetensors", header=header)
        for read in (read_prior_info, read_network_summary, lambda file: load_prior(file, CPU)):
            with pytest.raises(UnknownPlugin) as caught:
                read(path)
            assert (caught.value.name, caught.value.path) == (printed, path)
            assert (caught.value.kind, caught.value.distribution) == (PluginKind.ARCHITECTURE, None)

    @pytest.mark.parametrize(
        "name", ["head.weight", "middle.0.modulation.bias", "band_error", "band_error_sigma"]
    )
    def test_a_missing_tensor(self, tmp_path, name):
        tensors = without(random_tensors(), name)
        assert self.refused(write_prior(tmp_path / "p.safetensors", tensors=tensors))

    @pytest.mark.parametrize("name", ["extra", "middle.1.conv1.weight"])
    def test_an_extra_tensor(self, tmp_path, name):
        tensors = random_tensors() | {name: torch.zeros(16, 16, 3, 3)}
        assert self.refused(write_prior(tmp_path / "p.safetensors", tensors=tensors))

    @pytest.mark.parametrize(
        ("name", "shape"),
        [("tail.weight", (12, 8, 1, 1)), ("band_error", (3, 64)), ("band_error", (2, 3, 64))],
    )
    def test_a_wrong_shape(self, tmp_path, name, shape):
        tensors = random_tensors() | {name: torch.zeros(shape)}
        assert self.refused(write_prior(tmp_path / "p.safetensors", tensors=tensors))

    @pytest.mark.parametrize(
        ("name", "values", "words"),
        [
            ("tail.bias", torch.full((12,), float("nan")), "not all finite"),
            ("tail.bias", torch.full((12,), float("inf")).to(torch.float8_e5m2), "not all finite"),
            ("tail.bias", torch.zeros(12, dtype=torch.int64), "not all of floating-point"),
            ("tail.bias", torch.zeros(12, dtype=torch.complex64), "not all of floating-point"),
            ("band_error", torch.full((3, 3, 64), float("nan")), "impossible numbers"),
            ("band_error", torch.full((3, 3, 64), -1.0), "impossible numbers"),
            ("band_error", torch.ones(3, 3, 64, dtype=torch.int32), "not all of floating-point"),
            ("band_error_sigma", torch.tensor([0.1, 0.01, 1.0]), "impossible numbers"),
            ("band_error_sigma", torch.tensor([0.0, 0.1, 1.0]), "impossible numbers"),
            ("band_error_sigma", torch.tensor([0.1, 1.0, float("inf")]), "impossible numbers"),
        ],
    )
    def test_values_that_no_prior_has(self, tmp_path, name, values, words):
        tensors = random_tensors() | {name: values}
        with pytest.raises(InvalidPrior, match=words):
            load_prior(write_prior(tmp_path / "a.safetensors", tensors=tensors), CPU)
