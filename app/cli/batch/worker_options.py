"""Options that distribute a batch over several processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from app.cli.batch.folders import BatchFolders
from ddrm_core.allowed_values import AllowedValues
from ddrm_core.batch.cluster.reasons import check_installed
from ddrm_core.batch.output_paths import OutputNaming
from ddrm_core.batch.stores.object_listing import plan_objects
from ddrm_core.batch.stores.object_store import ObjectStore
from ddrm_core.batch.streaming.shard import parse_shard
from ddrm_core.batch.streaming.streamed_plan import StreamedPlan
from ddrm_core.errors import InvalidSetting
from ddrm_core.messages import Message

_AUTO = "auto"
_MAX_WORKERS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """The options that distribute a batch over several processes.

    Attributes:
        workers: Value of the option `--workers`, None if the option was not given.
        cluster: Value of the option `--cluster`, None if the option was not given.
        shard: Value of the option `--shard`, None if the option was not given.
    """

    workers: Annotated[
        str | None,
        typer.Option(
            metavar="N|auto",
            help="Number of processes that restore files at the same time, each with its own"
            " prior and its share of the cores; auto: one per GPU, or half the cores if the memory"
            " suffices; default: 1, and auto with --cluster.",
        ),
    ] = None
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS|local",
            help="Restore on the machines of the Ray cluster at ADDRESS, or on one that is started"
            " on this machine; needs the package ray, and folders that all machines share.",
        ),
    ] = None
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="I/N",
            help="Restore only part I of N parts of the files, which other programs restore at"
            " the same time; each file is always in the same part.",
        ),
    ] = None

    def __post_init__(self) -> None:
        """Raise InvalidSetting for a number of workers out of range, or for an unknown part."""
        if self.shard is not None:
            parse_shard(self.shard)
        text = self.workers
        if text not in (None, _AUTO) and not (
            text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= _MAX_WORKERS
        ):
            facts = {"low": 1, "high": _MAX_WORKERS, "word": _AUTO}
            raise InvalidSetting("workers", text, Message(AllowedValues.RANGE_OR_WORD, facts))

    @property
    def count(self) -> int | None:
        """Number of workers, None for the number that suits the machine."""
        default = 1 if self.cluster is None else _AUTO
        text = self.workers or default
        return None if text == _AUTO else int(text)

    def create_streamed_plan(
        self, folders: BatchFolders, naming: OutputNaming, *, is_watching: bool
    ) -> StreamedPlan | None:
        """Return a streamed plan for a part of the files, a cluster or a store, None without them.

        Args:
            folders: Folders of the images and of the results.
            naming: Naming rule of the results.
            is_watching: Whether the folder is watched, which needs to know all files.

        Raises:
            InvalidSetting: If the folders, the template or an option do not suit a part of the
                files.
            ClusterNotInstalled: If a cluster is requested without Ray.
        """
        options = [("cluster", self.cluster), ("shard", self.shard)]
        options = [(name, value) for name, value in options if value is not None]
        addresses = [a for a in (folders.stores.sources, folders.stores.results) if a is not None]
        if is_watching and options:
            raise InvalidSetting(*options[0], "left out together with --watch")
        if is_watching and addresses:
            raise InvalidSetting("--watch", addresses[0], "a folder of this machine")
        if not (options or addresses):
            return None
        if self.cluster is not None:
            check_installed()
        shard = None if self.shard is None else parse_shard(self.shard)
        if folders.stores.sources is not None:
            return plan_objects(
                ObjectStore(folders.stores.sources),
                folders.output_folder,
                naming,
                recursive=folders.recursive,
                include_all_formats=folders.include_all_formats,
                shard=shard,
            )
        return StreamedPlan(
            folders.source_folder,
            folders.output_folder,
            naming,
            recursive=folders.recursive,
            include_all_formats=folders.include_all_formats,
            shard=shard,
        )
