"""Choice of what restores the files of a batch: this process or several others."""

from __future__ import annotations

from pathlib import Path

import torch

from app.cli.batch.worker_options import WorkerOptions
from app.cli.console import print_note
from app.cli.options.shared import RunOptions
from app.config.prior_locations import create_prior_library, find_prior_file
from app.i18n.error_messages import message_from_error
from ddrm_core import __version__
from ddrm_core.batch.cluster.cluster_worker import ClusterSetup
from ddrm_core.batch.cluster.places import choose_cluster_places
from ddrm_core.batch.cluster.pool import ClusterPool
from ddrm_core.batch.cluster.ray_cluster import RayCluster
from ddrm_core.batch.cluster.reasons import NoWorkerStarted
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.batch.stores.batch_stores import BatchStores
from ddrm_core.batch.streaming.streamed_plan import StreamedPlan
from ddrm_core.batch.workers.places import choose_places
from ddrm_core.batch.workers.pool import WorkerPool
from ddrm_core.batch.workers.restorer import BatchRestorer, InProcessRestorer
from ddrm_core.batch.workers.session import WorkerPrior, WorkerSetup, list_installed_plugins
from ddrm_core.prior.denoiser import PriorInfo


def create_restorer(
    options: WorkerOptions,
    prior_name: str,
    run_options: RunOptions,
    settings: BatchSettings,
    manifest: Manifest,
    plan: StreamedPlan | None,
    stores: BatchStores,
) -> BatchRestorer:
    """Create what restores the files of a batch, and load or check its prior.

    Args:
        options: Options that distribute the batch.
        prior_name: Name or file of the prior.
        run_options: Device and limits of the computation.
        settings: Settings of all files.
        manifest: Manifest of the folder of the results.
        plan: Streamed plan of the batch, which a cluster needs; None without one.
        stores: Object stores of the batch.

    Raises:
        UnknownDevice: If this machine has no such device.
        ClusterNotInstalled: If a cluster is requested without Ray.
        ClusterUnavailable: If no cluster is reached or started.
        CoreError: If the prior cannot be loaded.
    """
    run_options.compute.apply()
    if options.cluster is not None:
        assert plan is not None
        setup, info = _create_setup(prior_name, settings, manifest, stores)
        return _create_cluster_pool(options, run_options, setup, info, plan)
    if options.count != 1:
        places = choose_places(options.count, run_options.device)
        if len(places) > 1:
            setup, info = _create_setup(prior_name, settings, manifest, stores)
            return WorkerPool(setup, info, places, _print_fallback)
    prior, sources = run_options.load_prior(prior_name), stores.open_sources(manifest)
    return InProcessRestorer(settings, prior, manifest, sources)


def _create_cluster_pool(
    options: WorkerOptions,
    run_options: RunOptions,
    setup: WorkerSetup,
    info: PriorInfo,
    plan: StreamedPlan,
) -> ClusterPool:
    """Connect to a cluster and return its pool of workers; raises the errors of its caller."""
    assert options.cluster is not None
    thread_count = torch.get_num_threads()
    cluster = RayCluster(options.cluster, max(thread_count, options.count or 1))
    places = choose_cluster_places(options.count, run_options.device, cluster.list_machines())
    cluster_setup = ClusterSetup(setup, plan, Path.cwd(), __version__)
    return ClusterPool(cluster, cluster_setup, info, places, _print_fallback, _print_waiting)


def _create_setup(
    prior_name: str, settings: BatchSettings, manifest: Manifest, stores: BatchStores
) -> tuple[WorkerSetup, PriorInfo]:
    """Return the facts of a batch for its workers, and the description of the prior.

    Raises the errors of `find_prior_file`, `PriorLibrary.read_info` and `Manifest.find_results`.
    """
    # Workers that start at the same time would each read all lines of a large manifest.
    manifest.read_new_lines()
    find_prior_file(prior_name)
    library = create_prior_library()
    info = library.read_info(prior_name)
    setup = WorkerSetup(
        WorkerPrior(library, prior_name, info.identity),
        settings,
        manifest.folder,
        manifest.driver,
        list_installed_plugins(),
        stores,
    )
    return setup, info


def _print_fallback(error: Exception) -> None:
    print_note(f"{message_from_error(error).title}: going on with the CPU")


def _print_waiting(error: NoWorkerStarted) -> None:
    print_note(message_from_error(error).as_line())
