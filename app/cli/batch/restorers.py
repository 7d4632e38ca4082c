"""Choice of what restores the files of a batch: this process or several others."""

from __future__ import annotations

from app.cli.batch.worker_options import WorkerOptions
from app.cli.console import print_note
from app.cli.options import RunOptions
from app.config.prior_locations import create_prior_library, find_prior_file
from app.i18n.error_messages import message_from_error
from ddrm_core.batch.manifest import Manifest
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.workers.places import choose_places
from ddrm_core.batch.workers.pool import WorkerPool
from ddrm_core.batch.workers.restorer import BatchRestorer, InProcessRestorer
from ddrm_core.batch.workers.session import WorkerPrior, WorkerSetup, list_installed_plugins


def create_restorer(
    options: WorkerOptions,
    prior_name: str,
    run_options: RunOptions,
    settings: BatchSettings,
    manifest: Manifest,
) -> BatchRestorer:
    """Create what restores the files of a batch, and load or check its prior.

    Args:
        options: Options that distribute the batch.
        prior_name: Name or file of the prior.
        run_options: Device and limits of the computation.
        settings: Settings of all files.
        manifest: Manifest of the folder of the results.

    Raises:
        UnknownDevice: If this machine has no such device.
        CoreError: If the prior cannot be loaded.
    """
    if options.count != 1:
        run_options.compute.apply()
        places = choose_places(options.count, run_options.device)
        if len(places) > 1:
            find_prior_file(prior_name)
            library = create_prior_library()
            info = library.read_info(prior_name)
            setup = WorkerSetup(
                WorkerPrior(library, prior_name, info.identity),
                settings,
                manifest.folder,
                manifest.driver,
                list_installed_plugins(),
            )
            return WorkerPool(setup, info, places, _print_fallback)
    return InProcessRestorer(settings, run_options.load_prior(prior_name), manifest)


def _print_fallback(error: Exception) -> None:
    print_note(f"{message_from_error(error).title}: going on with the CPU")
