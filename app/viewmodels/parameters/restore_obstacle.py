"""Reasons why a run of the opened file cannot be started."""

from __future__ import annotations

from enum import StrEnum

from app.i18n.translation import tr, tr_noop
from app.jobs.document.open import Document
from app.jobs.run.restore_request import ProblemKind
from app.viewmodels.parameters.parameters import ParametersState
from ddrm_core.jpeg.image import JpegImage


class RestoreObstacle(StrEnum):
    """The reason why the opened file cannot be restored with the parameters; values are texts."""

    NO_COMPRESSION = tr_noop("No sign of JPEG compression")
    NO_BANDING = tr_noop("No banding found")


_ADVICE = {
    RestoreObstacle.NO_COMPRESSION: tr_noop(
        "No sign of JPEG compression, so there is nothing to restore. If the picture was a JPEG"
        " once, set its quality here."
    ),
    RestoreObstacle.NO_BANDING: tr_noop(
        "No banding found, so there is nothing to restore. If you know the bits per channel, set"
        " them here."
    ),
}


def find_restore_obstacle(
    document: Document, parameters: ParametersState
) -> RestoreObstacle | None:
    """Return why a run would fail at its start, None if it would not.

    A run fails if neither the file nor the user states how much of the image was lost.
    """
    source = document.source
    if parameters.problem is ProblemKind.BANDING:
        is_stated = parameters.bits is not None or document.estimated_bits is not None
        return None if is_stated else RestoreObstacle.NO_BANDING
    is_stated = (
        isinstance(source, JpegImage)
        or source.previous_compression is not None
        or parameters.settings.assumption.quality is not None
    )
    return None if is_stated else RestoreObstacle.NO_COMPRESSION


def obstacle_advice(obstacle: RestoreObstacle | None) -> str:
    """Return the advice about an obstacle; empty without one."""
    return "" if obstacle is None else tr(_ADVICE[obstacle])
