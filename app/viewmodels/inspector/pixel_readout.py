"""View model of the readout: the values of the pixel under the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import floor

from app.i18n.translation import tr
from app.jobs.inspector.inspect import PixelInspection, PixelInspectionRequest, inspect_pixel
from app.jobs.worker import JobOutcome, JobRunner, job_from_function
from app.viewmodels.compare.compare import Point
from app.viewmodels.inspector.inspector import InspectorState
from app.viewmodels.inspector.inspector_text import band_name, component_names, format_signed_number
from app.viewmodels.state_view_model import JobViewModel
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage

FIGURE_SPACE = "\N{FIGURE SPACE}"
"""Space as wide as a digit."""


@dataclass(frozen=True, slots=True)
class ReadoutState:
    """State of the readout: values of the pixel under the pointer, None outside the image."""

    inspection: PixelInspection | None = None


def build_pixel_request(
    inspector_state: InspectorState, image_point: Point
) -> PixelInspectionRequest | None:
    """Return a request to inspect a pixel, None outside the image.

    Args:
        inspector_state: State with the document, the result and the selected band.
        image_point: Point in the displayed image, in image pixels.
    """
    document = inspector_state.document
    if document is None:
        return None
    size, display = document.source.size, document.display
    x, y = floor(image_point.x), floor(image_point.y)
    stored_pixel = display.to_stored_rectangle(Rectangle(x, y, 1, 1), size)
    if stored_pixel.intersection(Rectangle(0, 0, *size)) != stored_pixel:
        return None
    return PixelInspectionRequest(
        document.source,
        inspector_state.jpeg_image,
        inspector_state.result_pixels,
        (stored_pixel.left, stored_pixel.top),
        (x, y),
        inspector_state.component,
        inspector_state.band,
    )


def format_readout(inspection: PixelInspection) -> tuple[str, ...]:
    """Return the texts of the readout in order: position, pixel values, block, level, result.

    Texts about levels are missing for an image without levels.
    """
    x, y = inspection.request.displayed_position
    parts = [
        tr("x {x}, y {y}").format(x=x, y=y),
        tr("before {values}").format(values=_format_pixel_values(inspection.before_values)),
    ]
    if inspection.after_values is not None:
        parts.append(
            tr("after {values}").format(values=_format_pixel_values(inspection.after_values))
        )
    request, coefficient_reading = inspection.request, inspection.coefficient_reading
    if request.jpeg_image is None or coefficient_reading is None:
        return (*parts, tr("no JPEG, so no levels"))
    parts.append(
        tr("{component} block {column}, {row}").format(
            component=component_names(request.jpeg_image)[request.component],
            column=coefficient_reading.block_column,
            row=coefficient_reading.block_row,
        )
    )
    if not coefficient_reading.is_intact:
        return (*parts, tr("could not be read"))
    low, high = coefficient_reading.bin_edges
    level_template = tr("{band}: level {level}, bin {low} to {high}")
    if not isinstance(request.source, JpegImage):
        level_template = tr("{band}: assumed level {level}, bin {low} to {high}")
    parts.append(
        level_template.format(
            band=band_name(request.band),
            level=format_signed_number(coefficient_reading.level, 0),
            low=format_signed_number(low, 1),
            high=format_signed_number(high, 1),
        )
    )
    if coefficient_reading.coefficient is not None:
        result_template = (
            tr("result {value}, inside")
            if coefficient_reading.is_inside_bin
            else tr("result {value}, outside")
        )
        parts.append(
            result_template.format(value=format_signed_number(coefficient_reading.coefficient, 1))
        )
    return tuple(parts)


def format_short_readout(inspection: PixelInspection) -> tuple[str, ...]:
    """Return the texts of `format_readout` with the same numbers and few words."""
    x, y = inspection.request.displayed_position
    parts = [f"{x}, {y}", _format_pixel_values(inspection.before_values)]
    if inspection.after_values is not None:
        parts.append(f"→ {_format_pixel_values(inspection.after_values)}")
    request, coefficient_reading = inspection.request, inspection.coefficient_reading
    if (
        request.jpeg_image is None
        or coefficient_reading is None
        or not coefficient_reading.is_intact
    ):
        return (*parts, format_readout(inspection)[-1])
    low, high = coefficient_reading.bin_edges
    parts.append(
        f"{component_names(request.jpeg_image)[request.component]}"
        f" {coefficient_reading.block_column}, {coefficient_reading.block_row}"
    )
    parts.append(f"{band_name(request.band)} {format_signed_number(coefficient_reading.level, 0)}")
    parts.append(f"{format_signed_number(low, 1)} … {format_signed_number(high, 1)}")
    if coefficient_reading.coefficient is not None:
        result_template = (
            tr("{value} inside") if coefficient_reading.is_inside_bin else tr("{value} outside")
        )
        parts.append(
            result_template.format(value=format_signed_number(coefficient_reading.coefficient, 1))
        )
    return tuple(parts)


def _format_pixel_values(values: tuple[int, ...]) -> str:
    """Return the values, each padded to three digits so that the layout stays stable."""
    return " ".join(f"{value:{FIGURE_SPACE}>3}" for value in values)


class ReadoutViewModel(JobViewModel[ReadoutState]):
    """View model of the readout, which inspects the pixel under the pointer.

    One inspection runs at a time; positions that the pointer has left meanwhile are skipped.
    """

    def __init__(self, runner: JobRunner) -> None:
        super().__init__(ReadoutState(), runner)
        self._is_running = False
        self._pointer_position: Point | None = None
        self._inspector_state = InspectorState()
        self._is_stale = False

    def set_pointer_position(self, position: Point | None) -> None:
        """Set the pointer's position in the displayed image, None outside the image."""
        self._pointer_position = position
        self._update_readout()

    def set_inspector_state(self, inspector_state: InspectorState) -> None:
        """Set the inspected document, result and band."""
        if inspector_state.document is not self._inspector_state.document:
            self._clear_readout()
        self._inspector_state = inspector_state
        self._update_readout()

    def _update_readout(self) -> None:
        request = (
            None
            if self._pointer_position is None
            else build_pixel_request(self._inspector_state, self._pointer_position)
        )
        if request is None:
            self._clear_readout()
        elif self._is_running:
            self._is_stale = True
        else:
            self._is_running, self._is_stale = True, False
            self._job_id = self._runner.start(job_from_function(partial(inspect_pixel, request)))

    def _clear_readout(self) -> None:
        """Clear the readout, and discard the inspection in progress."""
        self._runner.discard(self._job_id)
        self._is_running = self._is_stale = False
        self._set_state(ReadoutState())

    def _on_job_ended(self, outcome: JobOutcome) -> None:
        self._is_running = False
        inspection = outcome.result if isinstance(outcome.result, PixelInspection) else None
        self._set_state(ReadoutState(inspection))
        if self._is_stale:
            self._update_readout()
