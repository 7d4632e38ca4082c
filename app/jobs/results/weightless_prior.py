"""A prior without weights, which describes the prior of a stored result.

This module imports torch; other modules import it when they read a stored result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from ddrm_core.prior.architectures.architecture import Network, NetworkConfig
from ddrm_core.prior.architectures.layer_output import LayerOutput
from ddrm_core.prior.architectures.preconditioning import PreconditioningFactors
from ddrm_core.prior.denoiser import Prior, PriorInfo
from ddrm_core.tiling.denoiser import TilingRules


@dataclass(frozen=True, slots=True)
class _WeightlessConfig(NetworkConfig):
    """The config of a network without weights, of which nothing but the size multiple is known."""

    multiple: int

    @property
    def size_multiple(self) -> int:
        return self.multiple


class _WeightlessNetwork(Network):
    """A network of which only the tiling rules are known.

    Evaluating the network raises RuntimeError: results are stored after their last evaluation.
    """

    def __init__(self, config: _WeightlessConfig, tiling: TilingRules) -> None:
        super().__init__()
        self.config = config
        self._tiling = tiling

    def forward(self, x: Tensor, _condition: Tensor, _poll: Callable[[], None], /) -> Tensor:
        raise RuntimeError(f"a prior without weights was asked for an estimate of {x.shape}")

    def compute_factors(self, sigma: float) -> PreconditioningFactors:
        raise RuntimeError(f"a prior without weights was asked for its factors at {sigma}")

    def create_tiling_rules(self, training_resolution: int | None) -> TilingRules:  # noqa: ARG002
        return self._tiling

    def iter_layer_outputs(self, height: int, width: int) -> Iterator[LayerOutput]:
        raise RuntimeError(f"a prior without weights was asked for its layers at {width}x{height}")

    def to_precision(self, dtype: torch.dtype) -> None:
        """Do nothing, because there are no weights."""


def create_weightless_prior(
    info: PriorInfo, tiling: TilingRules, device: torch.device, precision: torch.dtype
) -> Prior:
    """Return a prior that describes, but cannot evaluate, the prior of an earlier run.

    Args:
        info: Description of the prior.
        tiling: Rules by which the prior's images were cut into tiles.
        device: Device of the run, which this machine need not have any more.
        precision: Precision of the run.
    """
    return Prior(
        info, device, precision, _WeightlessNetwork(_WeightlessConfig(info.size_multiple), tiling)
    )
