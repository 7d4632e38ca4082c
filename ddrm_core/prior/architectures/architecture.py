"""The interface between the program and the architectures of priors.

An architecture is a config, a network created from it, and an `Architecture` in the registry.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from ddrm_core.device.selection import choose_precision
from ddrm_core.prior.architectures.layer_output import LayerOutput
from ddrm_core.prior.architectures.preconditioning import PreconditioningFactors
from ddrm_core.tiling.denoiser import TilingRules

Tensors = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class NetworkConfig(ABC):
    """The hyperparameters of a network, which determine its tensors; a frozen dataclass."""

    @property
    @abstractmethod
    def size_multiple(self) -> int:
        """Number of pixels of which both sides of the network's input are multiples."""

    def encode(self) -> dict[str, object]:
        """Return the JSON object for a prior's header, without the architecture's name."""
        return asdict(self)


class Network(nn.Module, ABC):
    """A network that estimates clean images, created from its config alone.

    Attributes:
        config: Hyperparameters of the network.
        is_dihedral_trained: Whether the training images were mirrored and turned by all eight
            dihedral transforms; False if all were upright.
        input_precision: Precision of the scaled noisy images that the network takes; None for the
            precision of the convolutions.
        border: Number of pixels that the network adds at each edge before it evaluates an image, as
            a mean over its layers; for estimates of time.
    """

    config: NetworkConfig
    is_dihedral_trained: ClassVar[bool] = False
    input_precision: ClassVar[torch.dtype | None] = None
    border: int = 0

    @abstractmethod
    def forward(
        self,
        x: Float[Tensor, "b 3 h w"],
        condition: Float[Tensor, " #b"],
        poll: Callable[[], None],
        /,
    ) -> Float[Tensor, "b n h w"]:
        """Return the network's raw output F, without preconditioning, in the first three channels.

        Args:
            x: Scaled noisy images in `input_precision`.
            condition: `PreconditioningFactors.c_noise`, per image or one for all.
            poll: Function to call between layers; an exception of it ends the evaluation.
        """

    @abstractmethod
    def compute_factors(self, sigma: float) -> PreconditioningFactors:
        """Return the preconditioning factors at noise level `sigma`, in network units."""

    @abstractmethod
    def create_tiling_rules(self, training_resolution: int | None) -> TilingRules:
        """Return the rules for cutting images into tiles.

        Args:
            training_resolution: Side of the training images, None for a network of all sizes.
        """

    @abstractmethod
    def iter_layer_outputs(self, height: int, width: int) -> Iterator[LayerOutput]:
        """Yield the outputs of all layers in an evaluation of one image, in order.

        Shapes are computed, not evaluated on torch's meta device: its first evaluation in a process
        imports torch's compiler, which takes seconds.

        Args:
            height: Height of the image, a multiple of the config's size multiple.
            width: Width of the image, a multiple of the config's size multiple.
        """

    @abstractmethod
    def to_precision(self, dtype: torch.dtype) -> None:
        """Convert the convolutions to `dtype`; embeddings and norms stay in float32."""

    def choose_precision(self, device: torch.device) -> torch.dtype:
        """Return the best precision of the convolutions on a device."""
        return choose_precision(device)


@dataclass(frozen=True, slots=True)
class PublishedNetwork:
    """A published network, recognized by the names and shapes of its checkpoint's tensors.

    Attributes:
        title: Description for messages, e.g. "unconditional, 256x256".
        config: Config of the checkpoint.
        training_resolution: Side of the training images, None for a network of all sizes.
        sigma_range: Noise levels of the training, network units.
        prior_config: Config of the prior that the checkpoint becomes.
        convert_tensors: Function from the checkpoint's tensors to those of the prior.
        note: Addition to the description of the training data.
    """

    title: str
    config: NetworkConfig
    training_resolution: int | None
    sigma_range: tuple[float, float]
    prior_config: NetworkConfig
    convert_tensors: Callable[[Tensors], Tensors] = dict
    note: str = ""


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network architecture: a class of networks, their config and their published instances.

    Attributes:
        name: Name in the header of a prior's file.
        network_class: Class of the networks, called with a config.
        parse_config: Function from the JSON object in a prior's header to a config. Raises
            ValueError, LookupError, TypeError or ArithmeticError for an object that describes no
            network.
        requires_band_errors: True if a prior's file has to hold measured band errors.
        requires_resolution: True if a prior's file has to state the training resolution.
        published_networks: Networks whose checkpoints are converted at their import.
        inner_sigma_range: Noise levels at which priors of the architecture are used, network units.
            At all others, the bundled prior takes over (`extension.extend_prior`). None for an
            architecture whose priors are used at all noise levels.
    """

    name: str
    network_class: type[Network]
    parse_config: Callable[[Mapping[str, object]], NetworkConfig]
    requires_band_errors: bool = False
    requires_resolution: bool = False
    published_networks: tuple[PublishedNetwork, ...] = ()
    inner_sigma_range: tuple[float, float] | None = None
