"""What the user goes through to restore with another prior."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, Slot
from PySide6.QtWidgets import QWidget

from app.config.prior_locations import published_prior
from app.config.settings import load_prior, save_prior
from app.i18n.error_messages import Message
from app.i18n.translation import tr
from app.ui.priors.priors_page import PriorsPage
from app.ui.widgets.dialogs import FileDialogs
from app.ui.widgets.message_bar import MessageBar
from app.ui.widgets.theme import Theme
from app.viewmodels.parameters.parameters import ParametersState, ParametersViewModel
from app.viewmodels.priors.priors import PriorsState, PriorsViewModel
from app.viewmodels.priors.priors_text import BUNDLED_NAME, gone_message, missing_message


class PriorKeeper(QObject):
    """Opens the page, remembers which prior was chosen, and says where that is gone.

    Attributes:
        page: Of the priors.
    """

    def __init__(
        self,
        window: QWidget,
        priors: PriorsViewModel,
        parameters: ParametersViewModel,
        *,
        message: MessageBar,
        dialogs: FileDialogs,
        store: QSettings,
        theme: Theme,
    ) -> None:
        super().__init__(window)
        self._priors = priors
        self._parameters = parameters
        self._message = message
        self._store = store
        self.page = PriorsPage(window, priors, theme, dialogs=dialogs)
        chosen = load_prior(store)
        parameters.set_prior(chosen)
        self.page.show_used(chosen or BUNDLED_NAME)
        self.page.use_wanted.connect(self._on_use)
        priors.state_changed.connect(self._on_priors_changed)
        parameters.state_changed.connect(self._on_parameters_changed)

    @Slot()
    def show_page(self) -> None:
        """Open it, or bring it to the front."""
        self.page.show()
        self.page.activateWindow()

    def offer(self, name: str, message: Message | None = None) -> None:
        """Say that a prior is missing, and offer to bring it."""
        self._message.show_failure(message or missing_message(name))
        self.add_offers(name)

    def add_offers(self, name: str) -> None:
        """Beside what is said already: to download a published prior, to import any."""
        if published_prior(name) is not None:
            self._message.add_action(tr("Download…"), lambda: self._show_for(name))
        self._message.add_action(tr("Import…"), self._import)

    def _show_for(self, name: str) -> None:
        self.page.select(name)
        self.show_page()
        self.page.ask_download()

    def _import(self) -> None:
        self.show_page()
        self.page.ask_import()

    @Slot(str)
    def _on_use(self, name: str) -> None:
        self._parameters.set_prior(None if name == BUNDLED_NAME else name)

    @Slot(object)
    def _on_priors_changed(self, state: PriorsState) -> None:
        if not state.cards:
            return
        gone = self._parameters.set_available_priors(state.at_hand)
        if gone is not None:
            self.offer(gone, gone_message(gone))

    @Slot(object)
    def _on_parameters_changed(self, state: ParametersState) -> None:
        if state.prior != load_prior(self._store):
            save_prior(self._store, state.prior)
        self.page.show_used(state.prior or BUNDLED_NAME)
