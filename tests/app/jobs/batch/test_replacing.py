"""Replacement of sources on a worker thread."""

from __future__ import annotations

from typing import cast

import pytest

from app.jobs.batch.replacing import ReplacementChoice, ReplacementPlan, SourceReplacer
from ddrm_core.batch.outcome import FileState
from ddrm_core.batch.replacement.backups import BackupFolder
from ddrm_core.batch.replacement.reasons import RetentionReason
from ddrm_core.batch.replacement.undo_log import FolderInUse, UndoLog
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.prior.denoiser import Prior
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.step_iterator import StepIterator
from tests.support.replaced_sources import ORIGINAL, Album

SETTINGS = BatchSettings(SamplerSettings(steps=1, samples=1), 0)
UNUSED_PRIOR = cast("Prior", None)  # each file of these tests is refused before it is restored


@pytest.fixture
def album(tmp_path):
    return Album(tmp_path).create()


def test_an_original_that_another_program_has_moved_since_stays(album):
    """A backup in the folder itself is no source, even if it is newer than the log in memory."""
    plan = ReplacementPlan(album.folder, ReplacementChoice(album.root / "out"), frozenset({1}))
    replacer = SourceReplacer()
    replacer.prepare(plan)
    backup = album.replace(BackupFolder(album.folder / "kept")).backup
    source = album.folder / "kept" / "sub" / "photo.jpg"
    assert str(source) == backup
    steps = StepIterator(replacer.replace(source, plan, SETTINGS, UNUSED_PRIOR, CancelToken()))
    assert list(steps) == []
    assert steps.result.state is FileState.NOT_REPLACED
    assert steps.result.retention_reason is RetentionReason.BACKUP
    assert source.read_bytes() == ORIGINAL


def test_a_folder_that_another_command_replaces_is_not_touched(album):
    plan = ReplacementPlan(album.folder, ReplacementChoice(album.root / "out"), frozenset({1}))
    with UndoLog(album.folder).lock(), pytest.raises(FolderInUse):
        SourceReplacer().prepare(plan)
    assert album.source.read_bytes() == ORIGINAL
