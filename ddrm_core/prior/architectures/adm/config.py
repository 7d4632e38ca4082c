"""The numbers that fix an ADM network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ddrm_core.prior.architectures.architecture import NetworkConfig
from ddrm_core.prior.architectures.config_values import require_bool, require_integers

GROUP_COUNT = 32
"""Groups of every group norm."""
_MAX_LEVELS, _MAX_BLOCKS = 8, 64


@dataclass(frozen=True, slots=True)
class AdmConfig(NetworkConfig):
    """The numbers that fix the network's tensors and what is done with them.

    Attributes:
        channels: Base width; the timestep's embedding is four times as wide.
        multipliers: Of the base width per level, finest first; each level halves the sides.
        blocks: Residual blocks per level on the way down; one more on the way up.
        attention_strides: Strides at which blocks are followed by attention.
        head_channels: Of an attention head, where `heads` does not say how many there are.
        heads: Attention heads; 0 where `head_channels` says how wide they are.
        scale_shift: Whether the timestep scales besides shifting.
        resampling_blocks: Whether sides are changed inside residual blocks, else by convolutions.
        heads_last: Whether queries, keys and values of all heads lie together (the newer order).
        learned_sigma: Whether there are three more channels, of variances.
        labels: Classes that it was trained to be told, 0 for none.
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
        """What both sides of a picture must be multiples of."""
        return 1 << (len(self.multipliers) - 1)

    def validate(self) -> None:
        """Raises ValueError where no network has these numbers."""
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
        """Channels at a level."""
        return int(self.channels * self.multipliers[level])

    def head_count(self, channels: int) -> int:
        """Attention heads of a block so wide."""
        return self.heads or channels // self.head_channels


def parse_adm_config(numbers: Mapping[str, object]) -> AdmConfig:
    """Return a config that is checked. Raises ValueError, KeyError or TypeError."""
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
