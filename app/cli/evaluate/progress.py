"""The progress of `evaluate` on standard error."""

from __future__ import annotations

from dataclasses import dataclass

import typer
from rich.progress import Progress, TaskID

from app.i18n.error_messages import message_from_error
from ddrm_core.errors import CoreError
from ddrm_core.evaluation.decoders import DecoderFailed
from ddrm_core.evaluation.evaluate import (
    EvaluationEvent,
    MeasurementFinished,
    MeasurementProgressed,
    MeasurementsFailed,
)
from ddrm_core.jpeg.libjpeg.client import LibjpegError


@dataclass(frozen=True, slots=True)
class EvaluationProgress:
    """A display of the progress of an evaluation.

    On a terminal, a progress bar over the measurements is shown, otherwise one line per measurement
    is printed.

    Attributes:
        bar: The progress bar.
        task_id: Task of the bar that counts the measurements.
    """

    bar: Progress
    task_id: TaskID

    def show_event(self, event: EvaluationEvent) -> None:
        """Update the bar with the progress of a measurement, or print its outcome."""
        match event:
            case MeasurementProgressed(measurement=entry, step=step):
                description = (
                    f"{entry.image_path.name}, QF {entry.quality}, {entry.method_name[:-2]}"
                )
                fraction = step.evaluations_done / step.total_evaluations
                self.bar.update(self.task_id, description=f"{description} {fraction:.0%}")
            case MeasurementFinished(measurement=entry, row=row):
                self.bar.advance(self.task_id)
                if self.bar.disable:
                    description = (
                        f"{entry.image_path.name}: QF {entry.quality}, {entry.method_name}"
                    )
                    typer.echo(f"{description}: {row.psnr:.2f} dB in {row.seconds:.1f} s", err=True)
            case MeasurementsFailed():
                self.bar.advance(self.task_id, len(event.measurements))
                self.bar.console.print(
                    f"Error: {format_evaluation_failure(event)}", highlight=False
                )


def format_evaluation_failure(failed: MeasurementsFailed) -> str:
    """Return one line that names the failed measurements and the reason."""
    missing = ", ".join(entry.method_name for entry in failed.measurements)
    location = f"{failed.image_path}"
    if failed.measurements:
        location += f", QF {failed.measurements[0].quality}, {missing}"
    match failed.error:
        case DecoderFailed(reason=reason):
            return f"{location}: the program {reason}. Run its command by hand."
        case LibjpegError(reason=complaint):
            return f"{location}: libjpeg reports that {complaint}. Leave this quality factor out."
        case CoreError() as error:
            line = message_from_error(error).as_line()
            return line if not failed.measurements else f"{location}: {line}"
        case _:
            raise TypeError(f"no words for {type(failed.error).__name__}")
