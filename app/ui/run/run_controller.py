"""What the user goes through to restore."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.config.settings import LivePictures
from app.i18n.error_messages import message_for
from app.i18n.translation import tr
from app.jobs.document.open import Document
from app.jobs.run.result import Restored
from app.ui.priors.prior_controller import PriorController
from app.ui.widgets.message_bar import MessageBar
from app.viewmodels.compare.compare import visible_image_rectangle
from app.viewmodels.document.document import (
    DocumentOpened,
    DocumentOpenFailed,
    DocumentOpening,
    DocumentState,
)
from app.viewmodels.run.labels import instead_message, part_message, stopped_message
from app.viewmodels.run.run import (
    Done,
    Failed,
    Keeping,
    Running,
    RunState,
    Stopped,
    has_rest,
    request_for,
)
from app.viewmodels.window.window import ViewModels
from ddrm_core.errors import NoRoomForPrior, PriorNotHere
from ddrm_core.imaging.rectangle import Rectangle

_PICTURES = {LivePictures.ALWAYS: 1, LivePictures.FEW: 10, LivePictures.OFF: 0}


class RunKeeper(QObject):
    """Starts runs with the choices in force, says how they ended, and offers what is left."""

    def __init__(
        self,
        window: QWidget,
        models: ViewModels,
        *,
        may_go_on: Callable[[], bool],
        message: MessageBar,
        priors: PriorController,
    ) -> None:
        super().__init__(window)
        self._run = models.run
        self._may_go_on = may_go_on
        self._document = models.document
        self._parameters = models.parameters
        self._compare = models.compare
        self._preferences = models.preferences
        self._message = message
        self._priors = priors
        self._told: Restored | None = None
        self._document.state_changed.connect(self._on_document_changed)
        self._run.state_changed.connect(self._on_run_changed)

    @Slot()
    def restore(self) -> None:
        """All of the picture."""
        document = self._document.document
        if document is not None:
            self._start(document, None)

    @Slot()
    def restore_visible(self) -> None:
        """What is seen of it."""
        document = self._document.document
        if document is not None:
            seen = visible_image_rectangle(self._compare.state)
            self._start(document, document.display.stored_rectangle(seen, document.source.size))

    @Slot()
    def restore_rest(self) -> None:
        """Restore what is around a region that is restored."""
        if self._may_go_on():
            self._run.restore_rest()

    def _start(self, document: Document, region: Rectangle | None) -> None:
        if not self._may_go_on():
            return
        request = request_for(document, self._parameters.state, region)
        pictures = _PICTURES[self._preferences.state.live]
        self._run.start(replace(request, pictures=pictures))

    @Slot(object)
    def _on_document_changed(self, state: DocumentState) -> None:
        match state:
            case DocumentOpening():
                self._message.hide()
                self._run.cancel()
            case DocumentOpened():
                self._run.reset()
            case DocumentOpenFailed():
                # Below why the file is refused, which the opener has said.
                self._offer_estimate(self._run.state)

    @Slot(object)
    def _on_run_changed(self, state: RunState) -> None:
        if not isinstance(state, Done):
            self._told = None  # or its memory would not be given back
        match state:
            case Running(estimate=None, cancelling=False, instead=NoRoomForPrior() as reason):
                self._message.show_note(instead_message(reason))
            case Running(estimate=None, cancelling=False):
                self._message.hide()
            case Keeping():
                self._message.hide()
            case Stopped() if not isinstance(self._document.state, DocumentOpening):
                self._message.show_note(stopped_message(state))
                self._offer_estimate(state)
            case Failed(error=PriorNotHere(name=name)):
                self._priors.offer_missing_prior(name)
            case Failed(error=error):
                self._message.show_failure(message_for(error))
            case Done(error=Exception() as error):
                self._message.show_failure(message_for(error))
            case Done(restored=restored) if has_rest(state) and restored is not self._told:
                self._tell_part(restored)

    def _tell_part(self, restored: Restored) -> None:
        """Once for each result, wherever its sharpness is."""
        known = self._told is not None and self._told.restoration is restored.restoration
        self._told = restored
        if not known:
            self._message.show_note(part_message())
            self._message.add_action(tr("Restore the rest"), self.restore_rest)

    def _offer_estimate(self, run: RunState) -> None:
        if isinstance(run, Stopped):
            self._message.add_action(tr("Keep the estimate"), self._run.keep_estimate)
