"""Windows that are closed without a question, by tests and measurements about other things."""

from __future__ import annotations

from app.ui.widgets.dialogs import NativeDialogs
from app.viewmodels.results.unsaved_results import SaveAnswer


class DiscardingDialogs(NativeDialogs):
    """The system's own dialogs, except that unsaved results are discarded at once."""

    def ask_about_unsaved_results(self, _parent, _question, _offered):
        return SaveAnswer.DISCARD
