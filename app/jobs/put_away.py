"""Results put away while another one is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from app.convert import Pyramid
from app.jobs.gallery_job import Place, fetch_picture
from app.jobs.open_job import Document
from app.jobs.result import Canvas, Restored, between, restored_from, with_spread
from app.jobs.vault import Kept, Vault

# Functions below import what needs torch when they run, for the reason given in `Engine`.
if TYPE_CHECKING:
    from ddrm_core.means import Fallback
    from ddrm_core.metrics.consistency import Consistency
    from ddrm_core.problem import Measured
    from ddrm_core.run import Run


@dataclass(frozen=True, slots=True, eq=False)
class PutAway:
    """All that a `Restored` is made of again, in a vault.

    Attributes:
        run: Without the prior's weights.
        mean: The result's picture: (n, h, w) in grey levels.
        samples: As of `Restored`.
        spread: Likewise.
        thumbnails: Likewise.
        consistency: As of `Restoration`, like the rest.
        evaluations: Of the prior.
        complete: False for an estimate.
        seconds: Wall time.
        fallbacks: What was done because memory did not suffice.
    """

    run: Run[Measured]
    mean: Kept
    samples: tuple[Kept, ...]
    spread: Kept | None
    thumbnails: tuple[QImage, ...]
    consistency: Consistency
    evaluations: int
    complete: bool
    seconds: float
    fallbacks: tuple[Fallback, ...]

    @property
    def kept(self) -> tuple[Kept, ...]:
        """Everything that is in the vault."""
        spread = () if self.spread is None else (self.spread,)
        return (self.mean, *self.samples, *spread)

    @property
    def gone(self) -> bool:
        """Whether something of it had to make room."""
        return any(kept.gone for kept in self.kept)

    def spare(self, *, spare: bool) -> None:
        """Whether it has to make room for what is newer."""
        for kept in self.kept:
            kept.spare = spare


def put_away(restored: Restored, vault: Vault) -> PutAway | None:
    """None where there is no room for it."""
    restoration = restored.restoration
    mean = vault.keep(restoration.picture.numpy())
    if mean is None:
        return None
    run = replace(restoration.run, prior=restoration.run.prior.described())
    return PutAway(
        run,
        mean,
        restored.samples,
        restored.spread,
        restored.thumbnails,
        restoration.consistency,
        restoration.evaluations,
        restoration.complete,
        restoration.seconds,
        restoration.fallbacks,
    )


def bring_back(put: PutAway, sharpness: float, sample: int) -> Restored:
    """The result as it was, at a place from its mean (0) to a sample (1).

    Raises:
        UnreadableFile: See `Kept.array`.
    """
    import torch

    from ddrm_core.restore import Restoration

    restoration = Restoration(
        run=put.run,
        picture=torch.from_numpy(put.mean.array()),
        spread=None,
        samples=(),
        consistency=put.consistency,
        evaluations=put.evaluations,
        complete=put.complete,
        seconds=put.seconds,
        fallbacks=put.fallbacks,
    )
    canvas = Canvas(put.run)
    back = restored_from(restoration, sharpness, canvas, sample=sample, samples=put.samples)
    return with_spread(back, put.spread, put.thumbnails)


def fetch_result(put: PutAway, sharpness: float, sample: int, document: Document) -> Pyramid:
    """Its picture for the screen. Raises as `bring_back`."""
    import torch

    mean = torch.from_numpy(put.mean.array())
    picture = between(mean, put.samples, sharpness, sample)
    return fetch_picture(Kept(picture.numpy()), Place(document, put.run.region))
