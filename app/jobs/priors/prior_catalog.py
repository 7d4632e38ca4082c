"""Which priors there are: with the program, imported, and published but not here."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from app.config.prior_locations import (
    downloads_folder,
    nearest_folder,
    prior_folder,
    published_prior,
    published_priors,
)
from app.config.resources import BUNDLED_PRIOR
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import CoreError, UnreadableFile
from ddrm_core.prior.store.registry import PublishedPrior


@dataclass(frozen=True, slots=True)
class PriorFacts:
    """What a prior's file says of itself.

    Attributes:
        attention: Whether its network has attention; else it is a compact one.
        parameters: Of the network.
        resolution: Side of the pictures it has learnt, None where it has learnt no size.
        licence: Of the weights.
        training_data: In words.
        sha256: Of the file, in hexadecimal.
        source_sha256: Of the checkpoint that it was converted from, None where it was not.
    """

    attention: bool
    parameters: int
    resolution: int | None
    licence: str
    training_data: str
    sha256: str
    source_sha256: str | None


@dataclass(frozen=True, slots=True)
class PriorCard:
    """One prior, here or not.

    Attributes:
        name: Its name.
        bytes: Of its file, here or where it is published.
        path: Its file here, None where it is not.
        published: What is known of it where it is a published one.
        arrived: Bytes of it that a download has left.
        facts: None until its file was read, or where it cannot be.
        problem: Why it cannot be.
    """

    name: str
    bytes: int
    path: Path | None = None
    published: PublishedPrior | None = None
    arrived: int = 0
    facts: PriorFacts | None = None
    problem: CoreError | None = None

    @property
    def bundled(self) -> bool:
        """Whether it came with the program."""
        return self.path == BUNDLED_PRIOR


@dataclass(frozen=True, slots=True)
class Listing:
    """All of them.

    Attributes:
        cards: The bundled prior, the imported ones, those that are not here.
        folder: Where imported ones are kept.
        free: Bytes on its disk, None where the system does not say.
    """

    cards: tuple[PriorCard, ...]
    folder: Path
    free: int | None


class Shelf:
    """Looks at the priors; what a file says of itself is kept. Only a worker calls its methods."""

    def __init__(self) -> None:
        self._facts: dict[tuple[Path, int, int], PriorFacts] = {}

    def glance(self) -> Listing:
        """Names and sizes, without reading a file. Raises UnreadableFile."""
        folder = prior_folder()
        try:
            files = [BUNDLED_PRIOR, *sorted(folder.glob("*.safetensors"))]
            here = tuple(
                PriorCard(f.stem, f.stat().st_size, f, published_prior(f.stem)) for f in files
            )
        except OSError as error:
            raise UnreadableFile(folder, error.strerror or str(error)) from error
        names = {card.name for card in here}
        others = tuple(_not_here(p) for p in published_priors() if p.name not in names)
        return Listing((*here, *others), folder, _free_bytes(folder))

    def listing(self, token: CancelToken) -> Generator[Listing, None, Listing]:
        """All priors: first as `glance` gives them, then with what each file says.

        Raises:
            UnreadableFile: The folder cannot be.
            Cancelled: Between two files.
        """
        seen = self.glance()
        yield seen
        cards = []
        for card in seen.cards:
            token.raise_if_cancelled()
            cards.append(card if card.path is None else self._described(card, card.path))
        return replace(seen, cards=tuple(cards))

    def _described(self, card: PriorCard, path: Path) -> PriorCard:
        try:
            found = path.stat()
            key = (path, found.st_size, found.st_mtime_ns)
            if key not in self._facts:
                self._facts[key] = _facts(path)
        except CoreError as error:
            return replace(card, problem=error)
        except OSError as error:
            return replace(card, problem=UnreadableFile(path, error.strerror or str(error)))
        return replace(card, facts=self._facts[key])


def _facts(path: Path) -> PriorFacts:
    """Raises as `describe`."""
    from ddrm_core.prior.checkpoint import describe
    from ddrm_core.prior.store.library import network_size

    info, size = describe(path), network_size(path)
    return PriorFacts(
        size.attention,
        size.parameters,
        info.resolution,
        info.licence,
        info.training_data,
        info.sha256,
        info.source_sha256,
    )


def _not_here(published: PublishedPrior) -> PriorCard:
    folder, arrived = downloads_folder(), 0
    for name in (published.file_name, f"{published.file_name}.part"):
        with suppress(OSError):
            arrived = max(arrived, (folder / name).stat().st_size)
    arrived = min(arrived, published.bytes)
    return PriorCard(published.name, published.bytes, published=published, arrived=arrived)


def _free_bytes(folder: Path) -> int | None:
    """On the disk of a folder that need not be there yet."""
    try:
        return shutil.disk_usage(nearest_folder(folder)).free
    except OSError:
        return None
