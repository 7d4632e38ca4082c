"""The priors of the results in a folder, for a batch whose prior was not chosen by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from ddrm_core.batch.manifest.entries import ManifestEntry
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.errors import CoreError, FileError
from ddrm_core.messages import tr_noop


@dataclass(eq=False)
class PriorFallbackRefused(FileError):
    """The error that a folder has results of another prior than the one that a batch fell back to.

    Attributes:
        prior: Name of the prior that the batch would use.
    """

    template = tr_noop("{path} was made with another prior than {prior}, which is used now")
    prior: str


def check_prior_of_results(
    manifest: Manifest,
    settings: BatchSettings,
    *,
    prior_name: str,
    prior_sha256: str,
    prior_identity: str,
    planned_suffix: str,
) -> None:
    """Raise PriorFallbackRefused if an intact result of a folder is not known to be of a prior.

    A result with the settings of the batch is recognized by the manifest, any other by its run
    record. A result without a run record counts as one of another prior, and so does one in an
    object store, which is not downloaded.

    Args:
        manifest: Manifest of the folder.
        settings: Settings of the batch.
        prior_name: Name of the prior.
        prior_sha256: SHA-256 of the prior, as in run records.
        prior_identity: `PriorInfo.identity` of the prior.
        planned_suffix: Suffix of planned targets.

    Raises the errors of `Manifest.find_results`, too.
    """
    for entry in manifest.iter_intact_entries():
        suffixes = {PurePosixPath(entry.target).suffix, planned_suffix}
        hashes = {settings.compute_sha256(prior_identity, suffix) for suffix in suffixes}
        if entry.settings_sha256 not in hashes and not _is_of_prior(manifest, entry, prior_sha256):
            raise PriorFallbackRefused(manifest.folder / entry.target, prior_name)


def _is_of_prior(manifest: Manifest, entry: ManifestEntry, prior_sha256: str) -> bool:
    if isinstance(manifest.folder, ObjectPath):
        return False
    from ddrm_core.export.replay import read_run_record  # loads torch

    try:
        return read_run_record(manifest.folder / entry.target).prior_sha256 == prior_sha256
    except CoreError:
        return False
