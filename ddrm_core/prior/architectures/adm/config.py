"""Config of an ADM network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ddrm_core.prior.architectures.architecture import NetworkConfig
from ddrm_core.prior.architectures.config_values import require_bool, require_integers

GROUP_COUNT = 32
"""Number of groups of every group norm."""
_MAX_LEVELS, _MAX_BLOCKS = 8, 64


@dataclass(frozen=True, slots=True)
class AdmConfig(NetworkConfig):
    """The hyperparameters of an ADM network.

    Attributes:
        channels: Base number of channels; the timestep's embedding has four times as many.
        multipliers: Factor on the base number of channels per level, finest first; each further
            level halves the sides.
        blocks: Residual blocks per level on the way down; one more on the way up.
        attention_strides: Strides (input side / feature map side) of the levels with attention.
        head_channels: Channels of an attention head; 0 if `heads` is given.
        heads: Number of attention heads; 0 if `head_channels` is given.
        scale_shift: Whether the timestep scales features in addition to shifting them.
        resampling_blocks: Whether residual blocks change the resolution, instead of convolutions.
        heads_last: Whether the weights of attention are ordered by query, key and value first and
            by head last, as in newer checkpoints, instead of by head first.
        learned_sigma: Whether the output has three more channels with variances.
        labels: Number of classes of a class-conditional network, else 0.
    """

    channels: int
    multipliers: tuple[float, ...]
    blocks: int
    attention_strides: tuple[int, ...]
    head_channels: int
    heads: int
    scale_shift: bool
    resampling_blocks: bool
    heads_last: bool
    learned_sigma: bool
    labels: int = 0

    @property
    def size_multiple(self) -> int:
        """Number of pixels of which both sides of the network's input are multiples."""
        return 1 << (len(self.multipliers) - 1)

    def validate(self) -> None:
        """Raise ValueError if an ADM network cannot be built with these values."""
        channel_counts = [self.channels_at_level(level) for level in range(len(self.multipliers))]
        if not all(count >= GROUP_COUNT and count % GROUP_COUNT == 0 for count in channel_counts):
            raise ValueError(f"its widths are not all multiples of {GROUP_COUNT}")
        if bool(self.heads) == bool(self.head_channels):
            raise ValueError("it has not one of heads and head channels")
        if any(count % (self.heads or self.head_channels) for count in channel_counts):
            raise ValueError("its widths are not all multiples of its heads")
        if self.channels % 2:
            raise ValueError("its base width is odd")

    def channels_at_level(self, level: int) -> int:
        """Return the number of feature channels at a resolution level, 0 being the finest."""
        return int(self.channels * self.multipliers[level])

    def head_count(self, channels: int) -> int:
        """Return the number of attention heads of a block with `channels` channels."""
        return self.heads or channels // self.head_channels


def parse_adm_config(numbers: Mapping[str, object]) -> AdmConfig:
    """Convert the JSON object in a prior's header to a validated config.

    Raise ValueError, KeyError or TypeError if the object does not describe an ADM network.
    """
    channels, blocks = require_integers([numbers[k] for k in ("channels", "blocks")])
    head_channels, heads, labels = require_integers(
        [numbers[k] for k in ("head_channels", "heads", "labels")], minimum=0
    )
    if blocks > _MAX_BLOCKS:
        raise ValueError(f"it has more than {_MAX_BLOCKS} blocks a level")
    multipliers = numbers["multipliers"]
    if not isinstance(multipliers, list) or not 1 <= len(multipliers) <= _MAX_LEVELS:
        raise ValueError(f"it has not 1 to {_MAX_LEVELS} levels")
    config = AdmConfig(
        channels=channels,
        multipliers=tuple(float(m) for m in multipliers),
        blocks=blocks,
        attention_strides=require_integers(numbers["attention_strides"]),
        head_channels=head_channels,
        heads=heads,
        scale_shift=require_bool(numbers["scale_shift"]),
        resampling_blocks=require_bool(numbers["resampling_blocks"]),
        heads_last=require_bool(numbers["heads_last"]),
        learned_sigma=require_bool(numbers["learned_sigma"]),
        labels=labels,
    )
    config.validate()
    return config
