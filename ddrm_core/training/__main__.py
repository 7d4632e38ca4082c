"""`python -m ddrm_core.training`: the only command line of the core; the app does not train."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import torch

from ddrm_core.cancel import CancelToken
from ddrm_core.device.selection import choose_device
from ddrm_core.errors import CoreError, InvalidPrior, InvalidSetting
from ddrm_core.os_errors import writing
from ddrm_core.prior.architectures.compact import COMPACT, CompactNetwork
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.reasons import PriorDefect
from ddrm_core.training.checkpoint import load_state
from ddrm_core.training.export import PriorAttribution, export_prior
from ddrm_core.training.metrics_log import LogRow
from ddrm_core.training.options import (
    config_from_options,
    create_export_parser,
    create_training_parser,
)
from ddrm_core.training.photographs.dataset import collect_photographs, read_central_crops
from ddrm_core.training.session import STATE_FILE_NAME, SessionPlan, create_training_session
from ddrm_core.training.settings import LearningRateDecay, TrainingSettings
from ddrm_core.training.state import TrainingState, create_random_network, create_training_state
from ddrm_core.training.teacher import (
    DEFAULT_TEACHER_SHARE,
    Teacher,
    TeacherSettings,
    load_teacher,
)
from ddrm_core.training.validation import HELD_OUT_CROP_SIDE

EXIT_DONE, EXIT_FAILED, EXIT_STOPPED = 0, 1, 130


def main(arguments: Sequence[str]) -> int:
    """Run the training command, or its `export` command; return the exit status."""
    try:
        if arguments[:1] == ["export"]:
            return _run_export(create_export_parser().parse_args(arguments[1:]))
        return _run_training(create_training_parser().parse_args(arguments))
    except CoreError as error:
        facts = ", ".join(map(str, error.args))
        sys.stderr.write(f"{type(error).__name__}: {facts}\n")
        return EXIT_FAILED


def _run_training(options: argparse.Namespace) -> int:
    token = CancelToken()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: token.cancel())
    device = choose_device(options.device)
    is_new = not (options.out / STATE_FILE_NAME).exists()
    state, settings = _load_or_create_state(options, device)
    teacher = _load_run_teacher(options, settings.teacher, device, is_new=is_new)
    settings = replace(settings, teacher=None if teacher is None else teacher.settings)
    if options.decay is not None and (
        state.rate_decay is None or state.iteration >= state.rate_decay.end_iteration
    ):
        state.rate_decay = LearningRateDecay(state.iteration, options.decay)
    elif state.rate_decay is not None and state.iteration >= state.rate_decay.end_iteration:
        state.rate_decay = None
    min_short_side = settings.patch
    photographs = collect_photographs(
        options.folder, min_short_side=min_short_side, min_held_out_side=HELD_OUT_CROP_SIDE
    )
    _print_row(
        {
            "kind": "begin",
            "iteration": state.iteration,
            "train": len(photographs.training),
            "held": len(photographs.held_out),
            "refused": [str(path) for path in photographs.refused_paths],
        }
    )
    plan = _create_session_plan(options)
    session = create_training_session(
        state,
        settings,
        photographs,
        plan,
        device=device,
        token=token,
        on_log_row=_print_row,
        teacher=teacher,
    )
    return EXIT_DONE if session.run() else EXIT_STOPPED


def _load_or_create_state(
    options: argparse.Namespace, device: torch.device
) -> tuple[TrainingState, TrainingSettings]:
    """Load the state and settings of the run in the output folder, or create a new run."""
    given_settings = {
        name: getattr(options, name)
        for name in ("batch", "patch", "rate", "seed")
        if getattr(options, name) is not None
    }
    state_path: Path = options.out / STATE_FILE_NAME
    if state_path.exists():
        state, settings = load_state(state_path, device)
        for name in ("patch", "seed"):
            if given_settings.get(name, getattr(settings, name)) != getattr(settings, name):
                raise InvalidSetting(name, given_settings[name], f"that of the run, {settings}")
        given_config = config_from_options(options)
        if options.channels is not None and given_config.channels != state.config.channels:
            raise InvalidSetting("channels", options.channels, f"those of the run, {state.config}")
        return state, replace(settings, **given_settings)
    settings = replace(TrainingSettings(), **given_settings)
    if options.start is None:
        network = create_random_network(config_from_options(options), seed=settings.seed)
    else:
        prior = load_prior(options.start, torch.device("cpu"), precision=torch.float32)
        if prior.info.architecture != COMPACT.name:
            raise InvalidPrior(options.start, PriorDefect.NOT_TRAINABLE)
        network = cast(CompactNetwork, prior.network)
    multiple = network.config.size_multiple
    if settings.patch % multiple:
        raise InvalidSetting("patch", settings.patch, f"a multiple of {multiple}")
    return create_training_state(network, settings, device), settings


def _load_run_teacher(
    options: argparse.Namespace,
    stored: TeacherSettings | None,
    device: torch.device,
    *,
    is_new: bool,
) -> Teacher | None:
    """Load the teacher of the options or, for a continued run, that of its state.

    Raise InvalidSetting if the options name another teacher than that of a continued run.
    """
    source = options.teacher or (None if stored is None else stored.source)
    if source is None:
        if options.teacher_share is not None:
            raise InvalidSetting("teacher share", options.teacher_share, "none without --teacher")
        return None
    share = DEFAULT_TEACHER_SHARE if stored is None else stored.share
    if options.teacher_share is not None:
        share = options.teacher_share
    teacher = load_teacher(source, device, share=share)
    if not is_new and (stored is None or replace(teacher.settings, source=stored.source) != stored):
        raise InvalidSetting("teacher", source, f"that of the run, {stored}")
    return teacher


def _create_session_plan(options: argparse.Namespace) -> SessionPlan:
    for name in ("time", "save", "validate", "iterations", "workers"):
        value = getattr(options, name)
        if value is not None and not value > 0:
            raise InvalidSetting(name, value, "above 0")
    with writing(options.out):
        options.out.mkdir(parents=True, exist_ok=True)
    return SessionPlan(
        output_folder=options.out,
        max_seconds=None if options.time is None else options.time * 60,
        last_iteration=options.iterations,
        save_interval_s=options.save * 60,
        validation_interval_s=options.validate * 60,
        worker_count=options.workers,
    )


def _run_export(options: argparse.Namespace) -> int:
    device = choose_device(options.device)
    state, settings = load_state(options.run / STATE_FILE_NAME, torch.device("cpu"))
    photographs = collect_photographs(
        options.folder, min_short_side=settings.patch, min_held_out_side=HELD_OUT_CROP_SIDE
    )
    card = export_prior(
        options.prior,
        state,
        read_central_crops(photographs.held_out, HELD_OUT_CROP_SIDE),
        PriorAttribution(options.name, options.licence, options.training_data),
        average_decay=options.average,
        device=device,
        teacher=settings.teacher,
    )
    _print_row({"kind": "export", "prior": str(options.prior)} | dict(card.header))
    return EXIT_DONE


def _print_row(row: LogRow) -> None:
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
