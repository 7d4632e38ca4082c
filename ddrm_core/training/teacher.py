"""A teacher: another prior whose estimates are mixed into the targets of a training."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import InvalidSetting
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.denoiser import Prior
from ddrm_core.prior.store.library import PriorLibrary

DEFAULT_TEACHER_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class TeacherSettings:
    """The teacher of a training run, valid from construction.

    Attributes:
        source: Name or file of the prior, as given on the command line.
        identity: `PriorInfo.identity` of the prior.
        share: Share of the teacher's estimates in the targets, 0 to 1; the photographs have the
            remaining share.
    """

    source: str
    identity: str
    share: float = DEFAULT_TEACHER_SHARE

    def __post_init__(self) -> None:
        """Raise InvalidSetting for a share out of range."""
        if not 0 <= self.share <= 1:
            raise InvalidSetting("teacher share", self.share, "0 to 1")


@dataclass(frozen=True, slots=True, eq=False)
class Teacher:
    """A prior that takes part in the targets of a training.

    Attributes:
        prior: Prior on the device of the training.
        settings: Identity and share of the teacher.
    """

    prior: Prior
    settings: TeacherSettings

    @torch.no_grad()
    def mix_targets(
        self,
        clean: Float[Tensor, "b 3 h w"],
        noisy: Float[Tensor, "b 3 h w"],
        sigma: Float[Tensor, " b"],
    ) -> Float[Tensor, "b 3 h w"]:
        """Return the images that the network's estimates of noisy patches are compared with.

        A target is the clean patch, mixed with the teacher's estimate by the teacher's share.
        Outside the noise levels at which the teacher's own network is used, a target is the clean
        patch.

        Args:
            clean: Clean patches in [-1, 1].
            noisy: The same patches with noise.
            sigma: Noise level of each patch in network units.
        """
        info = self.prior.info
        low, high = info.inner_sigma_range or info.sigma_range
        poll = CancelToken().raise_if_cancelled  # an iteration is not cancelled
        targets = [
            torch.lerp(
                clean[i : i + 1],
                self.prior.denoise(noisy[i : i + 1], level, poll),
                self.settings.share,
            )
            if low <= level <= high
            else clean[i : i + 1]
            for i, level in enumerate(sigma.tolist())
        ]
        return torch.cat(targets)


def load_teacher(source: str, device: torch.device, *, share: float) -> Teacher:
    """Load a prior that the program brings with it, or a prior's file, as a teacher on `device`.

    Args:
        source: Name, e.g. "ffdnet-color", or path of a file.
        device: Device of the training.
        share: Share of the teacher's estimates in the targets.

    Raises:
        InvalidSetting: If the share is out of range.
        PackagedPriorUnavailable, UnreadableFile, InvalidPrior, InsufficientMemory: See
            `PriorLibrary.load`.
    """
    settings = TeacherSettings(source, "", share)
    library = PriorLibrary(BUNDLED_PRIOR_PATH, BUNDLED_PRIOR_PATH.parent)
    prior = library.load(source, device)
    return Teacher(prior, replace(settings, identity=prior.info.identity))
