"""Results put away while another one is looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from app.imaging.pyramid import Pyramid
from app.jobs.compare.compose_image import ImagePlacement, compose_stored_image
from app.jobs.document.open import Document
from app.jobs.export.save import SavedFile, save_result_image
from app.jobs.run.restore import Estimate
from app.jobs.run.result import Canvas, Restored, between, restored_from, with_spread
from app.jobs.storage.array_store import Kept, Vault

# Functions below import what needs torch when they run, for the reason given in `Engine`.
if TYPE_CHECKING:
    from ddrm_core.device.execution_limits import Fallback
    from ddrm_core.export.deliver import DeliverySettings
    from ddrm_core.problems.protocols import Measured
    from ddrm_core.restoration.restore import Restoration
    from ddrm_core.restoration.run import Run
    from ddrm_core.verification.consistency import Consistency


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
        beyond: Whether the vault had no room for the picture, which is in memory beyond the
            vault's budgets until the user has saved or discarded the result.
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
    beyond: bool = False

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


def put_away(restored: Restored, vault: Vault) -> PutAway:
    """Put a result into the vault, or keep it beyond the vault's budgets."""
    return _put_away(
        restored.restoration, vault, restored.samples, restored.spread, restored.thumbnails
    )


def put_estimate_away(estimate: Estimate, vault: Vault) -> PutAway:
    """Put the result of a run that was stopped at `estimate` away. Raises as `keep_estimate`."""
    from ddrm_core.restoration.restore import keep_estimate

    return _put_away(keep_estimate(estimate.run, estimate.step, seconds=estimate.seconds), vault)


def _put_away(
    restoration: Restoration[Measured],
    vault: Vault,
    samples: tuple[Kept, ...] = (),
    spread: Kept | None = None,
    thumbnails: tuple[QImage, ...] = (),
) -> PutAway:
    picture = restoration.picture.cpu().numpy()
    mean = vault.keep(picture)
    return PutAway(
        replace(restoration.run, prior=restoration.run.prior.described()),
        mean or Kept(picture),
        samples,
        spread,
        thumbnails,
        restoration.consistency,
        restoration.evaluations,
        restoration.complete,
        restoration.seconds,
        restoration.fallbacks,
        beyond=mean is None,
    )


def settle(put: PutAway, vault: Vault) -> PutAway:
    """Move a picture that is beyond the budgets into the vault; the same where it has no room.

    Raises:
        UnreadableFile: See `Kept.array`.
    """
    mean = vault.keep(put.mean.array())
    return put if mean is None else replace(put, mean=mean, beyond=False)


def bring_back(put: PutAway, sharpness: float, sample: int) -> Restored:
    """The result as it was, at a place from its mean (0) to a sample (1).

    Raises:
        UnreadableFile: See `Kept.array`.
    """
    canvas = Canvas(put.run)
    back = restored_from(_restoration(put), sharpness, canvas, sample=sample, samples=put.samples)
    return with_spread(back, put.spread, put.thumbnails)


def export_put_away(put: PutAway, path: Path, settings: DeliverySettings) -> SavedFile:
    """Write the result to a file that does not exist yet, without showing it.

    Raises:
        OutputExists: `path` exists.
        UnreadableFile: See `Kept.array` and `export`.
        OutputIsSource, UnwritableOutput, UnsupportedFormat, InvalidSetting: See `export`.
    """
    restoration = _restoration(put)
    picture = between(restoration.picture, put.samples, settings.sharpness, settings.sample)
    return save_result_image(restoration, picture, path, settings, overwrite=False)


def _restoration(put: PutAway) -> Restoration[Measured]:
    import torch

    from ddrm_core.restoration.restore import Restoration

    return Restoration(
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


def fetch_result(put: PutAway, sharpness: float, sample: int, document: Document) -> Pyramid:
    """Its picture for the screen. Raises as `bring_back`."""
    import torch

    mean = torch.from_numpy(put.mean.array())
    picture = between(mean, put.samples, sharpness, sample)
    return compose_stored_image(Kept(picture.numpy()), ImagePlacement(document, put.run.region))
