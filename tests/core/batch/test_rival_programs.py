"""Other programs write results and files at the moment at which a batch writes its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.result_storage import FolderStorage, OutputFile
from ddrm_core.batch.runner import restore_files
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.errors import OutputExists
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.sampler.settings import SamplerSettings
from tests.support.batch_results import contents
from tests.support.pictures import photograph
from tests.support.small_priors import write_prior

QUICK = BatchSettings(SamplerSettings(steps=1, samples=1))


class RivalStorage(FolderStorage):
    """The storage of results in a folder to which another program writes, too.

    Attributes:
        prepare: Function that is called whenever the folder of a result was prepared.
        finish: Function that is called before a result gets its name.
    """

    prepare: Callable[[], object] = staticmethod(lambda: None)
    finish: Callable[[], object] = staticmethod(lambda: None)

    def prepare_folder_of(self, path: Path) -> None:
        super().prepare_folder_of(path)
        self.prepare()

    @contextmanager
    def writer(self, path: Path, *, overwrite: bool) -> Iterator[OutputFile]:
        with super().writer(path, overwrite=overwrite) as output:
            yield output
            self.finish()


@pytest.fixture(scope="module")
def restore_photo(tmp_path_factory):
    """Return a function that restores a photograph to a folder, through a storage."""
    folder = tmp_path_factory.mktemp("photo")
    prior = load_prior(write_prior(folder / "tiny.safetensors"), choose_device("cpu"))
    Image.fromarray(photograph(17, 23, seed=1)).save(folder / "photo.jpg", quality=20)

    def restore_photo(
        out: Path, storage: FolderStorage, settings: BatchSettings = QUICK
    ) -> FileOutcome:
        item = PlannedFile(folder / "photo.jpg", out / "photo.png")
        manifest = Manifest(out, storage=storage)
        *_, outcome = restore_files([item], settings, prior, manifest, CancelToken())
        assert isinstance(outcome, FileOutcome)
        return outcome

    return restore_photo


@pytest.mark.parametrize("call_number", [1, 2, 3, 4])
def test_a_result_of_other_settings_is_kept_whenever_it_appears(
    restore_photo, tmp_path, call_number
):
    """The other program finishes the same image at each moment at which the path is chosen."""
    storage, call_count = RivalStorage(), 0

    def prepare() -> None:
        nonlocal call_count
        call_count += 1
        if call_count == call_number:
            assert restore_photo(tmp_path, FolderStorage()).state is FileState.DONE

    storage.prepare = prepare
    outcome = restore_photo(tmp_path, storage, replace(QUICK, seed=1))
    kept = contents(tmp_path)
    assert call_count >= call_number
    assert outcome.state is FileState.KEPT_OTHER_SETTINGS
    assert restore_photo(tmp_path, FolderStorage()).state is FileState.SKIPPED
    assert contents(tmp_path) == kept


def test_a_name_that_is_taken_at_each_try_is_given_up(restore_photo, tmp_path):
    """The other program creates and deletes a file of this name again and again."""
    storage, target, try_count = RivalStorage(), tmp_path / "photo.png", 0

    def finish() -> None:
        nonlocal try_count
        try_count += 1
        target.touch()

    storage.prepare = lambda: target.unlink(missing_ok=True)
    storage.finish = finish
    outcome = restore_photo(tmp_path, storage)
    assert isinstance(outcome.error, OutputExists)
    assert outcome.error.path == target
    assert 10 < try_count < 1000
