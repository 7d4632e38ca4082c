"""What `priors download` says while it works, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path

import typer

from app.cli.console import note
from app.i18n.formatting import GOES_ON, size_words
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import Cancelled
from ddrm_core.prior.download.download import Received, download
from ddrm_core.prior.store.registry import PublishedPrior


def fetch(published: PublishedPrior, folder: Path) -> Path:
    """Download with a bar where standard error is a terminal. Raises as `download`."""
    size = size_words(published.bytes)
    typer.echo(
        f"{published.name}: {size}, licence {published.licence}, from {published.url}", err=True
    )
    received = download(published, folder, CancelToken())
    try:
        return _shown(published.name, received)
    except (Cancelled, KeyboardInterrupt):
        note(GOES_ON)
        raise
    finally:
        received.close()


def _shown(name: str, received: Generator[Received, None, Path]) -> Path:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    terminal = sys.stderr.isatty()
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not terminal
    ) as bar:
        task = bar.add_task(f"{name}: connecting", total=None)
        checking = False
        while True:
            try:
                now = next(received)
            except StopIteration as end:
                result: Path = end.value
                return result
            words = "checking what is here" if now.checking else "downloading"
            if checking and not now.checking:
                bar.reset(task)  # reading a disk is faster: its speed says nothing of the rest
            checking = now.checking
            bar.update(task, description=f"{name}: {words}", completed=now.done, total=now.total)
