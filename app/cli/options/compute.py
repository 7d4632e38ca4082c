"""Options that limit how much a command computes: threads, priority, power source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from app.cli.battery_pause import CHECK_INTERVAL_S, BatteryPause, PauseChange
from app.cli.console import print_note
from app.cli.run_events import write_pause
from app.config.settings import CORES_RANGE

_PAUSE_NOTES = {
    PauseChange.PAUSED: "paused, because the computer runs on its battery; the run goes on when it"
    " is plugged in, Ctrl+C stops it",
    PauseChange.RESUMED: "the computer is plugged in, the run goes on",
}


def _report_pause(change: PauseChange) -> None:
    """Print the beginning or the end of a pause, as a note and as an event."""
    print_note(_PAUSE_NOTES[change])
    write_pause(change)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeLimitOptions:
    """The options that limit the threads and the priority of a command.

    Attributes:
        threads: Largest number of computing threads, None for one per core.
        nice: Whether other programs come before the computation.
    """

    threads: Annotated[
        int | None,
        typer.Option(
            min=CORES_RANGE[0],
            max=CORES_RANGE[1],
            metavar="N",
            help="Compute with at most N threads; default: one per core.",
        ),
    ] = None
    nice: Annotated[
        bool, typer.Option("--nice", help="Compute with low priority: other programs come first.")
    ] = False

    def apply(self) -> None:
        """Apply the limits to this process; to be called before anything is computed.

        A limit on the threads imports torch.
        """
        if self.nice:
            from app.desktop.thread_priority import lower_process_priority

            lower_process_priority()
        if self.threads is not None:
            import torch

            torch.set_num_threads(min(self.threads, torch.get_num_threads()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeOptions(ComputeLimitOptions):
    """The options that limit how much a long command computes, and when.

    Attributes:
        pause_on_battery: Whether the computation waits while the computer runs on its battery.
    """

    pause_on_battery: Annotated[
        bool,
        typer.Option(
            "--pause-on-battery",
            help="Wait between two steps while the computer runs on its battery.",
        ),
    ] = False

    def create_pause(self) -> BatteryPause | None:
        """Return the pause that the command waits in between two steps, None without the option."""
        if not self.pause_on_battery:
            return None
        from app.desktop.power_source import is_on_battery  # loads Qt

        return BatteryPause(
            is_on_battery=is_on_battery, report=_report_pause, check_interval=CHECK_INTERVAL_S
        )


NO_COMPUTE_OPTIONS = ComputeOptions()
