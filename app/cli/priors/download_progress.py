"""The progress of `priors download` on standard error."""

from __future__ import annotations

from pathlib import Path

import typer

from app.cli.console import open_progress_bar, print_note
from app.i18n.formatting import DOWNLOAD_RESUMES_TEXT, format_size
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import OperationCancelled
from ddrm_core.prior.download.download import DownloadProgress, download_prior
from ddrm_core.prior.store.registry import PublishedPrior
from ddrm_core.step_iterator import StepIterator


def download_with_progress(published: PublishedPrior, folder: Path) -> Path:
    """Download a published prior to `folder` and return its file.

    A progress bar is shown if standard error is a terminal. Raises the errors of `download_prior`.
    """
    size_text = format_size(published.size_bytes)
    typer.echo(
        f"{published.name}: {size_text}, license {published.license},"
        f" from {published.download_url}",
        err=True,
    )
    progress_events = StepIterator(download_prior(published, folder, CancelToken()))
    try:
        return _show_download(published.name, progress_events)
    except (OperationCancelled, KeyboardInterrupt):
        print_note(DOWNLOAD_RESUMES_TEXT)
        raise
    finally:
        progress_events.close()


def _show_download(name: str, progress_events: StepIterator[DownloadProgress, Path]) -> Path:
    from rich.progress import DownloadColumn, TransferSpeedColumn

    with open_progress_bar(DownloadColumn(), TransferSpeedColumn()) as bar:
        task = bar.add_task(f"{name}: connecting", total=None)
        was_checking = False
        for progress in progress_events:
            activity = "checking the partial download" if progress.is_checking else "downloading"
            if was_checking and not progress.is_checking:
                bar.reset(task)  # the speed of reading the disk is no estimate of the download's
            was_checking = progress.is_checking
            bar.update(
                task,
                description=f"{name}: {activity}",
                completed=progress.done_bytes,
                total=progress.total_bytes,
            )
    return progress_events.result
