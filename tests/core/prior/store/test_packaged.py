"""Weights in an installed package: found, compared, read and refused."""

from __future__ import annotations

import io
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save, save_file

from app.config.resources import EXAMPLE_IMAGE_PATH
from ddrm_core.errors import InvalidPrior
from ddrm_core.formats.load import load_image
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.reasons import PackagedPriorProblem
from ddrm_core.prior.store import load_packaged
from ddrm_core.prior.store.library import PriorLibrary
from ddrm_core.prior.store.load_packaged import load_packaged_prior, read_packaged_info
from ddrm_core.prior.store.packaged import (
    FFDNET_COLOR,
    PackagedPriorUnavailable,
    find_packaged_file,
)
from tests.support.packaged_priors import (
    describe_file,
    install_distribution,
    random_ffdnet_tensors,
)
from tests.support.small_priors import HEADER, write_prior

CPU = torch.device("cpu")


class Executed:
    """Object whose unpickling would end the tests."""

    def __reduce__(self):
        return (sys.exit, (1,))


def nothing() -> None:
    """Let the evaluation continue."""


def saved(content: object) -> bytes:
    buffer = io.BytesIO()
    torch.save(content, buffer)
    return buffer.getvalue()


def damaged_contents() -> dict[str, tuple[bytes, str]]:
    """Return contents of a file by defect, each with a part of the error's sentence."""
    tensors = random_ffdnet_tensors()
    missing = {name: t for name, t in tensors.items() if name != "model.4.bias"}
    extra = tensors | {"model.24.weight": torch.zeros(3)}
    other = tensors | {"model.0.weight": torch.zeros(96, 12, 3, 3)}
    infinite = tensors | {"model.2.bias": torch.full((96,), torch.inf)}
    integers = {name: t.long() for name, t in tensors.items()}
    return {
        "missing": (saved(missing), "it lacks 'model.4.bias'"),
        "extra": (saved(extra), "it has besides 'model.24.weight'"),
        "shape": (saved(other), "it has otherwise 'model.0.weight'"),
        "code": (saved({"model.0.weight": Executed()}), "it holds more than tensors"),
        "truncated": (saved(tensors)[:-5000], "not a whole PyTorch checkpoint"),
        "no checkpoint": (b"weights", "not a whole PyTorch checkpoint"),
        "infinite": (saved(infinite), "not all finite"),
        "integers": (saved(integers), "not all of floating-point"),
    }


@pytest.mark.parametrize("defect", damaged_contents())
def test_a_file_that_is_no_ffdnet_is_refused(defect, tmp_path, monkeypatch):
    content, sentence = damaged_contents()[defect]
    file = tmp_path / "ffdnet_color.pth"
    file.write_bytes(content)
    monkeypatch.setattr(load_packaged, "find_packaged_file", lambda _: file)
    with pytest.raises(InvalidPrior) as error:
        load_packaged_prior(describe_file(file), CPU)
    assert sentence in str(error.value)
    assert error.value.path == file


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, PackagedPriorProblem.NO_FILE),
        (b"", PackagedPriorProblem.OTHER_FILE),
        (b"other weights", PackagedPriorProblem.OTHER_FILE),
    ],
)
def test_a_package_with_another_file_is_refused(content, problem, tmp_path):
    search_path = [install_distribution(tmp_path / "site", content)]
    with pytest.raises(PackagedPriorUnavailable) as error:
        find_packaged_file(FFDNET_COLOR, search_path)
    assert error.value.problem is problem
    assert FFDNET_COLOR.name in str(error.value)


def test_a_missing_package_is_an_error_and_a_package_of_tests_is_found(tmp_path):
    with pytest.raises(PackagedPriorUnavailable) as error:
        find_packaged_file(FFDNET_COLOR, [str(tmp_path)])
    assert error.value.problem is PackagedPriorProblem.NO_DISTRIBUTION
    content = saved(random_ffdnet_tensors())
    search_path = [install_distribution(tmp_path / "site", content)]
    file = tmp_path / "site" / FFDNET_COLOR.file_name
    assert find_packaged_file(describe_file(file), search_path) == file


