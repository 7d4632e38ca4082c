"""The check of a batch that uses the bundled prior without the user's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.jobs.batch.batch_items import CommonSettings
from app.jobs.run.restore_settings import RestoreSettings
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.prior_of_results import check_prior_of_results
from ddrm_core.batch.settings import BatchSettings

if TYPE_CHECKING:
    from ddrm_core.prior.denoiser import Prior


def check_prior_fallback(
    manifest: Manifest,
    common_settings: CommonSettings,
    restore_settings: RestoreSettings,
    prior: Prior,
) -> None:
    """Raise PriorFallbackRefused if a folder has results of another prior than the fallback.

    Args:
        manifest: Manifest of the output folder.
        common_settings: Common settings of the batch.
        restore_settings: Settings of the restoration, those of an item or the common ones.
        prior: Loaded prior of `restore_settings`.

    Raises the errors of `check_prior_of_results`. Settings whose prior was chosen are not checked.
    """
    if not restore_settings.is_prior_fallback:
        return
    settings = BatchSettings(
        restore_settings.sampler,
        restore_settings.seed,
        restore_settings.assumption,
        common_settings.export,
    )
    check_prior_of_results(
        manifest,
        settings,
        prior_name=prior.info.name,
        prior_sha256=prior.info.sha256,
        prior_identity=prior.info.identity,
        planned_suffix=common_settings.suffix,
    )
