"""Imported priors."""

from __future__ import annotations

import pytest

from ddrm_core.errors import (
    InvalidPrior,
    OutputExists,
    PriorChecksumMismatch,
    UnreadableFile,
    UnwritableOutput,
)
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.checkpoint import read_prior_info
from ddrm_core.prior.store.library import NetworkSummary, PriorLibrary, read_network_summary
from ddrm_core.prior.store.packaged import FFDNET_COLOR, find_packaged_file
from tests.support.adm_networks import random_adm, write_adm
from tests.support.small_priors import HEADER, random_tensors, write_prior


@pytest.fixture
def library(tmp_path) -> PriorLibrary:
    return PriorLibrary(BUNDLED_PRIOR_PATH, tmp_path / "data" / "priors")


def test_an_imported_prior_is_found_by_its_name(library, tmp_path):
    assert list(library.list_files()) == [BUNDLED_PRIOR_PATH]
    source = write_prior(tmp_path / "some file.safetensors")
    found = library.import_file(source)
    assert found.name == "tiny"
    source.unlink()
    assert library.find_file("tiny") == found.path
    assert list(library.list_files()) == [BUNDLED_PRIOR_PATH, found.path]
    assert read_prior_info(found.path).sha256 == found.sha256
    assert library.find_file("compact") == BUNDLED_PRIOR_PATH


def test_what_is_no_name_is_a_path(library, tmp_path):
    library.import_file(write_prior(tmp_path / "a.safetensors"))
    for text in ("other", "./tiny", "../priors/tiny", str(tmp_path / "x.safetensors")):
        assert str(library.find_file(text)) == str(type(tmp_path)(text))


def test_the_same_file_twice_is_one_and_another_of_its_name_is_refused(library, tmp_path):
    first = write_prior(tmp_path / "a.safetensors")
    again = library.import_file(first)
    assert library.import_file(first).path == again.path
    other = write_prior(tmp_path / "b.safetensors", tensors=random_tensors(seed=1))
    with pytest.raises(OutputExists):
        library.import_file(other)


@pytest.mark.parametrize("name", ["compact", "", "../up", "a/b", ".hidden", "x" * 65, "ü"])
def test_names_that_would_be_trouble(library, tmp_path, name):
    path = write_prior(tmp_path / "a.safetensors", header=HEADER | {"name": name})
    with pytest.raises(InvalidPrior):
        library.import_file(path)
    assert not library.folder.exists()


def test_what_is_no_prior_is_not_imported(library, tmp_path):
    path = tmp_path / "a.safetensors"
    path.write_bytes(BUNDLED_PRIOR_PATH.read_bytes()[:1000])
    with pytest.raises(InvalidPrior):
        library.import_file(path)
    with pytest.raises(UnreadableFile):
        library.import_file(tmp_path / "absent.safetensors")
    assert not library.folder.exists()


def test_a_folder_that_cannot_be_made(library, tmp_path):
    library.folder.parent.write_bytes(b"")
    with pytest.raises(UnwritableOutput):
        library.import_file(write_prior(tmp_path / "a.safetensors"))


def test_a_removed_prior_leaves_nothing_behind(library, tmp_path):
    library.import_file(write_prior(tmp_path / "a.safetensors"))
    library.remove("tiny")
    assert list(library.folder.iterdir()) == []
    library.remove("tiny")  # has been removed already
    for name in ("compact", "../a", str(tmp_path / "a")):
        library.remove(name)
    assert BUNDLED_PRIOR_PATH.exists()
    assert (tmp_path / "a.safetensors").exists()


def test_what_cannot_be_removed_is_said(library):
    (library.folder / "tiny.safetensors").mkdir(parents=True)
    with pytest.raises(UnwritableOutput):
        library.remove("tiny")


def test_the_size_of_a_network(tmp_path):
    tensors = random_tensors()
    count = sum(t.numel() for name, t in tensors.items() if not name.startswith("band_error"))
    compact = read_network_summary(write_prior(tmp_path / "a.safetensors"))
    assert compact == NetworkSummary("compact", count, compact.macs_per_pixel)
    # The 3x3 convolutions of the finest level alone, at half the resolution.
    assert compact.macs_per_pixel > 9 * (12 * 8 + 4 * 8 * 8 + 8 * 12) / 4
    adm = write_adm(tmp_path / "b.safetensors")
    parameters = sum(t.numel() for t in random_adm().parameters())
    summary = read_network_summary(adm)
    assert (summary.architecture, summary.parameter_count) == ("adm", parameters)
    assert summary.macs_per_pixel > 0
    (tmp_path / "c.safetensors").write_bytes(b"junk")
    with pytest.raises(UnreadableFile):
        read_network_summary(tmp_path / "c.safetensors")


def test_the_checkpoint_of_a_packaged_prior_is_known_by_its_checksum(library):
    """Its name stays that of the installed package."""
    info = library.import_file(find_packaged_file(FFDNET_COLOR))
    assert (info.name, info.license) == ("ffdnet_color", "MIT")
    assert (info.architecture, info.source_sha256) == ("ffdnet", FFDNET_COLOR.sha256)
    assert info.training_data == FFDNET_COLOR.training_data


def test_the_bundled_prior_is_compared_with_a_stored_checksum(library, tmp_path):
    """Defect 16: the file was called whole without a comparison."""
    info, has_checksum = library.verify("compact")
    assert has_checksum
    copy = tmp_path / BUNDLED_PRIOR_PATH.name
    copy.write_bytes(BUNDLED_PRIOR_PATH.read_bytes())
    checksum = BUNDLED_PRIOR_PATH.with_suffix(".sha256")
    copy.with_suffix(".sha256").write_text(checksum.read_text().replace(info.sha256, "0" * 64))
    with pytest.raises(PriorChecksumMismatch):
        PriorLibrary(copy, tmp_path / "data" / "priors").verify("compact")
