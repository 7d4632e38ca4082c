"""The request that a run of the opened file starts with."""

from __future__ import annotations

from app.config.settings import LivePreviewFrequency
from app.jobs.document.open import Document
from app.jobs.run.restore_request import RestoreRequest
from app.viewmodels.parameters.parameters import ParametersState
from ddrm_core.imaging.rectangle import Rectangle

_PREVIEW_INTERVALS = {
    LivePreviewFrequency.ALWAYS: 1,
    LivePreviewFrequency.OCCASIONALLY: 10,
    LivePreviewFrequency.OFF: 0,
}


def build_restore_request(
    document: Document,
    parameters: ParametersState,
    region: Rectangle | None = None,
    live_preview: LivePreviewFrequency = LivePreviewFrequency.ALWAYS,
) -> RestoreRequest:
    """Return a request to restore a document with the current parameters.

    Args:
        document: The opened file.
        parameters: The current parameters.
        region: Region of the stored image to restore, None for the whole image.
        live_preview: How often a preview is made during the run.
    """
    return RestoreRequest(
        document.source,
        parameters.settings,
        parameters.problem,
        parameters.bits,
        region,
        preview_interval=_PREVIEW_INTERVALS[live_preview],
        initial_strength=parameters.initial_strength,
        is_pasted=document.is_pasted,
    )