@pytest.mark.parametrize("content", [None, b"text", save({"sigma": torch.ones(2)})])
def test_missing_measurements_are_an_error(content, tmp_path):
    path = tmp_path / "measured.safetensors"
    if content is not None:
        path.write_bytes(content)
    described = replace(FFDNET_COLOR, band_error_path=path)
    with pytest.raises(InvalidPrior, match=r"does not hold the .* of a prior"):
        read_packaged_info(described)


@pytest.mark.usefixtures("packaged_priors")
class TestTheInstalledPackage:
    """Laws of the real weights."""

    def test_its_identity_covers_its_measurements(self, tmp_path):
        original = FFDNET_COLOR.band_error_path
        with safe_open(original, "pt") as file:
            tensors, header = {name: file.get_tensor(name) for name in file.keys()}, file.metadata()  # noqa: SIM118
        tensors = {name: t * 1.01 for name, t in tensors.items()}
        save_file(tensors, tmp_path / original.name, header)
        changed = replace(FFDNET_COLOR, band_error_path=tmp_path / original.name)
        identities = {read_packaged_info(p).identity for p in (FFDNET_COLOR, changed)}
        assert len(identities) == 2

    def test_the_package_is_not_imported(self):
        load_packaged_prior(FFDNET_COLOR, CPU)
        assert FFDNET_COLOR.distribution not in sys.modules

    def test_it_removes_noise_better_than_the_bundled_prior(self, bundled, rng):
        prior = load_packaged_prior(FFDNET_COLOR, CPU, precision=torch.float32)
        pixels = load_image(EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")).pixels
        clean = torch.from_numpy(np.ascontiguousarray(pixels)).float()[None, :, 60:188, 150:278]
        clean = clean / 127.5 - 1
        sigma = 50 / 127.5
        x = clean + sigma * torch.randn(clean.shape, generator=rng)
        errors = [
            float((p.denoise(x, sigma, nothing) - clean).square().mean()) for p in (prior, bundled)
        ]
        assert errors[0] < errors[1]

    def test_its_name_gives_the_extended_prior(self, tmp_path):
        library = PriorLibrary(BUNDLED_PRIOR_PATH, tmp_path)
        prior, info = library.load(FFDNET_COLOR.name, CPU), library.read_info(FFDNET_COLOR.name)
        assert (info.name, info.license, info.architecture) == ("ffdnet-color", "MIT", "ffdnet")
        assert info.sha256 == prior.info.sha256 != FFDNET_COLOR.sha256
        assert info.source_sha256 == FFDNET_COLOR.sha256
        assert info.sigma_range == library.read_info("compact").sigma_range
        assert prior.outer_network is not None
        assert library.verify(FFDNET_COLOR.name)[1]

    def test_nothing_jumps_at_the_border(self, tmp_path, rng):
        """The two estimates at a border differ by less than either differs from the image."""
        library = PriorLibrary(BUNDLED_PRIOR_PATH, tmp_path)
        prior = library.load(FFDNET_COLOR.name, CPU, precision=torch.float32)
        pixels = load_image(EXAMPLE_IMAGE_PATH.with_name("budgie_branch_original.png")).pixels
        clean = torch.from_numpy(np.ascontiguousarray(pixels)).float()[None, :, 60:188, 150:278]
        clean = clean / 127.5 - 1
        for border, beyond in zip(prior.info.inner_sigma_range, (1 - 1e-6, 1 + 1e-6), strict=True):
            x = clean + border * torch.randn(clean.shape, generator=rng)
            inside = prior.denoise(x, border, nothing)
            outside = prior.denoise(x, border * beyond, nothing)
            jump, error = ((e.square().mean()) for e in (inside - outside, inside - clean))
            assert 0 < float(jump) < 0.5 * float(error)

    def test_no_prior_of_its_name_is_imported(self, tmp_path):
        library = PriorLibrary(BUNDLED_PRIOR_PATH, tmp_path / "priors")
        file = write_prior(tmp_path / "p.safetensors", header=HEADER | {"name": FFDNET_COLOR.name})
        with pytest.raises(InvalidPrior, match="of an installed package"):
            library.import_file(file)
