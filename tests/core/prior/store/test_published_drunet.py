"""The published DRUNet checkpoint: recognized by its tensors, converted, refused if changed."""

from __future__ import annotations

import re
from collections import OrderedDict
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from ddrm_core.errors import InvalidPrior
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.prior.architectures.adm.network import AdmNetwork
from ddrm_core.prior.architectures.adm.published import ADM_256_CONFIG
from ddrm_core.prior.architectures.architecture import PublishedNetwork
from ddrm_core.prior.architectures.drunet import DRUNET, DrunetNetwork
from ddrm_core.prior.architectures.drunet import DRUNET_COLOR_CONFIG as CONFIG
from ddrm_core.prior.architectures.ffdnet import FFDNET_COLOR_CONFIG, FfdnetNetwork
from ddrm_core.prior.architectures.mirrored_border import mirror_border
from ddrm_core.prior.architectures.operation_count import count_macs
from ddrm_core.prior.architectures.registry import create_meta_network
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.store import convert_checkpoint, library
from ddrm_core.prior.store.library import PriorLibrary
from ddrm_core.prior.store.registry import PUBLISHED_PRIORS, PublishedPrior
from tests.support.drunet_networks import CPU, TINY, seeded_drunet, write_drunet
from tests.support.small_priors import write_prior

NAME = "m_down1.0.res.2.weight"


@pytest.fixture
def imported(tmp_path, monkeypatch) -> PriorLibrary:
    """Return an empty prior library; the tiny network stands for the published one."""
    network = PublishedNetwork("DRUNet, tiny", TINY, None, (0.01, 0.39), TINY)
    networks = [*convert_checkpoint.list_published_networks(), (DRUNET, network)]
    monkeypatch.setattr(convert_checkpoint, "list_published_networks", lambda: networks)
    return PriorLibrary(write_prior(tmp_path / "compact.safetensors"), tmp_path / "imported")


def write_checkpoint(path: Path, change=None) -> Path:
    """Write a checkpoint as KAIR's are: an ordered dictionary in the format before PyTorch 1.6."""
    tensors = OrderedDict(seeded_drunet().state_dict())
    if change is not None:
        change(tensors)
    torch.save(tensors, path, _use_new_zipfile_serialization=False)
    return path


def test_it_becomes_the_prior_of_its_name(tmp_path, imported, monkeypatch):
    file = write_checkpoint(tmp_path / "drunet_color.pth")
    entry = PublishedPrior(
        name="drunet-color",
        architecture="DRUNet",
        training_resolution=None,
        size_multiple=2,
        relative_cost=1.0,
        sigma_range=(0.01, 0.39),
        training_data="photographs",
        license="MIT",
        info_url="https://example.org",
        download_url="https://example.org/drunet_color.pth",
        size_bytes=file.stat().st_size,
        sha256=compute_file_sha256(file),
    )
    monkeypatch.setattr(library, "PUBLISHED_PRIORS", (entry,))
    info = imported.import_file(file)
    assert (info.name, info.license, info.architecture) == ("drunet-color", "MIT", "drunet")
    assert info.sigma_range == (0.01, 0.39)
    assert (info.training_resolution, info.source_sha256) == (None, entry.sha256)
    prior = load_prior(imported.find_file("drunet-color"), CPU, precision=torch.float32)
    x = torch.randn(1, 3, 9, 11, generator=torch.manual_seed(0))
    expected = seeded_drunet()
    for name, weight in expected.state_dict().items():
        assert torch.equal(prior.network.state_dict()[name], weight)
    assert prior.denoise(x, 0.2, lambda: None).shape == x.shape


def test_above_its_noise_levels_the_bundled_prior_takes_over(tmp_path, imported):
    """The border is at 50 gray levels, the highest noise level of DRUNet's training."""
    file = write_drunet(tmp_path / "a.safetensors")
    own, combined = load_prior(file, CPU), imported.load(str(file), CPU)
    bundled = load_prior(imported.bundled_path, CPU)
    x = torch.randn(1, 3, 16, 24, generator=torch.manual_seed(0))
    for sigma in (0.02, 49.9 / 127.5):
        expected = own.denoise(x, sigma, lambda: None)
        assert torch.equal(combined.denoise(x, sigma, lambda: None), expected)
    for sigma in (50.1 / 127.5, 1.2):  # equals the middle of a larger, mirrored image
        expected = bundled.denoise(mirror_border(x, 32), sigma, lambda: None)[:, :, 32:48, 32:56]
        torch.testing.assert_close(combined.denoise(x, sigma, lambda: None), expected)
    assert combined.info.sigma_range[1] == bundled.info.sigma_range[1]
    assert combined.info.identity not in (own.info.identity, bundled.info.identity)


def test_the_published_checkpoint_is_described_as_its_network_is():
    (network,) = DRUNET.published_networks
    (entry,) = (p for p in PUBLISHED_PRIORS if p.name == "drunet-color")
    assert entry.size_multiple == network.config.size_multiple == 8
    assert entry.sigma_range == pytest.approx(network.sigma_range)
    assert entry.training_resolution is network.training_resolution is None
    assert entry.sigma_range[1] * 127.5 == pytest.approx(50)


