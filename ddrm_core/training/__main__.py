"""`python -m ddrm_core.training`: the one command line of the core; the app does not train."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.errors import BadPrior, CoreError, InvalidSetting, UnwritableOutput
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.networks.compact import CompactNetwork
from ddrm_core.training.checkpoint import load_state
from ddrm_core.training.dataset import central_crops, collect
from ddrm_core.training.export import Naming, export_prior
from ddrm_core.training.metrics_log import Row
from ddrm_core.training.options import export_parser, shape_from, training_parser
from ddrm_core.training.session import STATE_NAME, Plan, open_session
from ddrm_core.training.settings import Decay, TrainingSettings
from ddrm_core.training.state import TrainingState, new_state, random_network, shape_of
from ddrm_core.training.validation import HELD_SIDE

DONE, FAILED, STOPPED = 0, 1, 130


def main(arguments: Sequence[str]) -> int:
    """Train, or export; the exit status."""
    try:
        if arguments[:1] == ["export"]:
            return _export(export_parser().parse_args(arguments[1:]))
        return _train(training_parser().parse_args(arguments))
    except CoreError as error:
        facts = ", ".join(map(str, error.args))
        sys.stderr.write(f"{type(error).__name__}: {facts}\n")
        return FAILED


def _train(options: argparse.Namespace) -> int:
    token = CancelToken()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: token.cancel())
    device = choose_device(options.device)
    state, settings = _begin(options, device)
    if options.decay is not None and (state.decay is None or state.iteration >= state.decay.end):
        state.decay = Decay(state.iteration, options.decay)
    elif state.decay is not None and state.iteration >= state.decay.end:
        state.decay = None
    smallest = settings.patch
    photographs = collect(options.folder, smallest=smallest, smallest_held=HELD_SIDE)
    _tell(
        {
            "kind": "begin",
            "iteration": state.iteration,
            "train": len(photographs.train),
            "held": len(photographs.held),
            "refused": [str(path) for path in photographs.refused],
        }
    )
    plan = _plan(options)
    session = open_session(
        state, settings, photographs, plan, device=device, token=token, tell=_tell
    )
    return DONE if session.work() else STOPPED


def _begin(
    options: argparse.Namespace, device: torch.device
) -> tuple[TrainingState, TrainingSettings]:
    """The run in the folder, or a new one."""
    asked = {
        name: getattr(options, name)
        for name in ("batch", "patch", "rate", "seed")
        if getattr(options, name) is not None
    }
    file: Path = options.out / STATE_NAME
    if file.exists():
        state, settings = load_state(file, device)
        for name in ("patch", "seed"):
            if asked.get(name, getattr(settings, name)) != getattr(settings, name):
                raise InvalidSetting(name, asked[name], f"that of the run, {settings}")
        wanted = shape_from(options)
        if options.channels is not None and wanted.channels != state.shape.channels:
            raise InvalidSetting("channels", options.channels, f"those of the run, {state.shape}")
        return state, replace(settings, **asked)
    settings = replace(TrainingSettings(), **asked)
    if options.start is None:
        network = random_network(shape_from(options), seed=settings.seed)
    else:
        start = load_prior(options.start, torch.device("cpu"), precision=torch.float32).network
        if not isinstance(start, CompactNetwork):
            raise BadPrior(options.start, "only networks of the compact architecture are trained")
        network = start
    multiple = shape_of(network).size_multiple
    if settings.patch % multiple:
        raise InvalidSetting("patch", settings.patch, f"a multiple of {multiple}")
    return new_state(network, settings, device), settings


def _plan(options: argparse.Namespace) -> Plan:
    for name in ("time", "save", "validate", "iterations", "workers"):
        value = getattr(options, name)
        if value is not None and not value > 0:
            raise InvalidSetting(name, value, "above 0")
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableOutput.after(options.out, error) from error
    return Plan(
        out=options.out,
        seconds=None if options.time is None else options.time * 60,
        iteration=options.iterations,
        save_seconds=options.save * 60,
        validate_seconds=options.validate * 60,
        workers=options.workers,
    )


def _export(options: argparse.Namespace) -> int:
    device = choose_device(options.device)
    state, settings = load_state(options.run / STATE_NAME, torch.device("cpu"))
    photographs = collect(options.folder, smallest=settings.patch, smallest_held=HELD_SIDE)
    card = export_prior(
        options.prior,
        state,
        central_crops(photographs.held, HELD_SIDE),
        Naming(options.name, options.licence, options.training_data),
        average=options.average,
        device=device,
    )
    _tell({"kind": "export", "prior": str(options.prior)} | dict(card.header))
    return DONE


def _tell(row: Row) -> None:
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
