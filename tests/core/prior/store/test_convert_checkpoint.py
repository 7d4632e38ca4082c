"""Published checkpoints are recognized by tensors, read without running code, and converted."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ddrm_core.errors import InvalidPrior, OutputExists, UnreadableFile
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.prior.architectures.adm.published import ADM, create_published_network
from ddrm_core.prior.checkpoint import load_prior, read_prior_info
from ddrm_core.prior.store import convert_checkpoint as published
from ddrm_core.prior.store import library
from ddrm_core.prior.store.library import PriorLibrary
from ddrm_core.prior.store.registry import PublishedPrior
from ddrm_core.sampler.schedule import sigma_at
from tests.support.adm_networks import HEADER, TINY, random_adm, write_adm
from tests.support.small_priors import write_prior

CPU = torch.device("cpu")
TOLD = replace(TINY, labels=5)


@pytest.fixture(autouse=True)
def known(monkeypatch):
    """Replace the list of published networks by two small ones."""
    networks = [
        (ADM, create_published_network("tiny, 32x32", TINY, 32)),
        (ADM, create_published_network("tiny with classes, 32x32", TOLD, 32)),
    ]
    monkeypatch.setattr(published, "list_published_networks", lambda: networks)


@pytest.fixture
def here(tmp_path):
    return PriorLibrary(write_prior(tmp_path / "compact.safetensors"), tmp_path / "imported")


def checkpoint(path: Path, shape=TINY, dtype=torch.float32, change=None, *, zipped=True) -> Path:
    tensors = {name: t.to(dtype) for name, t in random_adm(shape).state_dict().items()}
    if change is not None:
        change(tensors)
    torch.save(tensors, path, _use_new_zipfile_serialization=zipped)
    return path


class Bomb:
    def __reduce__(self):
        return (Path.touch, (Path(self.path),))

    def __init__(self, path):
        self.path = str(path)


class TestImport:
    @pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
    def test_a_checkpoint_becomes_a_prior(self, tmp_path, here, dtype):
        file = checkpoint(tmp_path / "net.pt", dtype=dtype)
        info = here.import_file(file)
        assert (info.name, info.training_resolution, info.size_multiple) == ("net", 32, 2)
        assert info.sigma_range == pytest.approx((sigma_at(0), sigma_at(999)), rel=1e-5)
        assert (info.license, info.source_sha256) == (
            "not stated in its file",
            compute_file_sha256(file),
        )
        prior = load_prior(here.find_file("net"), CPU, precision=torch.float32)
        for name, weight in random_adm().state_dict().items():
            assert torch.equal(prior.network.state_dict()[name], weight.to(dtype).float())
        assert here.verify("net")[1]
        assert here.import_file(file).sha256 == info.sha256  # a second import changes nothing

    def test_a_file_of_pytorch_before_1_6_is_the_same_prior(self, tmp_path, here):
        info = here.import_file(checkpoint(tmp_path / "old.pth", zipped=False))
        prior = load_prior(info.path, CPU, precision=torch.float32)
        for name, weight in random_adm().state_dict().items():
            assert torch.equal(prior.network.state_dict()[name], weight)

    def test_one_that_the_registry_knows_is_called_as_there(self, tmp_path, here, monkeypatch):
        file = checkpoint(tmp_path / "net.pt")
        entry = PublishedPrior(
            name="known-1",
            architecture="tiny",
            training_resolution=32,
            size_multiple=2,
            relative_cost=1.0,
            sigma_range=(0.01, 157.0),
            training_data="stones",
            license="MIT",
            info_url="https://example.org",
            download_url="https://example.org/net.pt",
            size_bytes=file.stat().st_size,
            sha256=compute_file_sha256(file),
        )
        monkeypatch.setattr(library, "PUBLISHED_PRIORS", (entry,))
        info = here.import_file(file)
        assert (info.name, info.license, info.training_data) == ("known-1", "MIT", "stones")

    def test_another_of_that_name_is_kept(self, tmp_path, here):
        here.import_file(checkpoint(tmp_path / "net.pt"))
        (tmp_path / "other").mkdir()
        other = checkpoint(tmp_path / "other" / "net.pt", dtype=torch.float16)
        with pytest.raises(OutputExists):
            here.import_file(other)

    def test_classes_are_replaced_by_their_mean(self, tmp_path, here):
        told = random_adm(TOLD)
        info = here.import_file(checkpoint(tmp_path / "net.pt", TOLD))
        assert "mean of all classes" in info.training_data
        network = load_prior(here.find_file("net"), CPU, precision=torch.float32).network
        x, time = torch.randn(1, 3, 16, 16), torch.tensor([300.0])
        told.time_embed[2].bias += told.label_emb.weight.mean(0)
        torch.testing.assert_close(network(x, time), told(x, time))


def less(tensors):
    del tensors["out.2.bias"]


def more(tensors):
    tensors["out.3.weight"] = torch.zeros(3)


def otherwise(tensors):
    tensors["out.2.bias"] = torch.zeros(7)


def whole_numbers(tensors):
    tensors["out.2.bias"] = torch.zeros(6, dtype=torch.int64)


def not_finite(tensors):
    tensors["out.2.bias"] = torch.full((6,), float("nan"))


class TestRefused:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (less, "lacks 'out.2.bias'"),
            (more, "has besides 'out.3.weight'"),
            (otherwise, "has otherwise 'out.2.bias'"),
            (whole_numbers, "not all of floating-point"),
            (not_finite, "not all finite"),
            (dict.clear, "none of the networks known here"),
        ],
    )
    def test_other_tensors(self, tmp_path, here, change, words):
        with pytest.raises(InvalidPrior, match=words):
            here.import_file(checkpoint(tmp_path / "net.pt", change=change))
        assert not list(here.folder.glob("*"))  # nothing is left behind

    @pytest.mark.parametrize("zipped", [True, False])
    def test_a_pickle_that_would_do_something(self, tmp_path, here, zipped):
        mark, file = tmp_path / "done", tmp_path / "bomb.pt"
        torch.save({"out.2.bias": Bomb(mark)}, file, _use_new_zipfile_serialization=zipped)
        with pytest.raises(InvalidPrior, match="more than tensors"):
            here.import_file(file)
        assert not mark.exists()
        torch.load(file, weights_only=False)
        mark.unlink()  # unrestricted loading would have run the code
        file.write_bytes(pickle.dumps({"out.2.bias": Bomb(mark)}))
        with pytest.raises(InvalidPrior, match="not a whole PyTorch checkpoint"):
            here.import_file(file)
        assert not mark.exists()

    @pytest.mark.parametrize("share", [0.0, 0.3, 0.999])
    def test_a_truncated_file(self, tmp_path, here, share):
        file = checkpoint(tmp_path / "net.pt")
        data = file.read_bytes()
        file.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(InvalidPrior):
            here.import_file(file)

    def test_a_file_of_pytorch_before_1_6_that_is_truncated_anywhere(self, tmp_path):
        file = tmp_path / "old.pth"
        torch.save({"out.2.bias": torch.ones(6)}, file, _use_new_zipfile_serialization=False)
        data = file.read_bytes()
        for length in range(0, len(data), 7):
            file.write_bytes(data[:length])
            with pytest.raises(InvalidPrior):
                published.convert_checkpoint(file, name="", weights_license="", training_data="")

    def test_something_else(self, tmp_path, here):
        file = tmp_path / "list.pt"
        torch.save([torch.zeros(3)], file)
        with pytest.raises(InvalidPrior, match="dictionary of tensors"):
            here.import_file(file)
        file.write_bytes(b"no checkpoint at all")
        with pytest.raises(InvalidPrior):
            here.import_file(file)
        with pytest.raises(UnreadableFile):
            here.import_file(tmp_path / "missing.pt")


class TestHeaders:
    @pytest.mark.parametrize(
        ("key", "value", "words"),
        [
            ("resolution", None, "resolution"),
            ("resolution", "33", "resolution"),
            ("size_multiple", "8", "size multiple"),
            ("sigma", "0 to 5", "noise levels"),
            ("architecture", '{"kind": "adm"}', "cannot be understood"),
        ],
    )
    def test_what_a_network_with_attention_must_say(self, tmp_path, key, value, words):
        header = dict(HEADER)
        if value is None:
            del header[key]
        else:
            header[key] = value
        with pytest.raises(InvalidPrior, match=words):
            read_prior_info(write_adm(tmp_path / "a.safetensors", header))

    def test_huge_numbers_fill_no_memory(self, tmp_path):
        shape = HEADER["architecture"].replace('"blocks": 1', '"blocks": 65')
        with pytest.raises(InvalidPrior, match="blocks a level"):
            read_prior_info(write_adm(tmp_path / "a.safetensors", HEADER | {"architecture": shape}))
