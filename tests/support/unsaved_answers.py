"""Windows that close without a question, for tests and measurements about other subjects."""

from __future__ import annotations

from app.ui.widgets.dialogs import NativeDialogs
from app.viewmodels.results.unsaved_results import SaveAnswer


class DiscardingDialogs(NativeDialogs):
    """Dialogs of the system, except that unsaved results are discarded at once."""

    def ask_about_unsaved_results(self, _parent, _question, _offered):
        return SaveAnswer.DISCARD
