"""Training throughput compared with the machine's convolutions, in one process.

    .venv/bin/python tests/benchmarks/training.py FOLDER [--batch 16] [--patch 96] [--threads N]

FOLDER holds photographs. The peak is that of plain convolutions, forward and backward, of the same
shapes, in the same precision and memory format, each timed alone. Rounds alternate with iterations,
and the fastest of each counts. With --threads 1, processor time counts, which depends little on
other processes; otherwise nothing else should run.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from ddrm_core.device.selection import choose_device, choose_precision
from ddrm_core.training.loop import train
from ddrm_core.training.photographs.dataset import collect_photographs
from ddrm_core.training.photographs.patches import (
    PatchSource,
    default_worker_count,
    open_patch_batches,
)
from ddrm_core.training.settings import BUNDLED_CONFIG, TrainingSettings
from ddrm_core.training.state import TrainingState, create_random_network, create_training_state

Convolution = nn.Conv2d | nn.ConvTranspose2d
Clock = Callable[[], float]


def convolutions(state: TrainingState, x: Tensor) -> Counter[tuple[Convolution, torch.Size]]:
    """Return the convolutions of a training's network with their counts.

    A key has one module of each kind and the shape of its input; the value is the number of such
    convolutions in the network.
    """
    found: dict[object, tuple[Convolution, torch.Size]] = {}
    counts: Counter[tuple[Convolution, torch.Size]] = Counter()

    def note(module: Convolution, inputs: tuple[Tensor, ...], _: Tensor) -> None:
        key = (type(module), module.weight.shape, inputs[0].shape)
        counts[found.setdefault(key, (module, inputs[0].shape))] += 1

    hooks = [
        module.register_forward_hook(note)
        for module in state.network.modules()
        if isinstance(module, Convolution)
    ]
    with torch.no_grad():
        state.network(x, torch.zeros(len(x), device=x.device), lambda: None)
    for hook in hooks:
        hook.remove()
    return counts


def plain(module: Convolution, shape: torch.Size, precision: torch.dtype) -> Callable[[], None]:
    """Return a function that runs one convolution alone, forward and backward.

    The first convolution of the network needs no gradient of its input.
    """
    device = module.weight.device
    layout = torch.channels_last
    weight = module.weight.detach().to(precision).contiguous(memory_format=layout)
    weight.requires_grad_()
    x = torch.randn(shape, device=device).to(precision).contiguous(memory_format=layout)
    x.requires_grad_(shape[1] != 12)
    apply = (
        nn.functional.conv_transpose2d
        if isinstance(module, nn.ConvTranspose2d)
        else nn.functional.conv2d
    )

    def run() -> Tensor:
        out: Tensor = apply(x, weight, None, module.stride, module.padding)
        return out

    gradient = torch.randn_like(run())

    def once() -> None:
        weight.grad = x.grad = None
        run().backward(gradient)

    return once


def seconds(work: Callable[[], object], device: torch.device, clock: Clock) -> float:
    if device.type == "cuda":
        torch.cuda.synchronize()
    began = clock()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return clock() - began


def flops_of(work: Callable[[], object]) -> int:
    with FlopCounterMode(display=False) as counter:
        work()
    total: int = counter.get_total_flops()
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--batch", type=int, default=TrainingSettings().batch)
    parser.add_argument("--patch", type=int, default=TrainingSettings().patch)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    device = choose_device("auto")
    clock = time.thread_time if options.threads == 1 else time.perf_counter
    precision = choose_precision(device)
    settings = TrainingSettings(batch=options.batch, patch=options.patch)
    state = create_training_state(create_random_network(BUNDLED_CONFIG, seed=0), settings, device)
    side = settings.patch
    counts = convolutions(state, torch.zeros(settings.batch, 3, side, side, device=device))
    alone = {key: plain(*key, precision) for key in counts}
    flops = {key: flops_of(work) for key, work in alone.items()}
    best = dict.fromkeys(alone, float("inf"))
    photographs = collect_photographs(options.folder, min_short_side=side, min_held_out_side=side)
    source = PatchSource(photographs.training, side, settings.seed)
    iterations, waited = [], []
    with open_patch_batches(
        source, first_patch=0, batch_size=settings.batch, worker_count=default_worker_count()
    ) as patches:
        steps = train(state, patches, settings, precision=precision)
        whole = flops_of(lambda: next(steps))
        for _ in range(options.rounds):
            for key, work in alone.items():
                best[key] = min(best[key], seconds(work, device, clock))
            iterations.append(
                seconds(lambda: waited.append(next(steps).wait_seconds), device, clock)
            )
    report(settings, counts, flops, best, whole, iterations, waited)


def report(
    settings: TrainingSettings,
    counts: Counter[tuple[Convolution, torch.Size]],
    flops: dict[tuple[Convolution, torch.Size], int],
    best: dict[tuple[Convolution, torch.Size], float],
    whole: int,
    iterations: list[float],
    waited: list[float],
) -> None:
    for key, count in counts.items():
        module, shape = key
        name = "x".join(map(str, module.weight.shape))
        rate = flops[key] / best[key] / 1e9
        print(f"{count:3} of {name:14} at {shape[2]}x{shape[3]:<4} {rate:7.0f} GFLOP/s")
    alone = sum(count * best[key] for key, count in counts.items())
    of_alone = sum(count * flops[key] for key, count in counts.items())
    fastest = min(iterations)
    rate, peak = whole / fastest / 1e9, of_alone / alone / 1e9
    print(f"plain convolutions of one iteration {alone * 1e3:.1f} ms: {peak:.0f} GFLOP/s")
    print(f"an iteration of {settings.batch} patches {fastest * 1e3:.1f} ms: {rate:.0f} GFLOP/s")
    print(f"{settings.batch / fastest:.1f} patches/s, {rate / peak:.1%} of the peak")
    print(f"waiting for patches: {sum(waited):.3f} s in {len(waited)} iterations")


if __name__ == "__main__":
    main()
