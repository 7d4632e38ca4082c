"""Counts of a network's operations, compared with those of torch in an evaluation."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import prod

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from ddrm_core.prior.architectures.adm.config import AdmConfig
from ddrm_core.prior.architectures.adm.network import AdmNetwork
from ddrm_core.prior.architectures.adm.published import ADM_256_CONFIG
from ddrm_core.prior.architectures.architecture import Network, NetworkConfig
from ddrm_core.prior.architectures.compact import CompactConfig, CompactNetwork
from ddrm_core.prior.architectures.drunet import (
    DRUNET_COLOR_CONFIG,
    DrunetConfig,
    DrunetNetwork,
)
from ddrm_core.prior.architectures.ffdnet import (
    FFDNET_COLOR_CONFIG,
    FfdnetConfig,
    FfdnetNetwork,
)
from ddrm_core.prior.architectures.operation_count import (
    ConvolutionShape,
    count_convolutions,
    count_largest_tensor_elements,
    count_largest_unfolded_elements,
    count_macs,
)
from ddrm_core.prior.architectures.registry import create_meta_network
from tests.support.adm_networks import TINY

PLAIN = replace(TINY, scale_shift=False, resampling_blocks=False, learned_sigma=False)
THREE_LEVELS = replace(TINY, multipliers=(1.0, 2.0, 3.0), blocks=2, attention_strides=(1, 4))
SHAPES = {
    "adm": TINY,
    "adm, plain": PLAIN,
    "adm, three levels": THREE_LEVELS,
    "adm, published": ADM_256_CONFIG,
    "compact": CompactConfig((8, 12, 16), 1, 1, 8),
    "compact, four levels": CompactConfig((8, 12, 16, 24), 2, 3, 16),
    "compact, wide embedding": CompactConfig((4, 4), 1, 1, 3000),
    "drunet, three levels": DrunetConfig((4, 6, 8), 2),
    "drunet, one level": DrunetConfig((4,), 1),
    "drunet, published": DRUNET_COLOR_CONFIG,
    "ffdnet": FfdnetConfig(8, 4),
    "ffdnet, published": FFDNET_COLOR_CONFIG,
}
NETWORKS = {
    AdmConfig: AdmNetwork,
    CompactConfig: CompactNetwork,
    DrunetConfig: DrunetNetwork,
    FfdnetConfig: FfdnetNetwork,
}


def create_network(shape: NetworkConfig) -> Network:
    return create_meta_network(NETWORKS[type(shape)], shape)


def evaluation_by_torch(
    network: Network, height: int, width: int
) -> tuple[int, list[tuple[nn.Module, Tensor]]]:
    """Evaluate a network on the meta device and count its operations by torch.

    Returns:
        The number of multiply-accumulates, and every called module with its output.
    """
    outputs = []
    for module in network.modules():
        module.register_forward_hook(lambda module, _, result: outputs.append((module, result)))
    # With gradients, because blocks do not call their convolutions as modules without them.
    with torch.device("meta"), torch.enable_grad(), FlopCounterMode(display=False) as counter:
        network(torch.empty(1, 3, height, width), torch.empty(1), lambda: None)
    return int(counter.get_total_flops()) // 2, outputs


@pytest.mark.parametrize("name", SHAPES)
def test_it_is_what_torch_finds_in_an_evaluation(name):
    shape = SHAPES[name]
    height, width = 4 * shape.size_multiple, 2 * shape.size_multiple
    network = create_network(shape)
    macs, outputs = evaluation_by_torch(network, height, width)
    assert count_macs(network, height, width) == macs
    assert count_largest_tensor_elements(network, height, width) == max(
        result.numel() for _, result in outputs
    )
    convs = [(m, *result.shape[2:]) for m, result in outputs if isinstance(m, nn.Conv2d)]
    assert count_largest_unfolded_elements(network, height, width) == max(
        conv.in_channels * prod(conv.kernel_size) * rows * columns for conv, rows, columns in convs
    )
    plain = Counter(
        ConvolutionShape(conv.in_channels, conv.out_channels, rows, columns)
        for conv, rows, columns in convs
        if conv.kernel_size == (3, 3) and conv.stride == (1, 1)
    )
    assert count_convolutions(network, height, width) == plain


@pytest.mark.parametrize("shape", [TINY, SHAPES["compact"], DRUNET_COLOR_CONFIG])
def test_sides_that_no_evaluation_has_are_refused(shape: NetworkConfig):
    multiple = shape.size_multiple
    for height, width in ((multiple + 1, multiple), (multiple, 2 * multiple - 1)):
        with pytest.raises(ValueError, match="whole multiples"):
            count_macs(create_network(shape), height, width)