def test_the_cost_of_published_priors_is_that_of_their_networks():
    """A network without a size is compared at 1024x1024 pixels, as FFDNet is."""
    networks = {"adm-256": (ADM_256_CONFIG, AdmNetwork), "drunet-color": (CONFIG, DrunetNetwork)}

    def count(network_class, config, side):
        return count_macs(create_meta_network(network_class, config), side, side) / side**2

    ffdnet = count(FfdnetNetwork, FFDNET_COLOR_CONFIG, 1024)
    for entry in PUBLISHED_PRIORS:
        config, network_class = networks[entry.name]
        cost = count(network_class, config, entry.training_resolution or 1024) / ffdnet
        assert entry.relative_cost == pytest.approx(cost, rel=0.005)


def test_all_published_networks_are_told_apart():
    """No two known networks have the same tensors, so that a checkpoint belongs to one only."""
    seen = []
    for architecture, network in convert_checkpoint.list_published_networks():
        with torch.device("meta"):
            tensors = architecture.network_class(network.config).state_dict()
        shapes = {name: tuple(t.shape) for name, t in tensors.items()}
        assert shapes not in seen, network.title
        seen.append(shapes)


def lack(tensors):
    del tensors[NAME]


def add(tensors):
    tensors["m_head.bias"] = torch.zeros(8)


def reshape(tensors):
    tensors[NAME] = torch.zeros(8, 8, 1, 1)


def spoil(tensors):
    tensors[NAME] = torch.full((8, 8, 3, 3), float("nan"))


def count(tensors):
    tensors[NAME] = torch.zeros(8, 8, 3, 3, dtype=torch.int64)


class TouchingFile:
    """An object whose unpickling creates a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lack, f"lacks '{NAME}'"),
        (add, "has besides 'm_head.bias'"),
        (reshape, f"has otherwise '{NAME}'"),
        (spoil, "not all finite"),
        (count, "not all of floating-point"),
    ],
)
def test_other_tensors_are_refused(tmp_path, imported, change, words):
    with pytest.raises(InvalidPrior, match=words):
        imported.import_file(write_checkpoint(tmp_path / "a.pth", change))
    assert not list(imported.folder.glob("*"))


def transpose(tensors):
    tensors[NAME] = tensors[NAME].transpose(0, 1).contiguous().transpose(0, 1)


def store_channels_last(tensors):
    tensors[NAME] = tensors[NAME].to(memory_format=torch.channels_last)


def share_memory(tensors):
    first = torch.stack([tensors[NAME], tensors["m_up1.1.res.2.weight"]])
    tensors[NAME], tensors["m_up1.1.res.2.weight"] = first[0], first[1]


@pytest.mark.parametrize("change", [transpose, store_channels_last, share_memory])
def test_the_layout_of_tensors_in_memory_does_not_matter(tmp_path, imported, change):
    info = imported.import_file(write_checkpoint(tmp_path / "a.pth", change))
    tensors = load_file(info.path)
    for name, weight in seeded_drunet().state_dict().items():
        assert torch.equal(tensors[name], weight), name


def test_one_memory_for_two_tensors_is_stored_twice(tmp_path, imported):
    def tie(tensors):
        tensors[NAME] = tensors["m_down1.0.res.0.weight"]

    tensors = load_file(imported.import_file(write_checkpoint(tmp_path / "a.pth", tie)).path)
    assert torch.equal(tensors[NAME], tensors["m_down1.0.res.0.weight"])


def make_sparse(tensors):
    tensors[NAME] = tensors[NAME].to_sparse()


def drop_values(tensors):
    tensors[NAME] = tensors[NAME].to("meta")


def round_to_eight_bits(tensors):
    tensors[NAME] = tensors[NAME].to(torch.float8_e4m3fn)


@pytest.mark.parametrize("change", [make_sparse, drop_values, round_to_eight_bits])
def test_tensors_of_other_kinds_are_refused(tmp_path, imported, change):
    with pytest.raises(InvalidPrior):
        imported.import_file(write_checkpoint(tmp_path / "a.pth", change))
    assert not list(imported.folder.glob("*"))


def test_a_damaged_file_is_refused(tmp_path, imported):
    """The list of the tensors' memories has another name than the tensors themselves."""
    file = write_checkpoint(tmp_path / "a.pth")
    data = bytearray(file.read_bytes())
    *_, last = re.finditer(rb"[0-9]{9,}", bytes(data[:9000]))
    data[last.start()] ^= 1
    file.write_bytes(data)
    with pytest.raises(InvalidPrior, match="not a whole PyTorch checkpoint"):
        imported.import_file(file)


def test_code_in_it_is_not_run(tmp_path, imported):
    mark = tmp_path / "mark"

    def hide_code(tensors):
        tensors["m_head.bias"] = TouchingFile(mark)

    file = write_checkpoint(tmp_path / "a.pth", hide_code)
    with pytest.raises(InvalidPrior, match="more than tensors"):
        imported.import_file(file)
    assert not mark.exists()
    torch.load(file, weights_only=False)
    assert mark.exists()  # unrestricted loading runs the code


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.9999])
def test_a_truncated_file_is_refused(tmp_path, imported, share):
    file = write_checkpoint(tmp_path / "a.pth")
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(InvalidPrior, match="not a whole PyTorch checkpoint"):
        imported.import_file(file)
    assert not list(imported.folder.glob("*"))
