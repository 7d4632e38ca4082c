"""Windows that close without a question, for tests and measurements about other subjects."""

from __future__ import annotations

from app.ui.widgets.dialogs import Dialogs
from app.viewmodels.results.unsaved_results import SaveAnswer


class DiscardingDialogs(Dialogs):
    """The system's dialogs, except that a question about unsaved results gets Discard."""

    def ask_about_unsaved_results(self, _parent, _question, _offered):
        return SaveAnswer.DISCARD
